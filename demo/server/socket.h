// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace qdrant2pg::demo {

/// Owns a file descriptor.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    [[nodiscard]] int get() const { return m_fd; }
    [[nodiscard]] bool valid() const { return m_fd >= 0; }
    void close();

private:
    int m_fd = -1;
};

/// A TCP socket with the few calls that a server and its tests need; errors are texts.
class Socket : public Descriptor {
public:
    using Descriptor::Descriptor;

    [[nodiscard]] static tl::expected<Socket, std::string> listen(
        const std::string& address, std::uint16_t port);
    [[nodiscard]] static tl::expected<Socket, std::string> connect(
        const std::string& address, std::uint16_t port);
    [[nodiscard]] Socket accept() const; ///< invalid when there is none
    [[nodiscard]] std::uint16_t localPort() const;

    /// Sends what fits now and takes it off the two texts, one after the other; false when the connection is
    /// gone.
    [[nodiscard]] bool sendSome(std::string_view& first, std::string_view& second) const;
    /// Sends everything, waiting as long as it takes; false when the connection is gone.
    [[nodiscard]] bool sendAll(std::string_view text) const;
    /// Appends what is there; 0 at the end of the stream, negative on an error.
    [[nodiscard]] long receive(std::string& buffer) const;
    void resetOnClose() const; ///< close() then sends RST
};

/// Wakes a poll() in another thread.
class WakeUp {
public:
    WakeUp();
    void signal() const;
    void clear() const;
    [[nodiscard]] int get() const { return m_event.get(); }

private:
    Descriptor m_event;
};

} // namespace qdrant2pg::demo
