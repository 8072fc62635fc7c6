// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/server/socket.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace qdrant2pg::demo {

/// What came back, byte by byte where it matters.
struct ClientReply {
    int status = 0;
    std::string head; ///< as received, with the status line
    std::map<std::string, std::string> headers; ///< names as received
    std::string body;
    bool complete = false; ///< as many bytes as Content-Length says
    bool closed = false; ///< the server ended the connection while this was read
    bool reset = false; ///< with a RST
};

/// A plain HTTP client that hides nothing from a test.
class TestClient {
public:
    explicit TestClient(std::uint16_t port);

    [[nodiscard]] bool connected() const { return m_socket.valid(); }
    void send(const std::string& bytes);
    void sendRequest(const std::string& method, const std::string& target, const std::string& body = {},
        const std::map<std::string, std::string>& headers = {});
    /// Reads one answer; gives up after ten seconds.
    [[nodiscard]] ClientReply read(bool withoutBody = false);
    [[nodiscard]] ClientReply request(const std::string& method, const std::string& target,
        const std::string& body = {}, const std::map<std::string, std::string>& headers = {});
    /// True when the server closes the connection without sending anything within the time.
    [[nodiscard]] bool closesSilently(std::chrono::milliseconds within);
    void close();

private:
    enum class More { Bytes, Closed, Reset, Late };
    [[nodiscard]] More receiveMore(std::chrono::steady_clock::time_point until);

    Socket m_socket;
    std::string m_buffer;
};

} // namespace qdrant2pg::demo
