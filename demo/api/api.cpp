// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/api/api.h"

#include "demo/api/apicall.h"
#include "demo/base/numbers.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>

namespace qdrant2pg::demo {

namespace {

constexpr std::string_view json = "application/json";
constexpr std::string_view plainText = "text/plain; charset=utf-8";
constexpr std::string_view recordedCommit = "db8fa43fcb6aedec1e739487e17a99731b74590a";

using Parts = std::vector<std::string>;

struct Route {
    std::string_view method;
    /// `*` stands for any part.
    std::vector<std::string_view> pattern;
    int sinceMinor = 7;
    bool needsBody = false;
    bool needsCollection = true;
    bool writes = false;
    std::string_view bodyType; ///< as an error names it
    std::function<Answer(ApiCall&, const Parts&, std::string&)> handle;

    [[nodiscard]] bool matches(const HttpRequest& request, const Parts& parts) const
    {
        return request.method == method
            && std::equal(pattern.begin(), pattern.end(), parts.begin(), parts.end(),
                [](std::string_view wanted, const std::string& part) {
                    return wanted == "*" || wanted == part;
                });
    }
};

template <Answer (*handler)(ApiCall&, std::string&)>
Answer plain(ApiCall& call, const Parts&, std::string& out)
{
    return handler(call, out);
}

Answer localShard(ApiCall& call, const Parts& parts, std::string& out)
{
    const bool known = call.collection->read([&parts](const CollectionState& state) {
        if (state.shards.empty())
            return parts[3] == "0";
        return std::any_of(state.shards.begin(), state.shards.end(),
            [&parts](const ShardInfo& shard) { return std::to_string(shard.id) == parts[3]; });
    });
    if (!known)
        return tl::unexpected(ApiError{404, "Not found: shard " + parts[3] + " not found", {}, false});
    return parts[5] == "scroll" ? scrollPoints(call, out) : countPoints(call, out);
}

const std::vector<Route>& routes()
{
    static const std::vector<Route> all{
        {"GET", {"collections"}, 7, false, false, false, {}, plain<listCollections>},
        {"GET", {"aliases"}, 7, false, false, false, {}, plain<listAliases>},
        {"GET", {"cluster"}, 7, false, false, false, {}, plain<serverCluster>},
        {"GET", {"collections", "*"}, 7, false, true, false, {}, plain<collectionInfo>},
        {"GET", {"collections", "*", "exists"}, 8, false, false, false, {},
            [](ApiCall& call, const Parts& parts, std::string& out) -> Answer {
                out += call.store.find(parts[1]) != nullptr ? R"({"exists":true})" : R"({"exists":false})";
                return {};
            }},
        {"GET", {"collections", "*", "aliases"}, 7, false, false, false, {},
            [](ApiCall& call, const Parts& parts, std::string& out) {
                return collectionAliases(call, parts[1], out);
            }},
        {"GET", {"collections", "*", "cluster"}, 7, false, true, false, {}, plain<collectionCluster>},
        {"GET", {"collections", "*", "shards"}, 17, false, true, false, {}, plain<collectionShards>},
        {"GET", {"collections", "*", "optimizations"}, 17, false, true, false, {},
            plain<collectionOptimizations>},
        {"POST", {"collections", "*", "points", "scroll"}, 7, true, true, false, "ScrollRequest",
            plain<scrollPoints>},
        {"POST", {"collections", "*", "points", "count"}, 7, true, true, false, "CountRequest",
            plain<countPoints>},
        {"POST", {"collections", "*", "points"}, 7, true, true, false, "PointRequest", plain<retrievePoints>},
        {"GET", {"collections", "*", "points", "*"}, 7, false, true, false, {},
            [](ApiCall& call, const Parts& parts, std::string& out) {
                return getPoint(call, parts[3], out);
            }},
        {"POST", {"collections", "*", "points", "query"}, 10, true, true, false, "QueryRequest",
            plain<queryPoints>},
        {"POST", {"collections", "*", "points", "query", "batch"}, 10, true, true, false, "QueryRequestBatch",
            plain<queryBatch>},
        {"POST", {"collections", "*", "points", "search"}, 7, true, true, false, "SearchRequest",
            plain<searchPoints>},
        {"POST", {"collections", "*", "facet"}, 12, true, true, false, "FacetRequest", plain<facetValues>},
        {"POST", {"collections", "*", "shards", "*", "points", "scroll"}, 11, true, true, false,
            "ScrollRequest", localShard},
        {"POST", {"collections", "*", "shards", "*", "points", "count"}, 11, true, true, false,
            "CountRequest", localShard},
        {"PUT", {"collections", "*"}, 7, true, false, true, "CreateCollection",
            [](ApiCall& call, const Parts& parts, std::string& out) {
                return createCollection(call, parts[1], out);
            }},
        {"DELETE", {"collections", "*"}, 7, false, false, true, {},
            [](ApiCall& call, const Parts& parts, std::string& out) {
                return deleteCollection(call, parts[1], out);
            }},
        {"PUT", {"collections", "*", "points"}, 7, true, true, true, "PointInsertOperations",
            plain<upsertPoints>},
        {"POST", {"collections", "*", "points", "delete"}, 7, true, true, true, "PointsSelector",
            plain<deletePoints>},
        {"POST", {"collections", "*", "points", "payload"}, 7, true, true, true, "SetPayload",
            plain<setPayload>},
        {"PUT", {"collections", "*", "index"}, 7, true, true, true, "CreateFieldIndex",
            plain<createPayloadIndex>},
        {"PUT", {"collections", "*", "vectors", "*"}, 18, true, true, true, "VectorDefinition",
            [](ApiCall& call, const Parts& parts, std::string& out) {
                return addVector(call, parts[3], out);
            }},
        {"DELETE", {"collections", "*", "vectors", "*"}, 18, false, true, true, {},
            [](ApiCall& call, const Parts& parts, std::string& out) {
                return dropVector(call, parts[3], out);
            }},
    };
    return all;
}

void replyText(HttpReply& reply, int status, std::string_view text, std::string_view type = {})
{
    reply.status = status;
    reply.contentType = type;
    reply.body = text;
}

/// The routes without envelope that need no key. True when the request was answered.
bool openRoute(
    const HttpRequest& request, const Parts& parts, const ServerSettings& settings, HttpReply& reply)
{
    if (request.method == "OPTIONS" && request.header("origin") != nullptr) {
        replyText(reply, 200, {});
        return true;
    }
    if (request.method != "GET" || parts.size() > 1)
        return false;
    if (parts.empty()) {
        reply.body =
            R"({"title":"qdrant - vector search engine","version":")" + settings.version.text() + '"';
        if (settings.version.atLeast(8))
            reply.body += R"(,"commit":")" + std::string(recordedCommit) + '"';
        reply.body += '}';
        reply.contentType = json;
        return true;
    }
    if (parts[0] == "healthz" || parts[0] == "livez") {
        replyText(reply, 200, "healthz check passed", plainText);
        return true;
    }
    if (parts[0] == "readyz") {
        replyText(reply, 200, "all shards are ready", plainText);
        return true;
    }
    return false;
}

