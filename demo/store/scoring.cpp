// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/store/scoring.h"

#include "demo/base/numbers.h"

#include <algorithm>
#include <cmath>

namespace qdrant2pg::demo {

namespace {

/// How many visible points hold a non-zero entry at each of the indices, and how many hold the vector at all.
std::vector<std::uint64_t> documentFrequencies(const CollectionState& state, const std::string& name,
    const std::vector<std::uint32_t>& indices, std::uint64_t& total)
{
    std::vector<std::uint64_t> frequencies(indices.size());
    StoredVector scratch;
    for (const StoredPoint& point : state.points) {
        const StoredVector* stored = point.deferred ? nullptr : state.reader(point).vector(name, scratch);
        if (stored == nullptr)
            continue;
        ++total;
        for (std::size_t i = 0; i < indices.size(); ++i) {
            if (std::binary_search(stored->indices.begin(), stored->indices.end(), indices[i]))
                ++frequencies[i];
        }
    }
    return frequencies;
}

} // namespace

tl::expected<Scorer, std::string> Scorer::fromQuery(
    const CollectionState& state, const VectorSpec& spec, const Json& query)
{
    // A query is prepared like an upload, except that errors do not name the vector.
    VectorSpec anonymous = spec;
    anonymous.name.clear();
    if (spec.kind == VectorKind::Sparse ? !query.isObject() : !query.isArray())
        return tl::unexpected(
            std::string("Wrong input: Conversion between sparse and regular vectors failed"));
    auto vector = uploadedVector(anonymous, query);
    if (!vector)
        return tl::unexpected(vector.error());
    Scorer scorer;
    scorer.m_spec = spec;
    scorer.m_values = std::move(vector->values);
    scorer.m_indices = std::move(vector->indices);
    scorer.prepare(state);
    return scorer;
}

Scorer Scorer::fromStored(const CollectionState& state, const VectorSpec& spec, const StoredVector& vector)
{
    Scorer scorer;
    scorer.m_spec = spec;
    scorer.m_values = vector.values;
    scorer.m_indices = vector.indices;
    scorer.prepare(state);
    return scorer;
}

void Scorer::prepare(const CollectionState& state)
{
    if (m_spec.kind != VectorKind::Sparse || !m_spec.idf)
        return;
    std::uint64_t total = 0;
    const auto frequencies = documentFrequencies(state, m_spec.name, m_indices, total);
    for (std::size_t i = 0; i < m_values.size(); ++i) {
        const auto df = static_cast<double>(frequencies[i]);
        m_values[i] *= static_cast<float>(std::log((static_cast<double>(total) - df + 0.5) / (df + 0.5) + 1));
    }
}

double Scorer::similarity(const float* query, const float* stored, std::size_t count) const
{
    double sum = 0;
    switch (m_spec.distance) {
    case Distance::Euclid:
        for (std::size_t i = 0; i < count; ++i) {
            const double difference = static_cast<double>(query[i]) - static_cast<double>(stored[i]);
            sum += difference * difference;
        }
        return std::sqrt(sum);
    case Distance::Manhattan:
        for (std::size_t i = 0; i < count; ++i)
            sum += std::fabs(static_cast<double>(query[i]) - static_cast<double>(stored[i]));
        return sum;
    case Distance::Dot:
    case Distance::Cosine:
        break;
    }
    const bool halfProducts = m_spec.datatype == Datatype::Float16 && count < 32;
    double querySquare = 0;
    double storedSquare = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto q = static_cast<double>(query[i]);
        const auto s = static_cast<double>(stored[i]);
        // The recorded server multiplies short half precision vectors in half precision.
        sum += halfProducts ? static_cast<double>(roundToHalf(query[i] * stored[i])) : q * s;
        querySquare += q * q;
        storedSquare += s * s;
    }
    if (m_spec.distance == Distance::Cosine && m_spec.datatype == Datatype::Uint8)
        return querySquare == 0 || storedSquare == 0 ? 0 : sum / std::sqrt(querySquare * storedSquare);
    return sum;
}

std::optional<float> Scorer::score(const StoredVector& stored) const
{
    if (m_spec.kind == VectorKind::Sparse) {
        double sum = 0;
        bool shared = false;
        for (std::size_t i = 0, k = 0; i < m_indices.size() && k < stored.indices.size();) {
            if (m_indices[i] == stored.indices[k]) {
                shared = true;
                sum += static_cast<double>(m_values[i++]) * static_cast<double>(stored.values[k++]);
            } else if (m_indices[i] < stored.indices[k]) {
                ++i;
            } else {
                ++k;
            }
        }
        return shared ? std::optional(static_cast<float>(sum)) : std::nullopt;
    }
    const std::size_t size = m_spec.size;
    if (stored.values.size() < size)
        return std::nullopt;
    if (m_spec.kind == VectorKind::Dense)
        return static_cast<float>(similarity(m_values.data(), stored.values.data(), size));
    double sum = 0;
    const double sign =
        m_spec.distance == Distance::Euclid || m_spec.distance == Distance::Manhattan ? -1 : 1;
    for (std::size_t q = 0; q < m_values.size(); q += size) {
        double best = -INFINITY;
        for (std::size_t s = 0; s < stored.values.size(); s += size)
            best = std::max(best, sign * similarity(m_values.data() + q, stored.values.data() + s, size));
        sum += best;
    }
    return static_cast<float>(sign * sum);
}

bool Scorer::better(float a, float b) const
{
    if (std::isnan(a) || std::isnan(b))
        return std::isnan(a) && !std::isnan(b);
    const bool lowerIsBetter = m_spec.kind != VectorKind::Sparse
        && (m_spec.distance == Distance::Euclid || m_spec.distance == Distance::Manhattan);
    return lowerIsBetter ? a < b : a > b;
}

bool Scorer::passes(float score, double threshold) const
{
    const auto limit = static_cast<float>(threshold);
    return score == limit || better(score, limit);
}

} // namespace qdrant2pg::demo
