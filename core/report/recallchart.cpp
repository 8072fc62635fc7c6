// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/recallchart.h"

#include "core/compare/comparisonwords.h"

#include <algorithm>
#include <cmath>

namespace qdrant2pg {

namespace {

constexpr double axisLeft = 52;
constexpr double axisBottom = 28;
constexpr double axisTop = 14;
constexpr double axisRight = 16;
/// Labels nearer than this would touch.
constexpr double leastTickDistance = 30;

QString coordinate(double value)
{
    return QString::number(value, 'f', 1);
}

QString textElement(double x, double y, const char* anchor, const QString& text)
{
    return QStringLiteral("<text x=\"%1\" y=\"%2\" text-anchor=\"%3\" class=\"tick\">%4</text>\n")
        .arg(coordinate(x), coordinate(y), QLatin1String(anchor), text.toHtmlEscaped());
}

QString horizontal(const RecallChart& chart, double y, const char* cssClass)
{
    return QStringLiteral("<line x1=\"%1\" x2=\"%2\" y1=\"%3\" y2=\"%3\" class=\"%4\"/>\n")
        .arg(coordinate(chart.left), coordinate(chart.right), coordinate(y), QLatin1String(cssClass));
}

QString polyline(const QList<ChartPoint>& points, const char* cssClass)
{
    QStringList texts;
    QString dots;
    for (const ChartPoint& point : points) {
        texts << coordinate(point.x) + QLatin1Char(',') + coordinate(point.y);
        dots += QStringLiteral("<circle cx=\"%1\" cy=\"%2\" r=\"3\" class=\"%3dot\"/>\n")
                    .arg(coordinate(point.x), coordinate(point.y), QLatin1String(cssClass));
    }
    return QStringLiteral("<path class=\"%1\" d=\"M%2\"/>\n")
               .arg(QLatin1String(cssClass), texts.join(QStringLiteral(" L")))
        + dots;
}

} // namespace

RecallChart recallChart(const SearchComparison& search, double width, double height)
{
    RecallChart chart;
    chart.width = width;
    chart.height = height;
    chart.left = axisLeft;
    chart.top = axisTop;
    chart.right = width - axisRight;
    chart.bottom = height - axisBottom;
    if (search.curve.size() < 2) {
        chart.description = QStringLiteral("Recall was measured at one setting only.");
        return chart;
    }
    double lowest = search.wantedRecall;
    for (const CurvePoint& point : search.curve)
        lowest = std::min({lowest, point.measure.recall.mean, point.measure.recall.p5});
    if (search.qdrantIndex)
        lowest = std::min(lowest, search.qdrantIndex->recall.mean);
    // Room below the lowest point, in steps that people read off.
    constexpr int yParts = 5;
    const double step = niceStep(std::max(0.05, 1 - lowest), yParts);
    const double least = std::max(0.0, 1 - std::ceil((1 - lowest) / step + 0.25) * step);
    const double begin = std::log(search.curve.first().setting);
    const double span = std::max(1e-9, std::log(search.curve.last().setting) - begin);
    const auto x = [&](int setting) {
        return chart.left + (std::log(setting) - begin) / span * (chart.right - chart.left);
    };
    const auto y = [&](double recall) {
        return chart.bottom - (recall - least) / (1 - least) * (chart.bottom - chart.top);
    };
    double lastTick = -leastTickDistance;
    for (const CurvePoint& point : search.curve) {
        const double at = x(point.setting);
        chart.mean.append({at, y(point.measure.recall.mean)});
        chart.p5.append({at, y(point.measure.recall.p5)});
        if (at - lastTick >= leastTickDistance) {
            chart.xTicks.append({at, QString::number(point.setting)});
            lastTick = at;
        }
    }
    for (double recall = 1; recall >= least - 1e-9; recall -= step)
        chart.yTicks.append({y(recall), QString::number(recall, 'f', 2)});
    chart.wantedY = y(search.wantedRecall);
    if (search.qdrantIndex)
        chart.qdrantY = y(search.qdrantIndex->recall.mean);
    if (const CurvePoint* now = verdictPoint(search))
        chart.nowX = x(now->setting);
    chart.description = QStringLiteral("Recall@%1 over %2: %3 at %4, %5 at %6.")
                            .arg(QString::number(search.k), search.settingName,
                                recallText(search.curve.first().measure.recall.mean),
                                QString::number(search.curve.first().setting),
                                recallText(search.curve.last().measure.recall.mean),
                                QString::number(search.curve.last().setting));
    return chart;
}

QString recallChartSvg(const RecallChart& chart)
{
    if (chart.mean.isEmpty())
        return {};
    QString svg = QStringLiteral(
        "<svg viewBox=\"0 0 %1 %2\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\">\n<title>%3</title>\n")
                      .arg(coordinate(chart.width), coordinate(chart.height),
                          chart.description.toHtmlEscaped());
    for (const ChartTick& tick : chart.yTicks)
        svg += horizontal(chart, tick.position, "grid")
            + textElement(chart.left - 8, tick.position + 4, "end", tick.label);
    for (const ChartTick& tick : chart.xTicks)
        svg += textElement(tick.position, chart.bottom + 18, "middle", tick.label);
    if (chart.nowX >= 0)
        svg += QStringLiteral("<line x1=\"%1\" x2=\"%1\" y1=\"%2\" y2=\"%3\" class=\"now\"/>\n")
                   .arg(coordinate(chart.nowX), coordinate(chart.top), coordinate(chart.bottom));
    if (chart.wantedY >= 0)
        svg += horizontal(chart, chart.wantedY, "wanted");
    if (chart.qdrantY >= 0)
        svg += horizontal(chart, chart.qdrantY, "qdrant");
    svg += polyline(chart.p5, "p5") + polyline(chart.mean, "line");
    return svg + QStringLiteral("</svg>\n");
}

} // namespace qdrant2pg
