// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/ledger.h"
#include "core/postgres/ledgersql.h"

namespace qdrant2pg {

using ledgersql::digestModulus;
using ledgersql::parameter;

namespace {

const QByteArray whichReject = " WHERE run_id = $1 AND collection = $2 AND point_id = $3 AND shard_key = $4";

std::vector<SqlParameter> rejectKey(const QString& runId, const RejectRow& reject)
{
    return {parameter(runId), parameter(reject.collection), parameter(reject.pointId),
        parameter(reject.shardKey)};
}

} // namespace

Result<bool> Ledger::takeReject(Connection& connection, const QString& runId, const RejectRow& reject) const
{
    auto taken = connection.execute(
        "DELETE FROM " + ledgersql::table(m_schema, "reject") + whichReject, rejectKey(runId, reject));
    if (!taken)
        return fail(std::move(taken.error()));
    return taken->affectedRows() > 0;
}

Result<void> Ledger::changeReject(Connection& connection, const QString& runId, const RejectRow& reject) const
{
    std::vector<SqlParameter> parameters = rejectKey(runId, reject);
    for (const QString& value :
        {reject.stage, reject.column, QString::fromLatin1(reject.sqlState), reject.reason})
        parameters.push_back(parameter(value));
    auto changed = connection.execute("UPDATE " + ledgersql::table(m_schema, "reject")
            + " SET stage = $5, column_name = $6, sql_state = $7, reason = $8" + whichReject,
        parameters);
    if (!changed)
        return fail(std::move(changed.error()));
    return {};
}

Result<void> Ledger::addReplayed(Connection& connection, const QString& runId, const LedgerRange& range,
    bool stored, const DigestSum& digest) const
{
    const QByteArray counter = stored ? "rows" : "skipped";
    auto moved =
        connection.execute("UPDATE " + ledgersql::table(m_schema, "range") + " SET rejected = rejected - 1, "
                + counter + " = " + counter + " + 1, digest = mod(digest + $4::numeric, " + digestModulus
                + ") WHERE run_id = $1 AND collection = $2 AND no = $3 AND rejected > 0",
            {parameter(runId), parameter(range.collection), parameter(qint64{range.number}),
                ledgersql::decimalFromDigest(digest.high, digest.low)});
    if (!moved)
        return fail(std::move(moved.error()));
    if (moved->affectedRows() != 1)
        return fail(ErrorKind::Conflict,
            QStringLiteral("The book-keeping of run %1 does not know of this reject.").arg(runId));
    return {};
}

Result<void> Ledger::setRunPlan(
    Connection& connection, const QString& runId, const QByteArray& planJson, const QString& planHash) const
{
    auto set = connection.execute("UPDATE " + ledgersql::table(m_schema, "run")
            + " SET plan = $2, plan_hash = $3, updated_at = clock_timestamp() WHERE id = $1",
        {parameter(runId), planJson, parameter(planHash)});
    if (!set)
        return fail(std::move(set.error()));
    return {};
}

} // namespace qdrant2pg
