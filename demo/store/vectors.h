// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/base/json.h"

#include <cstdint>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

enum class Distance : std::uint8_t { Cosine, Euclid, Dot, Manhattan };
enum class Datatype : std::uint8_t { Float32, Float16, Uint8, Turbo4 };
enum class VectorKind : std::uint8_t { Dense, Multi, Sparse };

/// One vector of a collection's configuration; the empty name is the default vector.
struct VectorSpec {
    std::string name;
    VectorKind kind = VectorKind::Dense;
    std::size_t size = 0; ///< dimensions of a dense vector or of a row; 0 for sparse ones
    Distance distance = Distance::Dot;
    Datatype datatype = Datatype::Float32;
    bool idf = false;
};

/// One vector as stored: the numbers, and the text that every answer sends.
struct StoredVector {
    std::string name;
    VectorKind kind = VectorKind::Dense;
    std::vector<float> values; ///< rows of a multivector one after another
    std::vector<std::uint32_t> indices; ///< sparse only, ascending
    std::string text;

    /// The numbers as they are, without what an upload does to them.
    [[nodiscard]] static StoredVector dense(std::string name, std::vector<float> values);
    [[nodiscard]] static StoredVector multi(
        std::string name, std::vector<float> values, std::size_t dimensions);
    [[nodiscard]] static StoredVector sparse(
        std::string name, std::vector<std::uint32_t> indices, std::vector<float> values);
    /// A vector out of a server's answer: the text is kept byte for byte, `null` elements become NaN.
    [[nodiscard]] static tl::expected<StoredVector, std::string> fromAnswer(
        std::string name, const Json& value);
};

/// What the server stores of an uploaded vector: Cosine vectors normalised, float16 and uint8 rounded, sparse
/// entries sorted. The error is the server's text.
[[nodiscard]] tl::expected<StoredVector, std::string> uploadedVector(
    const VectorSpec& spec, const Json& value);

/// Normalises in place as the server does for Cosine: left alone when nearly zero or already of unit length.
void normalise(float* values, std::size_t count);

/// Every number of a flat JSON array, `null` as NaN, read straight as float32.
[[nodiscard]] tl::expected<std::vector<float>, std::string> floatsOf(const Json& array);

void appendFloats(std::string& out, const float* values, std::size_t count);

} // namespace qdrant2pg::demo
