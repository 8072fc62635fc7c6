// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/grpc/grpcmessages.h"

#include <charconv>

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "core/common/jsontext.h"
#include "core/qdrant/grpc/grpcfilter.h"

namespace qdrant2pg {

namespace {

using protozero::pbf_writer;

/// Replies are found by their words (ReadConsistencyType) or a number of replicas.
void addConsistency(pbf_writer& message, const QString& consistency)
{
    if (consistency.isEmpty())
        return;
    pbf_writer read(message, 8);
    bool isNumber = false;
    const auto replicas = consistency.toULongLong(&isNumber);
    if (isNumber)
        read.add_uint64(2, replicas);
    else if (consistency == QLatin1String("majority"))
        read.add_enum(1, 1);
    else if (consistency == QLatin1String("quorum"))
        read.add_enum(1, 2);
    else
        read.add_enum(1, 0);
}

void addShardKey(pbf_writer& message, std::string_view token)
{
    if (token.empty())
        return;
    pbf_writer selector(message, 9);
    pbf_writer key(selector, 1);
    if (token.front() == '"') {
        key.add_string(1, jsontext::unescape(token.substr(1, token.size() - 2)).value_or(std::string()));
    } else {
        std::uint64_t number = 0;
        std::from_chars(token.data(), token.data() + token.size(), number);
        key.add_uint64(2, number);
    }
}

} // namespace

Result<std::string> scrollMessage(
    const SourceOptions& options, const std::string& collection, const PageRequest& request)
{
    std::string bytes;
    pbf_writer message(bytes);
    message.add_string(1, collection);
    if (!request.filterJson.empty()) {
        auto filter = grpcFilter(request.filterJson);
        if (!filter)
            return fail(std::move(filter.error()));
        message.add_message(2, filter->message);
    }
    if (request.from) {
        pbf_writer id(message, 3);
        if (request.from->isNumber())
            id.add_uint64(1, request.from->number());
        else
            id.add_string(2, request.from->toStdString());
    }
    message.add_uint32(4, request.limit);
    {
        pbf_writer payload(message, 6);
        payload.add_bool(1, request.withPayload);
    }
    {
        pbf_writer vectors(message, 7);
        vectors.add_bool(1, request.withVectors);
    }
    addConsistency(message, options.consistency);
    addShardKey(message, request.shardKeyJson);
    if (options.serverTimeoutSeconds > 0)
        message.add_uint64(11, static_cast<std::uint64_t>(options.serverTimeoutSeconds));
    return bytes;
}

std::optional<GrpcHealth> readHealth(std::string_view message)
{
    GrpcHealth health;
    try {
        protozero::pbf_reader reader(message.data(), message.size());
        while (reader.next()) {
            switch (reader.tag()) {
            case 1:
                health.title = reader.get_string();
                break;
            case 2:
                health.version = reader.get_string();
                break;
            case 3:
                health.commit = reader.get_string();
                break;
            default:
                reader.skip();
            }
        }
    } catch (const std::exception&) {
        return std::nullopt;
    }
    if (health.version.empty())
        return std::nullopt;
    return health;
}

} // namespace qdrant2pg
