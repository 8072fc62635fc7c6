// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/schema/searchsql.h"
#include "core/postgres/identifiers.h"

namespace qdrant2pg {

using namespace searchsql;

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
