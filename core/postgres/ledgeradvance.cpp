// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/identifiers.h"
#include "core/postgres/ledger.h"
#include "core/postgres/ledgersql.h"

namespace qdrant2pg {

using ledgersql::parameter;

namespace {

/// The types let one text serve as a statement with parameters and as a prepared one.
const QByteArray parameterTypes =
    "(text, text, integer, text, text, text, bigint, bigint, bigint, bigint, numeric, text, integer)";

QByteArray literal(const QByteArray& value)
{
    if (value.contains('\'') || value.contains('\\'))
        return quoteLiteral(QString::fromUtf8(value)).toUtf8();
    return '\'' + value + '\'';
}

QByteArray advanceSql(const QString& schema)
{
    return "UPDATE " + ledgersql::table(schema, "range")
        + " SET cursor_id = $6, rows = rows + $7::bigint, rejected = rejected + $8::bigint, skipped = "
          "skipped + $9::bigint, bytes = bytes + $10::bigint, digest = mod(digest + $11::numeric, "
        + ledgersql::digestModulus
        + "), state = $12, lease_until = clock_timestamp() + make_interval(secs => $13::integer) WHERE "
          "run_id = $1 AND collection = $2 AND no = $3 AND owner = $4 AND cursor_id = $5 AND state <> "
          "'done'";
}

std::vector<SqlParameter> advanceParameters(const QString& runId, const LedgerRange& range,
    const QString& owner, const RangeProgress& progress, int leaseSeconds)
{
    return {parameter(runId), parameter(range.collection), parameter(qint64{range.number}), parameter(owner),
        parameter(range.cursor), parameter(progress.newCursor), parameter(progress.rows),
        parameter(progress.rejected), parameter(progress.skipped), parameter(progress.bytes),
        ledgersql::decimalFromDigest(progress.digest.high, progress.digest.low),
        QByteArray(progress.done ? "done" : "open"), parameter(qint64{leaseSeconds})};
}

} // namespace

Ledger::Ledger(QString schema)
    : m_schema(std::move(schema))
    , m_advanceSql(advanceSql(m_schema))
    // One for each ledger: a connection may see several.
    , m_advanceName(
          quoteIdentifier(fittingIdentifier(QStringLiteral("qdrant2pg_advance_") + m_schema)).toUtf8())
{
}

Result<bool> Ledger::advanceRange(Connection& connection, const QString& runId, const LedgerRange& range,
    const QString& owner, const RangeProgress& progress, int leaseSeconds) const
{
    auto advanced =
        connection.execute(m_advanceSql, advanceParameters(runId, range, owner, progress, leaseSeconds));
    if (!advanced)
        return fail(std::move(advanced.error()));
    return advanced->affectedRows() == 1;
}

Result<bool> Ledger::beginPage(Connection& connection, const QString& runId, const LedgerRange& range,
    const QString& owner, const RangeProgress& progress, int leaseSeconds, const QByteArray& copySql) const
{
    // Asynchronous commits may be lost, but nothing would repeat the tail of a range that is done.
    const QByteArray begin = progress.done ? "BEGIN; SET LOCAL synchronous_commit = on" : "BEGIN";
    auto prepared = connection.prepare(m_advanceName, parameterTypes, m_advanceSql);
    if (!prepared)
        return fail(std::move(prepared.error()));
    if (*prepared) {
        QByteArray sql = begin + "; EXECUTE " + m_advanceName + '(';
        for (const SqlParameter& value : advanceParameters(runId, range, owner, progress, leaseSeconds))
            sql += (sql.endsWith('(') ? "" : ", ") + literal(*value);
        auto touched = connection.copyInBegin(sql + "); " + copySql);
        if (touched)
            return *touched == 1;
        // A pooler that was not recognised gave us another session than the one that prepared.
        if (touched.error().sqlState != "26000")
            return fail(std::move(touched.error()));
        connection.allowPreparing(false);
        connection.rollback();
    }
    if (auto begun = connection.execute(begin); !begun)
        return fail(std::move(begun.error()));
    auto advanced = advanceRange(connection, runId, range, owner, progress, leaseSeconds);
    if (!advanced || !*advanced)
        return advanced;
    if (auto begun = connection.copyInBegin(copySql); !begun)
        return fail(std::move(begun.error()));
    return true;
}

} // namespace qdrant2pg
