// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"
#include "ui/widgets/style.h"

#include <QList>
#include <QWidget>

#include <chrono>
#include <optional>

namespace qdrant2pg {

/// One line of a check list: what was looked at and what came out. `advice` and `detail` show when it did not
/// go well.
struct CheckLine {
    /// Stable word, for example "tls".
    QString id;
    QString title;
    Status status = Status::Waiting;
    std::optional<std::chrono::milliseconds> time;
    /// What was found, one line.
    QString result;
    /// What to try.
    QString advice;
    /// The server's own words, redacted.
    QString detail;

    /// As one line for clipboards and screen readers: "TLS: Problem. ...".
    QString toText() const;
    static CheckLine fromError(const QString& id, const QString& title, const Error& error);
};

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
