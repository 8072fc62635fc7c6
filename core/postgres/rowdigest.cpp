// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/rowdigest.h"

#include "core/postgres/bytekernels.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#ifdef QDRANT2PG_XXHASH_DISPATCH
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

namespace qdrant2pg {

namespace {

constexpr std::uint32_t nullLength = 0xFFFFFFFFU;
constexpr std::size_t numericHeaderBytes = 8;

bool isAsIs(ColumnType type)
{
    return type != ColumnType::Jsonb && type != ColumnType::Numeric;
}

DigestSum sumOf(const XXH128_hash_t& hash)
{
    return {hash.high64, hash.low64};
}

/// numeric's binary form as decimal number by value. Not more than 2 characters per byte and 24.
char* appendNumeric(char* out, std::string_view value)
{
    const auto word = [value](std::size_t index) {
        return bytes::load16(value.data() + 2 * index);
    };
    const std::size_t groups = word(0);
    const std::uint16_t sign = word(2);
    if (sign != 0 && sign != 0x4000U) {
        const std::string_view name = sign == 0xC000U ? "NaN" : sign == 0xD000U ? "Infinity" : "-Infinity";
        std::memcpy(out, name.data(), name.size());
        return out + name.size();
    }
    if (groups == 0 || value.size() < numericHeaderBytes + 2 * groups) {
        *out++ = '0';
        return out;
    }
    if (sign != 0)
        *out++ = '-';
    char* const first = out;
    for (std::size_t i = 0; i < groups; ++i) {
        unsigned digits = word(4 + i);
        for (int place = 3; place >= 0; --place, digits /= 10)
            out[place] = static_cast<char>('0' + digits % 10);
        out += 4;
    }
    const auto weight = static_cast<std::int16_t>(word(1));
    std::int64_t exponent = 4 * (static_cast<std::int64_t>(weight) - static_cast<std::int64_t>(groups) + 1);
    for (; out - first > 1 && out[-1] == '0'; --out)
        ++exponent;
    const char* significant = first;
    while (significant + 1 < out && *significant == '0')
        ++significant;
    std::memmove(first, significant, static_cast<std::size_t>(out - significant));
    out -= significant - first;
    if (exponent == 0)
        return out;
    *out++ = 'e';
    return std::to_chars(out, out + 20, exponent).ptr;
}

} // namespace

DigestSum& DigestSum::operator+=(const DigestSum& other)
{
    low += other.low;
    high += other.high + (low < other.low ? 1 : 0);
    return *this;
}

DigestSum& DigestSum::operator-=(const DigestSum& other)
{
    high -= other.high + (low < other.low ? 1 : 0);
    low -= other.low;
    return *this;
}

QByteArray DigestSum::toHex() const
{
    char raw[16];
    bytes::store64(raw, high);
    bytes::store64(raw + 8, low);
    return QByteArray(raw, sizeof raw).toHex();
}

DigestSum DigestSum::fromHex(const QByteArray& hex)
{
    if (hex.size() != 32)
        return {};
    return {hex.left(16).toULongLong(nullptr, 16), hex.mid(16).toULongLong(nullptr, 16)};
}

const char* RowDigest::algorithm()
{
    return "xxh3-128/1";
}

RowDigest::RowDigest(std::span<const ColumnType> columns)
    : m_columns(columns.begin(), columns.end())
    , m_asIs(std::all_of(columns.begin(), columns.end(), isAsIs))
{
}

char* RowDigest::grow(std::size_t size)
{
    if (m_scratch.size() < size)
        m_scratch.resize(size * 2);
    return m_scratch.data();
}

char* RowDigest::appendField(char* out, ColumnType type, std::string_view value)
{
    char* const text = out + 4;
    char* end = nullptr;
    if (type == ColumnType::Jsonb && !value.empty() && value.front() == '\1')
        end = m_json.append(text, value.substr(1));
    else if (type == ColumnType::Numeric && value.size() >= numericHeaderBytes)
        end = appendNumeric(text, value);
    if (end == nullptr) {
        std::memcpy(text, value.data(), value.size());
        end = text + value.size();
    }
    bytes::store32(out, static_cast<std::uint32_t>(end - text));
    return end;
}

std::string_view RowDigest::canonicalRow(std::string_view row)
{
    if (m_asIs || row.size() < 2 || bytes::load16(row.data()) != m_columns.size())
        return row;
    char* const begin = grow(CanonicalJson::capacityFor(row.size()) + 24 * m_columns.size());
    char* out = begin;
    // Fields that stay as they are are copied in one go with what stands before and between them.
    std::size_t copied = 0;
    std::size_t at = 2;
    for (const ColumnType type : m_columns) {
        if (row.size() - at < 4)
            return row;
        const std::uint32_t length = bytes::load32(row.data() + at);
        const std::size_t size = length == nullLength ? 0 : length;
        if (row.size() - at - 4 < size)
            return row;
        if (length != nullLength && !isAsIs(type)) {
            std::memcpy(out, row.data() + copied, at - copied);
            out = appendField(out + (at - copied), type, row.substr(at + 4, size));
            copied = at + 4 + size;
        }
        at += 4 + size;
    }
    if (at != row.size())
        return row;
    std::memcpy(out, row.data() + copied, at - copied);
    out += at - copied;
    return {begin, static_cast<std::size_t>(out - begin)};
}

DigestSum RowDigest::hash(std::string_view row)
{
    const std::string_view canonical = canonicalRow(row);
#ifdef QDRANT2PG_XXHASH_DISPATCH
    return sumOf(XXH3_128bits_dispatch(canonical.data(), canonical.size()));
#else
    return sumOf(XXH3_128bits(canonical.data(), canonical.size()));
#endif
}

void RowDigest::appendCanonicalJson(std::string& out, std::string_view json)
{
    CanonicalJson canonical;
    std::vector<char> text(CanonicalJson::capacityFor(json.size()));
    if (const char* const end = canonical.append(text.data(), json); end != nullptr)
        out.append(text.data(), static_cast<std::size_t>(end - text.data()));
    else
        out.append(json);
}

void RowDigest::appendCanonicalNumber(std::string& out, std::string_view token)
{
    std::vector<char> text(CanonicalJson::capacityFor(token.size()));
    if (const char* const end = CanonicalJson::appendNumber(text.data(), token); end != nullptr)
        out.append(text.data(), static_cast<std::size_t>(end - text.data()));
    else
        out.append(token);
}

} // namespace qdrant2pg
