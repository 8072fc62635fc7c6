// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/compare/searchtarget.h"
#include "core/postgres/connection.h"
#include "core/qdrant/qdrantclient.h"

#include <stop_token>

namespace qdrant2pg {

/// How PostgreSQL is to search.
enum class ScanChoice {
    /// Without the vector index.
    Exact,
    /// Through the vector index and nothing else.
    Index,
    /// As PostgreSQL decides.
    Planner,
};

/// Settings of a batch of searches.
struct SearchSettings {
    ScanChoice scan = ScanChoice::Exact;
    /// hnsw.ef_search or ivfflat.probes; 0 for the session's.
    int setting = 0;
    /// hnsw.iterative_scan; empty for the session's.
    QString iterativeScan;
};

/// Hits of every query, in their order, and how long each took.
struct SearchBatch {
    std::vector<SearchHits> hits;
    std::vector<double> milliseconds;

    IndexMeasure measure(const std::vector<SearchHits>& exact, const SearchTarget& target) const;
};

/// Asks one side after the other with the same queries. Belongs to one thread; read-only.
class SearchRunner {
public:
    SearchRunner(const SearchTarget& target, Connection& connection, QdrantClient& client, int k,
        std::stop_token stop);

    /// In a transaction of its own. A first search that is not counted warms up.
    [[nodiscard]] Result<SearchBatch> askTarget(const std::vector<SearchQuery>& queries,
        const SearchSettings& settings, const QString& where = QStringLiteral("true"));
    [[nodiscard]] Result<SearchBatch> askQdrant(const std::vector<SearchQuery>& queries, bool exact,
        std::optional<int> hnswEf, const QByteArray& filterJson);
    /// First line of the plan that reads the table.
    [[nodiscard]] Result<QString> explain(const SearchQuery& query, const SearchSettings& settings,
        const QString& where = QStringLiteral("true"));
    /// The session's own value of a setting.
    [[nodiscard]] Result<int> currentSetting(const QString& name);

private:
    [[nodiscard]] Result<void> begin(const SearchSettings& settings);
    QByteArray sqlFor(const SearchSettings& settings, const QString& where) const;
    void finish(SearchHits& hits, const SearchQuery& query) const;

    const SearchTarget& m_target;
    Connection& m_connection;
    QdrantClient& m_client;
    int m_k;
    std::stop_token m_stop;
};

} // namespace qdrant2pg
