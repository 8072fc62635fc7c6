// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/grpc/grpccalls.h"

#include "demo/grpc/wirefilter.h"
#include "demo/grpc/wirevalues.h"

#include <protozero/pbf_reader.hpp>

namespace qdrant2pg::demo {

namespace {

using protozero::pbf_reader;
using protozero::pbf_writer;

constexpr int okCode = 0;
constexpr int invalidArgument = 3;
constexpr int unimplemented = 12;
constexpr int legacyBelowMinor = 17;

int codeOfStatus(int status)
{
    switch (status) {
    case 400:
    case 422:
        return invalidArgument;
    case 404:
        return 5;
    case 409:
        return 6;
    case 403:
        return 7;
    case 429:
        return 8;
    case 503:
        return 14;
    case 401:
        return 16;
    default:
        return 13;
    }
}

GrpcAnswer failure(int code, std::string message)
{
    GrpcAnswer answer;
    answer.code = code;
    answer.message = std::move(message);
    return answer;
}

/// What the reading calls have in common. Selectors are true or false, no lists.
struct ReadRequest {
    std::string collection;
    std::string ids; ///< JSON list, Get alone
    std::string offset;
    std::optional<std::uint32_t> limit;
    bool withPayload = true;
    bool withVectors = false;
    bool exact = true;
    std::string filter; ///< JSON object
    std::string shardKeys; ///< JSON list
    std::string query; ///< of the URL
};

std::string idJson(pbf_reader message)
{
    std::string json;
    while (message.next()) {
        if (message.tag() == 1)
            json = std::to_string(message.get_uint64());
        else if (message.tag() == 2)
            json = jsonString(message.get_string());
        else
            message.skip();
    }
    return json;
}

bool enabled(pbf_reader selector)
{
    bool on = false;
    while (selector.next()) {
        if (selector.tag() == 1) {
            on = selector.get_bool();
        } else {
            on = true;
            selector.skip();
        }
    }
    return on;
}

std::string shardKeysJson(pbf_reader selector)
{
    std::string json;
    while (selector.next(1)) {
        pbf_reader key = selector.get_message();
        json += json.empty() ? '[' : ',';
        while (key.next()) {
            if (key.tag() == 1)
                json += jsonString(key.get_string());
            else if (key.tag() == 2)
                json += std::to_string(key.get_uint64());
            else
                key.skip();
        }
    }
    return json.empty() ? json : json + ']';
}

std::string consistencyText(pbf_reader message)
{
    static constexpr std::array<const char*, 3> words{"all", "majority", "quorum"};
    std::string text = words[0];
    while (message.next()) {
        if (message.tag() == 1)
            text = words[static_cast<std::size_t>(message.get_enum()) % words.size()];
        else if (message.tag() == 2)
            text = std::to_string(message.get_uint64());
        else
            message.skip();
    }
    return text;
}

void addQuery(ReadRequest& request, const std::string& item)
{
    request.query += (request.query.empty() ? "?" : "&") + item;
}

ReadRequest readScroll(pbf_reader message, const ServerVersion& version)
{
    ReadRequest request;
    while (message.next()) {
        switch (message.tag()) {
        case 1:
            request.collection = message.get_string();
            break;
        case 2:
            request.filter = filterJson(message.get_message(), version);
            break;
        case 3:
            request.offset = idJson(message.get_message());
            break;
        case 4:
            request.limit = message.get_uint32();
            break;
        case 6:
            request.withPayload = enabled(message.get_message());
            break;
        case 7:
            request.withVectors = enabled(message.get_message());
            break;
        case 8:
            addQuery(request, "consistency=" + consistencyText(message.get_message()));
            break;
        case 9:
            request.shardKeys = shardKeysJson(message.get_message());
            break;
        case 11:
            addQuery(request, "timeout=" + std::to_string(message.get_uint64()));
            break;
        default:
            message.skip();
        }
    }
    return request;
}

ReadRequest readGet(pbf_reader message)
{
    ReadRequest request;
    request.withPayload = false;
    while (message.next()) {
        switch (message.tag()) {
        case 1:
            request.collection = message.get_string();
            break;
        case 2:
            request.ids += (request.ids.empty() ? "[" : ",") + idJson(message.get_message());
            break;
        case 4:
            request.withPayload = enabled(message.get_message());
            break;
        case 5:
            request.withVectors = enabled(message.get_message());
            break;
        case 6:
            addQuery(request, "consistency=" + consistencyText(message.get_message()));
            break;
        case 7:
            request.shardKeys = shardKeysJson(message.get_message());
            break;
        case 8:
            addQuery(request, "timeout=" + std::to_string(message.get_uint64()));
            break;
        default:
            message.skip();
        }
    }
    request.ids += request.ids.empty() ? "[]" : "]";
    return request;
}

ReadRequest readCount(pbf_reader message, const ServerVersion& version)
{
    ReadRequest request;
    while (message.next()) {
        switch (message.tag()) {
        case 1:
            request.collection = message.get_string();
            break;
        case 2:
            request.filter = filterJson(message.get_message(), version);
            break;
        case 3:
            request.exact = message.get_bool();
            break;
        case 5:
            request.shardKeys = shardKeysJson(message.get_message());
            break;
        default:
            message.skip();
        }
    }
    return request;
}

/// Writes qdrant.RetrievedPoint messages. Used for one answer, under the collection's lock.
class PointWriter {
public:
    PointWriter(const CollectionState& state, const ReadRequest& request, bool legacy)
        : m_state(state)
        , m_request(request)
        , m_legacy(legacy)
    {
    }

