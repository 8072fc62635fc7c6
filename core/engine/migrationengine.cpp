// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/migrationengine.h"

#include "core/common/mailbox.h"
#include "core/engine/coordinator.h"
#include "core/engine/throughput.h"

#include <QTimer>

#include <numeric>
#include <thread>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds snapshotInterval{250};

} // namespace

class MigrationEngine::Private {
public:
    explicit Private(MigrationEngine* engine, RunRequest request)
        : q(engine)
    {
        context.request = std::move(request);
        context.request.target.abandon = context.abortToken();
        timer.setInterval(snapshotInterval);
        QObject::connect(&timer, &QTimer::timeout, q, [this] { emit q->progressed(snapshot()); });
    }

    MigrationEngine* q;
    RunContext context;
    QTimer timer;
    RunState state = RunState::Idle;
    QString runId;
    QList<StageProgress> stages;
    Throughput throughput;
    Clock::time_point started;
    bool ended = false;
    /// What the coordinator says.
    Mailbox mailbox;
    /// Last member: joined before anything that it uses goes away.
    std::jthread coordinator;

    RunProgress snapshot();
    void setStage(const StageProgress& stage);
    void enter(RunState next, const QString& id);
    void end(RunOutcome outcome);
    QString stallText() const;
};

void MigrationEngine::Private::setStage(const StageProgress& stage)
{
    for (StageProgress& known : stages) {
        if (known.collection == stage.collection && known.stage == stage.stage && known.name == stage.name) {
            known = stage;
            return;
        }
    }
    stages << stage;
}

void MigrationEngine::Private::enter(RunState next, const QString& id)
{
    runId = id;
    if (next == state)
        return;
    Q_ASSERT(mayFollow(state, next));
    state = next;
    emit q->stateChanged(next);
}

QString MigrationEngine::Private::stallText() const
{
    if (const QString waiting = context.waiting(); !waiting.isEmpty())
        return waiting;
    std::chrono::milliseconds longest{0};
    LaneActivity::What what = LaneActivity::What::Nothing;
    for (const LaneActivity& activity : context.activities) {
        if (activity.what() != LaneActivity::What::Nothing && activity.elapsed() > longest) {
            longest = activity.elapsed();
            what = activity.what();
        }
    }
    if (what == LaneActivity::What::Nothing || longest < context.request.retry.tellAfter)
        return {};
    const qint64 seconds = longest.count() / 1000;
    if (what == LaneActivity::What::PostgreSql)
        return QStringLiteral("no answer from PostgreSQL for %1 s").arg(seconds);
    return QStringLiteral("no answer from Qdrant for %1 s, asked again after %2 s")
        .arg(seconds)
        .arg(context.request.source.stallTimeout.count() / 1000);
}

RunProgress MigrationEngine::Private::snapshot()
{
    RunProgress progress;
    progress.state = state;
    progress.runId = runId;
    progress.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
    progress.stages = stages;
    progress.retries = context.retries;
    // Collections are fixed once copying has begun; before, the coordinator is still adding them.
    if (state != RunState::Idle && state != RunState::Preflight && state != RunState::CreatingSchema) {
        progress.lanes = static_cast<int>(context.activities.size());
        for (const LaneActivity& activity : context.activities)
            progress.busyLanes += activity.what() == LaneActivity::What::Nothing ? 0 : 1;
        progress.waiting = stallText();
        qint64 rows = 0;
        qint64 bytes = 0;
        for (const CollectionRun& collection : context.collections) {
            CollectionProgress c = collection.before;
            const CollectionCounters& counters = *collection.counters;
            c.expected = collection.expected;
            c.expectedExact = collection.expectedExact;
            c.read += counters.read;
            c.stored += counters.stored;
            c.rejected += counters.rejected;
            c.skipped += counters.skipped;
            c.sourceBytes += counters.sourceBytes;
            c.copyBytes = counters.copyBytes;
            c.rangesDone += counters.rangesDone;
            c.ranges = collection.ranges;
            progress.collections << c;
            rows += counters.read;
            bytes += counters.sourceBytes;
        }
        if (state == RunState::Copying || state == RunState::Pausing || state == RunState::Paused
            || state == RunState::Cancelling) {
            const qint64 left = progress.expected()
                - std::accumulate(progress.collections.begin(), progress.collections.end(), qint64{0},
                    [](qint64 sum, const CollectionProgress& c) { return sum + c.read; });
            throughput.sample(progress.elapsed, rows, bytes, context.takeMark());
            progress.bottleneck = throughput.bottleneck(
                context.times.sourceNs, context.times.computeNs, context.times.postgresNs);
            progress.remaining = throughput.remaining(left);
        }
        progress.rowsPerSecond = throughput.rowsPerSecond();
        progress.bytesPerSecond = throughput.bytesPerSecond();
    }
    return progress;
}

void MigrationEngine::Private::end(RunOutcome outcome)
{
    if (std::exchange(ended, true))
        return;
    timer.stop();
    if (coordinator.joinable())
        coordinator.join();
    for (const QString& text : context.takeMessages())
        emit q->message(text);
    outcome.stages = stages;
    throughput.sample(std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started),
        throughput.rows(), throughput.bytes(), {});
    outcome.throughput = throughput.samples();
    emit q->progressed(snapshot());
    emit q->finished(outcome);
}

MigrationEngine::MigrationEngine(RunRequest request, QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, std::move(request)))
{
    qRegisterMetaType<RunProgress>();
    qRegisterMetaType<RunOutcome>();
}

MigrationEngine::~MigrationEngine()
{
    d->context.requestAbort();
}

void MigrationEngine::start()
{
    if (d->state != RunState::Idle || d->coordinator.joinable())
        return;
    d->started = Clock::now();
    d->timer.start();
    d->coordinator = std::jthread([this] {
        RunCallbacks callbacks;
        const auto post = [this](Mailbox::Task action) {
            d->mailbox.post(std::move(action));
        };
        callbacks.state = [this, post](RunState state, const QString& id) {
            post([this, state, id] { d->enter(state, id); });
        };
        callbacks.stage = [this, post](const StageProgress& stage) {
            post([this, stage] { d->setStage(stage); });
        };
        callbacks.message = [this, post](const QString& text) {
            post([this, text] { emit message(text); });
        };
        Coordinator coordinator(d->context, std::move(callbacks));
        RunOutcome outcome = coordinator.run();
        post([this, outcome = std::move(outcome)] { d->end(outcome); });
    });
}

void MigrationEngine::pause()
{
    d->context.requestPause(true);
}

void MigrationEngine::resume()
{
    d->context.requestPause(false);
}

void MigrationEngine::stop()
{
    d->context.requestStop();
}

void MigrationEngine::abort()
{
    d->context.requestAbort();
}

RunState MigrationEngine::state() const
{
    return d->state;
}

RunProgress MigrationEngine::progress() const
{
    return d->snapshot();
}

QString MigrationEngine::runId() const
{
    return d->runId;
}

} // namespace qdrant2pg
