// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/searchrunner.h"

#include "core/postgres/identifiers.h"

#include <algorithm>
#include <numeric>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

Error stopped()
{
    return makeError(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing searches."));
}

QByteArray nameOf(const SearchTarget& target)
{
    return target.indexMethod == QLatin1String("ivfflat") ? "ivfflat.probes" : "hnsw.ef_search";
}

} // namespace

IndexMeasure SearchBatch::measure(const std::vector<SearchHits>& exact, const SearchTarget& target) const
{
    std::vector<double> recalls;
    double found = 0;
    for (std::size_t i = 0; i < hits.size(); ++i) {
        recalls.push_back(recallOf(exact[i], hits[i], target.higherIsBetter, target.tolerance));
        found += static_cast<double>(hits[i].size());
    }
    return {recallStats(recalls), latencyStats(milliseconds),
        hits.empty() ? 0 : found / static_cast<double>(hits.size())};
}

SearchRunner::SearchRunner(
    const SearchTarget& target, Connection& connection, QdrantClient& client, int k, std::stop_token stop)
    : m_target(target)
    , m_connection(connection)
    , m_client(client)
    , m_k(k)
    , m_stop(std::move(stop))
{
}

Result<void> SearchRunner::begin(const SearchSettings& settings)
{
    QByteArray sql = "BEGIN TRANSACTION READ ONLY";
    if (settings.scan == ScanChoice::Exact)
        sql += "; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off";
    if (settings.scan == ScanChoice::Index)
        sql += "; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = "
               "off";
    if (settings.setting > 0)
        sql += "; SET LOCAL " + nameOf(m_target) + " = " + QByteArray::number(settings.setting);
    if (!settings.iterativeScan.isEmpty())
        sql += "; SET LOCAL " + m_target.indexMethod.toUtf8()
            + ".iterative_scan = " + settings.iterativeScan.toUtf8();
    auto begun = m_connection.execute(sql);
    if (begun)
        return {};
    m_connection.rollback();
    return fail(begun.error());
}

QByteArray SearchRunner::sqlFor(const SearchSettings& settings, const QString& where) const
{
    // One more, since the point that a query was taken from finds itself.
    return settings.scan == ScanChoice::Exact || m_target.indexMethod.isEmpty()
        ? m_target.exactSql(where, m_k + 1)
        : m_target.indexSql(where, m_k + 1);
}

void SearchRunner::finish(SearchHits& hits, const SearchQuery& query) const
{
    if (query.self) {
        const QString self = m_target.idText(*query.self);
        std::erase_if(hits, [&self](const SearchHit& hit) { return hit.id == self; });
    }
    if (hits.size() > static_cast<std::size_t>(m_k))
        hits.resize(static_cast<std::size_t>(m_k));
}

Result<SearchBatch> SearchRunner::askTarget(
    const std::vector<SearchQuery>& queries, const SearchSettings& settings, const QString& where)
{
    if (auto begun = begin(settings); !begun)
        return fail(begun.error());
    const QByteArray sql = sqlFor(settings, where);
    // A search over millions of rows takes longer than a person who stops it wants to wait.
    const std::stop_callback cancel(
        m_stop, [canceller = m_connection.canceller()] { static_cast<void>(canceller.cancel()); });
    SearchBatch batch;
    for (std::size_t i = 0; i <= queries.size() && !queries.empty(); ++i) {
        if (m_stop.stop_requested()) {
            m_connection.rollback();
            return fail(stopped());
        }
        const SearchQuery& query = queries[i == 0 ? 0 : i - 1];
        const QByteArray text = query.toPgText(m_target.vector.dimensions);
        const auto start = Clock::now();
        auto answer = m_connection.execute(sql, {text});
        const double elapsed = since(start);
        if (!answer) {
            m_connection.rollback();
            return fail(m_stop.stop_requested() ? stopped() : answer.error());
        }
        if (i == 0)
            continue;
        SearchHits hits;
        for (int row = 0; row < answer->rowCount(); ++row) {
            SearchHit hit{answer->text(row, 0), std::nullopt};
            if (!answer->isNull(row, 1))
                hit.score = m_target.score(answer->text(row, 1).toDouble());
            hits.push_back(std::move(hit));
        }
        finish(hits, query);
        batch.hits.push_back(std::move(hits));
        batch.milliseconds.push_back(elapsed);
    }
    m_connection.rollback();
    return batch;
}

Result<SearchBatch> SearchRunner::askQdrant(const std::vector<SearchQuery>& queries, bool exact,
    std::optional<int> hnswEf, const QByteArray& filterJson)
{
    QueryOptions options;
    options.vectorName = m_target.vector.source;
    options.limit = m_k + 1;
    options.exact = exact;
    options.hnswEf = exact ? std::nullopt : hnswEf;
    options.filterJson = filterJson.toStdString();
    SearchBatch batch;
    for (std::size_t i = 0; i <= queries.size() && !queries.empty(); ++i) {
        if (m_stop.stop_requested())
            return fail(stopped());
        const SearchQuery& query = queries[i == 0 ? 0 : i - 1];
        const std::string json = query.toJson();
        const auto start = Clock::now();
        auto answer = m_client.query(m_target.plan.name, json, options);
        const double elapsed = since(start);
        if (!answer)
            return fail(answer.error());
        if (i == 0)
            continue;
        SearchHits hits;
        for (const ScoredPoint& point : *answer)
            hits.push_back({m_target.idText(point.id), point.score});
        finish(hits, query);
        batch.hits.push_back(std::move(hits));
        batch.milliseconds.push_back(elapsed);
    }
    return batch;
}

Result<QString> SearchRunner::explain(
    const SearchQuery& query, const SearchSettings& settings, const QString& where)
{
    if (auto begun = begin(settings); !begun)
        return fail(begun.error());
    auto answer = m_connection.execute(
        "EXPLAIN (COSTS OFF) " + sqlFor(settings, where), {query.toPgText(m_target.vector.dimensions)});
    m_connection.rollback();
    if (!answer)
        return fail(answer.error());
    QString scan;
    for (int row = 0; row < answer->rowCount(); ++row) {
        const QString line = answer->text(row, 0).remove(QStringLiteral("->")).trimmed();
        // The deepest scan of the table is the one that counts.
        if (line.contains(QStringLiteral("Scan")) && !line.startsWith(QStringLiteral("CTE Scan")))
            scan = line;
    }
    return scan;
}

Result<int> SearchRunner::currentSetting(const QString& name)
{
    // The library defines its settings when it is first used.
    auto loaded = m_connection.execute("SELECT '[1]'::"
        + (m_target.vectorSchema.isEmpty() ? QByteArray()
                                           : quoteIdentifier(m_target.vectorSchema).toUtf8() + '.')
        + "vector");
    if (!loaded)
        return fail(loaded.error());
    auto answer = m_connection.execute("SELECT current_setting($1, true)", {name.toUtf8()});
    if (!answer)
        return fail(answer.error());
    return static_cast<int>(answer->integer(0, 0));
}

} // namespace qdrant2pg