    /// The point that a REST answer names; nothing when it is gone since.
    void write(pbf_writer& answer, protozero::pbf_tag_type tag, const Json& record)
    {
        const auto id = readPointId(record);
        if (!id)
            return;
        const Json* shardKey = record.get("shard_key");
        for (std::size_t i = m_state.lowerBound(*id);
             i < m_state.points.size() && m_state.points[i].id == *id; ++i) {
            const StoredPoint& point = m_state.points[i];
            if (shardKey != nullptr && m_state.shardOf(shardKey->raw()) != point.shard)
                continue;
            pbf_writer message(answer, tag);
            writePoint(message, point);
            if (shardKey != nullptr) {
                pbf_writer key(message, 5);
                if (shardKey->isString())
                    key.add_string(1, shardKey->text());
                else
                    key.add_uint64(2, shardKey->toU64().value_or(0));
            }
            return;
        }
    }

private:
    static std::optional<PointId> readPointId(const Json& record)
    {
        const Json* id = record.get("id");
        if (id == nullptr)
            return std::nullopt;
        return PointId::fromPath(id->isString() ? id->text() : std::string(id->raw()));
    }

    void writePoint(pbf_writer& message, const StoredPoint& point)
    {
        writeId(message, 1, point.id);
        const PointReader reader = m_state.reader(point);
        if (m_request.withPayload) {
            m_text.clear();
            reader.appendPayload(m_text);
            const auto payload = Json::parse(m_text);
            if (payload) {
                for (const Json::Member& member : payload->members()) {
                    pbf_writer entry(message, 2);
                    entry.add_string(1, member.key);
                    pbf_writer value(entry, 2);
                    writeValue(value, member.value);
                }
            }
        }
        if (m_request.withVectors) {
            pbf_writer vectors(message, 4);
            writeVectors(vectors, reader);
        }
    }

    void writeVectors(pbf_writer& message, const PointReader& reader)
    {
        const std::vector<VectorSpec>& specs = m_state.config.vectors();
        std::size_t named = 0;
        const VectorSpec* unnamed = nullptr;
        for (const VectorSpec& spec : specs) {
            if (!reader.hasVector(spec.name))
                continue;
            if (spec.name.empty())
                unnamed = &spec;
            else
                ++named;
        }
        if (unnamed != nullptr && named == 0) {
            pbf_writer only(message, 1);
            if (const StoredVector* vector = reader.vector(unnamed->name, m_vector))
                writeVector(only, *vector, unnamed->size, m_legacy);
            return;
        }
        if (unnamed == nullptr && named == 0)
            return message.add_message(2, "", 0);
        pbf_writer map(message, 2);
        for (const VectorSpec& spec : specs) {
            const StoredVector* vector = reader.vector(spec.name, m_vector);
            if (vector == nullptr)
                continue;
            pbf_writer entry(map, 1);
            if (!spec.name.empty())
                entry.add_string(1, spec.name);
            pbf_writer value(entry, 2);
            writeVector(value, *vector, spec.size, m_legacy);
        }
    }

