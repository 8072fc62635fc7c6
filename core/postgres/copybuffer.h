// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/columntype.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace qdrant2pg {

/// Why a value cannot be written: what PostgreSQL or pgvector would refuse (pgvector.md 1.3), found before it
/// is sent.
struct EncodeProblem {
    /// The SQLSTATE that PostgreSQL would answer with, for example "22P05".
    const char* sqlState = "";
    /// In words a person understands: "the text contains a NUL character (\u0000)".
    QString reason;
};
using EncodeResult = std::optional<EncodeProblem>;

/// Growing buffer of rows in PostgreSQL's binary COPY format, without header and trailer of the stream. A row
/// is begun, its fields appended in column-list order, and either kept or taken back with rollbackRow(). A
/// field that is refused leaves the buffer as it was, so that another value (NULL) may take its place. Not
/// thread-safe.
class CopyBuffer {
public:
    CopyBuffer() = default;
    ~CopyBuffer() = default;
    CopyBuffer(CopyBuffer&& other) noexcept { swap(other); }
    CopyBuffer& operator=(CopyBuffer&& other) noexcept
    {
        swap(other);
        return *this;
    }

    static std::string_view header();
    static std::string_view trailer();

    /// Forgets all rows, keeps the memory.
    void clear();
    /// Complete rows and what was appended to an open one. Valid until the next change.
    std::string_view bytes() const { return {m_data.get(), m_size}; }
    std::size_t rows() const { return m_rows; }
    /// Bytes of the last row begun: int16 field count and fields.
    std::string_view lastRow() const { return bytes().substr(m_rowStart); }

    void beginRow(std::uint16_t fieldCount);
    void endRow();
    /// Forgets everything since beginRow(), also when endRow() came in between.
    void rollbackRow();

    void addNull();
    void addUuid(const std::array<std::uint8_t, 16>& uuid);
    void addBigint(std::int64_t value);
    void addDouble(double value);
    void addBoolean(bool value);
    /// Microseconds since 1970-01-01 UTC; see checkTimestamptz().
    void addTimestamptz(std::int64_t unixMicroseconds);
    void addPoint(double x, double y);
    /// Unsigned 64-bit as numeric.
    void addNumeric(std::uint64_t value);
    /// A JSON number token ("-12.50", "1e-6") as numeric, exactly.
    [[nodiscard]] EncodeResult addNumericText(std::string_view token);
    /// UTF-8 without NUL.
    [[nodiscard]] EncodeResult addText(std::string_view utf8);
    /// JSON text as it goes into jsonb; refuses the \u0000 escape, lone surrogates and numbers out of
    /// numeric's range.
    [[nodiscard]] EncodeResult addJsonb(std::string_view json);
    /// Without any check, for text that was validated or made by us.
    void addJsonbUnchecked(std::string_view json);
    /// 1 to 16000 finite elements; see checkDimensions() for the column's own number.
    [[nodiscard]] EncodeResult addVector(std::span<const float> values);
    /// Rounded half to even; refuses what overflows to infinity. Sets *lossy when a value changed.
    [[nodiscard]] EncodeResult addHalfvec(std::span<const float> values, bool* lossy = nullptr);
    /// Zeros are dropped (counted in *zerosDropped); indices ascending and below dimensions.
    [[nodiscard]] EncodeResult addSparsevec(std::int64_t dimensions, std::span<const std::uint32_t> indices,
        std::span<const float> values, int* zerosDropped = nullptr);
    /// Whole numbers from -32768 to 32767.
    [[nodiscard]] EncodeResult addSmallintArray(std::span<const float> values);
    /// rows x (values.size()/rows) as an array of `vector`; needs that type's OID on this server.
    [[nodiscard]] EncodeResult addVectorArray(
        std::uint32_t vectorOid, std::uint32_t rows, std::span<const float> values);
    [[nodiscard]] EncodeResult addTextArray(std::span<const std::optional<std::string_view>> values);
    void addBigintArray(std::span<const std::optional<std::int64_t>> values);
    void addDoubleArray(std::span<const std::optional<double>> values);
    void addBooleanArray(std::span<const std::optional<bool>> values);

    /// A vector of `actual` elements for a column declared with `expected` (0: declared without).
    [[nodiscard]] static EncodeResult checkDimensions(std::int64_t expected, std::int64_t actual);
    /// Whether timestamptz can hold that moment: 4714 BC to 294276 AD.
    [[nodiscard]] static EncodeResult checkTimestamptz(std::int64_t unixMicroseconds);

private:
    void swap(CopyBuffer& other) noexcept;
    /// Room for that many more bytes at the end, uninitialised and already counted in.
    char* append(std::size_t count);
    void appendField(std::string_view value);
    char* appendArrayHeader(
        std::size_t count, bool hasNulls, std::uint32_t elementOid, std::size_t elementBytes);

    std::unique_ptr<char[]> m_data;
    std::size_t m_size = 0;
    std::size_t m_capacity = 0;
    std::size_t m_rowStart = 0;
    std::size_t m_rows = 0;
    bool m_rowEnded = false;
};

} // namespace qdrant2pg
