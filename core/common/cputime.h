// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>

namespace qdrant2pg {

/// Processor time (user and system) used so far, where the system can tell; else zero. Some hundred
/// nanoseconds a call: for whole pages, not for points.
std::chrono::nanoseconds threadCpuTime();
std::chrono::nanoseconds processCpuTime();

} // namespace qdrant2pg