    const CollectionState& m_state;
    const ReadRequest& m_request;
    bool m_legacy;
    std::string m_text;
    StoredVector m_vector;
};

/// The REST route's answer to the same question, with ids alone.
struct RestAnswer {
    HttpReply reply;
    std::optional<Json> result;
    GrpcAnswer error;
};

RestAnswer askRest(Api& api, std::string method, std::string target, std::string body,
    const std::optional<std::string>& apiKey)
{
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    if (apiKey)
        request.headers.emplace("api-key", *apiKey);
    RestAnswer answer;
    api.handle(request, answer.reply);
    const auto parsed = Json::parse(answer.reply.body);
    if (answer.reply.status == 200 && parsed && parsed->get("result") != nullptr) {
        answer.result = *parsed->get("result");
        return answer;
    }
    const Json* words = parsed ? parsed->at({"status", "error"}) : nullptr;
    answer.error =
        failure(codeOfStatus(answer.reply.status), words != nullptr ? words->text() : answer.reply.body);
    for (const auto& [name, value] : answer.reply.headers) {
        if (name == "retry-after")
            answer.error.retryAfter = value;
    }
    return answer;
}

std::string closed(const ReadRequest& request)
{
    const std::string filter = request.filter.empty() ? std::string() : ",\"filter\":" + request.filter;
    return filter + (request.shardKeys.empty() ? "}" : ",\"shard_key\":" + request.shardKeys + '}');
}

} // namespace

GrpcAnswer GrpcCalls::handle(
    std::string_view method, const std::optional<std::string>& apiKey, std::string_view request)
{
    const pbf_reader message(request.data(), request.size());
    GrpcAnswer answer;
    pbf_writer out(answer.body);
    constexpr double time = 0.0001;
    try {
        if (method == "/qdrant.Qdrant/HealthCheck") {
            const RestAnswer rest = askRest(m_api, "GET", "/", {}, {});
            const auto about = Json::parse(rest.reply.body);
            for (const auto& [tag, key] :
                {std::pair{1, "title"}, std::pair{2, "version"}, std::pair{3, "commit"}}) {
                if (const Json* text = about ? about->get(key) : nullptr)
                    out.add_string(static_cast<protozero::pbf_tag_type>(tag), text->text());
            }
            return answer;
        }
        if (method == "/qdrant.Collections/List") {
            const RestAnswer rest = askRest(m_api, "GET", "/collections", {}, apiKey);
            if (!rest.result)
                return rest.error;
            for (const Json& item : rest.result->get("collections")->items()) {
                pbf_writer description(out, 1);
                description.add_string(1, item.get("name")->text());
            }
            out.add_double(2, time);
            return answer;
        }
        const bool scroll = method == "/qdrant.Points/Scroll";
        const bool get = method == "/qdrant.Points/Get";
        if (!scroll && !get && method != "/qdrant.Points/Count")
            return failure(unimplemented, "The stand-in does not know " + std::string(method));
        const ServerVersion version = m_api.settings().version;
        const ReadRequest read = scroll ? readScroll(message, version)
            : get                       ? readGet(message)
                                        : readCount(message, version);
        if (read.limit == 0)
            return failure(
                invalidArgument, "Validation error in body: [limit: value 0 invalid, must be 1 or larger]");
        const std::string path = "/collections/" + percentEncoded(read.collection) + "/points";
        if (!scroll && !get) {
            const RestAnswer rest = askRest(m_api, "POST", path + "/count",
                std::string(R"({"exact":)") + (read.exact ? "true" : "false") + closed(read), apiKey);
            if (!rest.result)
                return rest.error;
            {
                pbf_writer result(out, 1);
                result.add_uint64(1, rest.result->get("count")->toU64().value_or(0));
            }
            out.add_double(2, time);
            return answer;
        }
        const std::string body = get
            ? R"({"ids":)" + read.ids + R"(,"with_payload":false,"with_vector":false)" + closed(read)
            : R"({"limit":)" + std::to_string(read.limit.value_or(10))
                + (read.offset.empty() ? "" : ",\"offset\":" + read.offset)
                + R"(,"with_payload":false,"with_vector":false)" + closed(read);
        RestAnswer rest = askRest(m_api, "POST", path + (scroll ? "/scroll" : "") + read.query, body, apiKey);
        if (!rest.result)
            return rest.error;
        const auto collection = m_store.find(read.collection);
        if (!collection)
            return failure(
                codeOfStatus(404), "Not found: Collection `" + read.collection + "` doesn't exist!");
        const Json* next = scroll ? rest.result->get("next_page_offset") : nullptr;
        if (next != nullptr) {
            const auto id = PointId::fromPath(next->isString() ? next->text() : std::string(next->raw()));
            if (id)
                writeId(out, 1, *id);
        }
        const bool legacy = !version.atLeast(legacyBelowMinor);
        collection->read([&](const CollectionState& state) {
            PointWriter writer(state, read, legacy);
            for (const Json& record : (scroll ? *rest.result->get("points") : *rest.result).items())
                writer.write(out, scroll ? 2 : 1, record);
        });
        out.add_double(scroll ? 3 : 2, time);
        return answer;
    } catch (const std::exception&) {
        return failure(codeOfStatus(500), "failed to decode Protobuf message");
    }
}

} // namespace qdrant2pg::demo
