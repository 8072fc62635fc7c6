// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/copybuffer.h"

#include "core/postgres/bytekernels.h"
#include "core/postgres/decimal.h"
#include "core/postgres/textcheck.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

namespace qdrant2pg {

namespace {

constexpr std::size_t maxVectorDimensions = 16000;
constexpr std::size_t maxSparseElements = 16000;
constexpr std::int64_t maxSparseDimensions = 1'000'000'000;
/// PostgreSQL counts from 2000-01-01.
constexpr std::int64_t postgresEpochMicros = 946'684'800'000'000;
/// MIN_TIMESTAMP in PostgreSQL's epoch; the upper limit lies beyond what Unix microseconds in 64 bits can
/// say.
constexpr std::int64_t minTimestampMicros = -211'813'488'000'000'000;

constexpr std::uint32_t boolOid = 16;
constexpr std::uint32_t bigintOid = 20;
constexpr std::uint32_t smallintOid = 21;
constexpr std::uint32_t textOid = 25;
constexpr std::uint32_t doubleOid = 701;

EncodeProblem problem(const char* sqlState, QString reason)
{
    return EncodeProblem{sqlState, std::move(reason)};
}

/// Slow path: says which element is not finite.
EncodeProblem notFinite(std::span<const float> values, const QString& type)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isfinite(values[i]))
            continue;
        const QString what =
            std::isnan(values[i]) ? QStringLiteral("NaN") : QStringLiteral("an infinite value");
        return problem("22000",
            QStringLiteral("the vector holds %1 at element %2, which %3 cannot store")
                .arg(what)
                .arg(i + 1)
                .arg(type));
    }
    return problem("22000", QStringLiteral("the vector holds a value that %1 cannot store").arg(type));
}

EncodeResult checkElementCount(std::size_t count, const QString& type)
{
    if (count == 0)
        return problem("22000", QStringLiteral("the vector is empty; %1 needs at least 1 element").arg(type));
    if (count > maxVectorDimensions)
        return problem("54000",
            QStringLiteral("the vector has %1 elements; %2 holds at most 16000").arg(count).arg(type));
    return std::nullopt;
}

std::int64_t floorDiv4(std::int64_t value)
{
    return value >= 0 ? value / 4 : -((3 - value) / 4);
}

} // namespace

std::string_view CopyBuffer::header()
{
    static constexpr char bytes[] = "PGCOPY\n\xFF\r\n\0\0\0\0\0\0\0\0\0";
    static_assert(sizeof bytes == 20);
    return {bytes, 19};
}

std::string_view CopyBuffer::trailer()
{
    return {"\xFF\xFF", 2};
}

void CopyBuffer::swap(CopyBuffer& other) noexcept
{
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    std::swap(m_capacity, other.m_capacity);
    std::swap(m_rowStart, other.m_rowStart);
    std::swap(m_rows, other.m_rows);
    std::swap(m_rowEnded, other.m_rowEnded);
}

char* CopyBuffer::append(std::size_t count)
{
    if (m_capacity - m_size < count) {
        const std::size_t capacity = std::max({m_capacity * 2, m_size + count, std::size_t{4096}});
        auto data = std::make_unique_for_overwrite<char[]>(capacity);
        if (m_size != 0)
            std::memcpy(data.get(), m_data.get(), m_size);
        m_data = std::move(data);
        m_capacity = capacity;
    }
    char* const out = m_data.get() + m_size;
    m_size += count;
    return out;
}

void CopyBuffer::clear()
{
    m_size = 0;
    m_rowStart = 0;
    m_rows = 0;
    m_rowEnded = false;
}

void CopyBuffer::beginRow(std::uint16_t fieldCount)
{
    m_rowStart = m_size;
    m_rowEnded = false;
    bytes::store16(append(2), fieldCount);
}

void CopyBuffer::endRow()
{
    ++m_rows;
    m_rowEnded = true;
}

void CopyBuffer::rollbackRow()
{
    m_size = m_rowStart;
    if (m_rowEnded)
        --m_rows;
    m_rowEnded = false;
}

