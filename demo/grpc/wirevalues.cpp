// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/grpc/wirevalues.h"

#include <bit>

namespace qdrant2pg::demo {

namespace {

using protozero::pbf_writer;

static_assert(std::endian::native == std::endian::little, "packed floats are copied as they are");

void writeFloats(pbf_writer& message, protozero::pbf_tag_type tag, const float* values, std::size_t count)
{
    if (count > 0)
        message.add_bytes(tag, reinterpret_cast<const char*>(values), count * sizeof(float));
}

} // namespace

void writeValue(pbf_writer& message, const Json& value)
{
    switch (value.kind()) {
    case Json::Kind::Null:
        message.add_enum(1, 0);
        return;
    case Json::Kind::Bool:
        message.add_bool(5, value.isTrue());
        return;
    case Json::Kind::Number:
        if (const auto integer = value.isInteger() ? value.toI64() : std::nullopt)
            message.add_int64(3, *integer);
        else
            message.add_double(2, value.toDouble().value_or(0));
        return;
    case Json::Kind::String:
        message.add_string(4, value.text());
        return;
    case Json::Kind::Object: {
        // The writer leaves an empty message out.
        if (value.members().empty())
            return message.add_message(6, "", 0);
        pbf_writer object(message, 6);
        for (const Json::Member& member : value.members()) {
            pbf_writer entry(object, 1);
            entry.add_string(1, member.key);
            pbf_writer inner(entry, 2);
            writeValue(inner, member.value);
        }
        return;
    }
    case Json::Kind::Array: {
        if (value.items().empty())
            return message.add_message(7, "", 0);
        pbf_writer list(message, 7);
        for (const Json& item : value.items()) {
            pbf_writer inner(list, 1);
            writeValue(inner, item);
        }
        return;
    }
    }
}

void writeId(pbf_writer& message, protozero::pbf_tag_type tag, const PointId& id)
{
    pbf_writer inner(message, tag);
    if (id.isUuid)
        inner.add_string(2, id.text());
    else
        inner.add_uint64(1, id.low);
}

void writeVector(pbf_writer& message, const StoredVector& vector, std::size_t rowSize, bool legacy)
{
    const std::vector<float>& values = vector.values;
    const std::size_t rows =
        vector.kind == VectorKind::Multi && rowSize > 0 ? values.size() / rowSize : std::size_t{0};
    if (legacy) {
        writeFloats(message, 1, values.data(), values.size());
        if (vector.kind == VectorKind::Sparse) {
            if (vector.indices.empty())
                return message.add_message(2, "", 0);
            pbf_writer indices(message, 2);
            indices.add_packed_uint32(1, vector.indices.begin(), vector.indices.end());
        } else if (vector.kind == VectorKind::Multi) {
            message.add_uint32(3, static_cast<std::uint32_t>(rows));
        }
        return;
    }
    switch (vector.kind) {
    case VectorKind::Dense: {
        pbf_writer dense(message, 101);
        writeFloats(dense, 1, values.data(), values.size());
        return;
    }
    case VectorKind::Sparse: {
        if (vector.indices.empty())
            return message.add_message(102, "", 0);
        pbf_writer sparse(message, 102);
        writeFloats(sparse, 1, values.data(), values.size());
        sparse.add_packed_uint32(2, vector.indices.begin(), vector.indices.end());
        return;
    }
    case VectorKind::Multi: {
        pbf_writer multi(message, 103);
        for (std::size_t row = 0; row < rows; ++row) {
            pbf_writer dense(multi, 1);
            writeFloats(dense, 1, values.data() + row * rowSize, rowSize);
        }
        return;
    }
    }
}

} // namespace qdrant2pg::demo
