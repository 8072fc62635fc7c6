// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace qdrant2pg::demo {

/// Appends English-looking sentences of about \a bytes characters (plain ASCII, no quotes); the key decides
/// them.
void appendProse(std::string& out, std::uint64_t key, std::size_t bytes);

} // namespace qdrant2pg::demo
