// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QWidget>

class QPlainTextEdit;
class QToolButton;

namespace qdrant2pg {

class SqlHighlighter;

/// SQL to read and copy: fixed font, modest highlighting, no wrapping, a copy button.
class SqlView : public QWidget {
    Q_OBJECT
public:
    /// `objectName` names the text: "ddlPlainTextEdit".
    explicit SqlView(const QString& objectName, QWidget* parent = nullptr);

    /// Keeps the scroll position when the text barely changed.
    void setSql(const QString& sql);
    QString sql() const;
    void setAccessibleTitle(const QString& title);
    QPlainTextEdit* editor() const { return m_text; }

protected:
    void changeEvent(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void retranslate();

    QPlainTextEdit* m_text;
    QToolButton* m_copy;
    SqlHighlighter* m_highlighter;
};

} // namespace qdrant2pg
