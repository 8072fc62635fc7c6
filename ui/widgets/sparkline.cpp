// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/sparkline.h"

#include "ui/widgets/style.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace qdrant2pg {

namespace {

struct Extent {
    float low = 0;
    float high = 0;
    bool any = false;
};

Extent extentOf(const QList<float>& values)
{
    Extent extent;
    for (const float value : values) {
        if (!std::isfinite(value))
            continue;
        extent.low = extent.any ? std::min(extent.low, value) : value;
        extent.high = extent.any ? std::max(extent.high, value) : value;
        extent.any = true;
    }
    return extent;
}

} // namespace

Sparkline::Sparkline(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void Sparkline::setValues(const QString& caption, const QList<float>& values)
{
    m_caption = caption;
    m_values = values;
    const Extent extent = extentOf(values);
    setAccessibleName(caption);
    setAccessibleDescription(extent.any
            ? tr("values from %1 to %2")
                  .arg(QLocale().toString(extent.low, 'g', 3), QLocale().toString(extent.high, 'g', 3))
            : QString());
    setToolTip(accessibleDescription());
    update();
}

QSize Sparkline::sizeHint() const
{
    return {style::textWidth(this, 30), fontMetrics().height() + 4 * style::unit(this)};
}

QSize Sparkline::minimumSizeHint() const
{
    return {style::textWidth(this, 10), sizeHint().height()};
}

void Sparkline::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int captionHeight = fontMetrics().height();
    painter.setPen(palette().color(QPalette::PlaceholderText));
    painter.drawText(QRect(0, 0, width(), captionHeight), Qt::AlignLeft | Qt::AlignVCenter,
        fontMetrics().elidedText(m_caption, Qt::ElideRight, width()));
    const QRectF plot = QRectF(rect()).adjusted(0, captionHeight + 2, -1, -2);
    const Extent extent = extentOf(m_values);
    if (!extent.any || m_values.size() < 2)
        return;
    const double span = std::max(1e-30, static_cast<double>(extent.high) - static_cast<double>(extent.low));
    const auto y = [&](double value) {
        return plot.bottom() - (value - static_cast<double>(extent.low)) / span * plot.height();
    };
    if (extent.low < 0 && extent.high > 0) {
        painter.setPen(style::hairline(palette()));
        painter.drawLine(QPointF(plot.left(), y(0)), QPointF(plot.right(), y(0)));
    }
    QPainterPath path;
    bool drawing = false;
    for (qsizetype i = 0; i < m_values.size(); ++i) {
        if (!std::isfinite(m_values[i])) {
            drawing = false;
            continue;
        }
        const QPointF point(
            plot.left() + plot.width() * static_cast<double>(i) / static_cast<double>(m_values.size() - 1),
            y(static_cast<double>(m_values[i])));
        if (drawing)
            path.lineTo(point);
        else
            path.moveTo(point);
        drawing = true;
    }
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1));
    painter.drawPath(path);
}

} // namespace qdrant2pg
