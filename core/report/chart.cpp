// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/chart.h"

#include "core/common/units.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace qdrant2pg {

namespace {

constexpr double axisLeft = 64;
constexpr double axisBottom = 26;
constexpr double axisTop = 14;
constexpr double axisRight = 10;
constexpr int mostXTicks = 8;
constexpr int mostYTicks = 4;
/// More points than this are below what a screen resolves.
constexpr qsizetype mostPoints = 600;

/// A step that people count time in, for at most `most` parts of `seconds`.
double timeStep(double seconds, int most)
{
    for (const double step :
        {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0}) {
        if (seconds / step <= most)
            return step;
    }
    return 3600.0 * niceStep(seconds / 3600.0, most);
}

/// All ticks of an axis in one form, which follows from its length.
QString tickTime(double seconds, double step, double span)
{
    constexpr double minute = 60;
    constexpr double hour = 3600;
    if (span < 2 * minute)
        return QStringLiteral("%1 s").arg(seconds, 0, 'f', step < 1 ? 1 : 0);
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (span < 2 * hour && step < minute)
        return QStringLiteral("%1:%2 min").arg(whole / 60).arg(whole % 60, 2, 10, QLatin1Char('0'));
    if (span < 2 * hour)
        return QStringLiteral("%1 min").arg(whole / 60);
    return QStringLiteral("%1:%2 h").arg(whole / 3600).arg((whole % 3600) / 60, 2, 10, QLatin1Char('0'));
}

/// While indexes are built and rows compared no points move and no samples are taken: such a gap is drawn as
/// the nothing that it was, and the end of the run after the last points is left out.
QList<ReportSample> withGaps(const QList<ReportSample>& samples)
{
    if (samples.size() < 3)
        return samples;
    std::vector<qint64> steps;
    for (qsizetype i = 1; i < samples.size(); ++i)
        steps.push_back((samples[i].at - samples[i - 1].at).count());
    std::nth_element(
        steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2), steps.end());
    constexpr qint64 leastGapMs = 3'000;
    const qint64 gap = std::max(leastGapMs, 5 * steps[steps.size() / 2]);
    QList<ReportSample> out{samples.first()};
    for (qsizetype i = 1; i < samples.size(); ++i) {
        const ReportSample& next = samples[i];
        if ((next.at - out.last().at).count() > gap) {
            const bool isEnd = i + 1 == samples.size() && next.rowsPerSecond <= 0;
            if (isEnd)
                break;
            out.append({out.last().at + std::chrono::milliseconds(1), 0, 0, {}});
            out.append({next.at - std::chrono::milliseconds(1), 0, 0, {}});
        }
        out.append(next);
    }
    return out;
}

/// Mean of each of `mostPoints` equal parts; marks stay.
QList<ReportSample> thinned(const QList<ReportSample>& samples)
{
    if (samples.size() <= mostPoints)
        return samples;
    QList<ReportSample> out;
    for (qsizetype part = 0; part < mostPoints; ++part) {
        const qsizetype begin = part * samples.size() / mostPoints;
        const qsizetype end = (part + 1) * samples.size() / mostPoints;
        ReportSample mean;
        for (qsizetype i = begin; i < end; ++i) {
            mean.rowsPerSecond += samples[i].rowsPerSecond / static_cast<double>(end - begin);
            if (!samples[i].mark.isEmpty())
                mean.mark = samples[i].mark;
        }
        mean.at = samples[begin].at;
        out.append(mean);
    }
    return out;
}

QString coordinate(double value)
{
    return QString::number(value, 'f', 1);
}

QString pathPoint(const ChartPoint& point)
{
    return coordinate(point.x) + QLatin1Char(',') + coordinate(point.y);
}

QString textElement(double x, double y, const char* anchor, const char* cssClass, const QString& text)
{
    return QStringLiteral("<text x=\"%1\" y=\"%2\" text-anchor=\"%3\" class=\"%4\">%5</text>\n")
        .arg(coordinate(x), coordinate(y), QLatin1String(anchor), QLatin1String(cssClass),
            text.toHtmlEscaped());
}

QString svgOpen(double width, double height, const QString& description)
{
    return QStringLiteral(
        "<svg viewBox=\"0 0 %1 %2\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">\n<title>%3</title>\n")
        .arg(coordinate(width), coordinate(height), description.toHtmlEscaped());
}

} // namespace

