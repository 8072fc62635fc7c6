// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/canonicaljson.h"

#include "core/postgres/decimal.h"
#include "core/postgres/jsonscan.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace qdrant2pg {

namespace {

/// Not memcpy(), which must not be given the null pointer of an empty view.
char* copy(char* out, std::string_view text)
{
    return std::copy_n(text.data(), text.size(), out);
}

char* appendUtf8(char* out, int codePoint)
{
    const auto byte = [&out](int value) {
        *out++ = static_cast<char>(value);
    };
    if (codePoint < 0x80) {
        byte(codePoint);
    } else if (codePoint < 0x800) {
        byte(0xC0 | (codePoint >> 6));
        byte(0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
        byte(0xE0 | (codePoint >> 12));
        byte(0x80 | ((codePoint >> 6) & 0x3F));
        byte(0x80 | (codePoint & 0x3F));
    } else {
        byte(0xF0 | (codePoint >> 18));
        byte(0x80 | ((codePoint >> 12) & 0x3F));
        byte(0x80 | ((codePoint >> 6) & 0x3F));
        byte(0x80 | (codePoint & 0x3F));
    }
    return out;
}

/// A character in its shortest escaped form, as jsonb writes it.
char* appendCharacter(char* out, int codePoint)
{
    switch (codePoint) {
    case '"':
        return copy(out, "\\\"");
    case '\\':
        return copy(out, "\\\\");
    case '\b':
        return copy(out, "\\b");
    case '\f':
        return copy(out, "\\f");
    case '\n':
        return copy(out, "\\n");
    case '\r':
        return copy(out, "\\r");
    case '\t':
        return copy(out, "\\t");
    default:
        break;
    }
    if (codePoint >= 0x20)
        return appendUtf8(out, codePoint);
    static constexpr char digits[] = "0123456789abcdef";
    out = copy(out, "\\u00");
    *out++ = digits[codePoint >> 4];
    *out++ = digits[codePoint & 0xF];
    return out;
}

/// `at` stands on a backslash. False when the escape is broken.
bool appendEscape(const char*& at, const char* end, char*& out)
{
    if (end - at < 2)
        return false;
    switch (at[1]) {
    case '"':
    case '\\':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        *out++ = *at++;
        *out++ = *at++;
        return true;
    case '/':
        *out++ = '/';
        at += 2;
        return true;
    case 'u': {
        const jsonscan::UnicodeEscape escape = jsonscan::unicodeEscape(at + 2, end);
        if (escape.codePoint < 0)
            return false;
        out = appendCharacter(out, escape.codePoint);
        at = escape.next;
        return true;
    }
    default:
        return false;
    }
}

/// Copies plain characters up to the next quote, backslash or control character. Writes up to 15 bytes too
/// many.
void appendPlain(const char*& at, const char* end, char*& out)
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i lastControl = _mm_set1_epi8(0x1F);
    while (end - at >= 16) {
        const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out), block);
        const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(block, lastControl), lastControl);
        const __m128i stop = _mm_or_si128(
            control, _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)));
        if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(stop)); mask != 0) {
            const int plain = std::countr_zero(mask);
            at += plain;
            out += plain;
            return;
        }
        at += 16;
        out += 16;
    }
#endif
    while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) > 0x1F)
        *out++ = *at++;
}

/// `at` stands on the opening quote.
bool appendString(const char*& at, const char* end, char*& out)
{
    *out++ = '"';
    ++at;
    while (true) {
        appendPlain(at, end, out);
        if (at == end)
            return false;
        if (*at == '"')
            break;
        if (*at != '\\' || !appendEscape(at, end, out))
            return false;
    }
    *out++ = '"';
    ++at;
    return true;
}

char* appendExponent(char* out, std::int64_t exponent)
{
    if (exponent == 0)
        return out;
    *out++ = 'e';
    return std::to_chars(out, out + 24, exponent).ptr;
}

std::size_t trailingZeros(std::string_view digits)
{
    const std::size_t last = digits.find_last_not_of('0');
    return last == std::string_view::npos ? digits.size() : digits.size() - last - 1;
}

