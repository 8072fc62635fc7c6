// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/store/vectors.h"

#include <cstdint>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

/// An endless supply of different dense vectors made of shared pieces: a vector is cut into up to eight
/// pieces, and each piece is picked from a list of printed ones. Under Cosine every vector is of unit length.
class VectorPool {
public:
    /// \a vectors is how many will be asked for; few need few pieces.
    VectorPool(std::size_t dimensions, Distance distance, Datatype datatype, std::uint64_t seed,
        std::uint64_t vectors);

    [[nodiscard]] std::size_t dimensions() const { return m_dimensions; }
    /// Appends `[...]`.
    void appendText(std::string& out, std::uint64_t key) const;
    void appendValues(std::vector<float>& out, std::uint64_t key) const;

private:
    struct Slot {
        std::size_t size = 0; ///< dimensions of the piece
        std::vector<float> values; ///< all choices one after another
        std::vector<std::string> texts; ///< each with a leading comma, but for the first slot's
    };
    [[nodiscard]] std::size_t choice(std::size_t slot, std::uint64_t key) const;

    std::size_t m_dimensions;
    std::size_t m_choices = 1024;
    std::vector<Slot> m_slots;
};

} // namespace qdrant2pg::demo