enum class Access { None, Read, Full };

std::optional<std::string> givenKey(const HttpRequest& request)
{
    if (const std::string* key = request.header("api-key"))
        return *key;
    const std::string* authorization = request.header("authorization");
    if (authorization != nullptr && authorization->starts_with("Bearer "))
        return authorization->substr(7);
    return std::nullopt;
}

/// Answers a request without the right key.
Access authorise(const HttpRequest& request, const ServerSettings& settings, HttpReply& reply)
{
    if (settings.apiKey.empty() && settings.readOnlyApiKey.empty())
        return Access::Full;
    const auto key = givenKey(request);
    const auto is = [&key](const std::string& wanted) {
        return key && !wanted.empty() && *key == wanted;
    };
    const bool full = is(settings.apiKey) || is(settings.altApiKey);
    if ((full || is(settings.readOnlyApiKey)) && !settings.keysExpired)
        return full ? Access::Full : Access::Read;
    if (full || is(settings.readOnlyApiKey))
        replyText(reply, 403, "ExpiredSignature");
    else if (!settings.version.atLeast(9))
        replyText(reply, 403, "Invalid api-key");
    else
        replyText(reply, 401,
            key ? "Invalid API key or JWT" : "Must provide an API key or an Authorization bearer token");
    return Access::None;
}

tl::expected<void, ApiError> checkName(const std::string& name)
{
    const auto invalid = [](const std::string& why) {
        return tl::unexpected(
            ApiError{422, "Validation error in path parameters: [collection_name: " + why + ']', {}, true});
    };
    if (name.empty() || name.size() > 255)
        return invalid("value \"" + name + "\" invalid, must be from 1 to 255 characters");
    if (name.find('/') != std::string::npos)
        return invalid("collection name cannot contain \"/\" char");
    return {};
}

/// As announced, since a body that is too large is not read.
std::uint64_t bodyBytes(const HttpRequest& request)
{
    const std::string* length = request.header("content-length");
    return length == nullptr ? request.body.size() : std::strtoull(length->c_str(), nullptr, 10);
}

