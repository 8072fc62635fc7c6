// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace qdrant2pg {

/// Values of a JSON filter that mean the same to us and to Qdrant's own reader beyond doubt. Each answers
/// nothing where that is not so: the value is then left to REST.

/// An integer token within 64 bits with a sign. Not "-0", which the server reads as a float.
std::optional<std::int64_t> exactInteger(std::string_view token);
/// An integer token within 64 bits without a sign.
std::optional<std::uint64_t> exactUnsigned(std::string_view token);
/// A number token that every sound reader turns into the same double: an integer within 64 bits, or at most
/// 15 digits with a power of ten up to 22. Others the server may round by one unit (its JSON reader is not
/// the exact one).
std::optional<double> exactDouble(std::string_view token);

/// google.protobuf.Timestamp.
struct WireTimestamp {
    std::int64_t seconds = 0;
    std::int32_t nanos = 0;

    bool operator==(const WireTimestamp&) const = default;
};

/// A moment in the spellings that leave no doubt (qdrant.md section 4): a date, or a date, `T` or a blank,
/// and a time to the second with at most nine digits behind it; `Z`, `+HH:MM` or no zone, which is UTC. Years
/// 1 to 9999.
std::optional<WireTimestamp> exactTimestamp(std::string_view text);

} // namespace qdrant2pg
