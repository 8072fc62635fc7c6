// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/pagesizer.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr std::uint32_t firstLimit = 256;
constexpr std::uint32_t mostPoints = 5000;
/// A page may be this many times larger than wanted before it is given up: sizes vary, tenfold is an outlier.
constexpr qint64 replyBudgetFactor = 16;

} // namespace

PageSizer::PageSizer(qint64 targetBytes, double meanPointBytes, qint64 maxLimit)
    : m_targetBytes(targetBytes)
    , m_meanBytes(meanPointBytes)
    , m_cap(mostPoints)
    , m_maxLimit(
          maxLimit > 0 ? static_cast<std::uint32_t>(std::min<qint64>(maxLimit, mostPoints)) : mostPoints)
{
}

std::uint32_t PageSizer::limit() const
{
    const std::lock_guard lock(m_mutex);
    const double wanted = m_meanBytes > 0 ? static_cast<double>(m_targetBytes) / m_meanBytes : firstLimit;
    const auto points = static_cast<std::uint32_t>(std::clamp(wanted, 1.0, static_cast<double>(mostPoints)));
    return std::max(1U, std::min({points, m_cap, m_maxLimit}));
}

qint64 PageSizer::maxReplyBytes() const
{
    if (limit() == 1)
        return 0;
    const std::lock_guard lock(m_mutex);
    return m_targetBytes * replyBudgetFactor;
}

void PageSizer::received(std::uint32_t points, std::size_t bytes)
{
    if (points == 0)
        return;
    const std::lock_guard lock(m_mutex);
    const double mean = static_cast<double>(bytes) / points;
    // Larger points count at once, smaller ones slowly: the next page must not be a surprise.
    m_meanBytes = mean > m_meanBytes ? mean : m_meanBytes * 0.8 + mean * 0.2;
    if (m_cap < mostPoints)
        m_cap = std::min(mostPoints, m_cap + std::max(1U, m_cap / 16));
}

bool PageSizer::halve()
{
    const std::uint32_t now = limit();
    const std::lock_guard lock(m_mutex);
    m_cap = std::max(1U, now / 2);
    return now > 1;
}

} // namespace qdrant2pg
