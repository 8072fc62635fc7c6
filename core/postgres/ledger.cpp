// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/ledger.h"

#include "core/postgres/ledgersql.h"

namespace qdrant2pg {

using ledgersql::parameter;

namespace {

const QByteArray rangeColumns = "collection, no, shard_key, lower_id, upper_id, cursor_id, rows, rejected, "
                                "skipped, bytes, expected, digest, state, owner";

/// First key of the advisory locks by which lanes show that they live. Any number would do; never changed.
const QByteArray ownerLockClass = "1361927441";

Result<LedgerRange> rangeFrom(const QueryResult& result, int row)
{
    LedgerRange range;
    range.collection = result.text(row, 0);
    range.number = static_cast<int>(result.integer(row, 1));
    range.shardKey = result.text(row, 2);
    range.lower = result.text(row, 3);
    range.upper = result.text(row, 4);
    range.cursor = result.text(row, 5);
    range.rows = result.integer(row, 6);
    range.rejected = result.integer(row, 7);
    range.skipped = result.integer(row, 8);
    range.bytes = result.integer(row, 9);
    range.expected = result.integer(row, 10);
    if (!ledgersql::digestFromDecimal(result.text(row, 11).toLatin1(), range.digest.high, range.digest.low))
        return fail(ErrorKind::Data,
            QStringLiteral("The ledger's digest of range %1 of %2 is no number.")
                .arg(range.number)
                .arg(range.collection));
    range.state = result.text(row, 12);
    range.owner = result.text(row, 13);
    return range;
}

Result<void> done(Result<QueryResult> result)
{
    if (!result)
        return fail(std::move(result.error()));
    return {};
}

/// For statements that must have met the run.
Result<void> metRun(Result<QueryResult> result, const QString& runId)
{
    if (!result)
        return fail(std::move(result.error()));
    if (result->affectedRows() == 0)
        return fail(ErrorKind::NotFound, QStringLiteral("The ledger knows no run %1.").arg(runId));
    return {};
}

QByteArray leaseEnd(int seconds)
{
    return "clock_timestamp() + make_interval(secs => " + QByteArray::number(seconds) + ")";
}

QByteArray runSql(const QString& schema, const QByteArray& condition)
{
    return "SELECT r.id, r.plan, r.plan_hash, r.facts, r.tool_version, r.state, r.reason, "
        + ledgersql::micros("r.started_at") + ", " + ledgersql::micros("r.updated_at") + ", "
        + ledgersql::micros("r.finished_at")
        + ", r.report, r.expected, coalesce(sum(g.rows), 0), coalesce(sum(g.rejected), 0) FROM "
        + ledgersql::table(schema, "run") + " r LEFT JOIN " + ledgersql::table(schema, "range")
        + " g ON g.run_id = r.id " + condition + " GROUP BY r.id ORDER BY r.started_at DESC, r.id DESC";
}

LedgerRun runFrom(const QueryResult& result, int row)
{
    LedgerRun run;
    run.id = result.text(row, 0);
    run.planJson = result.text(row, 1).toUtf8();
    run.planHash = result.text(row, 2);
    run.factsJson = result.text(row, 3).toUtf8();
    run.toolVersion = result.text(row, 4);
    run.state = result.text(row, 5);
    run.reason = result.text(row, 6);
    run.startedAt = ledgersql::toTime(result, row, 7);
    run.updatedAt = ledgersql::toTime(result, row, 8);
    run.finishedAt = ledgersql::toTime(result, row, 9);
    run.reportJson = result.text(row, 10).toUtf8();
    run.expected = result.integer(row, 11);
    run.rows = result.integer(row, 12);
    run.rejected = result.integer(row, 13);
    return run;
}

} // namespace

Result<void> Ledger::createRun(Connection& connection, const LedgerRun& run) const
{
    return done(connection.execute("INSERT INTO " + ledgersql::table(m_schema, "run")
            + " (id, plan, plan_hash, facts, tool_version, state, reason, report, expected) VALUES ($1, $2, "
              "$3, $4, $5, $6, $7, $8, $9)",
        {parameter(run.id), run.planJson, parameter(run.planHash), run.factsJson, parameter(run.toolVersion),
            parameter(run.state), parameter(run.reason),
            run.reportJson.isNull() ? QByteArray("") : run.reportJson, parameter(run.expected)}));
}

Result<std::optional<LedgerRun>> Ledger::run(Connection& connection, const QString& runId) const
{
    auto found = connection.execute(runSql(m_schema, "WHERE r.id = $1"), {parameter(runId)});
    if (!found)
        return fail(std::move(found.error()));
    if (found->rowCount() == 0)
        return std::optional<LedgerRun>();
    return std::optional(runFrom(*found, 0));
}

Result<QList<LedgerRun>> Ledger::runs(Connection& connection) const
{
    auto found = connection.execute(runSql(m_schema, ""));
    if (!found)
        return fail(std::move(found.error()));
    QList<LedgerRun> runs;
    for (int row = 0; row < found->rowCount(); ++row)
        runs << runFrom(*found, row);
    return runs;
}

Result<void> Ledger::setRunState(
    Connection& connection, const QString& runId, const QString& state, const QString& reason) const
{
    const QByteArray keeps = "(state IN ('completed', 'completed-with-rejects') AND $2::text IN ("
                             "'cancelled', 'failed'))";
    return metRun(
        connection.execute("UPDATE " + ledgersql::table(m_schema, "run") + " SET state = CASE WHEN " + keeps
                + " THEN state ELSE $2 END, reason = CASE WHEN " + keeps
                + " THEN reason ELSE $3 END, updated_at = clock_timestamp(), finished_at = CASE WHEN " + keeps
                + " THEN finished_at WHEN $2 IN ('completed', 'completed-with-rejects', 'cancelled', "
                  "'failed') THEN clock_timestamp() END WHERE id = $1",
            {parameter(runId), parameter(state), parameter(reason)}),
        runId);
}

Result<void> Ledger::setRunReport(
    Connection& connection, const QString& runId, const QByteArray& reportJson) const
{
    return metRun(connection.execute("UPDATE " + ledgersql::table(m_schema, "run")
                          + " SET report = $2, updated_at = clock_timestamp() WHERE id = $1",
                      {parameter(runId), reportJson}),
        runId);
}

Result<void> Ledger::setRunFacts(
    Connection& connection, const QString& runId, const QByteArray& factsJson) const
{
    return metRun(connection.execute("UPDATE " + ledgersql::table(m_schema, "run")
                          + " SET facts = $2, updated_at = clock_timestamp() WHERE id = $1",
                      {parameter(runId), factsJson}),
        runId);
}

Result<void> Ledger::addRanges(
    Connection& connection, const QString& runId, const QList<LedgerRange>& ranges) const
{
    return ledgersql::inTransaction(connection, [&]() -> Result<void> {
        const QByteArray sql = "INSERT INTO " + ledgersql::table(m_schema, "range")
            + " (run_id, collection, no, shard_key, lower_id, upper_id, cursor_id, rows, rejected, skipped, "
              "bytes, digest, digest_algorithm, state, owner,"
              " expected) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', $15)";
        for (const LedgerRange& range : ranges) {
            auto added = connection.execute(sql,
                {parameter(runId), parameter(range.collection), parameter(qint64{range.number}),
                    parameter(range.shardKey), parameter(range.lower), parameter(range.upper),
                    parameter(range.cursor), parameter(range.rows), parameter(range.rejected),
                    parameter(range.skipped), parameter(range.bytes),
                    ledgersql::decimalFromDigest(range.digest.high, range.digest.low),
                    QByteArray(RowDigest::algorithm()),
                    range.state.isEmpty() ? QByteArray("open") : range.state.toUtf8(),
                    parameter(range.expected)});
            if (!added)
                return fail(std::move(added.error()));
        }
        return {};
    });
}

Result<QList<LedgerRange>> Ledger::ranges(Connection& connection, const QString& runId) const
{
    auto found = connection.execute("SELECT " + rangeColumns + " FROM " + ledgersql::table(m_schema, "range")
            + " WHERE run_id = $1 ORDER BY seq",
        {parameter(runId)});
    if (!found)
        return fail(std::move(found.error()));
    QList<LedgerRange> ranges;
    for (int row = 0; row < found->rowCount(); ++row) {
        auto range = rangeFrom(*found, row);
        if (!range)
            return fail(std::move(range.error()));
        ranges << std::move(*range);
    }
    return ranges;
}

Result<std::optional<LedgerRange>> Ledger::leaseRange(
    Connection& connection, const QString& runId, const QString& owner, int leaseSeconds) const
{
    const QByteArray table = ledgersql::table(m_schema, "range");
    auto leased = connection.execute("UPDATE " + table + " SET owner = $2, lease_until = "
            + leaseEnd(leaseSeconds) + " WHERE seq = (SELECT seq FROM " + table
            + " WHERE run_id = $1 AND state <> 'done' AND (owner = '' OR lease_until < clock_timestamp()) "
              "ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED)"
              " AND run_id = $1 RETURNING "
            + rangeColumns,
        {parameter(runId), parameter(owner)});
    if (!leased)
        return fail(std::move(leased.error()));
    if (leased->rowCount() == 0)
        return std::optional<LedgerRange>();
    auto range = rangeFrom(*leased, 0);
    if (!range)
        return fail(std::move(range.error()));
    return std::optional(std::move(*range));
}

Result<qint64> Ledger::renewLeases(
    Connection& connection, const QString& runId, const QString& owner, int leaseSeconds) const
{
    const QByteArray table = ledgersql::table(m_schema, "range");
    auto renewed = connection.execute("UPDATE " + table + " SET lease_until = " + leaseEnd(leaseSeconds)
            + " WHERE run_id = $1 AND seq IN (SELECT seq FROM " + table
            + " WHERE run_id = $1 AND owner = $2 AND state <> 'done' FOR UPDATE SKIP LOCKED)",
        {parameter(runId), parameter(owner)});
    if (!renewed)
        return fail(std::move(renewed.error()));
    return renewed->affectedRows();
}

Result<void> Ledger::releaseRange(
    Connection& connection, const QString& runId, const LedgerRange& range, const QString& owner) const
{
    return done(connection.execute("UPDATE " + ledgersql::table(m_schema, "range")
            + " SET owner = '', lease_until = NULL WHERE run_id = $1 AND collection = $2 AND no = $3 AND "
              "owner = $4",
        {parameter(runId), parameter(range.collection), parameter(qint64{range.number}), parameter(owner)}));
}

Result<void> Ledger::releaseOwner(Connection& connection, const QString& runId, const QString& owner) const
{
    return done(connection.execute("UPDATE " + ledgersql::table(m_schema, "range")
            + " SET owner = '', lease_until = NULL WHERE run_id = $1 AND owner = $2",
        {parameter(runId), parameter(owner)}));
}

Result<void> Ledger::announceOwner(Connection& connection, const QString& owner) const
{
    return done(connection.execute(
        "SELECT pg_advisory_lock_shared(" + ownerLockClass + ", hashtext($1))", {parameter(owner)}));
}

Result<qint64> Ledger::releaseDeadOwners(Connection& connection, const QString& runId) const
{
    const QByteArray table = ledgersql::table(m_schema, "range");
    // Rows that a transaction still holds are left alone: its session lives, whatever became of its client.
    auto released = connection.execute("UPDATE " + table
            + " SET owner = '', lease_until = NULL WHERE run_id = $1 AND seq IN (SELECT seq FROM " + table
            + " r WHERE r.run_id = $1 AND r.state <> 'done' AND r.owner <> '' AND NOT EXISTS (SELECT FROM "
              "pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted AND l.database = "
              "(SELECT oid FROM pg_database WHERE datname = current_database()) AND l.classid = "
            + ownerLockClass
            + " AND l.objid = (hashtext(r.owner)::bigint & 4294967295)::oid) FOR UPDATE SKIP LOCKED)",
        {parameter(runId)});
    if (!released)
        return fail(std::move(released.error()));
    return released->affectedRows();
}

Result<bool> Ledger::lockRange(
    Connection& connection, const QString& runId, const LedgerRange& range, const QString& owner) const
{
    auto locked = connection.execute("SELECT 1 FROM " + ledgersql::table(m_schema, "range")
            + " WHERE run_id = $1 AND collection = $2 AND no = $3 AND owner = $4 AND cursor_id = $5 AND "
              "state <> 'done' FOR UPDATE",
        {parameter(runId), parameter(range.collection), parameter(qint64{range.number}), parameter(owner),
            parameter(range.cursor)});
    if (!locked)
        return fail(std::move(locked.error()));
    return locked->rowCount() == 1;
}

Result<LedgerRange> Ledger::range(
    Connection& connection, const QString& runId, const QString& collection, int rangeNumber) const
{
    // FOR UPDATE waits for a transaction whose client is gone but whose COMMIT may still be under way.
    auto found = connection.execute("SELECT " + rangeColumns + " FROM " + ledgersql::table(m_schema, "range")
            + " WHERE run_id = $1 AND collection = $2 AND no = $3 FOR UPDATE",
        {parameter(runId), parameter(collection), parameter(qint64{rangeNumber})});
    if (!found)
        return fail(std::move(found.error()));
    if (found->rowCount() == 0)
        return fail(ErrorKind::NotFound,
            QStringLiteral("Range %1 of collection %2 is no longer in the ledger.")
                .arg(rangeNumber)
                .arg(collection),
            {}, QStringLiteral("Somebody removed the run while it was going."));
    return rangeFrom(*found, 0);
}

Result<Ledger::OpenRanges> Ledger::openRanges(Connection& connection, const QString& runId) const
{
    auto found = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE owner <> '' AND lease_until > clock_timestamp()) FROM "
            + ledgersql::table(m_schema, "range") + " WHERE run_id = $1 AND state <> 'done'",
        {parameter(runId)});
    if (!found)
        return fail(std::move(found.error()));
    return OpenRanges{static_cast<int>(found->integer(0, 0)), static_cast<int>(found->integer(0, 1))};
}

} // namespace qdrant2pg
