// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/style.h"

#include "ui/widgets/columnfitter.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QCoreApplication>
#include <QFontDatabase>
#include <QFontMetrics>
#include <QHeaderView>
#include <QLabel>
#include <QLayout>
#include <QMap>
#include <QPalette>
#include <QTableView>
#include <QTreeView>

#include <algorithm>

namespace qdrant2pg {

QString statusWord(Status status)
{
    switch (status) {
    case Status::Waiting:
        return QCoreApplication::translate("Status", "Waiting");
    case Status::Checking:
        return QCoreApplication::translate("Status", "Checking");
    case Status::Ok:
        return QCoreApplication::translate("Status", "OK");
    case Status::Note:
        return QCoreApplication::translate("Status", "Note");
    case Status::Warning:
        return QCoreApplication::translate("Status", "Warning");
    case Status::Problem:
        return QCoreApplication::translate("Status", "Problem");
    case Status::Skipped:
        return QCoreApplication::translate("Status", "Skipped");
    }
    return {};
}

namespace style {

namespace {

// Hues of the three states that a palette has no role for. Mixed with the palette's text colour they can be
// read on its window, its fields and their own tint (4.5 to 1 and more); on a light one that takes a darker
// green and orange than a tint does.
constexpr QRgb okHue = 0xff1f9d55;
constexpr QRgb okHueOnLight = 0xff177f43;
constexpr QRgb warningHue = 0xffd98200;
constexpr QRgb warningHueOnLight = 0xffa36000;
constexpr QRgb problemHue = 0xffe04848;
constexpr QRgb problemHueOnLight = 0xffd43a3a;

QColor hue(const QPalette& palette, Status status)
{
    switch (status) {
    case Status::Ok:
        return QColor::fromRgb(okHue);
    case Status::Warning:
        return QColor::fromRgb(warningHue);
    case Status::Problem:
        return QColor::fromRgb(problemHue);
    case Status::Checking:
    case Status::Note:
        return palette.color(QPalette::Highlight);
    case Status::Waiting:
    case Status::Skipped:
        break;
    }
    return palette.color(QPalette::PlaceholderText);
}

/// QLabel that knows its largest width when a layout asks for the height of its wrapped text; QLabel itself
/// answers for a wider line than it will get, and the last words are cut off.
class ReadingLabel : public QLabel {
public:
    using QLabel::QLabel;
    int heightForWidth(int width) const override
    {
        return QLabel::heightForWidth(std::min(width, maximumWidth()));
    }
};

void copySelection(const QAbstractItemView* view)
{
    if (!view->selectionModel())
        return;
    QModelIndexList indexes = view->selectionModel()->selectedIndexes();
    std::sort(indexes.begin(), indexes.end());
    QString text;
    QModelIndex previous;
    for (const QModelIndex& index : std::as_const(indexes)) {
        const auto* table = qobject_cast<const QTableView*>(view);
        if (table && table->isColumnHidden(index.column()))
            continue;
        if (previous.isValid())
            text += previous.row() == index.row() && previous.parent() == index.parent() ? QLatin1Char('\t')
                                                                                         : QLatin1Char('\n');
        QString cell = index.data(Qt::DisplayRole).toString();
        cell.replace(QLatin1Char('\t'), QLatin1Char(' ')).replace(QLatin1Char('\n'), QLatin1Char(' '));
        text += cell;
        previous = index;
    }
    if (previous.isValid())
        QApplication::clipboard()->setText(text);
}

} // namespace

int unit(const QWidget* widget)
{
    return std::max(4, QFontMetrics(widget->font()).height() / 2);
}

int textWidth(const QWidget* widget, int characters)
{
    return QFontMetrics(widget->font()).averageCharWidth() * characters;
}

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Active, QPalette::Window).lightness() < 128;
}

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto mix = [share](double x, double y) {
        return static_cast<float>(x * share + y * (1 - share));
    };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

QColor statusColor(const QPalette& palette, Status status)
{
    if (status == Status::Waiting || status == Status::Skipped)
        return palette.color(QPalette::PlaceholderText);
    const QColor text = palette.color(QPalette::WindowText);
    if (isDark(palette))
        return mixed(hue(palette, status), text, 0.60);
    const QColor ink = status == Status::Ok ? QColor::fromRgb(okHueOnLight)
        : status == Status::Warning         ? QColor::fromRgb(warningHueOnLight)
        : status == Status::Problem         ? QColor::fromRgb(problemHueOnLight)
                                            : hue(palette, status);
    return mixed(ink, text, 0.85);
}

QColor statusBackground(const QPalette& palette, Status status)
{
    return mixed(hue(palette, status), palette.color(QPalette::Base), isDark(palette) ? 0.18 : 0.10);
}

QColor hairline(const QPalette& palette)
{
    return mixed(palette.color(QPalette::WindowText), palette.color(QPalette::Window), 0.15);
}

QFont fixedFont()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(QApplication::font().pointSizeF());
    return font;
}

QFont scaledFont(const QWidget* widget, double factor, QFont::Weight weight)
{
    QFont font = widget->font();
    font.setPointSizeF(QApplication::font().pointSizeF() * factor);
    font.setWeight(weight);
    return font;
}

void tighten(QLayout* layout, const QWidget* widget, double units)
{
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(static_cast<int>(unit(widget) * units));
}

QLabel* helpLabel(QWidget* parent, const QString& objectName, bool small)
{
    QLabel* label = textLabel(parent, objectName);
    label->setForegroundRole(QPalette::PlaceholderText);
    if (small)
        label->setFont(scaledFont(label, 0.92));
    return label;
}

QLabel* textLabel(QWidget* parent, const QString& objectName)
{
    auto* label = new ReadingLabel(parent);
    label->setObjectName(objectName);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setMaximumWidth(textWidth(label, readingWidth));
    // Wrapped text must never decide how wide a page is.
    label->setMinimumWidth(textWidth(label, 12));
    return label;
}

void prepareTable(QAbstractItemView* view)
{
    view->setAlternatingRowColors(true);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setTabKeyNavigation(false);
    if (auto* table = qobject_cast<QTableView*>(view)) {
        table->setWordWrap(false);
        table->setShowGrid(false);
        table->verticalHeader()->hide();
        table->verticalHeader()->setDefaultSectionSize(QFontMetrics(view->font()).height() + unit(view));
        table->verticalHeader()->setMinimumSectionSize(QFontMetrics(view->font()).height());
        table->horizontalHeader()->setHighlightSections(false);
        table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    }
    auto* copy = new QAction(QCoreApplication::translate("Table", "Copy"), view);
    copy->setObjectName(QStringLiteral("copyAction"));
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(copy, &QAction::triggered, view, [view] { copySelection(view); });
    view->addAction(copy);
    view->setContextMenuPolicy(Qt::ActionsContextMenu);
}

void setColumnWidths(QAbstractItemView* view, const QList<std::pair<int, int>>& characters)
{
    ColumnFitter::of(view)->setWidths(characters);
}

} // namespace style

} // namespace qdrant2pg
