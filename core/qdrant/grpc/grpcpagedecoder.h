// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/qdrant/pointpage.h"

#include <QByteArray>

#include <string>
#include <string_view>
#include <vector>

namespace qdrant2pg {

/// Reads qdrant.ScrollResponse from the bytes of the wire into a page, in one pass forward. Both forms of
/// vectors: the legacy fields of servers up to 1.16 and the oneof of later ones (qdrant.md section 7). Dense
/// vectors are packed floats and are copied as they are. Points whose payload cannot be carried exactly are
/// marked (PointView::inexact). Reusable, keeps its buffers; one thread at a time.
class GrpcPageDecoder {
public:
    /// A Protocol error when the bytes are no such message; the page is empty then. The page holds `body`
    /// afterwards. `payloadRequested`: a point without payload gets "{}", else an empty view.
    [[nodiscard]] Result<void> decode(QByteArray body, PointPage& page, bool payloadRequested = true);

private:
    class Reader;

    /// Where a text that is still growing begins and ends.
    struct Extent {
        std::size_t first = 0;
        std::size_t count = 0;
    };
    std::vector<Extent> m_payloads;
    std::vector<Extent> m_indices;
};

} // namespace qdrant2pg
