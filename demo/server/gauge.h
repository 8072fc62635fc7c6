// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

namespace qdrant2pg::demo {

/// Counts what is under way at the same time, and remembers the most. Thread-safe.
class Gauge {
public:
    void enter()
    {
        const int now = ++m_now;
        int most = m_most;
        while (most < now && !m_most.compare_exchange_weak(most, now)) { }
    }
    void leave() { --m_now; }
    [[nodiscard]] int most() const { return m_most; }

private:
    std::atomic<int> m_now{0};
    std::atomic<int> m_most{0};
};

} // namespace qdrant2pg::demo
