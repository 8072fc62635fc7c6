// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qdrant2pg::demo {

/// A point id: an unsigned 64-bit number or a UUID. The default order is Qdrant's: numbers by value, then
/// UUIDs by bytes.
struct PointId {
    bool isUuid = false;
    std::uint64_t high = 0; ///< first eight bytes of a UUID, big-endian; 0 for a number
    std::uint64_t low = 0; ///< the number, or the last eight bytes of the UUID

    [[nodiscard]] static PointId number(std::uint64_t value) { return {false, 0, value}; }
    [[nodiscard]] static PointId uuid(std::uint64_t high, std::uint64_t low) { return {true, high, low}; }
    /// Any spelling the server takes: hyphenated, 32 hex digits, `urn:uuid:`, in braces, any case.
    [[nodiscard]] static std::optional<PointId> fromUuidText(std::string_view text);
    /// As in a URL path: a decimal number or a UUID.
    [[nodiscard]] static std::optional<PointId> fromPath(std::string_view text);

    /// Without quotes.
    void appendText(std::string& out) const;
    /// As a JSON value: a bare number or a quoted UUID.
    void appendJson(std::string& out) const;
    [[nodiscard]] std::string text() const;

    friend auto operator<=>(const PointId&, const PointId&) = default;
};

} // namespace qdrant2pg::demo
