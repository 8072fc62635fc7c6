// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/sourcelimits.h"

#include <algorithm>
#include <utility>

namespace qdrant2pg {

SourceLimits::SourceLimits(qint64 pointsPerSecond, int requestsInFlight)
    : m_pointsPerSecond(pointsPerSecond)
    , m_requestsInFlight(requestsInFlight)
{
}

std::chrono::nanoseconds SourceLimits::reserve(std::uint32_t points, TimePoint now)
{
    if (m_pointsPerSecond <= 0)
        return {};
    const std::lock_guard lock(m_mutex);
    const TimePoint turn = std::max(m_next, now);
    m_next = turn + std::chrono::nanoseconds(std::int64_t{1'000'000'000} * points / m_pointsPerSecond);
    return turn - now;
}

bool SourceLimits::tryEnter()
{
    const std::lock_guard lock(m_mutex);
    if (m_requestsInFlight > 0 && m_inside >= m_requestsInFlight)
        return false;
    ++m_inside;
    return true;
}

Result<void> SourceLimits::enter(std::stop_token stop)
{
    std::unique_lock lock(m_mutex);
    const bool free = m_left.wait(
        lock, std::move(stop), [this] { return m_requestsInFlight <= 0 || m_inside < m_requestsInFlight; });
    if (!free)
        return fail(ErrorKind::Cancelled, QStringLiteral("Stopped before the server was asked."));
    ++m_inside;
    return {};
}

void SourceLimits::leave()
{
    {
        const std::lock_guard lock(m_mutex);
        --m_inside;
    }
    m_left.notify_one();
}

class LimitedPointSource : public PointSource {
public:
    LimitedPointSource(std::unique_ptr<PointSource> source, std::shared_ptr<SourceLimits> limits)
        : m_source(std::move(source))
        , m_limits(std::move(limits))
    {
    }
    ~LimitedPointSource() override { cancel(); }
    LimitedPointSource(const LimitedPointSource&) = delete;
    LimitedPointSource& operator=(const LimitedPointSource&) = delete;

    static bool isNeededFor(const SourceLimits& limits) { return limits.m_requestsInFlight > 0; }

    void request(const PageRequest& request) override
    {
        m_waiting = false;
        if (!m_inside)
            m_inside = m_limits->tryEnter();
        if (m_inside) {
            m_source->request(request);
            return;
        }
        m_asked = request;
        m_waiting = true;
    }

    [[nodiscard]] Result<void> await(PointPage& page, std::stop_token stop) override
    {
        if (std::exchange(m_waiting, false)) {
            const auto start = std::chrono::steady_clock::now();
            auto entered = m_limits->enter(stop);
            m_queued += std::chrono::steady_clock::now() - start;
            if (!entered)
                return entered;
            m_inside = true;
            m_source->request(m_asked);
        }
        auto received = m_source->await(page, std::move(stop));
        leave();
        return received;
    }

    void cancel() override
    {
        m_waiting = false;
        m_source->cancel();
        leave();
    }

    QString transportName() const override { return m_source->transportName(); }

    Times takeTimes() override
    {
        Times times = m_source->takeTimes();
        times.waiting += std::exchange(m_queued, {});
        return times;
    }

private:
    void leave()
    {
        if (std::exchange(m_inside, false))
            m_limits->leave();
    }

    std::unique_ptr<PointSource> m_source;
    std::shared_ptr<SourceLimits> m_limits;
    PageRequest m_asked;
    bool m_waiting = false;
    bool m_inside = false;
    std::chrono::nanoseconds m_queued{};
};

PointSourceMaker limitedSources(PointSourceMaker make, std::shared_ptr<SourceLimits> limits)
{
    if (!LimitedPointSource::isNeededFor(*limits))
        return make;
    return [make = std::move(make), limits = std::move(limits)](
               const QString& collection) -> Result<std::unique_ptr<PointSource>> {
        auto source = make(collection);
        if (!source)
            return source;
        return std::make_unique<LimitedPointSource>(std::move(*source), limits);
    };
}

} // namespace qdrant2pg
