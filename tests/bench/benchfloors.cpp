// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/bench/benchfloors.h"

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
#include <limits>
#include <thread>

namespace qdrant2pg::bench {

namespace {

constexpr qsizetype pageBytes = 1'000'000;
/// Enough to be no set of bytes that a cache keeps.
constexpr qint64 encodedBytes = 32'000'000;
/// In a row of binary COPY: field count, length of the first field.
constexpr qsizetype idOffset = 2 + 4;

using Next = Result<std::optional<PointId>>;

Next notUuid()
{
    return fail(ErrorKind::Unsupported, QStringLiteral("The floors are measured with UUID ids alone."));
}

/// The id that a page names as next, found without reading the rest.
Next nextOfRest(const QByteArray& body)
{
    static constexpr std::string_view key = "\"next_page_offset\":";
    const qsizetype at = body.lastIndexOf(QByteArrayView(key.data(), key.size()));
    const QByteArray value = at < 0 ? QByteArray() : body.mid(at + static_cast<qsizetype>(key.size()), 38);
    if (value.startsWith("null"))
        return std::optional<PointId>();
    if (!value.startsWith('"'))
        return notUuid();
    return PointId::parseUuid({value.constData() + 1, 36});
}

Next nextOfGrpc(const QByteArray& body)
{
    protozero::pbf_reader reader(body.constData(), static_cast<std::size_t>(body.size()));
    while (reader.next(1)) {
        protozero::pbf_reader id = reader.get_message();
        if (!id.next(2))
            return notUuid();
        return PointId::parseUuid(id.get_string());
    }
    return std::optional<PointId>();
}

/// Where part `number` of `parts` equal parts of all UUIDs begins.
PointId boundary(int number, int parts)
{
    PointId::UuidBytes bytes{};
    const quint64 high =
        std::numeric_limits<quint64>::max() / static_cast<quint64>(parts) * static_cast<quint64>(number);
    qToBigEndian(high, bytes.data());
    return PointId::fromUuid(bytes);
}

struct Range {
    std::optional<PointId> from;
    std::optional<PointId> to;
    std::uint32_t page = 0;
};

/// One range; `ask` sends a request for a page, adds its bytes, and gives the next id.
template <class Ask> Result<Moved> scrollRange(const Range& range, const Ask& ask)
{
    PageRequest request;
    request.limit = range.page;
    request.from = range.from;
    Moved moved;
    for (;;) {
        auto next = ask(request, moved.bytes);
        if (!next)
            return fail(next.error());
        if (!*next || (range.to && **next >= *range.to))
            return moved;
        request.from = **next;
    }
}

Result<Moved> scrollOverRest(const SourceOptions& source, const QString& collection, const Range& range)
{
    RestTransport connection(source);
    return scrollRange(range, [&](const PageRequest& request, qint64& bytes) -> Next {
        auto reply = connection.send(scrollRequest(source, collection, request))->wait();
        if (!reply)
            return fail(reply.error());
        bytes += reply->body.size();
        return nextOfRest(reply->body);
    });
}

Result<Moved> scrollOverGrpc(const SourceOptions& source, const QString& collection, const Range& range)
{
    auto channel = GrpcChannel::open(source, 0);
    if (!channel)
        return fail(channel.error());
    QByteArray body;
    return scrollRange(range, [&](const PageRequest& request, qint64& bytes) -> Next {
        const auto message = scrollMessage(source, collection.toStdString(), request);
        if (!message)
            return fail(message.error());
        const auto call = (*channel)->call("/qdrant.Points/Scroll", *message);
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

/// Runs `work(0)` to `work(count - 1)` at once; the sum, or the first error.
template <class Work> Result<Moved> inThreads(int count, const Work& work)
{
    std::vector<Result<Moved>> results(static_cast<std::size_t>(count), Moved());
    {
        std::vector<std::jthread> threads;
        for (int number = 0; number < count; ++number)
            threads.emplace_back([&, number] { results[static_cast<std::size_t>(number)] = work(number); });
    }
    Moved sum;
    for (const auto& result : results) {
        if (!result)
            return result;
        sum.points += result->points;
        sum.bytes += result->bytes;
    }
    return sum;
}

} // namespace

Result<EncodedRows> encodeRows(const SourceOptions& source, const TargetOptions& target,
    const QString& collection, const QString& schemaName, const QString& table, qint64 points)
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
    if (plan->id.type != IdType::Uuid)
        return fail(notUuid().error());
    plan->table = table;
    MigrationPlan whole;
    whole.target.schema = schemaName;
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
    qint64 bytes = 0;
    for (qint64 done = 0; done < points && bytes < encodedBytes;) {
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
            bytes += static_cast<qint64>(buffer.bytes().size());
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

Result<Moved> copyFloor(const EncodedRows& rows, const TargetOptions& target, qint64 points, int connections)
{
    return inThreads(connections, [&](int lane) -> Result<Moved> {
        auto connection = Connection::open(target);
        if (!connection)
            return fail(connection.error());
        if (auto set = connection->execute("SET synchronous_commit = off"); !set)
            return fail(set.error());
        Moved moved;
        // Ascending within the lane, as a range is read.
        quint64 high = std::numeric_limits<quint64>::max() / static_cast<quint64>(connections)
            * static_cast<quint64>(lane);
        for (auto number = static_cast<std::size_t>(lane); moved.points < points / connections; ++number) {
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
            moved.points += *count;
            moved.bytes += page.bytes.size();
        }
        return moved;
    });
}

Result<Moved> scrollFloor(Transport transport, const SourceOptions& source, const QString& collection,
    std::uint32_t page, int connections)
{
    return inThreads(connections, [&](int lane) {
        Range range;
        range.page = page;
        if (lane > 0)
            range.from = boundary(lane, connections);
        if (lane + 1 < connections)
            range.to = boundary(lane + 1, connections);
        return transport == Transport::Rest ? scrollOverRest(source, collection, range)
                                            : scrollOverGrpc(source, collection, range);
    });
}

} // namespace qdrant2pg::bench
