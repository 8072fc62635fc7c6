// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/rowsample.h"

#include "core/postgres/identifiers.h"
#include "core/qdrant/qdrantclient.h"
#include "core/verify/pointpairs.h"
#include "core/verify/valuetext.h"

#include <algorithm>
#include <random>

namespace qdrant2pg {

namespace {

/// Larger tables are thinned first: sorting all ids would take seconds.
constexpr qint64 mostSortedRows = 1'000'000;

/// The ids that come first in an order that depends on the seed alone.
Result<std::vector<NamedPoint>> pickRows(
    const VerifyJob& job, Connection& connection, int rows, int seed, QString& method)
{
    const QString table = qualifiedName(job.table.schema, job.table.name);
    auto estimate = connection.execute(
        "SELECT reltuples::bigint FROM pg_class WHERE oid = " + quoteLiteral(table).toUtf8() + "::regclass");
    if (!estimate)
        return fail(estimate.error());
    const qint64 count = estimate->rowCount() > 0 ? estimate->integer(0, 0) : 0;
    const QString id = quoteIdentifier(job.idColumn().name());
    QString columns = id + QStringLiteral("::text");
    if (job.shardKeyIndex >= 0)
        columns += QStringLiteral(", to_jsonb(%1)::text")
                       .arg(quoteIdentifier(job.table.columns.at(job.shardKeyIndex).name));
    QString from = table;
    method = QStringLiteral("rows of PostgreSQL, in an order that the seed decides");
    if (count > mostSortedRows) {
        from += QStringLiteral(" TABLESAMPLE SYSTEM (%1) REPEATABLE (%2)")
                    .arg(100.0 * static_cast<double>(mostSortedRows) / static_cast<double>(count), 0, 'f', 4)
                    .arg(seed);
        method = QStringLiteral("rows of a part of the table, in an order that the seed decides");
    }
    auto picked =
        connection.execute(QStringLiteral("SELECT %1 FROM %2 ORDER BY hashtextextended(%3::text, %4), "
                                          "1 LIMIT %5")
                               .arg(columns, from, id)
                               .arg(seed)
                               .arg(rows)
                               .toUtf8());
    if (!picked)
        return fail(picked.error());
    std::vector<NamedPoint> points;
    for (int row = 0; row < picked->rowCount(); ++row) {
        const auto point = PointId::parse(picked->text(row, 0).toStdString());
        if (point)
            points.push_back({*point, job.shardKeyIndex >= 0 ? picked->text(row, 1) : QString()});
    }
    return points;
}

/// Where rows do not tell their points: neighbours in Qdrant's order from a place that the seed decides.
Result<std::vector<NamedPoint>> pickPoints(const VerifyJob& job, int rows, int seed, QString& method)
{
    QdrantClient client(job.request.source, job.stop);
    auto count = client.count(job.plan.name, false, job.plan.filterJson.toStdString());
    if (!count)
        return fail(count.error());
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    PageRequest request;
    request.from = PointId::fromNumber(
        std::uniform_int_distribution<std::uint64_t>(0, static_cast<std::uint64_t>(*count))(random));
    request.limit = static_cast<std::uint32_t>(rows);
    request.withPayload = false;
    request.withVectors = false;
    request.filterJson = job.plan.filterJson.toStdString();
    method = QStringLiteral("neighbouring points of Qdrant, from a place that the seed decides");
    std::vector<NamedPoint> points;
    for (const bool fromStart : {false, true}) {
        if (fromStart)
            request.from = PointId();
        auto page = client.scroll(job.plan.name, request);
        if (!page)
            return fail(page.error());
        for (const PointView& point : page->points())
            points.push_back({point.id,
                QString::fromUtf8(point.shardKey.data(), static_cast<qsizetype>(point.shardKey.size()))});
        if (!points.empty())
            break;
    }
    return points;
}

Result<SampledPoint> describe(const VerifyJob& job, RowComparer& comparer, const PointPair& pair)
{
    SampledPoint point;
    point.pointId = pointName(pair.point);
    point.inSource = pair.source != nullptr;
    point.inTarget = !pair.targetRow.empty();
    if (pair.reject)
        point.reject = pair.reject->reason;
    const std::string sourceRow(pair.sourceRow);
    QStringList differing;
    if (!sourceRow.empty() && point.inTarget) {
        auto differences =
            comparer.differences(point.pointId, sourceRow, pair.targetRow, pair.page, pair.source);
        if (!differences)
            return fail(differences.error());
        for (const Mismatch& difference : *differences)
            differing << difference.column;
    }
    std::vector<CopyField> source;
    std::vector<CopyField> target;
    const bool hasSource = !sourceRow.empty() && splitCopyRow(sourceRow, source);
    const bool hasTarget = point.inTarget && splitCopyRow(pair.targetRow, target);
    for (qsizetype i = 0; i < job.table.columns.size(); ++i) {
        const ColumnSpec& column = job.table.columns.at(i);
        const auto at = static_cast<std::size_t>(i);
        SampledCell cell;
        cell.column = column.name;
        const bool both = hasSource && hasTarget && at < source.size() && at < target.size();
        cell.same = both && !differing.contains(column.name);
        if (both && !cell.same) {
            const ValuePair values = describeDifference(column, source[at], target[at]);
            cell.source = values.source;
            cell.target = values.target;
        } else {
            if (hasSource && at < source.size())
                cell.source = describeValue(column.type, source[at]);
            if (hasTarget && at < target.size())
                cell.target = describeValue(column.type, target[at]);
        }
        point.cells << cell;
    }
    return point;
}

} // namespace

bool SampledPoint::isSame() const
{
    return inSource && inTarget
        && std::all_of(cells.begin(), cells.end(), [](const SampledCell& cell) { return cell.same; });
}

Result<RowSample> sampleRows(
    const VerifyRequest& request, const QString& collection, int rows, int seed, const std::stop_token& stop)
{
    const auto plan = std::find_if(request.plan.collections.begin(), request.plan.collections.end(),
        [&](const CollectionPlan& candidate) { return candidate.name == collection; });
    if (plan == request.plan.collections.end())
        return fail(ErrorKind::NotFound, QStringLiteral("The plan has no collection %1.").arg(collection));
    VerifyRequest readOnly = request;
    readOnly.target = request.target.readOnly();
    auto connection = Connection::open(readOnly.target);
    if (!connection)
        return fail(connection.error());
    auto made = makeVerifyJob(readOnly, *plan, *connection);
    if (!made)
        return fail(made.error());
    VerifyJob& job = **made;
    job.stop = stop;
    RowSample sample;
    sample.collection = collection;
    sample.seed = seed;
    auto points = rowsHideIds(job) ? pickPoints(job, rows, seed, sample.method)
                                   : pickRows(job, *connection, rows, seed, sample.method);
    if (!points)
        return fail(points.error());
    auto comparer = RowComparer::create(job);
    if (!comparer)
        return fail(comparer.error());
    auto visited =
        visitPointPairs(job, *connection, *comparer, *points, [&](const PointPair& pair) -> Result<void> {
            auto described = describe(job, *comparer, pair);
            if (!described)
                return fail(described.error());
            sample.points << *described;
            return {};
        });
    if (!visited)
        return fail(visited.error());
    return sample;
}

} // namespace qdrant2pg
