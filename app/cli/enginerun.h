// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "app/cli/commandcontext.h"
#include "core/engine/migrationengine.h"
#include "core/report/runreport.h"

namespace qdrant2pg::cli {

/// Runs the engine in this thread's event loop to its one terminal state: progress while it runs, signals
/// (first: stop, second: abort), afterwards report files, the report in the ledger, the export of rejects,
/// verdict and reconciliation on stdout. The exit code is the design's.
ExitCode runEngine(const CommandContext& context, RunRequest request);

/// Folder of a run's files: --out, else the run's folder under the user's state directory.
QString outputFolder(const CommandContext& context, const QString& runId);

/// report.json, report.md and report.html; the paths that were written.
[[nodiscard]] Result<QStringList> writeReportFiles(
    const CommandContext& context, const RunReport& report, const QString& folder);

/// Exit code of a run that ended.
ExitCode exitCodeFor(const RunReport& report);

} // namespace qdrant2pg::cli
