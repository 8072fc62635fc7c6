// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/retrypolicy.h"
#include "core/verify/verifyjob.h"

#include <memory>
#include <optional>

namespace qdrant2pg {

/// Reads the points of one range of ids from Qdrant again, in id order, one page ahead. Retries what may be
/// retried. Belongs to one thread.
class SourceCursor {
public:
    /// `sizer` is shared by the lanes of a collection.
    SourceCursor(const VerifyJob& job, PageSizer& sizer, std::stop_token stop);
    ~SourceCursor();

    /// Points at or after `lower` and before `upper` (nothing: open), of one shard key (JSON token; empty for
    /// all).
    void start(const std::optional<PointId>& lower, const std::optional<PointId>& upper,
        const std::string& shardKey);
    /// Moves to the next point; false at the end. Views of the point before become invalid.
    [[nodiscard]] Result<bool> next();
    const PointView& point() const { return m_page.points()[m_index]; }
    const PointPage& page() const { return m_page; }
    bool atPoint() const { return m_atPoint; }
    int retries() const { return m_retries; }

private:
    [[nodiscard]] Result<void> fetch();
    /// Asks for the next page when its turn has come; not when stopped before.
    void ask();

    const VerifyJob& m_job;
    PageSizer& m_sizer;
    std::stop_token m_stop;
    RetryPolicy m_retry;
    std::unique_ptr<PointSource> m_source;
    PointPage m_page;
    std::size_t m_index = 0;
    bool m_atPoint = false;
    bool m_asked = false;
    bool m_ended = true;
    int m_retries = 0;
    /// Where the page after the one at hand begins.
    std::optional<PointId> m_from;
    std::optional<PointId> m_upper;
    std::optional<PointId> m_last;
    std::string m_shardKey;
};

} // namespace qdrant2pg
