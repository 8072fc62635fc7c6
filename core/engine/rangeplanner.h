// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/migrationplan.h"
#include "core/plan/sourcefacts.h"
#include "core/postgres/ledger.h"
#include "core/qdrant/qdrantclient.h"

#include <functional>
#include <stop_token>

namespace qdrant2pg {

struct RangePlan {
    QList<LedgerRange> ranges;
    /// Points in all ranges; exact after an id pass, else -1.
    qint64 expected = -1;
    IdFacts ids;
    /// How the boundaries were found, for the log.
    QString note;
};

/// Cuts a collection into ranges of ids with fixed boundaries: from one pass over all ids up to ten million
/// points, from a random sample above. Covers the whole id space, so that a point that is inserted later
/// falls into exactly one range.
[[nodiscard]] Result<RangePlan> planRanges(QdrantClient& client, const CollectionPlan& collection,
    const CollectionFacts& facts, int lanes, int wantedRanges, std::stop_token stop,
    const std::function<void(qint64)>& progress);

} // namespace qdrant2pg