void CopyBuffer::appendField(std::string_view value)
{
    char* const out = append(4 + value.size());
    bytes::store32(out, static_cast<std::uint32_t>(value.size()));
    if (!value.empty())
        std::memcpy(out + 4, value.data(), value.size());
}

void CopyBuffer::addNull()
{
    bytes::store32(append(4), 0xFFFFFFFFU);
}

void CopyBuffer::addUuid(const std::array<std::uint8_t, 16>& uuid)
{
    char* const out = append(20);
    bytes::store32(out, 16);
    std::memcpy(out + 4, uuid.data(), 16);
}

void CopyBuffer::addBigint(std::int64_t value)
{
    char* const out = append(12);
    bytes::store32(out, 8);
    bytes::store64(out + 4, static_cast<std::uint64_t>(value));
}

void CopyBuffer::addDouble(double value)
{
    addBigint(std::bit_cast<std::int64_t>(value));
}

void CopyBuffer::addBoolean(bool value)
{
    char* const out = append(5);
    bytes::store32(out, 1);
    out[4] = value ? '\1' : '\0';
}

void CopyBuffer::addTimestamptz(std::int64_t unixMicroseconds)
{
    // Unsigned, so that a value outside checkTimestamptz() wraps instead of being undefined.
    const std::uint64_t micros =
        static_cast<std::uint64_t>(unixMicroseconds) - static_cast<std::uint64_t>(postgresEpochMicros);
    addBigint(static_cast<std::int64_t>(micros));
}

void CopyBuffer::addPoint(double x, double y)
{
    char* const out = append(20);
    bytes::store32(out, 16);
    bytes::store64(out + 4, std::bit_cast<std::uint64_t>(x));
    bytes::store64(out + 12, std::bit_cast<std::uint64_t>(y));
}

void CopyBuffer::addNumeric(std::uint64_t value)
{
    std::array<std::uint16_t, 5> groups{};
    std::size_t count = 0;
    for (; value != 0; value /= 10000)
        groups[count++] = static_cast<std::uint16_t>(value % 10000);
    std::size_t trailing = 0;
    while (trailing < count && groups[trailing] == 0)
        ++trailing;
    const std::size_t digits = count - trailing;
    char* const out = append(12 + 2 * digits);
    bytes::store32(out, static_cast<std::uint32_t>(8 + 2 * digits));
    bytes::store16(out + 4, static_cast<std::uint16_t>(digits));
    bytes::store16(out + 6, static_cast<std::uint16_t>(count == 0 ? 0 : count - 1));
    bytes::store32(out + 8, 0);
    for (std::size_t i = 0; i < digits; ++i)
        bytes::store16(out + 12 + 2 * i, groups[count - 1 - i]);
}

EncodeResult CopyBuffer::addNumericText(std::string_view token)
{
    DecimalToken number;
    if (!DecimalToken::parse(token, number))
        return problem("22P02",
            QStringLiteral("\"%1\" is not a number")
                .arg(QString::fromUtf8(
                    token.data(), static_cast<qsizetype>(std::min(token.size(), std::size_t{40})))));
    if (!number.fitsNumeric())
        return problem(
            "22003", QStringLiteral("the number has more digits than PostgreSQL's numeric can hold"));
    const std::size_t first = number.firstSignificant();
    const std::size_t total = number.digitCount();
    std::size_t groups = 0;
    std::int64_t weight = 0;
    if (first < total) {
        std::size_t last = total - 1;
        while (number.digit(last) == 0)
            --last;
        weight = floorDiv4(number.power(first));
        groups = static_cast<std::size_t>(weight - floorDiv4(number.power(last)) + 1);
    }
    char* const out = append(12 + 2 * groups);
    bytes::store32(out, static_cast<std::uint32_t>(8 + 2 * groups));
    bytes::store16(out + 4, static_cast<std::uint16_t>(groups));
    bytes::store16(out + 6, static_cast<std::uint16_t>(weight));
    bytes::store16(out + 8, number.negative && groups != 0 ? 0x4000U : 0U);
    bytes::store16(out + 10, static_cast<std::uint16_t>(number.scale()));
    // Index of the digit that stands for the highest power of the first group; may lie before the first
    // digit.
    std::int64_t index =
        static_cast<std::int64_t>(number.integerDigits.size()) - 1 + number.exponent - (weight * 4 + 3);
    for (std::size_t group = 0; group < groups; ++group) {
        unsigned value = 0;
        for (int i = 0; i < 4; ++i, ++index) {
            const bool present = index >= 0 && index < static_cast<std::int64_t>(total);
            value = value * 10 + (present ? number.digit(static_cast<std::size_t>(index)) : 0U);
        }
        bytes::store16(out + 12 + 2 * group, static_cast<std::uint16_t>(value));
    }
    return std::nullopt;
}

