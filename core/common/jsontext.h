// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace qdrant2pg::jsontext {

/// Small tools over raw JSON text that keep every number token as it is. The text must be valid JSON (a
/// server's answer that a parser accepted); on anything else they stop early and answer npos or nothing, they
/// never read outside.

inline constexpr std::size_t npos = std::string_view::npos;

/// Position after white space.
std::size_t skipSpace(std::string_view json, std::size_t at);
/// Position after the value that starts at `at` (no leading white space); npos when it does not end.
std::size_t skipValue(std::string_view json, std::size_t at);

/// Walks the members of an object: `visit(rawKey, value)` with the key still escaped and without quotes, the
/// value as its slice. Returns false when the text is no object or broken; stops early, with true, when visit
/// returns false.
template <class Visit> bool forEachMember(std::string_view object, Visit&& visit)
{
    std::size_t at = skipSpace(object, 0);
    if (at >= object.size() || object[at] != '{')
        return false;
    at = skipSpace(object, at + 1);
    if (at < object.size() && object[at] == '}')
        return true;
    while (at < object.size() && object[at] == '"') {
        const std::size_t keyEnd = skipValue(object, at);
        if (keyEnd == npos)
            return false;
        const std::string_view key = object.substr(at + 1, keyEnd - at - 2);
        at = skipSpace(object, keyEnd);
        if (at >= object.size() || object[at] != ':')
            return false;
        at = skipSpace(object, at + 1);
        const std::size_t valueEnd = skipValue(object, at);
        if (valueEnd == npos)
            return false;
        if (!visit(key, object.substr(at, valueEnd - at)))
            return true;
        at = skipSpace(object, valueEnd);
        if (at < object.size() && object[at] == ',') {
            at = skipSpace(object, at + 1);
            continue;
        }
        return at < object.size() && object[at] == '}';
    }
    return false;
}

/// Walks the elements of an array: `visit(value)`. Return values as for forEachMember.
template <class Visit> bool forEachElement(std::string_view array, Visit&& visit)
{
    std::size_t at = skipSpace(array, 0);
    if (at >= array.size() || array[at] != '[')
        return false;
    at = skipSpace(array, at + 1);
    if (at < array.size() && array[at] == ']')
        return true;
    while (at < array.size()) {
        const std::size_t valueEnd = skipValue(array, at);
        if (valueEnd == npos)
            return false;
        if (!visit(array.substr(at, valueEnd - at)))
            return true;
        at = skipSpace(array, valueEnd);
        if (at < array.size() && array[at] == ',') {
            at = skipSpace(array, at + 1);
            continue;
        }
        return at < array.size() && array[at] == ']';
    }
    return false;
}

/// The text of a string token's inside (without quotes) with escapes resolved, as UTF-8; nothing when an
/// escape is broken or a surrogate stands alone. U+0000 becomes a NUL byte.
std::optional<std::string> unescape(std::string_view inside);
/// `text` (UTF-8) as a JSON string token with quotes.
std::string quoted(std::string_view text);
/// True when an escape \u0000 stands in the text (an escaped backslash before u0000 does not count).
bool hasNulEscape(std::string_view json);
/// The text with every \u0000 escape removed, or replaced by \ufffd.
std::string withoutNulEscapes(std::string_view json, bool replaceByFffd);

} // namespace qdrant2pg::jsontext
