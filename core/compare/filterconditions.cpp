// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/filterconditions.h"

#include "core/postgres/identifiers.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace qdrant2pg {

namespace {

QString jsonText(const QJsonValue& value)
{
    // A scalar alone is no document for Qt.
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(list.mid(1, list.size() - 2));
}

QString plainText(const QJsonValue& value)
{
    return value.isString() ? value.toString() : jsonText(value);
}

QString literal(const QJsonValue& value, const QString& type)
{
    return quoteLiteral(plainText(value)) + QStringLiteral("::") + type;
}

QString column(const FilterField& field)
{
    return QStringLiteral("t.") + quoteIdentifier(field.column);
}

/// The value nested in the field's members: {"a": {"b": value}}.
QString nested(const FilterField& field, const QString& value)
{
    QString text = value;
    for (auto it = field.members.crbegin(); it != field.members.crend(); ++it)
        text = QLatin1Char('{') + jsonText(*it) + QLatin1Char(':') + text + QLatin1Char('}');
    return quoteLiteral(text) + QStringLiteral("::jsonb");
}

/// The field's value as jsonb; NULL when it is not there.
QString valueAt(const FilterField& field)
{
    QStringList members;
    for (const QString& member : field.members)
        members << quoteLiteral(member);
    return QStringLiteral("(%1 #> ARRAY[%2])").arg(column(field), members.join(QStringLiteral(", ")));
}

QString jsonPath(const FilterField& field)
{
    QString path = QStringLiteral("$");
    for (const QString& member : field.members)
        path += QLatin1Char('.') + jsonText(member);
    return path;
}

QString equals(const FilterField& field, const QJsonValue& value)
{
    if (field.inPayload()) {
        const QString json = jsonText(value);
        return QStringLiteral("(%1 @> %2 OR %1 @> %3)")
            .arg(column(field), nested(field, json),
                nested(field, QLatin1Char('[') + json + QLatin1Char(']')));
    }
    if (field.type.endsWith(QLatin1String("[]")))
        return QStringLiteral("%1 = ANY (%2)").arg(literal(value, field.type.chopped(2)), column(field));
    return column(field) + QStringLiteral(" = ") + literal(value, field.type);
}

QString anyOf(const FilterField& field, const QJsonArray& values)
{
    QStringList parts;
    for (const QJsonValue value : values)
        parts << equals(field, value);
    return parts.isEmpty() ? QStringLiteral("false")
                           : QLatin1Char('(') + parts.join(QStringLiteral(" OR ")) + QLatin1Char(')');
}

} // namespace

Result<FilterField> filterField(const CollectionPlan& plan, const QString& path)
{
    for (const PayloadColumnPlan& candidate : plan.payload.columns) {
        if (candidate.path == path && candidate.type != QLatin1String("jsonb")
            && candidate.type != QLatin1String("point"))
            return FilterField{candidate.column, candidate.type, {}};
    }
    if (plan.payload.keep == PayloadKeep::None || plan.payload.column.isEmpty())
        return fail(ErrorKind::Unsupported,
            QStringLiteral("The filter asks for %1, which the table does not keep.").arg(path));
    FilterField field{plan.payload.column, {}, {}};
    QString member;
    for (qsizetype i = 0; i < path.size(); ++i) {
        const QChar c = path.at(i);
        if (c == QLatin1Char('"')) {
            const qsizetype end = path.indexOf(QLatin1Char('"'), i + 1);
            if (end < 0)
                return fail(ErrorKind::Usage, QStringLiteral("The path %1 lacks a closing quote.").arg(path));
            member = path.mid(i + 1, end - i - 1);
            i = end;
        } else if (c == QLatin1Char('.')) {
            field.members << std::exchange(member, {});
        } else if (c == QLatin1Char('[')) {
            if (i + 2 != path.size() || path.at(i + 1) != QLatin1Char(']'))
                return fail(ErrorKind::Unsupported,
                    QStringLiteral("The filter's path %1 goes into a list.").arg(path), {},
                    QStringLiteral("Only a list at the end of the path (tags[]) can be compared."));
            ++i;
        } else {
            member += c;
        }
    }
    field.members << member;
    // The merged object's members stand beside the others.
    if (!plan.payload.mergeKey.isEmpty() && field.members.size() > 1
        && field.members.first() == plan.payload.mergeKey)
        field.members.removeFirst();
    return field;
}

