// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/searchfunctions.h"

#include "core/postgres/identifiers.h"

namespace qdrant2pg {

namespace {

/// Fills %name% places, so that long SQL stays readable and a value that looks like a place is not filled
/// again.
class SqlText {
public:
    SqlText& set(const char* name, const QString& value)
    {
        m_names << QLatin1Char('%') + QLatin1String(name) + QLatin1Char('%');
        m_values << value;
        return *this;
    }
    QString fill(const char* text) const
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

private:
    QStringList m_names;
    QStringList m_values;
};

QString operatorText(const DistanceOperator& distance, const QString& vectorSchema)
{
    const QString symbol = QString::fromLatin1(distance.symbol);
    return vectorSchema.isEmpty()
        ? symbol
        : QStringLiteral("OPERATOR(%1.%2)").arg(quoteIdentifier(vectorSchema), symbol);
}

QString hammingText(const QString& vectorSchema)
{
    return vectorSchema.isEmpty() ? QStringLiteral("<~>")
                                  : QStringLiteral("OPERATOR(%1.<~>)").arg(quoteIdentifier(vectorSchema));
}

/// Type of the argument that takes the query vector.
QString queryType(const SearchVector& vector, const QString& vectorSchema)
{
    if (vector.type == QLatin1String("vector[]"))
        return vectorTypeName(QStringLiteral("vector"), vectorSchema) + QStringLiteral("[]");
    const bool own = vector.type == QLatin1String("halfvec") || vector.type == QLatin1String("sparsevec");
    return vectorTypeName(own ? vector.type : QStringLiteral("vector"), vectorSchema);
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

QList<SqlFunction> contextItemsFunctions(const SearchTable& table, const SearchVector& vector)
{
    const auto make = [&](const QString& name, const QStringList& types, const char* sql,
                          const QString& comment) {
        SqlText text = commonText(table, vector, name);
        // Fusion wants longer lists than it returns.
        text.set("depth",
            name == QLatin1String("hybrid_search")
                ? QStringLiteral("greatest(%1.p_limit::bigint * 4, 40)").arg(quoteIdentifier(name))
                : QStringLiteral("%1.p_limit").arg(quoteIdentifier(name)));
        text.set("nearest",
            text.fill(vector.cast.isEmpty() ? R"sql(vector_hits AS MATERIALIZED (
        SELECT t.id AS id, t.content AS content, t.metadata AS metadata, %exact% AS distance
        FROM %table% AS t
        WHERE t.%column% IS NOT NULL AND (%fn%.p_game_id IS NULL OR t.game_id = %fn%.p_game_id)
        ORDER BY %exact%
        LIMIT %depth%))sql"
                                            : R"sql(candidates AS MATERIALIZED (
        SELECT t.id AS id, t.content AS content, t.metadata AS metadata, t.%column%
        FROM %table% AS t
        WHERE t.%column% IS NOT NULL AND (%fn%.p_game_id IS NULL OR t.game_id = %fn%.p_game_id)
        ORDER BY %indexed%
        LIMIT greatest(%fn%.p_limit::bigint * 20, 200)),
    vector_hits AS MATERIALIZED (
        SELECT c.id AS id, c.content AS content, c.metadata AS metadata, %reranked% AS distance
        FROM candidates AS c
        ORDER BY %reranked%
        LIMIT %depth%))sql"));
        SqlFunction function;
        function.signature = signatureOf(table.schema, name, types);
        function.createSql = text.fill(sql);
        function.comment = comment;
        function.what = QStringLiteral("Function %1").arg(name);
        return function;
    };
    const QString vectorType = queryType(vector, table.vectorSchema);
    const QString uuid = QStringLiteral("uuid");
    const QString integer = QStringLiteral("integer");
    const QString real = QStringLiteral("double precision");
    return {
        make(QStringLiteral("semantic_search"), {vectorType, uuid, integer},
            R"sql(CREATE FUNCTION %qualified%(
    query_embedding %querytype%, p_game_id uuid, p_limit integer DEFAULT 10)
RETURNS TABLE (id uuid, content text, metadata jsonb, rank integer)
LANGUAGE plpgsql STABLE
%settings%
AS $function$
BEGIN
    RETURN QUERY
    WITH %nearest%
    SELECT n.id, n.content, n.metadata, row_number() OVER (ORDER BY n.distance + 0, n.id)::integer
    FROM vector_hits AS n
    ORDER BY n.distance + 0, n.id;
END
$function$)sql",
            QStringLiteral("Items of a game (NULL for all games) nearest to a vector; rank counts from 1.")),
        make(QStringLiteral("keyword_search"), {QStringLiteral("text"), uuid, integer},
            R"sql(CREATE FUNCTION %qualified%(
    keyword_query text, p_game_id uuid, p_limit integer DEFAULT 10)
RETURNS TABLE (id uuid, content text, metadata jsonb, rank integer)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan
AS $function$
BEGIN
    RETURN QUERY
    WITH text_hits AS MATERIALIZED (
        SELECT t.id AS id, t.content AS content, t.metadata AS metadata,
            ts_rank_cd(to_tsvector('english', t.content), websearch_to_tsquery('english', %fn%.keyword_query)) AS relevance
        FROM %table% AS t
        WHERE to_tsvector('english', t.content) @@ websearch_to_tsquery('english', %fn%.keyword_query)
          AND (%fn%.p_game_id IS NULL OR t.game_id = %fn%.p_game_id)
        ORDER BY 4 DESC, t.id
        LIMIT %fn%.p_limit)
    SELECT x.id, x.content, x.metadata, row_number() OVER (ORDER BY x.relevance DESC, x.id)::integer
    FROM text_hits AS x
    ORDER BY x.relevance DESC, x.id;
END
$function$)sql",
            QStringLiteral("Items of a game (NULL for all games) that match English words, best first; rank "
                           "counts from 1.")),
        make(QStringLiteral("hybrid_search"),
            {QStringLiteral("text"), vectorType, uuid, integer, integer, real, real},
            R"sql(CREATE FUNCTION %qualified%(
    keyword_query text, query_embedding %querytype%, p_game_id uuid, p_limit integer DEFAULT 10,
    rrf_k integer DEFAULT 60, keyword_weight double precision DEFAULT 1, semantic_weight double precision DEFAULT 1)
