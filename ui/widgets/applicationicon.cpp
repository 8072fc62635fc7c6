// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/applicationicon.h"

#include <QPainter>
#include <QPixmap>

namespace qdrant2pg {

namespace {

/// Side of the drawing's grid, that of the SVG file.
constexpr double grid = 64;

QPixmap drawn(int side)
{
    QPixmap pixmap(side, side);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(side / grid, side / grid);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor::fromRgb(0xff2357bd));
    painter.drawRoundedRect(QRectF(2, 2, 60, 60), 14, 14);
    painter.setBrush(QColor::fromRgb(0xff9fc0ff));
    for (const QPointF& point : {QPointF(15, 18), QPointF(24, 30), QPointF(13, 44), QPointF(25, 49)})
        painter.drawEllipse(point, 4, 4);
    painter.setBrush(QColor::fromRgb(0xffffffff));
    for (const double top : {14.0, 24.0, 34.0, 44.0})
        painter.drawRoundedRect(QRectF(36, top, 18, 6), 2, 2);
    return pixmap;
}

} // namespace

QIcon applicationIcon()
{
    QIcon icon;
    for (const int side : {16, 24, 32, 48, 64, 128, 256})
        icon.addPixmap(drawn(side));
    return icon;
}

} // namespace qdrant2pg
