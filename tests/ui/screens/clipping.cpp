// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/screens/clipping.h"

#include "ui/widgets/elidedlabel.h"
#include "ui/wizard/steplist.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QStyle>
#include <QStyleOptionComboBox>
#include <QTabBar>

namespace qdrant2pg::test {

namespace {

/// Rounding of fractional scales.
constexpr int tolerance = 1;

QString nameOf(const QWidget* widget)
{
    QString name = widget->objectName();
    for (const QWidget* parent = widget->parentWidget(); name.isEmpty() && parent;
         parent = parent->parentWidget())
        name = parent->objectName().isEmpty() ? QString() : parent->objectName() + QStringLiteral("/…");
    return QStringLiteral("%1 %2").arg(QLatin1String(widget->metaObject()->className()), name);
}

QString found(const QWidget* widget, const QString& text, QSize needed)
{
    return QStringLiteral("%1 \"%2\" needs %3x%4, has %5x%6")
        .arg(nameOf(widget), text.left(60))
        .arg(needed.width())
        .arg(needed.height())
        .arg(widget->width())
        .arg(widget->height());
}

bool fits(const QWidget* widget, QSize needed)
{
    return needed.width() <= widget->width() + tolerance && needed.height() <= widget->height() + tolerance;
}

void checkLabel(const QLabel* label, QStringList& problems)
{
    if (label->text().isEmpty() || qobject_cast<const ElidedLabel*>(label))
        return;
    const QSize needed = label->wordWrap()
        ? QSize(label->minimumSizeHint().width(), label->heightForWidth(label->width()))
        : label->sizeHint();
    if (!fits(label, needed))
        problems << found(label, label->text(), needed);
}

void checkButton(const QAbstractButton* button, QStringList& problems)
{
    if (button->text().isEmpty() || qobject_cast<const StepItem*>(button))
        return;
    const QSize needed = button->hasHeightForWidth()
        ? QSize(button->minimumSizeHint().width(), button->heightForWidth(button->width()))
        : button->sizeHint();
    if (!fits(button, needed))
        problems << found(button, button->text(), needed);
}

void checkCombo(const QComboBox* box, QStringList& problems)
{
    QStyleOptionComboBox option;
    option.initFrom(box);
    option.editable = box->isEditable();
    const QRect field =
        box->style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, box);
    const int needed = box->fontMetrics().horizontalAdvance(box->currentText());
    if (!box->isEditable() && needed > field.width() + tolerance)
        problems << found(box, box->currentText(), {needed + box->width() - field.width(), box->height()});
}

void checkHeader(const QHeaderView* header, QStringList& problems)
{
    if (header->orientation() != Qt::Horizontal || !header->model())
        return;
    for (int section = 0; section < header->count(); ++section) {
        if (header->isSectionHidden(section))
            continue;
        const int needed = header->sectionSizeHint(section);
        if (needed > header->sectionSize(section) + tolerance)
            problems << QStringLiteral("column \"%1\" of %2 needs %3, has %4")
                            .arg(header->model()->headerData(section, Qt::Horizontal).toString(),
                                nameOf(header->parentWidget()))
                            .arg(needed)
                            .arg(header->sectionSize(section));
    }
}

void checkTabs(const QTabBar* bar, QStringList& problems)
{
    bool told = bar->elideMode() != Qt::ElideNone && !bar->usesScrollButtons();
    for (int i = 0; i < bar->count(); ++i)
        told = told && !bar->tabToolTip(i).isEmpty();
    if (told)
        return;
    // Scroll buttons appear when the tabs have no room.
    if (bar->sizeHint().width() > bar->width() + tolerance)
        problems << found(bar, bar->tabText(0), bar->sizeHint());
}

void checkPageWidth(const QScrollArea* area, QStringList& problems)
{
    if (area->widget() && area->horizontalScrollBar()->maximum() > 0)
        problems << QStringLiteral("%1 scrolls sideways: %2 wide, %3 to be seen")
                        .arg(nameOf(area))
                        .arg(area->widget()->width())
                        .arg(area->viewport()->width());
}

} // namespace

QStringList clippedTexts(const QWidget& window)
{
    QStringList problems;
    const auto widgets = window.findChildren<QWidget*>();
    for (const QWidget* widget : widgets) {
        if (!widget->isVisible())
            continue;
        if (const auto* label = qobject_cast<const QLabel*>(widget))
            checkLabel(label, problems);
        else if (const auto* button = qobject_cast<const QAbstractButton*>(widget))
            checkButton(button, problems);
        else if (const auto* box = qobject_cast<const QComboBox*>(widget))
            checkCombo(box, problems);
        else if (const auto* tabs = qobject_cast<const QTabBar*>(widget))
            checkTabs(tabs, problems);
        else if (const auto* area = qobject_cast<const QScrollArea*>(widget))
            checkPageWidth(area, problems);
        else if (const auto* header = qobject_cast<const QHeaderView*>(widget))
            checkHeader(header, problems);
    }
    return problems;
}

} // namespace qdrant2pg::test
