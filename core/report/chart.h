// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/runreport.h"

#include <QList>
#include <QString>

namespace qdrant2pg {

/// Geometry of a chart in its own units (y downwards), so that an SVG writer and a painter draw the same
/// picture.

struct ChartPoint {
    double x = 0;
    double y = 0;
    bool operator==(const ChartPoint&) const = default;
};

struct ChartTick {
    /// x for the horizontal axis, y for the vertical one.
    double position = 0;
    QString label;
};

struct ChartMark {
    double x = 0;
    QString label;
};

/// Rows per second over time as an area with marks for retries and pauses.
struct AreaChart {
    double width = 0;
    double height = 0;
    /// The plot inside the axes.
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;
    QList<ChartPoint> line;
    QList<ChartTick> xTicks;
    QList<ChartTick> yTicks;
    QList<ChartMark> marks;
    /// Mean as a horizontal line; negative when there is none.
    double meanY = -1;
    /// The picture in words, for people who do not see it.
    QString description;
};

/// Too few samples for a picture give an empty line.
AreaChart throughputChart(
    const QList<ReportSample>& samples, double meanRowsPerSecond, double width, double height);

struct BarSegment {
    double x = 0;
    double width = 0;
    /// stored, rejected, skipped, missing.
    QString kind;
};

struct Bar {
    double y = 0;
    double height = 0;
    QString label;
    QString value;
    QList<BarSegment> segments;
};

/// One bar per collection: stored, rejected, skipped and what is missing, on one scale.
struct BarChart {
    double width = 0;
    double height = 0;
    double labelWidth = 0;
    QList<Bar> bars;
    QString description;
};

BarChart collectionChart(const QList<ReportCollection>& collections, double width);

/// SVG element without size of its own (it scales with its container); colours come from CSS classes.
QString areaChartSvg(const AreaChart& chart);
QString barChartSvg(const BarChart& chart);

/// A step of 1, 2 or 5 times a power of ten that divides `range` into at most `most` parts.
double niceStep(double range, int most);

} // namespace qdrant2pg
