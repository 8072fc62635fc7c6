// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/store/config.h"

#include <algorithm>
#include <array>

namespace qdrant2pg::demo {

namespace {

std::optional<Distance> distanceOf(std::string_view text)
{
    static constexpr std::array<std::string_view, 4> names{"Cosine", "Euclid", "Dot", "Manhattan"};
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end())
        return std::nullopt;
    return static_cast<Distance>(found - names.begin());
}

tl::expected<VectorSpec, std::string> denseSpec(std::string name, const Json& definition)
{
    VectorSpec spec;
    spec.name = std::move(name);
    const Json* size = definition.get("size");
    const Json* distance = definition.get("distance");
    const auto kind = distance == nullptr ? std::nullopt : distanceOf(distance->text());
    if (size == nullptr || !size->toU64() || !kind)
        return tl::unexpected("vector `" + spec.name + "` needs size and distance");
    spec.size = *size->toU64();
    spec.distance = *kind;
    if (definition.get("multivector_config") != nullptr)
        spec.kind = VectorKind::Multi;
    if (const Json* datatype = definition.get("datatype")) {
        static constexpr std::array<std::string_view, 4> names{"float32", "float16", "uint8", "turbo4"};
        const auto found = std::find(names.begin(), names.end(), datatype->text());
        if (found == names.end())
            return tl::unexpected("vector `" + spec.name + "` has an unknown datatype");
        spec.datatype = static_cast<Datatype>(found - names.begin());
    }
    return spec;
}

VectorSpec sparseSpec(std::string name, const Json& definition)
{
    VectorSpec spec;
    spec.name = std::move(name);
    spec.kind = VectorKind::Sparse;
    const Json* modifier = definition.get("modifier");
    spec.idf = modifier != nullptr && modifier->text() == "idf";
    return spec;
}

StrictMode strictModeOf(const Json& config)
{
    StrictMode strict;
    const auto number = [&config](std::string_view key) -> std::optional<std::uint64_t> {
        const Json* value = config.get(key);
        return value == nullptr ? std::nullopt : value->toU64();
    };
    const auto isFalse = [&config](std::string_view key) {
        const Json* value = config.get(key);
        return value != nullptr && value->isBool() && !value->isTrue();
    };
    const Json* enabled = config.get("enabled");
    strict.enabled = enabled != nullptr && enabled->isTrue();
    strict.maxQueryLimit = number("max_query_limit");
    strict.maxTimeout = number("max_timeout");
    strict.filterMaxConditions = number("filter_max_conditions");
    strict.conditionMaxSize = number("condition_max_size");
    strict.searchMaxHnswEf = number("search_max_hnsw_ef");
    strict.searchMaxBatchsize = number("search_max_batchsize");
    strict.readRateLimit = number("read_rate_limit");
    if (const Json* value = config.get("search_max_oversampling"))
        strict.searchMaxOversampling = value->toDouble();
    strict.allowExact = !isFalse("search_allow_exact");
    strict.allowUnindexedFilter = !isFalse("unindexed_filtering_retrieve");
    return strict;
}

/// The defaults of a section overlaid by what the request gives, keys in the order of the defaults.
std::string merged(std::string_view defaults, const Json* given)
{
    if (given == nullptr || !given->isObject())
        return std::string(defaults);
    std::string text(defaults);
    for (const Json::Member& member : given->members())
        text = withMember(*Json::parse(text), member.key, member.value.raw());
    return text;
}

std::string canonical(const Json& value)
{
    std::string out;
    appendCanonical(out, value);
    return out;
}

/// A vector's settings in the order of the recorded answers.
std::string denseDefinition(const Json& given)
{
    std::string out = "{";
    for (const std::string_view key : {"size", "distance", "hnsw_config", "quantization_config", "on_disk",
             "datatype", "multivector_config"}) {
        if (const Json* value = given.get(key)) {
            out += out.size() > 1 ? "," : "";
            out += jsonString(key) + ':' + canonical(*value);
        }
    }
    return out + '}';
}

std::string denseDefinitions(const Json* vectors)
{
    if (vectors == nullptr || !vectors->isObject())
        return "{}";
    if (const Json* size = vectors->find("size"); size != nullptr && size->isNumber())
        return denseDefinition(*vectors);
    std::vector<const Json::Member*> members;
    for (const Json::Member& member : vectors->members())
        members.push_back(&member);
    std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
    std::string out = "{";
    for (const Json::Member* member : members) {
        out += out.size() > 1 ? "," : "";
        out += jsonString(member->key) + ':' + denseDefinition(member->value);
    }
    return out + '}';
}

constexpr std::string_view hnswDefaults =
    R"({"m":16,"ef_construct":100,"full_scan_threshold":10000,"max_indexing_threads":0,"on_disk":false})";
constexpr std::string_view optimizerDefaults =
    R"({"deleted_threshold":0.2,"vacuum_min_vector_number":1000,"default_segment_number":0,"max_segment_size":null,)"
    R"("memmap_threshold":null,"indexing_threshold":10000,"flush_interval_sec":5,"max_optimization_threads":null,)"
    R"("prevent_unoptimized":null})";
constexpr std::string_view walDefaults =
    R"({"wal_capacity_mb":32,"wal_segments_ahead":0,"wal_retain_closed":1})";

} // namespace