Result<QString> matchSql(const FilterField& field, const QJsonObject& match)
{
    if (match.contains(QLatin1String("value")))
        return equals(field, match.value(QLatin1String("value")));
    if (match.contains(QLatin1String("any")))
        return anyOf(field, match.value(QLatin1String("any")).toArray());
    if (match.contains(QLatin1String("except"))) {
        const QString any = anyOf(field, match.value(QLatin1String("except")).toArray());
        const QString present =
            (field.inPayload() ? valueAt(field) : column(field)) + QStringLiteral(" IS NOT NULL");
        return QStringLiteral("(%1 AND (%2) IS NOT TRUE)").arg(present, any);
    }
    return fail(ErrorKind::Unsupported,
        QStringLiteral("The filter matches by %1, which has no exact counterpart in SQL.")
            .arg(match.keys().join(QStringLiteral(", "))),
        {}, QStringLiteral("match with value, any and except can be compared."));
}

Result<QString> rangeSql(const FilterField& field, const QJsonObject& range)
{
    static const QList<QPair<QString, QString>> operators{{QStringLiteral("gt"), QStringLiteral(">")},
        {QStringLiteral("gte"), QStringLiteral(">=")}, {QStringLiteral("lt"), QStringLiteral("<")},
        {QStringLiteral("lte"), QStringLiteral("<=")}};
    QStringList parts;
    for (const auto& [key, symbol] : operators) {
        const QJsonValue bound = range.value(key);
        if (bound.isNull() || bound.isUndefined())
            continue;
        if (!field.inPayload()) {
            const bool list = field.type.endsWith(QLatin1String("[]"));
            const QString type = list ? field.type.chopped(2) : field.type;
            // A bound may have decimals that the column's own type does not take; the cast costs the index.
            const bool decimals = bound.isDouble() && type == QLatin1String("bigint")
                && bound.toDouble() != static_cast<double>(bound.toInteger());
            const QString value = literal(bound, decimals ? QStringLiteral("numeric") : type);
            parts << (list ? QStringLiteral("EXISTS (SELECT 1 FROM unnest(%1) AS e(v) WHERE e.v %2 %3)")
                                 .arg(column(field), symbol, value)
                           : QStringLiteral("%1 %2 %3").arg(column(field), symbol, value));
            continue;
        }
        if (!bound.isDouble())
            return fail(ErrorKind::Unsupported,
                QStringLiteral("The filter compares times in the payload, which PostgreSQL keeps as text."),
                {}, QStringLiteral("Give the field a column of type timestamptz."));
        parts << QStringLiteral("@ %1 %2").arg(symbol, plainText(bound));
    }
    if (parts.isEmpty())
        return QStringLiteral("true");
    if (!field.inPayload())
        return QLatin1Char('(') + parts.join(QStringLiteral(" AND ")) + QLatin1Char(')');
    return QStringLiteral("jsonb_path_exists(%1, %2::jsonpath)")
        .arg(column(field),
            quoteLiteral(
                QStringLiteral("%1 ? (%2)").arg(jsonPath(field), parts.join(QStringLiteral(" && ")))));
}

QString nullSql(const FilterField& field)
{
    if (!field.inPayload())
        return column(field) + QStringLiteral(" IS NULL");
    return valueAt(field) + QStringLiteral(" = 'null'::jsonb");
}

QString emptySql(const FilterField& field)
{
    if (!field.inPayload())
        return column(field) + QStringLiteral(" IS NULL");
    return QStringLiteral("(%1 IS NULL OR %1 = 'null'::jsonb OR %1 = '[]'::jsonb)").arg(valueAt(field));
}

} // namespace qdrant2pg
