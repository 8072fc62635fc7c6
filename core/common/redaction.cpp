// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/redaction.h"

#include <QRegularExpression>

namespace qdrant2pg {

QString redacted(const QString& text)
{
    static const QRegularExpression urlPassword(
        QStringLiteral(R"((\b[a-z][a-z0-9+.-]*://[^\s/:@]*):[^\s/@]+@)"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression header(
        QStringLiteral(R"re(\b(api[-_]?key|authorization)("?\s*[:=]\s*"?)(?:bearer\s+)?[^\s",;]+)re"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression bearer(QStringLiteral(R"(\b(bearer)\s+(?!\*{3})[A-Za-z0-9._~+/=-]+)"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression keyword(
        QStringLiteral(
            R"re(\b(password|passwd|sslpassword|passphrase|secret|token)(\s*[=:]\s*)('(?:[^'\\]|\\.)*'|"[^"]*"|[^\s&,;]+))re"),
        QRegularExpression::CaseInsensitiveOption);
    QString clean = text;
    clean.replace(urlPassword, QStringLiteral("\\1:***@"));
    clean.replace(header, QStringLiteral("\\1\\2***"));
    clean.replace(bearer, QStringLiteral("\\1 ***"));
    clean.replace(keyword, QStringLiteral("\\1\\2***"));
    return clean;
}

} // namespace qdrant2pg
