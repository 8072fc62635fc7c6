// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/api/api.h"
#include "demo/server/faults.h"
#include "demo/server/gauge.h"
#include "demo/server/requestlog.h"
#include "demo/server/requestreader.h"
#include "demo/server/socket.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

namespace qdrant2pg::demo {

/// One accepted connection: reads requests, answers them, and fails where a fault says so. run() belongs to
/// one thread; the other functions may be called from any.
class Connection {
public:
    struct Context {
        Api& api;
        FaultPlan& faults;
        RequestLog& log;
        std::atomic<std::size_t>& stalled;
        std::chrono::milliseconds idleTimeout;
        const std::function<void(const HttpRequest&)>& observer;
        Gauge& underWay;
    };

    Connection(Context context, Socket socket, std::uint64_t number);

    /// Serves until either side ends the connection.
    void run();
    /// Makes run() return soon; \a reset ends the connection with a RST.
    void end(bool reset);
    void releaseStall();
    [[nodiscard]] bool finished() const { return m_finished; }

private:
    enum class Wait { Readable, TimedOut, Closed };
    enum class Received { Request, Closed, Idle, IdleUnused, BadHead, HugeHead };

    [[nodiscard]] Wait waitReadable(std::chrono::steady_clock::time_point until);
    [[nodiscard]] Received receive(RequestReader& reader, HttpRequest& request, bool& keepAlive);
    /// False when the connection is to be closed.
    [[nodiscard]] bool answer(const HttpRequest& request, bool keepAlive);
    /// Makes m_reply, and the fault with which it is sent. False: the connection ends without an answer.
    [[nodiscard]] bool prepare(const HttpRequest& request, std::optional<Fault>& fault);
    [[nodiscard]] bool send(std::string_view head, std::string_view body = {});
    [[nodiscard]] bool sendFaulty(const Fault& fault, const std::string& head, const std::string& body);
    void stall(std::chrono::milliseconds duration);
    [[nodiscard]] static std::string head(const HttpReply& reply, std::size_t length, bool keepAlive);

    Context m_context;
    Socket m_socket;
    WakeUp m_wake;
    std::uint64_t m_number;
    bool m_used = false;
    HttpReply m_reply;
    std::atomic<bool> m_ending = false;
    std::atomic<bool> m_resetting = false;
    std::atomic<std::uint64_t> m_releases = 0;
    std::atomic<bool> m_finished = false;
};

} // namespace qdrant2pg::demo
