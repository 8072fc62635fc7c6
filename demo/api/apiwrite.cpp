// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/api/apicall.h"

#include <algorithm>

namespace qdrant2pg::demo {

namespace {

tl::unexpected<ApiError> refuse(const std::string& text)
{
    return tl::unexpected(ApiError{400, text, {}, text.starts_with("Format error")});
}

Answer completed(const ApiCall& call, std::string& out)
{
    const std::uint64_t operation =
        call.collection->read([](const CollectionState& state) { return state.operation; });
    const bool waited = call.request.queryValue("wait") == "true";
    out += R"({"operation_id":)" + std::to_string(operation) + R"(,"status":")"
        + (waited ? "completed" : "acknowledged") + "\"}";
    return {};
}

/// The position of the first point with a sparse vector that names an index twice.
std::optional<std::size_t> repeatedIndex(const Json& points)
{
    for (std::size_t i = 0; i < points.items().size(); ++i) {
        const Json* vectors = points.items()[i].get("vector");
        if (vectors == nullptr)
            continue;
        for (const Json::Member& member : vectors->members()) {
            std::vector<std::string_view> seen;
            const Json* indices = member.value.find("indices");
            if (indices == nullptr)
                continue;
            for (const Json& index : indices->items())
                seen.push_back(index.raw());
            std::sort(seen.begin(), seen.end());
            if (std::adjacent_find(seen.begin(), seen.end()) != seen.end())
                return i;
        }
    }
    return std::nullopt;
}

tl::expected<std::vector<PointId>, ApiError> idsOf(const ApiCall& call)
{
    const Json* list = call.body->get("points");
    std::vector<PointId> ids;
    if (list == nullptr)
        return ids;
    for (const Json& item : list->items()) {
        const auto id = readPointId(item);
        if (!id)
            return tl::unexpected(call.badBody(id.error()));
        ids.push_back(*id);
    }
    return ids;
}

} // namespace

Answer createCollection(ApiCall& call, const std::string& name, std::string& out)
{
    for (const char bad : {'"', '*', ':', '?', '\\'}) {
        if (name.find(bad) != std::string::npos) {
            return tl::unexpected(ApiError{422,
                std::string("Validation error in path parameters: [collection_name: collection name cannot "
                            "contain \"")
                    + bad + "\" char]",
                {}, true});
        }
    }
    if (call.store.find(name) != nullptr)
        return tl::unexpected(
            ApiError{409, "Wrong input: Collection `" + name + "` already exists!", {}, false});
    if (const Json* size = call.body->at({"vectors", "size"});
        size != nullptr && size->toU64().value_or(0) > 65536) {
        return tl::unexpected(ApiError{422,
            "Validation error in JSON body: [vectors.size: value " + std::string(size->raw())
                + " invalid, must be from 1 to 65536]",
            {}, true});
    }
    const auto created = call.store.create(name, call.request.body);
    if (!created)
        return refuse("Format error in JSON body: " + created.error());
    out += "true";
    return {};
}

Answer deleteCollection(ApiCall& call, const std::string& name, std::string& out)
{
    out += call.store.drop(name) ? "true" : "false";
    return {};
}

Answer upsertPoints(ApiCall& call, std::string& out)
{
    const Json* points = call.body->get("points");
    if (points == nullptr || !points->isArray())
        return tl::unexpected(
            call.badBody("data did not match any variant of untagged enum PointInsertOperations"));
    if (const auto repeated = repeatedIndex(*points)) {
        return tl::unexpected(ApiCall::invalid("[points[" + std::to_string(*repeated)
            + "].vector.?.indices: Validation error: must be unique [{}]]"));
    }
    const Json* key = call.body->get("shard_key");
    if (auto stored = call.collection->upload(*points, key == nullptr ? std::string_view() : key->raw());
        !stored)
        return refuse(stored.error());
    return completed(call, out);
}

Answer deletePoints(ApiCall& call, std::string& out)
{
    if (const Json* json = call.body->get("filter")) {
        const auto filter = Filter::parse(*json, "points_selector", call.version().atLeast(19));
        if (!filter)
            return refuse("Format error in JSON body: " + filter.error().text);
        std::string scratch;
        call.collection->removeIf([&](const CollectionState& state, const StoredPoint& point) {
            return filter->matches(state, point, scratch);
        });
        return completed(call, out);
    }
    const auto ids = idsOf(call);
    if (!ids)
        return tl::unexpected(ids.error());
    call.collection->remove(*ids);
    return completed(call, out);
}

Answer setPayload(ApiCall& call, std::string& out)
{
    const auto ids = idsOf(call);
    const Json* payload = call.body->get("payload");
    if (!ids)
        return tl::unexpected(ids.error());
    if (payload == nullptr || !payload->isObject())
        return tl::unexpected(call.badBody("missing field `payload`"));
    call.collection->mergePayload(*ids, *payload);
    return completed(call, out);
}

Answer createPayloadIndex(ApiCall& call, std::string& out)
{
    const Json* field = call.body->get("field_name");
    const Json* schema = call.body->get("field_schema");
    if (field == nullptr || !field->isString() || schema == nullptr)
        return tl::unexpected(call.badBody("missing field `field_name`"));
    const std::string key = field->text();
    if (!parseJsonPath(key)) {
        const auto column =
            static_cast<std::size_t>(field->raw().data() - call.request.body.data()) + field->raw().size();
        return refuse("Format error in JSON body: Invalid json path: '" + key + "' at line 1 column "
            + std::to_string(column));
    }
    call.collection->createIndex(key, *schema);
    return completed(call, out);
}

Answer addVector(ApiCall& call, const std::string& name, std::string& out)
{
    const Json* dense = call.body->get("dense");
    const Json* sparse = call.body->get("sparse");
    if (dense == nullptr && sparse == nullptr)
        return tl::unexpected(call.badBody("expected `dense` or `sparse`"));
    const auto added = call.collection->write([&](CollectionState& state) {
        state.operation += 2;
        return state.config.addVector(name, dense != nullptr ? *dense : *sparse, dense == nullptr);
    });
    if (!added)
        return refuse("Format error in JSON body: " + added.error());
    return completed(call, out);
}

Answer dropVector(ApiCall& call, const std::string& name, std::string& out)
{
    call.collection->write([&](CollectionState& state) {
        state.operation += 2;
        state.config.dropVector(name);
        for (StoredPoint& point : state.points) {
            if (!point.body)
                continue;
            PointBody body = *point.body;
            if (std::erase_if(body.vectors, [&](const StoredVector& vector) { return vector.name == name; })
                > 0)
                point.body = std::make_shared<const PointBody>(std::move(body));
        }
    });
    return completed(call, out);
}

} // namespace qdrant2pg::demo
