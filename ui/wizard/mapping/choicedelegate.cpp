// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/mapping/choicedelegate.h"

#include "ui/models/mappingmodel.h"
#include "ui/widgets/icons.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QLineEdit>
#include <QPainter>

#include <algorithm>

namespace qdrant2pg {

namespace {

bool hasChoice(const QModelIndex& index)
{
    return (index.flags() & Qt::ItemIsEditable)
        && !index.data(MappingModel::ChoicesRole).toStringList().isEmpty();
}

} // namespace

void ChoiceDelegate::paint(
    QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    if (!hasChoice(index)) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    const int size = option.fontMetrics.height();
    QStyleOptionViewItem text = option;
    // The background runs under the mark, the text ends before it.
    QStyleOptionViewItem blank = option;
    initStyleOption(&blank, index);
    blank.text.clear();
    blank.icon = {};
    const QWidget* widget = option.widget;
    QStyle* style = widget ? widget->style() : nullptr;
    if (style)
        style->drawPrimitive(QStyle::PE_PanelItemViewItem, &blank, painter, widget);
    text.rect.setRight(text.rect.right() - size);
    QStyledItemDelegate::paint(painter, text, index);
    const bool selected = option.state & QStyle::State_Selected;
    const QColor color =
        option.palette.color(selected ? QPalette::HighlightedText : QPalette::PlaceholderText);
    const QRectF mark(option.rect.right() - size, option.rect.center().y() - size / 2.0 + 1, size, size);
    paintIcon(*painter, mark.adjusted(2, 2, -2, -2), Icon::ChevronDown, color);
}

QWidget* ChoiceDelegate::createEditor(
    QWidget* parent, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    if (!hasChoice(index)) {
        QWidget* editor = QStyledItemDelegate::createEditor(parent, option, index);
        if (editor)
            editor->setObjectName(QStringLiteral("cellLineEdit"));
        return editor;
    }
    auto* box = new QComboBox(parent);
    box->setObjectName(QStringLiteral("cellComboBox"));
    box->setFrame(false);
    box->setAccessibleName(
        index.model()->headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString());
    const QStringList words = index.data(MappingModel::ChoicesRole).toStringList();
    const QStringList texts = index.data(MappingModel::ChoiceTextsRole).toStringList();
    for (int i = 0; i < words.size(); ++i)
        box->addItem(texts.value(i, words.at(i)), words.at(i));
    // The plan follows at once, not only when the cell is left.
    auto* delegate = const_cast<ChoiceDelegate*>(this);
    connect(box, &QComboBox::activated, delegate, [delegate, box] {
        emit delegate->commitData(box);
        emit delegate->closeEditor(box);
    });
    return box;
}

void ChoiceDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    // Findings arrive while somebody types; what the person has begun stays.
    if (auto* box = qobject_cast<QComboBox*>(editor)) {
        if (!box->view()->isVisible())
            box->setCurrentIndex(std::max(0, box->findData(index.data(Qt::EditRole))));
        return;
    }
    if (const auto* line = qobject_cast<QLineEdit*>(editor); line && line->isModified())
        return;
    QStyledItemDelegate::setEditorData(editor, index);
}

void ChoiceDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const
{
    if (auto* box = qobject_cast<QComboBox*>(editor)) {
        model->setData(index, box->currentData());
        return;
    }
    QStyledItemDelegate::setModelData(editor, model, index);
}

} // namespace qdrant2pg
