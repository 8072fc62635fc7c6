// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace qdrant2pg {

/// A token that stops after that time, for work that must not last longer. A thread of its own, which ends
/// with the object.
class Deadline {
public:
    explicit Deadline(std::chrono::milliseconds after)
        : m_thread([this, after](const std::stop_token& over) {
            std::mutex mutex;
            std::unique_lock lock(mutex);
            std::condition_variable_any wake;
            wake.wait_for(lock, over, after, [] { return false; });
            if (!over.stop_requested())
                m_source.request_stop();
        })
    {
    }
    std::stop_token token() const { return m_source.get_token(); }

private:
    std::stop_source m_source;
    std::jthread m_thread;
};

} // namespace qdrant2pg
