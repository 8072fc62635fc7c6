// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/screens/pseudolocale.h"

#include "ui/services/englishplurals.h"

#include <QMap>

namespace qdrant2pg::test {

namespace {
constexpr qsizetype longestTail = 9;
} // namespace

QString PseudoLocale::translate(const char* context, const char* sourceText, const char*, int n) const
{
    // Texts of Qt's own dialogs and shortcuts keep their form: Qt reads some of them back.
    if (QLatin1String(context).startsWith(QLatin1Char('Q')))
        return {};
    return stretched(EnglishPlurals::inflected(QString::fromUtf8(sourceText), n));
}

QString PseudoLocale::stretched(const QString& text)
{
    static const QMap<QChar, QChar> accents{{u'a', u'á'}, {u'e', u'ë'}, {u'i', u'ï'}, {u'o', u'ö'},
        {u'u', u'ü'}, {u'n', u'ñ'}, {u'c', u'ç'}, {u'A', u'Å'}, {u'E', u'É'}, {u'O', u'Ø'}, {u'S', u'Š'}};
    QString out;
    bool tag = false;
    int letters = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        tag = tag ? c != u'>' : c == u'<';
        const bool placeholder = i > 0 && (text[i - 1] == u'%' || text[i - 1] == u'&');
        letters += tag ? 0 : 1;
        out += tag || placeholder ? c : accents.value(c, c);
    }
    if (letters < 2)
        return out;
    // In words, so that the tail wraps as a sentence would.
    QString tail(std::max(1, letters / 3), u'~');
    for (qsizetype i = longestTail; i < tail.size(); i += longestTail)
        tail[i] = u' ';
    return text.startsWith(u'<') ? out + tail : u'[' + out + tail + u']';
}

} // namespace qdrant2pg::test
