// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>

#include "core/qdrant/rest/fastfloat.h"
#include "tests/unit/qdrant/qdranttext.h"

namespace qdrant2pg::test {

/// Every finite float whose bits are in [from, to): as Qdrant prints it, back to the same bits. Counts the
/// others.
inline std::uint64_t countWrong(std::uint64_t from, std::uint64_t to, std::uint32_t& example)
{
    constexpr std::size_t together = 4096;
    std::string text;
    std::uint64_t wrong = 0;
    for (std::uint64_t start = from; start < to; start += together) {
        text.clear();
        const std::uint64_t stop = std::min(to, start + together);
        for (std::uint64_t bits = start; bits < stop; ++bits) {
            const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
            if (!std::isfinite(value))
                continue;
            appendQdrantFloat(text, value);
            text += ',';
        }
        const char* at = text.data();
        const char* const end = at + text.size();
        for (std::uint64_t bits = start; bits < stop; ++bits) {
            if (!std::isfinite(std::bit_cast<float>(static_cast<std::uint32_t>(bits))))
                continue;
            float value = 0;
            const char* const next = readFloatInList(text.data(), at, end, value);
            if (!next || *next != ',' || std::bit_cast<std::uint32_t>(value) != bits) {
                ++wrong;
                example = static_cast<std::uint32_t>(bits);
                at = static_cast<const char*>(std::memchr(at, ',', static_cast<std::size_t>(end - at))) + 1;
                continue;
            }
            at = next + 1;
        }
    }
    return wrong;
}

} // namespace qdrant2pg::test
