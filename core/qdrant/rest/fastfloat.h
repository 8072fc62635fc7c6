// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) && defined(__x86_64__)
#define QDRANT2PG_SSE2 1
#include <emmintrin.h>
#endif

namespace qdrant2pg {

/// Numbers of vectors in JSON text, read straight as float and always correctly rounded: for every token the
/// same bits as std::from_chars<float>. They are most of the work of decoding a page over REST.

namespace fastfloat {

/// Reads a number by the book: JSON's grammar, then std::from_chars. See readFloat().
const char* readFloatByTheBook(const char* at, const char* end, float& value) noexcept;

inline constexpr std::array<double, 16> negativePowersOfTen{
    1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15};
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

/// The number digits / 10^count, with up to 15 digits and 1 to 15 of them behind the point. False when that
/// does not tell which float is nearest.
///
/// The power and the product are rounded once each, so the double is less than two of its last places away
/// from the number. Rounding it to float is correct unless the middle between two floats lies in between.
/// Floats are normal here (the smallest number but zero is 1e-15), so a middle always has the same pattern in
/// the 29 bits that a double has more.
inline bool roundOnce(std::uint64_t digits, unsigned count, bool negative, float& value) noexcept
{
    constexpr std::uint64_t surplusBits = (std::uint64_t{1} << 29) - 1;
    constexpr std::uint64_t middle = std::uint64_t{1} << 28;
    constexpr std::uint64_t reach = 4;
    const double number = static_cast<double>(static_cast<std::int64_t>(digits)) * negativePowersOfTen[count];
    if (((std::bit_cast<std::uint64_t>(number) - middle + reach) & surplusBits) <= 2 * reach) [[unlikely]]
        return false;
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(number));
    value = std::bit_cast<float>(bits | (static_cast<std::uint32_t>(negative) << 31));
    return true;
}

#ifdef QDRANT2PG_SSE2
/// What readFloatInList() looks at behind and before the beginning of a number.
inline constexpr std::ptrdiff_t bytesBehind = 32;
inline constexpr std::ptrdiff_t bytesBefore = 16;

/// A bit for each of the 32 characters that is a comma.
inline std::uint32_t commasIn(const char* at) noexcept
{
    const __m128i comma = _mm_set1_epi8(',');
    const auto bits = [comma](const char* from) {
        return static_cast<std::uint32_t>(_mm_movemask_epi8(
            _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)), comma)));
    };
    return bits(at) | bits(at + 16) << 16;
}

/// From its character n on: keeps the last n of 16 characters.
inline constexpr std::array<std::uint8_t, 32> lastCharacters{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

/// A number of `length` characters, all of them, with one digit before the point and 1 to 15 behind it. False
/// for any other, and where roundOnce() does not help. Reads 16 characters before its end. No step depends on
/// how many digits there are, and nothing on the number before.
inline bool readPlainNumber(const char* at, unsigned length, float& value) noexcept
{
    const bool negative = *at == '-';
    const unsigned digits = length - negative - 2;
    const auto whole = static_cast<unsigned char>(at[negative] - '0');
    if (digits - 1 > 14 || whole > 9 || at[negative + 1] != '.' || (whole != 0 && digits == 15)) [[unlikely]]
        return false;
    const auto load = [](const void* from) {
        return _mm_loadu_si128(static_cast<const __m128i*>(from));
    };
    // Digits become 0 to 9, what does not belong to the number 0, other characters more.
    const __m128i nine = _mm_set1_epi8(9);
    const __m128i single = _mm_and_si128(
        _mm_sub_epi8(load(at + length - 16), _mm_set1_epi8('0')), load(lastCharacters.data() + digits));
    if (_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(single, nine), nine)) != 0xffff) [[unlikely]]
        return false;
    // Neighbours are joined to numbers of two, four and eight digits.
    const __m128i two =
        _mm_add_epi16(_mm_mullo_epi16(_mm_and_si128(single, _mm_set1_epi16(0xff)), _mm_set1_epi16(10)),
            _mm_srli_epi16(single, 8));
    const __m128i four = _mm_madd_epi16(two, _mm_set1_epi32(1 << 16 | 100));
    const __m128i eight = _mm_madd_epi16(_mm_packs_epi32(four, four), _mm_set1_epi32(1 << 16 | 10'000));
    const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eight));
    const std::uint64_t fraction = (both & 0xffff'ffff) * integerPowersOfTen[8] + (both >> 32);
    return roundOnce(whole * integerPowersOfTen[digits] + fraction, digits, negative, value);
}
#endif

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

    const std::uint64_t mantissa = whole * fastfloat::integerPowersOfTen[digits] + fraction;
    if (!fastfloat::roundOnce(mantissa, digits, negative, value)) [[unlikely]]
        return fastfloat::readFloatByTheBook(at, end, value);
    return position;
}

/// readFloat() for a number with a comma behind it, as nearly all of a vector's have; for others it is only
/// slower. `begin` is the beginning of the text: some of what stands before the number may be read again.
inline const char* readFloatInList(const char* begin, const char* at, const char* end, float& value) noexcept
{
#ifdef QDRANT2PG_SSE2
    if (end - at >= fastfloat::bytesBehind && at - begin >= fastfloat::bytesBefore) [[likely]] {
        const std::uint32_t commas = fastfloat::commasIn(at);
        if (commas != 0) [[likely]] {
            const auto length = static_cast<unsigned>(std::countr_zero(commas));
            if (fastfloat::readPlainNumber(at, length, value)) [[likely]]
                return at + length;
        }
    }
#else
    static_cast<void>(begin);
#endif
    return readFloat(at, end, value);
}

} // namespace qdrant2pg