EncodeResult CopyBuffer::addText(std::string_view utf8)
{
    if (EncodeResult bad = checkText(utf8))
        return bad;
    appendField(utf8);
    return std::nullopt;
}

EncodeResult CopyBuffer::addJsonb(std::string_view json)
{
    if (EncodeResult bad = checkJsonb(json))
        return bad;
    addJsonbUnchecked(json);
    return std::nullopt;
}

void CopyBuffer::addJsonbUnchecked(std::string_view json)
{
    char* const out = append(5 + json.size());
    bytes::store32(out, static_cast<std::uint32_t>(1 + json.size()));
    out[4] = '\1';
    if (!json.empty())
        std::memcpy(out + 5, json.data(), json.size());
}

EncodeResult CopyBuffer::addVector(std::span<const float> values)
{
    if (values.empty() || values.size() > maxVectorDimensions)
        return checkElementCount(values.size(), QStringLiteral("vector"));
    const std::size_t before = m_size;
    char* const out = append(8 + 4 * values.size());
    bytes::store32(out, static_cast<std::uint32_t>(4 + 4 * values.size()));
    bytes::store16(out + 4, static_cast<std::uint16_t>(values.size()));
    bytes::store16(out + 6, 0);
    if (bytes::storeFloats(out + 8, values.data(), values.size()))
        return std::nullopt;
    m_size = before;
    return notFinite(values, QStringLiteral("vector"));
}

EncodeResult CopyBuffer::addHalfvec(std::span<const float> values, bool* lossy)
{
    if (values.empty() || values.size() > maxVectorDimensions)
        return checkElementCount(values.size(), QStringLiteral("halfvec"));
    const std::size_t before = m_size;
    char* const out = append(8 + 2 * values.size());
    bytes::store32(out, static_cast<std::uint32_t>(4 + 2 * values.size()));
    bytes::store16(out + 4, static_cast<std::uint16_t>(values.size()));
    bytes::store16(out + 6, 0);
    bool changed = false;
    if (bytes::storeHalves(out + 8, values.data(), values.size(), &changed)) {
        if (changed && lossy != nullptr)
            *lossy = true;
        return std::nullopt;
    }
    m_size = before;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isfinite(values[i]) && (bytes::toHalf(values[i]) & 0x7C00U) == 0x7C00U)
            return problem("22000",
                QStringLiteral("element %1 of the vector (%2) is too large for halfvec, which ends at 65504")
                    .arg(i + 1)
                    .arg(static_cast<double>(values[i])));
    }
    return notFinite(values, QStringLiteral("halfvec"));
}

