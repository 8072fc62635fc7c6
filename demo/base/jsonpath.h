// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/base/json.h"

#include <optional>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

struct PathPart {
    enum class Kind : std::uint8_t { Key, Index, Any };
    Kind kind = Kind::Key;
    std::string key;
    std::size_t index = 0;
    friend bool operator==(const PathPart&, const PathPart&) = default;
};

/// A payload path: `a.b`, `a[].b`, `a[0]`, `"odd.key".x`.
using JsonPath = std::vector<PathPart>;

/// Nothing when the text is no path; unquoted keys hold letters of any script, digits, `_` and `-`.
[[nodiscard]] std::optional<JsonPath> parseJsonPath(std::string_view text);

/// Every value at the path; a value that is an array is one value.
void collectValues(const Json& root, const JsonPath& path, std::vector<const Json*>& out);

/// The values at the path with arrays replaced by their items: what conditions and indexes look at.
[[nodiscard]] std::vector<const Json*> leafValues(const Json& root, const JsonPath& path);

/// Which part of the payload an answer holds.
struct PayloadSelection {
    enum class Kind : std::uint8_t { None, All, Include, Exclude };
    Kind kind = Kind::None;
    std::vector<JsonPath> paths;
};

/// Appends the selected part of a payload object; kept values are the original text.
void appendSelected(std::string& out, const Json& payload, const PayloadSelection& selection);

} // namespace qdrant2pg::demo
