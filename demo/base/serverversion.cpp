// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/serverversion.h"

#include <array>
#include <charconv>

namespace qdrant2pg::demo {

std::optional<ServerVersion> ServerVersion::parse(std::string_view text)
{
    static constexpr std::array<ServerVersion, 13> releases{
        {{1, 7, 4}, {1, 8, 4}, {1, 9, 7}, {1, 10, 1}, {1, 11, 5}, {1, 12, 6}, {1, 13, 6}, {1, 14, 1},
            {1, 15, 5}, {1, 16, 3}, {1, 17, 1}, {1, 18, 3}, {1, 19, 0}}};
    std::array<int, 3> numbers{};
    std::size_t count = 0;
    while (count < numbers.size() && !text.empty()) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), numbers[count]);
        if (error != std::errc())
            return std::nullopt;
        ++count;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (!text.empty() && text.front() == '.')
            text.remove_prefix(1);
    }
    if (!text.empty() || count < 2)
        return std::nullopt;
    if (count == 3)
        return ServerVersion{numbers[0], numbers[1], numbers[2]};
    for (const ServerVersion& release : releases) {
        if (release.major == numbers[0] && release.minor == numbers[1])
            return release;
    }
    return std::nullopt;
}

std::string ServerVersion::text() const
{
    return std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(patch);
}

} // namespace qdrant2pg::demo
