// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/waiting.h"

#include <condition_variable>
#include <mutex>

namespace qdrant2pg {

bool waitUnlessStopped(const std::stop_token& stop, std::chrono::nanoseconds duration)
{
    if (duration.count() > 0) {
        std::mutex mutex;
        std::unique_lock lock(mutex);
        std::condition_variable_any wake;
        wake.wait_for(lock, stop, duration, [] { return false; });
    }
    return !stop.stop_requested();
}

} // namespace qdrant2pg
