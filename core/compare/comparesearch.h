// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/compare/querytext.h"
#include "core/compare/searchcomparison.h"
#include "core/plan/migrationplan.h"
#include "core/postgres/connection.h"
#include "core/qdrant/sourceoptions.h"

#include <functional>
#include <optional>
#include <stop_token>

namespace qdrant2pg {

struct SearchCompareRequest {
    MigrationPlan plan;
    SourceOptions source;
    TargetOptions target;
    /// Run whose rejected points are left out of Qdrant's answers; empty for none.
    QString runId;
    /// Qdrant's names of the vectors to compare; empty for all that can be searched.
    QStringList vectors;
    /// Points to sample as queries when none are given.
    int samples = 100;
    std::vector<SearchQuery> queries;
    int k = 10;
    /// Filters of Qdrant, each compared by itself after the unfiltered searches.
    QList<QByteArray> filters;
    /// Values of hnsw.ef_search (or ivfflat.probes) to measure; empty for a sweep.
    QList<int> settings;
    /// The value that the verdict is about; 0 for what a session has.
    int verdictSetting = 0;
    double wantedRecall = 0.95;
    /// hnsw_ef for Qdrant's own index; absent for its default.
    std::optional<int> hnswEf;
};

/// Searches both sides with the same queries, for every vector of the plan's collections. Blocking; read-only
/// on both sides (the session is set so). `progress(collection, fraction, note)` is called on this thread.
/// Errors: what keeps all from being compared; what concerns one vector is in its comparison (not-run).
[[nodiscard]] Result<QList<SearchComparison>> compareSearch(const SearchCompareRequest& request,
    const std::function<void(const QString&, double, const QString&)>& progress, const std::stop_token& stop);

} // namespace qdrant2pg
