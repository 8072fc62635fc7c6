// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/compare/comparesearch.h"
#include "core/engine/migrationengine.h"
#include "core/engine/replaypolicies.h"
#include "core/report/reportbuilder.h"
#include "core/report/runfiles.h"
#include "core/report/runreport.h"
#include "ui/services/backgroundjob.h"
#include "ui/services/rejectsreplay.h"

#include <QElapsedTimer>
#include <QFile>
#include <QObject>
#include <QSet>

#include <memory>
#include <optional>

namespace qdrant2pg {

class LogBuffer;

/// Runs a migration for the window: starts the engine, keeps the last snapshot and the throughput of the last
/// ten minutes, writes the run's folder (plan, progress notes, log, report, rejects) and the report in the
/// ledger. Knows no widget. GUI thread; files and databases are written on others.
class RunController : public QObject {
    Q_OBJECT
public:
    RunController(BackgroundThreads& threads, LogBuffer& log, QObject* parent = nullptr);
    /// Aborts a run that is still going; what is committed stays and can be resumed.
    ~RunController() override;

    /// Forgets an earlier run. Nothing happens while one is going.
    void start(RunRequest request);
    /// The request of the last start again: continues its run when that has a name, else begins anew. With
    /// the secrets given, where they are not empty.
    void startAgain(const QByteArray& apiKey = {}, const QByteArray& password = {});
    void pause();
    void resume();
    void stop();
    void abort();
    /// Forgets a run that has ended.
    void reset();

    bool hasStarted() const { return m_started; }
    /// From start() to finished().
    bool isRunning() const { return m_engine != nullptr && !m_report; }
    /// What was asked for while it is not reached yet: Pausing, Cancelling; else the engine's state.
    RunState state() const;
    /// What Cancelling came from: abort() drops the pages that stop() lets finish.
    bool isAborting() const { return m_aborting; }
    const RunProgress& progress() const { return m_progress; }
    /// About one a second, of the last ten minutes.
    const QList<ReportSample>& samples() const { return m_samples; }
    const RunRequest& request() const { return m_request; }
    QString runId() const { return m_progress.runId; }
    /// Empty before the run has a name.
    QString folder() const;
    /// Of the run that ended.
    const std::optional<RunReport>& report() const { return m_report; }
    /// The run has ended before its end and can be continued.
    bool canContinue() const;
    /// The run has ended with all its points in the tables, which can be compared with the source.
    bool canCompare() const;
    QString ledgerSchema() const;

    /// The run is complete, some points were rejected, and nobody tries them again just now.
    bool canReplay() const;
    /// Whether trying that point again can help: the policies differ from those it was refused under, or what
    /// was in its way can have gone.
    bool mayFit(const RejectRow& reject, const ReplayPolicies& policies) const;
    bool isReplaying() const { return m_replaying.isRunning(); }
    /// Tries these rejected points again under these policies; ends with replayed() or replayFailed(). The
    /// report, the numbers and the plan of the order are then what the ledger says.
    void replay(const QList<RejectRow>& rejects, const ReplayPolicies& policies);
    /// Compares the tables of this run at that level.
    VerifyRequest verifyRequest(VerifyLevel level) const;

    /// Compares searches over the vectors of this run.
    SearchCompareRequest searchRequest() const;
    /// The same for the result of a comparison of searches.
    void adoptSearches(const QList<SearchComparison>& searches);
    /// Takes a run that ended earlier, so that it can be compared again: its report, and how both ends are
    /// reached today. Nothing is run.
    void open(RunRequest request, const RunReport& report);

    /// Takes the result of a verification that ran later into the report and its files.
    void adoptVerification(const QList<VerificationOutcome>& outcomes);

signals:
    void stateChanged(qdrant2pg::RunState state);
    void progressed(const qdrant2pg::RunProgress& progress);
    void messageSent(const QString& text);
    /// Exactly once per start. The files are written after it.
    void finished();
    void reportChanged();
    void replayed(const qdrant2pg::ReplayOutcome& outcome);
    void replayFailed(const qdrant2pg::Error& error);
    /// The report is in the run's folder and in the ledger, or `problems` says in words what is not.
    void kept(const QStringList& problems);

private:
    struct Notes;

    void onProgress(const RunProgress& progress);
    void onFinished(const RunOutcome& outcome);
    void addSample(const RunProgress& progress);
    void openFolder();
    void logLine(const QString& text);
    void adoptReplay(const ReplayResult& result);
    void keep();
    TextCleaner cleaner() const;

    BackgroundThreads& m_threads;
    LogBuffer& m_log;
    RunRequest m_request;
    std::unique_ptr<MigrationEngine> m_engine;
    RunProgress m_progress;
    RunState m_asked = RunState::Idle;
    bool m_aborting = false;
    QList<ReportSample> m_samples;
    QString m_mark;
    std::optional<RunReport> m_report;
    std::shared_ptr<Notes> m_notes;
    BackgroundJob m_keeping;
    BackgroundJob m_replaying;
    /// A replay has changed the plan; these were refused under it as well.
    bool m_planChanged = false;
    QSet<QString> m_refusedAgain;
    QElapsedTimer m_sinceNote;
    QFile m_runLog;
    bool m_started = false;
    bool m_folderOpen = false;
};

} // namespace qdrant2pg
