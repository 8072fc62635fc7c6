// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/errormapping.h"

#include <algorithm>
#include <array>

#include <QJsonDocument>
#include <QJsonObject>

#include "core/common/redaction.h"
#include "core/common/units.h"

namespace qdrant2pg {

namespace {

constexpr qsizetype longestDetail = 600;
constexpr int statusOk = 200;

QString shortened(QString text)
{
    text = text.trimmed();
    if (text.size() > longestDetail)
        text = text.left(longestDetail) + QStringLiteral(" …");
    return redacted(text);
}

/// The server's own words out of a reply, and whether they came in Qdrant's envelope.
struct ServerWords {
    QString text;
    bool envelope = false;
    bool json = false;
};

ServerWords wordsOf(const QByteArray& body)
{
    ServerWords words;
    const QJsonDocument document = QJsonDocument::fromJson(body);
    words.json = document.isObject() || document.isArray();
    const QJsonValue status = document.object().value(u"status");
    if (status.isObject() && status.toObject().contains(u"error")) {
        words.envelope = true;
        words.text = shortened(status.toObject().value(u"error").toString());
    } else {
        words.text = shortened(QString::fromUtf8(body.left(4 * longestDetail)));
    }
    return words;
}

/// A refusal that is told by the server's words: strict mode and requests that do not fit the collection.
/// Found in the text anywhere, because the labels in front of it differ between versions.
struct Refusal {
    const char* pattern;
    ErrorKind kind;
    const char* summary;
    const char* hint;
};

constexpr std::array refusals{
    Refusal{"for \"limit\"", ErrorKind::Capacity, "Qdrant's strict mode allows fewer points per request.",
        "Choose a smaller page size, or let the owner raise max_query_limit of the collection."},
    Refusal{"for \"timeout\"", ErrorKind::Unsupported, "Qdrant's strict mode allows less time per request.",
        "Choose a shorter server time limit, or let the owner raise max_timeout of the collection."},
    Refusal{"Exact search disabled", ErrorKind::Unsupported,
        "Qdrant's strict mode forbids exact counts and searches.",
        "Counts will be estimates. For exact ones the owner has to set search_allow_exact."},
    Refusal{"Index required but not found", ErrorKind::Unsupported,
        "Qdrant's strict mode forbids filters on payload fields without an index.",
        "Filter by an indexed field, or let the owner create an index or allow "
        "unindexed_filtering_retrieve."},
    Refusal{"Filter condition limit reached", ErrorKind::Unsupported,
        "Qdrant's strict mode allows fewer conditions in a filter.",
        "Simplify the filter, or let the owner raise filter_max_conditions."},
    Refusal{"Condition size limit reached", ErrorKind::Unsupported,
        "Qdrant's strict mode allows fewer values in a condition.",
        "Use fewer values, or let the owner raise condition_max_size."},
    Refusal{"Help: ", ErrorKind::Unsupported, "Qdrant's strict mode forbids this request.",
        "The server's words say which limit it is; the owner of the collection can change it."},
    Refusal{"is larger than allowed (limit:", ErrorKind::Capacity,
        "The request is larger than Qdrant allows.", "Ask for fewer points at once, or shorten the filter."},
    Refusal{"Not existing vector name", ErrorKind::NotFound, "The collection has no vector of that name.",
        "Read the collection's configuration again: vectors can be added and dropped."},
    Refusal{"Shard key", ErrorKind::NotFound, "The collection has no such shard key.",
        "Read the collection's shard keys again: they can be added and dropped."},
    Refusal{"No appropriate index for faceting", ErrorKind::Unsupported,
        "Qdrant cannot count the values of a payload field without an index.",
        "Create an index for the field."},
    Refusal{"unknown field `slice`", ErrorKind::Unsupported, "This Qdrant cannot filter by slices.",
        "Slices came with Qdrant 1.19."},
    Refusal{"Expected some form of condition", ErrorKind::Usage, "Qdrant does not understand the filter.",
        "Check the filter against the documentation of this Qdrant version."},
};

Error refused(ErrorKind kind, const char* summary, const QString& detail, const char* hint)
{
    return makeError(kind, QString::fromUtf8(summary), detail, QString::fromUtf8(hint));
}

Error retryable(Error error)
{
    error.retryable = true;
    return error;
}

Error badRequest(const ServerWords& words)
{
    for (const Refusal& refusal : refusals) {
        if (words.text.contains(QLatin1String(refusal.pattern)))
            return refused(refusal.kind, refusal.summary, words.text, refusal.hint);
    }
    return refused(ErrorKind::Protocol, "Qdrant does not accept the request.", words.text, "");
}

Error unauthorized(const ServerWords& words)
{
    if (words.text.startsWith(QLatin1String("Must provide"))) {
        return refused(ErrorKind::Authentication, "Qdrant wants an API key.", words.text,
            "Give the key, for example in the environment variable QDRANT_API_KEY. A read-only key is "
            "enough.");
    }
    return refused(ErrorKind::Authentication, "Qdrant does not accept the API key.", words.text,
        "Check that the key belongs to this server and was copied whole.");
}

Error forbidden(const ServerWords& words)
{
    if (words.text.contains(QLatin1String("ExpiredSignature"))) {
        return refused(ErrorKind::Authentication, "The access token has expired.", words.text,
            "Give a fresh token and resume: nothing that was copied is lost.");
    }
    if (words.text.contains(QLatin1String("InvalidSignature"))) {
        return refused(ErrorKind::Authentication, "The access token was not signed with this server's key.",
            words.text, "Make the token with the server's current API key.");
    }
    if (!words.envelope) {
        return refused(ErrorKind::Authentication, "Qdrant does not accept the API key.", words.text,
            "Check that the key belongs to this server and was copied whole.");
    }
    for (const Refusal& refusal : refusals) {
        if (words.text.contains(QLatin1String(refusal.pattern)))
            return refused(refusal.kind, refusal.summary, words.text, refusal.hint);
    }
    return refused(ErrorKind::Permission, "The API key does not allow this.", words.text,
        "Use a key or token that may read the collection; a token limited to other collections is refused "
        "also for "
        "collections that do not exist.");
}

Error notFound(const ServerWords& words, const HttpReply& reply, const Endpoint& endpoint)
{
    if (words.envelope || words.text.startsWith(QLatin1String("Not found:"))) {
        if (words.text.contains(QLatin1String("Collection `"))) {
            const QString summary = endpoint.collection.isEmpty()
                ? QStringLiteral("Qdrant has no such collection.")
                : QStringLiteral("Qdrant has no collection called \"%1\".").arg(endpoint.collection);
            return makeError(ErrorKind::NotFound, summary, words.text,
                QStringLiteral("Check the name; upper and lower case differ."));
        }
        if (words.text.contains(QLatin1String("No point with id")))
            return refused(ErrorKind::NotFound, "Qdrant has no point with that id.", words.text, "");
        return refused(ErrorKind::NotFound, "Qdrant does not have what was asked for.", words.text, "");
    }
    if (reply.body.isEmpty()) {
        return refused(ErrorKind::Unsupported, "This server does not know the request.", {},
            "It is a Qdrant of another version without this feature, or not a Qdrant at all: check address "
            "and port.");
    }
    return notQdrantError(endpoint, words.text);
}

Error tooManyRequests(const ServerWords& words, const HttpReply& reply)
{
    // Without the header the request asks for more than the bucket ever holds (qdrant.md 6.2).
    if (!reply.retryAfterSeconds) {
        return refused(ErrorKind::Capacity, "The request is larger than Qdrant's rate limit ever allows.",
            words.text,
            "Ask for fewer points at once, or let the owner raise read_rate_limit of the collection.");
    }
    // Not Capacity, which calls for smaller pages: those need more requests, and requests are what is
    // limited.
    Error error = refused(ErrorKind::Network, "Qdrant's rate limit is used up for now.", words.text,
        "Bigger pages need fewer requests; the owner can raise read_rate_limit of the collection.");
    error.retryAfterSeconds = *reply.retryAfterSeconds;
    return retryable(std::move(error));
}

Error serverError(const ServerWords& words, const HttpReply& reply, const Endpoint& endpoint)
{
    if (words.text.contains(QLatin1String("timed out after"))) {
        return retryable(refused(ErrorKind::Timeout, "Qdrant ran out of time while reading.", words.text,
            "Smaller pages, fewer lanes or a longer server time limit help."));
    }
    Error error;
    switch (reply.status) {
    case 500:
        if (!words.envelope)
            return retryable(notQdrantError(endpoint, words.text));
        error = refused(ErrorKind::Network, "Qdrant failed while it answered.", words.text,
            "If this stays, the server's log says more.");
        break;
    case 503:
        error = refused(ErrorKind::Network, "Qdrant cannot answer at the moment.", words.text,
            "A shard is not available or the server is starting; try again later.");
        break;
    case 502:
    case 504:
        error = refused(ErrorKind::Network, "A proxy in front of Qdrant got no answer from it.", words.text,
            "Check that Qdrant is running behind the proxy, and the proxy's time limit.");
        break;
    default:
        error = refused(ErrorKind::Network, "The server failed.", words.text,
            "If this stays, the server's log says more.");
        break;
    }
    if (reply.retryAfterSeconds)
        error.retryAfterSeconds = *reply.retryAfterSeconds;
    return retryable(std::move(error));
}

Error redirected(const HttpReply& reply)
{
    const QUrl to(QString::fromUtf8(reply.location));
    return makeError(ErrorKind::Protocol, QStringLiteral("The server sends the request to another address."),
        redacted(to.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery)),
        QStringLiteral("Enter that address, if you trust it."));
}

Error byStatus(const HttpReply& reply, const Endpoint& endpoint)
{
    const ServerWords words = wordsOf(reply.body);
    switch (reply.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
        return redirected(reply);
    case 400:
        if (!words.envelope && words.text.contains(QLatin1String("HTTPS port"), Qt::CaseInsensitive))
            return errorFromConnection(ConnectionFault::TlsRequired, endpoint, words.text);
        if (!words.envelope && !words.json && !words.text.isEmpty())
            return notQdrantError(endpoint, words.text);
        return badRequest(words);
    case 401:
        return unauthorized(words);
    case 403:
        return forbidden(words);
    case 404:
        return notFound(words, reply, endpoint);
    case 405:
        return refused(ErrorKind::Unsupported, "This server does not allow the request.", words.text,
            "It is a Qdrant of another version, or set up without cluster mode.");
    case 407:
        return errorFromConnection(ConnectionFault::ProxyLogin, endpoint, words.text);
    case 408:
        if (words.text.isEmpty()) {
            return retryable(refused(ErrorKind::Timeout, "Qdrant closed an idle connection.", {},
                "The network between here and Qdrant may be slow or interrupted."));
        }
        return retryable(refused(ErrorKind::Timeout, "Qdrant ran out of time while reading.", words.text,
            "Smaller pages, fewer lanes or a longer server time limit help."));
    case 409:
        return refused(ErrorKind::Conflict, "Qdrant says that it exists already.", words.text, "");
    case 413:
    case 431:
        return refused(ErrorKind::Capacity, "The request is larger than the server allows.", words.text,
            "Ask for fewer points at once, or shorten the filter.");
    case 422:
        return refused(ErrorKind::Usage, "Qdrant does not accept a value in the request.", words.text,
            "Check names, limits and the filter.");
    case 429:
        return tooManyRequests(words, reply);
    case 507:
        return refused(ErrorKind::Capacity, "Qdrant has reached a storage limit.", words.text, "");
    default:
        break;
    }
    if (reply.status >= 500)
        return serverError(words, reply, endpoint);
    return notQdrantError(endpoint, words.text);
}

} // namespace

