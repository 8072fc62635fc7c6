// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/source/recordings.h"

#include "demo/source/recordedanswers.h"

#include <algorithm>
#include <sstream>

namespace qdrant2pg::demo {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> segmentsOf(const std::string& path)
{
    HttpRequest request;
    request.target = path;
    return request.segments();
}

/// One topic on its way into the store.
class Topic {
public:
    Topic(fs::path folder, int at)
        : m_folder(std::move(folder))
        , m_at(at)
        , m_exchanges(readExchanges(m_folder))
    {
        m_setupText = readFile(m_folder / "setup.json").value_or("[]");
        if (auto setup = Json::parse(m_setupText))
            m_setup = std::move(*setup);
    }

    tl::expected<std::vector<std::string>, std::string> load(Store& store)
    {
        readAliases();
        std::vector<std::string> loaded;
        for (const std::string& name : collectionNames()) {
            const auto done = loadCollection(store, name);
            if (!done)
                return tl::unexpected(m_folder.string() + ": " + name + ": " + done.error());
            if (*done)
                loaded.push_back(name);
        }
        for (const auto& [alias, collection] : m_aliases)
            store.setAlias(alias, collection);
        return loaded;
    }

private:
    /// The exchanges about a collection between the last change up to the chosen one and the next change.
    std::vector<const RecordedExchange*> window(const std::string& name) const
    {
        std::vector<const RecordedExchange*> found;
        for (const RecordedExchange& exchange : m_exchanges) {
            if (exchange.collection() != name)
                continue;
            if (exchange.changes()) {
                if (exchange.number > m_at)
                    break;
                found.clear();
            } else {
                found.push_back(&exchange);
            }
        }
        return found;
    }

    void readAliases()
    {
        for (const RecordedExchange& exchange : m_exchanges) {
            const Json* list = exchange.request.target == "/aliases" && exchange.result
                ? exchange.result->find("aliases")
                : nullptr;
            if (list == nullptr || !m_aliases.empty())
                continue;
            for (const Json& item : list->items())
                m_aliases.emplace_back(item.find("alias_name")->text(), item.find("collection_name")->text());
        }
    }