tl::expected<CollectionConfig, std::string> CollectionConfig::fromCreateRequest(std::string_view body)
{
    const auto request = Json::parse(body);
    if (!request)
        return tl::unexpected("Format error in JSON body: " + request.error().describe());
    const auto rawOr = [&request](std::string_view key, std::string_view otherwise) {
        const Json* value = request->get(key);
        return value == nullptr ? std::string(otherwise) : canonical(*value);
    };
    std::string text = R"({"params":{"vectors":)" + denseDefinitions(request->get("vectors"));
    text += R"(,"shard_number":)" + rawOr("shard_number", "1");
    if (request->get("sharding_method") != nullptr)
        text += R"(,"sharding_method":)" + rawOr("sharding_method", "null");
    text += R"(,"replication_factor":)" + rawOr("replication_factor", "1");
    text += R"(,"write_consistency_factor":)" + rawOr("write_consistency_factor", "1");
    text += R"(,"on_disk_payload":)" + rawOr("on_disk_payload", "true");
    if (request->get("sparse_vectors") != nullptr) {
        text += R"(,"sparse_vectors":)";
        appendSorted(text, *Json::parse(canonical(*request->get("sparse_vectors"))));
    }
    text += R"(},"hnsw_config":)" + merged(hnswDefaults, request->get("hnsw_config"));
    text += R"(,"optimizer_config":)" + merged(optimizerDefaults, request->get("optimizers_config"));
    text += R"(,"wal_config":)" + merged(walDefaults, request->get("wal_config"));
    text += R"(,"quantization_config":)" + rawOr("quantization_config", "null");
    for (const std::string_view key : {"strict_mode_config", "metadata"}) {
        if (request->get(key) != nullptr)
            text += ',' + jsonString(key) + ':' + rawOr(key, "null");
    }
    return fromInfo(text + '}');
}

tl::expected<CollectionConfig, std::string> CollectionConfig::fromInfo(std::string_view config)
{
    CollectionConfig result;
    if (auto good = result.read(std::string(config)); !good)
        return tl::unexpected(good.error());
    return result;
}

