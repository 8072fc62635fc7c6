// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/runcontroller.h"

#include "core/common/redaction.h"
#include "core/profile/statefolders.h"
#include "ui/services/logbuffer.h"
#include "ui/services/runrecords.h"

#include <algorithm>
#include <mutex>

namespace qdrant2pg {

namespace {

constexpr std::chrono::minutes chartWindow{10};
constexpr std::chrono::milliseconds sampleInterval{1000};
/// A crash costs at most this much of what the Start page says about the run.
constexpr qint64 noteIntervalMs = 2000;
/// Shorter ones would black out ordinary words of a report.
constexpr qsizetype shortestMaskedSecret = 8;
const QString category = QStringLiteral("qdrant2pg.engine");

QString keyOf(const RejectRow& reject)
{
    return QStringList{reject.collection, reject.shardKey, reject.pointId}.join(QLatin1Char('\n'));
}

/// As the report has them, where it does.
void showNumbers(CollectionProgress& shown, const ReportCollection& collection)
{
    shown.stored = collection.stored.value.value_or(shown.stored);
    shown.rejected = collection.rejected.value.value_or(shown.rejected);
    shown.skipped = collection.skipped.value.value_or(shown.skipped);
}

RunState endedState(const QString& name)
{
    for (const RunState state : {RunState::Completed, RunState::CompletedWithRejects, RunState::Cancelled}) {
        if (name == runStateName(state))
            return state;
    }
    return RunState::Failed;
}

} // namespace

/// Progress notes are written by worker threads; the last word must not be overtaken by an older one.
struct RunController::Notes {
    std::mutex mutex;
    bool ended = false;