double niceStep(double range, int most)
{
    if (!(range > 0) || most < 1)
        return 1;
    const double rough = range / most;
    const double magnitude = std::pow(10.0, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        if (factor * magnitude >= rough * (1 - 1e-9))
            return factor * magnitude;
    }
    return 10 * magnitude;
}

AreaChart throughputChart(
    const QList<ReportSample>& allSamples, double meanRowsPerSecond, double width, double height)
{
    AreaChart chart{
        width, height, axisLeft, axisTop, width - axisRight, height - axisBottom, {}, {}, {}, {}, -1, {}};
    const QList<ReportSample> samples = thinned(withGaps(allSamples));
    if (samples.size() < 2 || samples.last().at <= samples.first().at) {
        chart.description = QStringLiteral("The run was too short for a throughput chart.");
        return chart;
    }
    double top = meanRowsPerSecond;
    for (const ReportSample& sample : samples)
        top = std::max(top, sample.rowsPerSecond);
    const double peak = top;
    const double yStep = niceStep(std::max(top, 1.0), mostYTicks);
    top = std::ceil(std::max(top, 1.0) / yStep) * yStep;
    const double begin = static_cast<double>(samples.first().at.count());
    const double span = static_cast<double>(samples.last().at.count()) - begin;
    const auto x = [&](double milliseconds) {
        return chart.left + (milliseconds - begin) / span * (chart.right - chart.left);
    };
    const auto y = [&](double rows) {
        return chart.bottom - rows / top * (chart.bottom - chart.top);
    };

    for (const ReportSample& sample : samples) {
        const double sx = x(static_cast<double>(sample.at.count()));
        chart.line.append({sx, y(sample.rowsPerSecond)});
        if (!sample.mark.isEmpty())
            chart.marks.append({sx, sample.mark});
    }
    for (int i = 0; i * yStep <= top * (1 + 1e-9); ++i)
        chart.yTicks.append({y(i * yStep), formatCount(std::llround(i * yStep))});
    const double xStep = timeStep(span / 1000.0, mostXTicks);
    for (double seconds = std::ceil(begin / 1000.0 / xStep) * xStep;
         seconds * 1000.0 <= begin + span * (1 + 1e-9); seconds += xStep)
        chart.xTicks.append({x(seconds * 1000.0), tickTime(seconds, xStep, (begin + span) / 1000.0)});
    if (meanRowsPerSecond > 0)
        chart.meanY = y(meanRowsPerSecond);
    chart.description =
        QStringLiteral("Throughput over %1: %2 rows per second on average, %3 at most, %4 marks.")
            .arg(formatDuration(std::chrono::milliseconds(static_cast<qint64>(span))),
                formatCount(std::llround(meanRowsPerSecond)), formatCount(std::llround(peak)))
            .arg(chart.marks.size());
    return chart;
}

BarChart collectionChart(const QList<ReportCollection>& collections, double width)
{
    constexpr double barHeight = 16;
    constexpr double rowHeight = 28;
    constexpr double valueWidth = 120;
    constexpr double letterWidth = 7.2;
    constexpr qsizetype longestLabel = 28;
    BarChart chart;
    chart.width = width;
    qint64 largest = 1;
    qsizetype letters = 4;
    for (const ReportCollection& collection : collections) {
        const qint64 done = collection.stored.value.value_or(0) + collection.rejected.value.value_or(0)
            + collection.skipped.value.value_or(0);
        largest = std::max({largest, done, collection.source.value.value_or(0)});
        letters = std::max(letters, std::min(collection.name.size(), longestLabel));
    }
    chart.labelWidth = static_cast<double>(letters) * letterWidth + 12;
    const double room = std::max(40.0, width - chart.labelWidth - valueWidth);
    double y = 6;
    for (const ReportCollection& collection : collections) {
        Bar bar;
        bar.y = y;
        bar.height = barHeight;
        bar.label = collection.name.size() > longestLabel
            ? collection.name.left(longestLabel - 1) + QChar(0x2026)
            : collection.name;
        const qint64 stored = collection.stored.value.value_or(0);
        const qint64 rejected = collection.rejected.value.value_or(0);
        const qint64 skipped = collection.skipped.value.value_or(0);
        const qint64 missing =
            std::max<qint64>(0, collection.source.value.value_or(0) - stored - rejected - skipped);
        double x = chart.labelWidth;
        const auto add = [&](qint64 count, const char* kind) {
            if (count <= 0)
                return;
            // A few rejects among millions must stay visible.
            const double segment =
                std::max(2.0, static_cast<double>(count) / static_cast<double>(largest) * room);
            bar.segments.append({x, segment, QLatin1String(kind)});
            x += segment;
        };
        add(stored, "stored");
        add(skipped, "skipped");
        add(rejected, "rejected");
        add(missing, "missing");
        bar.value = formatCount(stored + skipped);
        chart.bars.append(bar);
        chart.description += (chart.description.isEmpty() ? QString() : QStringLiteral("; "))
            + QStringLiteral("%1: %2 stored, %3 rejected, %4 skipped")
                  .arg(collection.name, formatCount(stored), formatCount(rejected), formatCount(skipped));
        y += rowHeight;
    }
    chart.height = y;
    return chart;
}

