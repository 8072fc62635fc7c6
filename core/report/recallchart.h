// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/chart.h"

namespace qdrant2pg {

/// Recall over the search setting of an index: geometry for an SVG writer and a painter (chart.h). The
/// horizontal axis is logarithmic.
struct RecallChart {
    double width = 0;
    double height = 0;
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;
    QList<ChartPoint> mean;
    /// The worst twentieth of the queries.
    QList<ChartPoint> p5;
    QList<ChartTick> xTicks;
    QList<ChartTick> yTicks;
    /// Horizontal lines; negative when there is none.
    double wantedY = -1;
    double qdrantY = -1;
    /// Vertical line at the session's setting; negative when there is none.
    double nowX = -1;
    QString description;
};

/// Fewer than two points give an empty curve.
RecallChart recallChart(const SearchComparison& search, double width, double height);
QString recallChartSvg(const RecallChart& chart);

} // namespace qdrant2pg
