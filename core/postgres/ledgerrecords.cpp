// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/ledger.h"
#include "core/postgres/ledgersql.h"

namespace qdrant2pg {

using ledgersql::parameter;

Result<void> Ledger::addRejects(
    Connection& connection, const QString& runId, const QList<RejectRow>& rejects) const
{
    constexpr qsizetype rowsPerStatement = 500;
    constexpr int columns = 8;
    for (qsizetype first = 0; first < rejects.size(); first += rowsPerStatement) {
        QByteArray sql = "INSERT INTO " + ledgersql::table(m_schema, "reject")
            + " (run_id, collection, point_id, shard_key, stage, column_name, sql_state, reason, raw_point) "
              "VALUES ";
        std::vector<SqlParameter> parameters{parameter(runId)};
        const qsizetype end = std::min(rejects.size(), first + rowsPerStatement);
        for (qsizetype i = first; i < end; ++i) {
            sql += i == first ? "($1" : ", ($1";
            for (int column = 1; column <= columns; ++column)
                sql += ", $" + QByteArray::number(static_cast<qsizetype>(parameters.size()) + column);
            sql += ')';
            const RejectRow& reject = rejects[i];
            for (const QString& value : {reject.collection, reject.pointId, reject.shardKey, reject.stage,
                     reject.column, QString::fromLatin1(reject.sqlState), reject.reason, reject.rawPoint})
                parameters.push_back(parameter(value));
        }
        if (auto added = connection.execute(sql, parameters); !added)
            return fail(std::move(added.error()));
    }
    return {};
}

Result<void> Ledger::visitRejects(
    Connection& connection, const QString& runId, const std::function<bool(const RejectRow&)>& visit) const
{
    constexpr int pageRows = 1000;
    const QByteArray sql =
        "SELECT no, collection, point_id, shard_key, stage, column_name, sql_state, reason, raw_point FROM "
        + ledgersql::table(m_schema, "reject") + " WHERE run_id = $1 AND no > $2 ORDER BY no LIMIT "
        + QByteArray::number(pageRows);
    qint64 last = -1;
    while (true) {
        auto page = connection.execute(sql, {parameter(runId), parameter(last)});
        if (!page)
            return fail(std::move(page.error()));
        for (int row = 0; row < page->rowCount(); ++row) {
            last = page->integer(row, 0);
            RejectRow reject;
            reject.collection = page->text(row, 1);
            reject.pointId = page->text(row, 2);
            reject.shardKey = page->text(row, 3);
            reject.stage = page->text(row, 4);
            reject.column = page->text(row, 5);
            reject.sqlState = page->text(row, 6).toLatin1();
            reject.reason = page->text(row, 7);
            reject.rawPoint = page->text(row, 8);
            if (!visit(reject))
                return {};
        }
        if (page->rowCount() < pageRows)
            return {};
    }
}

Result<qint64> Ledger::countRejects(Connection& connection, const QString& runId) const
{
    auto counted = connection.execute(
        "SELECT count(*) FROM " + ledgersql::table(m_schema, "reject") + " WHERE run_id = $1",
        {parameter(runId)});
    if (!counted)
        return fail(std::move(counted.error()));
    return counted->integer(0, 0);
}

Result<void> Ledger::removeReject(
    Connection& connection, const QString& runId, const QString& collection, const QString& pointId) const
{
    auto removed = connection.execute("DELETE FROM " + ledgersql::table(m_schema, "reject")
            + " WHERE run_id = $1 AND collection = $2 AND point_id = $3",
        {parameter(runId), parameter(collection), parameter(pointId)});
    if (!removed)
        return fail(std::move(removed.error()));
    return {};
}

Result<void> Ledger::addEvent(
    Connection& connection, const QString& runId, const QString& kind, const QString& text) const
{
    auto added = connection.execute(
        "INSERT INTO " + ledgersql::table(m_schema, "event") + " (run_id, kind, text) VALUES ($1, $2, $3)",
        {parameter(runId), parameter(kind), parameter(text)});
    if (!added)
        return fail(std::move(added.error()));
    return {};
}

Result<QList<Ledger::Event>> Ledger::events(Connection& connection, const QString& runId) const
{
    auto found = connection.execute("SELECT " + ledgersql::micros("at") + ", kind, text FROM "
            + ledgersql::table(m_schema, "event") + " WHERE run_id = $1 ORDER BY no",
        {parameter(runId)});
    if (!found)
        return fail(std::move(found.error()));
    QList<Event> events;
    for (int row = 0; row < found->rowCount(); ++row)
        events << Event{ledgersql::toTime(*found, row, 0), found->text(row, 1), found->text(row, 2)};
    return events;
}

} // namespace qdrant2pg
