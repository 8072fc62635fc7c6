// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/waiting.h"

#include <chrono>
#include <stop_token>
#include <thread>

namespace qdrant2pg {

/// A token that stops after that time, for work that must not last longer. A thread of its own, which ends
/// with the object.
class Deadline {
public:
    explicit Deadline(std::chrono::milliseconds after)
        : m_thread([this, after](const std::stop_token& over) {
            if (waitUnlessStopped(over, after))
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
