// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/recall.h"

#include <QHash>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace qdrant2pg {

namespace {

double largest(const SearchHits& hits)
{
    double most = 0;
    for (const SearchHit& hit : hits)
        most = std::max(most, std::abs(hit.score.value_or(0)));
    return most;
}

QString shown(const std::optional<double>& score)
{
    return score ? QString::number(*score, 'g', 9) : QStringLiteral("none");
}

double mean(const std::vector<double>& values)
{
    return values.empty()
        ? 0
        : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

} // namespace

bool ScoreTolerance::same(double a, double b, double scale) const
{
    return std::abs(a - b) <= relative * std::max(scale, floor);
}

std::optional<QString> exactDifference(
    const SearchHits& source, const SearchHits& target, const ScoreTolerance& tolerance)
{
    if (source.size() != target.size())
        return QStringLiteral("%1 hits in Qdrant, %2 in PostgreSQL").arg(source.size()).arg(target.size());
    const double scale = std::max(largest(source), largest(target));
    const auto same = [&](const std::optional<double>& a, const std::optional<double>& b) {
        return a.has_value() == b.has_value() && (!a || tolerance.same(*a, *b, scale));
    };
    QHash<QString, std::optional<double>> there;
    for (const SearchHit& hit : target)
        there.insert(hit.id, hit.score);
    for (std::size_t rank = 0; rank < source.size(); ++rank) {
        const SearchHit& hit = source[rank];
        if (tolerance.comparable && !same(hit.score, target[rank].score))
            return QStringLiteral("rank %1: score %2 (point %3) in Qdrant, %4 (point %5) in PostgreSQL")
                .arg(QString::number(rank + 1), shown(hit.score), hit.id, shown(target[rank].score),
                    target[rank].id);
        const auto found = there.constFind(hit.id);
        if (found == there.constEnd()) {
            // It ties with the last one, of which only so many are shown.
            if (same(hit.score, source.back().score) && tolerance.comparable)
                continue;
            return QStringLiteral("point %1 (rank %2, score %3) is not among the hits of PostgreSQL")
                .arg(hit.id)
                .arg(rank + 1)
                .arg(shown(hit.score));
        }
        if (tolerance.comparable && !same(hit.score, *found))
            return QStringLiteral("point %1: score %2 in Qdrant, %3 in PostgreSQL")
                .arg(hit.id, shown(hit.score), shown(*found));
    }
    return std::nullopt;
}

double recallOf(
    const SearchHits& exact, const SearchHits& found, bool higherIsBetter, const ScoreTolerance& tolerance)
{
    if (exact.empty())
        return 1;
    const double scale = std::max(largest(exact), largest(found));
    QSet<QString> wanted;
    for (const SearchHit& hit : exact)
        wanted.insert(hit.id);
    const std::optional<double> last = exact.back().score;
    std::size_t good = 0;
    for (const SearchHit& hit : found) {
        const bool asGood = hit.score && last
            && (tolerance.same(*hit.score, *last, scale)
                || (higherIsBetter ? *hit.score > *last : *hit.score < *last));
        if (wanted.contains(hit.id) || asGood)
            ++good;
    }
    return static_cast<double>(std::min(good, exact.size())) / static_cast<double>(exact.size());
}

double overlapOf(const SearchHits& a, const SearchHits& b)
{
    const std::size_t size = std::max(a.size(), b.size());
    if (size == 0)
        return 1;
    QSet<QString> ids;
    for (const SearchHit& hit : a)
        ids.insert(hit.id);
    const auto common =
        std::count_if(b.begin(), b.end(), [&ids](const SearchHit& hit) { return ids.contains(hit.id); });
    return static_cast<double>(common) / static_cast<double>(size);
}

double percentile(std::vector<double> values, double part)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const double at = part * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(at));
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (at - static_cast<double>(below)) * (values[above] - values[below]);
}

RecallStats recallStats(std::vector<double> recalls)
{
    if (recalls.empty())
        return {};
    return {mean(recalls), percentile(recalls, 0.5), percentile(recalls, 0.05),
        *std::min_element(recalls.begin(), recalls.end())};
}

LatencyStats latencyStats(std::vector<double> milliseconds)
{
    return {mean(milliseconds), percentile(milliseconds, 0.5), percentile(milliseconds, 0.95)};
}

int smallestReaching(const QList<CurvePoint>& curve, double wanted)
{
    // A mean of tenths summed up in binary must still equal the number that a person typed.
    constexpr double rounding = 1e-9;
    for (const CurvePoint& point : curve) {
        if (point.measure.recall.mean + rounding >= wanted)
            return point.setting;
    }
    return 0;
}

} // namespace qdrant2pg