Error errorFromReply(const HttpReply& reply, const Endpoint& endpoint)
{
    Error error = byStatus(reply, endpoint);
    error.httpStatus = reply.status;
    error.where.host = endpoint.address();
    error.where.collection = endpoint.collection;
    return error;
}

Error replyTooLargeError(const Endpoint& endpoint, qint64 announced, qint64 limit)
{
    const QString size = announced >= 0
        ? QStringLiteral("The answer has %1, the limit is %2.")
              .arg(formatBytes(announced), formatBytes(limit))
        : QStringLiteral("The answer is longer than the limit of %1.").arg(formatBytes(limit));
    Error error =
        makeError(ErrorKind::Capacity, QStringLiteral("The page is larger than the memory set aside for it."),
            size, QStringLiteral("Ask for fewer points at once, or allow larger pages."));
    // A page of this status was on its way; that is how isReplyTooLarge() knows it.
    error.httpStatus = statusOk;
    error.where.host = endpoint.address();
    error.where.collection = endpoint.collection;
    return error;
}

bool isReplyTooLarge(const Error& error)
{
    return error.kind == ErrorKind::Capacity && error.httpStatus == statusOk;
}

Error notQdrantError(const Endpoint& endpoint, const QString& detail)
{
    Error error = errorFromConnection(ConnectionFault::NotHttp, endpoint, detail);
    error.kind = ErrorKind::Protocol;
    return error;
}

Error cancelledError()
{
    return makeError(ErrorKind::Cancelled, QStringLiteral("Stopped before the server answered."));
}

} // namespace qdrant2pg
