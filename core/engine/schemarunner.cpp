// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/schemarunner.h"

#include "core/common/units.h"
#include "core/engine/tablepublisher.h"
#include "core/postgres/catalogue.h"
#include "core/postgres/identifiers.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

/// A role may ask for any amount; this much is safe on small servers, and more only helps graphs that are
/// larger.
constexpr qint64 mostIndexMemory = qint64{1} << 30;

std::chrono::milliseconds since(Clock::time_point started)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
}

/// Watches pg_stat_progress_create_index of another session, on a connection of its own, until it is
/// destroyed.
class IndexWatch {
public:
    IndexWatch(const TargetOptions& target, int pid, std::function<void(double, const QString&)> report)
        : m_thread([this, target, pid, report = std::move(report)](
                       const std::stop_token& stop) { watch(target, pid, report, stop); })
    {
    }

private:
    void watch(const TargetOptions& target, int pid,
        const std::function<void(double, const QString&)>& report, const std::stop_token& stop)
    {
        auto connection = Connection::open(target);
        if (!connection)
            return;
        const QByteArray sql = "SELECT phase, blocks_done, blocks_total, tuples_done, tuples_total FROM "
                               "pg_stat_progress_create_index WHERE pid = "
            + QByteArray::number(pid);
        std::unique_lock lock(m_mutex);
        while (!stop.stop_requested()) {
            auto rows = connection->execute(sql);
            if (!rows)
                return;
            if (rows->rowCount() == 0) {
                // It waits for somebody else's lock, or has not begun.
                report(-1, {});
            } else {
                const auto blocks = static_cast<double>(rows->integer(0, 2));
                const auto tuples = static_cast<double>(rows->integer(0, 4));
                const double fraction = blocks > 0 ? static_cast<double>(rows->integer(0, 1)) / blocks
                    : tuples > 0                   ? static_cast<double>(rows->integer(0, 3)) / tuples
                                                   : -1;
                report(fraction, rows->text(0, 0));
            }
            m_wake.wait_for(lock, stop, std::chrono::milliseconds(500), [] { return false; });
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_thread;
};

/// What a build says that lost against another one of the same name, which had not been committed when it
/// began.
bool cameSecond(const Error& error)
{
    return error.sqlState == "23505" || error.sqlState == "42P07" || error.sqlState == "42P16";
}

/// Whether the table has that index by now, or its primary key for a name that is empty.
bool isBuilt(Connection& connection, const TableSpec& table, const QString& index)
{
    const auto existing = readTable(connection, table.schema, table.name);
    if (!existing || !*existing)
        return false;
    if (index.isEmpty())
        return !(*existing)->primaryKey.isEmpty();
    const auto& indexes = (*existing)->indexes;
    return std::any_of(indexes.begin(), indexes.end(),
        [&index](const ExistingIndex& there) { return there.name == index && there.valid; });
}

} // namespace

SchemaRunner::SchemaRunner(
    TargetOptions target, const ServerProfile& server, StageCallback stage, std::stop_token stop)
    : m_target(std::move(target))
    , m_server(server)
    , m_stage(std::move(stage))
    , m_stop(std::move(stop))
{
    // Whatever statement is going on ends with the run: an index is built again, nothing else is lost.
    m_target.abandon = m_stop;
}

Result<void> SchemaRunner::before(Connection& connection, const TargetSchema& schema)
{
    for (const DdlStatement& statement : schema.before) {
        if (auto done = connection.execute(statement.sql.toUtf8()); !done) {
            Error error = done.error();
            if (error.where.table.isEmpty())
                error.where.table = schema.table.name;
            return fail(error);
        }
    }
    return {};
}

Result<void> SchemaRunner::build(Connection& connection, const QString& collection, const TableSpec& table,
    const IndexJob& job, QStringList& notes)
{
    StageProgress stage;
    stage.collection = collection;
    stage.stage = job.stage;
    stage.name = job.name;
    stage.state = StageProgress::State::Running;
    const auto started = Clock::now();
    const auto report = [&](double fraction, const QString& note) {
        stage.fraction = fraction;
        stage.note = note;
        stage.elapsed = since(started);
        m_stage(stage);
    };
    report(-1, {});
    // A build that does not fit into shared memory is repeated with fewer workers, the last time with none.
    for (int workers = std::max(m_server.maxParallelMaintenanceWorkers, 0);; workers = 0) {
        const QByteArray set = "SET max_parallel_maintenance_workers = " + QByteArray::number(workers);
        if (auto done = connection.execute(set); !done)
            return fail(done.error());
        auto built = [&] {
            const IndexWatch watch(m_target, connection.backendPid(), report);
            return connection.execute(job.sql.toUtf8());
        }();
        for (const QString& notice : connection.takeNotices())
            notes << job.name + QStringLiteral(": ") + notice;
        if (built)
            break;
        Error error = built.error();
        // A session of this run that lost its connection in a build goes on building in the server.
        const QString index = job.stage == QLatin1String("primary-key") ? QString() : job.name;
        if (cameSecond(error) && isBuilt(connection, table, index)) {
            notes << QStringLiteral("%1 was finished by an earlier session of the run.").arg(job.name);
            break;
        }
        if (m_stop.stop_requested())
            error.kind = ErrorKind::Cancelled;
        if (error.sqlState == "53100" && workers > 0 && !m_stop.stop_requested()) {
            notes << QStringLiteral(
                "%1: the server's shared memory was too small for parallel workers; built with one process.")
                         .arg(job.name);
            continue;
        }
        stage.state = StageProgress::State::Failed;
        report(stage.fraction, error.summary);
        return fail(error);
    }
    stage.state = StageProgress::State::Done;
    report(1, {});
    return {};
}

Result<QStringList> SchemaRunner::after(
    const QString& collection, const TargetSchema& schema, qint64 rows, bool analyze)
{
    QStringList notes;
    auto connection = Connection::open(m_target);
    if (!connection)
        return fail(connection.error());
    TableSpec table = schema.table;
    if (table.name != schema.loadName) {
        // Replace mode: the final index names still belong to the table that will be replaced.
        table.name = schema.loadName;
        for (IndexSpec& index : table.indexes)
            index.name = stagingName(index.name);
    }

    // TOASTed vectors leave a small main heap, for which the planner would start no workers at all
    // (pgvector.md 4.3).
    if (auto set = connection->execute("SET statement_timeout = 0; SET min_parallel_table_scan_size = 0");
        !set)
        return fail(set.error());
    qint64 memory = 0;
    for (const IndexSpec& index : table.indexes) {
        if (index.method != QLatin1String("hnsw"))
            continue;
        for (const ColumnSpec& column : table.columns) {
            if (index.expression.contains(quoteIdentifier(column.name)))
                memory =
                    std::max(memory, rows * (4 * column.dimensions + 8 + 32 * 16 + 160) + (qint64{16} << 20));
        }
    }
    memory = std::min(memory, mostIndexMemory);
    if (memory > m_server.maintenanceWorkMemBytes) {
        const QByteArray set = "SET maintenance_work_mem = '" + QByteArray::number(memory / 1024) + "kB'";
        if (auto done = connection->execute(set); !done)
            return fail(done.error());
        notes << QStringLiteral("maintenance_work_mem was set to %1 for the index builds of this run.")
                     .arg(formatBytes(memory));
    }

    auto existing = readTable(*connection, table.schema, table.name);
    if (!existing)
        return fail(existing.error());
    if (!*existing) {
        Error error =
            makeError(ErrorKind::Schema, QStringLiteral("Table %1 is no longer there.").arg(table.name), {},
                QStringLiteral("Somebody dropped it during the run. Forget the run and start again."));
        error.where.table = table.name;
        return fail(error);
    }
    QList<IndexJob> jobs;
    if (!table.primaryKey.isEmpty() && (*existing)->primaryKey.isEmpty())
        jobs << IndexJob{table.name + QStringLiteral(" primary key"), addPrimaryKeySql(table),
            QStringLiteral("primary-key"), false};
    for (const IndexSpec& index : table.indexes) {
        const auto found = std::find_if((*existing)->indexes.begin(), (*existing)->indexes.end(),
            [&index](const ExistingIndex& e) { return e.name == index.name; });
        if (found != (*existing)->indexes.end()) {
            if (found->valid)
                continue;
            const QString drop = QStringLiteral("DROP INDEX ") + qualifiedName(table.schema, index.name);
            if (auto dropped = connection->execute(drop.toUtf8()); !dropped)
                return fail(dropped.error());
            notes << QStringLiteral("%1 was left invalid by an earlier build and is built again.")
                         .arg(index.name);
        }
        jobs << IndexJob{index.name, createIndexSql(table, index, false), QStringLiteral("index"),
            index.method == QLatin1String("hnsw") || index.method == QLatin1String("ivfflat")};
    }
    for (const IndexJob& job : jobs) {
        if (m_betweenJobs)
            m_betweenJobs();
        if (m_stop.stop_requested())
            return fail(ErrorKind::Cancelled, QStringLiteral("Stopped before index %1.").arg(job.name));
        if (auto built = build(*connection, collection, table, job, notes); !built) {
            Error error = built.error();
            if (error.where.table.isEmpty())
                error.where.table = schema.table.name;
            return fail(error);
        }
    }

    const auto step = [&](const QString& name, const QString& sql) -> Result<void> {
        StageProgress stage{collection, name, name, StageProgress::State::Running, -1, {}, {}};
        const auto started = Clock::now();
        m_stage(stage);
        auto done = connection->execute(sql.toUtf8());
        stage.elapsed = since(started);
        stage.state = done ? StageProgress::State::Done : StageProgress::State::Failed;
        m_stage(stage);
        if (!done)
            return fail(done.error());
        return {};
    };
    for (const DdlStatement& statement : schema.after) {
        if (auto done = step(QStringLiteral("functions"), statement.sql); !done)
            return fail(done.error());
    }
    if (analyze) {
        if (auto done = step(QStringLiteral("analyze"),
                QStringLiteral("ANALYZE ") + qualifiedName(table.schema, table.name));
            !done)
            return fail(done.error());
    }
    return notes;
}

} // namespace qdrant2pg
