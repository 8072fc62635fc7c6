// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/api/apicall.h"
#include "demo/base/numbers.h"
#include "demo/store/scoring.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace qdrant2pg::demo {

namespace {

struct Hit {
    std::size_t point = 0;
    float score = 1.0F;
    std::uint64_t version = 0;
};

/// One search, read out of a query or a legacy search request.
struct Search {
    ReadOptions options;
    std::string vectorName;
    const Json* vector = nullptr; ///< the query vector, or null
    std::optional<PointId> byId;
    bool sample = false;
    std::uint64_t offset = 0;
    std::optional<double> threshold;
    bool exact = false;
};

tl::unexpected<ApiError> refuse(int status, const std::string& text)
{
    return tl::unexpected(ApiError{status, text, {}, false});
}

Answer checkSearchParams(const ApiCall& call, const CollectionState& state, const Search& search)
{
    if (auto good = checkStrictMode(call, state, search.options, search.exact, 1); !good)
        return good;
    const StrictMode& strict = state.config.strictMode();
    const Json* ef = call.body->at({"params", "hnsw_ef"});
    if (strict.enabled && strict.searchMaxHnswEf && ef != nullptr
        && ef->toU64().value_or(0) > *strict.searchMaxHnswEf) {
        const std::string most = std::to_string(*strict.searchMaxHnswEf);
        return tl::unexpected(call.strictViolation("Limit exceeded " + std::to_string(*ef->toU64()) + " > "
            + most + R"( for "hnsw_ef". Help: Reduce the "hnsw_ef" parameter to or below )" + most + '.'));
    }
    return {};
}

tl::expected<Search, ApiError> commonSearch(ApiCall& call, const std::string& label)
{
    auto options = readOptions(call, label, false);
    if (!options)
        return tl::unexpected(options.error());
    Search search;
    search.options = std::move(*options);
    if (const Json* offset = call.body->get("offset"))
        search.offset = offset->toU64().value_or(0);
    if (const Json* threshold = call.body->get("score_threshold"))
        search.threshold = threshold->toDouble();
    if (const Json* params = call.body->get("params")) {
        const Json* exact = params->get("exact");
        search.exact = exact != nullptr && exact->isTrue();
    }
    return search;
}

tl::expected<Search, ApiError> readQuery(ApiCall& call)
{
    auto search = commonSearch(call, "internal");
    if (!search)
        return search;
    if (const Json* name = call.body->get("using"))
        search->vectorName = name->text();
    if (call.body->get("prefetch") != nullptr)
        return refuse(400, "Wrong input: the stand-in server answers no query with prefetch");
    const Json* query = call.body->get("query");
    if (query == nullptr)
        return search;
    if (query->isObject()) {
        if (const Json* nearest = query->get("nearest"))
            query = nearest;
    }
    const Json* sample = query->isObject() ? query->get("sample") : nullptr;
    if (sample != nullptr) {
        search->sample = true;
        return search;
    }
    if (query->isArray() || (query->isObject() && query->get("indices") != nullptr)) {
        search->vector = query;
        return search;
    }
    if (query->isObject())
        return refuse(400, "Wrong input: the stand-in server does not answer this kind of query");
    const auto id = readPointId(*query);
    if (!id)
        return tl::unexpected(call.badBody(id.error()));
    search->byId = *id;
    return search;
}

bool isCandidate(
    const CollectionState& state, const StoredPoint& point, const Search& search, std::string& scratch)
{
    return !point.deferred && search.options.wantsShard(point.shard)
        && (!search.options.filter || search.options.filter->matches(state, point, scratch));
}

/// The points of a query without a vector: in id order, or any.
std::vector<Hit> unscored(const ApiCall& call, const CollectionState& state, const Search& search)
{
    std::vector<Hit> hits;
    std::string scratch;
    const std::uint64_t wanted = search.options.limit.value_or(10) + search.offset;
    const std::size_t count = state.points.size();
    // A walk with a step prime to the count meets every point once in an order of its own.
    std::size_t step = 1;
    std::size_t at = 0;
    if (search.sample && count > 1) {
        at = mix(call.number) % count;
        step = 1 + mix(call.number + 77) % (count - 1);
        while (std::gcd(step, count) != 1)
            ++step;
    }
    for (std::size_t i = 0; i < count && hits.size() < wanted; ++i, at = (at + step) % count) {
        if (isCandidate(state, state.points[at], search, scratch))
            hits.push_back({at, 1.0F, 0});
    }
    return hits;
}

std::vector<Hit> scored(const CollectionState& state, const Search& search, const Scorer& scorer)
{
    std::vector<Hit> hits;
    std::string scratch;
    StoredVector vector;
    for (std::size_t i = 0; i < state.points.size(); ++i) {
        const StoredPoint& point = state.points[i];
        if (search.byId == point.id || !isCandidate(state, point, search, scratch))
            continue;
        const StoredVector* stored = state.reader(point).vector(scorer.spec().name, vector);
        const auto score = stored == nullptr ? std::nullopt : scorer.score(*stored);
        if (score && (!search.threshold || scorer.passes(*score, *search.threshold)))
            hits.push_back({i, *score, point.version});
    }
    std::stable_sort(hits.begin(), hits.end(),
        [&scorer](const Hit& a, const Hit& b) { return scorer.better(a.score, b.score); });
    // Of an id under several shard keys one copy is returned.
    std::vector<Hit> unique;
    const std::uint64_t wanted = search.options.limit.value_or(10) + search.offset;
    for (const Hit& hit : hits) {
        const PointId& id = state.points[hit.point].id;
        const bool repeated = !state.shardKeys.empty()
            && std::any_of(unique.begin(), unique.end(),
                [&](const Hit& other) { return state.points[other.point].id == id; });
        if (!repeated)
            unique.push_back(hit);
        if (unique.size() >= wanted)
            break;
    }
    return unique;
}

tl::expected<Scorer, ApiError> scorerFor(const CollectionState& state, const Search& search)
{
    const VectorSpec* spec = state.config.find(search.vectorName);
    if (spec == nullptr)
        return refuse(400, "Wrong input: Not existing vector name error: " + search.vectorName);
    if (search.byId) {
        const std::size_t at = state.lowerBound(*search.byId);
        if (at == state.points.size() || state.points[at].id != *search.byId || state.points[at].deferred)
            return refuse(404, "Not found: No point with id " + search.byId->text() + " found");
        StoredVector scratch;
        const StoredVector* stored = state.reader(state.points[at]).vector(search.vectorName, scratch);
        if (stored == nullptr)
            return refuse(404,
                "Not found: Vector with name `" + search.vectorName + "` for point with id "
                    + search.byId->text() + " not found");
        return Scorer::fromStored(state, *spec, *stored);
    }
    auto scorer = Scorer::fromQuery(state, *spec, *search.vector);
    if (!scorer)
        return refuse(400, scorer.error());
    return std::move(*scorer);
}

Answer appendHits(const ApiCall& call, const CollectionState& state, Search& search, std::string& out)
{
    if (auto good = checkSearchParams(call, state, search); !good)
        return good;
    if (auto good = readShardKeys(call, state, search.options); !good)
        return good;
    if (auto good = checkVectorNames(state, search.options.vectors); !good)
        return good;
    std::vector<Hit> hits;
    if (search.vector != nullptr || search.byId) {
        const auto scorer = scorerFor(state, search);
        if (!scorer)
            return tl::unexpected(scorer.error());
        hits = scored(state, search, *scorer);
    } else {
        hits = unscored(call, state, search);
    }
    std::string scratch;
    out += '[';
    for (std::size_t i = search.offset; i < hits.size(); ++i) {
        const Hit& hit = hits[i];
        if (i > search.offset)
            out += ',';
        out += "{\"id\":";
        state.points[hit.point].id.appendJson(out);
        out += ",\"version\":" + std::to_string(hit.version) + ",\"score\":";
        appendFloat(out, hit.score);
        appendContents(out, call, state, state.points[hit.point], search.options, scratch);
        out += '}';
    }
    out += ']';
    return {};
}

void appendNotFacetable(std::string& text, const std::string& key)
{
    text += "Wrong input: No appropriate index for faceting: `" + key
        + "`. Please create one to facet on this field. Check "
          "https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload schemas "
          "support Match "
          "conditions";
}

/// The value as the index keeps it: raw JSON and what it is sorted by.
std::optional<std::pair<std::string, std::int64_t>> facetValue(const Json& leaf, const std::string& dataType)
{
    if (dataType == "keyword" && leaf.isString())
        return std::pair(jsonString(leaf.text()), std::int64_t(0));
    if (dataType == "bool" && leaf.isBool())
        return std::pair(std::string(leaf.raw()), std::int64_t(leaf.isTrue() ? 1 : 0));
    if (dataType == "integer") {
        if (const auto value = indexedInteger(leaf))
            return std::pair(std::to_string(*value), *value);
    }
    if (dataType == "uuid" && leaf.isString()) {
        if (const auto id = PointId::fromUuidText(leaf.text()))
            return std::pair(jsonString(id->text()), std::int64_t(0));
    }
    return std::nullopt;
}

} // namespace

