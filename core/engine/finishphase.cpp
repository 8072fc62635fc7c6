// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/finishphase.h"

#include "core/engine/enginelimits.h"
#include "core/engine/publishgate.h"
#include "core/engine/schemarunner.h"
#include "core/engine/tablelock.h"
#include "core/engine/tablepublisher.h"

#include <algorithm>
#include <atomic>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

/// How often a process looks whether another one has ended the run.
constexpr std::chrono::milliseconds turnInterval{250};

const QString publishedEvent = QStringLiteral("published");

std::chrono::milliseconds since(Clock::time_point started)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
}

Error stopped()
{
    return makeError(ErrorKind::Cancelled, QStringLiteral("Stopped."));
}

QList<VerificationOutcome> failedVerification(
    const RunContext& context, VerifyLevel level, const Error& error)
{
    QList<VerificationOutcome> outcomes;
    for (const CollectionRun& collection : context.collections) {
        VerificationOutcome failed;
        failed.collection = collection.plan.name;
        failed.level = level;
        failed.result = QStringLiteral("failed");
        failed.sentence = error.summary;
        outcomes << failed;
    }
    return outcomes;
}

} // namespace

Result<bool> takeTurnToFinish(RunSession& session)
{
    if (auto ready = session.ensureControl(); !ready)
        return fail(ready.error());
    const QString& runId = session.context.runId;
    const QByteArray take = "SELECT pg_try_advisory_lock("
        + QByteArray::number(advisoryKey("qdrant2pg:finish")) + ", "
        + QByteArray::number(advisoryKey(runId.toUtf8())) + ")";
    for (;;) {
        auto turn = session.control->execute(take);
        if (!turn)
            return fail(turn.error());
        if (turn->boolean(0, 0))
            break;
        // However long the other one takes.
        if (session.context.ending())
            return fail(stopped());
        session.context.waitForChange(turnInterval);
        if (auto ready = session.ensureControl(); !ready)
            return fail(ready.error());
    }
    auto present = session.context.ledger.run(*session.control, runId);
    if (!present)
        return fail(present.error());
    return !*present
        || ((*present)->state != runStateName(RunState::Completed)
            && (*present)->state != runStateName(RunState::CompletedWithRejects));
}

Result<void> buildIndexes(RunSession& session)
{
    RunContext& context = session.context;
    session.enter(RunState::BuildingIndexes);
    const auto started = Clock::now();
    std::atomic<bool> told{false};
    // From the thread that watches a build as well.
    const auto stage = [&](const StageProgress& progress) {
        const bool pausing =
            progress.state == StageProgress::State::Running && context.pauseRequested() && !context.ending();
        if (pausing && !told.exchange(true))
            session.callbacks.message(
                QStringLiteral("An index cannot be paused: the run pauses when %1 is built.")
                    .arg(progress.name));
        session.callbacks.stage(progress);
    };
    const auto between = [&] {
        told = false;
        if (!context.pauseRequested() || context.ending())
            return;
        session.enter(RunState::Pausing);
        session.enter(RunState::Paused);
        context.rest();
        if (!context.ending())
            session.enter(RunState::BuildingIndexes);
    };
    for (CollectionRun& collection : context.collections) {
        if (collection.published)
            continue;
        const qint64 rows = collection.before.stored + collection.counters->stored;
        // Each step looks first, so that a repetition does what is missing.
        auto notes = session.withRetries(QStringLiteral("PostgreSQL"), [&] {
            SchemaRunner runner(context.request.target, context.server, stage, context.stopToken());
            runner.setBetweenJobs(between);
            return runner.after(collection.plan.name, collection.schema, rows, collection.plan.analyze);
        });
        if (!notes)
            return fail(context.stopRequested() ? stopped() : notes.error());
        for (const QString& note : *notes) {
            session.callbacks.message(note);
            session.outcome.warnings << note;
        }
        if (context.stopRequested())
            return fail(stopped());
    }
    session.outcome.indexTime = since(started);
    return {};
}

