// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <QSslConfiguration>
#include <QThread>
#include <QUrl>

namespace qdrant2pg::test {

/// One accepted connection of a ScriptedServer, blocking.
class ScriptedConnection {
public:
    explicit ScriptedConnection(int descriptor)
        : m_descriptor(descriptor)
    {
    }

    /// Head and body of the next request; empty when the client closed.
    std::string readRequest();
    void write(const std::string& bytes);
    /// Status line, Content-Length and body.
    void reply(const std::string& body, int status = 200, const std::string& headers = {});
    /// Waits for the end of the connection; true when the client reset it, false when it closed it.
    bool waitForReset();

private:
    int m_descriptor;
};

/// A server on 127.0.0.1 that does what a function says with each connection, one after another, on a thread
/// of its own. The connection is closed when the function returns.
class ScriptedServer {
public:
    using Script = std::function<void(ScriptedConnection&, int connectionNumber)>;

    explicit ScriptedServer(Script script);
    ~ScriptedServer();

    QUrl url(const QString& scheme = QStringLiteral("http")) const;
    int connections() const { return m_connections; }

private:
    void run();

    Script m_script;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<int> m_connections = 0;
    std::atomic<bool> m_ending = false;
    std::mutex m_mutex;
    int m_current = -1;
    std::thread m_thread;
};

/// A TLS server on localhost that answers every request with `{"ok":true}`.
class TlsServer {
public:
    explicit TlsServer(const QSslConfiguration& configuration);
    ~TlsServer();

    /// By name, as the certificate wants it, or by number.
    QUrl url(const QString& scheme, const QString& host = QStringLiteral("localhost")) const;

    static QString file(const char* name);
    static QSslConfiguration configuration(bool wantsClientCertificate);

private:
    QThread m_thread;
    QObject* m_server = nullptr;
    quint16 m_port = 0;
};

} // namespace qdrant2pg::test
