// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/faultproxy.h"

#include <QUrl>
#include <QtEndian>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace qdrant2pg::test {

namespace {

constexpr int pollMilliseconds = 20;
constexpr qint32 protocolThree = 196608;
constexpr qsizetype lengthBytes = 4;
constexpr std::size_t chunk = 1 << 16;

sockaddr_in localAddress(quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool sendAll(int socket, const char* bytes, qsizetype size)
{
    while (size > 0) {
        const ssize_t sent = ::send(socket, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes += sent;
        size -= sent;
    }
    return true;
}

bool readable(int socket, int milliseconds)
{
    pollfd watched{socket, POLLIN, 0};
    return ::poll(&watched, 1, milliseconds) > 0;
}

/// Messages are passed on one by one: without this each would wait for the acknowledgement of the last.
void sendAtOnce(int socket)
{
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

FaultProxy::FaultProxy(const TargetOptions& server)
    : m_server(server)
{
    const QUrl url(server.conninfo);
    m_host = url.host();
    m_serverPort = static_cast<quint16>(url.port(5432));
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = localAddress(0);
    socklen_t size = sizeof address;
    if (::bind(m_listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(m_listener, 64) != 0
        || ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        qFatal("the proxy cannot listen");
    m_port = ntohs(address.sin_port);
    m_acceptor = std::jthread([this](const std::stop_token& stop) { accept(stop); });
}

FaultProxy::~FaultProxy()
{
    m_acceptor.request_stop();
    m_acceptor.join();
    m_threads.clear();
    ::close(m_listener);
}

TargetOptions FaultProxy::options() const
{
    TargetOptions options = m_server;
    QUrl url(m_server.conninfo);
    url.setHost(QStringLiteral("127.0.0.1"));
    url.setPort(m_port);
    options.conninfo = url.toString(QUrl::FullyEncoded)
        + (url.hasQuery() ? QStringLiteral("&") : QStringLiteral("?")) + QStringLiteral("sslmode=disable");
    return options;
}

void FaultProxy::add(Rule rule)
{
    const std::lock_guard lock(m_mutex);
    m_rules.push_back({std::move(rule), 0});
}

void FaultProxy::clear()
{
    const std::lock_guard lock(m_mutex);
    m_rules.clear();
    m_down = false;
}

void FaultProxy::setDown(bool down)
{
    m_down = down;
}

void FaultProxy::accept(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        if (!readable(m_listener, pollMilliseconds))
            continue;
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0)
            continue;
        if (m_down) {
            ::close(client);
            continue;
        }
        sendAtOnce(client);
        const std::lock_guard lock(m_threadsMutex);
        m_threads.emplace_back([this, client](const std::stop_token& end) { pump(client, end); });
    }
}

int FaultProxy::connectToServer() const
{
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = localAddress(m_serverPort);
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(server);
        return -1;
    }
    sendAtOnce(server);
    return server;
}

bool FaultProxy::pass(int server, char type, const QByteArray& message)
{
    std::optional<Rule> struck;
    {
        const std::lock_guard lock(m_mutex);
        for (Entry& entry : m_rules) {
            const Rule& rule = entry.rule;
            if (rule.type != 0 && rule.type != type)
                continue;
            if (!rule.contains.isEmpty() && !message.contains(rule.contains))
                continue;
            const int match = ++entry.matches;
            if (!struck && match >= rule.first && (rule.times == 0 || match < rule.first + rule.times))
                struck = rule;
        }
    }
    if (struck) {
        ++m_hits;
        if (struck->action == Rule::Action::CutBefore)
            return false;
        if (struck->action == Rule::Action::Call)
            struck->call();
    }
    if (!sendAll(server, message.constData(), message.size()))
        return false;
    if (struck && struck->action == Rule::Action::CutAfter) {
        // The answer is the proof that the server is done.
        readable(server, 10'000);
        return false;
    }
    return true;
}

void FaultProxy::pump(int client, const std::stop_token& stop)
{
    const int server = connectToServer();
    QByteArray pending;
    QByteArray bytes(chunk, Qt::Uninitialized);
    bool started = false;
    bool open = server >= 0;
    while (open && !stop.stop_requested() && !m_down) {
        pollfd watched[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
        if (::poll(watched, 2, pollMilliseconds) <= 0)
            continue;
        if (watched[1].revents != 0) {
            const ssize_t size = ::recv(server, bytes.data(), chunk, 0);
            open = size > 0 && sendAll(client, bytes.constData(), size);
        }
        if (open && watched[0].revents != 0) {
            const ssize_t size = ::recv(client, bytes.data(), chunk, 0);
            open = size > 0;
            if (open)
                pending.append(bytes.constData(), size);
        }
        while (open) {
            const qsizetype head = started ? 1 : 0;
            if (pending.size() < head + lengthBytes)
                break;
            const auto length = qFromBigEndian<qint32>(pending.constData() + head);
            if (pending.size() < head + length)
                break;
            const QByteArray message = pending.left(head + length);
            pending.remove(0, head + length);
            open = pass(server, started ? message.at(0) : '\0', message);
            if (!started)
                started = qFromBigEndian<qint32>(message.constData() + lengthBytes) == protocolThree;
        }
    }
    ::close(client);
    if (server >= 0)
        ::close(server);
}

} // namespace qdrant2pg::test