Result<void> verifyRun(RunSession& session)
{
    RunContext& context = session.context;
    const VerifyLevel level = context.request.plan.run.verify;
    // What was swapped in had been verified before.
    const bool published = std::any_of(context.collections.begin(), context.collections.end(),
        [](const CollectionRun& collection) { return collection.published; });
    if (level == VerifyLevel::None || !context.request.verifier || published)
        return {};
    session.enter(RunState::Verifying);
    const auto started = Clock::now();
    VerifyRequest request;
    request.plan = context.request.plan;
    request.source = context.request.source;
    request.target = context.request.target;
    request.target.abandon = context.stopToken();
    request.runId = context.runId;
    request.level = level;
    request.transport = context.transport;
    request.retry = context.request.retry;
    request.lanes = session.outcome.lanes > 0 ? session.outcome.lanes : automaticLanes;
    const auto progress = [&](const QString& collection, double fraction, const QString& note) {
        session.callbacks.stage({collection, QStringLiteral("verify"), verifyLevelName(level),
            StageProgress::State::Running, fraction, {}, note});
    };
    // It only reads, so that it can begin again when PostgreSQL was lost; what Qdrant denies it has asked for
    // often enough by itself.
    auto outcomes = session.withRetries(QStringLiteral("Verification"), [&] {
        auto result = context.request.verifier->verify(request, progress, context.stopToken());
        if (!result && !result.error().poisonsConnection)
            result.error().retryable = false;
        return result;
    });
    session.outcome.verifyTime = since(started);
    if (!outcomes) {
        const Error error = outcomes.error();
        if (context.stopRequested() || error.kind == ErrorKind::Cancelled)
            return fail(stopped());
        // The data is in; that it could not be compared is a result of its own, not a failed run.
        session.outcome.warnings
            << QStringLiteral("Verification could not be finished: %1").arg(error.summary);
        outcomes = failedVerification(context, level, error);
    }
    for (const VerificationOutcome& outcome : *outcomes) {
        const bool good = outcome.result == QLatin1String("identical");
        session.callbacks.stage({outcome.collection, QStringLiteral("verify"), verifyLevelName(level),
            good ? StageProgress::State::Done : StageProgress::State::Failed, 1, outcome.elapsed,
            outcome.sentence});
        for (CollectionOutcome& collection : session.outcome.collections) {
            if (collection.collection == outcome.collection)
                collection.verification = outcome;
        }
    }
    return {};
}

Result<void> publishTables(RunSession& session)
{
    RunContext& context = session.context;
    for (const CollectionRun& collection : context.collections) {
        if (collection.plan.mode != TableMode::Replace || collection.published)
            continue;
        const auto outcome =
            std::find_if(session.outcome.collections.begin(), session.outcome.collections.end(),
                [&collection](const CollectionOutcome& c) { return c.collection == collection.plan.name; });
        const bool known = outcome != session.outcome.collections.end();
        const QString& table = collection.schema.table.name;
        const PublishDecision gate = publishGate(
            table, known ? outcome->verification : std::nullopt, context.request.overrideVerification);
        if (context.request.plan.run.publish == PublishMode::Hold || !gate.allowed) {
            const QString why = gate.allowed ? QStringLiteral("the plan says so") : gate.objection;
            session.outcome.warnings << QStringLiteral(
                "%1 was not swapped in, because %2: the new rows wait in table %3.")
                                            .arg(table, why, collection.schema.loadName);
            continue;
        }
        if (auto ready = session.ensureControl(); !ready)
            return ready;
        auto swapped = swapTables(*session.control, collection.schema,
            [&] { return context.ledger.addEvent(*session.control, context.runId, publishedEvent, table); });
        if (!swapped)
            return swapped;
        if (gate.overridden) {
            const QString sentence = overrideSentence(table, gate);
            session.outcome.warnings << sentence;
            outcome->notes << sentence;
        }
        session.callbacks.message(QStringLiteral("Table %1 was replaced.").arg(table));
    }
    return {};
}

Result<void> markPublished(RunSession& session)
{
    auto events = session.context.ledger.events(*session.control, session.context.runId);
    if (!events)
        return fail(events.error());
    for (CollectionRun& collection : session.context.collections) {
        collection.published = std::any_of(events->begin(), events->end(), [&](const Ledger::Event& event) {
            return event.kind == publishedEvent && event.text == collection.schema.table.name;
        });
    }
    return {};
}

} // namespace qdrant2pg
