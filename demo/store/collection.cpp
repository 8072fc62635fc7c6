// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/store/collection.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace qdrant2pg::demo {

namespace {

bool sameRow(const StoredPoint& a, const StoredPoint& b)
{
    return a.id == b.id && a.shard == b.shard;
}

bool before(const StoredPoint& a, const StoredPoint& b)
{
    return a.id != b.id ? a.id < b.id : a.shard < b.shard;
}

bool hasField(const std::string& payload, const JsonPath& path)
{
    const auto parsed = Json::parse(payload);
    return parsed && !leafValues(*parsed, path).empty();
}

std::uint16_t shardIndex(CollectionState& state, const std::string& rawKey)
{
    if (rawKey.empty())
        return 0;
    if (const auto known = state.shardOf(rawKey))
        return *known;
    state.shardKeys.push_back(rawKey);
    return static_cast<std::uint16_t>(state.shardKeys.size() - 1);
}

tl::expected<Point, std::string> uploadedPoint(const CollectionConfig& config, const Json& item)
{
    Point point;
    const Json* id = item.find("id");
    const auto number = id == nullptr ? std::nullopt : id->toU64();
    const auto uuid = id == nullptr ? std::nullopt : PointId::fromUuidText(id->text());
    if (!number && !uuid)
        return tl::unexpected(std::string("Format error in JSON body: a point without a valid id"));
    point.id = number ? PointId::number(*number) : *uuid;
    if (const Json* payload = item.get("payload")) {
        if (!payload->isObject())
            return tl::unexpected(
                std::string("Format error in JSON body: invalid type: sequence, expected a map"));
        point.payload.clear();
        appendCanonical(point.payload, *payload);
    }
    const auto add = [&](std::string_view name, const Json& value) -> tl::expected<void, std::string> {
        const VectorSpec* spec = config.find(name);
        if (spec == nullptr)
            return tl::unexpected("Wrong input: Not existing vector name error: " + std::string(name));
        auto stored = uploadedVector(*spec, value);
        if (!stored)
            return tl::unexpected(stored.error());
        point.vectors.push_back(std::move(*stored));
        return {};
    };
    const Json* vector = item.get("vector");
    if (vector != nullptr && vector->isArray()) {
        if (auto added = add({}, *vector); !added)
            return tl::unexpected(added.error());
    } else if (vector != nullptr) {
        for (const Json::Member& member : vector->members()) {
            if (auto added = add(member.key, member.value); !added)
                return tl::unexpected(added.error());
        }
    }
    return point;
}

} // namespace

const PayloadIndex* CollectionState::index(const JsonPath& path) const
{
    const auto found = std::find_if(
        indexes.begin(), indexes.end(), [&path](const PayloadIndex& index) { return index.path == path; });
    return found == indexes.end() ? nullptr : &*found;
}

std::optional<std::uint16_t> CollectionState::shardOf(std::string_view rawKey) const
{
    const auto found = std::find(shardKeys.begin(), shardKeys.end(), rawKey);
    if (found == shardKeys.end())
        return std::nullopt;
    return static_cast<std::uint16_t>(found - shardKeys.begin());
}

std::size_t CollectionState::lowerBound(const PointId& id) const
{
    const auto found = std::lower_bound(points.begin(), points.end(), id,
        [](const StoredPoint& point, const PointId& wanted) { return point.id < wanted; });
    return static_cast<std::size_t>(found - points.begin());
}

std::uint64_t CollectionState::visiblePoints() const
{
    return static_cast<std::uint64_t>(std::count_if(
        points.begin(), points.end(), [](const StoredPoint& point) { return !point.deferred; }));
}

void Collection::store(CollectionState& state, std::vector<StoredPoint> points)
{
    std::stable_sort(points.begin(), points.end(), before);
    // Of equal rows the last one given wins.
    const auto firstKept = std::unique(points.rbegin(), points.rend(), sameRow).base();
    points.erase(points.begin(), firstKept);
    for (PayloadIndex& index : state.indexes) {
        for (const StoredPoint& point : points) {
            if (point.body && hasField(point.body->payload, index.path))
                ++index.points;
        }
    }
    if (points.size() < 32) {
        for (StoredPoint& point : points) {
            const auto at = std::lower_bound(state.points.begin(), state.points.end(), point, before);
            if (at != state.points.end() && sameRow(*at, point))
                *at = std::move(point);
            else
                state.points.insert(at, std::move(point));
        }
        return;
    }
    std::vector<StoredPoint> merged;
    merged.reserve(state.points.size() + points.size());
    std::set_union(points.begin(), points.end(), state.points.begin(), state.points.end(),
        std::back_inserter(merged), before);
    state.points = std::move(merged);
}

void Collection::upsert(std::vector<Point> points)
{
    write([&](CollectionState& state) {
        ++state.operation;
        std::vector<StoredPoint> rows;
        rows.reserve(points.size());
        for (Point& point : points) {
            StoredPoint row;
            row.id = point.id;
            row.shard = shardIndex(state, point.shardKey);
            row.version = static_cast<std::uint32_t>(point.version != 0 ? point.version : state.operation);
            row.body = std::make_shared<const PointBody>(
                PointBody{std::move(point.payload), std::move(point.vectors)});
            rows.push_back(std::move(row));
        }
        store(state, std::move(rows));
    });
}

