// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/api/apicall.h"

#include "demo/base/numbers.h"

#include <algorithm>
#include <charconv>

namespace qdrant2pg::demo {

namespace {

constexpr std::string_view payloadForms =
    "Expected a boolean, an array of strings, or an object with an include/exclude field";

/// The text of a wrongly typed number, or nothing when it is a whole number of 64 bits.
std::optional<std::string> notUnsigned(const Json& value)
{
    if (value.toU64())
        return std::nullopt;
    if (value.isString())
        return "invalid type: string " + jsonString(value.text()) + ", expected usize";
    if (value.toI64())
        return "invalid value: integer `" + std::string(value.raw()) + "`, expected usize";
    if (value.isNumber()) {
        std::string shown;
        appendDouble(shown, *value.toDouble());
        return "invalid type: floating point `" + shown + "`, expected usize";
    }
    return "invalid type: "
        + std::string(value.isBool() ? "boolean"
                : value.isArray()    ? "sequence"
                                     : "map")
        + ", expected usize";
}

bool readPaths(const Json& list, PayloadSelection& selection)
{
    for (const Json& item : list.items()) {
        auto path = item.isString() ? parseJsonPath(item.text()) : std::nullopt;
        if (!path)
            return false;
        selection.paths.push_back(std::move(*path));
    }
    return list.isArray();
}

bool readPayloadSelection(const Json* json, bool byDefault, PayloadSelection& selection)
{
    using Kind = PayloadSelection::Kind;
    if (json == nullptr || json->isBool()) {
        selection.kind = (json == nullptr ? byDefault : json->isTrue()) ? Kind::All : Kind::None;
        return true;
    }
    const Json* include = json->isArray() ? json : json->get("include");
    const Json* exclude = json->get("exclude");
    selection.kind = include != nullptr ? Kind::Include : Kind::Exclude;
    const Json* list = include != nullptr ? include : exclude;
    return list != nullptr && readPaths(*list, selection);
}

bool readVectorSelection(const Json* json, VectorSelection& selection)
{
    if (json == nullptr || json->isBool()) {
        selection.all = json != nullptr && json->isTrue();
        return true;
    }
    if (!json->isArray())
        return false;
    selection.list = true;
    for (const Json& name : json->items()) {
        if (!name.isString())
            return false;
        selection.names.push_back(name.text());
    }
    return true;
}

std::string limitExceeded(std::uint64_t given, std::uint64_t allowed, std::string_view parameter)
{
    const std::string name = jsonString(parameter);
    return "Limit exceeded " + std::to_string(given) + " > " + std::to_string(allowed) + " for " + name
        + ". Help: Reduce the " + name + " parameter to or below " + std::to_string(allowed) + '.';
}

std::optional<std::uint64_t> wholeNumber(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

} // namespace

ApiError ApiCall::badBody(const std::string& text) const
{
    const std::string_view all = request.body;
    const auto line = 1 + std::count(all.begin(), all.end(), '\n');
    const std::size_t newline = all.rfind('\n');
    const std::size_t column = newline == std::string_view::npos ? all.size() : all.size() - newline - 1;
    return {400,
        "Format error in JSON body: " + text + " at line " + std::to_string(line) + " column "
            + std::to_string(column),
        {}, true};
}

ApiError ApiCall::invalid(const std::string& text)
{
    return {422, "Validation error in JSON body: " + text, {}, true};
}

ApiError ApiCall::strictViolation(const std::string& text) const
{
    return {version().atLeast(14) ? 400 : 403,
        (version().atLeast(14) ? "Bad request: " : "Forbidden: ") + text, {}, false};
}

bool ReadOptions::wantsShard(std::uint16_t shard) const
{
    return anyShard || std::find(shards.begin(), shards.end(), shard) != shards.end();
}

tl::expected<ReadOptions, ApiError> readOptions(
    ApiCall& call, const std::string& label, bool payloadByDefault)
{
    const Json& body = *call.body;
    ReadOptions options;
    if (const Json* limit = body.get("limit")) {
        if (const auto wrong = notUnsigned(*limit))
            return tl::unexpected(call.badBody(*wrong));
        options.limit = limit->toU64();
    }
    if (const Json* filter = body.get("filter")) {
        auto parsed = Filter::parse(*filter, label, call.version().atLeast(19));
        if (!parsed)
            return tl::unexpected(parsed.error().status == 422 ? ApiCall::invalid(parsed.error().text)
                                                               : call.badBody(parsed.error().text));
        options.filter = std::move(*parsed);
    }
    if (!readPayloadSelection(body.get("with_payload"), payloadByDefault, options.payload))
        return tl::unexpected(call.badBody(std::string(payloadForms)));
    const Json* vectors = body.get("with_vector");
    if (!readVectorSelection(vectors != nullptr ? vectors : body.get("with_vectors"), options.vectors))
        return tl::unexpected(call.badBody("Expected a boolean, or an array of strings"));
    if (options.limit == 0U)
        return tl::unexpected(
            ApiCall::invalid('[' + label + ".limit: value 0 invalid, must be 1 or larger]"));
    return options;
}

Answer readShardKeys(const ApiCall& call, const CollectionState& state, ReadOptions& options)
{
    const Json* given = call.body->get("shard_key");
    if (given == nullptr)
        return {};
    options.anyShard = false;
    std::vector<const Json*> keys;
    if (given->isObject()) {
        const Json* target = given->get("target");
        const Json* fallback = given->get("fallback");
        if (target == nullptr || fallback == nullptr)
            return tl::unexpected(
                call.badBody("data did not match any variant of untagged enum ShardKeySelector"));
        keys.push_back(state.shardOf(target->raw()) ? target : fallback);
    } else if (given->isArray()) {
        for (const Json& key : given->items())
            keys.push_back(&key);
    } else {
        keys.push_back(given);
    }
    for (const Json* key : keys) {
        std::string raw;
        appendCanonical(raw, *key);
        const auto shard = state.config.customSharding() ? state.shardOf(raw) : std::nullopt;
        if (!shard)
            return tl::unexpected(ApiError{400, "Bad request: Shard key " + raw + " not found", {}, false});
        options.shards.push_back(*shard);
    }
    return {};
}

Answer checkVectorNames(const CollectionState& state, const VectorSelection& selection)
{
    for (const std::string& name : selection.names) {
        if (state.config.find(name) == nullptr)
            return tl::unexpected(
                ApiError{400, "Wrong input: Not existing vector name error: " + name, {}, false});
    }
    return {};
}

Answer checkStrictMode(const ApiCall& call, const CollectionState& state, const ReadOptions& options,
    bool exact, std::uint64_t cost)
{
    const StrictMode& strict = state.config.strictMode();
    if (!strict.enabled)
        return {};
    const auto violation = [&call](const std::string& text) {
        return tl::unexpected(call.strictViolation(text));
    };
    const auto timeout = call.request.queryValue("timeout");
    if (const auto seconds = timeout ? wholeNumber(*timeout) : std::nullopt;
        seconds && strict.maxTimeout && *seconds > *strict.maxTimeout)
        return violation(limitExceeded(*seconds, *strict.maxTimeout, "timeout"));
    if (options.limit && strict.maxQueryLimit && *options.limit > *strict.maxQueryLimit)
        return violation(limitExceeded(*options.limit, *strict.maxQueryLimit, "limit"));
    if (options.filter) {
        const std::size_t conditions = options.filter->conditionCount();
        if (strict.filterMaxConditions && conditions > *strict.filterMaxConditions) {
            return violation("Filter condition limit reached (" + std::to_string(conditions) + " > "
                + std::to_string(*strict.filterMaxConditions)
                + "). Help: Reduce the amount of conditions of your filter.");
        }
        const std::size_t largest = options.filter->largestCondition();
        if (strict.conditionMaxSize && largest > *strict.conditionMaxSize) {
            return violation("Condition size limit reached (" + std::to_string(largest) + " > "
                + std::to_string(*strict.conditionMaxSize) + "). Help: Reduce the size of your condition.");
        }
        const auto unindexed =
            strict.allowUnindexedFilter ? std::nullopt : options.filter->firstUnindexed(state);
        if (unindexed) {
            return violation("Index required but not found for " + jsonString(unindexed->key)
                + " of one of the following types: [" + unindexed->types
                + "]. Help: Create an index for this key or use a different filter.");
        }
    }
    if (exact && !strict.allowExact)
        return violation("Exact search disabled!. Help: Set exact=false.");
    if (!strict.readRateLimit || !call.version().atLeast(12))
        return {};
    const std::uint64_t tokens = cost + (options.filter ? options.filter->conditionCount() : 0);
    const auto wait = call.collection->takeReadTokens(*strict.readRateLimit, tokens);
    if (!wait)
        return {};
    std::string text = "Rate limiting exceeded: Read rate limit exceeded";
    if (*wait == 0)
        return tl::unexpected(ApiError{429,
            text + ", request larger than rate limiter capacity, please try to split your request", {},
            false});
    std::string available = std::to_string(call.collection->readTokens());
    available.resize(available.find('.') + 2);
    text += ": Operation requires " + std::to_string(tokens) + " tokens but only " + available
        + " were available. Retry after " + std::to_string(*wait) + 's';
    return tl::unexpected(
        ApiError{429, text, call.version().atLeast(13, 4) ? std::optional(*wait) : std::nullopt, false});
}

Answer checkQueryString(const HttpRequest& request)
{
    const auto refuse = [](const std::string& text) {
        return tl::unexpected(ApiError{400, "Deserialize error in query parameters: " + text, {}, true});
    };
    if (const auto timeout = request.queryValue("timeout")) {
        const auto seconds = wholeNumber(*timeout);
        if (!seconds)
            return refuse("invalid digit found in string");
        if (*seconds == 0)
            return refuse("invalid value: integer `0`, expected a nonzero u64");
    }
    if (const auto consistency = request.queryValue("consistency")) {
        const auto factor = wholeNumber(*consistency);
        if (factor ? *factor == 0
                   : *consistency != "majority" && *consistency != "quorum" && *consistency != "all")
            return refuse(
                "failed to deserialize read consistency query parameter value '" + *consistency + '\'');
    }
    return {};
}

void appendContents(std::string& out, const ApiCall& call, const CollectionState& state,
    const StoredPoint& point, const ReadOptions& options, std::string& scratch)
{
    const PointReader reader = state.reader(point);
    const bool nullsWhenOff = !call.version().atLeast(10);
    if (options.payload.kind != PayloadSelection::Kind::None) {
        out += ",\"payload\":";
        const bool sorted = !call.version().atLeast(11);
        if (options.payload.kind == PayloadSelection::Kind::All && !sorted) {
            reader.appendPayload(out);
        } else {
            scratch.clear();
            reader.appendPayload(scratch);
            std::string selected;
            if (const auto payload = Json::parse(scratch))
                appendSelected(selected, *payload, options.payload);
            if (sorted)
                appendSorted(out, *Json::parse(selected));
            else
                out += selected;
        }
    } else if (nullsWhenOff) {
        out += ",\"payload\":null";
    }
    if (!options.vectors.none()) {
        out += ",\"vector\":";
        reader.appendVectors(out, options.vectors, call.number);
    } else if (nullsWhenOff) {
        out += ",\"vector\":null";
    }
    if (state.config.customSharding() && point.shard < state.shardKeys.size())
        out.append(",\"shard_key\":").append(state.shardKeys[point.shard]);
}

void appendRecord(std::string& out, const ApiCall& call, const CollectionState& state,
    const StoredPoint& point, const ReadOptions& options, std::string& scratch)
{
    out += "{\"id\":";
    point.id.appendJson(out);
    appendContents(out, call, state, point, options, scratch);
    out += '}';
}

} // namespace qdrant2pg::demo
