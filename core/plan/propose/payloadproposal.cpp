// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/units.h"
#include "core/plan/payloadvalues.h"
#include "core/plan/propose/proposalparts.h"
#include "core/postgres/identifiers.h"

#include <QJsonObject>

namespace qdrant2pg::proposalparts {

namespace {

/// A btree entry must stay under a third of a page (2,704 bytes).
constexpr qint64 longestBtreeText = 2'000;
/// A tsvector holds at most one megabyte of words.
constexpr qint64 longestSearchText = 250'000;

/// What one of Qdrant's index types becomes.
struct TypeRule {
    const char* dataType;
    /// Column type for single values, and for arrays; empty where there is none.
    const char* scalar;
    const char* array;
    const char* scalarIndex;
    const char* words;
};

constexpr TypeRule rules[] = {
    {"keyword", "text", "text[]", "btree", "text"},
    {"integer", "bigint", "bigint[]", "btree", "a whole number"},
    {"float", "double precision", "double precision[]", "btree", "a number"},
    {"bool", "boolean", "boolean[]", "btree", "true or false"},
    {"datetime", "timestamptz", "", "btree", "a datetime"},
    {"uuid", "uuid", "text[]", "btree", "a UUID"},
    {"geo", "point", "", "gist", "a geo point"},
    {"text", "text", "text[]", "gin", "text"},
};

const TypeRule* ruleOf(const QString& dataType)
{
    for (const TypeRule& rule : rules) {
        if (dataType == QLatin1String(rule.dataType))
            return &rule;
    }
    return nullptr;
}

/// Values of the sample that the index understood, as far as the profile can tell.
qint64 fittingValues(const QString& dataType, const PathProfile& profile)
{
    if (dataType == QLatin1String("integer"))
        return profile.integers - profile.bigIntegers + profile.floats;
    if (dataType == QLatin1String("float"))
        return profile.integers + profile.floats;
    if (dataType == QLatin1String("bool"))
        return profile.booleans;
    if (dataType == QLatin1String("datetime"))
        return profile.datetimeStrings;
    if (dataType == QLatin1String("uuid"))
        return profile.uuidStrings;
    if (dataType == QLatin1String("geo"))
        return profile.geoObjects;
    return profile.strings;
}

/// Text search configuration that comes nearest to the index's settings.
QString textConfiguration(const QJsonObject& params)
{
    static const QStringList known{QStringLiteral("arabic"), QStringLiteral("armenian"),
        QStringLiteral("basque"), QStringLiteral("catalan"), QStringLiteral("danish"),
        QStringLiteral("dutch"), QStringLiteral("english"), QStringLiteral("finnish"),
        QStringLiteral("french"), QStringLiteral("german"), QStringLiteral("greek"), QStringLiteral("hindi"),
        QStringLiteral("hungarian"), QStringLiteral("indonesian"), QStringLiteral("irish"),
        QStringLiteral("italian"), QStringLiteral("lithuanian"), QStringLiteral("nepali"),
        QStringLiteral("norwegian"), QStringLiteral("portuguese"), QStringLiteral("romanian"),
        QStringLiteral("russian"), QStringLiteral("serbian"), QStringLiteral("spanish"),
        QStringLiteral("swedish"), QStringLiteral("tamil"), QStringLiteral("turkish"),
        QStringLiteral("yiddish")};
    const QString language = params.value(QStringLiteral("stemmer"))
                                 .toObject()
                                 .value(QStringLiteral("language"))
                                 .toString()
                                 .toLower();
    return known.contains(language) ? language : QStringLiteral("simple");
}

IndexPlan none(const QString& payloadColumn, const QString& reason)
{
    IndexPlan index;
    index.kind = QStringLiteral("none");
    index.on << payloadColumn;
    index.reason = reason;
    return index;
}

} // namespace

PayloadChoice payloadIndex(
    const PayloadIndexInfo& info, const CollectionFacts& facts, Names& names, const QString& payloadColumn)
{
    PayloadChoice choice;
    const QString what = QStringLiteral("Qdrant's %1 index on %2").arg(info.dataType, info.path);
    const TypeRule* rule = ruleOf(info.dataType);
    if (!rule) {
        choice.index = none(payloadColumn,
            QStringLiteral("%1 has no counterpart here; its values are in the payload.").arg(what));
        return choice;
    }
    const auto path = parsePayloadPath(info.path);
    if (!path) {
        choice.index = none(payloadColumn,
            QStringLiteral("%1: the path cannot be read; its values are in the payload.").arg(what));
        return choice;
    }
    QString bare = info.path;
    if (bare.endsWith(QLatin1String("[]")))
        bare.chop(2);
    const PathProfile* seen = facts.payload.path(bare);
    const qint64 values = seen ? PayloadProfile::valueCount(*seen) : 0;
    const qint64 fitting = seen ? fittingValues(info.dataType, *seen) : 0;
    if (values > 0 && fitting == 0) {
        choice.index = none(payloadColumn,
            QStringLiteral("%1: none of the %2 sampled values is %3, so that Qdrant's index was empty too; "
                           "the values are in the payload.")
                .arg(what, formatCount(values), QString::fromLatin1(rule->words)));
        return choice;
    }
    const bool many = path->findsMany() || (seen && seen->arrays > 0);
    const QString type = QString::fromLatin1(many ? rule->array : rule->scalar);
    if (type.isEmpty()) {
        choice.index = none(payloadColumn,
            QStringLiteral(
                "%1 holds arrays, for which there is no typed column; the values are in the payload.")
                .arg(what));
        return choice;
    }

    PayloadColumnPlan column;
    column.path = many && bare != info.path ? bare : info.path;
    column.column = names.take(identifierFromPath(column.path));
    column.type = type;
    column.reason = QStringLiteral("%1.").arg(what);
    if (values > 0 && fitting < values)
        column.reason +=
            QStringLiteral(" %1 of %2 sampled values fit; the others are NULL here and stay in the payload.")
                .arg(formatCount(fitting), formatCount(values));

    IndexPlan index;
    index.on << column.column;
    index.reason = what + QLatin1Char('.');
    const qint64 longest = seen ? seen->longestString : 0;
    if (many) {
        index.kind = QStringLiteral("gin");
        if (info.dataType == QLatin1String("text"))
            index.reason =
                QStringLiteral("%1 holds arrays: whole elements can be found, words inside them not.")
                    .arg(what);
    } else if (info.dataType == QLatin1String("text")) {
        if (longest > longestSearchText) {
            choice.column = column;
            choice.index = none(column.column,
                QStringLiteral("%1: texts of %2 are too long for a full-text index.")
                    .arg(what, formatBytes(longest)));
            return choice;
        }
        index.kind = QStringLiteral("gin");
        index.expression = QStringLiteral("to_tsvector('%1', %2)")
                               .arg(textConfiguration(info.params), quoteIdentifier(column.column));
    } else if (type == QLatin1String("text") && longest > longestBtreeText) {
        choice.column = column;
        choice.index = none(column.column,
            QStringLiteral("%1: texts of up to %2 are too long for a btree (2,704 bytes).")
                .arg(what, formatBytes(longest)));
        return choice;
    } else {
        index.kind = QString::fromLatin1(rule->scalarIndex);
    }
    if (info.params.value(QStringLiteral("is_tenant")).toBool())
        index.reason += QStringLiteral(" It tells tenants apart: think of partitioning the table by it.");
    choice.column = column;
    choice.index = index;
    return choice;
}

} // namespace qdrant2pg::proposalparts
