// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/jsonreader.h"

#include "demo/base/json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

namespace qdrant2pg::demo {

namespace {

constexpr std::string_view eofInValue = "EOF while parsing a value";
constexpr std::string_view eofInString = "EOF while parsing a string";

void appendUtf8(std::string& out, std::uint32_t code)
{
    const auto put = [&out](std::uint32_t byte) {
        out += static_cast<char>(byte);
    };
    if (code < 0x80U) {
        put(code);
    } else if (code < 0x800U) {
        put(0xc0U | code >> 6U);
        put(0x80U | (code & 0x3fU));
    } else if (code < 0x10000U) {
        put(0xe0U | code >> 12U);
        put(0x80U | (code >> 6U & 0x3fU));
        put(0x80U | (code & 0x3fU));
    } else {
        put(0xf0U | code >> 18U);
        put(0x80U | (code >> 12U & 0x3fU));
        put(0x80U | (code >> 6U & 0x3fU));
        put(0x80U | (code & 0x3fU));
    }
}

std::uint32_t hexValue(std::string_view digits)
{
    std::uint32_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    return value;
}

} // namespace

std::string unescaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            out += text[i];
            continue;
        }
        switch (text[++i]) {
        case 'b':
            out += '\b';
            break;
        case 'f':
            out += '\f';
            break;
        case 'n':
            out += '\n';
            break;
        case 'r':
            out += '\r';
            break;
        case 't':
            out += '\t';
            break;
        case 'u': {
            std::uint32_t code = hexValue(text.substr(i + 1, 4));
            i += 4;
            if (code >= 0xd800U && code < 0xdc00U) {
                code = 0x10000U + ((code - 0xd800U) << 10U) + (hexValue(text.substr(i + 3, 4)) - 0xdc00U);
                i += 6;
            }
            appendUtf8(out, code);
            break;
        }
        default:
            out += text[i];
        }
    }
    return out;
}

namespace {

bool validUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1
            : lead < 0xc2                      ? 0
            : lead < 0xe0                      ? 2
            : lead < 0xf0                      ? 3
            : lead < 0xf5                      ? 4
                                               : 0;
        if (length == 0 || i + length > text.size())
            return false;
        for (std::size_t k = 1; k < length; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xc0U) != 0x80U)
                return false;
        }
        i += length;
    }
    return true;
}

} // namespace

/// Recursive descent; remembers the first error, with the positions that the recorded server reports.
class JsonReader {
public:
    explicit JsonReader(std::string_view text)
        : m_text(text)
    {
    }

    tl::expected<Json, JsonError> document()
    {
        Json value;
        if (read(value)) {
            skipSpace();
            if (m_at == m_text.size())
                return value;
            fail("trailing characters", m_at + 1);
        }
        return tl::unexpected(m_error);
    }

private:
    static constexpr int maxDepth = 128;

    bool fail(std::string_view message, std::size_t column)
    {
        m_error.message = message;
        const std::string_view before = m_text.substr(0, column == 0 ? 0 : column - 1);
        m_error.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
        const std::size_t newline = before.rfind('\n');
        m_error.column = newline == std::string_view::npos ? column : column - newline - 1;
        return false;
    }

    bool failAtEnd(std::string_view message) { return fail(message, m_text.size()); }

    void skipSpace()
    {
        while (
            m_at < m_text.size() && std::strchr(" \t\r\n", m_text[m_at]) != nullptr && m_text[m_at] != '\0')
            ++m_at;
    }

    bool read(Json& value)
    {
        skipSpace();
        if (m_at == m_text.size())
            return failAtEnd(eofInValue);
        const std::size_t start = m_at;
        bool good = false;
        switch (m_text[m_at]) {
        case '{':
            good = object(value);
            break;
        case '[':
            good = array(value);
            break;
        case '"':
            value.m_kind = Json::Kind::String;
            good = string();
            break;
        case 't':
            value.m_kind = Json::Kind::Bool;
            good = word("true");
            break;
        case 'f':
            value.m_kind = Json::Kind::Bool;
            good = word("false");
            break;
        case 'n':
            good = word("null");
            break;
        default:
            value.m_kind = Json::Kind::Number;
            good = number();
        }
        value.m_raw = m_text.substr(start, m_at - start);
        return good;
    }

    bool word(std::string_view expected)
    {
        for (const char c : expected) {
            if (m_at == m_text.size())
                return failAtEnd(eofInValue);
            if (m_text[m_at] != c)
                return fail("expected ident", m_at + 1);
            ++m_at;
        }
        return true;
    }

    bool digits()
    {
        const std::size_t start = m_at;
        while (m_at < m_text.size() && m_text[m_at] >= '0' && m_text[m_at] <= '9')
            ++m_at;
        return m_at > start;
    }

    bool badNumber()
    {
        return m_at == m_text.size() ? failAtEnd(eofInValue) : fail("invalid number", m_at + 1);
    }

    bool number()
    {
        const std::size_t start = m_at;
        const bool minus = m_text[m_at] == '-';
        if (minus)
            ++m_at;
        const std::size_t first = m_at;
        if (!digits())
            return minus ? badNumber() : fail("expected value", m_at + 1);
        if (m_text[first] == '0' && m_at > first + 1)
            return fail("invalid number", first + 2);
        if (m_at < m_text.size() && m_text[m_at] == '.') {
            ++m_at;
            if (!digits())
                return badNumber();
        }
        if (m_at < m_text.size() && (m_text[m_at] == 'e' || m_text[m_at] == 'E')) {
            ++m_at;
            if (m_at < m_text.size() && (m_text[m_at] == '+' || m_text[m_at] == '-'))
                ++m_at;
            if (!digits())
                return badNumber();
            double value = 0;
            const auto result = std::from_chars(m_text.data() + start, m_text.data() + m_at, value);
            if (result.ec == std::errc::result_out_of_range
                && std::fabs(std::strtod(std::string(m_text.substr(start, m_at - start)).c_str(), nullptr))
                    > 1)
                return fail("number out of range", m_at);
        }
        return true;
    }

