// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/passproxy.h"

#include <QHostAddress>
#include <QNetworkProxy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QtEndian>

namespace qdrant2pg::test {

namespace {

/// One client: the talk about where to go, then bytes in both directions. Owned by its socket.
class Passage : public QObject {
public:
    Passage(PassProxy& proxy, QTcpSocket* client)
        : QObject(client)
        , m_proxy(proxy)
        , m_client(client)
    {
        connect(client, &QTcpSocket::readyRead, this, [this] { read(); });
        connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
    }

private:
    enum class Step { Greeting, Login, Request, Open };

    void read()
    {
        m_bytes += m_client->readAll();
        if (m_server) {
            m_server->write(m_bytes);
            m_bytes.clear();
        } else if (m_step == Step::Open) {
            // Kept until the other side is there.
        } else if (m_proxy.kind() == PassProxy::Kind::Http) {
            readConnect();
        } else {
            while (readSocks())
                ;
        }
    }

    void readConnect()
    {
        const auto end = m_bytes.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        const QByteArray head = m_bytes.left(end);
        m_bytes.remove(0, end + 4);
        QByteArray login;
        for (const QByteArray& line : head.split('\n')) {
            if (line.toLower().startsWith("proxy-authorization: basic "))
                login = QByteArray::fromBase64(line.mid(27).trimmed());
        }
        const auto colon = login.indexOf(':');
        if (m_proxy.denies()) {
            m_client->write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
        } else if (m_proxy.wantsLogin() && !m_proxy.accepts(login.left(colon), login.mid(colon + 1))) {
            m_client->write("HTTP/1.1 407 Proxy Authentication Required\r\n"
                            "Proxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n");
        } else {
            const QByteArray target = head.split(' ').value(1);
            const auto last = target.lastIndexOf(':');
            open(QString::fromLatin1(target.left(last)), target.mid(last + 1).toUShort(),
                "HTTP/1.1 200 Connection established\r\n\r\n");
        }
    }

    bool readSocks()
    {
        const auto byte = [this](qsizetype at) {
            return at < m_bytes.size() ? static_cast<unsigned char>(m_bytes.at(at)) : 0;
        };
        if (m_step == Step::Greeting) {
            if (m_bytes.size() < 2 || m_bytes.size() < 2 + byte(1))
                return false;
            m_bytes.remove(0, 2 + byte(1));
            m_step = m_proxy.wantsLogin() ? Step::Login : Step::Request;
            m_client->write(m_proxy.wantsLogin() ? QByteArray("\x05\x02", 2) : QByteArray("\x05\x00", 2));
            return true;
        }
        if (m_step == Step::Login) {
            const qsizetype passwordAt = 2 + byte(1);
            if (m_bytes.size() < 2 || m_bytes.size() <= passwordAt
                || m_bytes.size() < passwordAt + 1 + byte(passwordAt))
                return false;
            const bool good =
                m_proxy.accepts(m_bytes.mid(2, byte(1)), m_bytes.mid(passwordAt + 1, byte(passwordAt)));
            m_bytes.remove(0, passwordAt + 1 + byte(passwordAt));
            m_client->write(good ? QByteArray("\x01\x00", 2) : QByteArray("\x01\x01", 2));
            m_step = Step::Request;
            return good;
        }
        if (m_step != Step::Request || m_bytes.size() < 5)
            return false;
        const bool named = byte(3) == 3;
        const qsizetype addressSize = named ? 1 + byte(4) : 4;
        if (m_bytes.size() < 4 + addressSize + 2)
            return false;
        const QString host = named
            ? QString::fromLatin1(m_bytes.mid(5, byte(4)))
            : QHostAddress(qFromBigEndian<quint32>(m_bytes.constData() + 4)).toString();
        const auto port = qFromBigEndian<quint16>(m_bytes.constData() + 4 + addressSize);
        m_bytes.remove(0, 4 + addressSize + 2);
        if (m_proxy.denies())
            m_client->write(QByteArray("\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00", 10));
        else
            open(host, port, QByteArray("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10));
        return false;
    }

    void open(const QString& host, quint16 port, const QByteArray& word)
    {
        m_step = Step::Open;
        m_proxy.note(QStringLiteral("%1:%2").arg(host).arg(port));
        auto* server = new QTcpSocket(m_client);
        server->setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
        connect(server, &QTcpSocket::connected, this, [this, server, word] {
            m_server = server;
            m_client->write(word);
            read();
        });
        connect(server, &QTcpSocket::readyRead, this, [this, server] { m_client->write(server->readAll()); });
        connect(server, &QTcpSocket::disconnected, this, [this] { m_client->disconnectFromHost(); });
        connect(server, &QTcpSocket::errorOccurred, this, [this] { m_client->disconnectFromHost(); });
        server->connectToHost(host, port);
    }

    PassProxy& m_proxy;
    QTcpSocket* m_client;
    QTcpSocket* m_server = nullptr;
    Step m_step = Step::Greeting;
    QByteArray m_bytes;
};

} // namespace

PassProxy::PassProxy(Kind kind, const QByteArray& user, const QByteArray& password)
    : m_kind(kind)
    , m_user(user)
    , m_password(password)
{
    auto* server = new QTcpServer;
    server->setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
    if (server->listen(QHostAddress::LocalHost))
        m_port = server->serverPort();
    QObject::connect(server, &QTcpServer::newConnection, server, [this, server] {
        while (QTcpSocket* client = server->nextPendingConnection())
            new Passage(*this, client);
    });
    server->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, server, &QObject::deleteLater);
    m_thread.start();
}

PassProxy::~PassProxy()
{
    m_thread.quit();
    m_thread.wait();
}

QString PassProxy::url(bool login) const
{
    const QString scheme = m_kind == Kind::Http ? QStringLiteral("http") : QStringLiteral("socks5");
    const QString user =
        login ? QString::fromUtf8(m_user + ':' + m_password.toPercentEncoding() + '@') : QString();
    return scheme + QStringLiteral("://") + user + QStringLiteral("127.0.0.1:") + QString::number(m_port);
}

QStringList PassProxy::destinations() const
{
    const std::scoped_lock lock(m_mutex);
    return m_destinations;
}

void PassProxy::setDenying(bool denying)
{
    const std::scoped_lock lock(m_mutex);
    m_denying = denying;
}

bool PassProxy::denies() const
{
    const std::scoped_lock lock(m_mutex);
    return m_denying;
}

bool PassProxy::accepts(const QByteArray& user, const QByteArray& password) const
{
    return user == m_user && password == m_password;
}

void PassProxy::note(const QString& destination)
{
    const std::scoped_lock lock(m_mutex);
    m_destinations << destination;
}

} // namespace qdrant2pg::test
