// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/rest/jsonscanner.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include <simdjson.h>

namespace qdrant2pg {

namespace {

/// Qdrant's own reader stops at 128 levels; PostgreSQL's stack holds far more than this.
constexpr std::size_t deepestNesting = 1024;

constexpr std::uint64_t everyByte = 0x0101'0101'0101'0101;
constexpr std::uint64_t highBits = 0x8080'8080'8080'8080;

/// High bit set in the bytes below `limit` (up to 128). Exact up to and with the first one; a borrow may mark
/// what follows.
constexpr std::uint64_t bytesBelow(std::uint64_t bytes, std::uint8_t limit)
{
    return (bytes - everyByte * limit) & ~bytes & highBits;
}

constexpr std::uint64_t bytesEqual(std::uint64_t bytes, char value)
{
    return bytesBelow(bytes ^ (everyByte * static_cast<std::uint8_t>(value)), 1);
}

bool isHexDigit(char character)
{
    return (character >= '0' && character <= '9') || ((character | 0x20) >= 'a' && (character | 0x20) <= 'f');
}

bool isDigit(char character)
{
    return character >= '0' && character <= '9';
}

} // namespace

bool JsonScanner::fail(const char* fault)
{
    if (!m_fault) {
        m_fault = fault;
        m_faultOffset = static_cast<std::size_t>(m_at - m_begin);
        m_endedEarly = m_at == m_end;
        m_at = m_end;
    }
    return false;
}

bool JsonScanner::take(char expected)
{
    if (peek() != expected || m_at == m_end)
        return fail("another character was expected");
    ++m_at;
    return true;
}

bool JsonScanner::nextMember(bool& first, std::string_view& key)
{
    const char next = peek();
    if (next == '}' && !m_fault) {
        ++m_at;
        return false;
    }
    if (!first && !take(','))
        return false;
    first = false;
    if (peek() != '"')
        return fail("a key was expected");
    return string(key) && take(':');
}

bool JsonScanner::nextElement(bool& first)
{
    const char next = peek();
    if (first && next == ']') {
        ++m_at;
        return false;
    }
    if (first) {
        first = false;
        return next != '\0' || fail("a value was expected");
    }
    if (next == ']') {
        ++m_at;
        return false;
    }
    return take(',');
}

bool JsonScanner::string(std::string_view& inside)
{
    if (!take('"'))
        return false;
    const char* const start = m_at;
    std::uint64_t high = 0;
    for (;;) {
        if constexpr (std::endian::native == std::endian::little) {
            while (m_end - m_at >= 8) {
                std::uint64_t bytes = 0;
                std::memcpy(&bytes, m_at, sizeof bytes);
                const std::uint64_t stops =
                    bytesEqual(bytes, '"') | bytesEqual(bytes, '\\') | bytesBelow(bytes, ' ');
                high |= bytes & highBits;
                if (stops != 0) {
                    m_at += std::countr_zero(stops) / 8;
                    break;
                }
                m_at += 8;
            }
        }
        if (m_at == m_end)
            return fail("a string does not end");
        const char character = *m_at;
        if (character == '"')
            break;
        if (character == '\\') {
            if (!escape())
                return false;
            continue;
        }
        if (static_cast<unsigned char>(character) < ' ')
            return fail("a control character stands in a string");
        high |= static_cast<unsigned char>(character) & 0x80U;
        ++m_at;
    }
    inside = {start, static_cast<std::size_t>(m_at - start)};
    if (high != 0 && !simdjson::validate_utf8(inside.data(), inside.size()))
        return fail("a string is not UTF-8");
    ++m_at;
    return true;
}

bool JsonScanner::escape()
{
    ++m_at;
    if (m_at == m_end)
        return fail("a string does not end");
    if (*m_at != 'u') {
        if (!std::memchr("\"\\/bfnrt", *m_at, 8))
            return fail("a string holds an escape that does not exist");
        ++m_at;
        return true;
    }
    ++m_at;
    for (int digit = 0; digit < 4; ++digit) {
        if (m_at == m_end || !isHexDigit(*m_at))
            return fail("an escape lacks hexadecimal digits");
        ++m_at;
    }
    return true;
}

bool JsonScanner::number(std::string_view& token)
{
    peek();
    const char* const start = m_at;
    const auto digits = [this] {
        const char* const from = m_at;
        while (m_at != m_end && isDigit(*m_at))
            ++m_at;
        return m_at != from;
    };
    if (m_at != m_end && *m_at == '-')
        ++m_at;
    const char* const wholePart = m_at;
    if (!digits() || (*wholePart == '0' && m_at - wholePart > 1))
        return fail("this is no number");
    if (m_at != m_end && *m_at == '.') {
        ++m_at;
        if (!digits())
            return fail("a number lacks digits");
    }
    if (m_at != m_end && (*m_at | 0x20) == 'e') {
        ++m_at;
        if (m_at != m_end && (*m_at == '+' || *m_at == '-'))
            ++m_at;
        if (!digits())
            return fail("a number lacks digits");
    }
    token = {start, static_cast<std::size_t>(m_at - start)};
    return true;
}

bool JsonScanner::literal(std::string_view word)
{
    if (std::string_view(m_at, static_cast<std::size_t>(m_end - m_at)).starts_with(word)) {
        m_at += word.size();
        return true;
    }
    return fail("this is no value");
}

bool JsonScanner::skip(std::string_view& value)
{
    std::array<bool, deepestNesting> isObject;
    std::size_t depth = 0;
    std::string_view ignored;
    peek();
    const char* const start = m_at;

    // Each turn passes a scalar or opens a container, then closes what ends there and moves to the next
    // value.
    for (;;) {
        const char next = peek();
        bool opened = false;
        switch (next) {
        case '{':
        case '[':
            if (depth == deepestNesting)
                return fail("values are nested too deeply");
            isObject[depth++] = next == '{';
            ++m_at;
            opened = true;
            break;
        case '"':
            if (!string(ignored))
                return false;
            break;
        case 't':
            if (!literal("true"))
                return false;
            break;
        case 'f':
            if (!literal("false"))
                return false;
            break;
        case 'n':
            if (!literal("null"))
                return false;
            break;
        default:
            if (!number(ignored))
                return false;
            break;
        }
        for (;;) {
            if (depth == 0) {
                value = {start, static_cast<std::size_t>(m_at - start)};
                return true;
            }
            const bool inObject = isObject[depth - 1];
            if (peek() == (inObject ? '}' : ']')) {
                ++m_at;
                --depth;
                opened = false;
                continue;
            }
            if (!opened && !take(','))
                return false;
            if (inObject && !(string(ignored) && take(':')))
                return false;
            break;
        }
    }
}

} // namespace qdrant2pg
