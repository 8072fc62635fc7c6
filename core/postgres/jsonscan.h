// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace qdrant2pg::jsonscan {

/// Steps of a forward pass over JSON text that the check and the canonical form share. `end` is one past the
/// last byte; nothing reads beyond it.

inline const char* skipSpace(const char* at, const char* end)
{
    while (at != end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        ++at;
    return at;
}

/// First byte of a string's inside that is a quote, a backslash or a control character; end when there is
/// none.
inline const char* stringStop(const char* at, const char* end)
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i lastControl = _mm_set1_epi8(0x1F);
    while (end - at >= 16) {
        const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(block, lastControl), lastControl);
        const __m128i stop = _mm_or_si128(
            control, _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)));
        if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(stop)); mask != 0)
            return at + std::countr_zero(mask);
        at += 16;
    }
#endif
    while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) > 0x1F)
        ++at;
    return at;
}

/// Value of four hexadecimal digits; -1 when they are none.
inline int hex4(const char* at)
{
    int value = 0;
    for (int i = 0; i < 4; ++i) {
        const char c = at[i];
        int digit = 0;
        if (c >= '0' && c <= '9')
            digit = c - '0';
        else if (c >= 'a' && c <= 'f')
            digit = c - 'a' + 10;
        else if (c >= 'A' && c <= 'F')
            digit = c - 'A' + 10;
        else
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

inline bool isHighSurrogate(int unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

inline bool isLowSurrogate(int unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// Outcome of one \uXXXX escape, or a pair of them.
struct UnicodeEscape {
    /// -1: bad digits. -2: a surrogate without its partner.
    int codePoint = -1;
    const char* next = nullptr;
};

/// `at` stands behind "\u".
inline UnicodeEscape unicodeEscape(const char* at, const char* end)
{
    if (end - at < 4)
        return {};
    const int first = hex4(at);
    at += 4;
    if (first < 0)
        return {};
    if (isLowSurrogate(first))
        return {-2, at};
    if (!isHighSurrogate(first))
        return {first, at};
    if (end - at < 2 || at[0] != '\\' || at[1] != 'u')
        return {-2, at};
    if (end - at < 6)
        return {};
    const int second = hex4(at + 2);
    if (second < 0)
        return {};
    if (!isLowSurrogate(second))
        return {-2, at};
    return {0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00), at + 6};
}

/// End of a number by JSON's grammar; nullptr when it is none. Sets `hasExponent`.
inline const char* numberEnd(const char* at, const char* end, bool& hasExponent)
{
    const auto isDigit = [end](const char* p) {
        return p != end && *p >= '0' && *p <= '9';
    };
    hasExponent = false;
    if (at != end && *at == '-')
        ++at;
    if (!isDigit(at))
        return nullptr;
    if (*at == '0') {
        ++at;
    } else {
        while (isDigit(at))
            ++at;
    }
    if (at != end && *at == '.') {
        ++at;
        if (!isDigit(at))
            return nullptr;
        while (isDigit(at))
            ++at;
    }
    if (at != end && (*at == 'e' || *at == 'E')) {
        hasExponent = true;
        ++at;
        if (at != end && (*at == '+' || *at == '-'))
            ++at;
        if (!isDigit(at))
            return nullptr;
        while (isDigit(at))
            ++at;
    }
    return at;
}

} // namespace qdrant2pg::jsonscan
