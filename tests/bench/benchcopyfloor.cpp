// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/bench/benchcopyfloor.h"

#include "core/engine/rowencoder.h"
#include "core/engine/schemarunner.h"
#include "core/plan/proposal.h"
#include "core/plan/targetschema.h"
#include "core/postgres/identifiers.h"
#include "core/qdrant/grpc/grpcchannel.h"
#include "core/qdrant/grpc/grpcmessages.h"
#include "core/qdrant/qdrantclient.h"
#include "core/qdrant/rest/restrequests.h"
#include "core/qdrant/rest/resttransport.h"

#include <protozero/pbf_reader.hpp>

#include <QtEndian>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace qdrant2pg::bench {

namespace {

constexpr std::uint32_t restLimit = 200;
constexpr std::uint32_t grpcLimit = 277;
constexpr qsizetype pageBytes = 1'000'000;
/// In a row of binary COPY: field count, length of the first field.
constexpr qsizetype idOffset = 2 + 4;

/// The id that a page names as next, found without reading the rest.
std::optional<PointId> nextOfRest(const QByteArray& body)
{
    const qsizetype at = body.lastIndexOf("\"next_page_offset\":\"");
    if (at < 0)
        return std::nullopt;
    return PointId::parseUuid({body.constData() + at + 20, 36});
}

std::optional<PointId> nextOfGrpc(const QByteArray& body)
{
    protozero::pbf_reader reader(body.constData(), static_cast<std::size_t>(body.size()));
    while (reader.next(1)) {
        protozero::pbf_reader id = reader.get_message();
        while (id.next()) {
            if (id.tag() == 2)
                return PointId::parseUuid(id.get_string());
            id.skip();
        }
    }
    return std::nullopt;
}

PointId middleUuid()
{
    PointId::UuidBytes bytes{};
    bytes[0] = 0x80;
    return PointId::fromUuid(bytes);
}

/// One range; `ask` sends a request for a page and gives its body.
template <class Ask> Result<qint64> scrollRange(bool upperHalf, std::uint32_t limit, const Ask& ask)
{
    PageRequest request;
    request.limit = limit;
    if (upperHalf)
        request.from = middleUuid();
    qint64 bytes = 0;
    for (;;) {
        auto next = ask(request, bytes);
        if (!next)
            return fail(next.error());
        if (!*next || (!upperHalf && **next >= middleUuid()))
            return bytes;
        request.from = **next;
    }
}

Result<qint64> scrollHalf(
    Transport transport, const SourceOptions& source, const QString& collection, bool upperHalf)
{
    using Next = Result<std::optional<PointId>>;
    if (transport == Transport::Rest) {
        RestTransport connection(source);
        return scrollRange(upperHalf, restLimit, [&](const PageRequest& request, qint64& bytes) -> Next {
            auto reply = connection.send(scrollRequest(source, collection, request))->wait();
            if (!reply)
                return fail(reply.error());
            bytes += reply->body.size();
            return nextOfRest(reply->body);
        });
    }
    auto channel = GrpcChannel::open(source, 0);
    if (!channel)
        return fail(channel.error());
    QByteArray body;
    return scrollRange(upperHalf, grpcLimit, [&](const PageRequest& request, qint64& bytes) -> Next {
        const auto call = (*channel)->call(
            "/qdrant.Points/Scroll", scrollMessage(source, collection.toStdString(), request));
        auto status = call->wait({});
        if (!status)
            return fail(status.error());
        if (status->code != 0)
            return fail(ErrorKind::Network, QString::fromStdString(status->message));
        call->takeBody(body);
        bytes += body.size();
        return nextOfGrpc(body);
    });
}

/// Runs `work(0)` and `work(1)` at once; the sum, or the first error.
template <class Work> Result<qint64> inTwoThreads(const Work& work)
{
    Result<qint64> results[2] = {0, 0};
    {
        std::jthread second([&] { results[1] = work(1); });
        results[0] = work(0);
    }
    for (const auto& result : results) {
        if (!result)
            return result;
    }
    return *results[0] + *results[1];
}

} // namespace

