// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/store/vectors.h"

#include "demo/base/numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>

namespace qdrant2pg::demo {

namespace {

/// A literal beyond float32 becomes an infinity and one below its smallest value a zero, as on the server.
float floatOf(std::string_view token)
{
    float value = 0;
    if (std::from_chars(token.data(), token.data() + token.size(), value).ec
        == std::errc::result_out_of_range)
        value = static_cast<float>(std::strtod(std::string(token).c_str(), nullptr));
    return value;
}

void appendRows(std::string& out, const std::vector<float>& values, std::size_t dimensions)
{
    out += '[';
    for (std::size_t at = 0; at < values.size(); at += dimensions) {
        if (at > 0)
            out += ',';
        appendFloats(out, values.data() + at, dimensions);
    }
    out += ']';
}

void appendSparse(
    std::string& out, const std::vector<std::uint32_t>& indices, const std::vector<float>& values)
{
    out += "{\"indices\":[";
    for (std::size_t i = 0; i < indices.size(); ++i) {
        if (i > 0)
            out += ',';
        appendInteger(out, indices[i]);
    }
    out += "],\"values\":";
    appendFloats(out, values.data(), values.size());
    out += '}';
}

tl::expected<std::vector<std::uint32_t>, std::string> indicesOf(const Json& array)
{
    std::vector<std::uint32_t> out;
    for (const Json& item : array.items()) {
        const auto value = item.toU64();
        if (!value || *value > std::numeric_limits<std::uint32_t>::max())
            return tl::unexpected(std::string("a sparse index is not a 32-bit number"));
        out.push_back(static_cast<std::uint32_t>(*value));
    }
    return out;
}

/// The rows of a multivector one after another; a flat array counts as one row.
tl::expected<std::vector<float>, std::string> rowsOf(const Json& array)
{
    if (array.items().empty() || !array.items().front().isArray())
        return floatsOf(array);
    std::vector<float> all;
    for (const Json& row : array.items()) {
        auto values = floatsOf(row);
        if (!values)
            return values;
        all.insert(all.end(), values->begin(), values->end());
    }
    return all;
}

std::string dimensionError(const VectorSpec& spec, std::size_t got)
{
    std::string text = "Wrong input: Vector dimension error: expected dim: " + std::to_string(spec.size)
        + ", got " + std::to_string(got);
    return spec.name.empty() ? text : text + " for vector '" + spec.name + "'";
}

tl::expected<StoredVector, std::string> uploadedSparse(const VectorSpec& spec, const Json& value)
{
    const Json* indexArray = value.find("indices");
    const Json* valueArray = value.find("values");
    if (indexArray == nullptr || valueArray == nullptr)
        return tl::unexpected(
            std::string("Wrong input: Conversion between sparse and regular vectors failed"));
    const auto indices = indicesOf(*indexArray);
    const auto values = floatsOf(*valueArray);
    if (!indices || !values || indices->size() != values->size())
        return tl::unexpected(std::string("Wrong input: a sparse vector needs as many indices as values"));
    std::vector<std::size_t> order(indices->size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
        [&](std::size_t a, std::size_t b) { return (*indices)[a] < (*indices)[b]; });
    std::vector<std::uint32_t> sortedIndices;
    std::vector<float> sortedValues;
    for (const std::size_t i : order) {
        sortedIndices.push_back((*indices)[i]);
        sortedValues.push_back((*values)[i]);
    }
    return StoredVector::sparse(spec.name, std::move(sortedIndices), std::move(sortedValues));
}

} // namespace

void appendFloats(std::string& out, const float* values, std::size_t count)
{
    out += '[';
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0)
            out += ',';
        appendFloat(out, values[i]);
    }
    out += ']';
}

tl::expected<std::vector<float>, std::string> floatsOf(const Json& array)
{
    if (!array.isArray())
        return tl::unexpected(std::string("an array of numbers was expected"));
    std::vector<float> out;
    out.reserve(array.items().size());
    for (const Json& item : array.items()) {
        if (item.isNumber())
            out.push_back(floatOf(item.raw()));
        else if (item.isNull())
            out.push_back(std::numeric_limits<float>::quiet_NaN());
        else
            return tl::unexpected(std::string("an element of a vector is not a number"));
    }
    return out;
}

void normalise(float* values, std::size_t count)
{
    float square = 0;
    for (std::size_t i = 0; i < count; ++i)
        square += values[i] * values[i];
    if (square < 1.2e-7F || std::fabs(square - 1.0F) <= 1.0e-6F)
        return;
    const float length = std::sqrt(square);
    for (std::size_t i = 0; i < count; ++i)
        values[i] /= length;
}

StoredVector StoredVector::dense(std::string name, std::vector<float> values)
{
    StoredVector vector{std::move(name), VectorKind::Dense, std::move(values), {}, {}};
    appendFloats(vector.text, vector.values.data(), vector.values.size());
    return vector;
}

StoredVector StoredVector::multi(std::string name, std::vector<float> values, std::size_t dimensions)
{
    StoredVector vector{std::move(name), VectorKind::Multi, std::move(values), {}, {}};
    appendRows(vector.text, vector.values, dimensions);
    return vector;
}

StoredVector StoredVector::sparse(
    std::string name, std::vector<std::uint32_t> indices, std::vector<float> values)
{
    StoredVector vector{std::move(name), VectorKind::Sparse, std::move(values), std::move(indices), {}};
    appendSparse(vector.text, vector.indices, vector.values);
    return vector;
}

tl::expected<StoredVector, std::string> StoredVector::fromAnswer(std::string name, const Json& value)
{
    StoredVector vector;
    vector.name = std::move(name);
    vector.text = value.raw();
    const Json* numbers = &value;
    if (value.isObject()) {
        vector.kind = VectorKind::Sparse;
        const Json* indices = value.find("indices");
        numbers = value.find("values");
        if (indices == nullptr || numbers == nullptr)
            return tl::unexpected(std::string("a sparse vector without indices or values"));
        auto read = indicesOf(*indices);
        if (!read)
            return tl::unexpected(read.error());
        vector.indices = std::move(*read);
    } else if (!value.items().empty() && value.items().front().isArray()) {
        vector.kind = VectorKind::Multi;
    }
    auto values = rowsOf(*numbers);
    if (!values)
        return tl::unexpected(values.error());
    vector.values = std::move(*values);
    return vector;
}

tl::expected<StoredVector, std::string> uploadedVector(const VectorSpec& spec, const Json& value)
{
    if (spec.kind == VectorKind::Sparse)
        return uploadedSparse(spec, value);
    auto values = spec.kind == VectorKind::Multi ? rowsOf(value) : floatsOf(value);
    if (!values)
        return tl::unexpected("Wrong input: " + values.error());
    if (spec.kind == VectorKind::Dense ? values->size() != spec.size
                                       : values->empty() || values->size() % spec.size != 0)
        return tl::unexpected(dimensionError(spec, values->size()));
    if (spec.datatype == Datatype::Uint8) {
        std::transform(values->begin(), values->end(), values->begin(), roundToUint8);
    } else if (spec.distance == Distance::Cosine) {
        for (std::size_t at = 0; at < values->size(); at += spec.size)
            normalise(values->data() + at, spec.size);
    }
    if (spec.datatype == Datatype::Float16)
        std::transform(values->begin(), values->end(), values->begin(), roundToHalf);
    return spec.kind == VectorKind::Multi ? StoredVector::multi(spec.name, std::move(*values), spec.size)
                                          : StoredVector::dense(spec.name, std::move(*values));
}

} // namespace qdrant2pg::demo
