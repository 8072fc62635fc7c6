// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/api/api.h"
#include "demo/server/faults.h"
#include "demo/server/requestlog.h"
#include "demo/store/store.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace qdrant2pg::demo {

/// A stand-in for a Qdrant server, on a port of this computer: it answers as the recorded server does, and
/// fails on demand. A thread per connection; every function may be called from any thread but start(), stop()
/// and restart(), which belong to one. Any number of servers may run in a process.
class StandInServer {
public:
    struct Options {
        std::string address = "127.0.0.1";
        std::uint16_t port = 0; ///< 0: the system chooses
        std::chrono::milliseconds idleTimeout{
            5000}; ///< before an idle connection is closed, or gets the empty 408
    };

    StandInServer();
    explicit StandInServer(Options options);
    StandInServer(const StandInServer&) = delete;
    StandInServer& operator=(const StandInServer&) = delete;
    ~StandInServer(); ///< stops

    /// Listens. The error is a sentence with the system's reason.
    [[nodiscard]] tl::expected<void, std::string> start();
    /// Closes the port and every connection and waits for the threads. The store, settings, faults and log
    /// stay.
    void stop();
    /// Stops listening only: new connections are refused while the open ones go on.
    void stopListening();
    /// Closes everything and listens again on the same port.
    [[nodiscard]] tl::expected<void, std::string> restart();
    /// Closes every connection with a reset, as a killed server's kernel does; the port stays open.
    void resetConnections();

    [[nodiscard]] std::uint16_t port() const; ///< stays known after stop()
    [[nodiscard]] std::string url() const; ///< `http://127.0.0.1:port`

    [[nodiscard]] Store& store();
    [[nodiscard]] Api& api(); ///< for another door (gRPC)
    [[nodiscard]] FaultPlan& faults();
    [[nodiscard]] RequestLog& log();
    [[nodiscard]] ServerSettings settings() const;
    void setSettings(ServerSettings settings);
    void setVersion(const ServerVersion& version);
    void setApiKeys(const std::string& apiKey, const std::string& readOnlyApiKey = {});

    /// Called for every request before it is answered, in the thread of its connection, so that a test can
    /// change the store between two pages. Set it before start().
    void setObserver(std::function<void(const HttpRequest&)> observer);

    /// Lets every connection that stalls go on.
    void releaseStalls();
    /// How many connections stall now.
    [[nodiscard]] std::size_t stalled() const;
    [[nodiscard]] std::size_t connections() const; ///< open now
    [[nodiscard]] std::uint64_t connectionsAccepted() const;
    [[nodiscard]] int mostRequestsAtOnce() const; ///< from the whole request to the whole answer

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace qdrant2pg::demo
