// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "tests/demo/testclient.h"

#include <poll.h>

#include <algorithm>
#include <cstdlib>

namespace qdrant2pg::demo {

TestClient::TestClient(std::uint16_t port)
{
    auto socket = Socket::connect("127.0.0.1", port);
    if (socket)
        m_socket = std::move(*socket);
}

void TestClient::send(const std::string& bytes)
{
    // A server that closed early shows in the answer.
    [[maybe_unused]] const bool sent = m_socket.sendAll(bytes);
}

void TestClient::sendRequest(const std::string& method, const std::string& target, const std::string& body,
    const std::map<std::string, std::string>& headers)
{
    std::string bytes = method + ' ' + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    for (const auto& [name, value] : headers)
        bytes += name + ": " + value + "\r\n";
    if (!body.empty() || method != "GET")
        bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(bytes + "\r\n" + body);
}

TestClient::More TestClient::receiveMore(std::chrono::steady_clock::time_point until)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd wait{m_socket.get(), POLLIN, 0};
    if (left.count() <= 0 || poll(&wait, 1, static_cast<int>(left.count())) <= 0)
        return More::Late;
    const long count = m_socket.receive(m_buffer);
    return count > 0 ? More::Bytes : count == 0 ? More::Closed : More::Reset;
}

ClientReply TestClient::read(bool withoutBody)
{
    ClientReply reply;
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    const auto more = [&] {
        const More result = receiveMore(until);
        reply.closed = reply.closed || result == More::Closed || result == More::Reset;
        reply.reset = reply.reset || result == More::Reset;
        return result == More::Bytes;
    };
    std::size_t end = m_buffer.find("\r\n\r\n");
    while (end == std::string::npos && more())
        end = m_buffer.find("\r\n\r\n");
    if (end == std::string::npos)
        return reply;
    reply.head = m_buffer.substr(0, end + 2);
    m_buffer.erase(0, end + 4);
    reply.status = std::atoi(reply.head.substr(9, 3).c_str());
    std::size_t at = reply.head.find("\r\n") + 2;
    while (at < reply.head.size()) {
        const std::size_t lineEnd = reply.head.find("\r\n", at);
        const std::string line = reply.head.substr(at, lineEnd - at);
        const std::size_t colon = line.find(": ");
        reply.headers[line.substr(0, colon)] = line.substr(colon + 2);
        at = lineEnd + 2;
    }
    const auto length =
        withoutBody ? std::size_t(0) : std::strtoull(reply.headers["content-length"].c_str(), nullptr, 10);
    while (m_buffer.size() < length && more()) { }
    reply.complete = m_buffer.size() >= length;
    reply.body = m_buffer.substr(0, length);
    m_buffer.erase(0, length);
    return reply;
}

ClientReply TestClient::request(const std::string& method, const std::string& target, const std::string& body,
    const std::map<std::string, std::string>& headers)
{
    sendRequest(method, target, body, headers);
    return read(method == "HEAD");
}

bool TestClient::closesSilently(std::chrono::milliseconds within)
{
    return receiveMore(std::chrono::steady_clock::now() + within) == More::Closed && m_buffer.empty();
}

void TestClient::close()
{
    m_socket.close();
}

} // namespace qdrant2pg::demo
