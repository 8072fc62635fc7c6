// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/source/recordedanswers.h"

#include "demo/store/filter.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

namespace qdrant2pg::demo {

namespace {

bool isTrue(const Json* value)
{
    return value != nullptr && value->isTrue();
}

/// The text of a request's body, as JSON or as it was sent.
std::string requestText(const Json& request)
{
    if (const Json* body = request.find("body"))
        return std::string(body->raw());
    const Json* text = request.find("bodyText");
    return text == nullptr ? std::string() : text->text();
}

std::optional<RecordedExchange> readExchange(const std::filesystem::path& file)
{
    auto text = readFile(file);
    if (!text)
        return std::nullopt;
    RecordedExchange exchange;
    exchange.number = std::atoi(file.filename().c_str());
    exchange.file = std::move(*text);
    return exchange;
}

/// Reads the exchange's own texts; they must have found their final place.
bool parseExchange(RecordedExchange& exchange, const std::filesystem::path& folder)
{
    const auto description = Json::parse(exchange.file);
    const Json* request = description ? description->find("request") : nullptr;
    const Json* response = description ? description->find("response") : nullptr;
    if (request == nullptr || response == nullptr || request->find("path") == nullptr)
        return false;
    exchange.request.method = request->find("method")->text();
    exchange.request.target = request->find("path")->text();
    exchange.request.body = requestText(*request);
    exchange.status = static_cast<int>(response->find("status")->toU64().value_or(0));
    if (const Json* bodyFile = response->find("bodyFile"))
        exchange.body = readFile(folder / bodyFile->text()).value_or(std::string());
    if (auto body = Json::parse(exchange.request.body))
        exchange.requestBody = std::move(*body);
    if (const auto answer = Json::parse(exchange.body)) {
        if (const Json* result = answer->find("result"))
            exchange.result = *result;
    }
    return true;
}

/// All vectors of a record's `vector`, whose shape depends on what the point holds.
std::vector<StoredVector> vectorsOf(const Json& value)
{
    std::vector<StoredVector> vectors;
    const auto add = [&vectors](const std::string& name, const Json& one) {
        if (auto vector = StoredVector::fromAnswer(name, one))
            vectors.push_back(std::move(*vector));
    };
    if (value.isArray()) {
        add({}, value);
    } else {
        for (const Json::Member& member : value.members())
            add(member.key, member.value);
    }
    return vectors;
}

} // namespace

std::optional<std::string> readFile(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        return std::nullopt;
    std::ostringstream text;
    text << stream.rdbuf();
    return std::move(text).str();
}

std::string RecordedExchange::collection() const
{
    const auto parts = request.segments();
    return parts.size() > 1 && parts[0] == "collections" ? parts[1] : std::string();
}

bool RecordedExchange::changes() const
{
    const auto parts = request.segments();
    if (status >= 300 || collection().empty() || request.method == "GET" || request.method == "OPTIONS")
        return false;
    if (request.method != "POST")
        return true;
    return parts.back() == "delete" || parts.back() == "payload" || parts.back() == "vectors";
}

std::deque<RecordedExchange> readExchanges(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename();
        if (entry.path().extension() == ".json" && name.size() > 3
            && std::isdigit(static_cast<unsigned char>(name[0])) != 0)
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::deque<RecordedExchange> exchanges;
    for (const auto& file : files) {
        if (auto exchange = readExchange(file)) {
            exchanges.push_back(std::move(*exchange));
            if (!parseExchange(exchanges.back(), folder))
                exchanges.pop_back();
        }
    }
    return exchanges;
}

void RecordedPoints::take(const RecordedExchange& exchange)
{
    const auto parts = exchange.request.segments();
    if (exchange.status != 200 || !exchange.result || parts.size() < 3
        || std::find(parts.begin(), parts.end(), "points") == parts.end())
        return;
    if (parts.size() == 4 && exchange.request.method == "GET") {
        takeRecord(*exchange.result, true, true);
        return;
    }
    if (exchange.request.method != "POST" || !exchange.requestBody)
        return;
    const bool scroll = parts.back() == "scroll";
    const bool retrieve = parts.size() == 3;
    const Json* points = exchange.result->find("points");
    if (scroll || retrieve) {
        const Json* payload = exchange.requestBody->get("with_payload");
        const Json* vectors = exchange.requestBody->get("with_vector");
        if (vectors == nullptr)
            vectors = exchange.requestBody->get("with_vectors");
        for (const Json& record : (points != nullptr ? *points : *exchange.result).items()) {
            takeRecord(record, payload == nullptr ? scroll : isTrue(payload), isTrue(vectors));
            if (payload != nullptr && payload->isArray())
                takeMembers(record, *payload);
        }
    } else {
        takeVersions(points != nullptr ? *points : *exchange.result);
    }
}

RecordedPoints::Seen* RecordedPoints::seenAt(const Json& record)
{
    const Json* id = record.find("id");
    const auto pointId = id == nullptr ? tl::unexpected(std::string()) : readPointId(*id);
    if (!pointId)
        return nullptr;
    const Json* shard = record.find("shard_key");
    return &m_points[{*pointId, shard == nullptr ? std::string() : std::string(shard->raw())}];
}

void RecordedPoints::takeRecord(const Json& record, bool wholePayload, bool wholeVectors)
{
    Seen* seen = seenAt(record);
    if (seen == nullptr)
        return;
    const Json* payload = record.find("payload");
    if (wholePayload && payload != nullptr && payload->isObject() && !seen->payload)
        seen->payload = payload->raw();
    const Json* vector = record.find("vector");
    if (wholeVectors && vector != nullptr && !vector->isNull() && !seen->vectors)
        seen->vectors = vectorsOf(*vector);
}

void RecordedPoints::takeMembers(const Json& record, const Json& keys)
{
    Seen* seen = seenAt(record);
    const Json* payload = record.find("payload");
    if (seen == nullptr || payload == nullptr)
        return;
    for (const Json& key : keys.items()) {
        const auto path = parseJsonPath(key.text());
        const Json* value = path && path->size() == 1 ? payload->find(path->front().key) : nullptr;
        if (value != nullptr)
            seen->members.emplace(path->front().key, value->raw());
    }
}

void RecordedPoints::takeVersions(const Json& hits)
{
    for (const Json& hit : hits.items()) {
        if (const Json* batch = hit.find("points"))
            takeVersions(*batch);
        const Json* id = hit.find("id");
        const Json* version = hit.find("version");
        const auto pointId = id == nullptr ? tl::unexpected(std::string()) : readPointId(*id);
        const auto number = version == nullptr ? 0 : version->toU64().value_or(0);
        if (pointId && number > 0)
            m_versions.emplace(*pointId, number);
    }
}

void RecordedPoints::complete(const Point& uploaded, bool addNew)
{
    if (!addNew && !m_points.contains({uploaded.id, uploaded.shardKey}))
        return;
    Seen& seen = m_points[{uploaded.id, uploaded.shardKey}];
    if (!seen.payload) {
        std::string payload = uploaded.payload;
        for (const auto& [key, value] : seen.members) {
            const std::string before = payload;
            payload = withMember(*Json::parse(before), key, value);
        }
        seen.payload = std::move(payload);
    }
    if (!seen.vectors)
        seen.vectors = uploaded.vectors;
}

std::vector<Point> RecordedPoints::all() const
{
    std::vector<Point> points;
    for (const auto& [key, seen] : m_points) {
        if (!seen.payload && !seen.vectors)
            continue;
        const auto version = m_versions.find(key.first);
        points.push_back(
            {key.first, seen.payload.value_or("{}"), seen.vectors.value_or(std::vector<StoredVector>()),
                key.second, version == m_versions.end() ? 1 : version->second});
    }
    return points;
}

} // namespace qdrant2pg::demo
