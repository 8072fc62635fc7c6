// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"

#include <QAbstractSocket>
#include <QSslError>
#include <QUrl>

#include <chrono>

namespace qdrant2pg {

/// Where a request went, for the words of an error.
struct Endpoint {
    QString host;
    quint16 port = 0;
    bool tls = false;
    /// The collection that was asked for; empty for requests about none.
    QString collection;
    /// Of the proxy on the way, for the words about it; empty without one.
    QString proxy = {};

    /// Of the address of a server; without a port Qdrant's 6333 is meant, as in Qdrant's own clients.
    static Endpoint fromUrl(const QUrl& url);
    /// "host:port", IPv6 in brackets.
    QString address() const;
};

/// What happened to a connection; each value is one row of the table in the tests.
enum class ConnectionFault {
    Refused,
    HostNotFound,
    Unreachable,
    ConnectTimeout,
    /// No byte for the stall timeout.
    Stalled,
    /// Closed before the first byte of the reply.
    ClosedUnanswered,
    /// Closed inside the reply.
    Truncated,
    /// Reset or broken in another way.
    Reset,
    /// https was asked for, but the server speaks clear text.
    TlsNotSpoken,
    /// http was asked for, but the server speaks TLS.
    TlsRequired,
    CertificateNotTrusted,
    CertificateExpired,
    CertificateOtherHost,
    ClientCertificateWanted,
    TlsOther,
    /// HTTP/2 alone is spoken there: the gRPC door.
    SpeaksHttp2,
    NotHttp,
    BrokenHttp,
    /// The proxy itself does not answer.
    ProxyUnreachable,
    /// It wants a user name and password.
    ProxyLogin,
    /// It answers, but does not let the connection through.
    ProxyProblem,
};

/// The error of a connection fault. `detail` is the library's text, `limit` the time that ran out.
Error errorFromConnection(ConnectionFault fault, const Endpoint& endpoint, const QString& detail = {},
    std::chrono::milliseconds limit = {});

/// Which fault a socket's error is. `certificateErrors` as collected during the handshake; `connected`: the
/// connection had been made, `replyStarted`: a byte of the reply had come.
ConnectionFault faultFromSocket(QAbstractSocket::SocketError error, const QString& text,
    const QList<QSslError>& certificateErrors, bool connected, bool replyStarted);
/// What a reply that is not HTTP/1.x is, judged by its first bytes.
ConnectionFault faultFromForeignBytes(const QByteArray& firstBytes);

} // namespace qdrant2pg
