// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/copyphase.h"

#include "core/common/cputime.h"
#include "core/engine/lane.h"
#include "core/engine/sourceidentity.h"
#include "core/qdrant/qdrantclient.h"

#include <thread>
#include <vector>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds lookInterval{250};

class CopyPhase {
public:
    explicit CopyPhase(RunSession& session)
        : m_session(session)
        , m_context(session.context)
        , m_beat(std::chrono::milliseconds(std::chrono::seconds(m_context.request.leaseSeconds)) / 3)
    {
    }

    Result<void> run();

private:
    void followCommands(int running);
    void beat();

    RunSession& m_session;
    RunContext& m_context;
    std::chrono::milliseconds m_beat;
    int m_lanes = 0;
    bool m_pausing = false;
};

void CopyPhase::followCommands(int running)
{
    const bool cancelling = m_session.outcome.state == RunState::Cancelling;
    if (m_context.stopRequested() && !cancelling) {
        m_session.enter(RunState::Cancelling);
    } else if (!cancelling && m_context.pauseRequested() != m_pausing) {
        m_pausing = m_context.pauseRequested();
        m_session.enter(m_pausing ? RunState::Pausing : RunState::Copying);
    }
    if (m_pausing && m_session.outcome.state == RunState::Pausing && running > 0
        && m_context.isAtRest(running))
        m_session.enter(RunState::Paused);
}

/// A page may take longer than a lease, so leases are renewed from here.
void CopyPhase::beat()
{
    if (m_context.ending())
        return;
    // Lanes wait for a lost server by themselves, and give up by themselves; what is left to say here is that
    // the table is somebody else's by now.
    if (auto held = m_session.ensureControl(); !held) {
        if (held.error().kind == ErrorKind::Conflict)
            m_context.failWith(held.error());
        return;
    }
    for (int number = 0; number < m_lanes; ++number) {
        const QString owner =
            QString::fromStdString(m_context.owner) + QLatin1Char('-') + QString::number(number);
        if (!m_context.ledger.renewLeases(
                *m_session.control, m_context.runId, owner, m_context.request.leaseSeconds))
            break;
    }
    if (auto same = checkSourceIdentity(m_context, *m_session.client); !same)
        m_context.failWith(same.error());
}

Result<void> CopyPhase::run()
{
    m_lanes = m_context.wantedLanes();
    m_session.outcome.lanes = m_lanes;
    // Snapshots look at the activities once the state is Copying.
    m_context.activities.resize(static_cast<std::size_t>(m_lanes));
    m_session.enter(RunState::Copying);
    const auto started = Clock::now();
    const auto cpuStarted = processCpuTime();
    {
        std::atomic<int> running{m_lanes};
        std::vector<std::jthread> threads;
        for (int number = 0; number < m_lanes; ++number) {
            threads.emplace_back([this, number, &running] {
                Lane lane(m_context, number);
                lane.run();
                --running;
                m_context.notify();
            });
        }
        auto nextBeat = Clock::now() + m_beat;
        while (running > 0) {
            m_context.waitForChange(lookInterval);
            followCommands(running);
            if (Clock::now() < nextBeat)
                continue;
            nextBeat = Clock::now() + m_beat;
            beat();
        }
    }
    m_session.outcome.dataTime =
        std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
    CopyCpu& cpu = m_session.outcome.copyCpu;
    for (const CollectionRun& collection : m_context.collections)
        cpu.points += collection.counters->read;
    cpu.decode = std::chrono::nanoseconds(m_context.cpu.decodeNs);
    cpu.encode = std::chrono::nanoseconds(m_context.cpu.encodeNs);
    cpu.copy = std::chrono::nanoseconds(m_context.cpu.copyNs);
    cpu.rest = processCpuTime() - cpuStarted - cpu.decode - cpu.encode - cpu.copy;
    if (m_context.stopRequested()) {
        if (m_session.outcome.state != RunState::Cancelling)
            m_session.enter(RunState::Cancelling);
        return fail(ErrorKind::Cancelled, QStringLiteral("Stopped."));
    }
    if (const auto failure = m_context.failure())
        return fail(*failure);
    return checkSourceIdentity(m_context, *m_session.client);
}

} // namespace

Result<void> copyPoints(RunSession& session)
{
    return CopyPhase(session).run();
}

} // namespace qdrant2pg