    std::vector<std::string> collectionNames() const
    {
        std::vector<std::string> names;
        const auto add = [&](const std::string& name) {
            const bool alias = std::any_of(
                m_aliases.begin(), m_aliases.end(), [&](const auto& known) { return known.first == name; });
            if (!alias && std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        };
        for (const Json& call : m_setup.items()) {
            const auto parts = segmentsOf(call.find("path")->text());
            if (call.find("method")->text() == "PUT" && parts.size() == 2)
                add(parts[1]);
        }
        for (const RecordedExchange& exchange : m_exchanges) {
            const auto parts = exchange.request.segments();
            if (exchange.request.method == "GET" && exchange.status == 200 && parts.size() == 2
                && parts[0] == "collections")
                add(parts[1]);
        }
        return names;
    }

    const Json* createRequest(const std::string& name) const
    {
        for (const Json& call : m_setup.items()) {
            const auto parts = segmentsOf(call.find("path")->text());
            if (call.find("method")->text() == "PUT" && parts.size() == 2 && parts[1] == name)
                return call.find("body");
        }
        return nullptr;
    }

    /// False when the collection was refused or nothing is known of it.
    tl::expected<bool, std::string> loadCollection(Store& store, const std::string& name)
    {
        const auto exchanges = window(name);
        const auto info =
            std::find_if(exchanges.begin(), exchanges.end(), [](const RecordedExchange* exchange) {
                return exchange->request.method == "GET" && exchange->request.segments().size() == 2
                    && exchange->status == 200;
            });
        const Json* create = createRequest(name);
        const bool refused =
            std::any_of(m_exchanges.begin(), m_exchanges.end(), [&](const RecordedExchange& exchange) {
                return exchange.collection() == name && exchange.request.method == "PUT"
                    && exchange.status == 422 && exchange.request.segments().size() == 2;
            });
        if ((info == exchanges.end() && create == nullptr) || refused)
            return false;
        auto config = info != exchanges.end()
            ? CollectionConfig::fromInfo((*info)->result->find("config")->raw())
            : CollectionConfig::fromCreateRequest(create->raw());
        if (!config)
            return tl::unexpected(config.error());
        const auto collection = store.put(name, std::move(*config));
        std::optional<std::uint64_t> pointsCount;
        if (info != exchanges.end())
            pointsCount = (*info)->result->find("points_count")->toU64();
        addPoints(*collection, exchanges, pointsCount);
        if (info != exchanges.end())
            applyInfo(*collection, *(*info)->result);
        else
            createIndexes(*collection);
        // Later writes count on from what the points and indexes have taken.
        collection->write([](CollectionState& state) {
            state.operation = 1 + 2 * state.indexes.size();
            for (const StoredPoint& point : state.points)
                state.operation = std::max<std::uint64_t>(state.operation, point.version);
        });
        for (const RecordedExchange* exchange : exchanges)
            applyShards(*collection, *exchange);
        return true;
    }

    void addPoints(Collection& collection, const std::vector<const RecordedExchange*>& exchanges,
        std::optional<std::uint64_t> count)
    {
        RecordedPoints points;
        for (const RecordedExchange* exchange : exchanges)
            points.take(*exchange);
        if (m_at == 0)
            addUploads(collection, points, count);
        if (points.size() > 0)
            collection.upsert(points.all());
    }

    /// Uploaded points complete what the answers showed. The file of a topic with several collections
    /// concerns those that hold as many points.
    void addUploads(Collection& collection, RecordedPoints& points, std::optional<std::uint64_t> count)
    {
        for (const auto& entry : fs::directory_iterator(m_folder)) {
            const std::string file = entry.path().filename();
            if (!file.starts_with("expected") || entry.path().extension() != ".jsonl")
                continue;
            const bool custom =
                collection.read([](const CollectionState& state) { return state.config.customSharding(); });
            std::string shardKey;
            if (file.size() > 15) {
                const std::string key = file.substr(9, file.size() - 15);
                const bool number = key.find_first_not_of("0123456789") == std::string::npos;
                shardKey = number ? key : jsonString(key);
            }
            const std::string text = readFile(entry.path()).value_or(std::string());
            const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
            const bool several = collectionNames().size() > 1;
            if (custom != !shardKey.empty() || (several && !custom && count != lines))
                continue;
            std::istringstream stream(text);
            for (std::string line; std::getline(stream, line);)
                addUpload(collection, line, shardKey, points, !count || points.size() < *count);
        }
    }

    static void addUpload(Collection& collection, const std::string& line, const std::string& shardKey,
        RecordedPoints& points, bool addNew)
    {
        const std::string list = '[' + line + ']';
        const auto parsed = Json::parse(list);
        if (!parsed)
            return;
        // A line may hold what the configuration of this moment does not know yet; such a point comes later.
        auto uploaded = collection.uploadedPoints(*parsed, shardKey);
        if (uploaded && !uploaded->empty())
            points.complete(uploaded->front(), addNew);
    }

    static void applyInfo(Collection& collection, const Json& info)
    {
        collection.write([&info](CollectionState& state) {
            state.status = info.find("status")->text();
            state.optimizerStatus = info.find("optimizer_status")->raw();
            state.indexedVectors = info.find("indexed_vectors_count")->toU64();
            state.segments = info.find("segments_count")->toU64().value_or(1);
            if (const Json* length = info.at({"update_queue", "length"}))
                state.updateQueue = length->toU64().value_or(0);
            for (const Json::Member& member : info.find("payload_schema")->members()) {
                PayloadIndex index;
                index.key = member.key;
                index.path = parseJsonPath(member.key).value_or(JsonPath());
                index.dataType = member.value.find("data_type")->text();
                if (const Json* params = member.value.get("params"))
                    index.params = params->raw();
                index.points = member.value.find("points")->toU64().value_or(0);
                state.indexes.push_back(std::move(index));
            }
        });
    }

    void createIndexes(Collection& collection) const
    {
        for (const Json& call : m_setup.items()) {
            const auto parts = segmentsOf(call.find("path")->text());
            if (parts.size() == 3 && parts[1] == collection.name() && parts[2].starts_with("index")) {
                const Json& body = *call.find("body");
                collection.createIndex(body.find("field_name")->text(), *body.find("field_schema"));
            }
        }
    }

    static void applyShards(Collection& collection, const RecordedExchange& exchange)
    {
        const auto parts = exchange.request.segments();
        const Json* local =
            parts.back() == "cluster" && exchange.result ? exchange.result->find("local_shards") : nullptr;
        if (local == nullptr || local->items().size() < 2)
            return;
        collection.write([local](CollectionState& state) {
            state.shards.clear();
            for (const Json& item : local->items()) {
                ShardInfo shard;
                shard.id = item.find("shard_id")->toU64().value_or(0);
                shard.points = item.find("points_count")->toU64();
                if (const Json* key = item.find("shard_key")) {
                    shard.key = key->raw();
                    if (!state.shardOf(shard.key))
                        state.shardKeys.push_back(shard.key);
                }
                state.shards.push_back(std::move(shard));
            }
        });
    }

    fs::path m_folder;
    int m_at;
    std::deque<RecordedExchange> m_exchanges;
    std::string m_setupText;
    Json m_setup;
    std::vector<std::pair<std::string, std::string>> m_aliases;
};

void findTopics(const fs::path& folder, std::vector<fs::path>& topics)
{
    std::vector<fs::path> folders;
    bool topic = false;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.is_directory())
            folders.push_back(entry.path());
        topic = topic || entry.path().filename() == "exchanges.json";
    }
    if (topic)
        topics.push_back(folder);
    std::sort(folders.begin(), folders.end());
    for (const fs::path& inner : folders)
        findTopics(inner, topics);
}

} // namespace

tl::expected<std::vector<std::string>, std::string> loadRecordings(
    Store& store, const fs::path& folder, int at)
{
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return tl::unexpected("there is no folder " + folder.string());
    std::vector<fs::path> topics;
    findTopics(folder, topics);
    if (topics.empty())
        return tl::unexpected("there are no recordings in " + folder.string());
    std::vector<std::string> names;
    for (const fs::path& topic : topics) {
        auto loaded = Topic(topic, at).load(store);
        if (!loaded)
            return loaded;
        names.insert(names.end(), loaded->begin(), loaded->end());
    }
    return names;
}

} // namespace qdrant2pg::demo
