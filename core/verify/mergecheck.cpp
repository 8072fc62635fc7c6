// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/mergecheck.h"

#include "core/verify/pointname.h"

namespace qdrant2pg {

namespace {

/// Differences held back at most before their ranges are looked at: a few MB at their readable length.
constexpr std::size_t mostPending = 2000;

} // namespace

MergeCheck::MergeCheck(FullCheckRun& run, Connection& connection, SourceCursor& source, RowComparer& comparer,
    std::stop_token stop)
    : m_run(run)
    , m_job(run.job)
    , m_connection(connection)
    , m_source(source)
    , m_comparer(comparer)
    , m_stop(std::move(stop))
    , m_idColumn(run.job.idColumn())
    , m_finder(run.job.ranges)
{
}

Result<void> MergeCheck::advance()
{
    auto more = m_source.next();
    if (!more)
        return fail(more.error());
    if (*more) {
        ++m_run.sourcePoints;
        if (++m_sinceReport == 1000) {
            m_sinceReport = 0;
            m_run.report();
        }
    }
    return {};
}

/// Points that come before the id (nothing: all that are left) have no row.
Result<void> MergeCheck::skipPointsBefore(const std::optional<PointId>& id)
{
    while (m_source.atPoint() && (!id || m_source.point().id < *id)) {
        m_run.pointWithoutRow(m_comparer, m_source.page(), m_source.point());
        if (auto advanced = advance(); !advanced)
            return advanced;
    }
    return {};
}

void MergeCheck::hold(const PointId* id, Mismatch mismatch)
{
    mismatch.pointId = pointName(mismatch.pointId, m_shardKey);
    m_pending.push_back({id ? m_finder.find(m_shardKey, *id) : -1, std::move(mismatch)});
}

Result<void> MergeCheck::row(std::string_view row)
{
    ++m_run.targetRows;
    if (!splitCopyRow(row, m_fields)
        || m_fields.size() != static_cast<std::size_t>(m_job.table.columns.size()))
        return fail(ErrorKind::Protocol,
            QStringLiteral("PostgreSQL sent a row that does not fit the table's columns."));
    const CopyField idField = m_fields[static_cast<std::size_t>(m_job.idIndex)];
    const auto id = m_idColumn.pointId(idField);
    if (id) {
        if (auto skipped = skipPointsBefore(id); !skipped)
            return skipped;
    }
    if (id && m_source.atPoint() && m_source.point().id == *id) {
        ++m_run.compared;
        const PointView& point = m_source.point();
        const QString idText = id->toString();
        if (const auto reject = m_comparer.encode(m_source.page(), point)) {
            hold(&*id,
                {QStringLiteral("content"), idText, reject->column,
                    QStringLiteral("cannot be stored: ") + reject->reason, QStringLiteral("has a row")});
        } else {
            auto differences =
                m_comparer.differences(idText, m_comparer.encoded(), row, &m_source.page(), &point);
            if (!differences)
                return fail(differences.error());
            for (Mismatch& difference : *differences)
                hold(&*id, std::move(difference));
        }
        if (auto advanced = advance(); !advanced)
            return advanced;
    } else if (m_job.tableIsShared()) {
        ++m_run.otherRows;
    } else {
        hold(id ? &*id : nullptr, {QStringLiteral("extra"), m_idColumn.text(idField), {}, {}, {}});
    }
    if (m_pending.size() >= mostPending) {
        if (!m_second) {
            auto opened = m_job.connect();
            if (!opened)
                return fail(opened.error());
            m_second.emplace(std::move(*opened));
        }
        return settle(*m_second);
    }
    return {};
}

/// Whether the rows of a range are what the run copied: then a difference to Qdrant arose there, after the
/// copy.
Result<bool> MergeCheck::isAsCopied(int range, Connection& connection)
{
    if (range < 0 || m_job.tableIsShared() || !m_job.rangesAreIds())
        return false;
    if (const auto known = m_asCopied.find(range); known != m_asCopied.end())
        return known->second;
    const LedgerRange& ledger = m_job.ranges.at(range);
    auto sum = sumRange(m_job, connection, ledger);
    if (!sum)
        return fail(sum.error());
    const bool same = *sum && **sum == RowSum{ledger.digest, ledger.rows};
    m_asCopied[range] = same;
    return same;
}

Result<void> MergeCheck::settle(Connection& connection)
{
    for (Pending& pending : m_pending) {
        auto asCopied = isAsCopied(pending.range, connection);
        if (!asCopied)
            return fail(asCopied.error());
        if (*asCopied)
            pending.mismatch.type = QStringLiteral("changed-in-source");
        m_run.sink.add(pending.mismatch);
    }
    m_pending.clear();
    return {};
}

Result<void> MergeCheck::run(const VerifySegment& segment)
{
    m_shardKey = segment.shardKey;
    m_source.start(segment.lower, segment.upper, segment.shardKey.toStdString());
    if (auto first = advance(); !first)
        return first;
    QStringList conditions{
        m_idColumn.condition(segment.lower, segment.upper), shardCondition(m_job, segment.shardKey)};
    conditions.removeAll(QString());
    std::optional<Error> failure;
    const QString sql = copyOutSql(m_job.table, conditions.join(QStringLiteral(" AND ")), m_idColumn.order());
    auto read = m_connection.copyOutRows(sql.toUtf8(), [&](std::string_view bytes) {
        if (m_stop.stop_requested())
            return false;
        if (auto compared = row(bytes); !compared) {
            failure = compared.error();
            return false;
        }
        return true;
    });
    if (m_stop.stop_requested())
        return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing."));
    if (failure)
        return fail(std::move(*failure));
    if (!read)
        return fail(read.error());
    if (auto rest = skipPointsBefore(std::nullopt); !rest)
        return rest;
    if (auto settled = settle(m_connection); !settled)
        return settled;
    m_run.report();
    return {};
}

} // namespace qdrant2pg
