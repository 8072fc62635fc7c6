// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/taborder.h"

#include <QWidget>

namespace qdrant2pg {

namespace {

bool isStop(const QWidget* widget)
{
    return (widget->focusPolicy() & Qt::TabFocus) != 0 && !widget->focusProxy();
}

} // namespace

void tabAfter(QWidget* anchor, const QList<QWidget*>& widgets)
{
    QWidget* before = anchor;
    while (!isStop(before) || widgets.contains(before)) {
        before = before->previousInFocusChain();
        if (before == anchor)
            return;
    }
    for (QWidget* widget : widgets) {
        QWidget::setTabOrder(before, widget);
        before = widget;
    }
}

QList<QWidget*> tabStops(const QWidget* parent)
{
    QList<QWidget*> stops = parent->findChildren<QWidget*>();
    stops.removeIf([](const QWidget* widget) { return !isStop(widget); });
    return stops;
}

} // namespace qdrant2pg
