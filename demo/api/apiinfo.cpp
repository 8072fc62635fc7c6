// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/api/apicall.h"
#include "demo/base/numbers.h"

#include <algorithm>

namespace qdrant2pg::demo {

namespace {

std::uint64_t indexedVectors(const CollectionState& state)
{
    if (state.indexedVectors)
        return *state.indexedVectors;
    std::uint64_t indexed = 0;
    for (const VectorSpec& spec : state.config.vectors()) {
        // Sparse vectors count as indexed at once, dense ones when they take more kilobytes than the
        // threshold.
        const std::uint64_t kilobytes = state.points.size() * spec.size * sizeof(float) / 1024;
        if (spec.kind == VectorKind::Sparse || kilobytes > state.config.indexingThreshold())
            indexed += state.points.size();
    }
    return indexed;
}

void appendPayloadSchema(std::string& out, const ApiCall& call, const CollectionState& state)
{
    out += '{';
    const std::size_t count = state.indexes.size();
    for (std::size_t k = 0; k < count; ++k) {
        const PayloadIndex& index = state.indexes[(k + call.number) % count];
        if (k > 0)
            out += ',';
        appendQuoted(out, index.key);
        out += R"(:{"data_type":)" + jsonString(index.dataType);
        if (!index.params.empty())
            out += R"(,"params":)" + index.params;
        out += R"(,"points":)" + std::to_string(index.points) + '}';
    }
    out += '}';
}

std::vector<ShardInfo> shardsOf(const CollectionState& state)
{
    if (!state.shards.empty())
        return state.shards;
    std::vector<ShardInfo> shards;
    const std::uint64_t perKey = state.config.shardNumber();
    if (!state.config.customSharding()) {
        for (std::uint64_t i = 0; i < perKey; ++i)
            shards.push_back({i, {}, std::nullopt});
    } else {
        for (std::size_t i = 0; i < state.shardKeys.size() * perKey; ++i)
            shards.push_back({i + 1, state.shardKeys[i / perKey], std::nullopt});
    }
    // Where nothing is known the points are spread evenly.
    for (std::size_t i = 0; i < shards.size(); ++i) {
        std::uint64_t total = state.points.size();
        if (state.config.customSharding()) {
            total = static_cast<std::uint64_t>(std::count_if(state.points.begin(), state.points.end(),
                [&](const StoredPoint& point) { return state.shardKeys[point.shard] == shards[i].key; }));
        }
        const std::uint64_t part = i % perKey;
        shards[i].points = total * (part + 1) / perKey - total * part / perKey;
    }
    return shards;
}

} // namespace

Answer listCollections(ApiCall& call, std::string& out)
{
    out += "{\"collections\":[";
    bool first = true;
    for (const std::string& name : call.store.names()) {
        out += first ? R"({"name":)" : R"(,{"name":)";
        first = false;
        appendQuoted(out, name);
        out += '}';
    }
    out += "]}";
    return {};
}

Answer collectionAliases(const ApiCall& call, const std::string& name, std::string& out)
{
    out += "{\"aliases\":[";
    bool first = true;
    for (const auto& [alias, collection] : call.store.aliases()) {
        if (!name.empty() && collection != name)
            continue;
        out += (first ? R"({"alias_name":)" : R"(,{"alias_name":)") + jsonString(alias)
            + R"(,"collection_name":)" + jsonString(collection) + '}';
        first = false;
    }
    out += "]}";
    return {};
}

Answer listAliases(ApiCall& call, std::string& out)
{
    return collectionAliases(call, {}, out);
}

Answer collectionInfo(ApiCall& call, std::string& out)
{
    return call.collection->read([&](const CollectionState& state) -> Answer {
        const ServerVersion& version = call.version();
        const std::string points = std::to_string(state.points.size());
        out += R"({"status":)"
            + jsonString(state.status == "grey" && !version.atLeast(9) ? "yellow" : state.status);
        out += R"(,"optimizer_status":)" + state.optimizerStatus;
        if (!version.atLeast(15, 5))
            out += R"(,"vectors_count":)" + points;
        out += R"(,"indexed_vectors_count":)" + std::to_string(indexedVectors(state));
        out += R"(,"points_count":)" + points;
        out += R"(,"segments_count":)" + std::to_string(state.segments);
        out += R"(,"config":)" + state.config.render(version) + R"(,"payload_schema":)";
        appendPayloadSchema(out, call, state);
        if (version.atLeast(17)) {
            out += R"(,"update_queue":{"length":)" + std::to_string(state.updateQueue);
            if (version.atLeast(18) && state.config.preventUnoptimized())
                out += R"(,"deferred_points":)" + std::to_string(state.points.size() - state.visiblePoints());
            out += '}';
        }
        out += '}';
        return {};
    });
}

Answer collectionCluster(ApiCall& call, std::string& out)
{
    return call.collection->read([&](const CollectionState& state) -> Answer {
        const std::vector<ShardInfo> shards = shardsOf(state);
        out += R"({"peer_id":)" + std::to_string(call.settings.peerId) + R"(,"shard_count":)"
            + std::to_string(shards.size());
        out += R"(,"local_shards":[)";
        for (const ShardInfo& shard : shards) {
            if (&shard != shards.data())
                out += ',';
            out += R"({"shard_id":)" + std::to_string(shard.id);
            if (!shard.key.empty())
                out += R"(,"shard_key":)" + shard.key;
            out += R"(,"points_count":)" + std::to_string(shard.points.value_or(state.points.size()))
                + R"(,"state":"Active"})";
        }
        out += R"(],"remote_shards":[],"shard_transfers":[]})";
        return {};
    });
}

Answer collectionShards(ApiCall& call, std::string& out)
{
    return call.collection->read([&](const CollectionState& state) -> Answer {
        if (!state.config.customSharding()) {
            out += "{}";
            return {};
        }
        out += R"({"shard_keys":[)";
        const std::size_t count = state.shardKeys.size();
        for (std::size_t k = 0; k < count; ++k)
            out += (k > 0 ? R"(,{"key":)" : R"({"key":)") + state.shardKeys[(k + call.number) % count] + '}';
        out += "]}";
        return {};
    });
}

Answer collectionOptimizations(ApiCall& call, std::string& out)
{
    return call.collection->read([&](const CollectionState& state) -> Answer {
        out +=
            R"({"summary":{"queued_optimizations":0,"queued_segments":0,"queued_points":0,"idle_segments":)"
            + std::to_string(state.segments) + R"(},"running":[]})";
        return {};
    });
}

Answer serverCluster(ApiCall& call, std::string& out)
{
    if (!call.settings.clusterMode) {
        out += R"({"status":"disabled"})";
        return {};
    }
    const std::string peer = std::to_string(call.settings.peerId);
    out += R"({"status":"enabled","peer_id":)" + peer + R"(,"peers":{")" + peer
        + R"(":{"uri":"http://127.0.0.1:6335/"}},)";
    out += R"("raft_info":{"term":1,"commit":14,"pending_operations":0,"leader":)" + peer
        + R"(,"role":"Leader","is_voter":true},)";
    out +=
        R"("consensus_thread_status":{"consensus_thread_status":"working","last_update":"2026-01-01T00:00:00.000000000Z"},)";
    out += R"("message_send_failures":{}})";
    return {};
}

} // namespace qdrant2pg::demo
