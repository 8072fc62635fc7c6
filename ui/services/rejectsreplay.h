// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/replay.h"
#include "core/qdrant/sourceoptions.h"
#include "core/report/runreport.h"

namespace qdrant2pg {

/// Rejected points of a run that has ended, to be tried again under a plan with other policies.
struct ReplayOrder {
    SourceOptions source;
    TargetOptions target;
    QString ledgerSchema;
    MigrationPlan plan;
    QList<RejectRow> rejects;
    /// The run's report as it is now.
    RunReport report;
};

struct ReplayResult {
    ReplayOutcome outcome;
    /// With the numbers after the replay.
    RunReport report;
    /// As the ledger has it now.
    MigrationPlan plan;
};

/// Loads what fits; points that were kept without their content are read from Qdrant. Blocking. `stop` ends
/// it between two points; what was stored stays.
[[nodiscard]] Result<ReplayResult> replayRejectsOf(const ReplayOrder& order, std::stop_token stop);

} // namespace qdrant2pg
