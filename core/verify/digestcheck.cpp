// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/digestcheck.h"

#include "core/common/jsontext.h"
#include "core/common/units.h"
#include "core/postgres/fieldtext.h"
#include "core/postgres/identifiers.h"
#include "core/verify/checkpoint.h"
#include "core/verify/lanes.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

/// Pages of 8 KiB in one slice of the table; vectors stored outside the row come on top of that.
constexpr qint64 pagesPerSlice = 1024;

std::optional<PointId> boundOf(const QString& text)
{
    if (text.isEmpty())
        return std::nullopt;
    return PointId::parse(text.toStdString());
}

/// JSON token of a stored shard key: numbers are stored by their digits, so "7" may have been 7 or "7"; the
/// ranges know.
QString shardToken(const VerifyJob& job, const CopyField& field)
{
    if (!field)
        return {};
    const ColumnType type = job.table.columns.at(job.shardKeyIndex).type;
    std::string text;
    if (!appendFieldText(text, type, *field))
        return {};
    if (type == ColumnType::Jsonb)
        return QString::fromStdString(text);
    const QString bare = QString::fromStdString(text);
    for (const LedgerRange& range : job.ranges) {
        if (range.shardKey == bare)
            return bare;
    }
    return QString::fromStdString(jsontext::quoted(text));
}

/// Slices of the table by physical position, so that several connections read it without any index and
/// exactly once.
QStringList slicesOf(const VerifyJob& job, qint64 pages)
{
    // Only a plain table has one row address space; others are read as a whole.
    if (!job.existing || job.existing->kind != QLatin1Char('r') || pages < 2 * pagesPerSlice)
        return {QString()};
    QStringList slices;
    for (qint64 page = 0; page < pages; page += pagesPerSlice) {
        QString slice = QStringLiteral("ctid >= '(%1,0)'::tid").arg(page);
        // The last one is open: the table may have grown since its size was asked for.
        if (page + pagesPerSlice < pages)
            slice += QStringLiteral(" AND ctid < '(%1,0)'::tid").arg(page + pagesPerSlice);
        slices << slice;
    }
    return slices;
}

void add(TableSums& sums, const TableSums& part)
{
    sums.total += part.total;
    for (const auto& [range, sum] : part.byRange)
        sums.byRange[range] += sum;
}

QJsonObject sumToJson(const RowSum& sum)
{
    return {{QStringLiteral("digest"), QString::fromLatin1(sum.digest.toHex())},
        {QStringLiteral("rows"), sum.rows}};
}

RowSum sumFromJson(const QJsonObject& object)
{
    return {DigestSum::fromHex(object.value(QLatin1String("digest")).toString().toLatin1()),
        object.value(QLatin1String("rows")).toInteger()};
}

QJsonObject sliceToJson(const TableSums& slice)
{
    QJsonObject ranges;
    for (const auto& [range, sum] : slice.byRange)
        ranges.insert(QString::number(range), sumToJson(sum));
    return {{QStringLiteral("total"), sumToJson(slice.total)}, {QStringLiteral("ranges"), ranges}};
}

/// The number of rows.
qint64 addSlice(TableSums& sums, const QJsonObject& slice)
{
    TableSums part;
    part.total = sumFromJson(slice.value(QLatin1String("total")).toObject());
    const QJsonObject ranges = slice.value(QLatin1String("ranges")).toObject();
    for (auto it = ranges.constBegin(); it != ranges.constEnd(); ++it)
        part.byRange[it.key().toInt()] = sumFromJson(it.value().toObject());
    add(sums, part);
    return part.total.rows;
}

} // namespace

RangeFinder::RangeFinder(const QList<LedgerRange>& ranges)
{
    for (int i = 0; i < ranges.size(); ++i)
        m_byKey[ranges.at(i).shardKey].push_back({boundOf(ranges.at(i).lower).value_or(PointId()), i});
    for (auto& [key, entries] : m_byKey)
        std::sort(
            entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.lower < b.lower; });
}

int RangeFinder::find(const QString& shardKey, const PointId& id) const
{
    const auto entries = m_byKey.find(shardKey);
    if (entries == m_byKey.end())
        return -1;
    const auto above = std::upper_bound(entries->second.begin(), entries->second.end(), id,
        [](const PointId& value, const Entry& e) { return value < e.lower; });
    return above == entries->second.begin() ? -1 : std::prev(above)->position;
}

QString digestAlgorithm()
{
    return QString::fromLatin1(RowDigest::algorithm());
}

