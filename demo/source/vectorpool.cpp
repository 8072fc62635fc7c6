// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/source/vectorpool.h"

#include "demo/base/numbers.h"

#include <algorithm>
#include <cmath>

namespace qdrant2pg::demo {

namespace {

/// Roughly normal: the sum of four uniform numbers, scaled to a deviation of one.
double bell(std::uint64_t key)
{
    const std::uint64_t bits = mix(key);
    double sum = 0;
    for (unsigned i = 0; i < 4; ++i)
        sum += static_cast<double>(bits >> (16 * i) & 0xffffU) / 65536.0 - 0.5;
    return sum * 1.7320508075688772;
}

} // namespace

VectorPool::VectorPool(
    std::size_t dimensions, Distance distance, Datatype datatype, std::uint64_t seed, std::uint64_t vectors)
    : m_dimensions(dimensions)
    , m_choices(std::clamp<std::size_t>(
          std::min<std::size_t>(800000 / std::max<std::size_t>(dimensions, 1), vectors), 64, 65536))
{
    const std::size_t slots = std::clamp<std::size_t>(dimensions / 4, 1, 8);
    const bool unit = distance == Distance::Cosine && datatype != Datatype::Uint8;
    for (std::size_t s = 0; s < slots; ++s) {
        Slot slot;
        slot.size = dimensions * (s + 1) / slots - dimensions * s / slots;
        slot.values.reserve(slot.size * m_choices);
        for (std::size_t c = 0; c < m_choices; ++c) {
            std::vector<double> piece(slot.size);
            double square = 0;
            for (std::size_t i = 0; i < slot.size; ++i) {
                piece[i] = bell(mix(seed + s) ^ (c * slot.size + i));
                square += piece[i] * piece[i];
            }
            // Each piece holds its share of the unit length, whatever the other pieces are.
            const double share = static_cast<double>(slot.size) / static_cast<double>(dimensions);
            const double scale = unit ? std::sqrt(share / square) : 1.0;
            std::string text;
            for (std::size_t i = 0; i < slot.size; ++i) {
                auto value = static_cast<float>(piece[i] * scale);
                if (datatype == Datatype::Float16)
                    value = roundToHalf(value);
                else if (datatype == Datatype::Uint8)
                    value = roundToUint8(128.0F + 40.0F * value);
                if (s > 0 || i > 0)
                    text += ',';
                appendFloat(text, value);
                slot.values.push_back(value);
            }
            slot.texts.push_back(std::move(text));
        }
        m_slots.push_back(std::move(slot));
    }
}

std::size_t VectorPool::choice(std::size_t slot, std::uint64_t key) const
{
    return mix(key + slot) % m_choices;
}

void VectorPool::appendText(std::string& out, std::uint64_t key) const
{
    out += '[';
    for (std::size_t s = 0; s < m_slots.size(); ++s)
        out += m_slots[s].texts[choice(s, key)];
    out += ']';
}

void VectorPool::appendValues(std::vector<float>& out, std::uint64_t key) const
{
    for (std::size_t s = 0; s < m_slots.size(); ++s) {
        const Slot& slot = m_slots[s];
        const auto first = slot.values.begin() + static_cast<std::ptrdiff_t>(choice(s, key) * slot.size);
        out.insert(out.end(), first, first + static_cast<std::ptrdiff_t>(slot.size));
    }
}

} // namespace qdrant2pg::demo
