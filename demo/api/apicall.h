// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/api/api.h"
#include "demo/store/filter.h"

#include <optional>
#include <string>

namespace qdrant2pg::demo {

/// An error answer: status and text with its label (`Bad request: ...`).
struct ApiError {
    int status = 400;
    std::string text;
    std::optional<std::uint64_t> retryAfter; ///< seconds
    bool beforeWork = false; ///< refused while reading the request: `time` is 0.0
};

using Answer = tl::expected<void, ApiError>;

/// One request on its way through a handler. Handlers append the value of `result`.
struct ApiCall {
    const HttpRequest& request;
    const ServerSettings& settings;
    Store& store;
    std::uint64_t number = 0; ///< decides orders that are random on a real server
    std::shared_ptr<Collection> collection;
    std::optional<Json> body;

    [[nodiscard]] const ServerVersion& version() const { return settings.version; }
    /// A text with `at line 1 column N`, the end of the body, where the recorded server reports every wrong
    /// value.
    [[nodiscard]] ApiError badBody(const std::string& text) const;
    [[nodiscard]] static ApiError invalid(const std::string& text);
    /// A violation of strict mode: 403 up to 1.13, 400 later.
    [[nodiscard]] ApiError strictViolation(const std::string& text) const;
};

/// What the reading requests have in common.
struct ReadOptions {
    std::optional<std::uint64_t> limit;
    std::optional<Filter> filter;
    PayloadSelection payload;
    VectorSelection vectors;
    std::vector<std::uint16_t> shards; ///< wanted shard keys; empty: all
    bool anyShard = true;

    [[nodiscard]] bool wantsShard(std::uint16_t shard) const;
};

/// Reads limit, filter, with_payload, with_vector and shard_key of the body. \a label names the request in
/// validation errors.
[[nodiscard]] tl::expected<ReadOptions, ApiError> readOptions(
    ApiCall& call, const std::string& label, bool payloadByDefault);
/// Shard keys need the collection's state.
[[nodiscard]] Answer readShardKeys(const ApiCall& call, const CollectionState& state, ReadOptions& options);
[[nodiscard]] Answer checkVectorNames(const CollectionState& state, const VectorSelection& selection);
/// Strict mode: limits, timeout, exactness, filters, and the rate limit at \a cost tokens plus one per
/// condition.
[[nodiscard]] Answer checkStrictMode(const ApiCall& call, const CollectionState& state,
    const ReadOptions& options, bool exact, std::uint64_t cost);
/// `timeout` and `consistency` of the query string.
[[nodiscard]] Answer checkQueryString(const HttpRequest& request);

/// Appends `,"payload":...` and `,"vector":...`, and `,"shard_key":...` with custom sharding.
void appendContents(std::string& out, const ApiCall& call, const CollectionState& state,
    const StoredPoint& point, const ReadOptions& options, std::string& scratch);
void appendRecord(std::string& out, const ApiCall& call, const CollectionState& state,
    const StoredPoint& point, const ReadOptions& options, std::string& scratch);

[[nodiscard]] Answer listCollections(ApiCall& call, std::string& out);
[[nodiscard]] Answer listAliases(ApiCall& call, std::string& out);
[[nodiscard]] Answer collectionAliases(const ApiCall& call, const std::string& name, std::string& out);
[[nodiscard]] Answer collectionInfo(ApiCall& call, std::string& out);
[[nodiscard]] Answer collectionCluster(ApiCall& call, std::string& out);
[[nodiscard]] Answer collectionShards(ApiCall& call, std::string& out);
[[nodiscard]] Answer collectionOptimizations(ApiCall& call, std::string& out);
[[nodiscard]] Answer serverCluster(ApiCall& call, std::string& out);
[[nodiscard]] Answer scrollPoints(ApiCall& call, std::string& out);
[[nodiscard]] Answer countPoints(ApiCall& call, std::string& out);
[[nodiscard]] Answer retrievePoints(ApiCall& call, std::string& out);
[[nodiscard]] Answer getPoint(ApiCall& call, const std::string& id, std::string& out);
[[nodiscard]] Answer queryPoints(ApiCall& call, std::string& out);
[[nodiscard]] Answer queryBatch(ApiCall& call, std::string& out);
[[nodiscard]] Answer searchPoints(ApiCall& call, std::string& out);
[[nodiscard]] Answer facetValues(ApiCall& call, std::string& out);
[[nodiscard]] Answer createCollection(ApiCall& call, const std::string& name, std::string& out);
[[nodiscard]] Answer deleteCollection(ApiCall& call, const std::string& name, std::string& out);
[[nodiscard]] Answer upsertPoints(ApiCall& call, std::string& out);
[[nodiscard]] Answer deletePoints(ApiCall& call, std::string& out);
[[nodiscard]] Answer setPayload(ApiCall& call, std::string& out);
[[nodiscard]] Answer createPayloadIndex(ApiCall& call, std::string& out);
[[nodiscard]] Answer addVector(ApiCall& call, const std::string& name, std::string& out);
[[nodiscard]] Answer dropVector(ApiCall& call, const std::string& name, std::string& out);

} // namespace qdrant2pg::demo
