// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/source/generator.h"

#include "demo/base/numbers.h"
#include "demo/source/generatedids.h"
#include "demo/source/vectorpool.h"
#include "demo/source/words.h"

#include <algorithm>
#include <array>

namespace qdrant2pg::demo {

namespace {

constexpr std::array<std::string_view, 4> distanceNames{"Cosine", "Euclid", "Dot", "Manhattan"};
constexpr std::array<std::string_view, 4> datatypeNames{"float32", "float16", "uint8", "turbo4"};

class RecipeGenerator final : public BodyGenerator {
public:
    explicit RecipeGenerator(const Recipe& recipe)
        : m_recipe(recipe)
        , m_pool(recipe.dimensions, recipe.distance, recipe.datatype, recipe.seed, recipe.points)
    {
        const auto add = [this](const std::vector<std::string>& names, VectorKind kind) {
            for (const std::string& name : names) {
                m_names.push_back(name);
                m_kinds.push_back(kind);
            }
        };
        if (recipe.dimensions > 0) {
            add(recipe.dense, VectorKind::Dense);
            add(recipe.multi, VectorKind::Multi);
        }
        add(recipe.sparse, VectorKind::Sparse);
    }

    const std::vector<std::string>& vectorNames() const override { return m_names; }

    bool hasVector(std::uint64_t serial, std::size_t vector) const override
    {
        return m_names[vector].empty()
            || static_cast<double>(key(serial, vector, 1) % 10000) >= m_recipe.missing * 10000;
    }

    void appendPayload(std::string& out, std::uint64_t serial) const override
    {
        if (m_recipe.payloadBytes == 0) {
            out += "{}";
            return;
        }
        const std::size_t start = out.size();
        out += R"({"n":)";
        appendInteger(out, serial);
        out += R"(,"label":"point )";
        appendInteger(out, serial);
        out += R"(","group":")";
        out += static_cast<char>('a' + key(serial, 0, 2) % 5);
        out += R"(","price":)";
        appendDouble(out, static_cast<double>(key(serial, 0, 3) % 100000) / 100);
        out += R"(,"text":")";
        const std::size_t used = out.size() - start + 2;
        if (m_recipe.payloadBytes > used)
            appendProse(out, key(serial, 0, 4), m_recipe.payloadBytes - used);
        out += "\"}";
    }

    void appendVector(std::string& out, std::uint64_t serial, std::size_t vector) const override
    {
        switch (m_kinds[vector]) {
        case VectorKind::Dense:
            m_pool.appendText(out, key(serial, vector, 5));
            break;
        case VectorKind::Multi:
            for (std::uint64_t row = 0; row < rows(serial, vector); ++row) {
                out += row == 0 ? '[' : ',';
                m_pool.appendText(out, key(serial, vector, 8 + row));
            }
            out += ']';
            break;
        case VectorKind::Sparse:
            out += sparse(serial, vector).text;
        }
    }

    StoredVector vector(std::uint64_t serial, std::size_t vector) const override
    {
        if (m_kinds[vector] == VectorKind::Sparse)
            return sparse(serial, vector);
        StoredVector result{m_names[vector], m_kinds[vector], {}, {}, {}};
        if (m_kinds[vector] == VectorKind::Dense)
            m_pool.appendValues(result.values, key(serial, vector, 5));
        else
            for (std::uint64_t row = 0; row < rows(serial, vector); ++row)
                m_pool.appendValues(result.values, key(serial, vector, 8 + row));
        return result;
    }

