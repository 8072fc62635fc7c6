// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/grpc/grpcprobe.h"

#include <algorithm>

#include "core/qdrant/errormapping.h"
#include "core/qdrant/grpc/grpcchannel.h"
#include "core/qdrant/grpc/grpcmessages.h"
#include "core/qdrant/grpc/grpcpagedecoder.h"
#include "core/qdrant/pointsource.h"
#include "core/qdrant/qdrantclient.h"

namespace qdrant2pg {

namespace {

/// An answer to so small a question comes at once, or the port is not for us.
constexpr std::chrono::milliseconds probeTimeout{5'000};
constexpr std::chrono::milliseconds probeConnectTimeout{2'000};
constexpr std::uint32_t comparedPoints = 8;

Error otherServer(const Endpoint& endpoint, const QString& detail)
{
    Error error = makeError(ErrorKind::Conflict,
        QStringLiteral("%1 is the gRPC port of another Qdrant server.").arg(endpoint.address()), detail,
        QStringLiteral("Name the right port with --grpc-port, or choose the transport rest."));
    error.where.host = endpoint.address();
    return error;
}

/// One call to its end; the body of its answer.
Result<QByteArray> ask(GrpcChannel& channel, const char* method, const std::string& request,
    const Endpoint& endpoint, const std::stop_token& stop)
{
    const auto call = channel.call(method, request);
    auto status = call->wait(stop);
    if (!status)
        return fail(std::move(status.error()));
    if (status->code != 0)
        return fail(errorFromGrpc(*status, endpoint, channel.timeLimit()));
    QByteArray body;
    call->takeBody(body);
    return body;
}

} // namespace

Result<void> probeGrpcDoor(const SourceOptions& given, const QString& collection, std::stop_token stop)
{
    SourceOptions options = given;
    options.stallTimeout = std::min(options.stallTimeout, probeTimeout);
    options.connectTimeout = std::min(options.connectTimeout, probeConnectTimeout);
    Endpoint endpoint = grpcEndpoint(options);
    endpoint.collection = collection;
    auto channel = GrpcChannel::open(options, 0);
    if (!channel)
        return fail(std::move(channel.error()));
    auto answer = ask(**channel, "/qdrant.Qdrant/HealthCheck", {}, endpoint, stop);
    if (!answer)
        return fail(std::move(answer.error()));
    const auto health = readHealth({answer->constData(), static_cast<std::size_t>(answer->size())});
    if (!health)
        return fail(notQdrantError(endpoint, QStringLiteral("Its health check is not Qdrant's.")));

    QdrantClient client(given, stop);
    auto version = client.version();
    if (!version)
        return fail(std::move(version.error()));
    const QString grpcVersion = QString::fromStdString(health->version);
    if (QVersionNumber::fromString(grpcVersion) != version->version) {
        return fail(otherServer(endpoint,
            QStringLiteral("Version %1 over gRPC, %2 over REST.")
                .arg(grpcVersion, version->version.toString())));
    }
    if (collection.isEmpty())
        return {};

    PageRequest page;
    page.limit = comparedPoints;
    page.withPayload = false;
    page.withVectors = false;
    // Twice, because points may come and go between the two readings.
    for (int attempt = 0;; ++attempt) {
        auto body = ask(**channel, "/qdrant.Points/Scroll",
            scrollMessage(options, collection.toStdString(), page), endpoint, stop);
        if (!body)
            return fail(std::move(body.error()));
        GrpcPageDecoder decoder;
        PointPage overGrpc;
        if (auto decoded = decoder.decode(std::move(*body), overGrpc, false); !decoded)
            return decoded;
        auto overRest = client.scroll(collection, page);
        if (!overRest)
            return fail(std::move(overRest.error()));
        const bool same = std::ranges::equal(overGrpc.points(), overRest->points(),
            [](const PointView& left, const PointView& right) { return left.id == right.id; });
        if (same)
            return {};
        if (attempt > 0)
            return fail(otherServer(
                endpoint, QStringLiteral("Collection %1 begins with other points there.").arg(collection)));
    }
}

} // namespace qdrant2pg
