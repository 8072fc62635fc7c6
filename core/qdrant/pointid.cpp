// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/pointid.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace qdrant2pg {

namespace {

constexpr std::string_view hexDigits = "0123456789abcdef";
constexpr std::uint8_t notHex = 0xff;

/// Value of every byte as hex digit. Two tables: the server writes lower case alone, people write either.
constexpr std::array<std::uint8_t, 256> makeHexTable(bool upperCaseToo)
{
    std::array<std::uint8_t, 256> table{};
    table.fill(notHex);
    for (std::size_t digit = 0; digit < hexDigits.size(); ++digit) {
        const char character = hexDigits[digit];
        table.at(static_cast<unsigned char>(character)) = static_cast<std::uint8_t>(digit);
        if (upperCaseToo && character >= 'a')
            table.at(static_cast<unsigned char>(character - 'a' + 'A')) = static_cast<std::uint8_t>(digit);
    }
    return table;
}

constexpr auto lowerCaseHex = makeHexTable(false);
constexpr auto anyCaseHex = makeHexTable(true);

/// Where byte k of a hyphenated UUID has its two digits.
constexpr std::array<std::uint8_t, 16> hyphenatedOffsets{
    0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
constexpr std::array<std::uint8_t, 16> compactOffsets{
    0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30};
constexpr std::size_t hyphenatedLength = 36;
constexpr std::size_t compactLength = 32;

bool readUuidBytes(const char* text, const std::array<std::uint8_t, 16>& offsets,
    const std::array<std::uint8_t, 256>& table, PointId::UuidBytes& bytes)
{
    std::uint8_t seen = 0;
    for (std::size_t k = 0; k < bytes.size(); ++k) {
        const std::uint8_t high = table[static_cast<unsigned char>(text[offsets[k]])];
        const std::uint8_t low = table[static_cast<unsigned char>(text[offsets[k] + 1])];
        // Digits stay below 16, so that only the mark of a foreign character leaves a bit in the upper half.
        seen = static_cast<std::uint8_t>(seen | high | low);
        bytes[k] = static_cast<std::uint8_t>((high << 4) | (low & 0x0f));
    }
    return (seen & 0xf0) == 0;
}

bool hasHyphens(std::string_view text)
{
    return text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
}

std::optional<PointId> parseHyphenated(std::string_view text, const std::array<std::uint8_t, 256>& table)
{
    PointId::UuidBytes bytes;
    if (text.size() != hyphenatedLength || !hasHyphens(text)
        || !readUuidBytes(text.data(), hyphenatedOffsets, table, bytes))
        return std::nullopt;
    return PointId::fromUuid(bytes);
}

void writeUuid(const PointId::UuidBytes& bytes, char* out)
{
    out[8] = out[13] = out[18] = out[23] = '-';
    for (std::size_t k = 0; k < bytes.size(); ++k) {
        out[hyphenatedOffsets[k]] = hexDigits[bytes[k] >> 4];
        out[hyphenatedOffsets[k] + 1] = hexDigits[bytes[k] & 0x0f];
    }
}

} // namespace

PointId PointId::fromNumber(std::uint64_t number)
{
    PointId id;
    id.m_number = number;
    return id;
}

PointId PointId::fromUuid(const UuidBytes& bytes)
{
    PointId id;
    id.m_kind = Kind::Uuid;
    id.m_uuid = bytes;
    return id;
}

PointId PointId::firstUuid()
{
    return fromUuid({});
}

std::optional<PointId> PointId::parse(std::string_view text)
{
    constexpr std::string_view urn = "urn:uuid:";
    constexpr std::size_t longestNumber = std::numeric_limits<std::uint64_t>::digits10 + 1;

    if (text.empty())
        return std::nullopt;
    if (text.size() <= longestNumber) {
        std::uint64_t number = 0;
        const char* const end = text.data() + text.size();
        const auto [stop, error] = std::from_chars(text.data(), end, number);
        if (error != std::errc() || stop != end)
            return std::nullopt;
        return fromNumber(number);
    }
    if (text.size() == compactLength) {
        UuidBytes bytes;
        if (!readUuidBytes(text.data(), compactOffsets, anyCaseHex, bytes))
            return std::nullopt;
        return fromUuid(bytes);
    }
    if (text.starts_with(urn))
        text.remove_prefix(urn.size());
    else if (text.size() == hyphenatedLength + 2 && text.front() == '{' && text.back() == '}')
        text = text.substr(1, hyphenatedLength);
    return parseHyphenated(text, anyCaseHex);
}

std::optional<PointId> PointId::parseUuid(std::string_view text)
{
    return parseHyphenated(text, lowerCaseHex);
}

std::string PointId::toStdString() const
{
    if (isNumber())
        return std::to_string(m_number);
    std::string text(hyphenatedLength, '\0');
    writeUuid(m_uuid, text.data());
    return text;
}

QString PointId::toString() const
{
    return QString::fromStdString(toStdString());
}

std::string PointId::toJson() const
{
    if (isNumber())
        return std::to_string(m_number);
    std::string text(hyphenatedLength + 2, '"');
    writeUuid(m_uuid, text.data() + 1);
    return text;
}

std::optional<PointId> PointId::successor() const
{
    if (isNumber()) {
        if (m_number == std::numeric_limits<std::uint64_t>::max())
            return firstUuid();
        return fromNumber(m_number + 1);
    }
    UuidBytes bytes = m_uuid;
    for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
        if (++*byte != 0)
            return fromUuid(bytes);
    }
    return std::nullopt;
}

std::strong_ordering PointId::operator<=>(const PointId& other) const
{
    if (m_kind != other.m_kind)
        return m_kind <=> other.m_kind;
    if (isNumber())
        return m_number <=> other.m_number;
    return m_uuid <=> other.m_uuid;
}

bool PointId::operator==(const PointId& other) const
{
    return m_kind == other.m_kind && m_number == other.m_number && m_uuid == other.m_uuid;
}

} // namespace qdrant2pg
