// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/qdrantclient.h"
#include "core/verify/fullcheck.h"
#include "core/verify/fullcheckrun.h"

namespace qdrant2pg {

/// Compares one segment where numeric ids became UUIDs (numericIds = uuid5), so that rows do not sort like
/// points: some hundred points are read, their rows are fetched by id.
[[nodiscard]] Result<void> checkHashedSegment(FullCheckRun& run, Connection& connection, SourceCursor& source,
    RowComparer& comparer, const std::stop_token& stop, const VerifySegment& segment);

/// After all segments: rows without a point. Looks for them only when the table holds more rows than were
/// matched; then in passes over the ids that keep at most some million of them in memory at a time.
[[nodiscard]] Result<void> findHashedExtras(FullCheckRun& run, QdrantClient& client);

} // namespace qdrant2pg
