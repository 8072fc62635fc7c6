// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/grpc/grpcpointsource.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/qdrant/grpc/grpcchannel.h"
#include "core/qdrant/grpc/grpcmessages.h"
#include "core/qdrant/grpc/grpcpagedecoder.h"
#include "core/qdrant/rest/restrequests.h"
#include "core/qdrant/rest/resttransport.h"
#include "core/qdrant/restpointsource.h"

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

/// Of so many points at least half have to be fetched again before the source gives gRPC up.
constexpr std::size_t tellingPage = 16;

} // namespace

class GrpcPointSource::Private {
public:
    Private(const SourceOptions& sourceOptions, const QString& name)
        : options(sourceOptions)
        , endpoint(grpcEndpoint(sourceOptions))
        , collection(name.toStdString())
    {
        endpoint.collection = name;
    }

    SourceOptions options;
    Endpoint endpoint;
    std::string collection;
    std::unique_ptr<GrpcChannel> channel;
    std::shared_ptr<GrpcCall> pending;
    std::optional<Error> openError;
    PageRequest asked;
    GrpcPageDecoder decoder;
    Times times;
    qint64 fetchedAgain = 0;
    /// For whole pages.
    std::unique_ptr<RestPointSource> rest;
    bool restOnly = false;
    bool pendingAtRest = false;
    /// For single points.
    std::unique_ptr<RestTransport> single;
    RestPageDecoder singleDecoder;
    PointPage singlePage;

    void askRest(const PageRequest& request);
    Result<void> receiveFromRest(PointPage& page, std::stop_token stop);
    Result<void> receive(PointPage& page, std::stop_token stop);
    Result<void> fetchInexact(PointPage& page, const std::stop_token& stop);
    Result<void> fetch(PointPage& page, const std::string& shardKey,
        const std::vector<std::size_t>& positions, const std::stop_token& stop);
    void replace(PointPage& page, PointView& point, const PointView& exact);
};

GrpcPointSource::GrpcPointSource(const SourceOptions& options, const QString& collection)
    : d(std::make_unique<Private>(options, collection))
{
}

GrpcPointSource::~GrpcPointSource()
{
    cancel();
}

void GrpcPointSource::request(const PageRequest& request)
{
    cancel();
    d->asked = request;
    d->openError.reset();
    auto message = d->restOnly ? Result<std::string>() : scrollMessage(d->options, d->collection, request);
    if (d->restOnly || !message) {
        d->askRest(request);
        return;
    }
    if (!d->channel || d->channel->maxReplyBytes() != request.maxReplyBytes) {
        auto opened = GrpcChannel::open(d->options, request.maxReplyBytes);
        if (!opened) {
            d->openError = opened.error();
            return;
        }
        d->channel = std::move(*opened);
    }
    d->pending = d->channel->call("/qdrant.Points/Scroll", *message);
}

Result<void> GrpcPointSource::await(PointPage& page, std::stop_token stop)
{
    if (d->openError) {
        Error error = *std::exchange(d->openError, std::nullopt);
        return fail(std::move(error));
    }
    if (d->pendingAtRest)
        return d->receiveFromRest(page, std::move(stop));
    return d->receive(page, std::move(stop));
}

void GrpcPointSource::Private::askRest(const PageRequest& request)
{
    if (!rest)
        rest = std::make_unique<RestPointSource>(options, endpoint.collection);
    rest->request(request);
    pendingAtRest = true;
}

Result<void> GrpcPointSource::Private::receiveFromRest(PointPage& page, std::stop_token stop)
{
    pendingAtRest = false;
    auto received = rest->await(page, std::move(stop));
    const Times restTimes = rest->takeTimes();
    times.waiting += restTimes.waiting;
    times.decoding += restTimes.decoding;
    return received;
}

Result<void> GrpcPointSource::Private::receive(PointPage& page, std::stop_token stop)
{
    if (!pending)
        return fail(ErrorKind::Internal, QStringLiteral("No page was asked for."));
    const auto call = std::exchange(pending, nullptr);
    const auto start = Clock::now();
    auto status = call->wait(stop);
    const auto received = Clock::now();
    times.waiting += received - start;
    if (!status)
        return fail(std::move(status.error()));
    if (status->code != 0)
        return fail(errorFromGrpc(*status, endpoint, channel->timeLimit(), asked.maxReplyBytes));
    // The memory of the last page serves this one.
    QByteArray body = std::move(page.m_body);
    call->takeBody(body);
    auto decoded = decoder.decode(std::move(body), page, asked.withPayload);
    times.decoding += Clock::now() - received;
    if (!decoded) {
        decoded.error().where.host = endpoint.address();
        decoded.error().where.collection = endpoint.collection;
        return decoded;
    }
    return fetchInexact(page, stop);
}

