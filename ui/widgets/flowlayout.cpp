// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/flowlayout.h"

#include <QHBoxLayout>
#include <QWidget>

#include <algorithm>

namespace qdrant2pg {

FlowLayout::FlowLayout(int spacing, QWidget* parent)
    : QLayout(parent)
{
    setContentsMargins(0, 0, 0, 0);
    setSpacing(spacing);
}

FlowLayout::~FlowLayout()
{
    while (QLayoutItem* item = takeAt(0))
        delete item;
}

void FlowLayout::addPair(QWidget* label, QWidget* field)
{
    auto* pair = new QHBoxLayout;
    pair->setContentsMargins(0, 0, 0, 0);
    pair->setSpacing(spacing());
    pair->addWidget(label);
    pair->addWidget(field, 1);
    addChildLayout(pair);
    addItem(pair);
}

void FlowLayout::addItem(QLayoutItem* item)
{
    m_items.append(item);
    invalidate();
}

QLayoutItem* FlowLayout::itemAt(int index) const
{
    return m_items.value(index);
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

int FlowLayout::heightForWidth(int width) const
{
    return place(QRect(0, 0, width, 0), false);
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem* item : m_items) {
        if (!item->isEmpty())
            size = size.expandedTo(item->minimumSize());
    }
    return size;
}

QSize FlowLayout::sizeHint() const
{
    QSize size;
    for (const QLayoutItem* item : m_items) {
        if (item->isEmpty())
            continue;
        size.rwidth() += item->sizeHint().width() + (size.width() > 0 ? spacing() : 0);
        size.setHeight(std::max(size.height(), item->sizeHint().height()));
    }
    // A button that becomes the default one grows by its frame; it shall not go to the next line for that.
    return {size.width() + (m_items.isEmpty() ? 0 : spacing()), size.height()};
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    place(rect, true);
}

int FlowLayout::place(const QRect& rect, bool apply) const
{
    // Line by line, because items of a line share its height.
    int y = rect.top();
    qsizetype first = 0;
    bool any = false;
    while (first < m_items.size()) {
        int width = 0;
        int height = 0;
        qsizetype end = first;
        for (; end < m_items.size(); ++end) {
            const QLayoutItem* item = m_items.at(end);
            if (item->isEmpty())
                continue;
            const int wanted = std::min(item->sizeHint().width(), rect.width());
            if (width > 0 && width + spacing() + wanted > rect.width())
                break;
            width += (width > 0 ? spacing() : 0) + wanted;
            height = std::max(height, item->sizeHint().height());
        }
        if (height > 0)
            y += any ? spacing() : 0;
        any = any || height > 0;
        int x = rect.left() + (alignment().testFlag(Qt::AlignRight) ? std::max(0, rect.width() - width) : 0);
        for (; first < end; ++first) {
            QLayoutItem* item = m_items.at(first);
            if (item->isEmpty())
                continue;
            const int wanted = std::min(item->sizeHint().width(), rect.width());
            if (apply)
                item->setGeometry(QRect(x, y, wanted, height));
            x += wanted + spacing();
        }
        y += height;
    }
    return y - rect.top();
}

} // namespace qdrant2pg