tl::expected<void, std::string> Collection::upload(const Json& pointList, std::string_view shardKey)
{
    auto points = uploadedPoints(pointList, shardKey);
    if (!points)
        return tl::unexpected(points.error());
    upsert(std::move(*points));
    return {};
}

tl::expected<std::vector<Point>, std::string> Collection::uploadedPoints(
    const Json& pointList, std::string_view shardKey) const
{
    return read([&](const CollectionState& state) -> tl::expected<std::vector<Point>, std::string> {
        if (state.config.customSharding() && shardKey.empty())
            return tl::unexpected(std::string("Wrong input: Shard key not specified"));
        std::vector<Point> points;
        for (const Json& item : pointList.items()) {
            auto point = uploadedPoint(state.config, item);
            if (!point)
                return tl::unexpected(point.error());
            point->shardKey = shardKey;
            points.push_back(std::move(*point));
        }
        return points;
    });
}

std::size_t Collection::remove(const std::vector<PointId>& ids)
{
    std::vector<PointId> sorted = ids;
    std::sort(sorted.begin(), sorted.end());
    return removeIf([&sorted](const CollectionState&, const StoredPoint& point) {
        return std::binary_search(sorted.begin(), sorted.end(), point.id);
    });
}

std::size_t Collection::removeIf(
    const std::function<bool(const CollectionState&, const StoredPoint&)>& condition)
{
    return write([&](CollectionState& state) {
        ++state.operation;
        return std::erase_if(state.points, [&](const StoredPoint& point) { return condition(state, point); });
    });
}

void Collection::mergePayload(const std::vector<PointId>& ids, const Json& payload)
{
    write([&](CollectionState& state) {
        ++state.operation;
        for (const PointId& id : ids) {
            for (std::size_t i = state.lowerBound(id); i < state.points.size() && state.points[i].id == id;
                 ++i) {
                StoredPoint& point = state.points[i];
                if (!point.body)
                    continue;
                PointBody body = *point.body;
                for (const Json::Member& member : payload.members()) {
                    std::string value;
                    appendCanonical(value, member.value);
                    const std::string old = body.payload;
                    body.payload = withMember(*Json::parse(old), member.key, value);
                }
                point.body = std::make_shared<const PointBody>(std::move(body));
                point.version = static_cast<std::uint32_t>(state.operation);
            }
        }
    });
}

void Collection::setGenerated(std::vector<StoredPoint> points, std::shared_ptr<const BodyGenerator> generator)
{
    std::sort(points.begin(), points.end(), before);
    write([&](CollectionState& state) {
        ++state.operation;
        state.points = std::move(points);
        state.generator = std::move(generator);
        for (PayloadIndex& index : state.indexes)
            index.points = state.points.size();
    });
}

void Collection::createIndex(std::string_view key, const Json& schema)
{
    PayloadIndex index;
    index.key = key;
    index.path = parseJsonPath(key).value_or(JsonPath{{PathPart::Kind::Key, std::string(key), 0}});
    if (schema.isString()) {
        index.dataType = schema.text();
    } else {
        const Json* type = schema.get("type");
        index.dataType = type == nullptr ? "keyword" : type->text();
        appendCanonical(index.params, schema);
    }
    write([&](CollectionState& state) {
        state.operation += 2;
        std::string payload;
        for (const StoredPoint& point : state.points) {
            payload.clear();
            state.reader(point).appendPayload(payload);
            if (hasField(payload, index.path))
                ++index.points;
        }
        std::erase_if(state.indexes, [&index](const PayloadIndex& other) { return other.key == index.key; });
        state.indexes.push_back(std::move(index));
    });
}

void Collection::setDeferred(std::size_t count)
{
    write([count](CollectionState& state) {
        const std::size_t shown = state.points.size() - std::min(count, state.points.size());
        for (std::size_t i = 0; i < state.points.size(); ++i)
            state.points[i].deferred = i >= shown;
        state.status = count == 0 ? "green" : "yellow";
    });
}

std::optional<std::uint64_t> Collection::takeReadTokens(std::uint64_t perMinute, std::uint64_t tokens)
{
    const std::lock_guard lock(m_rateMutex);
    const auto capacity = static_cast<double>(perMinute);
    const auto wanted = static_cast<double>(tokens);
    if (wanted > capacity)
        return 0;
    const auto now = std::chrono::steady_clock::now();
    const double elapsed = std::chrono::duration<double>(now - m_tokensAt).count();
    const double available =
        std::min(capacity, m_tokens.value_or(capacity) + (m_tokens ? elapsed * capacity / 60 : 0));
    m_tokensAt = now;
    m_tokens = available;
    if (available >= wanted) {
        m_tokens = available - wanted;
        return std::nullopt;
    }
    return std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(std::ceil((wanted - available) * 60 / capacity)));
}

void Collection::refillReadTokens()
{
    const std::lock_guard lock(m_rateMutex);
    m_tokens.reset();
}

double Collection::readTokens() const
{
    const std::lock_guard lock(m_rateMutex);
    return m_tokens.value_or(0);
}

} // namespace qdrant2pg::demo
