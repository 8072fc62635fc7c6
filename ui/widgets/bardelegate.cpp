// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/bardelegate.h"

#include "ui/widgets/style.h"

#include <QPainter>

#include <algorithm>

namespace qdrant2pg {

BarDelegate::BarDelegate(int shareRole, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_shareRole(shareRole)
{
}

QSize BarDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    // Room for the bar under the text.
    const QSize text = QStyledItemDelegate::sizeHint(option, index);
    return {text.width(), text.height() + option.fontMetrics.height() / 2};
}

void BarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    const QVariant share = index.data(m_shareRole);
    if (!share.isValid())
        return;
    const int thickness = std::max(2, option.fontMetrics.height() / 7);
    QRectF bar(option.rect.left() + thickness, option.rect.bottom() - 2 * thickness,
        option.rect.width() - 2 * thickness, thickness);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(style::hairline(option.palette));
    painter->drawRoundedRect(bar, thickness / 2.0, thickness / 2.0);
    bar.setWidth(bar.width() * std::clamp(share.toDouble(), 0.0, 1.0));
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->setBrush(option.palette.color(selected ? QPalette::HighlightedText : QPalette::Highlight));
    painter->drawRoundedRect(bar, thickness / 2.0, thickness / 2.0);
    painter->restore();
}

} // namespace qdrant2pg
