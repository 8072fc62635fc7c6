// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace qdrant2pg {

/// The column types that this product writes, each with its binary COPY layout (pgvector.md 1.2).
enum class ColumnType : std::uint8_t {
    Uuid,
    Bigint,
    Numeric,
    Double,
    Text,
    Boolean,
    Timestamptz,
    Jsonb,
    Point,
    Vector,
    Halfvec,
    Sparsevec,
    SmallintArray,
    VectorArray,
    TextArray,
    BigintArray,
    DoubleArray,
    BooleanArray,
};

/// SQL name without dimensions: "uuid", "bigint", "numeric(20,0)" for ids is said by the plan, here
/// "numeric"; "vector[]".
QString columnTypeName(ColumnType type);
/// Understands SQL names and their common spellings (int8, double precision, timestamp with time zone,
/// vector(3)).
std::optional<ColumnType> columnTypeFromName(const QString& name);
/// True for vector, halfvec, sparsevec and vector[].
bool isPgvectorType(ColumnType type);

} // namespace qdrant2pg
