// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/jsontext.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qdrant2pg {

/// Pieces of a sound JSON text as they stand there, so that no number changes. Views of the text.

/// A member of a JSON object: its key without escapes, its value as text.
struct JsonMember {
    std::string key;
    std::string_view value;
};

/// An object's members by key. Null stands for a member that is not there.
class JsonMembers {
public:
    /// False for what is no object, and where a key stands twice.
    bool read(std::string_view object)
    {
        bool sound = true;
        const bool whole = jsontext::forEachMember(object, [&](std::string_view raw, std::string_view value) {
            auto key = jsontext::unescape(raw);
            sound = key && !m_seen.contains(*key);
            if (sound) {
                m_seen.push_back(*key);
                if (value != "null")
                    m_list.push_back({std::move(*key), value});
            }
            return sound;
        });
        return whole && sound;
    }
    const std::vector<JsonMember>& list() const { return m_list; }
    std::size_t size() const { return m_list.size(); }
    /// Empty when it is not there.
    std::string_view value(std::string_view key) const
    {
        const auto found = std::ranges::find(m_list, key, &JsonMember::key);
        return found == m_list.end() ? std::string_view() : found->value;
    }
    template <std::size_t count> bool isSubsetOf(const std::array<std::string_view, count>& keys) const
    {
        return std::ranges::all_of(m_list,
            [&keys](const JsonMember& member) { return std::ranges::find(keys, member.key) != keys.end(); });
    }

private:
    struct Seen : std::vector<std::string> {
        bool contains(const std::string& key) const { return std::ranges::find(*this, key) != end(); }
    };
    std::vector<JsonMember> m_list;
    Seen m_seen;
};

/// The text of a string token; nothing for other tokens.
inline std::optional<std::string> textOf(std::string_view token)
{
    if (token.size() < 2 || token.front() != '"')
        return std::nullopt;
    return jsontext::unescape(token.substr(1, token.size() - 2));
}

/// The values of a list; none for other tokens.
inline std::vector<std::string_view> elementsOf(std::string_view array)
{
    std::vector<std::string_view> elements;
    jsontext::forEachElement(array, [&elements](std::string_view element) {
        elements.push_back(element);
        return true;
    });
    return elements;
}

} // namespace qdrant2pg
