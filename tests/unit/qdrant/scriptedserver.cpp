// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/unit/qdrant/scriptedserver.h"

#include <cerrno>
#include <cstdlib>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>

namespace qdrant2pg::test {

std::string ScriptedConnection::readRequest()
{
    std::string request;
    std::size_t wanted = std::string::npos;
    while (request.size() < wanted) {
        char buffer[4096];
        const ssize_t got = ::recv(m_descriptor, buffer, sizeof buffer, 0);
        if (got <= 0)
            return {};
        request.append(buffer, static_cast<std::size_t>(got));
        const std::size_t headEnd = request.find("\r\n\r\n");
        if (wanted == std::string::npos && headEnd != std::string::npos) {
            const std::size_t length = request.find("Content-Length: ");
            wanted = headEnd + 4;
            if (length < headEnd)
                wanted += static_cast<std::size_t>(std::atol(request.c_str() + length + 16));
        }
    }
    return request;
}

void ScriptedConnection::write(const std::string& bytes)
{
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const ssize_t step = ::send(m_descriptor, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (step <= 0)
            return;
        sent += static_cast<std::size_t>(step);
    }
}

void ScriptedConnection::reply(const std::string& body, int status, const std::string& headers)
{
    write("HTTP/1.1 " + std::to_string(status) + " Words\r\ncontent-length: " + std::to_string(body.size())
        + "\r\n" + headers + "\r\n" + body);
}

bool ScriptedConnection::waitForReset()
{
    char buffer[4096];
    ssize_t got = 0;
    do {
        got = ::recv(m_descriptor, buffer, sizeof buffer, 0);
    } while (got > 0);
    return got < 0 && errno == ECONNRESET;
}

ScriptedServer::ScriptedServer(Script script)
    : m_script(std::move(script))
    , m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(m_listener, reinterpret_cast<sockaddr*>(&address), length) != 0
        || ::listen(m_listener, 16) != 0
        || ::getsockname(m_listener, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        qFatal("no port to listen on");
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { run(); });
}

ScriptedServer::~ScriptedServer()
{
    m_ending = true;
    ::shutdown(m_listener, SHUT_RDWR);
    {
        const std::scoped_lock lock(m_mutex);
        if (m_current >= 0)
            ::shutdown(m_current, SHUT_RDWR);
    }
    m_thread.join();
    ::close(m_listener);
}

QUrl ScriptedServer::url(const QString& scheme) const
{
    return QUrl(QStringLiteral("%1://127.0.0.1:%2").arg(scheme).arg(m_port));
}

void ScriptedServer::run()
{
    while (!m_ending) {
        const int descriptor = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0)
            return;
        {
            const std::scoped_lock lock(m_mutex);
            m_current = descriptor;
        }
        const int number = ++m_connections;
        if (!m_ending) {
            ScriptedConnection connection(descriptor);
            m_script(connection, number);
        }
        const std::scoped_lock lock(m_mutex);
        m_current = -1;
        ::close(descriptor);
    }
}

QString TlsServer::file(const char* name)
{
    return QStringLiteral(QDRANT2PG_SOURCE_DIR "/tests/data/tls/") + QLatin1String(name);
}

QSslConfiguration TlsServer::configuration(bool wantsClientCertificate)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    QFile key(file("server.key"));
    if (!key.open(QIODevice::ReadOnly))
        qFatal("no key for the TLS server");
    tls.setPrivateKey(QSslKey(key.readAll(), QSsl::Ec));
    tls.setLocalCertificateChain(QSslCertificate::fromPath(file("server.pem")));
    tls.setCaCertificates(QSslCertificate::fromPath(file("ca.pem")));
    tls.setPeerVerifyMode(wantsClientCertificate ? QSslSocket::VerifyPeer : QSslSocket::VerifyNone);
    return tls;
}

TlsServer::TlsServer(const QSslConfiguration& configuration)
{
    auto* const server = new QSslServer;
    server->setSslConfiguration(configuration);
    if (!server->listen(QHostAddress::LocalHost))
        qFatal("no port to listen on");
    m_port = server->serverPort();
    m_server = server;
    QObject::connect(server, &QSslServer::pendingConnectionAvailable, server, [server] {
        auto* const socket = qobject_cast<QSslSocket*>(server->nextPendingConnection());
        QObject::connect(socket, &QSslSocket::readyRead, socket, [socket] {
            if (socket->readAll().contains("\r\n\r\n"))
                socket->write("HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"ok\":true}");
        });
    });
    server->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, server, &QObject::deleteLater);
    m_thread.start();
}

TlsServer::~TlsServer()
{
    m_thread.quit();
    m_thread.wait();
}

QUrl TlsServer::url(const QString& scheme, const QString& host) const
{
    return QUrl(QStringLiteral("%1://%2:%3").arg(scheme, host).arg(m_port));
}

} // namespace qdrant2pg::test
