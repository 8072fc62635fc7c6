// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/schema/searchsql.h"

#include "core/postgres/identifiers.h"

namespace qdrant2pg::searchsql {

QString operatorText(const DistanceOperator& distance, const QString& vectorSchema)
{
    const QString symbol = QString::fromLatin1(distance.symbol);
    return vectorSchema.isEmpty()
        ? symbol
        : QStringLiteral("OPERATOR(%1.%2)").arg(quoteIdentifier(vectorSchema), symbol);
}

QString queryType(const SearchVector& vector, const QString& vectorSchema)
{
    if (vector.type == QLatin1String("vector[]"))
        return vectorTypeName(QStringLiteral("vector"), vectorSchema) + QStringLiteral("[]");
    const bool own = vector.type == QLatin1String("halfvec") || vector.type == QLatin1String("sparsevec");
    return vectorTypeName(own ? vector.type : QStringLiteral("vector"), vectorSchema);
}

namespace {
QString hammingText(const QString& vectorSchema)
{
    return vectorSchema.isEmpty() ? QStringLiteral("<~>")
                                  : QStringLiteral("OPERATOR(%1.<~>)").arg(quoteIdentifier(vectorSchema));
}

/// The stored vector as something that the operators take. The text of a plain column is what the index is
/// on.
QString columnExpression(const SearchVector& vector, const QString& alias, const QString& vectorSchema)
{
    const QString column = alias + QLatin1Char('.') + quoteIdentifier(vector.column);
    if (vector.type != QLatin1String("smallint[]"))
        return column;
    return QStringLiteral("(%1::real[]::%2)")
        .arg(column, vectorTypeName(QStringLiteral("vector"), vectorSchema));
}

QString distanceExpression(
    const SearchVector& vector, const QString& alias, const QString& query, const QString& vectorSchema)
{
    return QStringLiteral("%1 %2 %3")
        .arg(columnExpression(vector, alias, vectorSchema), operatorText(*vector.distance, vectorSchema),
            query);
}

/// What the index orders by: the column itself, or the shorter form that it holds.
QString indexedDistance(
    const SearchVector& vector, const QString& alias, const QString& query, const QString& vectorSchema)
{
    const QString column = columnExpression(vector, alias, vectorSchema);
    if (vector.cast == QLatin1String("halfvec")) {
        const QString type = QStringLiteral("%1(%2)").arg(
            vectorTypeName(QStringLiteral("halfvec"), vectorSchema), QString::number(vector.dimensions));
        return QStringLiteral("%1::%3 %2 %4::%3")
            .arg(column, operatorText(*vector.distance, vectorSchema), type, query);
    }
    if (vector.cast == QLatin1String("bit")) {
        const QString quantize =
            (vectorSchema.isEmpty() ? QString() : quoteIdentifier(vectorSchema) + QLatin1Char('.'))
            + QStringLiteral("binary_quantize");
        return QStringLiteral("%1(%2)::bit(%3) %4 %1(%5)::bit(%3)")
            .arg(quantize, column, QString::number(vector.dimensions), hammingText(vectorSchema), query);
    }
    return distanceExpression(vector, alias, query, vectorSchema);
}

/// SET clauses; a custom plan knows the limit and the query, without which the planner scans the table
/// (pgvector.md 9).
QString settings(const SearchTable& table, const SearchVector& vector)
{
    QString text = QStringLiteral("SET plan_cache_mode = force_custom_plan");
    if (vector.index == QLatin1String("hnsw")) {
        if (vector.efSearch > 0)
            text += QStringLiteral("\nSET hnsw.ef_search = %1").arg(vector.efSearch);
        if (table.iterativeScan)
            text += QStringLiteral("\nSET hnsw.iterative_scan = strict_order");
    } else if (vector.index == QLatin1String("ivfflat") && table.iterativeScan) {
        text += QStringLiteral("\nSET ivfflat.iterative_scan = relaxed_order");
    }
    return text;
}

QString filterCondition(const SearchTable& table, const QString& function)
{
    if (table.payloadColumn.isEmpty())
        return QString();
    return QStringLiteral(
        "\n          AND (%1.filter IS NULL OR %1.filter = '{}'::jsonb OR t.%2 @> %1.filter)")
        .arg(quoteIdentifier(function), quoteIdentifier(table.payloadColumn));
}

} // namespace

QString SqlText::fill(const char* text) const
{
    const QString source = QString::fromLatin1(text);
    QString out;
    qsizetype at = 0;
    while (at < source.size()) {
        const qsizetype start = source.indexOf(QLatin1Char('%'), at);
        const qsizetype end = start < 0 ? -1 : source.indexOf(QLatin1Char('%'), start + 1);
        if (end < 0)
            break;
        const qsizetype known = m_names.indexOf(source.mid(start, end - start + 1));
        out += source.mid(at, start - at);
        if (known >= 0) {
            out += m_values.at(known);
            at = end + 1;
        } else {
            out += QLatin1Char('%');
            at = start + 1;
        }
    }
    return out + source.mid(at);
}

SqlText commonText(const SearchTable& table, const SearchVector& vector, const QString& function)
{
    const bool payload = !table.payloadColumn.isEmpty();
    const QString fn = quoteIdentifier(function);
    SqlText text;
    text.set("qualified", qualifiedName(table.schema, function))
        .set("fn", fn)
        .set("table", qualifiedName(table.schema, table.name))
        .set("id", quoteIdentifier(table.idColumn))
        .set("idtype", table.idType)
        .set("column", quoteIdentifier(vector.column))
        .set("querytype", queryType(vector, table.vectorSchema))
        .set("filterarg", payload ? QStringLiteral(",\n    filter jsonb DEFAULT '{}'") : QString())
        .set("filter", filterCondition(table, function))
        .set("payloadout", payload ? QStringLiteral("payload jsonb, ") : QString())
        .set("payloadcolumn", quoteIdentifier(table.payloadColumn))
        .set("tpayload",
            payload ? QStringLiteral("t.%1 AS payload, ").arg(quoteIdentifier(table.payloadColumn))
                    : QString())
        .set("npayload", payload ? QStringLiteral("n.payload, ") : QString())
        .set("cpayload", payload ? QStringLiteral("c.payload AS payload, ") : QString())
        .set("settings", settings(table, vector));
    if (vector.distance && vector.type != QLatin1String("vector[]")) {
        const QString query = fn + QStringLiteral(".query_embedding");
        const QString result = QStringLiteral("n.distance");
        text.set("indexed", indexedDistance(vector, QStringLiteral("t"), query, table.vectorSchema))
            .set("exact", distanceExpression(vector, QStringLiteral("t"), query, table.vectorSchema))
            .set("reranked", distanceExpression(vector, QStringLiteral("c"), query, table.vectorSchema))
            .set("score", QString::fromLatin1(vector.distance->score).arg(result))
            .set("scorename",
                vector.distance->similarity ? QStringLiteral("similarity") : QStringLiteral("distance"))
            .set("better", vector.distance->similarity ? QStringLiteral(">=") : QStringLiteral("<="));
    }
    return text;
}

QString signatureOf(const QString& schema, const QString& function, const QStringList& types)
{
    return QStringLiteral("%1(%2)").arg(qualifiedName(schema, function), types.join(QStringLiteral(", ")));
}

} // namespace qdrant2pg::searchsql
