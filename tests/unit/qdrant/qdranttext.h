// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

namespace qdrant2pg::test {

/// A finite float as Qdrant prints it (qdrant.md section 4): the shortest digits that come back as the same
/// float, plain for 1e-6 <= |x| < 1e13 and with ".0" where integral, else with an exponent that has a sign
/// and no leading zeros. Appends to `text` and returns the number of characters.
inline std::size_t appendQdrantFloat(std::string& text, float value)
{
    std::array<char, 64> buffer;
    const std::size_t before = text.size();
    const float magnitude = std::abs(value);
    if (magnitude == 0.0F) {
        text += std::signbit(value) ? "-0.0" : "0.0";
    } else if (magnitude >= 1e-6F && magnitude < 1e13F) {
        const auto end =
            std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed).ptr;
        const std::string_view plain(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
        text += plain;
        if (plain.find('.') == std::string_view::npos)
            text += ".0";
    } else {
        const auto end =
            std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific)
                .ptr;
        const std::string_view scientific(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
        const std::size_t exponent = scientific.find('e');
        text += scientific.substr(0, exponent + 2);
        const std::size_t digits = scientific.find_first_not_of('0', exponent + 2);
        text += scientific.substr(digits);
    }
    return text.size() - before;
}

} // namespace qdrant2pg::test
