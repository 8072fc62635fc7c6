// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/verify/pointname.h"
#include "core/verify/rowcomparer.h"
#include "core/verify/verifyjob.h"

#include <functional>
#include <optional>
#include <vector>

namespace qdrant2pg {

/// A point as both sides have it now. Views are valid inside the visit.
struct PointPair {
    NamedPoint point;
    /// Null when Qdrant has no such point (or the plan's filter leaves it out).
    const PointPage* page = nullptr;
    const PointView* source = nullptr;
    /// The row that the run would store, when it can be stored; empty otherwise.
    std::string_view sourceRow;
    std::optional<RejectRow> reject;
    /// The row there is; empty when there is none.
    std::string_view targetRow;
};

using PointVisit = std::function<Result<void>(const PointPair&)>;

/// Reads these points from Qdrant and their rows from PostgreSQL, some hundred at a time, and shows each pair
/// once. Asks without retrying. Belongs to one thread.
[[nodiscard]] Result<void> visitPointPairs(const VerifyJob& job, Connection& connection,
    RowComparer& comparer, const std::vector<NamedPoint>& points, const PointVisit& visit);

/// The id of the row of a point, as text.
QString rowIdText(const VerifyJob& job, const PointId& id);
/// Numbers became UUIDs, so that a row does not tell its point.
bool rowsHideIds(const VerifyJob& job);

} // namespace qdrant2pg