RETURNS TABLE (id uuid, content text, metadata jsonb, score double precision, semantic_rank integer, keyword_rank integer)
LANGUAGE plpgsql STABLE
%settings%
AS $function$
BEGIN
    RETURN QUERY
    WITH %nearest%,
    vector_ranks AS (
        SELECT v.id AS id, row_number() OVER (ORDER BY v.distance + 0, v.id)::integer AS place
        FROM vector_hits AS v),
    text_hits AS MATERIALIZED (
        SELECT t.id AS id,
            ts_rank_cd(to_tsvector('english', t.content), websearch_to_tsquery('english', %fn%.keyword_query)) AS relevance
        FROM %table% AS t
        WHERE to_tsvector('english', t.content) @@ websearch_to_tsquery('english', %fn%.keyword_query)
          AND (%fn%.p_game_id IS NULL OR t.game_id = %fn%.p_game_id)
        ORDER BY 2 DESC, t.id
        LIMIT greatest(%fn%.p_limit::bigint * 4, 40)),
    text_ranks AS (
        SELECT x.id AS id, row_number() OVER (ORDER BY x.relevance DESC, x.id)::integer AS place
        FROM text_hits AS x),
    fused AS (
        SELECT coalesce(v.id, x.id) AS id, v.place AS vector_place, x.place AS text_place,
            coalesce(%fn%.semantic_weight / (%fn%.rrf_k + v.place), 0)
                + coalesce(%fn%.keyword_weight / (%fn%.rrf_k + x.place), 0) AS total
        FROM vector_ranks AS v
        FULL JOIN text_ranks AS x ON x.id = v.id)
    SELECT f.id, r.content, r.metadata, f.total, f.vector_place, f.text_place
    FROM fused AS f
    JOIN %table% AS r ON r.id = f.id
    ORDER BY f.total DESC, f.id
    LIMIT %fn%.p_limit;
END
$function$)sql",
            QStringLiteral(
                "Vector and English full-text search over the items of a game, fused by reciprocal rank; "
                "rrf_k = 1 gives the order of Qdrant's own fusion.")),
    };
}

} // namespace qdrant2pg
