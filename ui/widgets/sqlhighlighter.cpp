// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/sqlhighlighter.h"

#include "ui/widgets/style.h"

#include <QTextCharFormat>
#include <QWidget>

namespace qdrant2pg {

namespace {
const QString keywords = QStringLiteral("ADD|ALTER|ANALYZE|AND|AS|ASC|BEGIN|BY|CASCADE|CHECK|COLUMN|COMMENT|"
                                        "COMMIT|CONFLICT|CONSTRAINT|COPY|CREATE|DEFAULT|DELETE|DESC|DO|"
                                        "DROP|EXISTS|EXTENSION|EXTERNAL|FOREIGN|FROM|FUNCTION|GROUP|HAVING|"
                                        "IF|IN|INDEX|INSERT|INTO|IS|JOIN|KEY|LANGUAGE|LEFT|LIMIT|NOT|"
                                        "NOTHING|NULL|ON|OR|ORDER|PRIMARY|REFERENCES|RENAME|REPLACE|RETURNS|"
                                        "SCHEMA|SELECT|SET|STABLE|STORAGE|TABLE|TO|TRUNCATE|UNIQUE|"
                                        "UNLOGGED|UPDATE|USING|VALUES|VIEW|WHERE|WITH");
}

SqlHighlighter::SqlHighlighter(QTextDocument* document, const QWidget* widget)
    : QSyntaxHighlighter(document)
    , m_widget(widget)
    , m_tokens(QStringLiteral(
          "(?<comment>--.*$)|(?<text>'(?:[^']|'')*')|(?<name>\"(?:[^\"]|\"\")*\")|(?<word>\\b(?:%1)\\b)")
                   .arg(keywords))
{
}

void SqlHighlighter::highlightBlock(const QString& text)
{
    const QPalette palette = m_widget->palette();
    const QColor base = palette.color(QPalette::Text);
    QTextCharFormat word;
    word.setForeground(palette.color(QPalette::Link));
    word.setFontWeight(QFont::DemiBold);
    QTextCharFormat literal;
    literal.setForeground(style::mixed(style::statusColor(palette, Status::Ok), base, 0.8));
    QTextCharFormat comment;
    comment.setForeground(palette.color(QPalette::PlaceholderText));
    comment.setFontItalic(true);
    for (auto it = m_tokens.globalMatch(text); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const auto apply = [&](const char* group, const QTextCharFormat& format) {
            if (const auto start = match.capturedStart(QLatin1String(group)); start >= 0)
                setFormat(static_cast<int>(start),
                    static_cast<int>(match.capturedLength(QLatin1String(group))), format);
        };
        apply("comment", comment);
        apply("text", literal);
        apply("word", word);
    }
}

} // namespace qdrant2pg
