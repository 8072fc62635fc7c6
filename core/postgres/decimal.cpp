// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/decimal.h"

namespace qdrant2pg {

namespace {

constexpr std::int64_t maxExponent = 0x7FFFFFFF / 2;
constexpr std::int64_t maxScale = 0x3FFF;
/// Power of the first digit: numeric's weight is an int16 that counts groups of four digits.
constexpr std::int64_t maxPower = 131071;

std::string_view takeDigits(std::string_view& rest)
{
    std::size_t count = 0;
    while (count < rest.size() && rest[count] >= '0' && rest[count] <= '9')
        ++count;
    const std::string_view digits = rest.substr(0, count);
    rest.remove_prefix(count);
    return digits;
}

} // namespace

bool DecimalToken::parse(std::string_view token, DecimalToken& out)
{
    out = {};
    if (!token.empty() && (token.front() == '-' || token.front() == '+')) {
        out.negative = token.front() == '-';
        token.remove_prefix(1);
    }
    out.integerDigits = takeDigits(token);
    if (!token.empty() && token.front() == '.') {
        token.remove_prefix(1);
        out.fractionDigits = takeDigits(token);
    }
    if (out.digitCount() == 0)
        return false;
    if (token.empty())
        return true;
    if (token.front() != 'e' && token.front() != 'E')
        return false;
    token.remove_prefix(1);
    bool negative = false;
    if (!token.empty() && (token.front() == '-' || token.front() == '+')) {
        negative = token.front() == '-';
        token.remove_prefix(1);
    }
    const std::string_view digits = takeDigits(token);
    if (digits.empty() || !token.empty())
        return false;
    std::int64_t exponent = 0;
    for (const char digit : digits) {
        if (exponent <= maxExponent)
            exponent = exponent * 10 + (digit - '0');
    }
    out.hasExponent = true;
    out.exponent = negative ? -exponent : exponent;
    return true;
}

std::size_t DecimalToken::firstSignificant() const
{
    std::size_t i = 0;
    while (i < digitCount() && digit(i) == 0)
        ++i;
    return i;
}

bool DecimalToken::fitsNumeric() const
{
    if (exponent > maxExponent || exponent < -maxExponent || scale() > maxScale)
        return false;
    const std::size_t first = firstSignificant();
    return first == digitCount() || power(first) <= maxPower;
}

} // namespace qdrant2pg
