// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/postgres/ledger.h"

#include <optional>

namespace qdrant2pg {

/// What a person may change before rejected points are tried again; everything else of a plan has shaped the
/// table.
struct ReplayPolicies {
    std::optional<NulPolicy> nul;
    /// Vectors with NaN or infinity become NULL.
    bool nullNonFinite = false;
    /// Values that do not fit their column become NULL; the payload keeps them.
    bool nullMisfits = false;
    /// A vector or value that is missing becomes NULL.
    bool nullMissing = false;
    bool operator==(const ReplayPolicies&) const = default;
};

/// The plan with these policies on every collection.
MigrationPlan withPolicies(MigrationPlan plan, const ReplayPolicies& policies);

/// Whether a point may be accepted now although nothing in the plan has changed: PostgreSQL refused it for
/// something outside the point that can have gone, such as a missing parent row, a row in its way, or a full
/// disk.
bool causeMayBeGone(const RejectRow& reject);

} // namespace qdrant2pg