QString areaChartSvg(const AreaChart& chart)
{
    if (chart.line.isEmpty())
        return {};
    QString svg = svgOpen(chart.width, chart.height, chart.description);
    for (const ChartTick& tick : chart.yTicks) {
        svg += QStringLiteral("<line x1=\"%1\" x2=\"%2\" y1=\"%3\" y2=\"%3\" class=\"grid\"/>\n")
                   .arg(coordinate(chart.left), coordinate(chart.right), coordinate(tick.position));
        svg += textElement(chart.left - 8, tick.position + 4, "end", "tick", tick.label);
    }
    for (const ChartTick& tick : chart.xTicks)
        svg += textElement(tick.position, chart.bottom + 18, "middle", "tick", tick.label);
    QStringList points;
    for (const ChartPoint& point : chart.line)
        points << pathPoint(point);
    svg += QStringLiteral("<path class=\"area\" d=\"M%1 L%2 L%3 Z\"/>\n")
               .arg(pathPoint({chart.line.first().x, chart.bottom}), points.join(QStringLiteral(" L")),
                   pathPoint({chart.line.last().x, chart.bottom}));
    svg += QStringLiteral("<path class=\"line\" d=\"M%1\"/>\n").arg(points.join(QStringLiteral(" L")));
    if (chart.meanY >= 0)
        svg += QStringLiteral("<line x1=\"%1\" x2=\"%2\" y1=\"%3\" y2=\"%3\" class=\"mean\"/>\n")
                   .arg(coordinate(chart.left), coordinate(chart.right), coordinate(chart.meanY));
    for (const ChartMark& mark : chart.marks)
        svg += QStringLiteral(
            "<line x1=\"%1\" x2=\"%1\" y1=\"%2\" y2=\"%3\" class=\"mark\"><title>%4</title></line>\n"
            "<path class=\"markhead\" d=\"M%5 L%6 L%7 Z\"/>\n")
                   .arg(coordinate(mark.x), coordinate(chart.top), coordinate(chart.bottom),
                       mark.label.toHtmlEscaped(), pathPoint({mark.x - 4, chart.top - 8}),
                       pathPoint({mark.x + 4, chart.top - 8}), pathPoint({mark.x, chart.top}));
    return svg + QStringLiteral("</svg>\n");
}

QString barChartSvg(const BarChart& chart)
{
    if (chart.bars.isEmpty())
        return {};
    QString svg = svgOpen(chart.width, chart.height, chart.description);
    for (const Bar& bar : chart.bars) {
        const double middle = bar.y + bar.height / 2 + 4;
        svg += textElement(chart.labelWidth - 10, middle, "end", "label", bar.label);
        double end = chart.labelWidth;
        for (const BarSegment& segment : bar.segments) {
            svg += QStringLiteral("<rect x=\"%1\" y=\"%2\" width=\"%3\" height=\"%4\" class=\"%5\"/>\n")
                       .arg(coordinate(segment.x), coordinate(bar.y), coordinate(segment.width),
                           coordinate(bar.height), segment.kind);
            end = segment.x + segment.width;
        }
        svg += textElement(end + 8, middle, "start", "value", bar.value);
    }
    return svg + QStringLiteral("</svg>\n");
}

} // namespace qdrant2pg
