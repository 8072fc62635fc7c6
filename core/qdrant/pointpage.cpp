// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/pointpage.h"

namespace qdrant2pg {

void PointPage::clear()
{
    m_points.clear();
    m_vectors.clear();
    m_nextOffset.reset();
    m_wireBytes = 0;
    m_body.clear();
    for (auto& chunk : m_floats)
        chunk.clear();
    for (auto& chunk : m_indices)
        chunk.clear();
    m_texts.clear();
    m_payloadText.clear();
}

} // namespace qdrant2pg
