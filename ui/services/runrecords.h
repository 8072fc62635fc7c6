// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/migrationplan.h"
#include "core/report/runreport.h"

#include <QDateTime>
#include <QList>

namespace qdrant2pg {

/// A run of this computer as its folder tells it, whichever program ran it. Holds no secret.
struct RunRecord {
    QString runId;
    QString folder;
    QDateTime startedAt;
    MigrationPlan plan;
    /// Word of RunState; "copying" and the like when the program ended without a word.
    QString state;
    QString reason;
    /// As last noted; negative when nothing was noted.
    qint64 stored = -1;
    qint64 expected = -1;
    /// Empty when the run has no report.
    QString reportPath;
    /// The report's sentence.
    QString verdict;
    /// Another living process works on it.
    bool running = false;

    bool isUnfinished() const;
};

/// A report that a run left, from its folder or from anywhere else. File and Usage errors name the file. For
/// worker threads.
[[nodiscard]] Result<RunReport> readReportFile(const QString& path);

/// The folders of stateFolder()/runs, newest first. Reads files; for worker threads.
QList<RunRecord> readRunRecords(const QString& runsFolder);
QString defaultRunsFolder();

/// Notes about a run that is going on, so that it is found again after a crash: plan.json when it starts,
/// progress.json now and then (state, numbers, process). Atomic, owner alone may read.
[[nodiscard]] Result<void> noteRunStarted(const QString& runId, const MigrationPlan& plan);
[[nodiscard]] Result<void> noteRunProgress(
    const QString& runId, const QString& state, qint64 stored, qint64 expected);

} // namespace qdrant2pg
