// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/abandonment.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <memory>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds cancelInterval{100};

} // namespace

Abandonment::Abandonment(Connection::Canceller canceller, int socket, const std::stop_token& token)
    : m_canceller(std::move(canceller))
    , m_socket(::fcntl(socket, F_DUPFD_CLOEXEC, 0))
{
    m_callback.emplace(token, [this] { begin(); });
}

Abandonment::~Abandonment()
{
    m_callback.reset();
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_thread.join();
    }
    if (m_socket >= 0)
        ::close(m_socket);
}

/// Runs in the thread of whoever gave the command, so it only starts one.
void Abandonment::begin()
{
    m_thread = std::jthread([this](const std::stop_token& over) { work(over); });
}

void Abandonment::work(const std::stop_token& over)
{
    const auto deadline = Clock::now() + patience;
    // To a server that is gone the request itself may wait for minutes; it must not hold anybody up, so its
    // thread goes its own way with all that it needs.
    const auto asking = std::make_shared<std::atomic<bool>>(false);
    std::unique_lock lock(m_mutex);
    while (!over.stop_requested() && Clock::now() < deadline) {
        if (!asking->exchange(true))
            std::thread([canceller = m_canceller, asking] {
                canceller.cancel();
                *asking = false;
            }).detach();
        m_wake.wait_for(lock, over, cancelInterval, [] { return false; });
    }
    if (!over.stop_requested() && m_socket >= 0)
        ::shutdown(m_socket, SHUT_RDWR);
}

} // namespace qdrant2pg
