// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/error.h"

#include <QStringList>

namespace qdrant2pg {

QString errorKindName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Network:
        return QStringLiteral("network");
    case ErrorKind::Timeout:
        return QStringLiteral("timeout");
    case ErrorKind::Tls:
        return QStringLiteral("tls");
    case ErrorKind::Authentication:
        return QStringLiteral("authentication");
    case ErrorKind::Permission:
        return QStringLiteral("permission");
    case ErrorKind::NotFound:
        return QStringLiteral("not-found");
    case ErrorKind::Protocol:
        return QStringLiteral("protocol");
    case ErrorKind::Unsupported:
        return QStringLiteral("unsupported");
    case ErrorKind::Schema:
        return QStringLiteral("schema");
    case ErrorKind::Constraint:
        return QStringLiteral("constraint");
    case ErrorKind::Data:
        return QStringLiteral("data");
    case ErrorKind::Capacity:
        return QStringLiteral("capacity");
    case ErrorKind::File:
        return QStringLiteral("file");
    case ErrorKind::Conflict:
        return QStringLiteral("conflict");
    case ErrorKind::Cancelled:
        return QStringLiteral("cancelled");
    case ErrorKind::Usage:
        return QStringLiteral("usage");
    case ErrorKind::Internal:
        return QStringLiteral("internal");
    }
    return QStringLiteral("internal");
}

QString ErrorContext::toString() const
{
    QStringList parts;
    const auto add = [&parts](const char* label, const QString& value) {
        if (!value.isEmpty())
            parts << QLatin1String(label) + QLatin1Char(' ') + value;
    };
    add("host", host);
    add("collection", collection);
    add("table", table);
    add("point", pointId);
    add("column", column);
    add("file", file);
    return parts.join(QStringLiteral(", "));
}

QString Error::toText() const
{
    QStringList lines{summary};
    if (const QString place = where.toString(); !place.isEmpty())
        lines << QStringLiteral("  where: ") + place;
    if (!detail.isEmpty()) {
        QString source = QStringLiteral("  said:  ");
        if (!sqlState.isEmpty())
            source += QStringLiteral("[SQLSTATE %1] ").arg(QString::fromLatin1(sqlState));
        else if (httpStatus != 0)
            source += QStringLiteral("[HTTP %1] ").arg(httpStatus);
        lines << source + QString(detail).replace(QLatin1Char('\n'), QStringLiteral("\n         "));
    }
    if (!hint.isEmpty())
        lines << QStringLiteral("  try:   ") + hint;
    return lines.join(QLatin1Char('\n'));
}

Error makeError(ErrorKind kind, QString summary, QString detail, QString hint)
{
    Error error;
    error.kind = kind;
    error.summary = std::move(summary);
    error.detail = std::move(detail);
    error.hint = std::move(hint);
    return error;
}

} // namespace qdrant2pg
