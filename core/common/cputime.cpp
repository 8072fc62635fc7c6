// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/cputime.h"

#include <QtGlobal>

#ifdef Q_OS_UNIX
#include <ctime>
#endif

namespace qdrant2pg {

#ifdef Q_OS_UNIX
namespace {

std::chrono::nanoseconds readClock(clockid_t clock)
{
    timespec now{};
    if (::clock_gettime(clock, &now) != 0)
        return {};
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

} // namespace

std::chrono::nanoseconds threadCpuTime()
{
    return readClock(CLOCK_THREAD_CPUTIME_ID);
}

std::chrono::nanoseconds processCpuTime()
{
    return readClock(CLOCK_PROCESS_CPUTIME_ID);
}
#else
std::chrono::nanoseconds threadCpuTime()
{
    return {};
}

std::chrono::nanoseconds processCpuTime()
{
    return {};
}
#endif

} // namespace qdrant2pg
