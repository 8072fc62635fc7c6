// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/source/recordedanswers.h"
#include "demo/source/recordings.h"

#include <algorithm>
#include <set>

namespace qdrant2pg::demo {

namespace {

namespace fs = std::filesystem;

/// A configuration that holds the vectors seen. Cosine where every dense vector is of unit length.
std::string createRequest(const std::vector<Point>& points)
{
    std::map<std::string, std::string> dense;
    std::set<std::string> sparse;
    for (const Point& point : points) {
        for (const StoredVector& vector : point.vectors) {
            if (vector.kind == VectorKind::Sparse) {
                sparse.insert(vector.name);
            } else if (!dense.contains(vector.name)) {
                const auto rows =
                    static_cast<std::size_t>(std::count(vector.text.begin(), vector.text.end(), '[')) - 1;
                const bool multi = vector.kind == VectorKind::Multi;
                const std::size_t size =
                    multi ? vector.values.size() / std::max<std::size_t>(rows, 1) : vector.values.size();
                double square = 0;
                for (std::size_t i = 0; i < size; ++i)
                    square += static_cast<double>(vector.values[i]) * static_cast<double>(vector.values[i]);
                const bool unit = square > 0.999 && square < 1.001;
                dense[vector.name] = R"({"size":)" + std::to_string(size) + R"(,"distance":")"
                    + (unit ? "Cosine" : "Dot") + '"'
                    + (multi ? R"(,"multivector_config":{"comparator":"max_sim"})" : "") + '}';
            }
        }
    }
    std::string vectors = "{";
    if (dense.size() == 1 && dense.begin()->first.empty()) {
        vectors = dense.begin()->second;
    } else {
        for (const auto& [name, definition] : dense)
            vectors += std::string(vectors.size() > 1 ? "," : "") + jsonString(name) + ':' + definition;
        vectors += '}';
    }
    std::string others;
    for (const std::string& name : sparse)
        others += std::string(others.empty() ? "" : ",") + jsonString(name) + ":{}";
    return R"({"vectors":)" + vectors + (others.empty() ? "" : R"(,"sparse_vectors":{)" + others + '}') + '}';
}

/// The `config` of a collection info answer in info.json or manifest.json, as raw JSON.
std::optional<std::string> recordedConfig(const fs::path& folder)
{
    for (const char* name : {"info.json", "manifest.json"}) {
        const auto text = readFile(folder / name);
        const auto parsed = text ? Json::parse(*text) : tl::unexpected(JsonError());
        if (!parsed)
            continue;
        for (const auto& path :
            {std::vector<std::string_view>{"result", "config"}, {"collection", "config"}, {"config"}}) {
            const Json* value = &*parsed;
            for (const std::string_view key : path)
                value = value == nullptr ? nullptr : value->find(key);
            if (value != nullptr && value->find("params") != nullptr)
                return std::string(value->raw());
        }
    }
    return std::nullopt;
}

} // namespace

tl::expected<std::shared_ptr<Collection>, std::string> loadBatches(
    Store& store, const std::string& name, const fs::path& folder)
{
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return tl::unexpected("there is no folder " + folder.string());
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() == ".json" || entry.path().extension() == ".body")
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    RecordedPoints points;
    for (const fs::path& file : files) {
        const auto text = readFile(file);
        const auto parsed = text ? Json::parse(*text) : tl::unexpected(JsonError());
        if (!parsed)
            return tl::unexpected(file.string() + " is not JSON: " + parsed.error().describe());
        const Json* records = parsed->at({"result", "points"});
        if (records == nullptr)
            records = parsed->find("points");
        if (records == nullptr || !records->isArray())
            continue;
        for (const Json& record : records->items())
            points.takeRecord(record, true, true);
    }
    std::vector<Point> all = points.all();
    const auto recorded = recordedConfig(folder);
    auto config = recorded ? CollectionConfig::fromInfo(*recorded)
                           : CollectionConfig::fromCreateRequest(createRequest(all));
    if (!config)
        return tl::unexpected(config.error());
    auto collection = store.put(name, std::move(*config));
    collection->upsert(std::move(all));
    return collection;
}

} // namespace qdrant2pg::demo