Result<void> GrpcPointSource::Private::fetchInexact(PointPage& page, const std::stop_token& stop)
{
    std::map<std::string, std::vector<std::size_t>> byShard;
    std::size_t count = 0;
    for (std::size_t k = 0; k < page.m_points.size(); ++k) {
        const PointView& point = page.m_points[k];
        if (!point.inexact)
            continue;
        ++count;
        byShard[asked.shardKeyJson.empty() ? std::string(point.shardKey) : asked.shardKeyJson].push_back(k);
    }
    if (count == 0)
        return {};
    if (page.m_points.size() >= tellingPage && 2 * count >= page.m_points.size())
        restOnly = true;
    fetchedAgain += static_cast<qint64>(count);
    for (const auto& [shardKey, positions] : byShard) {
        if (auto fetched = fetch(page, shardKey, positions, stop); !fetched) {
            page.clear();
            return fetched;
        }
    }
    const bool someAreGone = std::any_of(
        page.m_points.begin(), page.m_points.end(), [](const PointView& point) { return point.inexact; });
    if (!someAreGone)
        return {};
    // A page without them could be empty, which means something else.
    askRest(asked);
    return receiveFromRest(page, stop);
}

Result<void> GrpcPointSource::Private::fetch(PointPage& page, const std::string& shardKey,
    const std::vector<std::size_t>& positions, const std::stop_token& stop)
{
    if (!single)
        single = std::make_unique<RestTransport>(options);
    Endpoint restEndpoint = Endpoint::fromUrl(options.url);
    restEndpoint.collection = endpoint.collection;
    std::string ids;
    for (const std::size_t position : positions)
        ids += (ids.empty() ? "[" : ",") + page.m_points[position].id.toJson();
    ids += ']';
    const auto start = Clock::now();
    auto reply = successful(
        single
            ->send(postRequest(collectionTarget(endpoint.collection, "/points") + readQuery(options, true),
                jsonObject({{"ids", std::move(ids)}, {"with_payload", jsonBool(asked.withPayload)},
                    {"with_vector", jsonBool(asked.withVectors)}, {"shard_key", shardKey}})))
            ->wait(stop),
        restEndpoint);
    times.waiting += Clock::now() - start;
    if (!reply)
        return fail(std::move(reply.error()));
    if (auto decoded =
            decodePage(std::move(*reply), singleDecoder, singlePage, asked.withPayload, restEndpoint);
        !decoded)
        return decoded;
    page.m_wireBytes += singlePage.wireBytes();
    for (const PointView& exact : singlePage.points()) {
        for (const std::size_t position : positions) {
            if (page.m_points[position].inexact && page.m_points[position].id == exact.id)
                replace(page, page.m_points[position], exact);
        }
    }
    return {};
}

/// Copies a point with everything it views, since the next fetch uses the other page's memory again.
void GrpcPointSource::Private::replace(PointPage& page, PointView& point, const PointView& exact)
{
    const auto keep = [&page](std::string_view text) -> std::string_view {
        return page.m_texts.emplace_back(text);
    };
    const auto vectors = singlePage.vectorsOf(exact);
    point.payload = keep(exact.payload);
    point.raw = keep(exact.raw);
    point.shardKey = exact.shardKey.empty() ? std::string_view() : keep(exact.shardKey);
    point.firstVector = static_cast<std::uint32_t>(page.m_vectors.size());
    point.vectorCount = static_cast<std::uint32_t>(vectors.size());
    point.inexact = false;
    for (VectorView vector : vectors) {
        auto& values = page.m_floats.emplace_back(vector.values.begin(), vector.values.end());
        auto& indices = page.m_indices.emplace_back(vector.indices.begin(), vector.indices.end());
        vector.name = keep(vector.name);
        vector.values = values;
        vector.indices = indices;
        page.m_vectors.push_back(vector);
    }
}

void GrpcPointSource::cancel()
{
    if (d->pending)
        d->pending->cancel();
    d->pending.reset();
    if (std::exchange(d->pendingAtRest, false))
        d->rest->cancel();
}

QString GrpcPointSource::transportName() const
{
    return QStringLiteral("gRPC");
}

PointSource::Times GrpcPointSource::takeTimes()
{
    return std::exchange(d->times, {});
}

qint64 GrpcPointSource::fetchedAgain() const
{
    return d->fetchedAgain;
}

} // namespace qdrant2pg
