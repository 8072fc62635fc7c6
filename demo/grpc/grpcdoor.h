// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/grpc/grpccalls.h"

#include <functional>
#include <memory>

namespace qdrant2pg::demo {

class StandInServer;

/// The gRPC door of a stand-in server, on a port of its own, from the same points, settings and keys. Answers
/// are never compressed. start() and stop() belong to one thread; the server must outlive the door.
class GrpcDoor {
public:
    struct Options {
        std::string address = "127.0.0.1";
        std::uint16_t port = 0; ///< 0: the system chooses
        std::string certificate; ///< PEM; with it and the key the door speaks TLS alone
        std::string key;
        std::string
            clientAuthority; ///< PEM; with it only clients with a certificate of that authority come in
    };

    explicit GrpcDoor(StandInServer& server);
    GrpcDoor(StandInServer& server, Options options);
    GrpcDoor(const GrpcDoor&) = delete;
    GrpcDoor& operator=(const GrpcDoor&) = delete;
    ~GrpcDoor(); ///< stops

    /// Listens. The error is a sentence.
    [[nodiscard]] tl::expected<void, std::string> start();
    /// Closes the port and every connection at once, calls in flight too.
    void stop();
    [[nodiscard]] std::uint16_t port() const; ///< stays known after stop()
    [[nodiscard]] std::uint64_t calls() const; ///< answered or not
    [[nodiscard]] int mostAtOnce() const; ///< calls under way at the same time

    /// Asked before every call, in a thread of the library; what it returns is the answer. Set it before
    /// start().
    void setInterceptor(std::function<std::optional<GrpcAnswer>(const std::string& method)> interceptor);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace qdrant2pg::demo