EncodeResult CopyBuffer::addSparsevec(std::int64_t dimensions, std::span<const std::uint32_t> indices,
    std::span<const float> values, int* zerosDropped)
{
    if (dimensions < 1)
        return problem("22000", QStringLiteral("sparsevec needs at least 1 dimension"));
    if (dimensions > maxSparseDimensions)
        return problem("54000",
            QStringLiteral("the sparse vector needs %1 dimensions; sparsevec holds at most 1000000000")
                .arg(dimensions));
    if (indices.size() != values.size())
        return problem("22000",
            QStringLiteral("the sparse vector has %1 indices but %2 values")
                .arg(indices.size())
                .arg(values.size()));
    std::size_t nonZero = 0;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        if (indices[i] >= static_cast<std::uint64_t>(dimensions))
            return problem("22000",
                QStringLiteral("index %1 of the sparse vector lies outside of its %2 dimensions")
                    .arg(indices[i])
                    .arg(dimensions));
        if (i > 0 && indices[i] == indices[i - 1])
            return problem(
                "22000", QStringLiteral("index %1 stands twice in the sparse vector").arg(indices[i]));
        if (i > 0 && indices[i] < indices[i - 1])
            return problem(
                "22000", QStringLiteral("the indices of the sparse vector are not in ascending order"));
        if (!std::isfinite(values[i]))
            return notFinite(values, QStringLiteral("sparsevec"));
        nonZero += values[i] != 0.0F ? 1 : 0;
    }
    if (nonZero > maxSparseElements)
        return problem("54000",
            QStringLiteral("the sparse vector has %1 elements; sparsevec holds at most 16000").arg(nonZero));
    if (zerosDropped != nullptr)
        *zerosDropped += static_cast<int>(indices.size() - nonZero);
    char* const out = append(16 + 8 * nonZero);
    bytes::store32(out, static_cast<std::uint32_t>(12 + 8 * nonZero));
    bytes::store32(out + 4, static_cast<std::uint32_t>(dimensions));
    bytes::store32(out + 8, static_cast<std::uint32_t>(nonZero));
    bytes::store32(out + 12, 0);
    char* indexOut = out + 16;
    char* valueOut = indexOut + 4 * nonZero;
    for (std::size_t i = 0; i < indices.size(); ++i) {
        if (values[i] == 0.0F)
            continue;
        bytes::store32(indexOut, indices[i]);
        bytes::store32(valueOut, std::bit_cast<std::uint32_t>(values[i]));
        indexOut += 4;
        valueOut += 4;
    }
    return std::nullopt;
}

char* CopyBuffer::appendArrayHeader(
    std::size_t count, bool hasNulls, std::uint32_t elementOid, std::size_t elementBytes)
{
    const std::size_t size = count == 0 ? 12 : 20 + elementBytes;
    char* const out = append(4 + size);
    bytes::store32(out, static_cast<std::uint32_t>(size));
    bytes::store32(out + 4, count == 0 ? 0 : 1);
    bytes::store32(out + 8, hasNulls ? 1 : 0);
    bytes::store32(out + 12, elementOid);
    if (count == 0)
        return out + 16;
    bytes::store32(out + 16, static_cast<std::uint32_t>(count));
    bytes::store32(out + 20, 1);
    return out + 24;
}

EncodeResult CopyBuffer::addSmallintArray(std::span<const float> values)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float value = values[i];
        if (!(value >= -32768.0F && value <= 32767.0F) || std::trunc(value) != value)
            return problem("22003",
                QStringLiteral("element %1 of the vector (%2) is not a whole number that smallint can hold")
                    .arg(i + 1)
                    .arg(static_cast<double>(value)));
    }
    char* out = appendArrayHeader(values.size(), false, smallintOid, 6 * values.size());
    for (const float value : values) {
        bytes::store32(out, 2);
        bytes::store16(out + 4, static_cast<std::uint16_t>(static_cast<std::int16_t>(value)));
        out += 6;
    }
    return std::nullopt;
}

