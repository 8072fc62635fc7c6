// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"
#include "ui/widgets/style.h"

#include <QFrame>

#include <functional>

class QHBoxLayout;
class QLabel;
class QPlainTextEdit;
class QToolButton;

namespace qdrant2pg {

/// One message above a page's content: icon, summary, hint, and details that unfold to the server's own words
/// with a copy button (ux.md 2.2). Stays until it is replaced, cleared or dismissed; never on a timer.
/// Showing one announces it to screen readers; a warning or problem also takes the focus.
class MessageBar : public QFrame {
    Q_OBJECT
public:
    explicit MessageBar(QWidget* parent = nullptr);

    void showError(const Error& error);
    void showMessage(
        Status status, const QString& summary, const QString& hint = {}, const QString& details = {});
    /// A button inside the message, for example "Try again"; the next message starts without.
    void addAction(const QString& objectName, const QString& text, std::function<void()> action);
    void clear();

    bool isShowing() const { return m_showing; }
    Status status() const { return m_status; }
    QString summary() const;
    QString hint() const;
    QString details() const;

signals:
    void dismissed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    void setDetailsOpen(bool open);

    QLabel* m_icon;
    QLabel* m_summary;
    QLabel* m_hint;
    QHBoxLayout* m_actions;
    QToolButton* m_detailsButton;
    QToolButton* m_copyButton;
    QToolButton* m_dismissButton;
    QPlainTextEdit* m_details;
    Status m_status = Status::Note;
    bool m_showing = false;
};

/// What Details shows of an error: place, server's words, SQLSTATE or HTTP status, kind. Already redacted.
QString errorDetails(const Error& error);

} // namespace qdrant2pg
