// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace qdrant2pg {

/// Runs `work(lane, stop)` on that many threads and waits for all. The first error stops the others and is
/// returned; a stop of the caller stops all.
[[nodiscard]] inline Result<void> runLanes(int lanes, const std::stop_token& outer,
    const std::function<Result<void>(int lane, const std::stop_token& stop)>& work)
{
    std::mutex mutex;
    std::optional<Error> failure;
    std::stop_source stop;
    const std::stop_callback forward(outer, [&stop] { stop.request_stop(); });
    {
        std::vector<std::jthread> threads;
        for (int lane = 0; lane < lanes; ++lane) {
            threads.emplace_back([&, lane] {
                auto done = work(lane, stop.get_token());
                if (done)
                    return;
                const std::lock_guard lock(mutex);
                // What the others say once they were stopped is no cause.
                if (!failure)
                    failure = done.error();
                stop.request_stop();
            });
        }
    }
    if (outer.stop_requested())
        return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing."));
    if (failure)
        return fail(*failure);
    return {};
}

} // namespace qdrant2pg
