// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace qdrant2pg::demo {

/// Decodes the inside of a JSON string that Json::parse() has accepted.
[[nodiscard]] std::string unescaped(std::string_view text);

} // namespace qdrant2pg::demo
