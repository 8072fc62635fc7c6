// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <stop_token>

namespace qdrant2pg {

/// Blocks the calling thread that long, or until stop is requested; not at all for what is not above zero.
/// False when it was stopped.
bool waitUnlessStopped(const std::stop_token& stop, std::chrono::nanoseconds duration);

} // namespace qdrant2pg