tl::expected<void, std::string> CollectionConfig::read(std::string text)
{
    const auto parsed = Json::parse(text);
    if (!parsed)
        return tl::unexpected(parsed.error().describe());
    const Json* params = parsed->get("params");
    if (params == nullptr)
        return tl::unexpected(std::string("the configuration has no params"));
    std::vector<VectorSpec> specs;
    const auto addDense = [&specs](const std::string& name,
                              const Json& definition) -> tl::expected<void, std::string> {
        auto spec = denseSpec(name, definition);
        if (!spec)
            return tl::unexpected(spec.error());
        specs.push_back(std::move(*spec));
        return {};
    };
    if (const Json* vectors = params->get("vectors")) {
        const Json* size = vectors->find("size");
        if (size != nullptr && size->isNumber()) {
            if (auto added = addDense({}, *vectors); !added)
                return added;
        } else {
            for (const Json::Member& member : vectors->members()) {
                if (auto added = addDense(member.key, member.value); !added)
                    return added;
            }
        }
    }
    if (const Json* sparse = params->get("sparse_vectors")) {
        for (const Json::Member& member : sparse->members())
            specs.push_back(sparseSpec(member.key, member.value));
    }
    m_vectors = std::move(specs);
    const Json* strict = parsed->get("strict_mode_config");
    m_strict = strict == nullptr ? StrictMode() : strictModeOf(*strict);
    const Json* method = params->get("sharding_method");
    m_customSharding = method != nullptr && method->text() == "custom";
    const Json* shards = params->get("shard_number");
    m_shardNumber = shards == nullptr ? 1 : shards->toU64().value_or(1);
    const Json* prevent = parsed->at({"optimizer_config", "prevent_unoptimized"});
    m_preventUnoptimized = prevent != nullptr && prevent->isTrue();
    const Json* threshold = parsed->at({"optimizer_config", "indexing_threshold"});
    m_indexingThreshold = threshold == nullptr ? 10000 : threshold->toU64().value_or(10000);
    m_text = std::move(text);
    return {};
}

const VectorSpec* CollectionConfig::find(std::string_view name) const
{
    const auto found = std::find_if(
        m_vectors.begin(), m_vectors.end(), [name](const VectorSpec& spec) { return spec.name == name; });
    return found == m_vectors.end() ? nullptr : &*found;
}

std::string CollectionConfig::render(const ServerVersion& version) const
{
    std::string text = m_text;
    const auto removeIfOlder = [&text, &version](int minor, std::string_view key) {
        if (!version.atLeast(minor))
            text = withMember(*Json::parse(text), key, std::nullopt);
    };
    const auto editSection = [&text](std::string_view section, std::string_view key,
                                 std::optional<std::string_view> value) {
        const std::string before = text;
        const auto parsed = Json::parse(before);
        const Json* object = parsed->get(section);
        if (object != nullptr && object->find(key) != nullptr)
            text = withMember(*parsed, section, withMember(*object, key, value));
    };
    removeIfOlder(13, "strict_mode_config");
    removeIfOlder(16, "metadata");
    if (!version.atLeast(17))
        editSection("optimizer_config", "prevent_unoptimized", std::nullopt);
    if (!version.atLeast(8))
        editSection("optimizer_config", "max_optimization_threads", "0");
    if (version.atLeast(19))
        editSection("params", "on_disk_payload", "null");
    return text;
}

tl::expected<void, std::string> CollectionConfig::setMember(
    std::string_view key, std::optional<std::string_view> rawValue)
{
    if (rawValue && !Json::parse(*rawValue))
        return tl::unexpected(std::string(key) + " is not JSON");
    return read(withMember(*Json::parse(m_text), key, rawValue));
}

tl::expected<void, std::string> CollectionConfig::addVector(
    std::string_view name, const Json& definition, bool sparse)
{
    const auto config = Json::parse(m_text);
    const Json& params = *config->get("params");
    std::string changed;
    if (sparse) {
        const Json* old = params.get("sparse_vectors");
        const auto object = Json::parse(old == nullptr ? std::string_view("{}") : old->raw());
        changed = withMember(params, "sparse_vectors", withMember(*object, name, canonical(definition)));
    } else {
        const Json* old = params.get("vectors");
        const Json* size = old == nullptr ? nullptr : old->find("size");
        std::string map = old == nullptr ? "{}" : std::string(old->raw());
        if (size != nullptr && size->isNumber())
            map = R"({"":)" + map + '}';
        changed =
            withMember(params, "vectors", withMember(*Json::parse(map), name, denseDefinition(definition)));
    }
    return read(withMember(*config, "params", changed));
}

void CollectionConfig::dropVector(std::string_view name)
{
    const auto config = Json::parse(m_text);
    const Json& params = *config->get("params");
    for (const std::string_view section : {"vectors", "sparse_vectors"}) {
        const Json* map = params.get(section);
        if (map != nullptr && map->find(name) != nullptr) {
            // Removing a member of a valid configuration leaves a valid one.
            [[maybe_unused]] const auto done = read(withMember(
                *config, "params", withMember(params, section, withMember(*map, name, std::nullopt))));
            return;
        }
    }
}

} // namespace qdrant2pg::demo
