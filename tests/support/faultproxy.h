// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/connection.h"

#include <QByteArray>
#include <QString>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace qdrant2pg::test {

/// Stands between a client and PostgreSQL (without TLS), knows where the client's messages begin and breaks
/// the connection at chosen ones: "exactly in COMMIT" is then no matter of luck. A thread per connection.
class FaultProxy {
public:
    struct Rule {
        enum class Action {
            CutBefore, ///< the message never reaches the server
            CutAfter, ///< the server has carried it out; its answer never reaches the client
            Call, ///< `call` runs before the message is passed on
        };
        Action action = Action::CutBefore;
        /// Type byte of the message (Q query, P parse, d data of a COPY); 0 for any.
        char type = 0;
        /// Text inside the message; empty for any.
        QByteArray contains = {};
        /// The first match that is hit, from 1, and how many in a row; 0: all from there on.
        int first = 1;
        int times = 1;
        std::function<void()> call = {};
    };

    /// In front of the server of these options (a URL).
    explicit FaultProxy(const TargetOptions& server);
    ~FaultProxy();
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;

    /// The same database, through the proxy.
    TargetOptions options() const;
    void add(Rule rule);
    /// Forgets all rules and lets connections pass again.
    void clear();
    /// How often any rule struck.
    int hits() const { return m_hits; }
    /// While down, connections are closed as they come and open ones are cut.
    void setDown(bool down);

private:
    struct Entry {
        Rule rule;
        int matches = 0;
    };
    void accept(const std::stop_token& stop);
    void pump(int client, const std::stop_token& stop);
    /// False when the connection is to be cut.
    bool pass(int server, char type, const QByteArray& message);
    int connectToServer() const;

    TargetOptions m_server;
    QString m_host;
    quint16 m_serverPort = 0;
    quint16 m_port = 0;
    int m_listener = -1;
    std::mutex m_mutex;
    std::vector<Entry> m_rules;
    std::atomic<int> m_hits{0};
    std::atomic<bool> m_down{false};
    std::mutex m_threadsMutex;
    std::vector<std::jthread> m_threads;
    std::jthread m_acceptor;
};

} // namespace qdrant2pg::test