    void note(const QString& runId, const QString& state, qint64 stored, qint64 expected, bool last)
    {
        const std::lock_guard lock(mutex);
        if (ended)
            return;
        ended = last;
        if (auto written = noteRunProgress(runId, state, stored, expected); !written)
            qWarning("%s", qUtf8Printable(written.error().toText()));
    }
};

RunController::RunController(BackgroundThreads& threads, LogBuffer& log, QObject* parent)
    : QObject(parent)
    , m_threads(threads)
    , m_log(log)
    , m_keeping(threads)
    , m_replaying(threads)
{
}

RunController::~RunController() = default;

void RunController::start(RunRequest request)
{
    if (isRunning())
        return;
    reset();
    m_request = std::move(request);
    m_started = true;
    m_notes = std::make_shared<Notes>();
    m_sinceNote.start();
    m_engine = std::make_unique<MigrationEngine>(m_request);
    connect(m_engine.get(), &MigrationEngine::stateChanged, this, [this](RunState state) {
        m_progress.state = state;
        m_progress.runId = m_engine->runId();
        openFolder();
        // A wish is fulfilled when its state, or one after it, is there.
        if (m_asked == RunState::Pausing && state != RunState::Copying && state != RunState::Pausing)
            m_asked = RunState::Idle;
        if (isTerminal(state))
            m_asked = RunState::Idle;
        emit stateChanged(this->state());
    });
    connect(m_engine.get(), &MigrationEngine::progressed, this, &RunController::onProgress);
    connect(m_engine.get(), &MigrationEngine::message, this, [this](const QString& text) {
        logLine(text);
        emit messageSent(text);
    });
    connect(m_engine.get(), &MigrationEngine::finished, this, &RunController::onFinished);
    emit stateChanged(RunState::Idle);
    m_engine->start();
}

void RunController::startAgain(const QByteArray& apiKey, const QByteArray& password)
{
    if (isRunning() || !m_started)
        return;
    RunRequest request = m_request;
    if (!runId().isEmpty()) {
        request.resumeRunId = runId();
        if (const QString schema = ledgerSchema(); !schema.isEmpty())
            request.plan.target.ledgerSchema = schema;
    }
    if (!apiKey.isEmpty())
        request.source.apiKey = apiKey;
    if (!password.isEmpty())
        request.target.password = password;
    start(std::move(request));
}

void RunController::pause()
{
    if (!isRunning()
        || (m_progress.state != RunState::Copying && m_progress.state != RunState::BuildingIndexes))
        return;
    m_asked = RunState::Pausing;
    m_mark = QStringLiteral("pause");
    addSample(m_progress);
    m_engine->pause();
    emit stateChanged(state());
}

void RunController::resume()
{
    if (!isRunning())
        return;
    if (m_asked == RunState::Pausing)
        m_asked = RunState::Idle;
    m_engine->resume();
    emit stateChanged(state());
}

void RunController::stop()
{
    if (!isRunning())
        return;
    m_asked = RunState::Cancelling;
    m_engine->stop();
    emit stateChanged(state());
}

void RunController::abort()
{
    if (!isRunning())
        return;
    m_asked = RunState::Cancelling;
    m_aborting = true;
    m_engine->abort();
    emit stateChanged(state());
}

void RunController::reset()
{
    if (isRunning())
        return;
    m_replaying.cancel();
    m_planChanged = false;
    m_refusedAgain.clear();
    m_engine.reset();
    m_progress = {};
    m_asked = RunState::Idle;
    m_aborting = false;
    m_samples.clear();
    m_mark.clear();
    m_report.reset();
    m_notes.reset();
    m_runLog.close();
    m_request = {};
    m_started = false;
    m_folderOpen = false;
}

RunState RunController::state() const
{
    return m_asked != RunState::Idle && !isTerminal(m_progress.state) ? m_asked : m_progress.state;
}

QString RunController::folder() const
{
    return runId().isEmpty() ? QString() : runFolder(runId());
}

bool RunController::canContinue() const
{
    return m_report && !m_report->runId.isEmpty()
        && (m_progress.state == RunState::Cancelled || m_progress.state == RunState::Failed);
}

bool RunController::canCompare() const
{
    return m_report
        && (m_progress.state == RunState::Completed || m_progress.state == RunState::CompletedWithRejects);
}

bool RunController::canReplay() const
{
    return canCompare() && !isReplaying() && m_report->totals().rejected > 0;
}

bool RunController::mayFit(const RejectRow& reject, const ReplayPolicies& policies) const
{
    const MigrationPlan& plan = m_request.plan;
    return causeMayBeGone(reject) || (m_planChanged && !m_refusedAgain.contains(keyOf(reject)))
        || !(withPolicies(plan, policies) == plan);
}

void RunController::replay(const QList<RejectRow>& rejects, const ReplayPolicies& policies)
{
    if (!canReplay() || rejects.isEmpty())
        return;
    const ReplayOrder order{m_request.source, m_request.target, ledgerSchema(),
        withPolicies(m_request.plan, policies), rejects, *m_report};
    m_replaying.start(
        [order](const JobControl& control) { return replayRejectsOf(order, control.stopToken()); },
        [this](const Result<ReplayResult>& result) {
            if (result)
                adoptReplay(*result);
            else
                emit replayFailed(result.error());
        });
}

void RunController::adoptReplay(const ReplayResult& result)
{
    m_report = result.report;
    if (!(result.plan == m_request.plan)) {
        m_request.plan = result.plan;
        m_planChanged = true;
        m_refusedAgain.clear();
    }
    for (const RejectRow& reject : result.outcome.remaining)
        m_refusedAgain.insert(keyOf(reject));
    if (m_report->state == runStateName(RunState::Completed))
        m_progress.state = RunState::Completed;
    for (CollectionProgress& shown : m_progress.collections) {
        for (const ReportCollection& collection : std::as_const(m_report->collections)) {
            if (collection.name != shown.collection)
                continue;
            showNumbers(shown, collection);
        }
    }
    m_notes = std::make_shared<Notes>();
    logLine(tr("Rejected points tried again: %1 stored, %2 still rejected")
                .arg(result.outcome.stored)
                .arg(result.outcome.remaining.size()));
    emit progressed(m_progress);
    emit reportChanged();
    emit replayed(result.outcome);
    keep();
}

VerifyRequest RunController::verifyRequest(VerifyLevel level) const
{
    VerifyRequest request;
    request.plan = m_request.plan;
    request.plan.target.ledgerSchema = ledgerSchema();
    request.source = m_request.source;
    request.target = m_request.target;
    request.runId = runId();
    request.level = level;
    request.outDir = folder();
    return request;
}

SearchCompareRequest RunController::searchRequest() const
{
    SearchCompareRequest request;
    request.plan = m_request.plan;
    request.plan.target.ledgerSchema = ledgerSchema();
    request.source = m_request.source;
    request.target = m_request.target;
    request.runId = runId();
    return request;
}

void RunController::adoptSearches(const QList<SearchComparison>& searches)
{
    if (!m_report)
        return;
    setSearches(*m_report, searches);
    emit reportChanged();
    keep();
}

void RunController::open(RunRequest request, const RunReport& report)
{
    if (isRunning())
        return;
    reset();
    m_request = std::move(request);
    m_report = report;
    m_notes = std::make_shared<Notes>();
    m_started = true;
    m_progress.runId = report.runId;
    m_progress.state = endedState(report.state);
    m_progress.elapsed = report.duration();
    for (const ReportCollection& collection : report.collections) {
        CollectionProgress shown;
        shown.collection = collection.name;
        shown.expected = collection.source.value.value_or(-1);
        showNumbers(shown, collection);
        m_progress.collections << shown;
    }
    emit stateChanged(state());
    emit reportChanged();
}

QString RunController::ledgerSchema() const
{
    if (m_report && !m_report->ledgerSchema.isEmpty())
        return m_report->ledgerSchema;
    return m_request.plan.target.ledgerSchema;
}

void RunController::onProgress(const RunProgress& progress)
{
    m_progress = progress;
    openFolder();
    addSample(progress);
    if (!progress.runId.isEmpty() && m_sinceNote.elapsed() >= noteIntervalMs && !isTerminal(progress.state)) {
        m_sinceNote.restart();
        m_threads.run([notes = m_notes, progress] {
            notes->note(
                progress.runId, runStateName(progress.state), progress.stored(), progress.expected(), false);
        });
    }
    emit progressed(progress);
}

void RunController::addSample(const RunProgress& progress)
{
    const bool moving = progress.state == RunState::Copying || progress.state == RunState::Pausing
        || progress.state == RunState::Paused;
    if (!moving)
        return;
    // A mark is worth a sample of its own; a pause may be over before the next one.
    if (m_mark.isEmpty() && !m_samples.isEmpty() && progress.elapsed - m_samples.last().at < sampleInterval)
        return;
    m_samples.append({progress.elapsed, progress.rowsPerSecond, progress.bytesPerSecond, m_mark});
    m_mark.clear();
    while (progress.elapsed - m_samples.first().at > chartWindow)
        m_samples.removeFirst();
}

void RunController::openFolder()
{
    if (m_folderOpen || runId().isEmpty())
        return;
    m_folderOpen = true;
    if (auto noted = noteRunStarted(runId(), m_request.plan); !noted) {
        logLine(noted.error().toText());
        return;
    }
    m_runLog.setFileName(folder() + QStringLiteral("/run.log"));
    if (m_runLog.open(QIODevice::Append | QIODevice::Text))
        m_runLog.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    logLine(tr("Run %1").arg(runId()));
}

void RunController::logLine(const QString& text)
{
    if (text.contains(QLatin1String("attempt")))
        m_mark = QStringLiteral("retry");
    m_log.append(QtInfoMsg, category, text);
    if (!m_runLog.isOpen())
        return;
    const QString line = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs) + QLatin1Char(' ') + text
        + QLatin1Char('\n');
    m_runLog.write(cleaner()(redacted(line).toUtf8()));
    m_runLog.flush();
}