char* appendDecimal(char* out, const DecimalToken& token)
{
    std::string_view whole = token.integerDigits;
    whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
    std::string_view fraction = token.fractionDigits;
    fraction.remove_suffix(trailingZeros(fraction));
    std::int64_t exponent = token.exponent - static_cast<std::int64_t>(fraction.size());
    if (fraction.empty()) {
        const std::size_t zeros = trailingZeros(whole);
        whole.remove_suffix(zeros);
        exponent += static_cast<std::int64_t>(zeros);
    }
    if (whole.empty())
        fraction.remove_prefix(std::min(fraction.find_first_not_of('0'), fraction.size()));
    if (whole.empty() && fraction.empty()) {
        *out++ = '0';
        return out;
    }
    if (token.negative)
        *out++ = '-';
    return appendExponent(copy(copy(out, whole), fraction), exponent);
}

bool appendJsonNumber(const char*& at, const char* end, char*& out)
{
    // The common case: an integer of one run of digits that ends in none of 0 . e E.
    const char* digit = at;
    if (digit != end && *digit == '-')
        ++digit;
    const char* const first = digit;
    while (digit != end && *digit >= '0' && *digit <= '9')
        ++digit;
    const bool plain = digit == end || (*digit != '.' && *digit != 'e' && *digit != 'E');
    if (plain && digit != first && *first != '0' && digit[-1] != '0') {
        out = copy(out, std::string_view(at, static_cast<std::size_t>(digit - at)));
        at = digit;
        return true;
    }
    bool hasExponent = false;
    const char* const numberEnd = jsonscan::numberEnd(at, end, hasExponent);
    DecimalToken token;
    if (numberEnd == nullptr
        || !DecimalToken::parse(std::string_view(at, static_cast<std::size_t>(numberEnd - at)), token))
        return false;
    out = appendDecimal(out, token);
    at = numberEnd;
    return true;
}

bool appendWord(const char*& at, const char* end, char*& out, std::string_view word)
{
    if (static_cast<std::size_t>(end - at) < word.size() || std::memcmp(at, word.data(), word.size()) != 0)
        return false;
    out = copy(out, word);
    at += word.size();
    return true;
}

bool appendScalar(const char*& at, const char* end, char*& out)
{
    switch (*at) {
    case '"':
        return appendString(at, end, out);
    case 't':
        return appendWord(at, end, out, "true");
    case 'f':
        return appendWord(at, end, out, "false");
    case 'n':
        return appendWord(at, end, out, "null");
    default:
        return appendJsonNumber(at, end, out);
    }
}

constexpr std::size_t quoteBytes = 2;
constexpr std::size_t rankedBytes = 6;
constexpr std::size_t rankedLength = 0xFFFF;

/// Of the key whose opening quote is at `key`. The order of keys is by length, then by bytes, which is
/// jsonb's own, so that its texts are never rearranged.
std::uint64_t rankOf(const char* key, std::size_t keySize)
{
    const std::size_t length = keySize - quoteBytes;
    // Up to 8 bytes behind the key: there is room, and what is not the key's is shifted out.
    std::uint64_t first = 0;
    std::memcpy(&first, key + 1, sizeof first);
    first = __builtin_bswap64(first);
    const std::size_t ranked = std::min(length, rankedBytes);
    first = ranked == 0 ? 0 : first >> (64 - 8 * ranked) << (8 * (rankedBytes - ranked));
    return (static_cast<std::uint64_t>(std::min(length, rankedLength)) << 48U) | first;
}

} // namespace

char* CanonicalJson::appendNumber(char* out, std::string_view token)
{
    DecimalToken decimal;
    return DecimalToken::parse(token, decimal) ? appendDecimal(out, decimal) : nullptr;
}

