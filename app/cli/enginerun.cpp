// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/enginerun.h"

#include "app/cli/progresstext.h"
#include "core/common/deadline.h"
#include "core/common/mailbox.h"
#include "core/common/units.h"
#include "core/plan/planjson.h"
#include "core/profile/statefolders.h"
#include "core/report/reportbuilder.h"
#include "core/report/reportwriters.h"
#include "core/report/runfiles.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QElapsedTimer>
#include <QJsonDocument>

namespace qdrant2pg::cli {

namespace {

/// How often a plain line is printed when nobody watches a terminal.
constexpr qint64 plainLineMs = 5'000;
/// Indexes take long and change little.
constexpr qint64 plainIndexLineMs = 20'000;
constexpr qint64 jsonLineMs = 1'000;
/// For the report to reach the ledger after an abort.
constexpr std::chrono::milliseconds lastWord{2'000};

/// Shows what the engine tells, and opens the run's folder as soon as the run has a name.
class RunPresenter : public QObject {
public:
    RunPresenter(const CommandContext& context, MigrationEngine& engine, QByteArray planJson)
        : m_context(context)
        , m_engine(engine)
        , m_planJson(std::move(planJson))
    {
        m_sinceLine.start();
        connect(&engine, &MigrationEngine::stateChanged, this, &RunPresenter::onState);
        connect(&engine, &MigrationEngine::progressed, this, &RunPresenter::onProgress);
        connect(&engine, &MigrationEngine::message, this, &RunPresenter::onMessage);
        connect(&engine, &MigrationEngine::finished, this, &RunPresenter::onFinished);
    }

    const RunOutcome& outcome() const { return m_outcome; }
    bool isFinished() const { return m_finished; }
    bool isAborted() const { return m_aborted; }

    /// Called in this thread's event loop for a signal.
    void onSignal(int count)
    {
        if (count == 1) {
            m_context.console.warn(QStringLiteral(
                "Stopping: pages in flight are finished. Once more ends at once; both can be resumed."));
            m_engine.stop();
        } else {
            m_aborted = true;
            m_context.console.warn(QStringLiteral("Ending now: pages in flight are dropped."));
            m_engine.abort();
        }
    }

private:
    void onState(RunState state)
    {
        noteRunId();
        m_context.console.jsonLine({{QStringLiteral("event"), QStringLiteral("state")},
            {QStringLiteral("state"), runStateName(state)}, {QStringLiteral("runId"), m_engine.runId()}});
        if (!isTerminal(state))
            m_context.console.say(stateText(state));
    }

    void onProgress(const RunProgress& progress)
    {
        noteRunId();
        const QString line = progressLine(progress);
        m_context.console.status(line);
        const bool copying = progress.state == RunState::Copying;
        const qint64 every = m_context.console.json() ? jsonLineMs : copying ? plainLineMs : plainIndexLineMs;
        if (m_sinceLine.elapsed() < every && m_lines > 0)
            return;
        if (!copying && line == m_lastLine)
            return;
        m_sinceLine.restart();
        ++m_lines;
        m_lastLine = line;
        m_context.console.jsonLine(progressToJson(progress));
        if (!m_context.console.isTerminal())
            m_context.console.say(line);
    }

    void onMessage(const QString& text)
    {
        m_context.console.jsonLine(
            {{QStringLiteral("event"), QStringLiteral("message")}, {QStringLiteral("text"), text}});
        m_context.console.say(text);
    }

    void onFinished(const RunOutcome& outcome)
    {
        m_outcome = outcome;
        m_finished = true;
        m_context.console.status({});
        QCoreApplication::quit();
    }

    void noteRunId()
    {
        const QString runId = m_engine.runId();
        if (m_named || runId.isEmpty())
            return;
        m_named = true;
        const QString folder = outputFolder(m_context, runId);
        if (auto made = makePrivateFolder(folder); !made) {
            m_context.console.warn(made.error().toText());
            return;
        }
        m_context.console.openLog(folder + QStringLiteral("/run.log"));
        m_context.console.say(QStringLiteral("Run %1").arg(runId));
        if (auto written = writePrivateFile(folder + QStringLiteral("/plan.json"), m_planJson); !written)
            m_context.console.warn(written.error().toText());
    }

    const CommandContext& m_context;
    MigrationEngine& m_engine;
    QByteArray m_planJson;
    RunOutcome m_outcome;
    QElapsedTimer m_sinceLine;
    QString m_lastLine;
    int m_lines = 0;
    bool m_named = false;
    bool m_finished = false;
    bool m_aborted = false;
};

/// What is kept in the database: report and rejects. A failure is told and does not change what the run has
/// done.
void keepInLedger(
    const CommandContext& context, const RunRequest& request, const RunReport& report, const QString& folder)
{
    const KeptRun kept = keepRun(request.target, request.plan.target.ledgerSchema, report, folder,
        [&context](const QByteArray& bytes) { return context.console.clean(bytes); });
    if (kept.ledgerProblem)
        context.console.warn(
            QStringLiteral("The report could not be stored in the ledger: ") + kept.ledgerProblem->summary);
    if (kept.rejectsProblem)
        context.console.warn(
            QStringLiteral("The rejected points could not be written: ") + kept.rejectsProblem->toText());
    if (!kept.rejectsFile.isEmpty())
        context.console.say(
            QStringLiteral("Rejected points (%1): %2").arg(formatCount(kept.rejects), kept.rejectsFile));
}

} // namespace

QString outputFolder(const CommandContext& context, const QString& runId)
{
    if (context.args.has(QStringLiteral("out")))
        return context.args.value(QStringLiteral("out"));
    return runFolder(runId.isEmpty()
            ? QDateTime::currentDateTimeUtc().toString(QStringLiteral("'not-started-'yyyyMMdd-HHmmss"))
            : runId);
}

Result<QStringList> writeReportFiles(
    const CommandContext& context, const RunReport& report, const QString& folder)
{
    return qdrant2pg::writeReportFiles(
        report, folder, [&context](const QByteArray& bytes) { return context.console.clean(bytes); });
}

ExitCode exitCodeFor(const RunReport& report)
{
    if (report.state == QLatin1String("cancelled"))
        return ExitCode::Stopped;
    if (report.state == QLatin1String("failed")) {
        // Before a run has a name nothing can be resumed, so the reason says what to do.
        return report.runId.isEmpty() && report.error ? exitCodeFor(*report.error) : ExitCode::Failed;
    }
    if (report.isDifferent())
        return ExitCode::Different;
    // Asked for and not finished: the rows may be right, but nobody has seen it.
    for (const ReportCollection& collection : report.collections) {
        if (collection.verification.result == QLatin1String("failed"))
            return ExitCode::Failed;
    }
    return report.totals().rejected > 0 ? ExitCode::DoneWithRejects : ExitCode::Done;
}

ExitCode runEngine(const CommandContext& context, RunRequest request)
{
    request.overrideVerification = context.args.values(QStringLiteral("override-verification"));
    MigrationEngine engine(request);
    RunPresenter presenter(context, engine, context.console.clean(planToJson(request.plan)));
    {
        // The handler runs on the watcher's thread; the presenter lives here.
        Mailbox mailbox;
        const SignalScope scope(context.signals_, [&mailbox, &presenter](int count, int) {
            mailbox.post([&presenter, count] { presenter.onSignal(count); });
        });
        engine.start();
        // quit() before exec() would be forgotten.
        if (!presenter.isFinished())
            QCoreApplication::exec();
    }
    RunOutcome outcome = presenter.outcome();
    if (outcome.plan.collections.isEmpty())
        outcome.plan = request.plan;
    const RunReport report = buildReport(outcome);
    const QString folder = outputFolder(context, report.runId);
    if (auto files = writeReportFiles(context, report, folder); !files)
        context.console.warn(QStringLiteral("The report could not be written: ") + files.error().toText());
    else
        context.console.say(QStringLiteral("Report: %1").arg(files->last()));
    // After an abort PostgreSQL may be what the user gave up on.
    std::optional<Deadline> deadline;
    if (presenter.isAborted())
        request.target.abandon = deadline.emplace(lastWord).token();
    keepInLedger(context, request, report, folder);

    if (outcome.error && outcome.state == RunState::Failed)
        context.console.error(*outcome.error);
    context.console.result(reportToText(report).trimmed());
    context.console.jsonLine({{QStringLiteral("event"), QStringLiteral("finished")},
        {QStringLiteral("state"), report.state}, {QStringLiteral("runId"), report.runId},
        {QStringLiteral("verdict"), report.verdict()}, {QStringLiteral("folder"), folder},
        {QStringLiteral("exitCode"), static_cast<int>(exitCodeFor(report))},
        {QStringLiteral("report"), QJsonDocument::fromJson(reportToJson(report)).object()}});
    if (report.state == QLatin1String("cancelled")
        || (report.state == QLatin1String("failed") && !report.runId.isEmpty()))
        context.console.warn(QStringLiteral("Continue with: qdrant2pg resume %1").arg(report.runId));
    return exitCodeFor(report);
}

} // namespace qdrant2pg::cli
