// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/breakable.h"

namespace qdrant2pg {

QString breakable(QString text)
{
    return text.replace(QLatin1Char('_'), QStringLiteral("_\u200b"));
}

QString shortened(const QString& name, qsizetype most)
{
    const qsizetype half = most / 2;
    return name.size() <= most ? name : name.left(half) + QChar(0x2026) + name.right(most - half - 1);
}

} // namespace qdrant2pg
