// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/connectionfaults.h"

#include <algorithm>
#include <array>

#include "core/common/redaction.h"
#include "core/common/units.h"

namespace qdrant2pg {

namespace {

constexpr quint16 restPort = 6333;
constexpr quint16 grpcPort = 6334;

/// The address as the user should enter it, with another scheme.
QString withScheme(const Endpoint& endpoint, const char* scheme)
{
    return QLatin1String(scheme) + QStringLiteral("://") + endpoint.address();
}

/// Words for a connection fault; %1 is the address, %2 the time limit, %3 the address with the other scheme,
/// %4 the proxy.
struct FaultWords {
    ConnectionFault fault;
    ErrorKind kind;
    bool retryable;
    const char* summary;
    const char* hint;
};

constexpr std::array faultTable{
    FaultWords{ConnectionFault::Refused, ErrorKind::Network, true, "Qdrant does not answer at %1.",
        "Is it running? Its REST port is 6333 unless changed; a server that is starting opens the port when "
        "all collections are loaded."},
    FaultWords{ConnectionFault::HostNotFound, ErrorKind::Network, true, "There is no host at %1.",
        "Check the name for typing errors, and that this machine can look names up."},
    FaultWords{ConnectionFault::Unreachable, ErrorKind::Network, true, "%1 cannot be reached from here.",
        "Check the network, a VPN or a firewall."},
    FaultWords{ConnectionFault::ConnectTimeout, ErrorKind::Timeout, true, "Nothing answered at %1 within %2.",
        "A firewall often swallows connections without a word; check address and port."},
    FaultWords{ConnectionFault::Stalled, ErrorKind::Timeout, true, "Qdrant at %1 sent nothing for %2.",
        "It may be overloaded or waiting for a running update; smaller pages help."},
    FaultWords{ConnectionFault::ClosedUnanswered, ErrorKind::Network, true,
        "%1 closed the connection without an answer.",
        "Qdrant may be stopping or starting; a TLS port also does this when it is spoken to in clear text."},
    FaultWords{ConnectionFault::Truncated, ErrorKind::Network, true,
        "The connection to %1 broke in the middle of an answer.",
        "If this stays, look for a proxy with a size or time limit between here and Qdrant."},
    FaultWords{ConnectionFault::Reset, ErrorKind::Network, true, "The connection to %1 broke.",
        "Check the network and Qdrant's log."},
    FaultWords{
        ConnectionFault::TlsNotSpoken, ErrorKind::Tls, false, "%1 does not speak TLS.", "Enter it as %3."},
    FaultWords{ConnectionFault::TlsRequired, ErrorKind::Tls, false, "%1 speaks TLS only.", "Enter it as %3."},
    FaultWords{ConnectionFault::CertificateNotTrusted, ErrorKind::Tls, false,
        "The certificate of %1 was signed by nobody this machine trusts.",
        "Name the file of the certificate authority that signed it."},
    FaultWords{ConnectionFault::CertificateExpired, ErrorKind::Tls, false,
        "The certificate of %1 is not valid at this time.",
        "Check this machine's clock; else the server needs a new certificate."},
    FaultWords{ConnectionFault::CertificateOtherHost, ErrorKind::Tls, false,
        "The certificate of %1 belongs to another host name.",
        "Enter the name that the certificate was made for."},
    FaultWords{ConnectionFault::ClientCertificateWanted, ErrorKind::Tls, false,
        "%1 wants a client certificate that it accepts.",
        "Name the files of the client certificate and its key."},
    FaultWords{ConnectionFault::TlsOther, ErrorKind::Tls, false, "No TLS connection to %1 could be made.",
        "Qdrant speaks TLS 1.2 and 1.3."},
    FaultWords{ConnectionFault::SpeaksHttp2, ErrorKind::Protocol, false, "%1 speaks gRPC, not REST.",
        "Enter the REST port, 6333 unless changed; the gRPC port is found from it."},
    FaultWords{ConnectionFault::NotHttp, ErrorKind::Protocol, false, "%1 is not a Qdrant server.",
        "Another service answers there; Qdrant's REST port is 6333 unless changed."},
    FaultWords{ConnectionFault::BrokenHttp, ErrorKind::Protocol, true, "The answer of %1 is not valid HTTP.",
        "If this stays, look for a proxy between here and Qdrant."},
    FaultWords{ConnectionFault::ProxyUnreachable, ErrorKind::Network, true,
        "The proxy %4 on the way to %1 does not answer.",
        "Check the proxy's address and port, or leave the proxy out."},
    FaultWords{ConnectionFault::ProxyLogin, ErrorKind::Network, false,
        "The proxy %4 on the way to %1 wants a user name and password that it accepts.",
        "Give the user in the proxy's address and the password in its own field or in QDRANT2PG_PROXY."},
    FaultWords{ConnectionFault::ProxyProblem, ErrorKind::Network, false,
        "A proxy stands between here and %1 and does not let the request pass.",
        "Ask for direct access, or for a proxy that lets connections to this port through."},
};

} // namespace

Endpoint Endpoint::fromUrl(const QUrl& url)
{
    Endpoint endpoint;
    endpoint.host = url.host(QUrl::FullyEncoded);
    endpoint.port = static_cast<quint16>(url.port(restPort));
    endpoint.tls = url.scheme() == QLatin1String("https");
    return endpoint;
}

QString Endpoint::address() const
{
    const QString name = host.contains(QLatin1Char(':')) ? QStringLiteral("[%1]").arg(host) : host;
    return name + QLatin1Char(':') + QString::number(port);
}

Error errorFromConnection(
    ConnectionFault fault, const Endpoint& endpoint, const QString& detail, std::chrono::milliseconds limit)
{
    // Servers of gRPC often close without a word, or answer with bytes of their own; the port gives them
    // away.
    if (endpoint.port == grpcPort
        && (fault == ConnectionFault::ClosedUnanswered || fault == ConnectionFault::NotHttp))
        fault = ConnectionFault::SpeaksHttp2;
    const auto* const row = std::find_if(faultTable.begin(), faultTable.end(),
        [fault](const FaultWords& words) { return words.fault == fault; });
    const auto fill = [&](const char* text) {
        return QString::fromUtf8(text)
            .replace(QLatin1String("%1"), endpoint.address())
            .replace(QLatin1String("%2"), formatDuration(limit))
            .replace(QLatin1String("%3"), withScheme(endpoint, endpoint.tls ? "http" : "https"))
            .replace(QLatin1String("%4"), endpoint.proxy)
            .simplified();
    };
    Error error = makeError(row->kind, fill(row->summary), redacted(detail), fill(row->hint));
    if (endpoint.tls && fault == ConnectionFault::ClosedUnanswered)
        error.hint = QStringLiteral(
            "Qdrant may be stopping or starting; a server that wants a client certificate may also do this.");
    error.retryable = row->retryable;
    error.where.host = endpoint.address();
    error.where.collection = endpoint.collection;
    return error;
}

ConnectionFault faultFromSocket(QAbstractSocket::SocketError error, const QString& text,
    const QList<QSslError>& certificateErrors, bool connected, bool replyStarted)
{
    const auto says = [&text](const char* words) {
        return text.contains(QLatin1String(words), Qt::CaseInsensitive);
    };
    // A server that wants a certificate says so only after the handshake in TLS 1.3.
    if (says("certificate required") || says("alert handshake failure") || says("alert bad certificate")
        || says("alert unknown ca"))
        return ConnectionFault::ClientCertificateWanted;
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError:
        return ConnectionFault::Refused;
    case QAbstractSocket::HostNotFoundError:
        return ConnectionFault::HostNotFound;
    case QAbstractSocket::SocketTimeoutError:
        return connected ? ConnectionFault::Stalled : ConnectionFault::ConnectTimeout;
    case QAbstractSocket::RemoteHostClosedError:
        if (replyStarted)
            return ConnectionFault::Truncated;
        return ConnectionFault::ClosedUnanswered;
    case QAbstractSocket::NetworkError:
        return connected ? ConnectionFault::Reset : ConnectionFault::Unreachable;
    case QAbstractSocket::ProxyAuthenticationRequiredError:
        return ConnectionFault::ProxyLogin;
    case QAbstractSocket::ProxyConnectionRefusedError:
    case QAbstractSocket::ProxyConnectionTimeoutError:
    case QAbstractSocket::ProxyNotFoundError:
        return ConnectionFault::ProxyUnreachable;
    // Of a plain connection it cannot come: ours bind no address.
    case QAbstractSocket::SocketAccessError:
    case QAbstractSocket::ProxyConnectionClosedError:
    case QAbstractSocket::ProxyProtocolError:
        return ConnectionFault::ProxyProblem;
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        break;
    default:
        return ConnectionFault::Reset;
    }
    for (const QSslError& certificateError : certificateErrors) {
        switch (certificateError.error()) {
        case QSslError::NoError:
            continue;
        case QSslError::CertificateExpired:
        case QSslError::CertificateNotYetValid:
            return ConnectionFault::CertificateExpired;
        case QSslError::HostNameMismatch:
            return ConnectionFault::CertificateOtherHost;
        default:
            return ConnectionFault::CertificateNotTrusted;
        }
    }
    // What OpenSSL makes of clear text in place of a handshake.
    if (says("wrong version number") || says("http request") || says("packet length too long")
        || says("record layer failure"))
        return ConnectionFault::TlsNotSpoken;
    return ConnectionFault::TlsOther;
}

ConnectionFault faultFromForeignBytes(const QByteArray& firstBytes)
{
    const auto byte = [&firstBytes](qsizetype at) {
        return at < firstBytes.size() ? static_cast<unsigned char>(firstBytes.at(at)) : 0;
    };
    constexpr unsigned char tlsAlert = 0x15;
    constexpr unsigned char tlsMajor = 0x03;
    if (byte(0) == tlsAlert && byte(1) == tlsMajor)
        return ConnectionFault::TlsRequired;
    // An HTTP/2 connection begins with a SETTINGS frame (type 4) of stream 0; a refusal is GOAWAY (type 7).
    const bool smallFrame = firstBytes.size() >= 4 && byte(0) == 0 && byte(1) == 0;
    if (smallFrame && (byte(3) == 4 || byte(3) == 7))
        return ConnectionFault::SpeaksHttp2;
    return ConnectionFault::NotHttp;
}

} // namespace qdrant2pg
