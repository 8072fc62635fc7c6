// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/qdrant/pointpage.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace qdrant2pg {

/// Reads the body of a scroll, retrieve, search or query reply into a page. One pass by hand over the text:
/// strict about JSON (skipped values too, so that a payload slice is always one whole valid value), tolerant
/// about keys it does not know. All shapes of qdrant.md section 4. Reusable, keeps its buffers; one thread at
/// a time.
class RestPageDecoder {
public:
    /// Protocol errors: retryable when the text is not whole or not JSON (a broken transfer), not retryable
    /// and naming the point when a value is not what Qdrant sends. The page is empty then. The page holds
    /// `body` afterwards. `payloadRequested`: a point without payload gets "{}", else an empty view.
    [[nodiscard]] Result<void> decode(QByteArray body, PointPage& page, bool payloadRequested = true);

    /// Scores of the points of the last page, where the reply had some: in order, nothing for null (NaN).
    /// Empty for scroll and retrieve.
    const std::vector<std::optional<double>>& scores() const { return m_scores; }

private:
    friend class RestPageReader;

    /// Extents of a vector while the arrays still grow.
    struct Extent {
        std::size_t firstValue = 0;
        std::size_t valueCount = 0;
        std::size_t firstIndex = 0;
        std::size_t indexCount = 0;
    };
    std::vector<Extent> m_extents;
    std::vector<std::optional<double>> m_scores;
};

} // namespace qdrant2pg
