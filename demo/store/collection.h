// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/base/jsonpath.h"
#include "demo/store/config.h"
#include "demo/store/point.h"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

/// A payload index as `payload_schema` shows it. The stand-in scans; an index only changes what is
/// understood.
struct PayloadIndex {
    std::string key;
    std::string dataType;
    std::string params; ///< raw JSON, empty when the index was created by a plain type name
    JsonPath path;
    std::uint64_t points = 0;
};

/// A shard as the cluster answer shows it.
struct ShardInfo {
    std::uint64_t id = 0;
    std::string key; ///< raw JSON, empty with automatic sharding
    std::optional<std::uint64_t> points; ///< fixed estimate; without one it is counted
};

/// What a collection holds; see Collection for access.
struct CollectionState {
    CollectionConfig config;
    std::vector<PayloadIndex> indexes;
    std::vector<std::string> shardKeys; ///< raw JSON, in order of creation
    std::vector<ShardInfo> shards;
    std::vector<StoredPoint> points; ///< ordered by id, then shard
    std::shared_ptr<const BodyGenerator> generator;
    std::string status = "green";
    std::string optimizerStatus = "\"ok\"";
    std::optional<std::uint64_t> indexedVectors; ///< without one it is estimated
    std::uint64_t segments = 2;
    std::uint64_t updateQueue = 0;
    std::uint64_t operation = 0; ///< number of the last operation

    [[nodiscard]] PointReader reader(const StoredPoint& point) const { return {point, generator.get()}; }
    [[nodiscard]] const PayloadIndex* index(const JsonPath& path) const;
    [[nodiscard]] std::optional<std::uint16_t> shardOf(std::string_view rawKey) const;
    /// The position of the first point whose id is not below \a id.
    [[nodiscard]] std::size_t lowerBound(const PointId& id) const;
    [[nodiscard]] std::uint64_t visiblePoints() const;
};

/// A collection that may be read by any number of threads while tests change it.
class Collection {
public:
    explicit Collection(std::string name)
        : m_name(std::move(name))
    {
    }

    [[nodiscard]] const std::string& name() const { return m_name; }

    /// Calls \a use with the state while nobody changes it.
    template <class Use> auto read(const Use& use) const
    {
        const std::shared_lock lock(m_mutex);
        return use(static_cast<const CollectionState&>(m_state));
    }
    /// Calls \a change with the state while nobody else looks at it.
    template <class Change> auto write(const Change& change)
    {
        const std::unique_lock lock(m_mutex);
        return change(m_state);
    }

    /// Stores points as they are, replacing those with the same id and shard key. One operation.
    void upsert(std::vector<Point> points);
    /// Stores uploaded vectors the way the server would: normalised, rounded. The error is the server's text.
    [[nodiscard]] tl::expected<void, std::string> upload(
        const Json& pointList, std::string_view shardKey = {});
    /// The points that upload() would store.
    [[nodiscard]] tl::expected<std::vector<Point>, std::string> uploadedPoints(
        const Json& pointList, std::string_view shardKey = {}) const;
    /// Returns how many points were there.
    std::size_t remove(const std::vector<PointId>& ids);
    std::size_t removeIf(const std::function<bool(const CollectionState&, const StoredPoint&)>& condition);
    /// Merges the members of a JSON object into the payloads of the points.
    void mergePayload(const std::vector<PointId>& ids, const Json& payload);
    /// Replaces payload and vectors of all points by the generator's; points have ids and serial numbers
    /// already.
    void setGenerated(std::vector<StoredPoint> points, std::shared_ptr<const BodyGenerator> generator);
    /// \a schema is raw JSON: a quoted type name or the parameter object. Counts the points that have the
    /// field.
    void createIndex(std::string_view key, const Json& schema);
    /// Hides the last \a count points (by id) as not yet optimised; 0 shows all of them again.
    void setDeferred(std::size_t count);

    /// Takes tokens from the bucket of `read_rate_limit`: nothing when granted, else the seconds to wait, or
    /// 0 when the request can never fit.
    [[nodiscard]] std::optional<std::uint64_t> takeReadTokens(std::uint64_t perMinute, std::uint64_t tokens);
    /// Fills the bucket, so that a test need not wait.
    void refillReadTokens();
    [[nodiscard]] double readTokens() const;

private:
    void store(CollectionState& state, std::vector<StoredPoint> points);

    std::string m_name;
    mutable std::shared_mutex m_mutex;
    CollectionState m_state;

    mutable std::mutex m_rateMutex;
    std::optional<double> m_tokens;
    std::chrono::steady_clock::time_point m_tokensAt;
};

} // namespace qdrant2pg::demo
