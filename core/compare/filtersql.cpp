// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/filtersql.h"

#include "core/compare/filterconditions.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace qdrant2pg {

namespace {

const QString always = QStringLiteral("true");

class Translator {
public:
    Translator(const CollectionPlan& plan, const IdLiteral& idLiteral)
        : m_plan(plan)
        , m_idLiteral(idLiteral)
    {
    }

    Result<QString> filter(const QJsonObject& object);

private:
    Result<QString> condition(const QJsonObject& object);
    Result<QStringList> conditions(const QJsonValue& value);
    Result<QString> fieldCondition(const QJsonObject& object);
    Result<QString> hasId(const QJsonArray& ids);

    const CollectionPlan& m_plan;
    const IdLiteral& m_idLiteral;
};

QString joined(const QStringList& parts, const char* word)
{
    QStringList wrapped;
    for (const QString& part : parts)
        wrapped << QLatin1Char('(') + part + QLatin1Char(')');
    return wrapped.join(QLatin1Char(' ') + QLatin1String(word) + QLatin1Char(' '));
}

Result<QStringList> Translator::conditions(const QJsonValue& value)
{
    QStringList parts;
    // Qdrant takes a single condition in the place of a list.
    for (const QJsonValue entry : value.isObject() ? QJsonArray{value} : value.toArray()) {
        auto part = condition(entry.toObject());
        if (!part)
            return fail(part.error());
        parts << *part;
    }
    return parts;
}

Result<QString> Translator::filter(const QJsonObject& object)
{
    QStringList all;
    for (auto it = object.constBegin(); it != object.constEnd(); ++it) {
        if (it.value().isNull())
            continue;
        const QString key = it.key();
        if (key == QLatin1String("must") || key == QLatin1String("should")
            || key == QLatin1String("must_not")) {
            auto parts = conditions(it.value());
            if (!parts)
                return fail(parts.error());
            if (parts->isEmpty())
                continue;
            if (key == QLatin1String("must"))
                all << joined(*parts, "AND");
            else if (key == QLatin1String("should"))
                all << joined(*parts, "OR");
            else
                all << QStringLiteral("(%1) IS NOT TRUE").arg(joined(*parts, "OR"));
        } else if (key == QLatin1String("min_should")) {
            auto parts = conditions(it.value().toObject().value(QLatin1String("conditions")));
            if (!parts)
                return fail(parts.error());
            QStringList counted;
            for (const QString& part : *parts)
                counted << QStringLiteral("(%1) IS TRUE)::int").arg(part).prepend(QLatin1Char('('));
            if (!counted.isEmpty())
                all << QStringLiteral("%1 >= %2")
                           .arg(counted.join(QStringLiteral(" + ")))
                           .arg(it.value().toObject().value(QLatin1String("min_count")).toInt());
        } else {
            return fail(ErrorKind::Usage, QStringLiteral("A filter of Qdrant has no part named %1.").arg(key),
                {}, QStringLiteral("It has must, should, must_not and min_should."));
        }
    }
    return all.isEmpty() ? always : joined(all, "AND");
}

Result<QString> Translator::hasId(const QJsonArray& ids)
{
    QStringList literals;
    for (const QJsonValue id : ids) {
        const QByteArray json = QJsonDocument(QJsonArray{id}).toJson(QJsonDocument::Compact);
        if (const QString literal = m_idLiteral(json.mid(1, json.size() - 2)); !literal.isEmpty())
            literals << literal;
    }
    return literals.isEmpty()
        ? QStringLiteral("false")
        : QStringLiteral("t.\"%1\" IN (%2)")
              .arg(QString(m_plan.id.column).replace(QLatin1Char('"'), QLatin1String("\"\"")),
                  literals.join(QStringLiteral(", ")));
}

Result<QString> Translator::fieldCondition(const QJsonObject& object)
{
    auto field = filterField(m_plan, object.value(QLatin1String("key")).toString());
    if (!field)
        return fail(field.error());
    QStringList parts;
    for (auto it = object.constBegin(); it != object.constEnd(); ++it) {
        if (it.key() == QLatin1String("key") || it.value().isNull())
            continue;
        Result<QString> part = QString();
        if (it.key() == QLatin1String("match"))
            part = matchSql(*field, it.value().toObject());
        else if (it.key() == QLatin1String("range"))
            part = rangeSql(*field, it.value().toObject());
        else
            part = fail(ErrorKind::Unsupported,
                QStringLiteral("The filter's condition %1 has no exact counterpart in SQL.").arg(it.key()),
                {}, QStringLiteral("match, range, is_null, is_empty and has_id can be compared."));
        if (!part)
            return part;
        parts << *part;
    }
    return parts.isEmpty() ? always : joined(parts, "AND");
}

Result<QString> Translator::condition(const QJsonObject& object)
{
    if (object.contains(QLatin1String("key")))
        return fieldCondition(object);
    if (object.contains(QLatin1String("has_id")))
        return hasId(object.value(QLatin1String("has_id")).toArray());
    for (const char* word : {"is_null", "is_empty"}) {
        if (!object.contains(QLatin1String(word)))
            continue;
        auto field = filterField(
            m_plan, object.value(QLatin1String(word)).toObject().value(QLatin1String("key")).toString());
        if (!field)
            return fail(field.error());
        return *word == 'i' && QLatin1String(word) == QLatin1String("is_null") ? nullSql(*field)
                                                                               : emptySql(*field);
    }
    static const QStringList parts{QStringLiteral("must"), QStringLiteral("should"),
        QStringLiteral("must_not"), QStringLiteral("min_should")};
    for (const QString& part : parts) {
        if (object.contains(part))
            return filter(object);
    }
    return fail(ErrorKind::Unsupported,
        QStringLiteral("The filter's condition %1 has no exact counterpart in SQL.")
            .arg(object.keys().join(QStringLiteral(", "))),
        {}, QStringLiteral("match, range, is_null, is_empty and has_id can be compared."));
}

} // namespace

Result<QString> filterSql(
    const CollectionPlan& plan, const QByteArray& filterJson, const IdLiteral& idLiteral)
{
    if (filterJson.isEmpty())
        return always;
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(filterJson, &problem);
    if (!document.isObject())
        return fail(ErrorKind::Usage, QStringLiteral("The filter is no JSON object."), problem.errorString());
    return Translator(plan, idLiteral).filter(document.object());
}

QByteArray bothFilters(const QByteArray& a, const QByteArray& b)
{
    if (a.isEmpty() || b.isEmpty())
        return a.isEmpty() ? b : a;
    return "{\"must\":[" + a + ',' + b + "]}";
}

} // namespace qdrant2pg
