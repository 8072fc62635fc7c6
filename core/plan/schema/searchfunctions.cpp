// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/schema/searchfunctions.h"

#include "core/plan/schema/searchsql.h"
#include "core/postgres/identifiers.h"

namespace qdrant2pg {

using namespace searchsql;

namespace {

SqlFunction multivectorMatch(
    const SearchTable& table, const SearchVector& vector, const QString& name, const QStringList& types)
{
    SqlText text = commonText(table, vector, name);
    const SqlFunction score = maxSimFunction(table, *vector.distance);
    text.set("maxsim", score.signature.left(score.signature.lastIndexOf(QLatin1Char('('))));
    SqlFunction function;
    function.signature = signatureOf(table.schema, name, types);
    function.createSql = text.fill(R"sql(CREATE FUNCTION %qualified%(
    query_embedding %querytype%,
    match_count integer DEFAULT 10%filterarg%,
    match_threshold double precision DEFAULT NULL)
RETURNS TABLE (id %idtype%, %payloadout%similarity double precision)
LANGUAGE plpgsql STABLE
AS $function$
BEGIN
    RETURN QUERY
    WITH nearest AS MATERIALIZED (
        SELECT t.%id% AS id, %tpayload%%maxsim%(%fn%.query_embedding, t.%column%) AS similarity
        FROM %table% AS t
        WHERE t.%column% IS NOT NULL%filter%)
    SELECT n.id, %npayload%n.similarity
    FROM nearest AS n
    WHERE %fn%.match_threshold IS NULL OR n.similarity >= %fn%.match_threshold
    ORDER BY n.similarity DESC, n.id
    LIMIT %fn%.match_count;
END
$function$)sql");
    function.comment =
        QStringLiteral("Rows of %1 with the highest maximum similarity to a multivector. Reads every row: "
                       "pgvector has no index for multivectors.")
            .arg(table.name);
    function.what = QStringLiteral("Function %1: search by the multivector %2 (no index can serve it)")
                        .arg(name, vector.column);
    return function;
}

} // namespace

DdlStatement SqlFunction::create() const
{
    QString sql = QStringLiteral("DROP FUNCTION IF EXISTS %1;\n%2;").arg(signature, createSql);
    if (!comment.isEmpty())
        sql += QStringLiteral("\nCOMMENT ON FUNCTION %1 IS %2;").arg(signature, quoteLiteral(comment));
    return {sql, what, false};
}

DdlStatement SqlFunction::drop() const
{
    return {QStringLiteral("DROP FUNCTION IF EXISTS %1").arg(signature),
        QStringLiteral("Drop the function %1").arg(signature), true};
}

QString vectorTypeName(const QString& type, const QString& vectorSchema)
{
    return vectorSchema.isEmpty() ? type : quoteIdentifier(vectorSchema) + QLatin1Char('.') + type;
}

SqlFunction matchFunction(const SearchTable& table, const SearchVector& vector, const QString& functionName)
{
    QStringList types{queryType(vector, table.vectorSchema), QStringLiteral("integer")};
    if (!table.payloadColumn.isEmpty())
        types << QStringLiteral("jsonb");
    types << QStringLiteral("double precision");
    if (vector.type == QLatin1String("vector[]"))
        return multivectorMatch(table, vector, functionName, types);

    SqlText text = commonText(table, vector, functionName);
    // The shorter form only has to bring the right rows among the candidates; bits need more of them than
    // halves.
    const bool bits = vector.cast == QLatin1String("bit");
    text.set("factor", bits ? QStringLiteral("20") : QStringLiteral("4"))
        .set("least", bits ? QStringLiteral("200") : QStringLiteral("40"));
    text.set("nearest",
        text.fill(vector.cast.isEmpty() ? R"sql(nearest AS MATERIALIZED (
        SELECT t.%id% AS id, %tpayload%%exact% AS distance
        FROM %table% AS t
        WHERE t.%column% IS NOT NULL%filter%
        ORDER BY %exact%
        LIMIT %fn%.match_count))sql"
                                        : R"sql(candidates AS MATERIALIZED (
        SELECT t.%id% AS id, %tpayload%t.%column%
        FROM %table% AS t
        WHERE t.%column% IS NOT NULL%filter%
        ORDER BY %indexed%
        LIMIT greatest(%fn%.match_count::bigint * %factor%, %least%)),
    nearest AS MATERIALIZED (
        SELECT c.id AS id, %cpayload%%reranked% AS distance
        FROM candidates AS c
        ORDER BY %reranked%
        LIMIT %fn%.match_count))sql"));
    SqlFunction function;
    function.signature = signatureOf(table.schema, functionName, types);
    function.createSql = text.fill(R"sql(CREATE FUNCTION %qualified%(
    query_embedding %querytype%,
    match_count integer DEFAULT 10%filterarg%,
    match_threshold double precision DEFAULT NULL)
RETURNS TABLE (id %idtype%, %payloadout%%scorename% double precision)
LANGUAGE plpgsql STABLE
%settings%
AS $function$
BEGIN
    RETURN QUERY
    WITH %nearest%
    SELECT n.id, %npayload%%score%
    FROM nearest AS n
    WHERE %fn%.match_threshold IS NULL OR %score% %better% %fn%.match_threshold
    ORDER BY n.distance + 0, n.id;
END
$function$)sql");
    function.comment =
        QStringLiteral("The rows of %1 that are nearest to a vector, with Qdrant's score.").arg(table.name);
    function.what = QStringLiteral("Function %1: nearest rows by %2").arg(functionName, vector.column);
    return function;
}

