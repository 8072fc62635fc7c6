// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/jsontext.h"

#include <cstdint>
#include <cstring>

namespace qdrant2pg::jsontext {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Position after the closing quote of the string that opens at `at`.
std::size_t skipString(std::string_view json, std::size_t at)
{
    ++at;
    while (at < json.size()) {
        if (json[at] == '"')
            return at + 1;
        at += json[at] == '\\' ? 2 : 1;
    }
    return npos;
}

std::optional<std::uint32_t> hex4(std::string_view text, std::size_t at)
{
    if (at + 4 > text.size())
        return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9' ? c - '0'
            : c >= 'a' && c <= 'f'             ? c - 'a' + 10
            : c >= 'A' && c <= 'F'             ? c - 'A' + 10
                                               : -1;
        if (digit < 0)
            return std::nullopt;
        value = value * 16 + static_cast<std::uint32_t>(digit);
    }
    return value;
}

void appendUtf8(std::string& out, std::uint32_t code)
{
    const auto put = [&out](std::uint32_t byte) {
        out.push_back(static_cast<char>(byte));
    };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | (code >> 6));
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | (code >> 12));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3F));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

} // namespace

std::size_t skipSpace(std::string_view json, std::size_t at)
{
    while (at < json.size() && isSpace(json[at]))
        ++at;
    return at;
}

std::size_t skipValue(std::string_view json, std::size_t at)
{
    if (at >= json.size())
        return npos;
    if (json[at] == '"')
        return skipString(json, at);
    if (json[at] == '{' || json[at] == '[') {
        // Brackets are only counted: the text was accepted by a parser, so they match.
        std::size_t depth = 0;
        while (at < json.size()) {
            const char c = json[at];
            if (c == '"') {
                at = skipString(json, at);
                if (at == npos)
                    return npos;
                continue;
            }
            if (c == '{' || c == '[') {
                ++depth;
            } else if (c == '}' || c == ']') {
                if (--depth == 0)
                    return at + 1;
            }
            ++at;
        }
        return npos;
    }
    const std::size_t start = at;
    while (at < json.size() && json[at] != ',' && json[at] != '}' && json[at] != ']' && !isSpace(json[at]))
        ++at;
    return at == start ? npos : at;
}

std::optional<std::string> unescape(std::string_view inside)
{
    std::string out;
    out.reserve(inside.size());
    for (std::size_t at = 0; at < inside.size();) {
        const std::size_t backslash = inside.find('\\', at);
        if (backslash == npos) {
            out.append(inside.substr(at));
            break;
        }
        out.append(inside.substr(at, backslash - at));
        if (backslash + 1 >= inside.size())
            return std::nullopt;
        at = backslash + 2;
        switch (inside[backslash + 1]) {
        case '"':
            out.push_back('"');
            break;
        case '\\':
            out.push_back('\\');
            break;
        case '/':
            out.push_back('/');
            break;
        case 'b':
            out.push_back('\b');
            break;
        case 'f':
            out.push_back('\f');
            break;
        case 'n':
            out.push_back('\n');
            break;
        case 'r':
            out.push_back('\r');
            break;
        case 't':
            out.push_back('\t');
            break;
        case 'u': {
            auto code = hex4(inside, at);
            if (!code)
                return std::nullopt;
            at += 4;
            if (*code >= 0xD800 && *code < 0xDC00) {
                if (at + 1 >= inside.size() || inside[at] != '\\' || inside[at + 1] != 'u')
                    return std::nullopt;
                const auto low = hex4(inside, at + 2);
                if (!low || *low < 0xDC00 || *low > 0xDFFF)
                    return std::nullopt;
                code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
                at += 6;
            } else if (*code >= 0xDC00 && *code <= 0xDFFF) {
                return std::nullopt;
            }
            appendUtf8(out, *code);
            break;
        }
        default:
            return std::nullopt;
        }
    }
    return out;
}

std::string quoted(std::string_view text)
{
    static constexpr char hex[] = "0123456789abcdef";
    std::string out;
    out.reserve(text.size() + 2);
    out.push_back('"');
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                out += "\\u00";
                out.push_back(hex[static_cast<unsigned char>(c) >> 4]);
                out.push_back(hex[static_cast<unsigned char>(c) & 15]);
            } else {
                out.push_back(c);
            }
        }
    }
    out.push_back('"');
    return out;
}

namespace {

/// Position of the next real \u0000 escape at or after `from`; npos when there is none.
std::size_t findNulEscape(std::string_view json, std::size_t from)
{
    static constexpr std::string_view escape = "\\u0000";
    for (std::size_t at = json.find(escape, from); at != npos; at = json.find(escape, at + 1)) {
        std::size_t backslashes = 0;
        while (backslashes < at && json[at - 1 - backslashes] == '\\')
            ++backslashes;
        if (backslashes % 2 == 0)
            return at;
    }
    return npos;
}

} // namespace

bool hasNulEscape(std::string_view json)
{
    return findNulEscape(json, 0) != npos;
}

std::string withoutNulEscapes(std::string_view json, bool replaceByFffd)
{
    std::string out;
    out.reserve(json.size());
    std::size_t copied = 0;
    for (std::size_t at = findNulEscape(json, 0); at != npos; at = findNulEscape(json, at + 6)) {
        out.append(json.substr(copied, at - copied));
        if (replaceByFffd)
            out += "\\ufffd";
        copied = at + 6;
    }
    out.append(json.substr(copied));
    return out;
}

} // namespace qdrant2pg::jsontext