private:
    std::uint64_t key(std::uint64_t serial, std::size_t vector, std::uint64_t purpose) const
    {
        return mix(mix(m_recipe.seed * 64 + vector) ^ mix(serial) ^ purpose);
    }
    std::uint64_t rows(std::uint64_t serial, std::size_t vector) const
    {
        return 1 + key(serial, vector, 6) % 5;
    }

    StoredVector sparse(std::uint64_t serial, std::size_t vector) const
    {
        std::vector<std::uint32_t> indices;
        std::vector<float> values;
        const std::uint64_t count = 1 + key(serial, vector, 6) % 40;
        std::uint32_t index = 0;
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::uint64_t bits = key(serial, vector, 64 + i);
            index += 1 + static_cast<std::uint32_t>(bits % 700);
            indices.push_back(index);
            values.push_back(static_cast<float>(1 + (bits >> 32U) % 20000) / 8192.0F);
        }
        return StoredVector::sparse(m_names[vector], std::move(indices), std::move(values));
    }

    Recipe m_recipe;
    VectorPool m_pool;
    std::vector<std::string> m_names;
    std::vector<VectorKind> m_kinds;
};

std::string definition(const Recipe& recipe, bool multi)
{
    std::string out = R"({"size":)" + std::to_string(recipe.dimensions) + R"(,"distance":")";
    out += distanceNames[static_cast<std::size_t>(recipe.distance)];
    out += '"';
    if (recipe.datatype != Datatype::Float32)
        out +=
            R"(,"datatype":")" + std::string(datatypeNames[static_cast<std::size_t>(recipe.datatype)]) + '"';
    if (multi)
        out += R"(,"multivector_config":{"comparator":"max_sim"})";
    return out + '}';
}

std::string createRequest(const Recipe& recipe)
{
    std::string vectors;
    if (recipe.dimensions > 0 && recipe.multi.empty() && recipe.dense.size() == 1
        && recipe.dense.front().empty()) {
        vectors = definition(recipe, false);
    } else {
        vectors = "{";
        const auto add = [&](const std::vector<std::string>& names, bool multi) {
            for (const std::string& name : names)
                vectors += std::string(vectors.size() > 1 ? "," : "") + jsonString(name) + ':'
                    + definition(recipe, multi);
        };
        if (recipe.dimensions > 0) {
            add(recipe.dense, false);
            add(recipe.multi, true);
        }
        vectors += '}';
    }
    std::string sparse;
    for (const std::string& name : recipe.sparse)
        sparse += std::string(sparse.empty() ? "" : ",") + jsonString(name) + ":{}";
    return R"({"vectors":)" + vectors + (sparse.empty() ? "" : R"(,"sparse_vectors":{)" + sparse + '}') + '}';
}

} // namespace

std::vector<StoredPoint> generatedPoints(std::uint64_t count, IdKind kind, std::uint64_t seed)
{
    std::vector<StoredPoint> points(count);
    const std::uint64_t numbers = kind == IdKind::Uuid ? 0 : kind == IdKind::Mixed ? count / 2 : count;
    const std::uint64_t step = numbers > 1 ? UINT64_MAX / (numbers - 1) : 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        points[i].serial = i;
        points[i].version = 1;
        const std::uint64_t bits = mix(mix(seed) ^ i);
        if (i >= numbers) {
            // Version 4, variant 1, as random UUIDs carry them.
            points[i].id =
                PointId::uuid((bits & ~0xf000ULL) | 0x4000ULL, (mix(bits) & ~(3ULL << 62U)) | 2ULL << 62U);
        } else if (kind == IdKind::Sequential) {
            points[i].id = PointId::number(i + 1);
        } else {
            const std::uint64_t jitter = i == 0 || i + 1 == numbers || step < 2 ? 0 : bits % (step / 2);
            points[i].id = PointId::number(i + 1 == numbers && numbers > 1 ? UINT64_MAX : i * step + jitter);
        }
    }
    return points;
}

tl::expected<std::shared_ptr<Collection>, std::string> generateCollection(
    Store& store, const std::string& name, const Recipe& recipe)
{
    auto config = CollectionConfig::fromCreateRequest(createRequest(recipe));
    if (!config)
        return tl::unexpected(config.error());
    auto collection = store.put(name, std::move(*config));
    collection->setGenerated(
        generatedPoints(recipe.points, recipe.ids, recipe.seed), std::make_shared<RecipeGenerator>(recipe));
    return collection;
}

} // namespace qdrant2pg::demo
