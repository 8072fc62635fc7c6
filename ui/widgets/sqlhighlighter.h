// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QRegularExpression>
#include <QSyntaxHighlighter>

namespace qdrant2pg {

/// Modest colours for SQL: key words, texts, comments, quoted names. Follows the palette of the widget given.
class SqlHighlighter : public QSyntaxHighlighter {
    Q_OBJECT
public:
    SqlHighlighter(QTextDocument* document, const QWidget* widget);

protected:
    void highlightBlock(const QString& text) override;

private:
    const QWidget* m_widget;
    QRegularExpression m_tokens;
};

} // namespace qdrant2pg
