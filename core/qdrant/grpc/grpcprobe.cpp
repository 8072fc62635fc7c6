// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/grpc/grpcprobe.h"

#include <algorithm>

#include "core/qdrant/errormapping.h"
#include "core/qdrant/grpc/grpcchannel.h"
#include "core/qdrant/grpc/grpcfilter.h"
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

/// The two doors of one server, for the length of the probe.
class Doors {
public:
    Doors(const SourceOptions& given, const SourceOptions& hasty, std::stop_token stop)
        : m_options(hasty)
        , m_endpoint(grpcEndpoint(hasty))
        , m_client(given, stop)
        , m_stop(std::move(stop))
    {
    }
    [[nodiscard]] Result<void> open()
    {
        auto channel = GrpcChannel::open(m_options, 0);
        if (!channel)
            return fail(std::move(channel.error()));
        m_channel = std::move(*channel);
        return {};
    }
    /// The version that both show.
    [[nodiscard]] Result<QVersionNumber> compareVersions();
    /// Whether the collection begins with the same points on both, under the filter if there is one.
    [[nodiscard]] Result<bool> beginAlike(const SourceRead& read);
    const Endpoint& endpoint() const { return m_endpoint; }

private:
    SourceOptions m_options;
    Endpoint m_endpoint;
    QdrantClient m_client;
    std::stop_token m_stop;
    std::unique_ptr<GrpcChannel> m_channel;
};

Result<QVersionNumber> Doors::compareVersions()
{
    auto answer = ask(*m_channel, "/qdrant.Qdrant/HealthCheck", {}, m_endpoint, m_stop);
    if (!answer)
        return fail(std::move(answer.error()));
    const auto health = readHealth({answer->constData(), static_cast<std::size_t>(answer->size())});
    if (!health)
        return fail(notQdrantError(m_endpoint, QStringLiteral("Its health check is not Qdrant's.")));
    auto version = m_client.version();
    if (!version)
        return fail(std::move(version.error()));
    const QString grpcVersion = QString::fromStdString(health->version);
    if (QVersionNumber::fromString(grpcVersion) != version->version) {
        return fail(otherServer(m_endpoint,
            QStringLiteral("Version %1 over gRPC, %2 over REST.")
                .arg(grpcVersion, version->version.toString())));
    }
    return version->version;
}

Result<bool> Doors::beginAlike(const SourceRead& read)
{
    PageRequest page;
    page.limit = comparedPoints;
    page.withPayload = false;
    page.withVectors = false;
    page.filterJson = read.filterJson;
    Endpoint endpoint = m_endpoint;
    endpoint.collection = read.collection;
    auto message = scrollMessage(m_options, read.collection.toStdString(), page);
    if (!message)
        return fail(std::move(message.error()));
    // Twice, because points may come and go between the two readings.
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto body = ask(*m_channel, "/qdrant.Points/Scroll", *message, endpoint, m_stop);
        if (!body)
            return fail(std::move(body.error()));
        GrpcPageDecoder decoder;
        PointPage overGrpc;
        if (auto decoded = decoder.decode(std::move(*body), overGrpc, false); !decoded)
            return fail(std::move(decoded.error()));
        auto overRest = m_client.scroll(read.collection, page);
        if (!overRest)
            return fail(std::move(overRest.error()));
        const bool same = std::ranges::equal(overGrpc.points(), overRest->points(),
            [](const PointView& left, const PointView& right) { return left.id == right.id; });
        if (same)
            return true;
    }
    return false;
}

/// Why gRPC does not carry the filter of a collection; empty when it does.
Result<QString> objectionTo(Doors& doors, const SourceRead& read, const QVersionNumber& version)
{
    const auto filter = grpcFilter(read.filterJson);
    if (!filter)
        return filter.error().summary;
    if (version < filter->since)
        return QStringLiteral("Its filter holds a condition that gRPC is known to carry from Qdrant %1 on.")
            .arg(filter->since.toString());
    auto alike = doors.beginAlike(read);
    if (!alike && alike.error().kind == ErrorKind::Cancelled)
        return fail(std::move(alike.error()));
    if (!alike)
        return alike.error().summary;
    return *alike ? QString() : QStringLiteral("Its filter finds other points over gRPC.");
}

} // namespace

Result<QMap<QString, QString>> probeGrpcDoor(
    const SourceOptions& given, const QList<SourceRead>& reads, std::stop_token stop)
{
    SourceOptions options = given;
    options.stallTimeout = std::min(options.stallTimeout, probeTimeout);
    options.connectTimeout = std::min(options.connectTimeout, probeConnectTimeout);
    Doors doors(given, options, std::move(stop));
    if (auto opened = doors.open(); !opened)
        return fail(std::move(opened.error()));
    auto version = doors.compareVersions();
    if (!version)
        return fail(std::move(version.error()));
    QMap<QString, QString> overRest;
    if (reads.isEmpty())
        return overRest;
    const QString& first = reads.first().collection;
    auto alike = doors.beginAlike({first, {}});
    if (!alike)
        return fail(std::move(alike.error()));
    if (!*alike)
        return fail(otherServer(
            doors.endpoint(), QStringLiteral("Collection %1 begins with other points there.").arg(first)));
    for (const SourceRead& read : reads) {
        if (read.filterJson.empty())
            continue;
        auto objection = objectionTo(doors, read, *version);
        if (!objection)
            return fail(std::move(objection.error()));
        if (!objection->isEmpty())
            overRest.insert(read.collection, *objection);
    }
    return overRest;
}

} // namespace qdrant2pg