void RunController::onFinished(const RunOutcome& result)
{
    RunOutcome outcome = result;
    if (outcome.plan.collections.isEmpty())
        outcome.plan = m_request.plan;
    m_progress.state = outcome.state;
    m_progress.runId = outcome.runId;
    m_asked = RunState::Idle;
    m_report = buildReport(outcome);
    logLine(m_report->verdict());
    if (outcome.error)
        m_log.append(QtWarningMsg, category, outcome.error->toText());
    emit finished();
    emit reportChanged();
    keep();
}

void RunController::adoptVerification(const QList<VerificationOutcome>& outcomes)
{
    if (!m_report)
        return;
    setVerification(*m_report, outcomes);
    emit reportChanged();
    keep();
}

void RunController::keep()
{
    struct Work {
        RunReport report;
        QString folder;
        TargetOptions target;
        QString ledgerSchema;
        std::shared_ptr<Notes> notes;
        QString state;
        qint64 stored;
        qint64 expected;
        TextCleaner clean;
    };
    const QString name = m_report->runId;
    Work work{*m_report,
        name.isEmpty() ? runFolder(
            QDateTime::currentDateTimeUtc().toString(QStringLiteral("'not-started-'yyyyMMdd-HHmmss")))
                       : runFolder(name),
        m_request.target, ledgerSchema(), m_notes, runStateName(m_progress.state), m_progress.stored(),
        m_progress.expected(), cleaner()};
    m_keeping.start(
        [work](const JobControl&) {
            QStringList problems;
            if (!work.report.runId.isEmpty())
                work.notes->note(work.report.runId, work.state, work.stored, work.expected, true);
            if (auto files = writeReportFiles(work.report, work.folder, work.clean); !files)
                problems
                    << RunController::tr("The report could not be written: %1").arg(files.error().summary);
            const KeptRun done =
                keepRun(work.target, work.ledgerSchema, work.report, work.folder, work.clean);
            if (done.ledgerProblem)
                problems << RunController::tr("The report could not be stored in the ledger: %1")
                                .arg(done.ledgerProblem->summary);
            if (done.rejectsProblem)
                problems << RunController::tr("The rejected points could not be written: %1")
                                .arg(done.rejectsProblem->summary);
            return problems;
        },
        [this](const QStringList& problems) {
            for (const QString& problem : problems)
                m_log.append(QtWarningMsg, category, problem);
            emit kept(problems);
        });
}

TextCleaner RunController::cleaner() const
{
    QList<QByteArray> secrets;
    for (const QByteArray& secret :
        {m_request.source.apiKey, m_request.source.proxy.password, m_request.target.password}) {
        if (secret.size() >= shortestMaskedSecret)
            secrets << secret;
    }
    return [secrets](const QByteArray& bytes) {
        QByteArray out = bytes;
        for (const QByteArray& secret : secrets)
            out.replace(secret, "***");
        return out;
    };
}

} // namespace qdrant2pg
