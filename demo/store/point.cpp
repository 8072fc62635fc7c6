// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/store/point.h"

#include <algorithm>
#include <array>

namespace qdrant2pg::demo {

bool VectorSelection::wants(std::string_view name) const
{
    return all || std::find(names.begin(), names.end(), name) != names.end();
}

bool PointReader::hasVector(std::string_view name) const
{
    if (m_generator == nullptr) {
        const auto& vectors = m_point.body->vectors;
        return std::any_of(
            vectors.begin(), vectors.end(), [name](const StoredVector& v) { return v.name == name; });
    }
    const auto& names = m_generator->vectorNames();
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name)
            return m_generator->hasVector(m_point.serial, i);
    }
    return false;
}

void PointReader::appendPayload(std::string& out) const
{
    if (m_generator == nullptr)
        out += m_point.body->payload;
    else
        m_generator->appendPayload(out, m_point.serial);
}

void PointReader::appendVectors(
    std::string& out, const VectorSelection& selection, std::size_t mapOrder) const
{
    std::array<std::size_t, 64> chosen{};
    std::size_t count = 0;
    const auto* names = m_generator == nullptr ? nullptr : &m_generator->vectorNames();
    const auto nameAt = [&](std::size_t i) -> const std::string& {
        return names != nullptr ? (*names)[i] : m_point.body->vectors[i].name;
    };
    const std::size_t total = names != nullptr ? names->size() : m_point.body->vectors.size();
    for (std::size_t i = 0; i < total && count < chosen.size(); ++i) {
        if ((names == nullptr || m_generator->hasVector(m_point.serial, i)) && selection.wants(nameAt(i)))
            chosen[count++] = i;
    }
    const auto appendOne = [&](std::size_t i) {
        if (names == nullptr)
            out += m_point.body->vectors[i].text;
        else
            m_generator->appendVector(out, m_point.serial, i);
    };
    if (count == 1 && nameAt(chosen[0]).empty()) {
        appendOne(chosen[0]);
        return;
    }
    out += '{';
    for (std::size_t k = 0; k < count; ++k) {
        const std::size_t i = chosen[(k + mapOrder) % count];
        if (k > 0)
            out += ',';
        appendQuoted(out, nameAt(i));
        out += ':';
        appendOne(i);
    }
    out += '}';
}

const StoredVector* PointReader::vector(std::string_view name, StoredVector& scratch) const
{
    if (m_generator == nullptr) {
        for (const StoredVector& vector : m_point.body->vectors) {
            if (vector.name == name)
                return &vector;
        }
        return nullptr;
    }
    const auto& names = m_generator->vectorNames();
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name && m_generator->hasVector(m_point.serial, i)) {
            scratch = m_generator->vector(m_point.serial, i);
            return &scratch;
        }
    }
    return nullptr;
}

} // namespace qdrant2pg::demo