Answer serve(const Route& route, ApiCall& call, const Parts& parts, std::string& body)
{
    const bool collectionRoute = parts.front() == "collections" && parts.size() > 1;
    if (collectionRoute) {
        if (auto good = checkName(parts[1]); !good)
            return good;
    }
    if (auto good = checkQueryString(call.request); !good)
        return good;
    if (bodyBytes(call.request) > call.settings.maxRequestBytes) {
        return tl::unexpected(ApiError{400,
            "JSON payload (" + std::to_string(bodyBytes(call.request))
                + " bytes) is larger than allowed (limit: " + std::to_string(call.settings.maxRequestBytes)
                + " bytes).",
            {}, true});
    }
    if (route.needsBody) {
        auto parsed = Json::parse(call.request.body);
        if (!parsed)
            return tl::unexpected(
                ApiError{400, "Format error in JSON body: " + parsed.error().describe(), {}, true});
        call.body = std::move(*parsed);
        if (!call.body->isObject()) {
            return tl::unexpected(ApiError{400,
                "Format error in JSON body: invalid type: sequence, expected struct "
                    + std::string(route.bodyType) + " at line 1 column 0",
                {}, true});
        }
    }
    if (route.needsCollection) {
        call.collection = call.store.find(parts[1]);
        if (call.collection == nullptr)
            return tl::unexpected(
                ApiError{404, "Not found: Collection `" + parts[1] + "` doesn't exist!", {}, false});
    }
    return route.handle(call, parts, body);
}

/// Texts up to 1.8 came without a label.
std::string_view withoutLabel(std::string_view text)
{
    static constexpr std::array<std::string_view, 7> labels{
        "Format error in JSON body: ", "Wrong input: ", "Bad request: ", "Not found: ", "Forbidden: ",
        "Rate limiting exceeded: ", "Service internal error: "};
    for (const std::string_view label : labels) {
        if (text.starts_with(label))
            return text.substr(label.size());
    }
    return text;
}

void appendUsage(std::string& out, const ServerSettings& settings)
{
    static constexpr std::string_view hardware =
        R"({"cpu":0,"payload_io_read":0,"payload_io_write":0,"payload_index_io_read":0,)"
        R"("payload_index_io_write":0,"vector_io_read":0,"vector_io_write":0})";
    if (!settings.hardwareReporting || !settings.version.atLeast(12))
        return;
    out += R"(,"usage":)";
    if (settings.version.atLeast(14))
        out.append(R"({"hardware":)").append(hardware).append(R"(,"inference":null})");
    else
        out += hardware;
}

} // namespace

ServerSettings Api::settings() const
{
    const std::lock_guard lock(m_mutex);
    return m_settings;
}

void Api::setSettings(ServerSettings settings)
{
    const std::lock_guard lock(m_mutex);
    m_settings = std::move(settings);
}

void Api::handle(const HttpRequest& request, HttpReply& reply)
{
    reply.clear();
    const auto started = std::chrono::steady_clock::now();
    const ServerSettings settings = this->settings();
    const Parts parts = request.segments();
    if (openRoute(request, parts, settings, reply))
        return;
    const Access access = authorise(request, settings, reply);
    if (access == Access::None)
        return;
    const auto route = std::find_if(routes().begin(), routes().end(), [&](const Route& candidate) {
        return settings.version.atLeast(candidate.sinceMinor) && candidate.matches(request, parts);
    });
    if (route == routes().end()) {
        replyText(reply, 404, {});
        return;
    }
    ApiCall call{request, settings, m_store, m_requests.fetch_add(1), nullptr, std::nullopt};
    reply.contentType = json;
    reply.body = R"({"result":)";
    Answer answer;
    if (route->writes && access == Access::Read)
        answer = tl::unexpected(ApiError{403, "Forbidden: Global manage access is required", {}, false});
    else
        answer = serve(*route, call, parts, reply.body);
    if (!answer) {
        const ApiError& error = answer.error();
        reply.status = error.status;
        if (error.retryAfter)
            reply.headers.emplace_back("retry-after", std::to_string(*error.retryAfter));
        reply.body = R"({"status":{"error":)";
        appendQuoted(reply.body,
            settings.version.atLeast(9) ? std::string_view(error.text) : withoutLabel(error.text));
        reply.body += "},\"time\":";
    } else {
        reply.body += R"(,"status":"ok","time":)";
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - started;
    appendDouble(reply.body, !answer && answer.error().beforeWork ? 0.0 : elapsed.count());
    if (!route->pattern.empty() && route->pattern.size() > 2)
        appendUsage(reply.body, settings);
    reply.body += '}';
}

} // namespace qdrant2pg::demo
