// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/compare/searchcomparison.h"

#include <QSet>

#include <vector>

namespace qdrant2pg {

/// A hit with Qdrant's score (the higher or the lower is better, as the metric says). The id as the target
/// holds it. A score is absent where the server had none (NaN).
struct SearchHit {
    QString id;
    std::optional<double> score;
};
using SearchHits = std::vector<SearchHit>;

/// How far two scores may lie apart and still be the same: sums of float32 depend on the order in which a
/// CPU adds them.
struct ScoreTolerance {
    double relative = 1e-5;
    /// Smallest magnitude that the relative part refers to.
    double floor = 0;
    /// False for metrics whose numbers differ by design; then only ranks are compared.
    bool comparable = true;

    bool same(double a, double b, double scale) const;
};

/// What two exact answers disagree about; nothing when they agree. Hits with the same score may stand in any
/// order, and which of those that tie with the last one is shown is nobody's fault.
std::optional<QString> exactDifference(
    const SearchHits& source, const SearchHits& target, const ScoreTolerance& tolerance);

/// Part of the exact hits that was found. 1 when there was nothing to find.
double recallOf(
    const SearchHits& exact, const SearchHits& found, bool higherIsBetter, const ScoreTolerance& tolerance);

/// Part of `a` that is in `b`, by the size of the larger.
double overlapOf(const SearchHits& a, const SearchHits& b);

RecallStats recallStats(std::vector<double> recalls);
LatencyStats latencyStats(std::vector<double> milliseconds);
/// Between the nearest ranks; 0 for no values.
double percentile(std::vector<double> values, double part);

/// The first value of a curve (ascending) whose mean recall reaches the wanted one; 0 when none does.
int smallestReaching(const QList<CurvePoint>& curve, double wanted);

} // namespace qdrant2pg
