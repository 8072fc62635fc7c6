// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/connection.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

namespace qdrant2pg {

/// Sees to it that nobody waits for PostgreSQL once a token has stopped: asks the server again and again to
/// cancel what it does (a request that meets no statement is lost), and cuts the connection when the server
/// does not end it within `patience`. Costs nothing before. Used by Connection alone; goes before it does.
class Abandonment {
public:
    static constexpr std::chrono::milliseconds patience{2'000};

    Abandonment(Connection::Canceller canceller, int socket, const std::stop_token& token);
    ~Abandonment();
    Abandonment(const Abandonment&) = delete;
    Abandonment& operator=(const Abandonment&) = delete;

private:
    void begin();
    void work(const std::stop_token& over);

    Connection::Canceller m_canceller;
    /// A descriptor of our own: libpq may close its own at any time, and the number would be somebody else's.
    int m_socket;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_thread;
    /// Destroyed first: begins the thread.
    std::optional<std::stop_callback<std::function<void()>>> m_callback;
};

} // namespace qdrant2pg
