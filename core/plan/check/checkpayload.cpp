// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/units.h"
#include "core/plan/check/checks.h"
#include "core/plan/payloadvalues.h"
#include "core/postgres/columntype.h"
#include "core/postgres/identifiers.h"

#include <algorithm>
#include <array>

namespace qdrant2pg::checks {

namespace {

/// Values of the sample that fit a column of that type; elements of arrays count one by one.
qint64 fittingValues(ColumnType type, const PathProfile& profile)
{
    const qint64 scalars = PayloadProfile::valueCount(profile);
    switch (type) {
    case ColumnType::Boolean:
    case ColumnType::BooleanArray:
        return profile.booleans;
    // Fractions count too: the profile does not know which of them are whole.
    case ColumnType::Bigint:
    case ColumnType::BigintArray:
        return profile.integers - profile.bigIntegers + profile.floats;
    case ColumnType::Double:
    case ColumnType::DoubleArray:
    case ColumnType::Numeric:
        return profile.integers + profile.floats;
    case ColumnType::Text:
    case ColumnType::TextArray:
        return profile.strings;
    case ColumnType::Uuid:
        return profile.uuidStrings;
    case ColumnType::Timestamptz:
        return profile.datetimeStrings;
    case ColumnType::Point:
        return profile.geoObjects;
    default:
        return scalars;
    }
}

bool isArrayType(ColumnType type)
{
    return type == ColumnType::TextArray || type == ColumnType::BigintArray || type == ColumnType::DoubleArray
        || type == ColumnType::BooleanArray;
}

void checkColumn(Findings& findings, int i, const CollectionFacts* facts)
{
    const PayloadColumnPlan& column = findings.plan().payload.columns.at(i);
    const QString where = QStringLiteral("payload.columns[%1]").arg(i);
    const auto path = parsePayloadPath(column.path);
    if (!path) {
        findings
            .blocker("path-unreadable", FindingGroup::CannotMove, where + QStringLiteral(".path"),
                path.error().summary)
            .hint = path.error().hint;
        return;
    }
    const auto type = columnTypeFromName(column.type);
    if (!type || !facts || facts->payload.points() == 0)
        return;
    const QString sampled = formatCount(facts->payload.points());
    const PathProfile* seen = facts->payload.path(path->toString());
    const qint64 present = seen ? seen->present - seen->nulls : 0;
    const qint64 missing = facts->payload.points() - present;
    if (missing > 0
        && (column.missing == MissingPolicy::Reject
            || (column.notNull && column.missing == MissingPolicy::Null))) {
        Finding& finding = missing == facts->payload.points()
            ? findings.blocker("required-missing", FindingGroup::CannotMove,
                where + QStringLiteral(".missing"),
                QStringLiteral("No sampled point has %1, without which a point is rejected.")
                    .arg(column.path))
            : findings.warning("required-missing", FindingGroup::CannotMove,
                where + QStringLiteral(".missing"),
                QStringLiteral("%1 of %2 sampled points lack %3: they are rejected.")
                    .arg(formatCount(missing), sampled, column.path));
        finding.hint = QStringLiteral(
            "With missing = default and a default value they are stored with that value instead.");
    } else if (missing > 0 && column.missing == MissingPolicy::Default) {
        findings.note("default-used", FindingGroup::WillChange, where + QStringLiteral(".default"),
            QStringLiteral("%1 of %2 sampled points lack %3 and get the default.")
                .arg(formatCount(missing), sampled, column.path));
    } else if (missing > 0 && *type == ColumnType::Timestamptz
        && column.column == QLatin1String("created_at")) {
        findings
            .note("created-at-missing", FindingGroup::WillChange, where + QStringLiteral(".missing"),
                QStringLiteral("%1 of %2 sampled points have no created_at: it is NULL there.")
                    .arg(formatCount(missing), sampled))
            .hint = QStringLiteral(
            "With missing = default and default = \"run-start\" they get the start of the run.");
    }
    if (!seen)
        return;
    const qint64 values = PayloadProfile::valueCount(*seen);
    qint64 fitting = fittingValues(*type, *seen);
    // Whole arrays do not fit a column of single values.
    const bool arraysMisfit =
        seen->arrays > 0 && !isArrayType(*type) && *type != ColumnType::Jsonb && !path->findsMany();
    if (values > 0 && (fitting < values || arraysMisfit)) {
        const bool rejects = column.misfit == MisfitPolicy::Reject || column.notNull;
        const QString what = arraysMisfit
            ? QStringLiteral("%1 of %2 sampled points hold an array at %3")
                  .arg(formatCount(seen->arrays), sampled, column.path)
            : QStringLiteral("%1 of %2 sampled values at %3 are not %4")
                  .arg(formatCount(values - fitting), formatCount(values), column.path, column.type);
        if (rejects)
            findings.warning("column-misfit", FindingGroup::CannotMove, where + QStringLiteral(".type"),
                what + QStringLiteral(": those points are rejected."));
        else
            findings.note("column-misfit", FindingGroup::WillChange, where + QStringLiteral(".type"),
                what + QStringLiteral(": the column is NULL there, the payload keeps the value."));
        if (!rejects && findings.plan().payload.keep == PayloadKeep::None) {
            findings.warning("value-dropped", FindingGroup::CannotMove, where + QStringLiteral(".type"),
                QStringLiteral("No payload column is kept, so that values at %1 which do not fit are lost.")
                    .arg(column.path));
        }
    }
}

void checkKeeping(Findings& findings, const CollectionFacts* facts)
{
    const PayloadPlan& payload = findings.plan().payload;
    if (payload.keep == PayloadKeep::None) {
        findings.warning("payload-dropped", FindingGroup::CannotMove, QStringLiteral("payload.keep"),
            QStringLiteral("Payload without a column of its own is dropped (keep = none)."));
        findings.fix(QStringLiteral("keep the rest of the payload as jsonb"), QStringLiteral("payload.keep"),
            QStringLiteral("unmapped"));
        if (payload.column.isEmpty())
            findings.fix(QStringLiteral("keep the rest of the payload as jsonb"),
                QStringLiteral("payload.column"), QStringLiteral("payload"));
    }
    if (!facts || facts->payload.pointsWithNul() == 0)
        return;
    const QString share =
        QStringLiteral("%1 of %2 sampled points hold the character \\u0000, which PostgreSQL cannot store")
            .arg(formatCount(facts->payload.pointsWithNul()), formatCount(facts->payload.points()));
    if (payload.nul == NulPolicy::Reject) {
        findings.warning("nul-characters", FindingGroup::CannotMove, QStringLiteral("payload.nul"),
            share + QStringLiteral(": they are rejected."));
        findings.fix(QStringLiteral("replace it by U+FFFD, counted in the report"),
            QStringLiteral("payload.nul"), QStringLiteral("replace"));
    } else {
        findings.note("nul-characters", FindingGroup::WillChange, QStringLiteral("payload.nul"),
            share
                + (payload.nul == NulPolicy::Strip ? QStringLiteral(": it is taken out.")
                                                   : QStringLiteral(": it becomes U+FFFD.")));
    }
}

void checkPayloadIndexes(Findings& findings)
{
    const CollectionPlan& plan = findings.plan();
    QStringList vectorColumns;
    for (const VectorPlan& vector : plan.vectors)
        vectorColumns << vector.column;
    for (int i = 0; i < plan.indexes.size(); ++i) {
        const IndexPlan& index = plan.indexes.at(i);
        const bool ofVector = !index.on.isEmpty() && vectorColumns.contains(index.on.first());
        if (index.kind == QLatin1String("none") && !ofVector)
            findings.note("index-without-counterpart", FindingGroup::WillChange,
                QStringLiteral("indexes[%1]").arg(i), index.reason);
    }
}

void checkParents(Findings& findings)
{
    const CollectionPlan& plan = findings.plan();
    if (plan.preset != QLatin1String("context_items"))
        return;
    if (plan.parents == ParentPolicy::Create)
        findings.note("parents-created", FindingGroup::WillMove, QStringLiteral("parents"),
            QStringLiteral("Games, characters, locations and quests that points refer to and that do not "
                           "exist are created, named from the payload or by their id."));
    else if (plan.parents == ParentPolicy::NoConstraint)
        findings.warning("parents-unconstrained", FindingGroup::WillChange, QStringLiteral("parents"),
            QStringLiteral(
                "context_items is made without foreign keys: rows may refer to games that do not exist."));
    else
        findings.note("parents-required", FindingGroup::CannotMove, QStringLiteral("parents"),
            QStringLiteral("Points whose game, character, location or quest does not exist are rejected."));
}

/// Reserved in PostgreSQL 16: such a name works in quotes alone.
bool isReserved(const QString& name)
{
    static const QSet<QString> words = [] {
        QSet<QString> set;
        for (const char* word :
            {"all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization",
                "binary", "both", "case", "cast", "check", "collate", "collation", "column", "concurrently",
                "constraint", "create", "cross", "current_catalog", "current_date", "current_role",
                "current_schema", "current_time", "current_timestamp", "current_user", "default",
                "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for",
                "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike", "in", "initially",
                "inner", "intersect", "into", "is", "isnull", "join", "lateral", "leading", "left", "like",
                "limit", "localtime", "localtimestamp", "natural", "not", "notnull", "null", "offset", "on",
                "only", "or", "order", "outer", "overlaps", "placing", "primary", "references", "returning",
                "right", "select", "session_user", "similar", "some", "symmetric", "system_user", "table",
                "tablesample", "then", "to", "trailing", "true", "union", "unique", "user", "using",
                "variadic", "verbose", "when", "where", "window", "with"})
            set.insert(QString::fromLatin1(word));
        return set;
    }();
    return words.contains(name);
}

void checkNames(Findings& findings)
{
    const CollectionPlan& plan = findings.plan();
    QStringList quoted;
    const auto look = [&quoted](const QString& name) {
        bool plain = !name.isEmpty() && !name.at(0).isDigit() && !isReserved(name);
        for (const QChar c : name)
            plain = plain && (c == QLatin1Char('_') || (c.isLetterOrNumber() && c.toLower() == c));
        if (!plain)
            quoted << name;
    };
    look(plan.table);
    look(plan.id.column);
    for (const VectorPlan& vector : plan.vectors)
        look(vector.column);
    for (const PayloadColumnPlan& column : plan.payload.columns)
        look(column.column);
    if (!quoted.isEmpty())
        findings.note("names-need-quotes", FindingGroup::WillChange, QStringLiteral("table"),
            QStringLiteral("In SQL these names need double quotes: %1.")
                .arg(quoted.join(QStringLiteral(", "))));
    if (plan.preset != QLatin1String("context_items") && fittingIdentifier(plan.name) != plan.name
        && plan.table == fittingIdentifier(plan.name))
        findings.note("name-shortened", FindingGroup::WillChange, QStringLiteral("table"),
            QStringLiteral(
                "The collection's name is longer than PostgreSQL's 63 bytes; the table is called %1.")
                .arg(plan.table));
}

} // namespace

void payload(Findings& findings)
{
    const CollectionFacts* facts = findings.facts();
    for (int i = 0; i < findings.plan().payload.columns.size(); ++i)
        checkColumn(findings, i, facts);
    checkKeeping(findings, facts);
    checkPayloadIndexes(findings);
    checkParents(findings);
    checkNames(findings);
}

} // namespace qdrant2pg::checks
