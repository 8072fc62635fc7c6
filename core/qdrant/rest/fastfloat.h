// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace qdrant2pg {

/// Numbers of vectors in JSON text, read straight as float and always correctly rounded: for every token the
/// same bits as std::from_chars<float>. They are most of the work of decoding a page over REST.

namespace fastfloat {

/// Reads a number by the book: JSON's grammar, then std::from_chars. See readFloat().
const char* readFloatByTheBook(const char* at, const char* end, float& value) noexcept;

inline constexpr std::array<double, 16> powersOfTen{
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
inline constexpr std::array<std::uint64_t, 16> integerPowersOfTen{1, 10, 100, 1000, 10'000, 100'000,
    1'000'000, 10'000'000, 100'000'000, 1'000'000'000, 10'000'000'000, 100'000'000'000, 1'000'000'000'000,
    10'000'000'000'000, 100'000'000'000'000, 1'000'000'000'000'000};

/// Up to eight characters, the first in the lowest byte (little-endian machines).
struct DigitGroup {
    std::uint64_t characters;

    static DigitGroup load(const char* at) noexcept
    {
        DigitGroup group{};
        std::memcpy(&group.characters, at, sizeof group.characters);
        return group;
    }
    /// How many digits stand at the beginning, 0 to 8.
    unsigned count() const noexcept
    {
        constexpr std::uint64_t highHalves = 0xf0f0'f0f0'f0f0'f0f0;
        constexpr std::uint64_t zeros = 0x3030'3030'3030'3030;
        constexpr std::uint64_t sixes = 0x0606'0606'0606'0606;
        // '0' to '9' keep 3 as high half, also with 6 added. A carry into the next byte only spoils what
        // comes after the first other character.
        const std::uint64_t others =
            ((characters & highHalves) ^ zeros) | (((characters + sixes) & highHalves) ^ zeros);
        return static_cast<unsigned>(std::countr_zero(others)) / 8;
    }
    /// The number that the first `digits` characters (0 to 8) make.
    std::uint64_t value(unsigned digits) const noexcept
    {
        // Moved to the end of the group, so that zeros stand in front; in two steps, for a shift by 64 is
        // none.
        const unsigned halfShift = 32 - 4 * digits;
        std::uint64_t sum = (characters << halfShift) << halfShift;
        // Neighbours are joined to numbers of two, four and eight digits.
        sum = (sum & 0x0f0f'0f0f'0f0f'0f0f) * (10 * 0x100 + 1) >> 8;
        sum = (sum & 0x00ff'00ff'00ff'00ff) * (100 * 0x1'0000 + 1) >> 16;
        sum = (sum & 0x0000'ffff'0000'ffff) * (10'000 * 0x1'0000'0000 + 1) >> 32;
        return sum;
    }
};

} // namespace fastfloat

/// Reads the JSON number that begins at `at` and returns the position behind it; nullptr when there is no
/// valid number or one beyond the range of a double. A number beyond the range of a float becomes infinite.
/// Reads nothing past `end`.
inline const char* readFloat(const char* at, const char* end, float& value) noexcept
{
    using fastfloat::DigitGroup;
    // Sign, seven digits, point, sixteen digits and what follows them.
    constexpr std::ptrdiff_t window = 32;
    constexpr unsigned longestWhole = 7;
    constexpr unsigned exactDigits = 15;

    if (std::endian::native != std::endian::little || end - at < window) [[unlikely]]
        return fastfloat::readFloatByTheBook(at, end, value);

    const bool negative = *at == '-';
    const char* position = at + negative;
    const auto digitAt = [](const char* character) {
        return static_cast<unsigned char>(*character - '0');
    };
    std::uint64_t whole = digitAt(position++);
    unsigned wholeDigits = whole == 0 ? 0 : 1;
    if (whole > 9) [[unlikely]]
        return nullptr;
    if (wholeDigits != 0) {
        for (; wholeDigits < longestWhole && digitAt(position) <= 9; ++wholeDigits)
            whole = whole * 10 + digitAt(position++);
    }
    if (*position != '.') [[unlikely]]
        return fastfloat::readFloatByTheBook(at, end, value);
    ++position;

    DigitGroup group = DigitGroup::load(position);
    unsigned digits = group.count();
    std::uint64_t fraction = group.value(digits);
    if (digits == 8) {
        group = DigitGroup::load(position + 8);
        const unsigned more = group.count();
        if (more == 8) [[unlikely]]
            return fastfloat::readFloatByTheBook(at, end, value);
        fraction = fraction * fastfloat::integerPowersOfTen[more] + group.value(more);
        digits += more;
    }
    position += digits;
    // An exponent follows, there are no digits, or more than a double holds exactly.
    if (digits == 0 || (*position | 0x20) == 'e' || wholeDigits + digits > exactDigits) [[unlikely]]
        return fastfloat::readFloatByTheBook(at, end, value);

    // Both operands are exact, so the quotient is the correctly rounded double. Rounding it once more is
    // correct unless it lies exactly in the middle between two floats: only then can the number itself have
    // been on the other side of it. Floats are normal here (the smallest quotient is 1e-15), so the middle
    // always has this pattern in the 29 bits that a double has more.
    const std::uint64_t mantissa = whole * fastfloat::integerPowersOfTen[digits] + fraction;
    const double quotient =
        static_cast<double>(static_cast<std::int64_t>(mantissa)) / fastfloat::powersOfTen[digits];
    constexpr std::uint64_t surplusBits = (std::uint64_t{1} << 29) - 1;
    constexpr std::uint64_t middle = std::uint64_t{1} << 28;
    if ((std::bit_cast<std::uint64_t>(quotient) & surplusBits) == middle) [[unlikely]]
        return fastfloat::readFloatByTheBook(at, end, value);
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(quotient));
    value = std::bit_cast<float>(bits | (static_cast<std::uint32_t>(negative) << 31));
    return position;
}

} // namespace qdrant2pg
