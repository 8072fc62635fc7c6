// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/connection.h"
#include "ui/services/checkrun.h"
#include "ui/wizard/plandraft.h"

namespace qdrant2pg {

/// Lines of the target's check, all waiting.
QList<CheckLine> targetCheckLines();

struct TargetCheckResult {
    std::optional<TargetOverview> overview;
    std::optional<Error> error;
    /// The error is a fact that must be changed on the server or by another choice here.
    bool blocked = false;
};

/// Looks at a PostgreSQL server from the name down to what the role may do in `schema`. Its only writing is
/// the scratch table of the probe, in a transaction that is rolled back. Blocking, for worker threads.
TargetCheckResult checkTarget(const TargetOptions& options, const QString& schema,
    const CheckRun::Report& report, std::stop_token stop);

} // namespace qdrant2pg
