// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

#include <cstdint>
#include <mutex>

namespace qdrant2pg {

/// Learns how many points make a page of the wanted bytes (design.md section 4): halved when the server runs
/// into its time limit or a reply is too large, grown slowly. Shared by the lanes of one collection;
/// thread-safe.
class PageSizer {
public:
    /// meanPointBytes 0 = not known yet: begins with 256 points. maxLimit 0 = none but the built-in 5,000.
    PageSizer(qint64 targetBytes, double meanPointBytes, qint64 maxLimit);

    std::uint32_t limit() const;
    /// Replies that announce more than this are given up; 0 (no limit) once pages are down to one point.
    qint64 maxReplyBytes() const;
    void received(std::uint32_t points, std::size_t bytes);
    /// False when a page is one point already.
    bool halve();

private:
    mutable std::mutex m_mutex;
    qint64 m_targetBytes;
    double m_meanBytes;
    std::uint32_t m_cap;
    std::uint32_t m_maxLimit;
};

} // namespace qdrant2pg
