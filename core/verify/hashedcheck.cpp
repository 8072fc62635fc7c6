// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/hashedcheck.h"

#include "core/postgres/identifiers.h"
#include "core/verify/pointname.h"

#include <algorithm>
#include <unordered_map>

namespace qdrant2pg {

namespace {

constexpr std::size_t pointsPerLookup = 500;
constexpr std::uint32_t idsPerPage = 20'000;
/// 16 bytes each.
constexpr qint64 idsPerPass = 4'000'000;

struct Looked {
    PointId id;
    /// The row's id: 16 bytes.
    std::string rowId;
    std::string row;
    bool rejected = false;
};

QString idList(const std::vector<Looked>& points)
{
    QString list;
    for (const Looked& point : points) {
        PointId::UuidBytes bytes{};
        std::copy(point.rowId.begin(), point.rowId.end(), bytes.begin());
        list += (list.isEmpty() ? QString() : QStringLiteral(",")) + PointId::fromUuid(bytes).toString();
    }
    return list;
}

std::string rowIdOf(const VerifyJob& job, const PointId& id)
{
    const auto bytes = id.isUuid() ? id.uuid() : numericIdAsUuid(job.plan.name.toUtf8(), id.number());
    return {bytes.begin(), bytes.end()};
}

/// Fetches the rows of the points and compares them.
Result<void> look(FullCheckRun& run, Connection& connection, RowComparer& comparer,
    const std::vector<Looked>& points, const QString& shardKey)
{
    const VerifyJob& job = run.job;
    if (points.empty())
        return {};
    const QStringList conditions{quoteIdentifier(job.plan.id.column) + QStringLiteral(" = ANY ('{")
            + idList(points) + QStringLiteral("}'::uuid[])"),
        shardCondition(job, shardKey)};
    std::unordered_map<std::string, std::string> rows;
    auto read = visitRows(
        job, connection, conditions, [&](const std::vector<CopyField>& fields, std::string_view row) {
            rows.emplace(std::string(*fields[static_cast<std::size_t>(job.idIndex)]), std::string(row));
        });
    if (!read)
        return read;
    run.targetRows += static_cast<qint64>(rows.size());
    for (const Looked& point : points) {
        const QString idText = pointName({point.id, shardKey});
        const auto row = rows.find(point.rowId);
        if (row == rows.end()) {
            if (point.rejected)
                ++run.rejected;
            else
                run.sink.add({QStringLiteral("missing"), idText, {}, {}, {}});
            continue;
        }
        ++run.compared;
        if (point.row.empty())
            continue;
        auto differences = comparer.differences(idText, point.row, row->second, nullptr, nullptr);
        if (!differences)
            return fail(differences.error());
        for (const Mismatch& difference : *differences)
            run.sink.add(difference);
    }
    run.report();
    return {};
}

/// Ids of all points whose row id belongs to that pass, sorted.
Result<std::vector<std::string>> sourceRowIds(
    const FullCheckRun& run, QdrantClient& client, qint64 pass, qint64 passes)
{
    const VerifyJob& job = run.job;
    std::vector<std::string> ids;
    std::vector<std::string> shardKeys;
    for (const LedgerRange& range : job.ranges) {
        if (shardKeys.empty() || shardKeys.back() != range.shardKey.toStdString())
            shardKeys.push_back(range.shardKey.toStdString());
    }
    if (shardKeys.empty())
        shardKeys.emplace_back();
    for (const std::string& shardKey : shardKeys) {
        std::optional<PointId> from = PointId();
        while (from) {
            if (job.stop.stop_requested())
                return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing."));
            PageRequest request;
            request.from = from;
            request.limit = idsPerPage;
            request.withPayload = false;
            request.withVectors = false;
            request.filterJson = job.plan.filterJson.toStdString();
            request.shardKeyJson = shardKey;
            auto page = client.scroll(job.plan.name, request);
            if (!page)
                return fail(page.error());
            if (page->points().empty())
                break;
            for (const PointView& point : page->points()) {
                std::string id = rowIdOf(job, point.id);
                if (static_cast<unsigned char>(id[15]) % passes == pass)
                    ids.push_back(std::move(id));
            }
            from = page->points().back().id.successor();
        }
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

} // namespace

Result<void> checkHashedSegment(FullCheckRun& run, Connection& connection, SourceCursor& source,
    RowComparer& comparer, const std::stop_token& stop, const VerifySegment& segment)
{
    const VerifyJob& job = run.job;
    source.start(segment.lower, segment.upper, segment.shardKey.toStdString());
    std::vector<Looked> points;
    for (;;) {
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing."));
        auto more = source.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            break;
        ++run.sourcePoints;
        Looked point;
        point.id = source.point().id;
        point.rowId = rowIdOf(job, point.id);
        const bool cannotBeStored = comparer.encode(source.page(), source.point()).has_value();
        point.rejected = job.isRejected(job.shardKeyIndex < 0 ? QString() : segment.shardKey, point.id)
            || (cannotBeStored && !job.run);
        if (!cannotBeStored)
            point.row = std::string(comparer.encoded());
        points.push_back(std::move(point));
        if (points.size() == pointsPerLookup) {
            if (auto looked = look(run, connection, comparer, points, segment.shardKey); !looked)
                return looked;
            points.clear();
        }
    }
    return look(run, connection, comparer, points, segment.shardKey);
}

Result<void> findHashedExtras(FullCheckRun& run, QdrantClient& client)
{
    const VerifyJob& job = run.job;
    auto connection = job.connect();
    if (!connection)
        return fail(connection.error());
    auto total = countRows(*connection, job.table.schema, job.table.name);
    if (!total)
        return fail(total.error());
    const qint64 others = *total - run.targetRows;
    if (others <= 0)
        return {};
    run.targetRows = *total;
    if (job.tableIsShared()) {
        run.otherRows += others;
        return {};
    }
    const qint64 passes = std::clamp<qint64>((run.sourcePoints + idsPerPass - 1) / idsPerPass, 1, 256);
    TableSpec idOnly = job.table;
    idOnly.columns = {job.table.columns.at(job.idIndex)};
    for (qint64 pass = 0; pass < passes; ++pass) {
        auto known = sourceRowIds(run, client, pass, passes);
        if (!known)
            return fail(known.error());
        std::vector<CopyField> fields;
        auto read = connection->copyOutRows(copyOutSql(idOnly, {}, {}).toUtf8(), [&](std::string_view row) {
            if (!splitCopyRow(row, fields) || fields.size() != 1 || !fields[0] || fields[0]->size() != 16)
                return true;
            const std::string id(*fields[0]);
            if (static_cast<unsigned char>(id[15]) % passes == pass
                && !std::binary_search(known->begin(), known->end(), id))
                run.sink.add({QStringLiteral("extra"), job.idColumn().text(fields[0]), {}, {}, {}});
            return !job.stop.stop_requested();
        });
        if (!read)
            return fail(read.error());
    }
    return {};
}

} // namespace qdrant2pg
