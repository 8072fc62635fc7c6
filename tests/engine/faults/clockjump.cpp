// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

// To be loaded before everything else (LD_PRELOAD): the clock of this computer jumps by days, forwards and
// backwards, from one look to the next. What counts time, the monotonic clock, does not. The first jump makes
// the file QDRANT2PG_CLOCKJUMP_MARK.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <ctime>

namespace {

std::atomic<unsigned> looks{0};

time_t jump()
{
    constexpr time_t days = 86'400;
    constexpr time_t offsets[] = {0, 3 * days, -5 * days, 400 * days};
    const unsigned look = looks++;
    if (look == 1) {
        if (const char* mark = std::getenv("QDRANT2PG_CLOCKJUMP_MARK")) {
            const int file = ::open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
            if (file >= 0)
                ::close(file);
        }
    }
    return offsets[look % 4];
}

template <class Function> Function original(const char* name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* time) noexcept
{
    static const auto real = original<int (*)(clockid_t, timespec*)>("clock_gettime");
    const int result = real(clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        time->tv_sec += jump();
    return result;
}

extern "C" int gettimeofday(timeval* time, void* zone) noexcept
{
    static const auto real = original<int (*)(timeval*, void*)>("gettimeofday");
    const int result = real(time, zone);
    if (result == 0)
        time->tv_sec += jump();
    return result;
}

extern "C" time_t time(time_t* out) noexcept
{
    static const auto real = original<time_t (*)(time_t*)>("time");
    const time_t now = real(nullptr) + jump();
    if (out != nullptr)
        *out = now;
    return now;
}
