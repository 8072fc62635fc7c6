// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/pointsource.h"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace qdrant2pg {

/// What all lanes together may ask of a live source: points per second and pages at once. Thread-safe.
class SourceLimits {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// 0: no limit.
    SourceLimits(qint64 pointsPerSecond, int requestsInFlight);

    /// Takes the next turn for `points` more; how long after `now` it begins. Turns follow one another at the
    /// rate, however many threads take them; what was not used is not saved up.
    std::chrono::nanoseconds reserve(std::uint32_t points, TimePoint now);

    /// Takes one of the places for pages that are under way; false when all are taken.
    bool tryEnter();
    /// Waits for a place. Cancelled when stop is requested before.
    [[nodiscard]] Result<void> enter(std::stop_token stop);
    void leave();

private:
    friend class LimitedPointSource;
    const qint64 m_pointsPerSecond;
    const int m_requestsInFlight;
    std::mutex m_mutex;
    std::condition_variable_any m_left;
    TimePoint m_next;
    int m_inside = 0;
};

using PointSourceMaker = std::function<Result<std::unique_ptr<PointSource>>(const QString& collection)>;

/// Sources of `make` that together have no more pages under way than `limits` allows. A page counts from its
/// request until it is awaited or given up; where there is no place, request() only remembers it and await()
/// asks. Without such a limit: the same sources.
PointSourceMaker limitedSources(PointSourceMaker make, std::shared_ptr<SourceLimits> limits);

} // namespace qdrant2pg
