// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/rest/restrequests.h"

#include <QUrl>

#include "core/common/jsontext.h"
#include "core/qdrant/rest/jsonscanner.h"

namespace qdrant2pg {

std::string jsonObject(std::initializer_list<std::pair<std::string_view, std::string>> members)
{
    std::string text = "{";
    for (const auto& [key, value] : members) {
        if (value.empty())
            continue;
        if (text.size() > 1)
            text += ',';
        text += '"';
        text += key;
        text += "\":";
        text += value;
    }
    return text + '}';
}

std::string jsonString(const QString& text)
{
    return jsontext::quoted(text.toStdString());
}

std::string jsonBool(bool value)
{
    return value ? "true" : "false";
}

QByteArray collectionTarget(const QString& collection, std::string_view tail)
{
    return "/collections/" + QUrl::toPercentEncoding(collection)
        + QByteArray(tail.data(), static_cast<qsizetype>(tail.size()));
}

QByteArray readQuery(const SourceOptions& options, bool withConsistency)
{
    QByteArray query;
    if (options.serverTimeoutSeconds > 0)
        query += "?timeout=" + QByteArray::number(options.serverTimeoutSeconds);
    if (withConsistency && !options.consistency.isEmpty())
        query += (query.isEmpty() ? "?consistency=" : "&consistency=")
            + QUrl::toPercentEncoding(options.consistency);
    return query;
}

HttpRequest getRequest(QByteArray target)
{
    HttpRequest request;
    request.target = std::move(target);
    return request;
}

HttpRequest postRequest(QByteArray target, const std::string& body)
{
    HttpRequest request;
    request.method = "POST";
    request.target = std::move(target);
    request.body = QByteArray::fromStdString(body);
    return request;
}

HttpRequest scrollRequest(const SourceOptions& options, const QString& collection, const PageRequest& page)
{
    HttpRequest request =
        postRequest(collectionTarget(collection, "/points/scroll") + readQuery(options, true),
            jsonObject({{"limit", std::to_string(page.limit)},
                {"offset", page.from ? page.from->toJson() : std::string()},
                {"with_payload", jsonBool(page.withPayload)}, {"with_vector", jsonBool(page.withVectors)},
                {"filter", page.filterJson}, {"shard_key", page.shardKeyJson}}));
    request.maxReplyBytes = page.maxReplyBytes;
    return request;
}

Result<HttpReply> successful(Result<HttpReply> reply, const Endpoint& endpoint)
{
    if (!reply) {
        Error error = std::move(reply.error());
        error.where.host = endpoint.address();
        error.where.collection = endpoint.collection;
        return fail(std::move(error));
    }
    if (reply->status < 200 || reply->status >= 300)
        return fail(errorFromReply(*reply, endpoint));
    return reply;
}

Result<void> decodePage(HttpReply reply, RestPageDecoder& decoder, PointPage& page, bool payloadRequested,
    const Endpoint& endpoint)
{
    auto decoded = decoder.decode(std::move(reply.body), page, payloadRequested);
    if (!decoded) {
        decoded.error().where.host = endpoint.address();
        decoded.error().where.collection = endpoint.collection;
    }
    return decoded;
}

Result<std::string_view> resultText(const QByteArray& body, const Endpoint& endpoint)
{
    const std::string_view text(body.constData(), static_cast<std::size_t>(body.size()));
    JsonScanner scanner(text.data(), text.data() + text.size());
    if (scanner.peek() != '{')
        return fail(notQdrantError(endpoint, QString::fromUtf8(body.left(200))));
    if (!scanner.skip() || !scanner.atEnd()) {
        Error error =
            makeError(ErrorKind::Protocol, QStringLiteral("Qdrant's answer is not whole or not valid JSON."),
                QString::fromLatin1(scanner.fault() ? scanner.fault() : "something follows the answer"),
                QStringLiteral("If this stays, look for a proxy between here and Qdrant."));
        error.retryable = true;
        error.where.host = endpoint.address();
        error.where.collection = endpoint.collection;
        return fail(std::move(error));
    }
    std::string_view result;
    jsontext::forEachMember(text, [&result](std::string_view key, std::string_view value) {
        if (key == "result")
            result = value;
        return key != "result";
    });
    if (result.empty() || result == "null")
        return fail(notQdrantError(endpoint, QString::fromUtf8(body.left(200))));
    return result;
}

} // namespace qdrant2pg
