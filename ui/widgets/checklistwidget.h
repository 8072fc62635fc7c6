// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/checkline.h"

#include <QList>
#include <QWidget>

namespace qdrant2pg {

/// Lines that tick one by one, each with status icon and word, time, result, and for failures the advice, the
/// server's words and a copy button.
class CheckListWidget : public QWidget {
    Q_OBJECT
public:
    explicit CheckListWidget(QWidget* parent = nullptr);

    /// Replaces all lines.
    void setLines(const QList<CheckLine>& lines);
    /// Replaces the line of that id, or appends it.
    void setLine(const CheckLine& line);
    /// All lines back to Waiting, without results.
    void reset();
    QList<CheckLine> lines() const { return m_lines; }
    const CheckLine* line(const QString& id) const;

private:
    class Row;
    QList<CheckLine> m_lines;
    QList<Row*> m_rows;
};

} // namespace qdrant2pg