Result<TableSums> sumTable(const VerifyJob& job, double progressFrom, double progressTo)
{
    auto leader = job.connect();
    if (!leader)
        return fail(leader.error());
    auto snapshot = beginSharedSnapshot(*leader);
    if (!snapshot)
        return fail(snapshot.error());
    const QByteArray table = quoteLiteral(qualifiedName(job.table.schema, job.table.name)).toUtf8();
    const QByteArray sizeSql = "SELECT pg_relation_size(" + table
        + "::regclass) / current_setting('block_size')::bigint, pg_relation_filenode(" + table
        + "::regclass)";
    auto size = leader->execute(sizeSql);
    if (!size)
        return fail(size.error());
    const QStringList slices = slicesOf(job, size->integer(0, 0));
    // Without a shared snapshot the slices could see different states; one connection then reads them all.
    const int lanes =
        snapshot->isEmpty() ? 1 : std::clamp(job.request.lanes, 1, static_cast<int>(slices.size()));

    // Slices are places in one file of one length; otherwise they are others.
    VerifyCheckpoint checkpoint(job.request.outDir, job.plan.name,
        checkpointKey(job, VerifyLevel::Digest, size->text(0, 0) + QLatin1Char('/') + size->text(0, 1)),
        job.request.restart);
    TableSums sums;
    sums.localised = !job.ranges.isEmpty() && job.rangesAreIds()
        && !(job.plan.id.type == IdType::Uuid && job.plan.id.numericIds == NumericIds::Uuid5);
    const RangeFinder finder(job.ranges);
    const IdColumn idColumn = job.idColumn();
    const std::vector<ColumnType> types = job.table.columnTypes();
    std::atomic<int> nextSlice{0};
    std::atomic<int> slicesDone{0};
    std::atomic<int> takenOver{0};
    std::atomic<qint64> rowsRead{0};
    std::mutex mutex;

    const auto work = [&](int lane, const std::stop_token& stop) -> Result<void> {
        std::optional<Connection> own;
        if (lane > 0) {
            auto opened = job.connect();
            if (!opened)
                return fail(opened.error());
            own.emplace(std::move(*opened));
            if (auto begun = beginSnapshot(*own, *snapshot); !begun)
                return begun;
        }
        Connection& connection = own ? *own : *leader;
        RowDigest digest(types);
        std::vector<CopyField> fields;
        bool damaged = false;
        qint64 sinceReport = 0;
        for (int slice = nextSlice++; slice < slices.size(); slice = nextSlice++) {
            if (const auto earlier = checkpoint.done(slices.at(slice))) {
                const std::lock_guard lock(mutex);
                rowsRead += addSlice(sums, *earlier);
                ++takenOver;
                ++slicesDone;
                continue;
            }
            TableSums mine;
            auto read = connection.copyOutRows(
                copyOutSql(job.table, slices.at(slice), {}).toUtf8(), [&](std::string_view row) {
                    if (stop.stop_requested())
                        return false;
                    const DigestSum hash = digest.hash(row);
                    mine.total.add(hash);
                    if (sums.localised) {
                        damaged = !splitCopyRow(row, fields) || fields.size() != types.size();
                        if (damaged)
                            return false;
                        const auto id = idColumn.pointId(fields[static_cast<std::size_t>(job.idIndex)]);
                        const QString key = job.shardKeyIndex < 0
                            ? QString()
                            : shardToken(job, fields[static_cast<std::size_t>(job.shardKeyIndex)]);
                        mine.byRange[id ? finder.find(key, *id) : -1].add(hash);
                    }
                    if (++sinceReport == 1000) {
                        rowsRead += std::exchange(sinceReport, 0);
                        if (slices.size() == 1 && job.progress)
                            job.progress(-1, QStringLiteral("%1 rows read").arg(formatCount(rowsRead)));
                    }
                    return true;
                });
            if (stop.stop_requested())
                return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing."));
            if (damaged)
                return fail(ErrorKind::Protocol,
                    QStringLiteral("PostgreSQL sent a row that does not fit the table's columns."));
            if (!read)
                return fail(read.error());
            rowsRead += std::exchange(sinceReport, 0);
            {
                const std::lock_guard lock(mutex);
                add(sums, mine);
            }
            // A table of one slice is read again as quickly.
            if (slices.size() > 1)
                checkpoint.add(slices.at(slice), sliceToJson(mine));
            const double part = static_cast<double>(++slicesDone) / static_cast<double>(slices.size());
            if (job.progress)
                job.progress(progressFrom + part * (progressTo - progressFrom),
                    QStringLiteral("%1 rows read").arg(formatCount(rowsRead)));
        }
        return {};
    };
    if (auto done = runLanes(lanes, job.stop, work); !done)
        return fail(done.error());
    leader->rollback();
    checkpoint.remove();
    sums.takenOver = takenOver;
    sums.slices = static_cast<int>(slices.size());
    return sums;
}

