// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/store/filter.h"

namespace qdrant2pg::demo {

/// A query vector prepared for one configured vector: normalised and rounded as the server does.
class Scorer {
public:
    /// Reads a dense array, an array of rows or a sparse object; the error is the server's text with its
    /// label.
    [[nodiscard]] static tl::expected<Scorer, std::string> fromQuery(
        const CollectionState& state, const VectorSpec& spec, const Json& query);
    [[nodiscard]] static Scorer fromStored(
        const CollectionState& state, const VectorSpec& spec, const StoredVector& vector);

    /// The score as the server returns it; nothing for a sparse vector that shares no index with the query.
    [[nodiscard]] std::optional<float> score(const StoredVector& stored) const;
    /// Whether \a a is a better score than \a b; NaN stands before every number.
    [[nodiscard]] bool better(float a, float b) const;
    /// Whether the score passes a threshold.
    [[nodiscard]] bool passes(float score, double threshold) const;
    [[nodiscard]] const VectorSpec& spec() const { return m_spec; }

private:
    void prepare(const CollectionState& state);
    [[nodiscard]] double similarity(const float* query, const float* stored, std::size_t count) const;

    VectorSpec m_spec;
    std::vector<float> m_values;
    std::vector<std::uint32_t> m_indices;
};

} // namespace qdrant2pg::demo
