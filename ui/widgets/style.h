// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QColor>
#include <QFont>
#include <QList>
#include <QString>

#include <utility>

class QAbstractItemView;
class QLabel;
class QLayout;
class QPalette;
class QWidget;

namespace qdrant2pg {

/// The status vocabulary, the same everywhere (ux.md 2.9). Always told by icon and word, never by colour
/// alone.
enum class Status { Waiting, Checking, Ok, Note, Warning, Problem, Skipped };

/// "Warning"
QString statusWord(Status status);

/// Measures and colours of the visual language. Everything follows the font and the palette; nothing is in
/// pixels.
namespace style {

/// The spacing unit: half the font's height. 1 inside a control group, 2 between groups, 3 around a page.
int unit(const QWidget* widget);
/// Width of about `characters` characters of running text.
int textWidth(const QWidget* widget, int characters);
/// No line of text is wider than this many average characters: about 75 letters of a sentence.
inline constexpr int readingWidth = 84;

bool isDark(const QPalette& palette);
/// `share` of `a` and the rest of `b`.
QColor mixed(const QColor& a, const QColor& b, double share);
/// Colour of a status' icon on the window, and of a bar behind its message.
QColor statusColor(const QPalette& palette, Status status);
QColor statusBackground(const QPalette& palette, Status status);
/// A line that separates without drawing attention.
QColor hairline(const QPalette& palette);

/// The system's fixed font in the size of the application's.
QFont fixedFont();
/// Base font times `factor`; never pixels.
QFont scaledFont(const QWidget* widget, double factor, QFont::Weight weight = QFont::Normal);

/// Spacing of `units` and no margins.
void tighten(QLayout* layout, const QWidget* widget, double units);
/// Explanatory text: word wrap, placeholder colour, smaller when `small`, at most the reading width.
QLabel* helpLabel(QWidget* parent, const QString& objectName, bool small = true);
/// Running text: word wrap, selectable by mouse and keyboard, at most the reading width.
QLabel* textLabel(QWidget* parent, const QString& objectName);
/// Row height from the font, alternating rows, whole-row selection, Ctrl+C copies the selection as TSV.
void prepareTable(QAbstractItemView* view);
/// Pairs of column and characters for a table or tree; they adapt to the room there is (ColumnFitter).
void setColumnWidths(QAbstractItemView* view, const QList<std::pair<int, int>>& characters);

} // namespace style

} // namespace qdrant2pg