SqlFunction maxSimFunction(const SearchTable& table, const DistanceOperator& distance)
{
    QString name = QStringLiteral("max_sim");
    if (&distance != &DistanceOperator::of(Distance::Dot))
        name += QLatin1Char('_') + QString::fromLatin1(distance.word);
    const QString type = vectorTypeName(QStringLiteral("vector"), table.vectorSchema) + QStringLiteral("[]");
    const QString measured = QStringLiteral("(q.v %1 d.v)").arg(operatorText(distance, table.vectorSchema));
    const QString similarity =
        distance.similarity ? QString::fromLatin1(distance.score).arg(measured) : QLatin1Char('-') + measured;
    SqlFunction function;
    function.signature = signatureOf(table.schema, name, {type, type});
    SqlText text;
    text.set("qualified", qualifiedName(table.schema, name)).set("type", type).set("similarity", similarity);
    function.createSql = text.fill(R"sql(CREATE FUNCTION %qualified%(query %type%, document %type%)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT sum(best.similarity)
    FROM (
        SELECT max(%similarity%) AS similarity
        FROM unnest($1) WITH ORDINALITY AS q (v, n)
        CROSS JOIN unnest($2) AS d (v)
        GROUP BY q.n) AS best
$function$)sql");
    function.comment = QStringLiteral(
        "Late-interaction score: for each query vector the best similarity among the document's "
        "vectors (%1), summed.")
                           .arg(QString::fromLatin1(distance.word));
    function.what = QStringLiteral("Function %1: score of two multivectors").arg(name);
    return function;
}

SqlFunction hybridFunction(const SearchTable& table, const SearchVector& vector,
    const QString& textExpression, const QString& textConfig, const QString& functionName)
{
    const QString fn = quoteIdentifier(functionName);
    SqlText text = commonText(table, vector, functionName);
    text.set("document", QStringLiteral("to_tsvector('%1', %2)").arg(textConfig, textExpression))
        .set("query", QStringLiteral("websearch_to_tsquery('%1', %2.query_text)").arg(textConfig, fn))
        .set("rpayload",
            table.payloadColumn.isEmpty()
                ? QString()
                : QStringLiteral("r.%1, ").arg(quoteIdentifier(table.payloadColumn)));
    QStringList types{QStringLiteral("text"), queryType(vector, table.vectorSchema),
        QStringLiteral("integer"), QStringLiteral("integer"), QStringLiteral("double precision"),
        QStringLiteral("double precision")};
    if (!table.payloadColumn.isEmpty())
        types << QStringLiteral("jsonb");
    SqlFunction function;
    function.signature = signatureOf(table.schema, functionName, types);
    function.createSql = text.fill(R"sql(CREATE FUNCTION %qualified%(
    query_text text,
    query_embedding %querytype%,
    match_count integer DEFAULT 10,
    rrf_k integer DEFAULT 60,
    full_text_weight double precision DEFAULT 1,
    semantic_weight double precision DEFAULT 1%filterarg%)
RETURNS TABLE (id %idtype%, %payloadout%score double precision, semantic_rank integer, text_rank integer)
LANGUAGE plpgsql STABLE
%settings%
AS $function$
BEGIN
    RETURN QUERY
    WITH vector_hits AS MATERIALIZED (
        SELECT t.%id% AS id, %indexed% AS distance
        FROM %table% AS t
        WHERE t.%column% IS NOT NULL%filter%
        ORDER BY %indexed%
        LIMIT greatest(%fn%.match_count::bigint * 4, 40)),
    vector_ranks AS (
        SELECT v.id AS id, row_number() OVER (ORDER BY v.distance + 0, v.id)::integer AS place
        FROM vector_hits AS v),
    text_hits AS MATERIALIZED (
        SELECT t.%id% AS id, ts_rank_cd(%document%, %query%) AS relevance
        FROM %table% AS t
        WHERE %document% @@ %query%%filter%
        ORDER BY ts_rank_cd(%document%, %query%) DESC, t.%id%
        LIMIT greatest(%fn%.match_count::bigint * 4, 40)),
    text_ranks AS (
        SELECT x.id AS id, row_number() OVER (ORDER BY x.relevance DESC, x.id)::integer AS place
        FROM text_hits AS x),
    fused AS (
        SELECT coalesce(v.id, x.id) AS id, v.place AS vector_place, x.place AS text_place,
            coalesce(%fn%.semantic_weight / (%fn%.rrf_k + v.place), 0)
                + coalesce(%fn%.full_text_weight / (%fn%.rrf_k + x.place), 0) AS total
        FROM vector_ranks AS v
        FULL JOIN text_ranks AS x ON x.id = v.id)
    SELECT f.id, %rpayload%f.total, f.vector_place, f.text_place
    FROM fused AS f
    JOIN %table% AS r ON r.%id% = f.id
    ORDER BY f.total DESC, f.id
    LIMIT %fn%.match_count;
END
$function$)sql");
    function.comment = QStringLiteral(
        "Vector and full-text search over %1, fused by reciprocal rank. rrf_k = 1 gives the order of "
        "Qdrant's own fusion. Text relevance is ts_rank_cd, not BM25.")
                           .arg(table.name);
    function.what = QStringLiteral("Function %1: vector and full-text search in one").arg(functionName);
    return function;
}

} // namespace qdrant2pg
