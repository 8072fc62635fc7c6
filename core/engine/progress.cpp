// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/progress.h"

#include <algorithm>
#include <numeric>

namespace qdrant2pg {

QString bottleneckText(Bottleneck bottleneck)
{
    switch (bottleneck) {
    case Bottleneck::Unknown:
        return {};
    case Bottleneck::Qdrant:
        return QStringLiteral("limited by Qdrant");
    case Bottleneck::PostgreSql:
        return QStringLiteral("limited by PostgreSQL");
    case Bottleneck::ThisComputer:
        return QStringLiteral("limited by this computer");
    }
    return {};
}

namespace {

qint64 sum(const QList<CollectionProgress>& collections, qint64 CollectionProgress::*member)
{
    return std::accumulate(collections.begin(), collections.end(), qint64{0},
        [member](
            qint64 total, const CollectionProgress& c) { return total + std::max<qint64>(c.*member, 0); });
}

} // namespace

qint64 RunProgress::expected() const
{
    return sum(collections, &CollectionProgress::expected);
}

qint64 RunProgress::stored() const
{
    return sum(collections, &CollectionProgress::stored);
}

qint64 RunProgress::rejected() const
{
    return sum(collections, &CollectionProgress::rejected);
}

} // namespace qdrant2pg
