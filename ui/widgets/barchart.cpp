// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/barchart.h"

#include "ui/widgets/style.h"

#include <QPainter>

namespace qdrant2pg {

namespace {

QColor segmentColor(const QString& kind, const ChartInk& ink)
{
    if (kind == QLatin1String("rejected") || kind == QLatin1String("missing"))
        return ink.mark;
    return kind == QLatin1String("skipped") ? ink.area : ink.line;
}

} // namespace

void paintChart(QPainter& painter, const BarChart& chart, const ChartInk& ink)
{
    constexpr double gap = 8;
    constexpr double textHeight = 20;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font = ink.font;
    font.setPixelSize(12);
    painter.setFont(font);
    for (const Bar& bar : chart.bars) {
        const double top = bar.y + bar.height / 2 - textHeight / 2;
        painter.setPen(ink.text);
        painter.drawText(QRectF(0, top, chart.labelWidth - gap, textHeight),
            int(Qt::AlignRight | Qt::AlignVCenter), bar.label);
        double end = chart.labelWidth;
        for (const BarSegment& segment : bar.segments) {
            painter.fillRect(
                QRectF(segment.x, bar.y, segment.width, bar.height), segmentColor(segment.kind, ink));
            end = segment.x + segment.width;
        }
        painter.drawText(QRectF(end + gap, top, chart.width - end - gap, textHeight),
            int(Qt::AlignLeft | Qt::AlignVCenter), bar.value);
    }
    painter.restore();
}

CollectionBars::CollectionBars(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Points by collection"));
}

void CollectionBars::setCollections(const QList<ReportCollection>& collections)
{
    m_collections = collections;
    setAccessibleDescription(collectionChart(collections, 1).description);
    updateGeometry();
    update();
}

QSize CollectionBars::sizeHint() const
{
    const double scale = chartScale(font());
    const BarChart chart = collectionChart(m_collections, 400);
    return {int(400 * scale), int(chart.height * scale)};
}

void CollectionBars::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const double scale = chartScale(font());
    painter.scale(scale, scale);
    ChartInk ink = ChartInk::fromPalette(palette(), font());
    ink.text = palette().color(QPalette::WindowText);
    paintChart(painter, collectionChart(m_collections, width() / scale), ink);
}

} // namespace qdrant2pg