    bool string()
    {
        const std::size_t start = ++m_at;
        bool plain = true;
        for (;;) {
            if (m_at >= m_text.size())
                return failAtEnd(eofInString);
            const char c = m_text[m_at++];
            if (c == '"')
                break;
            if (c == '\\') {
                if (!escape())
                    return false;
            } else if (static_cast<unsigned char>(c) < 0x20U) {
                return fail("control character (\\u0000-\\u001F) found while parsing a string", m_at - 1);
            } else if (static_cast<unsigned char>(c) >= 0x80U) {
                plain = false;
            }
        }
        if (!plain && !validUtf8(m_text.substr(start, m_at - 1 - start)))
            return fail("invalid unicode code point", m_at);
        return true;
    }

    bool fourHexDigits(std::uint32_t& code)
    {
        if (m_at + 4 > m_text.size())
            return failAtEnd(eofInString);
        for (std::size_t i = 0; i < 4; ++i) {
            if (std::strchr("0123456789abcdefABCDEF", m_text[m_at + i]) == nullptr
                || m_text[m_at + i] == '\0')
                return fail("invalid escape", m_at + i + 1);
        }
        code = hexValue(m_text.substr(m_at, 4));
        m_at += 4;
        return true;
    }

    bool escape()
    {
        if (m_at >= m_text.size())
            return failAtEnd(eofInString);
        const char c = m_text[m_at++];
        if (c != 'u')
            return std::strchr("\"\\/bfnrt", c) != nullptr && c != '\0' ? true : fail("invalid escape", m_at);
        std::uint32_t code = 0;
        if (!fourHexDigits(code))
            return false;
        if (code >= 0xdc00U && code < 0xe000U)
            return fail("lone leading surrogate in hex escape", m_at);
        if (code >= 0xd800U && code < 0xdc00U) {
            if (m_text.substr(m_at, 2) != "\\u")
                return fail("unexpected end of hex escape", m_at + 1);
            m_at += 2;
            std::uint32_t low = 0;
            if (!fourHexDigits(low))
                return false;
            if (low < 0xdc00U || low >= 0xe000U)
                return fail("lone leading surrogate in hex escape", m_at);
        }
        return true;
    }

    bool enter()
    {
        if (++m_depth >= maxDepth)
            return fail("recursion limit exceeded", m_at + 1);
        ++m_at;
        return true;
    }

    /// After an item: true to go on with the next one; \a done when the closing character was met.
    bool separator(char close, std::string_view expected, std::string_view atEnd, bool& done)
    {
        skipSpace();
        if (m_at == m_text.size())
            return failAtEnd(atEnd);
        if (m_text[m_at] == close) {
            ++m_at;
            done = true;
            return true;
        }
        if (m_text[m_at] != ',')
            return fail(expected, m_at + 1);
        ++m_at;
        skipSpace();
        if (m_at == m_text.size())
            return failAtEnd(eofInValue);
        return m_text[m_at] == close ? fail("trailing comma", m_at + 1) : true;
    }

    bool array(Json& value)
    {
        value.m_kind = Json::Kind::Array;
        if (!enter())
            return false;
        skipSpace();
        if (m_at == m_text.size())
            return failAtEnd("EOF while parsing a list");
        bool done = m_text[m_at] == ']';
        if (done)
            ++m_at;
        while (!done) {
            value.m_items.emplace_back();
            if (!read(value.m_items.back())
                || !separator(']', "expected `,` or `]`", "EOF while parsing a list", done))
                return false;
        }
        --m_depth;
        return true;
    }

    bool object(Json& value)
    {
        value.m_kind = Json::Kind::Object;
        if (!enter())
            return false;
        skipSpace();
        if (m_at == m_text.size())
            return failAtEnd("EOF while parsing an object");
        bool done = m_text[m_at] == '}';
        if (done)
            ++m_at;
        while (!done) {
            if (m_text[m_at] != '"')
                return fail("key must be a string", m_at + 1);
            const std::size_t start = m_at;
            if (!string())
                return false;
            Json::Member member;
            member.rawKey = m_text.substr(start, m_at - start);
            member.key = unescaped(member.rawKey.substr(1, member.rawKey.size() - 2));
            skipSpace();
            if (m_at == m_text.size())
                return failAtEnd("EOF while parsing an object");
            if (m_text[m_at] != ':')
                return fail("expected `:`", m_at + 1);
            ++m_at;
            if (!read(member.value)
                || !separator('}', "expected `,` or `}`", "EOF while parsing an object", done))
                return false;
            const auto same = std::find_if(value.m_members.begin(), value.m_members.end(),
                [&member](const Json::Member& other) { return other.key == member.key; });
            if (same != value.m_members.end())
                same->value = std::move(member.value);
            else
                value.m_members.push_back(std::move(member));
        }
        --m_depth;
        return true;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_depth = 0;
    JsonError m_error;
};

tl::expected<Json, JsonError> Json::parse(std::string_view text)
{
    return JsonReader(text).document();
}

} // namespace qdrant2pg::demo