Result<std::optional<RowSum>> sumRange(const VerifyJob& job, Connection& connection, const LedgerRange& range)
{
    if (!job.rangesAreIds()
        || (job.plan.id.type == IdType::Uuid && job.plan.id.numericIds == NumericIds::Uuid5))
        return std::optional<RowSum>();
    QStringList conditions{job.idColumn().condition(boundOf(range.lower), boundOf(range.upper)),
        shardCondition(job, range.shardKey)};
    conditions.removeAll(QString());
    RowDigest digest(job.table.columnTypes());
    RowSum sum;
    auto read =
        connection.copyOutRows(copyOutSql(job.table, conditions.join(QStringLiteral(" AND ")), {}).toUtf8(),
            [&](std::string_view row) {
                sum.add(digest.hash(row));
                return !job.stop.stop_requested();
            });
    if (!read)
        return fail(read.error());
    if (job.stop.stop_requested())
        return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing."));
    return std::optional<RowSum>(sum);
}

Result<VerificationOutcome> checkDigest(const VerifyJob& job)
{
    VerificationOutcome outcome;
    outcome.collection = job.plan.name;
    outcome.level = VerifyLevel::Digest;
    outcome.algorithm = digestAlgorithm();

    auto sums = sumTable(job, 0, 1);
    if (!sums)
        return fail(sums.error());
    RowSum source;
    for (const LedgerRange& range : job.ranges) {
        source.digest += range.digest;
        source.rows += range.rows;
    }
    outcome.comparedRows = sums->total.rows;
    outcome.targetCount = sums->total.rows;
    outcome.sourceDigest = QString::fromLatin1(source.digest.toHex());
    outcome.targetDigest = QString::fromLatin1(sums->total.digest.toHex());

    QStringList places;
    int differing = 0;
    if (sums->localised) {
        const auto note = [&](const QString& place, const RowSum& copied, const RowSum& found) {
            if (++differing > 5)
                return;
            const QString rows = copied.rows == found.rows
                ? QStringLiteral("%1 rows").arg(formatCount(found.rows))
                : QStringLiteral("%1 rows instead of %2")
                      .arg(formatCount(found.rows), formatCount(copied.rows));
            places << place + QStringLiteral(" (") + rows + QLatin1Char(')');
        };
        for (int i = 0; i < job.ranges.size(); ++i) {
            const LedgerRange& range = job.ranges.at(i);
            const RowSum copied{range.digest, range.rows};
            const auto found = sums->byRange.find(i);
            const RowSum now = found == sums->byRange.end() ? RowSum{} : found->second;
            if (copied == now)
                continue;
            QString place = range.lower.isEmpty() ? QStringLiteral("from the first id")
                                                  : QStringLiteral("from id ") + range.lower;
            place += range.upper.isEmpty() ? QStringLiteral(" to the last")
                                           : QStringLiteral(" to before ") + range.upper;
            if (!range.shardKey.isEmpty())
                place = QStringLiteral("shard key ") + range.shardKey + QLatin1Char(' ') + place;
            note(place, copied, now);
        }
        if (const auto outside = sums->byRange.find(-1); outside != sums->byRange.end())
            note(QStringLiteral("rows that belong to no range of the run"), RowSum{}, outside->second);
    }

    const bool identical = source == sums->total && differing == 0;
    const QString limits = QStringLiteral(
        "This level compares the table with what was read from Qdrant during the run; it does not read "
        "Qdrant again, so it says nothing about points that were changed there since.");
    outcome.result =
        identical && job.allRangesDone() ? QStringLiteral("identical") : QStringLiteral("different");
    if (!job.allRangesDone())
        outcome.sentence = QStringLiteral("The run has not finished copying. ");
    if (identical) {
        outcome.sentence += (sums->total.rows == 1
                ? QStringLiteral("The %1 row in the table is, value for value, what was read from Qdrant. ")
                : QStringLiteral(
                    "All %1 rows in the table are, value for value, what was read from Qdrant. "))
                                .arg(formatCount(sums->total.rows));
    } else {
        outcome.sentence +=
            QStringLiteral("The table is not what was copied: %1 rows were stored, %2 are there now%3. ")
                .arg(formatCount(source.rows), formatCount(sums->total.rows),
                    source.rows == sums->total.rows ? QStringLiteral(", with other values") : QString());
        if (!places.isEmpty())
            outcome.sentence += QStringLiteral("Differences lie in %1 of %2 ranges: %3%4. ")
                                    .arg(differing)
                                    .arg(job.ranges.size())
                                    .arg(places.join(QStringLiteral("; ")),
                                        differing > 5 ? QStringLiteral("; \u2026") : QString());
        outcome.sentence += QStringLiteral("Verify at level full to see each row. ");
    }
    outcome.sentence += limits;
    if (sums->takenOver > 0)
        outcome.sentence += takenOverSentence(sums->takenOver, sums->slices);
    return outcome;
}

} // namespace qdrant2pg
