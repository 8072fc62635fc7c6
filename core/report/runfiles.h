// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/postgres/connection.h"
#include "core/postgres/ledger.h"
#include "core/report/runreport.h"

#include <functional>
#include <optional>

namespace qdrant2pg {

/// Takes the secrets that the caller knows out of a text that is about to be written. Empty: as it is.
using TextCleaner = std::function<QByteArray(const QByteArray&)>;

/// report.json, report.md and report.html; the paths that were written.
[[nodiscard]] Result<QStringList> writeReportFiles(
    const RunReport& report, const QString& folder, const TextCleaner& clean = {});

/// All rejects of a run from the ledger as JSON Lines; the number written.
[[nodiscard]] Result<qint64> exportRejects(
    Connection& connection, const Ledger& ledger, const QString& runId, const QString& path);

/// The same in another form: `heading`, then `line` of each.
[[nodiscard]] Result<qint64> exportRejectsAs(Connection& connection, const Ledger& ledger,
    const QString& runId, const QString& path, const QByteArray& heading,
    const std::function<QByteArray(const RejectRow&)>& line);

/// What became of the report and the rejects of a run that ended. A failure does not change what the run has
/// done.
struct KeptRun {
    std::optional<Error> ledgerProblem;
    std::optional<Error> rejectsProblem;
    qint64 rejects = 0;
    /// Empty when there were none.
    QString rejectsFile;
};

/// Stores the report in the ledger of the target and exports the rejects, if there are any, to rejects.jsonl
/// in the folder. `ledgerSchema` counts where the report names none. Blocking.
KeptRun keepRun(const TargetOptions& target, const QString& ledgerSchema, const RunReport& report,
    const QString& folder, const TextCleaner& clean = {});

} // namespace qdrant2pg
