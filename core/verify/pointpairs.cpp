// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/pointpairs.h"

#include "core/postgres/identifiers.h"
#include "core/qdrant/qdrantclient.h"

#include <QHash>
#include <QMap>
#include <QStringList>

#include <algorithm>
#include <limits>
#include <map>

namespace qdrant2pg {

namespace {

constexpr std::size_t pointsPerQuestion = 100;

/// Only these points, and of them those that the plan moves.
std::string filterFor(const CollectionPlan& plan, const std::vector<PointId>& ids)
{
    std::string list;
    for (const PointId& id : ids)
        list += (list.empty() ? "" : ",") + id.toJson();
    std::string filter = "{\"must\":[{\"has_id\":[" + list + "]}";
    if (!plan.filterJson.isEmpty())
        filter += "," + plan.filterJson.toStdString();
    return filter + "]}";
}

Result<PointPage> readPoints(
    const VerifyJob& job, QdrantClient& client, const std::vector<PointId>& ids, const std::string& shardKey)
{
    // The plain question is the one that every server and key allows.
    if (job.plan.filterJson.isEmpty())
        return client.retrieve(job.plan.name, ids, true, true, shardKey);
    PageRequest request;
    request.limit = static_cast<std::uint32_t>(ids.size());
    request.filterJson = filterFor(job.plan, ids);
    request.shardKeyJson = shardKey;
    return client.scroll(job.plan.name, request);
}

/// The SQL condition for the rows of these points; empty when no row can be theirs.
QString rowCondition(const VerifyJob& job, const std::vector<PointId>& ids)
{
    const IdColumn column = job.idColumn();
    QStringList texts;
    for (const PointId& id : ids) {
        const bool fits = column.type() == ColumnType::Uuid ? id.isUuid() || rowsHideIds(job)
            : column.type() == ColumnType::Text             ? true
                                                            : id.isNumber()
                && (column.type() != ColumnType::Bigint
                    || id.number() <= std::uint64_t{std::numeric_limits<std::int64_t>::max()});
        if (fits)
            texts << rowIdText(job, id);
    }
    if (texts.isEmpty())
        return {};
    return quoteIdentifier(column.name()) + QStringLiteral(" = ANY ('{") + texts.join(QLatin1Char(','))
        + QStringLiteral("}'::") + columnTypeName(column.type()) + QStringLiteral("[])");
}

/// Rows by the text of their id.
Result<QHash<QString, std::string>> readRows(
    const VerifyJob& job, Connection& connection, const std::vector<PointId>& ids, const QString& shardKey)
{
    QHash<QString, std::string> rows;
    const QString byId = rowCondition(job, ids);
    if (byId.isEmpty())
        return rows;
    auto read = visitRows(job, connection, {byId, shardCondition(job, shardKey)},
        [&](const std::vector<CopyField>& fields, std::string_view row) {
            rows.insert(job.idColumn().text(fields[static_cast<std::size_t>(job.idIndex)]), std::string(row));
        });
    if (!read)
        return fail(read.error());
    return rows;
}

} // namespace

bool rowsHideIds(const VerifyJob& job)
{
    return job.plan.id.type == IdType::Uuid && job.plan.id.numericIds == NumericIds::Uuid5;
}

QString rowIdText(const VerifyJob& job, const PointId& id)
{
    if (rowsHideIds(job) && id.isNumber())
        return PointId::fromUuid(numericIdAsUuid(job.plan.name.toUtf8(), id.number())).toString();
    return id.toString();
}

Result<void> visitPointPairs(const VerifyJob& job, Connection& connection, RowComparer& comparer,
    const std::vector<NamedPoint>& points, const PointVisit& visit)
{
    QdrantClient client(job.request.source, job.stop);
    QMap<QString, std::vector<PointId>> byKey;
    for (const NamedPoint& point : points)
        byKey[point.shardKey].push_back(point.id);
    for (auto entry = byKey.cbegin(); entry != byKey.cend(); ++entry) {
        const QString& shardKey = entry.key();
        for (std::size_t at = 0; at < entry->size(); at += pointsPerQuestion) {
            if (job.stop.stop_requested())
                return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing."));
            const auto first = entry->cbegin() + static_cast<std::ptrdiff_t>(at);
            const auto count = std::min(pointsPerQuestion, entry->size() - at);
            const std::vector<PointId> ids(first, first + static_cast<std::ptrdiff_t>(count));
            auto page = readPoints(job, client, ids, shardKey.toStdString());
            if (!page)
                return fail(page.error());
            auto rows = readRows(job, connection, ids, shardKey);
            if (!rows)
                return fail(rows.error());
            std::map<PointId, const PointView*> found;
            for (const PointView& point : page->points())
                found.emplace(point.id, &point);
            for (const PointId& id : ids) {
                PointPair pair;
                pair.point = {id, shardKey};
                if (const auto source = found.find(id); source != found.end()) {
                    pair.page = &*page;
                    pair.source = source->second;
                    pair.reject = comparer.encode(*page, *pair.source);
                    if (!pair.reject)
                        pair.sourceRow = comparer.encoded();
                }
                const auto row = rows->constFind(rowIdText(job, id));
                if (row != rows->constEnd())
                    pair.targetRow = *row;
                if (auto visited = visit(pair); !visited)
                    return visited;
            }
        }
    }
    return {};
}

} // namespace qdrant2pg
