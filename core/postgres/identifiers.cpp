// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/identifiers.h"

#include <QCryptographicHash>

#include <string>

namespace qdrant2pg {

namespace {

/// NAMEDATALEN - 1.
constexpr qsizetype maxIdentifierBytes = 63;
constexpr qsizetype hashDigits = 8;

} // namespace

QString quoteIdentifier(const QString& name)
{
    QString quoted = name;
    quoted.remove(QChar(u'\0'));
    quoted.replace(QLatin1Char('"'), QLatin1String("\"\""));
    return QLatin1Char('"') + quoted + QLatin1Char('"');
}

QString qualifiedName(const QString& schema, const QString& name)
{
    return schema.isEmpty() ? quoteIdentifier(name)
                            : quoteIdentifier(schema) + QLatin1Char('.') + quoteIdentifier(name);
}

QString quoteLiteral(const QString& text)
{
    QString quoted = text;
    quoted.remove(QChar(u'\0'));
    quoted.replace(QLatin1Char('\''), QLatin1String("''"));
    if (!quoted.contains(QLatin1Char('\\')))
        return QLatin1Char('\'') + quoted + QLatin1Char('\'');
    quoted.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
    return QStringLiteral("E'") + quoted + QLatin1Char('\'');
}

QString fittingIdentifier(const QString& name)
{
    const QByteArray bytes = name.toUtf8();
    if (bytes.size() <= maxIdentifierBytes)
        return name;
    const QByteArray hash =
        QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().left(hashDigits);
    qsizetype kept = maxIdentifierBytes - hashDigits - 1;
    // Not between the bytes of one character.
    while (kept > 0 && (static_cast<unsigned char>(bytes[kept]) & 0xC0U) == 0x80U)
        --kept;
    return QString::fromUtf8(bytes.left(kept)) + QLatin1Char('_') + QString::fromLatin1(hash);
}

QString identifierFromPath(const QString& path)
{
    // Compatibility decomposition takes accents apart, so that they can be left out.
    const std::u32string characters =
        path.normalized(QString::NormalizationForm_KD).toLower().toStdU32String();
    QString name;
    for (const char32_t character : characters) {
        if (QChar::isMark(character))
            continue;
        if (QChar::isLetterOrNumber(character))
            name += QString::fromUcs4(&character, 1);
        else if (!name.isEmpty() && !name.endsWith(QLatin1Char('_')))
            name += QLatin1Char('_');
    }
    while (name.endsWith(QLatin1Char('_')))
        name.chop(1);
    if (name.isEmpty())
        return QStringLiteral("field");
    if (name[0].isDigit())
        name.prepend(QLatin1Char('_'));
    return fittingIdentifier(name);
}

} // namespace qdrant2pg
