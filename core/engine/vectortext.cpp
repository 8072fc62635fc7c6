// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/vectortext.h"

#include "core/common/jsontext.h"

#include <array>
#include <charconv>
#include <cmath>

namespace qdrant2pg {

namespace {

void appendFloat(std::string& out, float value)
{
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

void appendFloats(std::string& out, std::span<const float> values)
{
    out.push_back('[');
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i > 0)
            out.push_back(',');
        appendFloat(out, values[i]);
    }
    out.push_back(']');
}

} // namespace

void appendVectorJson(std::string& out, const VectorView& vector)
{
    switch (vector.kind) {
    case VectorKind::Dense:
        appendFloats(out, vector.values);
        return;
    case VectorKind::Sparse:
        out += "{\"indices\":[";
        for (std::size_t i = 0; i < vector.indices.size(); ++i) {
            if (i > 0)
                out.push_back(',');
            out += std::to_string(vector.indices[i]);
        }
        out += "],\"values\":";
        appendFloats(out, vector.values);
        out.push_back('}');
        return;
    case VectorKind::Multi: {
        out.push_back('[');
        const std::size_t width = vector.rows > 0 ? vector.values.size() / vector.rows : 0;
        for (std::uint32_t row = 0; row < vector.rows; ++row) {
            if (row > 0)
                out.push_back(',');
            appendFloats(out, vector.values.subspan(row * width, width));
        }
        out.push_back(']');
        return;
    }
    }
}

QString rawPointText(const PointPage& page, const PointView& point)
{
    if (!point.raw.empty())
        return QString::fromUtf8(point.raw.data(), static_cast<qsizetype>(point.raw.size()));
    std::string text = "{\"id\":" + point.id.toJson() + ",\"payload\":";
    text += point.payload;
    text += ",\"vector\":{";
    bool first = true;
    for (const VectorView& vector : page.vectorsOf(point)) {
        if (!first)
            text.push_back(',');
        first = false;
        text += jsontext::quoted(vector.name);
        text.push_back(':');
        appendVectorJson(text, vector);
    }
    text += "}}";
    return QString::fromStdString(text);
}

} // namespace qdrant2pg
