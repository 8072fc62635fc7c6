// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/runcontext.h"

#include "core/common/units.h"
#include "core/engine/enginelimits.h"

#include <algorithm>

namespace qdrant2pg {

CollectionRun* RunContext::collection(const QString& name)
{
    const auto it = std::find_if(collections.begin(), collections.end(),
        [&name](const CollectionRun& c) { return c.plan.name == name; });
    return it == collections.end() ? nullptr : &*it;
}

void RunContext::notify()
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_changes;
    }
    m_changed.notify_all();
}

void RunContext::requestPause(bool paused)
{
    {
        // Under the lock, so that no lane ends its rest unseen.
        const std::lock_guard lock(m_mutex);
        m_paused = paused;
    }
    if (paused)
        addMark(QStringLiteral("pause"));
    notify();
}

void RunContext::requestStop()
{
    m_stop = true;
    m_stopSource.request_stop();
    notify();
}

void RunContext::requestAbort()
{
    m_stop = true;
    m_stopSource.request_stop();
    m_abort.request_stop();
    notify();
}

void RunContext::failWith(const Error& error)
{
    {
        const std::lock_guard lock(m_mutex);
        if (!m_failure)
            m_failure = error;
    }
    m_failed = true;
    notify();
}

std::optional<Error> RunContext::failure() const
{
    const std::lock_guard lock(m_mutex);
    return m_failure;
}

void RunContext::beginRest()
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_resting;
        // Only a pause is waited for; else lanes that rest would wake one another for ever.
        if (!m_paused)
            return;
        ++m_changes;
    }
    m_changed.notify_all();
}

void RunContext::endRest()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_paused || ending(); });
    --m_resting;
}

bool RunContext::isAtRest(int lanes) const
{
    const std::lock_guard lock(m_mutex);
    return m_paused && m_resting == lanes;
}

bool RunContext::waitFor(std::chrono::milliseconds duration)
{
    std::unique_lock lock(m_mutex);
    return !m_changed.wait_for(lock, duration, [this] { return ending(); });
}

void RunContext::waitForChange(std::chrono::milliseconds atMost)
{
    std::unique_lock lock(m_mutex);
    const quint64 seen = m_changes;
    m_changed.wait_for(lock, atMost, [this, seen] { return m_changes != seen; });
}

int RunContext::wantedLanes() const
{
    if (request.lanes > 0)
        return request.lanes;
    return request.plan.run.lanes > 0 ? request.plan.run.lanes : automaticLanes;
}

qint64 RunContext::pageBytes(const QString& collectionName) const
{
    if (request.plan.run.pageBytes > 0)
        return request.plan.run.pageBytes;
    const bool grpc = transport && transport->of(collectionName) == Transport::Grpc;
    const qint64 bytes = grpc ? grpcPageBytes : restPageBytes;
    return bytes * automaticLanes / std::max(wantedLanes(), automaticLanes);
}

void RunContext::throttle(std::uint32_t points)
{
    const auto wait = limits->reserve(points, std::chrono::steady_clock::now());
    if (wait.count() > 0)
        waitFor(std::chrono::ceil<std::chrono::milliseconds>(wait));
}

bool RunContext::waitNamed(const QString& text, std::chrono::milliseconds duration)
{
    addMark(QStringLiteral("retry"));
    addMessage(text + QStringLiteral(", next in ") + formatDuration(duration));
    quint64 key = 0;
    {
        const std::lock_guard lock(m_mutex);
        key = m_nextWait++;
        m_waits[key] = {text, std::chrono::steady_clock::now() + duration};
    }
    const bool goOn = waitFor(duration);
    const std::lock_guard lock(m_mutex);
    m_waits.erase(key);
    return goOn;
}

QString RunContext::waiting() const
{
    const std::lock_guard lock(m_mutex);
    const auto last = std::max_element(m_waits.begin(), m_waits.end(),
        [](const auto& a, const auto& b) { return a.second.until < b.second.until; });
    if (last == m_waits.end())
        return {};
    const auto left =
        std::chrono::ceil<std::chrono::seconds>(last->second.until - std::chrono::steady_clock::now());
    return QStringLiteral("%1, next in %2 s")
        .arg(last->second.text)
        .arg(std::max<std::chrono::seconds::rep>(left.count(), 0));
}

void RunContext::addMessage(const QString& text)
{
    const std::lock_guard lock(m_mutex);
    m_messages << text;
}

QStringList RunContext::takeMessages()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_messages, {});
}

void RunContext::addMark(const QString& mark)
{
    const std::lock_guard lock(m_mutex);
    m_mark = mark;
}

QString RunContext::takeMark()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_mark, {});
}

} // namespace qdrant2pg
