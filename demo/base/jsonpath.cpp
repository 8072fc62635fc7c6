// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/jsonpath.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace qdrant2pg::demo {

namespace {

bool isKeyCharacter(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte) != 0 || c == '_' || c == '-';
}

bool readKey(std::string_view& text, JsonPath& path)
{
    if (!text.empty() && text.front() == '"') {
        const std::size_t end = text.find('"', 1);
        if (end == std::string_view::npos)
            return false;
        path.push_back({PathPart::Kind::Key, std::string(text.substr(1, end - 1)), 0});
        text.remove_prefix(end + 1);
        return true;
    }
    const auto end = std::find_if_not(text.begin(), text.end(), isKeyCharacter);
    const auto length = static_cast<std::size_t>(end - text.begin());
    if (length == 0)
        return false;
    path.push_back({PathPart::Kind::Key, std::string(text.substr(0, length)), 0});
    text.remove_prefix(length);
    return true;
}

bool readBracket(std::string_view& text, JsonPath& path)
{
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos)
        return false;
    PathPart part{PathPart::Kind::Any, {}, 0};
    if (end > 1) {
        part.kind = PathPart::Kind::Index;
        const auto [rest, error] = std::from_chars(text.data() + 1, text.data() + end, part.index);
        if (error != std::errc() || rest != text.data() + end)
            return false;
    }
    path.push_back(std::move(part));
    text.remove_prefix(end + 1);
    return true;
}

void collectFrom(const Json& value, const JsonPath& path, std::size_t at, std::vector<const Json*>& out)
{
    if (at == path.size()) {
        out.push_back(&value);
        return;
    }
    const PathPart& part = path[at];
    if (part.kind == PathPart::Kind::Key) {
        if (const Json* member = value.find(part.key))
            collectFrom(*member, path, at + 1, out);
    } else if (part.kind == PathPart::Kind::Index) {
        if (part.index < value.items().size())
            collectFrom(value.items()[part.index], path, at + 1, out);
    } else {
        for (const Json& item : value.items())
            collectFrom(item, path, at + 1, out);
    }
}

bool startsWith(const JsonPath& path, const JsonPath& start)
{
    return path.size() >= start.size() && std::equal(start.begin(), start.end(), path.begin());
}

/// Walks the payload and keeps the values that \a keep wants, given their path with `[]` for items.
template <class Keep>
void appendFiltered(std::string& out, const Json& value, JsonPath& path, const Keep& keep)
{
    if (value.isObject()) {
        bool first = true;
        out += '{';
        for (const Json::Member& member : value.members()) {
            path.push_back({PathPart::Kind::Key, member.key, 0});
            if (keep(path, member.value)) {
                if (!first)
                    out += ',';
                first = false;
                out.append(member.rawKey).append(":");
                appendFiltered(out, member.value, path, keep);
            }
            path.pop_back();
        }
        out += '}';
    } else if (value.isArray()) {
        bool first = true;
        out += '[';
        path.push_back({PathPart::Kind::Any, {}, 0});
        for (const Json& item : value.items()) {
            if (keep(path, item)) {
                if (!first)
                    out += ',';
                first = false;
                appendFiltered(out, item, path, keep);
            }
        }
        path.pop_back();
        out += ']';
    } else {
        out += value.raw();
    }
}

} // namespace

std::optional<JsonPath> parseJsonPath(std::string_view text)
{
    JsonPath path;
    if (!readKey(text, path))
        return std::nullopt;
    while (!text.empty()) {
        bool good = false;
        if (text.front() == '[') {
            good = readBracket(text, path);
        } else if (text.front() == '.') {
            text.remove_prefix(1);
            good = readKey(text, path);
        }
        if (!good)
            return std::nullopt;
    }
    return path;
}

void collectValues(const Json& root, const JsonPath& path, std::vector<const Json*>& out)
{
    collectFrom(root, path, 0, out);
}

std::vector<const Json*> leafValues(const Json& root, const JsonPath& path)
{
    std::vector<const Json*> found;
    collectValues(root, path, found);
    std::vector<const Json*> leaves;
    for (const Json* value : found) {
        if (!value->isArray()) {
            leaves.push_back(value);
            continue;
        }
        for (const Json& item : value->items())
            leaves.push_back(&item);
    }
    return leaves;
}

void appendSelected(std::string& out, const Json& payload, const PayloadSelection& selection)
{
    JsonPath path;
    const auto any = [&selection](const auto& test) {
        return std::any_of(selection.paths.begin(), selection.paths.end(), test);
    };
    if (selection.kind == PayloadSelection::Kind::Include) {
        appendFiltered(out, payload, path, [&any](const JsonPath& here, const Json&) {
            return any(
                [&](const JsonPath& wanted) { return startsWith(here, wanted) || startsWith(wanted, here); });
        });
    } else if (selection.kind == PayloadSelection::Kind::Exclude) {
        appendFiltered(out, payload, path, [&any](const JsonPath& here, const Json&) {
            return !any([&](const JsonPath& unwanted) { return startsWith(here, unwanted); });
        });
    } else {
        out += payload.raw();
    }
}

} // namespace qdrant2pg::demo
