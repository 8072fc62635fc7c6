// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace qdrant2pg::cli {

/// Waits for SIGINT, SIGTERM and SIGHUP on a thread of its own. Create it before any other thread: the
/// signals are blocked in all threads that start later, so that they end up here and nowhere else (no
/// asynchronous handler is involved). Without a handler the program ends at once with 130: nothing is under
/// way that a database would not undo by itself.
class SignalWatcher {
public:
    /// Called on the watcher's thread with 1 for the first signal, 2 for the second; the third ends the
    /// program.
    using Handler = std::function<void(int count, int signalNumber)>;

    SignalWatcher();
    ~SignalWatcher();
    SignalWatcher(const SignalWatcher&) = delete;
    SignalWatcher& operator=(const SignalWatcher&) = delete;

    /// Replaces the handler and starts counting anew; an empty one restores the end at once.
    void setHandler(Handler handler);
    /// Runs when the program ends here (restoring the terminal's echo).
    void setExitHook(std::function<void()> hook);
    /// True when a signal was seen since the handler was set.
    bool wasSignalled() const;

private:
    void watch();

    mutable std::mutex m_mutex;
    Handler m_handler;
    std::function<void()> m_exitHook;
    int m_count = 0;
    std::atomic<bool> m_ending{false};
    std::thread m_thread;
};

/// Sets a handler for a scope.
class SignalScope {
public:
    SignalScope(SignalWatcher& watcher, SignalWatcher::Handler handler)
        : m_watcher(watcher)
    {
        m_watcher.setHandler(std::move(handler));
    }
    ~SignalScope() { m_watcher.setHandler({}); }
    SignalScope(const SignalScope&) = delete;
    SignalScope& operator=(const SignalScope&) = delete;

private:
    SignalWatcher& m_watcher;
};

} // namespace qdrant2pg::cli
