// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/verify/verifyjob.h"

namespace qdrant2pg {

/// Level counts: points in Qdrant (exact, per shard key, with the plan's filter) against rows and rejects,
/// and ids that stand twice in the table.
[[nodiscard]] Result<VerificationOutcome> checkCounts(const VerifyJob& job, Connection& connection);

/// Exact number of the collection's points under the plan's filter; Unsupported when the server forbids exact
/// counts.
[[nodiscard]] Result<qint64> exactSourceCount(const VerifyJob& job);

/// Number of ids that occur more than once (with custom sharding: under one key). 0 without a query when a
/// valid unique index makes it impossible.
[[nodiscard]] Result<qint64> countDuplicates(const VerifyJob& job, Connection& connection);

} // namespace qdrant2pg
