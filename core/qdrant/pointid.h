// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qdrant2pg {

/// Id of a Qdrant point: an unsigned 64-bit number or a UUID (any 128 bits). Ordered as Qdrant scrolls: all
/// numbers by value, then all UUIDs by bytes (qdrant.md section 3). A value type of 24 bytes.
class PointId {
public:
    enum class Kind : std::uint8_t { Number, Uuid };
    using UuidBytes = std::array<std::uint8_t, 16>;

    /// The number 0, the smallest id.
    constexpr PointId() = default;
    static PointId fromNumber(std::uint64_t number);
    static PointId fromUuid(const UuidBytes& bytes);
    /// The nil UUID: where the UUID part begins.
    static PointId firstUuid();

    /// Decimal digits, or a UUID in any spelling that Qdrant accepts (hyphens, 32 digits, urn:uuid:, braces,
    /// any case).
    static std::optional<PointId> parse(std::string_view text);
    /// Only the canonical lower-case hyphenated spelling, fast; for what the server sent.
    static std::optional<PointId> parseUuid(std::string_view text);

    Kind kind() const { return m_kind; }
    bool isNumber() const { return m_kind == Kind::Number; }
    bool isUuid() const { return m_kind == Kind::Uuid; }
    /// Valid for numbers.
    std::uint64_t number() const { return m_number; }
    /// Valid for UUIDs: 16 bytes, big-endian, in text order.
    const UuidBytes& uuid() const { return m_uuid; }

    /// Digits or the lower-case hyphenated UUID, without quotes.
    std::string toStdString() const;
    QString toString() const;
    /// As JSON token: digits bare, a UUID in quotes.
    std::string toJson() const;

    /// The next possible id: n + 1, the nil UUID after 2^64-1, nothing after ff...ff.
    std::optional<PointId> successor() const;

    std::strong_ordering operator<=>(const PointId& other) const;
    bool operator==(const PointId& other) const;

private:
    Kind m_kind = Kind::Number;
    std::uint64_t m_number = 0;
    UuidBytes m_uuid{};
};

} // namespace qdrant2pg
