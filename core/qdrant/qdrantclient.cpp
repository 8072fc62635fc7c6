// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/qdrantclient.h"

#include <algorithm>

#include <QJsonArray>
#include <QJsonDocument>

#include "core/common/jsontext.h"
#include "core/qdrant/rest/restrequests.h"
#include "core/qdrant/rest/resttransport.h"

namespace qdrant2pg {

namespace {

const QVersionNumber queryVersion(1, 10);
const QVersionNumber randomSampleVersion(1, 11);
const QVersionNumber facetVersion(1, 12);
const QVersionNumber shardListVersion(1, 17);

QJsonDocument documentOf(std::string_view json)
{
    return QJsonDocument::fromJson(QByteArray::fromRawData(json.data(), static_cast<qsizetype>(json.size())));
}

/// The value of a member, as text; empty when there is none.
std::string_view memberOf(std::string_view object, std::string_view wanted)
{
    std::string_view found;
    jsontext::forEachMember(object, [&](std::string_view key, std::string_view value) {
        if (key == wanted)
            found = value;
        return key != wanted;
    });
    return found == "null" ? std::string_view() : found;
}

Error tooOld(const char* feature, const QVersionNumber& needed, const QVersionNumber& version)
{
    return makeError(ErrorKind::Unsupported,
        QStringLiteral("%1 needs Qdrant %2; this server is %3.")
            .arg(QLatin1String(feature), needed.toString(), version.toString()));
}

/// The body of the search of servers before 1.10.
Result<std::string> legacySearch(const std::string& queryJson, const QueryOptions& options, std::string limit,
    std::string params, const QVersionNumber& version)
{
    const std::size_t start = queryJson.find_first_not_of(" \t\r\n");
    const char first = start == std::string::npos ? '\0' : queryJson[start];
    const std::size_t second = queryJson.find_first_not_of(" \t\r\n", start + 1);
    if (first == '[' && second != std::string::npos && queryJson[second] == '[')
        return fail(tooOld("Searching by a multivector", queryVersion, version));
    if (first != '[' && first != '{')
        return fail(tooOld("Searching by the id of a point", queryVersion, version));
    const std::string vector = options.vectorName.isEmpty()
        ? queryJson
        : jsonObject({{"name", jsonString(options.vectorName)}, {"vector", queryJson}});
    return jsonObject({{"vector", vector}, {"limit", std::move(limit)}, {"params", std::move(params)},
        {"filter", options.filterJson}, {"shard_key", options.shardKeyJson},
        {"with_payload", jsonBool(false)}, {"with_vector", jsonBool(false)}});
}

} // namespace

QdrantClient::QdrantClient(SourceOptions options, std::stop_token stop)
    : m_transport(std::make_unique<RestTransport>(options))
    , m_options(std::move(options))
    , m_stop(std::move(stop))
{
}

QdrantClient::~QdrantClient() = default;
QdrantClient::QdrantClient(QdrantClient&&) noexcept = default;
QdrantClient& QdrantClient::operator=(QdrantClient&&) noexcept = default;

const SourceOptions& QdrantClient::options() const
{
    return m_options;
}

Result<HttpReply> QdrantClient::exchange(HttpRequest request, const QString& collection)
{
    Endpoint endpoint = Endpoint::fromUrl(m_options.url);
    endpoint.collection = collection;
    return successful(m_transport->send(std::move(request))->wait(m_stop), endpoint);
}

Result<QByteArray> QdrantClient::resultOf(HttpRequest request, const QString& collection)
{
    Endpoint endpoint = Endpoint::fromUrl(m_options.url);
    endpoint.collection = collection;
    const auto reply = exchange(std::move(request), collection);
    if (!reply)
        return fail(reply.error());
    const auto result = resultText(reply->body, endpoint);
    if (!result)
        return fail(result.error());
    return QByteArray(result->data(), static_cast<qsizetype>(result->size()));
}

Result<PointPage> QdrantClient::pageOf(HttpRequest request, const QString& collection, bool withPayload)
{
    Endpoint endpoint = Endpoint::fromUrl(m_options.url);
    endpoint.collection = collection;
    auto reply = exchange(std::move(request), collection);
    if (!reply)
        return fail(reply.error());
    RestPageDecoder decoder;
    PointPage page;
    if (auto decoded = decodePage(std::move(*reply), decoder, page, withPayload, endpoint); !decoded)
        return fail(decoded.error());
    return page;
}

Result<QVersionNumber> QdrantClient::knownVersion()
{
    if (m_version.isNull()) {
        const auto server = version();
        if (!server)
            return fail(server.error());
        m_version = server->version;
    }
    return m_version;
}

Result<ServerVersion> QdrantClient::version()
{
    const auto reply = exchange(getRequest("/"), {});
    if (!reply)
        return fail(reply.error());
    const QJsonObject object = QJsonDocument::fromJson(reply->body).object();
    ServerVersion server;
    server.title = object[u"title"].toString();
    server.version = QVersionNumber::fromString(object[u"version"].toString());
    server.commit = object[u"commit"].toString();
    if (!server.title.contains(QLatin1String("qdrant"), Qt::CaseInsensitive) || server.version.isNull())
        return fail(
            notQdrantError(Endpoint::fromUrl(m_options.url), QString::fromUtf8(reply->body.left(200))));
    m_version = server.version;
    return server;
}

Result<QStringList> QdrantClient::collections()
{
    const auto result = resultOf(getRequest("/collections"), {});
    if (!result)
        return fail(result.error());
    QStringList names;
    for (const QJsonValue entry : QJsonDocument::fromJson(*result)[u"collections"].toArray())
        names << entry[u"name"].toString();
    names.sort();
    return names;
}

Result<CollectionInfo> QdrantClient::collectionInfo(const QString& collection)
{
    const auto reply = exchange(getRequest(collectionTarget(collection)), collection);
    if (!reply)
        return fail(reply.error());
    return parseCollectionInfo(collection, reply->body);
}

Result<QList<AliasInfo>> QdrantClient::aliasesAt(QByteArray target, const QString& collection)
{
    const auto result = resultOf(getRequest(std::move(target)), collection);
    if (!result)
        return fail(result.error());
    QList<AliasInfo> aliases;
    for (const QJsonValue entry : QJsonDocument::fromJson(*result)[u"aliases"].toArray())
        aliases << AliasInfo{entry[u"alias_name"].toString(), entry[u"collection_name"].toString()};
    std::sort(aliases.begin(), aliases.end(),
        [](const AliasInfo& a, const AliasInfo& b) { return a.alias < b.alias; });
    return aliases;
}

Result<QList<AliasInfo>> QdrantClient::aliases()
{
    return aliasesAt("/aliases", {});
}

Result<QList<AliasInfo>> QdrantClient::aliases(const QString& collection)
{
    return aliasesAt(collectionTarget(collection, "/aliases"), collection);
}

Result<CollectionClusterInfo> QdrantClient::clusterInfo(const QString& collection)
{
    const auto result = resultOf(getRequest(collectionTarget(collection, "/cluster")), collection);
    if (!result)
        return fail(result.error());
    const std::string_view text(result->constData(), static_cast<std::size_t>(result->size()));
    CollectionClusterInfo cluster;
    for (const bool remote : {false, true}) {
        // The keys as text: QJson would round a number beyond 2^53.
        jsontext::forEachElement(
            memberOf(text, remote ? "remote_shards" : "local_shards"), [&](std::string_view entry) {
                const QJsonObject shard = documentOf(entry).object();
                cluster.shards << ShardInfo{shard[u"shard_id"].toInteger(),
                    std::string(memberOf(entry, "shard_key")), shard[u"state"].toString(), remote};
                return true;
            });
    }
    const QJsonDocument document = QJsonDocument::fromJson(*result);
    cluster.transfers = static_cast<int>(document[u"shard_transfers"].toArray().size());
    cluster.reshardings = static_cast<int>(document[u"resharding_operations"].toArray().size());
    return cluster;
}

Result<std::vector<std::string>> QdrantClient::shardKeys(const QString& collection)
{
    std::vector<std::string> keys;
    const auto serverVersion = knownVersion();
    if (!serverVersion)
        return fail(serverVersion.error());
    if (*serverVersion >= shardListVersion) {
        const auto result = resultOf(getRequest(collectionTarget(collection, "/shards")), collection);
        if (!result)
            return fail(result.error());
        const std::string_view text(result->constData(), static_cast<std::size_t>(result->size()));
        jsontext::forEachElement(memberOf(text, "shard_keys"), [&keys](std::string_view entry) {
            keys.emplace_back(memberOf(entry, "key"));
            return true;
        });
    } else {
        const auto cluster = clusterInfo(collection);
        if (!cluster)
            return fail(cluster.error());
        for (const ShardInfo& shard : cluster->shards) {
            if (!shard.shardKeyJson.empty())
                keys.push_back(shard.shardKeyJson);
        }
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

Result<qint64> QdrantClient::count(
    const QString& collection, bool exact, const std::string& filterJson, const std::string& shardKeyJson)
{
    const auto result = resultOf(
        postRequest(collectionTarget(collection, "/points/count") + readQuery(m_options, false),
            jsonObject({{"exact", jsonBool(exact)}, {"filter", filterJson}, {"shard_key", shardKeyJson}})),
        collection);
    if (!result)
        return fail(result.error());
    const QJsonValue number = QJsonDocument::fromJson(*result)[u"count"];
    if (!number.isDouble())
        return fail(notQdrantError(Endpoint::fromUrl(m_options.url), QString::fromUtf8(result->left(200))));
    return number.toInteger();
}

Result<PointPage> QdrantClient::scroll(const QString& collection, const PageRequest& request)
{
    return pageOf(scrollRequest(m_options, collection, request), collection, request.withPayload);
}

Result<PointPage> QdrantClient::retrieve(const QString& collection, const std::vector<PointId>& ids,
    bool withPayload, bool withVectors, const std::string& shardKeyJson)
{
    std::string list = "[";
    for (const PointId& id : ids)
        list += (list.size() > 1 ? "," : "") + id.toJson();
    list += ']';
    return pageOf(postRequest(collectionTarget(collection, "/points") + readQuery(m_options, true),
                      jsonObject({{"ids", list}, {"with_payload", jsonBool(withPayload)},
                          {"with_vector", jsonBool(withVectors)}, {"shard_key", shardKeyJson}})),
        collection, withPayload);
}

Result<PointPage> QdrantClient::randomSample(
    const QString& collection, int limit, bool withPayload, bool withVectors)
{
    const auto serverVersion = knownVersion();
    if (!serverVersion)
        return fail(serverVersion.error());
    if (*serverVersion < randomSampleVersion)
        return fail(tooOld("A random sample", randomSampleVersion, *serverVersion));
    return pageOf(postRequest(collectionTarget(collection, "/points/query") + readQuery(m_options, true),
                      jsonObject({{"query", R"({"sample":"random"})"}, {"limit", std::to_string(limit)},
                          {"with_payload", jsonBool(withPayload)}, {"with_vector", jsonBool(withVectors)}})),
        collection, withPayload);
}

Result<std::vector<ScoredPoint>> QdrantClient::query(
    const QString& collection, const std::string& queryJson, const QueryOptions& options)
{
    const auto serverVersion = knownVersion();
    if (!serverVersion)
        return fail(serverVersion.error());
    const std::string limit = std::to_string(options.limit);
    const std::string params = jsonObject({{"exact", options.exact ? jsonBool(true) : std::string()},
        {"hnsw_ef", options.hnswEf ? std::to_string(*options.hnswEf) : std::string()}});
    std::string_view tail = "/points/query";
    std::string body;
    if (*serverVersion < queryVersion) {
        tail = "/points/search";
        auto legacy = legacySearch(queryJson, options, limit, params, *serverVersion);
        if (!legacy)
            return fail(legacy.error());
        body = std::move(*legacy);
    } else {
        body = jsonObject({{"query", queryJson},
            {"using", options.vectorName.isEmpty() ? std::string() : jsonString(options.vectorName)},
            {"limit", limit}, {"params", params}, {"filter", options.filterJson},
            {"shard_key", options.shardKeyJson}, {"with_payload", jsonBool(false)},
            {"with_vector", jsonBool(false)}});
    }
    Endpoint endpoint = Endpoint::fromUrl(m_options.url);
    endpoint.collection = collection;
    auto reply = exchange(
        postRequest(collectionTarget(collection, tail) + readQuery(m_options, true), body), collection);
    if (!reply)
        return fail(reply.error());
    RestPageDecoder decoder;
    PointPage page;
    if (auto decoded = decodePage(std::move(*reply), decoder, page, false, endpoint); !decoded)
        return fail(decoded.error());
    std::vector<ScoredPoint> hits;
    for (std::size_t k = 0; k < page.points().size(); ++k)
        hits.push_back(
            {page.points()[k].id, k < decoder.scores().size() ? decoder.scores()[k] : std::nullopt});
    return hits;
}

Result<std::vector<FacetHit>> QdrantClient::facet(
    const QString& collection, const QString& key, int limit, bool exact)
{
    const auto serverVersion = knownVersion();
    if (!serverVersion)
        return fail(serverVersion.error());
    if (*serverVersion < facetVersion)
        return fail(tooOld("Counting the values of a field", facetVersion, *serverVersion));
    const auto result = resultOf(
        postRequest(collectionTarget(collection, "/facet") + readQuery(m_options, true),
            jsonObject(
                {{"key", jsonString(key)}, {"limit", std::to_string(limit)}, {"exact", jsonBool(exact)}})),
        collection);
    if (!result)
        return fail(result.error());
    std::vector<FacetHit> hits;
    const std::string_view text(result->constData(), static_cast<std::size_t>(result->size()));
    jsontext::forEachElement(memberOf(text, "hits"), [&hits](std::string_view entry) {
        hits.push_back({std::string(memberOf(entry, "value")), documentOf(entry)[u"count"].toInteger()});
        return true;
    });
    return hits;
}

} // namespace qdrant2pg