Result<EncodedRows> encodeRows(const SourceOptions& source, const TargetOptions& target,
    const QString& collection, const QString& table, qint64 points)
{
    QdrantClient client(source);
    auto connection = Connection::open(target);
    if (!connection)
        return fail(connection.error());
    auto profile = readServerProfile(*connection);
    if (!profile)
        return fail(profile.error());
    auto facts = readCollectionFacts(client, collection, {});
    if (!facts)
        return fail(facts.error());
    auto plan = proposeCollection(*facts, QStringLiteral("generic"), *profile);
    if (!plan)
        return fail(plan.error());
    plan->table = table;
    MigrationPlan whole;
    whole.collections = {*plan};
    auto schema = targetSchema(whole, *plan, *profile);
    if (!schema)
        return fail(schema.error());
    if (auto made = SchemaRunner::before(*connection, *schema); !made)
        return fail(made.error());
    RowEncoder::Options options;
    options.vectorOid = profile->vectorOid;
    auto encoder = RowEncoder::create(*plan, *schema, options);
    if (!encoder)
        return fail(encoder.error());
    EncodedRows rows;
    rows.copySql = copyInSql(schema->table).toUtf8();
    CopyBuffer buffer;
    EncodedRows::Page page;
    PageRequest request;
    for (qint64 done = 0; done < points;) {
        auto read = client.scroll(collection, request);
        if (!read)
            return fail(read.error());
        if (read->points().empty())
            break;
        for (const PointView& point : read->points()) {
            buffer.clear();
            if (encoder->encode(*read, point, buffer))
                return fail(ErrorKind::Data, QStringLiteral("A point was rejected."));
            page.ids.push_back(page.bytes.size() + idOffset);
            page.bytes.append(buffer.bytes().data(), static_cast<qsizetype>(buffer.bytes().size()));
            ++done;
            if (page.bytes.size() >= pageBytes)
                rows.pages.push_back(std::exchange(page, {}));
        }
        request.from = read->points().back().id.successor();
    }
    if (rows.pages.empty())
        rows.pages.push_back(std::move(page));
    return rows;
}

Result<qint64> copyFloor(const EncodedRows& rows, const TargetOptions& target, qint64 points)
{
    return inTwoThreads([&](int lane) -> Result<qint64> {
        auto connection = Connection::open(target);
        if (!connection)
            return fail(connection.error());
        if (auto set = connection->execute("SET synchronous_commit = off"); !set)
            return fail(set.error());
        qint64 stored = 0;
        // Ascending within the lane, as a range is read.
        quint64 high = lane == 0 ? 0 : quint64(1) << 63U;
        for (std::size_t number = static_cast<std::size_t>(lane); stored < points / 2; ++number) {
            EncodedRows::Page page = rows.pages[number % rows.pages.size()];
            for (const qsizetype at : page.ids)
                qToBigEndian(high += 1'000'003, page.bytes.data() + at);
            const bool good = connection->begin() && connection->copyInBegin(rows.copySql)
                && connection->copyInWrite(CopyBuffer::header())
                && connection->copyInWrite(
                    {page.bytes.constData(), static_cast<std::size_t>(page.bytes.size())})
                && connection->copyInWrite(CopyBuffer::trailer());
            if (!good)
                return fail(ErrorKind::Internal, QStringLiteral("The COPY failed."));
            auto count = connection->copyInEnd();
            if (!count)
                return fail(count.error());
            if (auto committed = connection->commit(); !committed)
                return fail(committed.error());
            stored += *count;
        }
        return stored;
    });
}

Result<qint64> scrollFloor(Transport transport, const SourceOptions& source, const QString& collection)
{
    return inTwoThreads([&](int half) { return scrollHalf(transport, source, collection, half == 1); });
}

} // namespace qdrant2pg::bench