Answer queryPoints(ApiCall& call, std::string& out)
{
    auto search = readQuery(call);
    if (!search)
        return tl::unexpected(search.error());
    return call.collection->read([&](const CollectionState& state) -> Answer {
        out += "{\"points\":";
        auto answer = appendHits(call, state, *search, out);
        out += '}';
        return answer;
    });
}

Answer queryBatch(ApiCall& call, std::string& out)
{
    const Json* searches = call.body->get("searches");
    if (searches == nullptr || !searches->isArray())
        return tl::unexpected(call.badBody("missing field `searches`"));
    out += '[';
    for (std::size_t i = 0; i < searches->items().size(); ++i) {
        ApiCall one{
            call.request, call.settings, call.store, call.number + i, call.collection, searches->items()[i]};
        if (i > 0)
            out += ',';
        if (auto answer = queryPoints(one, out); !answer)
            return answer;
    }
    out += ']';
    return {};
}

Answer searchPoints(ApiCall& call, std::string& out)
{
    auto search = commonSearch(call, "search_request");
    if (!search)
        return tl::unexpected(search.error());
    const Json* vector = call.body->get("vector");
    if (vector == nullptr)
        return tl::unexpected(call.badBody("missing field `vector`"));
    if (vector->isObject()) {
        const Json* name = vector->get("name");
        search->vectorName = name == nullptr ? std::string() : name->text();
        vector = vector->get("vector");
    }
    if (vector == nullptr)
        return tl::unexpected(
            call.badBody("data did not match any variant of untagged enum NamedVectorStruct"));
    search->vector = vector;
    return call.collection->read(
        [&](const CollectionState& state) { return appendHits(call, state, *search, out); });
}