EncodeResult CopyBuffer::addVectorArray(
    std::uint32_t vectorOid, std::uint32_t rows, std::span<const float> values)
{
    if (rows == 0) {
        if (!values.empty())
            return problem("22000", QStringLiteral("the multivector has elements but no rows"));
        appendArrayHeader(0, false, vectorOid, 0);
        return std::nullopt;
    }
    if (values.size() % rows != 0)
        return problem("22000", QStringLiteral("the rows of the multivector differ in length"));
    const std::size_t width = values.size() / rows;
    if (EncodeResult bad = checkElementCount(width, QStringLiteral("vector")))
        return bad;
    const std::size_t before = m_size;
    char* out = appendArrayHeader(rows, false, vectorOid, rows * (8 + 4 * width));
    bool finite = true;
    for (std::size_t row = 0; row < rows; ++row) {
        bytes::store32(out, static_cast<std::uint32_t>(4 + 4 * width));
        bytes::store16(out + 4, static_cast<std::uint16_t>(width));
        bytes::store16(out + 6, 0);
        finite &= bytes::storeFloats(out + 8, values.data() + row * width, width);
        out += 8 + 4 * width;
    }
    if (finite)
        return std::nullopt;
    m_size = before;
    return notFinite(values, QStringLiteral("vector"));
}

EncodeResult CopyBuffer::addTextArray(std::span<const std::optional<std::string_view>> values)
{
    std::size_t size = 4 * values.size();
    bool hasNulls = false;
    for (const auto& value : values) {
        if (!value) {
            hasNulls = true;
            continue;
        }
        if (EncodeResult bad = checkText(*value))
            return bad;
        size += value->size();
    }
    char* out = appendArrayHeader(values.size(), hasNulls, textOid, size);
    for (const auto& value : values) {
        if (!value) {
            bytes::store32(out, 0xFFFFFFFFU);
            out += 4;
            continue;
        }
        bytes::store32(out, static_cast<std::uint32_t>(value->size()));
        if (!value->empty())
            std::memcpy(out + 4, value->data(), value->size());
        out += 4 + value->size();
    }
    return std::nullopt;
}

namespace {

template <class T>
std::pair<std::size_t, bool> fixedArraySize(std::span<const std::optional<T>> values, std::size_t width)
{
    std::size_t size = 4 * values.size();
    for (const auto& value : values)
        size += value ? width : 0;
    return {size, size != (4 + width) * values.size()};
}

template <class T, class Store>
void storeFixedArray(char* out, std::span<const std::optional<T>> values, std::uint32_t width, Store store)
{
    for (const auto& value : values) {
        bytes::store32(out, value ? width : 0xFFFFFFFFU);
        out += 4;
        if (value) {
            store(out, *value);
            out += width;
        }
    }
}

} // namespace

void CopyBuffer::addBigintArray(std::span<const std::optional<std::int64_t>> values)
{
    const auto [size, hasNulls] = fixedArraySize(values, 8);
    storeFixedArray(appendArrayHeader(values.size(), hasNulls, bigintOid, size), values, 8,
        [](char* out, std::int64_t value) { bytes::store64(out, static_cast<std::uint64_t>(value)); });
}

void CopyBuffer::addDoubleArray(std::span<const std::optional<double>> values)
{
    const auto [size, hasNulls] = fixedArraySize(values, 8);
    storeFixedArray(appendArrayHeader(values.size(), hasNulls, doubleOid, size), values, 8,
        [](char* out, double value) { bytes::store64(out, std::bit_cast<std::uint64_t>(value)); });
}

void CopyBuffer::addBooleanArray(std::span<const std::optional<bool>> values)
{
    const auto [size, hasNulls] = fixedArraySize(values, 1);
    storeFixedArray(appendArrayHeader(values.size(), hasNulls, boolOid, size), values, 1,
        [](char* out, bool value) { *out = value ? '\1' : '\0'; });
}

EncodeResult CopyBuffer::checkDimensions(std::int64_t expected, std::int64_t actual)
{
    if (expected == 0 || expected == actual)
        return std::nullopt;
    return problem(
        "22000", QStringLiteral("the vector has %1 elements, the column takes %2").arg(actual).arg(expected));
}

EncodeResult CopyBuffer::checkTimestamptz(std::int64_t unixMicroseconds)
{
    if (unixMicroseconds >= minTimestampMicros + postgresEpochMicros)
        return std::nullopt;
    return problem(
        "22008", QStringLiteral("the time lies before 4714 BC, where PostgreSQL's timestamptz begins"));
}

} // namespace qdrant2pg
