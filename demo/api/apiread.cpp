// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/api/apicall.h"
#include "demo/api/orderby.h"
#include "demo/base/numbers.h"

#include <algorithm>

namespace qdrant2pg::demo {

namespace {

tl::expected<std::optional<PointId>, ApiError> readOffset(const ApiCall& call)
{
    const Json* offset = call.body->get("offset");
    if (offset == nullptr)
        return std::nullopt;
    const auto id = readPointId(*offset);
    if (!id)
        return tl::unexpected(call.badBody(id.error()));
    return *id;
}

/// Appends the page and returns the id that comes after it.
std::optional<PointId> appendPage(std::string& out, const ApiCall& call, const CollectionState& state,
    const ReadOptions& options, const std::optional<PointId>& offset)
{
    const std::uint64_t limit = options.limit.value_or(10);
    std::uint64_t count = 0;
    const PointId* last = nullptr;
    std::string scratch;
    for (std::size_t i = offset ? state.lowerBound(*offset) : 0; i < state.points.size(); ++i) {
        const StoredPoint& point = state.points[i];
        // Of an id under several shard keys a scan returns one copy.
        if (point.deferred || !options.wantsShard(point.shard) || (last != nullptr && *last == point.id)
            || (options.filter && !options.filter->matches(state, point, scratch)))
            continue;
        if (count == limit)
            return point.id;
        if (count++ > 0)
            out += ',';
        appendRecord(out, call, state, point, options, scratch);
        last = &point.id;
    }
    return std::nullopt;
}

} // namespace

Answer scrollPoints(ApiCall& call, std::string& out)
{
    auto options = readOptions(call, "scroll_request", true);
    if (!options)
        return tl::unexpected(options.error());
    const auto offset = readOffset(call);
    if (!offset)
        return tl::unexpected(offset.error());
    return call.collection->read([&](const CollectionState& state) -> Answer {
        if (auto good = checkStrictMode(call, state, *options, false, 1); !good)
            return good;
        if (auto good = readShardKeys(call, state, *options); !good)
            return good;
        if (auto good = checkVectorNames(state, options->vectors); !good)
            return good;
        if (const Json* order = call.body->get("order_by"); order != nullptr && call.version().atLeast(8))
            return scrollOrdered(call, state, *options, *order, offset->has_value(), out);
        out += "{\"points\":[";
        const auto next = appendPage(out, call, state, *options, *offset);
        out += "],\"next_page_offset\":";
        if (next)
            next->appendJson(out);
        else
            out += "null";
        out += '}';
        return {};
    });
}

Answer countPoints(ApiCall& call, std::string& out)
{
    auto options = readOptions(call, "count_request", false);
    if (!options)
        return tl::unexpected(options.error());
    const Json* exact = call.body->get("exact");
    return call.collection->read([&](const CollectionState& state) -> Answer {
        if (auto good = checkStrictMode(call, state, *options, exact == nullptr || exact->isTrue(), 1); !good)
            return good;
        if (auto good = readShardKeys(call, state, *options); !good)
            return good;
        std::string scratch;
        const auto count =
            std::count_if(state.points.begin(), state.points.end(), [&](const StoredPoint& point) {
                return !point.deferred && options->wantsShard(point.shard)
                    && (!options->filter || options->filter->matches(state, point, scratch));
            });
        out += "{\"count\":";
        appendInteger(out, static_cast<std::uint64_t>(count));
        out += '}';
        return {};
    });
}

Answer retrievePoints(ApiCall& call, std::string& out)
{
    auto options = readOptions(call, "point_request", false);
    if (!options)
        return tl::unexpected(options.error());
    const Json* list = call.body->get("ids");
    if (list == nullptr || !list->isArray())
        return tl::unexpected(call.badBody("missing field `ids`"));
    std::vector<PointId> ids;
    for (const Json& item : list->items()) {
        const auto id = readPointId(item);
        if (!id)
            return tl::unexpected(call.badBody(id.error()));
        if (std::find(ids.begin(), ids.end(), *id) == ids.end())
            ids.push_back(*id);
    }
    return call.collection->read([&](const CollectionState& state) -> Answer {
        if (auto good = checkStrictMode(call, state, *options, false, ids.size()); !good)
            return good;
        if (auto good = readShardKeys(call, state, *options); !good)
            return good;
        if (auto good = checkVectorNames(state, options->vectors); !good)
            return good;
        std::string scratch;
        bool first = true;
        out += '[';
        for (const PointId& id : ids) {
            // Where an id lives under several shard keys the recorded server answered the last one.
            const StoredPoint* found = nullptr;
            for (std::size_t i = state.lowerBound(id); i < state.points.size() && state.points[i].id == id;
                 ++i) {
                if (!state.points[i].deferred && options->wantsShard(state.points[i].shard))
                    found = &state.points[i];
            }
            if (found == nullptr)
                continue;
            if (!first)
                out += ',';
            first = false;
            appendRecord(out, call, state, *found, *options, scratch);
        }
        out += ']';
        return {};
    });
}

Answer getPoint(ApiCall& call, const std::string& idText, std::string& out)
{
    const auto id = PointId::fromPath(idText);
    if (!id)
        return tl::unexpected(ApiError{
            400, "Wrong input: Can not recognize " + jsonString(idText) + " as point id", {}, false});
    ReadOptions options;
    options.payload.kind = PayloadSelection::Kind::All;
    options.vectors.all = true;
    return call.collection->read([&](const CollectionState& state) -> Answer {
        if (auto good = checkStrictMode(call, state, options, false, 1); !good)
            return good;
        const StoredPoint* found = nullptr;
        for (std::size_t i = state.lowerBound(*id); i < state.points.size() && state.points[i].id == *id;
             ++i) {
            if (!state.points[i].deferred)
                found = &state.points[i];
        }
        if (found == nullptr)
            return tl::unexpected(
                ApiError{404, "Not found: Point with id " + id->text() + " does not exists!", {}, false});
        std::string scratch;
        appendRecord(out, call, state, *found, options, scratch);
        return {};
    });
}

} // namespace qdrant2pg::demo
