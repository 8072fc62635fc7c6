// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/identifiers.h"
#include "core/postgres/ledger.h"
#include "core/postgres/ledgersql.h"

namespace qdrant2pg {

namespace {

/// Serialises everybody who makes or removes a ledger in one database. Any number would do; never changed.
constexpr const char* takeLock = "SELECT pg_advisory_xact_lock(5571230912378461205)";

/// The layout found, 0 for none. Asks the catalogue's tables: name lookup by to_regclass() may answer from
/// before a lock was waited for.
Result<int> presentLayout(Connection& connection, const QString& schema)
{
    auto present = connection.execute("SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = "
                                      "c.relnamespace WHERE n.nspname = $1 AND c.relname = $2)",
        {ledgersql::parameter(schema), ledgersql::parameter(ledgersql::tableName(schema, "meta"))});
    if (!present)
        return fail(std::move(present.error()));
    if (!present->boolean(0, 0))
        return 0;
    auto layout = connection.execute("SELECT max(layout) FROM " + ledgersql::table(schema, "meta"));
    if (!layout)
        return fail(std::move(layout.error()));
    return static_cast<int>(layout->integer(0, 0));
}

Result<void> checkLayout(int layout, const QString& schema)
{
    if (layout <= ledgersql::layout)
        return {};
    return fail(ErrorKind::Unsupported,
        QStringLiteral("The ledger in schema \"%1\" was written by a newer qdrant2pg.").arg(schema),
        QStringLiteral("It has layout %1; this program knows layouts up to %2.")
            .arg(layout)
            .arg(ledgersql::layout),
        QStringLiteral("Use the newer program, or name another schema for the ledger."));
}

/// The rows of `range` change with every page: room in their pages keeps the updates cheap.
QByteArray createTables(const QString& schema)
{
    QByteArray sql = R"(
        CREATE TABLE %meta (
            layout integer NOT NULL, created_schema boolean NOT NULL,
            created_at timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE TABLE %run (
            id text PRIMARY KEY, plan text NOT NULL, plan_hash text NOT NULL, facts text NOT NULL,
            tool_version text NOT NULL, state text NOT NULL, reason text NOT NULL, report text NOT NULL,
            expected bigint NOT NULL, started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            updated_at timestamptz NOT NULL DEFAULT clock_timestamp(), finished_at timestamptz);
        CREATE TABLE %range (
            run_id text NOT NULL REFERENCES %run (id) ON DELETE CASCADE,
            collection text NOT NULL, no integer NOT NULL, seq bigint GENERATED ALWAYS AS IDENTITY,
            shard_key text NOT NULL, lower_id text NOT NULL, upper_id text NOT NULL, cursor_id text NOT NULL,
            rows bigint NOT NULL, rejected bigint NOT NULL, skipped bigint NOT NULL, bytes bigint NOT NULL,
            digest numeric NOT NULL, digest_algorithm text NOT NULL, state text NOT NULL, owner text NOT NULL,
            lease_until timestamptz, expected bigint NOT NULL,
            PRIMARY KEY (run_id, collection, no)) WITH (fillfactor = 50);
        CREATE TABLE %reject (
            run_id text NOT NULL REFERENCES %run (id) ON DELETE CASCADE,
            no bigint GENERATED ALWAYS AS IDENTITY, collection text NOT NULL, point_id text NOT NULL,
            shard_key text NOT NULL, stage text NOT NULL, column_name text NOT NULL, sql_state text NOT NULL,
            reason text NOT NULL, raw_point text NOT NULL,
            written_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (run_id, no));
        CREATE TABLE %event (
            run_id text NOT NULL REFERENCES %run (id) ON DELETE CASCADE,
            no bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL DEFAULT clock_timestamp(),
            kind text NOT NULL, text text NOT NULL, PRIMARY KEY (run_id, no));
    )";
    for (const char* name : {"meta", "run", "range", "reject", "event"})
        sql.replace(QByteArray("%") + name, ledgersql::table(schema, name));
    return sql;
}

} // namespace

Result<void> Ledger::ensure(Connection& connection) const
{
    const QByteArray meta = ledgersql::table(m_schema, "meta");
    auto layout = presentLayout(connection, m_schema);
    if (!layout)
        return fail(std::move(layout.error()));
    if (*layout != 0)
        return checkLayout(*layout, m_schema);
    return ledgersql::inTransaction(connection, [&]() -> Result<void> {
        if (auto locked = connection.execute(takeLock); !locked)
            return fail(std::move(locked.error()));
        // Somebody else may have been first while we waited.
        auto again = presentLayout(connection, m_schema);
        if (!again)
            return fail(std::move(again.error()));
        if (*again != 0)
            return checkLayout(*again, m_schema);
        auto schema = connection.execute(
            "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)", {ledgersql::parameter(m_schema)});
        if (!schema)
            return fail(std::move(schema.error()));
        const bool create = !schema->boolean(0, 0);
        QByteArray sql = create ? "CREATE SCHEMA " + quoteIdentifier(m_schema).toUtf8() + ";" : QByteArray();
        sql += createTables(m_schema);
        sql += "INSERT INTO " + meta + " (layout, created_schema) VALUES ("
            + QByteArray::number(ledgersql::layout) + ", " + (create ? "true" : "false") + ");";
        if (auto created = connection.execute(sql); !created) {
            Error error = std::move(created.error());
            if (error.kind == ErrorKind::Permission) {
                error.summary =
                    QStringLiteral("The role may not create the ledger in schema \"%1\".").arg(m_schema);
                error.hint = QStringLiteral(
                    "Name a schema in which the role may create tables as the ledger's, or have the "
                    "right to create schemas granted.");
            }
            return fail(std::move(error));
        }
        return {};
    });
}

Result<bool> Ledger::exists(Connection& connection) const
{
    auto layout = presentLayout(connection, m_schema);
    if (!layout)
        return fail(std::move(layout.error()));
    if (auto known = checkLayout(*layout, m_schema); !known)
        return fail(std::move(known.error()));
    return *layout != 0;
}

Result<void> Ledger::forgetRun(Connection& connection, const QString& runId) const
{
    const auto table = [this](const char* name) {
        return ledgersql::table(m_schema, name);
    };
    return ledgersql::inTransaction(connection, [&]() -> Result<void> {
        if (auto locked = connection.execute(takeLock); !locked)
            return fail(std::move(locked.error()));
        auto open = openRanges(connection, runId);
        if (!open)
            return fail(std::move(open.error()));
        if (open->leased > 0)
            return fail(ErrorKind::Conflict,
                QStringLiteral("The run %1 is still being worked on.").arg(runId), {},
                QStringLiteral("Stop it first; the lease of a process that died ends by itself."));
        auto removed = connection.execute(
            "DELETE FROM " + table("run") + " WHERE id = $1", {ledgersql::parameter(runId)});
        if (!removed)
            return fail(std::move(removed.error()));
        if (removed->affectedRows() == 0)
            return fail(ErrorKind::NotFound, QStringLiteral("The ledger knows no run %1.").arg(runId));
        auto rest = connection.execute("SELECT EXISTS (SELECT FROM " + table("run")
            + "), (SELECT bool_or(created_schema) FROM " + table("meta") + ")");
        if (!rest)
            return fail(std::move(rest.error()));
        if (rest->boolean(0, 0))
            return {};
        const bool ours = rest->boolean(0, 1);
        QByteArray sql = "DROP TABLE " + table("event") + ", " + table("reject") + ", " + table("range")
            + ", " + table("run") + ", " + table("meta") + ";";
        // The schema goes only if we made it and nobody has put anything else there.
        if (ours)
            sql += "DO "
                + quoteLiteral(
                    QStringLiteral("BEGIN DROP SCHEMA %1; EXCEPTION WHEN dependent_objects_still_exist OR "
                                   "insufficient_privilege THEN NULL; END")
                        .arg(quoteIdentifier(m_schema)))
                      .toUtf8();
        if (auto dropped = connection.execute(sql); !dropped)
            return fail(std::move(dropped.error()));
        return {};
    });
}

} // namespace qdrant2pg