Answer facetValues(ApiCall& call, std::string& out)
{
    auto options = readOptions(call, "facet_request", false);
    if (!options)
        return tl::unexpected(options.error());
    const Json* keyJson = call.body->get("key");
    const std::string key = keyJson == nullptr ? std::string() : keyJson->text();
    const auto path = parseJsonPath(key);
    const Json* exact = call.body->get("exact");
    return call.collection->read([&](const CollectionState& state) -> Answer {
        if (auto good = checkStrictMode(call, state, *options, exact != nullptr && exact->isTrue(), 1); !good)
            return good;
        if (auto good = readShardKeys(call, state, *options); !good)
            return good;
        const PayloadIndex* index = path ? state.index(*path) : nullptr;
        const std::string type = index == nullptr ? std::string() : index->dataType;
        if (type != "keyword" && type != "integer" && type != "bool" && type != "uuid") {
            std::string text;
            appendNotFacetable(text, key);
            return refuse(400, text);
        }
        // Ordered by sort key, then text; counts decide first when the hits are listed.
        std::map<std::pair<std::int64_t, std::string>, std::uint64_t> counts;
        std::string scratch;
        for (const StoredPoint& point : state.points) {
            if (point.deferred || !options->wantsShard(point.shard)
                || (options->filter && !options->filter->matches(state, point, scratch)))
                continue;
            scratch.clear();
            state.reader(point).appendPayload(scratch);
            const auto payload = Json::parse(scratch);
            if (!payload)
                continue;
            std::vector<std::pair<std::int64_t, std::string>> seen;
            for (const Json* leaf : leafValues(*payload, *path)) {
                const auto value = facetValue(*leaf, type);
                if (!value
                    || std::find(seen.begin(), seen.end(), std::pair(value->second, value->first))
                        != seen.end())
                    continue;
                seen.emplace_back(value->second, value->first);
                ++counts[seen.back()];
            }
        }
        std::vector<std::pair<std::string, std::uint64_t>> hits;
        for (const auto& [value, count] : counts)
            hits.emplace_back(value.second, count);
        std::stable_sort(
            hits.begin(), hits.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
        hits.resize(std::min<std::size_t>(hits.size(), options->limit.value_or(10)));
        out += "{\"hits\":[";
        for (const auto& hit : hits) {
            out += &hit == hits.data() ? R"({"value":)" : R"(,{"value":)";
            out += hit.first + R"(,"count":)" + std::to_string(hit.second) + '}';
        }
        out += "]}";
        return {};
    });
}

} // namespace qdrant2pg::demo
