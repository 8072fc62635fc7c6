// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/pointid.h"

#include <QByteArray>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qdrant2pg {

enum class VectorKind : std::uint8_t { Dense, Sparse, Multi };

/// One vector of one point. Views into the page that holds it; valid as long as that page is neither changed
/// nor reused.
struct VectorView {
    /// "" is the unnamed (default) vector.
    std::string_view name;
    VectorKind kind = VectorKind::Dense;
    /// Dense: the elements. Sparse: the weights. Multi: all rows one after another.
    std::span<const float> values;
    /// Sparse only: ascending 0-based indices, as many as values.
    std::span<const std::uint32_t> indices;
    /// Multi only: number of rows.
    std::uint32_t rows = 0;
    /// An element is NaN or infinite (REST sends null for both; such elements are NaN here).
    bool hasNonFinite = false;
};

/// One point of a page. Views as above.
struct PointView {
    PointId id;
    /// The payload object as JSON text, number tokens untouched; "{}" when the point has none, empty when it
    /// was not asked for.
    std::string_view payload;
    /// The shard key as JSON token (7 or "eu"); empty without custom sharding.
    std::string_view shardKey;
    /// The whole record as JSON text, for rejects; empty when the transport had none (gRPC).
    std::string_view raw;
    std::uint32_t firstVector = 0;
    std::uint32_t vectorCount = 0;
    /// The transport could not carry every value exactly (gRPC: integers above 2^63-1, deep nesting): fetch
    /// it over REST.
    bool inexact = false;
};

/// A decoded page of points with the memory behind its views. Reusable: decoders clear and refill it, so that
/// its arenas are allocated once. Not thread-safe; move it, do not share it.
class PointPage {
public:
    PointPage() = default;
    // Views of a copy would point into the original.
    PointPage(const PointPage&) = delete;
    PointPage& operator=(const PointPage&) = delete;
    PointPage(PointPage&&) = default;
    PointPage& operator=(PointPage&&) = default;

    std::span<const PointView> points() const { return m_points; }
    std::span<const VectorView> vectorsOf(const PointView& point) const
    {
        return std::span(m_vectors).subspan(point.firstVector, point.vectorCount);
    }
    /// The vector of that name; nullptr when the point lacks it.
    const VectorView* vectorOf(const PointView& point, std::string_view name) const
    {
        for (const VectorView& vector : vectorsOf(point)) {
            if (vector.name == name)
                return &vector;
        }
        return nullptr;
    }
    const std::optional<PointId>& nextOffset() const { return m_nextOffset; }
    /// Bytes that came over the wire for this page.
    std::size_t wireBytes() const { return m_wireBytes; }

    // For decoders.
    void clear();
    std::vector<PointView> m_points;
    std::vector<VectorView> m_vectors;
    std::optional<PointId> m_nextOffset;
    std::size_t m_wireBytes = 0;
    /// Body that payload and raw views point into.
    QByteArray m_body;
    /// Elements of all vectors; reserved before use or chunked, so that views stay valid.
    std::deque<std::vector<float>> m_floats;
    std::deque<std::vector<std::uint32_t>> m_indices;
    /// Texts that are not slices of the body (unescaped names, shard keys over gRPC).
    std::deque<std::string> m_texts;
    /// Payloads of all points, where the transport does not carry JSON (gRPC).
    std::string m_payloadText;
};

} // namespace qdrant2pg
