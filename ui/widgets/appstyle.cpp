// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/appstyle.h"

#include "ui/widgets/style.h"

#include <QAbstractScrollArea>
#include <QHeaderView>
#include <QPainter>
#include <QStyleOption>

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr double radius = 3;

void drawButton(QPainter& painter, const QStyleOption& option)
{
    const QPalette& palette = option.palette;
    const QColor ink = palette.color(QPalette::ButtonText);
    QColor face = palette.color(QPalette::Button);
    const QStyle::State state = option.state;
    if (!state.testFlag(QStyle::State_Enabled))
        face = palette.color(QPalette::Window);
    else if (state.testFlag(QStyle::State_Sunken) || state.testFlag(QStyle::State_On))
        face = style::mixed(ink, face, 0.18);
    else if (state.testFlag(QStyle::State_MouseOver))
        face = style::mixed(ink, face, 0.08);
    const QColor highlight = palette.color(QPalette::Highlight);
    const bool strong = palette.color(QPalette::Active, QPalette::Button)
        == palette.color(QPalette::Active, QPalette::Highlight);
    const bool focused = state.testFlag(QStyle::State_HasFocus) && state.testFlag(QStyle::State_Enabled);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setBrush(face);
    painter.setPen(QPen(focused || strong ? highlight : style::mixed(ink, face, 0.30), 1));
    if (!state.testFlag(QStyle::State_Enabled))
        painter.setPen(QPen(style::hairline(palette), 1));
    painter.drawRoundedRect(frame, radius, radius);
    if (focused) {
        // On a button that is filled with the highlight colour a frame of that colour would not be seen.
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(strong ? ink : highlight, 1));
        painter.drawRoundedRect(frame.adjusted(1.5, 1.5, -1.5, -1.5), radius - 1, radius - 1);
    }
    painter.restore();
}

/// Where the slider of a scroll bar without arrows is; the whole bar is its groove.
QRect sliderOf(const QStyleOptionSlider& bar, int shortest)
{
    const bool across = bar.orientation == Qt::Horizontal;
    const int room = across ? bar.rect.width() : bar.rect.height();
    const qint64 range = qint64(bar.maximum) - bar.minimum;
    int length = room;
    if (range > 0)
        length = static_cast<int>(qint64(bar.pageStep) * room / (range + std::max(1, bar.pageStep)));
    length = std::clamp(length, std::min(shortest, room), room);
    const int start = QStyle::sliderPositionFromValue(
        bar.minimum, bar.maximum, bar.sliderPosition, room - length, bar.upsideDown);
    return across ? QRect(bar.rect.left() + start, bar.rect.top(), length, bar.rect.height())
                  : QRect(bar.rect.left(), bar.rect.top() + start, bar.rect.width(), length);
}

} // namespace

AppStyle::AppStyle()
    : QProxyStyle(QStringLiteral("Fusion"))
{
}

int AppStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_HeaderMargin:
    case PM_FocusFrameHMargin:
        // The same for a title and the cells under it, so that their texts stand above each other.
        return widget ? style::unit(widget) * 3 / 4 : QProxyStyle::pixelMetric(metric, option, widget);
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

QSize AppStyle::sizeFromContents(
    ContentsType type, const QStyleOption* option, const QSize& contents, const QWidget* widget) const
{
    if (type == CT_PushButton && widget)
        return QProxyStyle::sizeFromContents(type, option, contents, widget)
            + QSize(style::unit(widget), style::unit(widget) / 3);
    const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
    const auto* view = qobject_cast<const QHeaderView*>(widget);
    if (type == CT_HeaderSection && header && view && header->sortIndicator != QStyleOptionHeader::None
        && view->sortIndicatorSection() != header->section) {
        // Room for the arrow only where it is.
        QStyleOptionHeader plain = *header;
        plain.sortIndicator = QStyleOptionHeader::None;
        return QProxyStyle::sizeFromContents(type, &plain, contents, widget);
    }
    return QProxyStyle::sizeFromContents(type, option, contents, widget);
}

void AppStyle::drawPrimitive(
    PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    if (element == PE_PanelButtonCommand) {
        drawButton(*painter, *option);
        return;
    }
    if (element == PE_FrameLineEdit) {
        // On a page of the field's own colour the outline is all there is to be seen of it.
        const QPalette& palette = option->palette;
        const bool focused = option->state.testFlag(State_HasFocus);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(
            QPen(focused ? palette.color(QPalette::Highlight)
                         : style::mixed(palette.color(QPalette::Text), palette.color(QPalette::Base), 0.45),
                focused ? 1.6 : 1));
        painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
        painter->restore();
        return;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

QRect AppStyle::subControlRect(
    ComplexControl control, const QStyleOptionComplex* option, SubControl part, const QWidget* widget) const
{
    const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (control != CC_ScrollBar || !bar)
        return QProxyStyle::subControlRect(control, option, part, widget);
    const QRect all = bar->rect;
    const QRect slider = sliderOf(*bar, pixelMetric(PM_ScrollBarSliderMin, option, widget));
    const bool across = bar->orientation == Qt::Horizontal;
    switch (part) {
    case SC_ScrollBarSlider:
        return slider;
    case SC_ScrollBarGroove:
        return all;
    case SC_ScrollBarSubPage:
        return across ? QRect(all.topLeft(), QPoint(slider.left() - 1, all.bottom()))
                      : QRect(all.topLeft(), QPoint(all.right(), slider.top() - 1));
    case SC_ScrollBarAddPage:
        return across ? QRect(QPoint(slider.right() + 1, all.top()), all.bottomRight())
                      : QRect(QPoint(all.left(), slider.bottom() + 1), all.bottomRight());
    default:
        return {};
    }
}

void AppStyle::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (control != CC_ScrollBar || !bar) {
        QProxyStyle::drawComplexControl(control, option, painter, widget);
        return;
    }
    const QColor ink = bar->palette.color(QPalette::Active, QPalette::WindowText);
    const QColor ground = bar->palette.color(QPalette::Active, QPalette::Base);
    painter->fillRect(bar->rect, ground);
    if (bar->minimum >= bar->maximum)
        return;
    const QRect slider = subControlRect(control, option, SC_ScrollBarSlider, widget);
    const bool hot = bar->activeSubControls.testFlag(SC_ScrollBarSlider)
        && (bar->state.testFlag(State_MouseOver) || bar->state.testFlag(State_Sunken));
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(style::mixed(ink, ground, hot ? 0.65 : 0.50));
    const QRectF shape = QRectF(slider).adjusted(2.5, 2.5, -2.5, -2.5);
    const double round = std::min(shape.width(), shape.height()) / 2;
    painter->drawRoundedRect(shape, round, round);
    painter->restore();
}

void AppStyle::drawControl(
    ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    QProxyStyle::drawControl(element, option, painter, widget);
    // Tables and texts say by their frame that keys go to them.
    const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
    if (element == CE_ShapedFrame && frame && frame->frameShape == QFrame::StyledPanel
        && frame->state.testFlag(State_HasFocus) && qobject_cast<const QAbstractScrollArea*>(widget)) {
        painter->save();
        painter->setPen(QPen(frame->palette.color(QPalette::Highlight), 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(frame->rect.adjusted(0, 0, -1, -1));
        painter->restore();
    }
}

} // namespace qdrant2pg
