// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace qdrant2pg::demo {

/// The Qdrant version whose answers are imitated. Known from recordings: 1.18.3; the others from published
/// sources.
struct ServerVersion {
    int major = 1;
    int minor = 18;
    int patch = 3;

    /// `1.13` stands for the last release of that line that was read, `1.12.5` for itself.
    [[nodiscard]] static std::optional<ServerVersion> parse(std::string_view text);
    [[nodiscard]] bool atLeast(int wantedMinor, int wantedPatch = 0) const
    {
        return *this >= ServerVersion{1, wantedMinor, wantedPatch};
    }
    [[nodiscard]] std::string text() const;

    friend auto operator<=>(const ServerVersion&, const ServerVersion&) = default;
};

} // namespace qdrant2pg::demo
