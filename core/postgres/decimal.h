// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstdint>
#include <string_view>

namespace qdrant2pg {

/// A decimal number token taken apart; views into the token.
struct DecimalToken {
    bool negative = false;
    std::string_view integerDigits;
    std::string_view fractionDigits;
    bool hasExponent = false;
    /// Saturated far outside every limit.
    std::int64_t exponent = 0;

    /// Understands JSON numbers, and also a plus sign, leading zeros and a bare point as numeric's text form
    /// does.
    static bool parse(std::string_view token, DecimalToken& out);

    std::size_t digitCount() const { return integerDigits.size() + fractionDigits.size(); }
    /// Digit i, counted from the left over both parts, as 0..9.
    unsigned digit(std::size_t i) const
    {
        const char c = i < integerDigits.size() ? integerDigits[i] : fractionDigits[i - integerDigits.size()];
        return static_cast<unsigned>(c - '0');
    }
    /// Power of ten of digit i.
    std::int64_t power(std::size_t i) const
    {
        return static_cast<std::int64_t>(integerDigits.size()) - 1 - static_cast<std::int64_t>(i) + exponent;
    }
    /// Digits that numeric keeps after the point.
    std::int64_t scale() const
    {
        const std::int64_t scale = static_cast<std::int64_t>(fractionDigits.size()) - exponent;
        return scale < 0 ? 0 : scale;
    }
    /// Index of the first digit that is not 0; digitCount() for zero.
    std::size_t firstSignificant() const;
    /// What numeric can hold (PostgreSQL's make_result): at most 131072 digits before the point, 16383 after
    /// it, and an exponent below 2^30.
    bool fitsNumeric() const;
};

} // namespace qdrant2pg
