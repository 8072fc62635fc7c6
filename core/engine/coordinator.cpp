// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/coordinator.h"

#include "core/common/deadline.h"
#include "core/engine/copyphase.h"
#include "core/engine/finishphase.h"
#include "core/engine/processid.h"
#include "core/engine/runnumbers.h"
#include "core/engine/runopener.h"
#include "core/qdrant/qdrantclient.h"

#include <algorithm>
#include <atomic>

namespace qdrant2pg {

namespace {

/// For the last word to the ledger after an abort, when PostgreSQL may be what the user gave up on.
constexpr std::chrono::milliseconds lastWord{2'000};

} // namespace

Coordinator::Coordinator(RunContext& context, RunCallbacks callbacks)
    : m_session(context, std::move(callbacks))
{
    // A process may run several engines, one after another or at once; each is an owner of its own.
    static std::atomic<int> engines{0};
    context.owner = processOwner() + '-' + std::to_string(++engines);
}

/// A run that another process has ended: what is left is to tell its numbers.
Result<void> Coordinator::finishElsewhere()
{
    m_finishedElsewhere = true;
    m_session.enter(RunState::BuildingIndexes);
    collectNumbers(m_session, *m_session.control);
    m_session.enter(RunState::Finishing);
    return {};
}

Result<void> Coordinator::sequence()
{
    RunContext& context = m_session.context;
    auto control = Connection::open(context.request.target);
    if (!control)
        return fail(control.error());
    m_session.control.emplace(std::move(*control));
    if (auto ready = preflight(m_session); !ready)
        return ready;
    if (auto ready = context.request.resumeRunId.isEmpty() ? startRun(m_session) : resumeRun(m_session);
        !ready)
        return ready;
    if (context.stopRequested()) {
        m_session.enter(RunState::Cancelling);
        return fail(ErrorKind::Cancelled, QStringLiteral("Stopped."));
    }
    if (auto copied = copyPoints(m_session); !copied)
        return copied;
    auto turn = takeTurnToFinish(m_session);
    if (!turn)
        return fail(turn.error());
    if (!*turn)
        return finishElsewhere();
    if (auto built = buildIndexes(m_session); !built)
        return built;
    if (auto ready = m_session.ensureControl(); !ready)
        return ready;
    collectNumbers(m_session, *m_session.control);
    if (auto verified = verifyRun(m_session); !verified)
        return verified;
    m_session.enter(RunState::Finishing);
    return publishTables(m_session);
}

RunState Coordinator::goodEnd() const
{
    const auto& collections = m_session.outcome.collections;
    const bool rejects = std::any_of(
        collections.begin(), collections.end(), [](const CollectionOutcome& c) { return c.rejected > 0; });
    return rejects ? RunState::CompletedWithRejects : RunState::Completed;
}

void Coordinator::finish(RunState state, const std::optional<Error>& error)
{
    RunContext& context = m_session.context;
    RunOutcome& outcome = m_session.outcome;
    outcome.error = error;
    // A run that the ledger does not know cannot be resumed, so it has no name.
    outcome.runId = m_session.runExists ? context.runId : QString();
    outcome.ledgerSchema = context.ledger.schema();
    outcome.plan = context.request.plan;
    outcome.retries = context.retries;
    if (m_session.runExists && !m_finishedElsewhere) {
        TargetOptions target = context.request.target;
        target.abandon = {};
        // Somebody's lock on the table costs the number of its rows, not the end of the run.
        target.settings << qMakePair(QStringLiteral("lock_timeout"), QStringLiteral("2s"));
        std::optional<Deadline> deadline;
        if (context.aborted())
            target.abandon = deadline.emplace(lastWord).token();
        if (auto control = Connection::open(target)) {
            if (outcome.collections.isEmpty())
                collectNumbers(m_session, *control);
            const QString reason = error ? error->summary : QString();
            if (auto set = context.ledger.setRunState(*control, context.runId, runStateName(state), reason);
                !set)
                outcome.warnings << QStringLiteral("The ledger could not be told how the run ended: %1")
                                        .arg(set.error().summary);
        } else {
            outcome.warnings << QStringLiteral("The ledger could not be told how the run ended: %1")
                                    .arg(control.error().summary);
        }
    }
    outcome.finishedAt = QDateTime::currentDateTimeUtc();
    m_session.enter(state);
}

RunOutcome Coordinator::run()
{
    RunContext& context = m_session.context;
    m_session.outcome.startedAt = QDateTime::currentDateTimeUtc();
    m_session.enter(RunState::Preflight);
    const auto result = sequence();
    if (result) {
        finish(goodEnd(), std::nullopt);
        return m_session.outcome;
    }
    const Error& error = result.error();
    const bool cancelled =
        context.stopRequested() && (error.kind == ErrorKind::Cancelled || context.aborted());
    if (cancelled && m_session.outcome.state != RunState::Cancelling)
        m_session.enter(RunState::Cancelling);
    finish(
        cancelled ? RunState::Cancelled : RunState::Failed, cancelled ? std::nullopt : std::optional(error));
    return m_session.outcome;
}

} // namespace qdrant2pg
