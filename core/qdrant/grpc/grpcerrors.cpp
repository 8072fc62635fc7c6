// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/grpc/grpcerrors.h"

#include <array>

#include <QRegularExpression>

#include "core/common/jsontext.h"
#include "core/common/redaction.h"
#include "core/qdrant/errormapping.h"

namespace qdrant2pg {

namespace {

/// Numbers of grpc::StatusCode, which never change.
enum Code {
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    Unauthenticated = 16,
};

struct FaultPattern {
    const char* words;
    ConnectionFault fault;
};

/// What the library says when there is no answer; the first row that matches counts.
constexpr std::array faultPatterns{
    FaultPattern{"DNS resolution failed", ConnectionFault::HostNotFound},
    FaultPattern{"Domain name not found", ConnectionFault::HostNotFound},
    FaultPattern{"CERTIFICATE_VERIFY_FAILED", ConnectionFault::CertificateNotTrusted},
    FaultPattern{"certificate verify failed", ConnectionFault::CertificateNotTrusted},
    FaultPattern{"certificate has expired", ConnectionFault::CertificateExpired},
    FaultPattern{"Peer name", ConnectionFault::CertificateOtherHost},
    FaultPattern{"Hostname Verification Check failed", ConnectionFault::CertificateOtherHost},
    FaultPattern{"CERTIFICATE_REQUIRED", ConnectionFault::ClientCertificateWanted},
    FaultPattern{"WRONG_VERSION_NUMBER", ConnectionFault::TlsNotSpoken},
    FaultPattern{"Trying to connect an http1.x server", ConnectionFault::NotHttp},
    FaultPattern{"Connection refused", ConnectionFault::Refused},
    FaultPattern{"No route to host", ConnectionFault::Unreachable},
    FaultPattern{"Network is unreachable", ConnectionFault::Unreachable},
    FaultPattern{"handshake", ConnectionFault::TlsOther},
    FaultPattern{"Handshake", ConnectionFault::TlsOther},
    FaultPattern{"Timeout occurred", ConnectionFault::ConnectTimeout},
    FaultPattern{"timed out", ConnectionFault::ConnectTimeout},
};

bool says(const GrpcStatus& status, const char* words)
{
    return status.message.find(words) != std::string::npos;
}

Error connectionError(const GrpcStatus& status, const Endpoint& endpoint, std::chrono::milliseconds limit)
{
    ConnectionFault fault = status.answerStarted ? ConnectionFault::Truncated : ConnectionFault::Reset;
    for (const FaultPattern& pattern : faultPatterns) {
        if (says(status, pattern.words)) {
            fault = pattern.fault;
            break;
        }
    }
    Error error = errorFromConnection(fault, endpoint, QString::fromStdString(status.message), limit);
    switch (fault) {
    case ConnectionFault::Refused:
        error.summary = QStringLiteral("Qdrant does not answer over gRPC at %1.").arg(endpoint.address());
        error.hint = QStringLiteral("Its gRPC port is 6334 unless changed (--grpc-port); the transport rest "
                                    "needs only the REST port.");
        break;
    case ConnectionFault::NotHttp:
        error.summary = QStringLiteral("%1 does not speak gRPC.").arg(endpoint.address());
        error.hint = QStringLiteral("Qdrant's gRPC port is 6334 unless changed (--grpc-port).");
        error.kind = ErrorKind::Protocol;
        break;
    default:
        break;
    }
    return error;
}

/// From the server or from the library: both say UNAVAILABLE.
bool isOfConnection(const GrpcStatus& status)
{
    static constexpr std::array words{"failed to connect", "Socket closed", "Connection reset", "GOAWAY",
        "Connection refused", "DNS resolution failed", "http1.x server", "Broken pipe", "handshake",
        "Timeout occurred", "Endpoint read failed", "Stream removed", "keepalive", "transport is shutting",
        "Received RST_STREAM", "Received http2", "connections to all backends failing", "Connection dropped",
        "recvmsg", "empty address list", "Channel"};
    for (const char* pattern : words) {
        if (says(status, pattern))
            return true;
    }
    return false;
}

int httpStatusOf(const GrpcStatus& status)
{
    switch (status.code) {
    case InvalidArgument:
    case FailedPrecondition:
        return 400;
    case NotFound:
        return 404;
    case AlreadyExists:
        return 409;
    case PermissionDenied:
        return 403;
    case ResourceExhausted:
        return 429;
    case Unauthenticated:
        return 401;
    case Unavailable:
        return 503;
    case DeadlineExceeded:
        return 408;
    default:
        return 500;
    }
}

Error tooLarge(const GrpcStatus& status, const Endpoint& endpoint, qint64 maxReplyBytes)
{
    static const QRegularExpression numbers(QStringLiteral(R"(\((\d+) vs\. \d+\))"));
    const auto match = numbers.match(QString::fromStdString(status.message));
    return replyTooLargeError(
        endpoint, match.hasMatch() ? match.captured(1).toLongLong() : qint64(-1), maxReplyBytes);
}

} // namespace

Error errorFromGrpc(
    const GrpcStatus& status, const Endpoint& endpoint, std::chrono::milliseconds limit, qint64 maxReplyBytes)
{
    if (status.code == ResourceExhausted && says(status, "larger than max"))
        return tooLarge(status, endpoint, maxReplyBytes);
    // The server counts the time too and answers with INTERNAL; this is the clock here.
    if (status.code == DeadlineExceeded && !says(status, "timed out after"))
        return errorFromConnection(
            ConnectionFault::Stalled, endpoint, QString::fromStdString(status.message), limit);
    if (status.code == Unavailable || status.code == Unknown || status.code == Internal) {
        if (isOfConnection(status))
            return connectionError(status, endpoint, limit);
    }
    if (status.code == Cancelled) {
        Error error = errorFromConnection(
            ConnectionFault::Reset, endpoint, QString::fromStdString(status.message), limit);
        return error;
    }
    if (status.code == Unimplemented) {
        Error error = makeError(ErrorKind::Unsupported,
            QStringLiteral("%1 does not know the gRPC calls of Qdrant.").arg(endpoint.address()),
            redacted(QString::fromStdString(status.message)),
            QStringLiteral("Check the gRPC port, or choose the transport rest."));
        error.where.host = endpoint.address();
        error.where.collection = endpoint.collection;
        return error;
    }
    HttpReply reply;
    reply.status = httpStatusOf(status);
    reply.retryAfterSeconds = status.retryAfterSeconds;
    // A wrong key came without Qdrant's envelope over REST, also from servers that call it PERMISSION_DENIED.
    const bool aboutTheKey = says(status, "api-key") || says(status, "API key");
    reply.body = aboutTheKey
        ? QByteArray::fromStdString(status.message)
        : QByteArray::fromStdString("{\"status\":{\"error\":" + jsontext::quoted(status.message) + "}}");
    return errorFromReply(reply, endpoint);
}

} // namespace qdrant2pg
