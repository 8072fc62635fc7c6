// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace qdrant2pg::demo {

/// Microseconds since 1970 UTC of a text that a datetime index understands; UTC without a zone.
[[nodiscard]] std::optional<std::int64_t> parseDatetime(std::string_view text);

} // namespace qdrant2pg::demo
