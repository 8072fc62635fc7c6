// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/pointname.h"

namespace qdrant2pg {

namespace {

const QString shardKeyWords = QStringLiteral(" (shard key ");

} // namespace

QString pointName(const QString& id, const QString& shardKey)
{
    return shardKey.isEmpty() ? id : id + shardKeyWords + shardKey + QLatin1Char(')');
}

QString pointName(const NamedPoint& point)
{
    return pointName(point.id.toString(), point.shardKey);
}

std::optional<NamedPoint> pointFromName(const QString& name)
{
    NamedPoint point;
    QString id = name;
    if (const qsizetype at = name.indexOf(shardKeyWords); at > 0 && name.endsWith(QLatin1Char(')'))) {
        point.shardKey = name.mid(at + shardKeyWords.size()).chopped(1);
        id = name.left(at);
    }
    const auto parsed = PointId::parse(id.toStdString());
    if (!parsed)
        return std::nullopt;
    point.id = *parsed;
    return point;
}

} // namespace qdrant2pg
