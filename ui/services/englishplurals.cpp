// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/englishplurals.h"

#include <QRegularExpression>

namespace qdrant2pg {

EnglishPlurals::EnglishPlurals(QObject* parent)
    : QTranslator(parent)
{
}

QString EnglishPlurals::translate(const char*, const char* sourceText, const char*, int n) const
{
    // A null text leaves the source text as it is.
    return n < 0 ? QString() : inflected(QString::fromUtf8(sourceText), n);
}

QString EnglishPlurals::inflected(const QString& source, int n)
{
    static const QRegularExpression ending(QStringLiteral("\\((?:(e?s)|([^()|]*)\\|([^()|]*))\\)"));
    const QString text = QString(source).replace(QLatin1String("y(ies)"), QLatin1String("(y|ies)"));
    QString inflected;
    qsizetype from = 0;
    auto matches = ending.globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        inflected += text.mid(from, match.capturedStart() - from);
        if (match.hasCaptured(1))
            inflected += n == 1 ? QString() : match.captured(1);
        else
            inflected += match.captured(n == 1 ? 2 : 3);
        from = match.capturedEnd();
    }
    return inflected + text.mid(from);
}

} // namespace qdrant2pg
