// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/signalwatcher.h"

#include "app/cli/exitcodes.h"

#include <csignal>
#include <pthread.h>
#include <unistd.h>

namespace qdrant2pg::cli {

namespace {

/// Wakes the watcher's own thread at the end.
constexpr int wakeSignal = SIGUSR1;

sigset_t watchedSignals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    // nohup asks that the end of the terminal session is ignored.
    struct sigaction current { };
    if (sigaction(SIGHUP, nullptr, &current) == 0 && current.sa_handler != SIG_IGN)
        sigaddset(&set, SIGHUP);
    sigaddset(&set, wakeSignal);
    return set;
}

} // namespace

SignalWatcher::SignalWatcher()
{
    const sigset_t set = watchedSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    // A reader that went away (head, less) is an ordinary write error.
    std::signal(SIGPIPE, SIG_IGN);
    m_thread = std::thread([this] { watch(); });
}

SignalWatcher::~SignalWatcher()
{
    m_ending.store(true);
    pthread_kill(m_thread.native_handle(), wakeSignal);
    m_thread.join();
}

void SignalWatcher::setHandler(Handler handler)
{
    const std::lock_guard lock(m_mutex);
    m_handler = std::move(handler);
    m_count = 0;
}

void SignalWatcher::setExitHook(std::function<void()> hook)
{
    const std::lock_guard lock(m_mutex);
    m_exitHook = std::move(hook);
}

bool SignalWatcher::wasSignalled() const
{
    const std::lock_guard lock(m_mutex);
    return m_count > 0;
}

void SignalWatcher::watch()
{
    const sigset_t set = watchedSignals();
    for (;;) {
        int number = 0;
        if (sigwait(&set, &number) != 0)
            continue;
        if (number == wakeSignal) {
            if (m_ending.load())
                return;
            continue;
        }
        const std::lock_guard lock(m_mutex);
        ++m_count;
        if (m_handler && m_count <= 2) {
            m_handler(m_count, number);
            continue;
        }
        if (m_exitHook)
            m_exitHook();
        _exit(static_cast<int>(ExitCode::Stopped));
    }
}

} // namespace qdrant2pg::cli
