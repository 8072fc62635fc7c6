// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QStringList>
#include <QThread>

#include <mutex>

class QTcpServer;

namespace qdrant2pg::test {

/// A proxy on 127.0.0.1, on a thread of its own: HTTP CONNECT or SOCKS5, with a login when one is wanted. It
/// remembers where connections wanted to go.
class PassProxy {
public:
    enum class Kind { Http, Socks5 };

    /// `user` empty: whoever comes is let through.
    explicit PassProxy(Kind kind, const QByteArray& user = {}, const QByteArray& password = {});
    ~PassProxy();
    PassProxy(const PassProxy&) = delete;
    PassProxy& operator=(const PassProxy&) = delete;

    quint16 port() const { return m_port; }
    /// "http://127.0.0.1:4711", with the login when `login` is set.
    QString url(bool login = false) const;
    /// "127.0.0.1:6333" of every connection that was let through.
    QStringList destinations() const;
    /// From now on every connection is refused with words of its kind.
    void setDenying(bool denying);

    /// What the proxy's thread asks.
    Kind kind() const { return m_kind; }
    bool denies() const;
    bool accepts(const QByteArray& user, const QByteArray& password) const;
    bool wantsLogin() const { return !m_user.isEmpty(); }
    void note(const QString& destination);

private:
    Kind m_kind;
    QByteArray m_user;
    QByteArray m_password;
    quint16 m_port = 0;
    mutable std::mutex m_mutex;
    QStringList m_destinations;
    bool m_denying = false;
    QThread m_thread;
};

} // namespace qdrant2pg::test
