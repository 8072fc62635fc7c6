// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/server/socket.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace qdrant2pg::demo {

namespace {

tl::expected<sockaddr_in, std::string> endpoint(const std::string& address, std::uint16_t port)
{
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_port = htons(port);
    if (inet_pton(AF_INET, address.c_str(), &result.sin_addr) != 1)
        return tl::unexpected("`" + address + "` is not an IPv4 address");
    return result;
}

tl::unexpected<std::string> systemError(const std::string& what)
{
    return tl::unexpected(what + ": " + std::strerror(errno));
}

} // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
{
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept
{
    if (this != &other) {
        close();
        m_fd = std::exchange(other.m_fd, -1);
    }
    return *this;
}

Descriptor::~Descriptor()
{
    close();
}

void Descriptor::close()
{
    if (m_fd >= 0)
        ::close(std::exchange(m_fd, -1));
}

tl::expected<Socket, std::string> Socket::listen(const std::string& address, std::uint16_t port)
{
    const auto where = endpoint(address, port);
    if (!where)
        return tl::unexpected(where.error());
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    if (!socket.valid() || setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0
        || bind(socket.get(), reinterpret_cast<const sockaddr*>(&*where), sizeof *where) != 0
        || ::listen(socket.get(), 128) != 0)
        return systemError("cannot listen on " + address + ':' + std::to_string(port));
    return socket;
}

tl::expected<Socket, std::string> Socket::connect(const std::string& address, std::uint16_t port)
{
    const auto where = endpoint(address, port);
    if (!where)
        return tl::unexpected(where.error());
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!socket.valid()
        || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&*where), sizeof *where) != 0)
        return systemError("cannot connect to " + address + ':' + std::to_string(port));
    return socket;
}

Socket Socket::accept() const
{
    Socket socket(::accept4(get(), nullptr, nullptr, SOCK_CLOEXEC));
    const int on = 1;
    if (socket.valid())
        setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

std::uint16_t Socket::localPort() const
{
    sockaddr_in where{};
    socklen_t length = sizeof where;
    return getsockname(get(), reinterpret_cast<sockaddr*>(&where), &length) == 0 ? ntohs(where.sin_port)
                                                                                 : std::uint16_t(0);
}

bool Socket::sendSome(std::string_view& first, std::string_view& second) const
{
    while (!first.empty() || !second.empty()) {
        // The kernel only reads through these pointers.
        iovec parts[2] = {{const_cast<char*>(first.data()), first.size()},
            {const_cast<char*>(second.data()), second.size()}};
        msghdr message{};
        message.msg_iov = parts;
        message.msg_iovlen = 2;
        const ssize_t sent = sendmsg(get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK;
        const auto count = static_cast<std::size_t>(sent);
        const std::size_t ofFirst = std::min(count, first.size());
        first.remove_prefix(ofFirst);
        second.remove_prefix(count - ofFirst);
    }
    return true;
}

bool Socket::sendAll(std::string_view text) const
{
    std::string_view nothing;
    while (sendSome(text, nothing)) {
        if (text.empty())
            return true;
        pollfd wait{get(), POLLOUT, 0};
        poll(&wait, 1, -1);
    }
    return false;
}

long Socket::receive(std::string& buffer) const
{
    char chunk[65536];
    for (;;) {
        const ssize_t count = recv(get(), chunk, sizeof chunk, 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count > 0)
            buffer.append(chunk, static_cast<std::size_t>(count));
        return count;
    }
}

void Socket::resetOnClose() const
{
    const linger now{1, 0};
    setsockopt(get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

WakeUp::WakeUp()
    : m_event(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

void WakeUp::signal() const
{
    const std::uint64_t one = 1;
    // A full counter wakes as well.
    [[maybe_unused]] const ssize_t done = write(m_event.get(), &one, sizeof one);
}

void WakeUp::clear() const
{
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t done = read(m_event.get(), &count, sizeof count);
}

} // namespace qdrant2pg::demo
