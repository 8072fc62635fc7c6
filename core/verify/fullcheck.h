// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/verify/verifyjob.h"

namespace qdrant2pg {

/// A part of the id space that one lane compares at a time.
struct VerifySegment {
    /// JSON token; empty without custom sharding.
    QString shardKey;
    std::optional<PointId> lower;
    std::optional<PointId> upper;
};

/// Level full: Qdrant is read again and merged in id order with the table: missing, extra and different rows,
/// with column and both values. Constant memory. Where the ids of rows do not sort like the points (numbers
/// that became UUIDs) rows are looked up page by page instead.
[[nodiscard]] Result<VerificationOutcome> checkFull(const VerifyJob& job);

} // namespace qdrant2pg
