// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/checkline.h"

#include "ui/widgets/messagebar.h"

#include <QStringList>

namespace qdrant2pg {

QString CheckLine::toText() const
{
    QStringList parts{QStringLiteral("%1: %2").arg(title, statusWord(status))};
    for (const QString& part : {result, advice, detail}) {
        if (!part.isEmpty())
            parts << part;
    }
    return parts.join(QLatin1Char('\n'));
}

CheckLine CheckLine::fromError(const QString& id, const QString& title, const Error& error)
{
    CheckLine line;
    line.id = id;
    line.title = title;
    line.status = error.kind == ErrorKind::Cancelled ? Status::Skipped : Status::Problem;
    line.result = error.summary;
    line.advice = error.hint;
    line.detail = errorDetails(error);
    return line;
}

} // namespace qdrant2pg
