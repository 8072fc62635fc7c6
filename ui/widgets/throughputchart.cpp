// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/throughputchart.h"

#include "ui/widgets/style.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace qdrant2pg {

namespace {

/// Line height that the geometry leaves room for.
constexpr double unitsPerLine = 15;
constexpr int linesHigh = 9;
constexpr int leastLinesHigh = 7;
constexpr int charactersWide = 60;
/// The words do not depend on the size.
constexpr double describedWidth = 600;
constexpr double describedHeight = 120;

void drawText(QPainter& painter, double x, double y, Qt::Alignment alignment, const QString& text)
{
    constexpr double room = 400;
    QRectF rect(x, y - unitsPerLine / 2, room, unitsPerLine);
    if (alignment.testFlag(Qt::AlignRight))
        rect.moveRight(x);
    else if (alignment.testFlag(Qt::AlignHCenter))
        rect.moveCenter({x, y});
    painter.drawText(rect, int(alignment | Qt::AlignVCenter), text);
}

} // namespace

double chartScale(const QFont& font)
{
    return QFontMetricsF(font).height() / unitsPerLine;
}

ChartInk ChartInk::fromPalette(const QPalette& palette, const QFont& font)
{
    const QColor highlight = palette.color(QPalette::Highlight);
    const QColor window = palette.color(QPalette::Window);
    return {palette.color(QPalette::PlaceholderText), style::hairline(palette), highlight,
        style::mixed(highlight, window, 0.25), style::statusColor(palette, Status::Warning), font};
}

void paintChart(QPainter& painter, const AreaChart& chart, const ChartInk& ink)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font = ink.font;
    font.setPixelSize(11);
    painter.setFont(font);
    for (const ChartTick& tick : chart.yTicks) {
        painter.setPen(QPen(ink.faint, 1));
        painter.drawLine(QPointF(chart.left, tick.position), QPointF(chart.right, tick.position));
        painter.setPen(ink.text);
        drawText(painter, chart.left - 6, tick.position, Qt::AlignRight, tick.label);
    }
    for (const ChartTick& tick : chart.xTicks) {
        painter.setPen(ink.text);
        const bool first = tick.position <= chart.left + 1;
        const bool last = tick.position >= chart.right - 20;
        drawText(painter, tick.position, chart.bottom + 13,
            first      ? Qt::AlignLeft
                : last ? Qt::AlignRight
                       : Qt::AlignHCenter,
            tick.label);
    }
    if (!chart.line.isEmpty()) {
        QPainterPath line;
        line.moveTo(chart.line.first().x, chart.line.first().y);
        for (const ChartPoint& point : chart.line)
            line.lineTo(point.x, point.y);
        QPainterPath area = line;
        area.lineTo(chart.line.last().x, chart.bottom);
        area.lineTo(chart.line.first().x, chart.bottom);
        area.closeSubpath();
        painter.fillPath(area, ink.area);
        painter.setPen(QPen(ink.line, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPath(line);
    }
    if (chart.meanY >= 0) {
        painter.setPen(QPen(ink.text, 1, Qt::DashLine));
        painter.drawLine(QPointF(chart.left, chart.meanY), QPointF(chart.right, chart.meanY));
    }
    for (const ChartMark& mark : chart.marks) {
        painter.setPen(QPen(ink.mark, 1.2, Qt::DotLine));
        painter.drawLine(QPointF(mark.x, chart.top), QPointF(mark.x, chart.bottom));
        painter.setPen(ink.mark);
        const bool right = mark.x > chart.right - 60;
        drawText(painter, mark.x + (right ? -4 : 4), chart.top + 2, right ? Qt::AlignRight : Qt::AlignLeft,
            mark.label);
    }
    painter.setPen(QPen(ink.text, 1));
    painter.drawLine(QPointF(chart.left, chart.bottom), QPointF(chart.right, chart.bottom));
    painter.restore();
}

ThroughputChart::ThroughputChart(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Points per second over time"));
}

void ThroughputChart::setSamples(const QList<ReportSample>& samples, double meanRowsPerSecond)
{
    m_samples = samples;
    m_mean = meanRowsPerSecond;
    update();
}

void ThroughputChart::describe()
{
    setAccessibleDescription(throughputChart(m_samples, m_mean, describedWidth, describedHeight).description);
}

void ThroughputChart::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

QSize ThroughputChart::sizeHint() const
{
    const QFontMetrics metrics(font());
    return {metrics.averageCharWidth() * charactersWide, metrics.height() * linesHigh};
}

QSize ThroughputChart::minimumSizeHint() const
{
    const QFontMetrics metrics(font());
    return {metrics.averageCharWidth() * charactersWide / 2, metrics.height() * leastLinesHigh};
}

void ThroughputChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const double scale = chartScale(font());
    const AreaChart chart = throughputChart(m_samples, m_mean, width() / scale, height() / scale);
    if (chart.line.isEmpty()) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(rect(), int(Qt::AlignCenter | Qt::TextWordWrap), m_emptyText);
        return;
    }
    painter.scale(scale, scale);
    paintChart(painter, chart, ChartInk::fromPalette(palette(), font()));
}

} // namespace qdrant2pg