bool CanonicalJson::beginMember(const char*& at, const char* end, char*& out)
{
    at = jsonscan::skipSpace(at, end);
    if (at == end || *at != '"')
        return false;
    char* const key = out;
    if (!appendString(at, end, out))
        return false;
    at = jsonscan::skipSpace(at, end);
    if (at == end || *at != ':')
        return false;
    ++at;
    const auto keySize = static_cast<std::size_t>(out - key);
    // What stands behind the key is part of its rank's load but not of its value.
    const Member member{static_cast<std::size_t>(key - m_base), keySize, 0, rankOf(key, keySize)};
    Frame& frame = m_frames.back();
    if (frame.isSorted && m_members.size() > frame.firstMember)
        frame.isSorted = compareKeys(m_members.back(), member) < 0;
    m_members.push_back(member);
    *out++ = ':';
    return true;
}

int CanonicalJson::compareKeys(const Member& a, const Member& b) const
{
    if (a.rank != b.rank)
        return a.rank < b.rank ? -1 : 1;
    if (a.keySize <= rankedBytes + quoteBytes)
        return 0;
    if (a.keySize != b.keySize)
        return a.keySize < b.keySize ? -1 : 1;
    return std::memcmp(m_base + a.begin, m_base + b.begin, a.keySize);
}

void CanonicalJson::sortMembers(char*& out)
{
    const Frame& frame = m_frames.back();
    const auto first = m_members.begin() + static_cast<std::ptrdiff_t>(frame.firstMember);
    // Of equal keys the later one comes later, since it begins later.
    std::sort(first, m_members.end(), [this](const Member& a, const Member& b) {
        if (a.rank != b.rank)
            return a.rank < b.rank;
        const int order = compareKeys(a, b);
        return order != 0 ? order < 0 : a.begin < b.begin;
    });
    auto kept = first;
    for (auto member = first; member != m_members.end(); ++member) {
        if (member + 1 == m_members.end() || compareKeys(*member, *(member + 1)) != 0)
            *kept++ = *member;
    }
    m_members.erase(kept, m_members.end());

    char* const body = m_base + frame.begin + 1;
    const auto size = static_cast<std::size_t>(out - body);
    if (m_scratch.size() < size)
        m_scratch.resize(size * 2);
    copy(m_scratch.data(), {body, size});
    out = body;
    for (auto member = first; member != m_members.end(); ++member) {
        if (member != first)
            *out++ = ',';
        out = copy(out,
            std::string_view(
                m_scratch.data() + (member->begin - frame.begin - 1), member->end - member->begin));
    }
}

char* CanonicalJson::append(char* out, std::string_view json)
{
    const char* at = json.data();
    const char* const end = at + json.size();
    m_base = out;
    m_frames.clear();
    m_members.clear();
    while (true) {
        at = jsonscan::skipSpace(at, end);
        if (at == end)
            return nullptr;
        if (*at == '{' || *at == '[') {
            const bool isObject = *at == '{';
            const char* const inside = jsonscan::skipSpace(at + 1, end);
            *out++ = *at;
            at = inside;
            if (inside == end || *inside != (isObject ? '}' : ']')) {
                m_frames.push_back(
                    {static_cast<std::size_t>(out - 1 - m_base), m_members.size(), isObject, true});
                if (isObject && !beginMember(at, end, out))
                    return nullptr;
                continue;
            }
            *out++ = *at++;
        } else if (!appendScalar(at, end, out)) {
            return nullptr;
        }
        // A value has ended: its container goes on or ends as well.
        while (true) {
            at = jsonscan::skipSpace(at, end);
            if (m_frames.empty())
                return at == end ? out : nullptr;
            if (at == end)
                return nullptr;
            const Frame& frame = m_frames.back();
            if (frame.isObject)
                m_members.back().end = static_cast<std::size_t>(out - m_base);
            if (*at == ',') {
                ++at;
                *out++ = ',';
                if (frame.isObject && !beginMember(at, end, out))
                    return nullptr;
                break;
            }
            if (*at != (frame.isObject ? '}' : ']'))
                return nullptr;
            if (frame.isObject) {
                if (!frame.isSorted)
                    sortMembers(out);
                m_members.resize(frame.firstMember);
            }
            *out++ = *at++;
            m_frames.pop_back();
        }
    }
}

} // namespace qdrant2pg
