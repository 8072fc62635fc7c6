// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "demo/base/json.h"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace qdrant2pg::test {

/// One random collection: its definition and its points as upload JSON. Equal seeds give equal collections.
class RandomCollection {
public:
    explicit RandomCollection(std::uint64_t seed)
        : m_random(seed)
    {
    }

    std::string definition();
    std::string points();

private:
    struct Vector {
        std::string name;
        int size = 0;
        bool multi = false;
        bool sparse = false;
    };

    int below(int end) { return static_cast<int>(m_random() % static_cast<std::uint64_t>(end)); }
    bool chance(int percent) { return below(100) < percent; }
    /// A string of what hurts; NUL only where it may be.
    std::string text(bool nul, int most);
    std::string quoted(const std::string& text) { return demo::jsonString(text); }
    std::string number();
    std::string id(int serial);
    std::string value(int depth);
    std::string payload();
    std::string floats(int count);
    std::string vector(const Vector& vector);
    std::string vectors();

    std::mt19937_64 m_random;
    std::vector<Vector> m_vectors;
    int m_ids = 0;
    int m_nul = 0;
};

} // namespace qdrant2pg::test
