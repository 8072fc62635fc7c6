// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/serverprofile.h"

#include "core/postgres/copybuffer.h"
#include "core/postgres/identifiers.h"
#include "core/postgres/tablespec.h"

#include <libpq-fe.h>

#include <vector>

namespace qdrant2pg {

namespace {

Result<void> readSettings(Connection& connection, ServerProfile& profile)
{
    auto answer = connection.execute(R"(
        SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_user,
               current_database(), current_setting('server_encoding'), pg_is_in_recovery(),
               current_setting('default_transaction_read_only') = 'on' OR current_setting('transaction_read_only') = 'on',
               has_database_privilege(current_database(), 'CREATE'),
               coalesce((SELECT rolsuper FROM pg_roles WHERE rolname = current_user), false),
               current_setting('maintenance_work_mem'), pg_size_bytes(current_setting('maintenance_work_mem')),
               pg_size_bytes(current_setting('shared_buffers')),
               current_setting('max_parallel_maintenance_workers', true),
               current_setting('max_parallel_workers', true), current_setting('max_worker_processes', true),
               (SELECT setting FROM pg_settings WHERE name = 'statement_timeout'),
               (SELECT setting FROM pg_settings WHERE name = 'lock_timeout'),
               current_setting('max_wal_size', true), current_setting('wal_level', true),
               current_setting('synchronous_commit', true), current_setting('dynamic_shared_memory_type', true))");
    if (!answer)
        return fail(std::move(answer.error()));
    int column = 0;
    const auto text = [&] {
        return answer->text(0, column++);
    };
    const auto integer = [&] {
        return answer->integer(0, column++);
    };
    const auto boolean = [&] {
        return answer->boolean(0, column++);
    };
    profile.versionNumber = static_cast<int>(integer());
    profile.versionText = text();
    profile.user = text();
    profile.database = text();
    profile.encoding = text();
    profile.inRecovery = boolean();
    profile.readOnlyDefault = boolean();
    profile.mayCreateInDatabase = boolean();
    profile.superuser = boolean();
    profile.maintenanceWorkMem = text();
    profile.maintenanceWorkMemBytes = integer();
    profile.sharedBuffersBytes = integer();
    profile.maxParallelMaintenanceWorkers = static_cast<int>(integer());
    profile.maxParallelWorkers = static_cast<int>(integer());
    profile.maxWorkerProcesses = static_cast<int>(integer());
    profile.statementTimeoutMs = integer();
    profile.lockTimeoutMs = integer();
    profile.maxWalSize = text();
    profile.walLevel = text();
    profile.synchronousCommit = text();
    profile.dynamicSharedMemoryType = text();
    profile.tls = PQsslInUse(connection.handle()) != 0;
    return {};
}

Result<void> readExtension(Connection& connection, ServerProfile& profile)
{
    auto available =
        connection.execute("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'");
    if (!available)
        return fail(std::move(available.error()));
    profile.vectorAvailable = available->rowCount() > 0;
    if (profile.vectorAvailable)
        profile.vectorAvailableVersion = available->text(0, 0);
    auto installed = connection.execute(R"(
        SELECT e.extversion, n.nspname, t.oid, pg_type_is_visible(t.oid)
        FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
             LEFT JOIN pg_type t ON t.typnamespace = n.oid AND t.typname = 'vector'
        WHERE e.extname = 'vector')");
    if (!installed)
        return fail(std::move(installed.error()));
    if (installed->rowCount() == 0)
        return {};
    // Managed services add words of their own, as in 0.5.0.google-1; the leading numbers count.
    profile.vectorVersion = QVersionNumber::fromString(installed->text(0, 0));
    profile.vectorSchema = installed->text(0, 1);
    profile.vectorOid = installed->text(0, 2).toUInt();
    profile.vectorOnSearchPath = installed->boolean(0, 3);
    return {};
}

Result<void> recognisePooler(Connection& connection, ServerProfile& profile)
{
    profile.poolerReason = transactionPoolerReason(
        QString::fromUtf8(PQhost(connection.handle())), QString::fromUtf8(PQport(connection.handle())));
    // Statements of one session that are answered by different backends.
    qint64 first = -1;
    for (int i = 0; i < 3 && profile.poolerReason.isEmpty(); ++i) {
        auto pid = connection.execute("SELECT pg_backend_pid()");
        if (!pid)
            return fail(std::move(pid.error()));
        if (first >= 0 && pid->integer(0, 0) != first)
            profile.poolerReason = QStringLiteral("Statements of one connection were answered by different "
                                                  "server processes, as behind a pooler.");
        first = pid->integer(0, 0);
    }
    profile.transactionPooler = !profile.poolerReason.isEmpty();
    return {};
}

struct ProbeColumn {
    ColumnType type;
    EncodeResult (*add)(CopyBuffer&, std::uint32_t vectorOid);
};

/// A value of every type, so that a server which lacks one says so before the run.
std::vector<ProbeColumn> probeColumns(const ServerProfile& profile)
{
    static constexpr float three[]{1.0F, -2.0F, 0.5F};
    std::vector<ProbeColumn> columns{
        {ColumnType::Uuid,
            [](CopyBuffer& b, std::uint32_t) {
                b.addUuid({1, 2, 3});
                return EncodeResult();
            }},
        {ColumnType::Bigint,
            [](CopyBuffer& b, std::uint32_t) {
                b.addBigint(-1);
                return EncodeResult();
            }},
        {ColumnType::Numeric,
            [](CopyBuffer& b, std::uint32_t) {
                return b.addNumericText("18446744073709551615");
            }},
        {ColumnType::Double,
            [](CopyBuffer& b, std::uint32_t) {
                b.addDouble(0.5);
                return EncodeResult();
            }},
        {ColumnType::Text,
            [](CopyBuffer& b, std::uint32_t) {
                return b.addText("text");
            }},
        {ColumnType::Boolean,
            [](CopyBuffer& b, std::uint32_t) {
                b.addBoolean(true);
                return EncodeResult();
            }},
        {ColumnType::Timestamptz,
            [](CopyBuffer& b, std::uint32_t) {
                b.addTimestamptz(0);
                return EncodeResult();
            }},
        {ColumnType::Jsonb,
            [](CopyBuffer& b, std::uint32_t) {
                return b.addJsonb("{}");
            }},
        {ColumnType::Point,
            [](CopyBuffer& b, std::uint32_t) {
                b.addPoint(1, 2);
                return EncodeResult();
            }},
        {ColumnType::TextArray,
            [](CopyBuffer& b, std::uint32_t) {
                return b.addTextArray({});
            }},
        {ColumnType::SmallintArray,
            [](CopyBuffer& b, std::uint32_t) {
                return b.addSmallintArray(std::span(three).first(2));
            }},
    };
    if (!profile.vectorVersion)
        return columns;
    columns.push_back({ColumnType::Vector, [](CopyBuffer& b, std::uint32_t) {
                           return b.addVector(three);
                       }});
    columns.push_back({ColumnType::VectorArray, [](CopyBuffer& b, std::uint32_t oid) {
                           return b.addVectorArray(oid, 1, three);
                       }});
    if (*profile.vectorVersion >= QVersionNumber(0, 7)) {
        columns.push_back({ColumnType::Halfvec, [](CopyBuffer& b, std::uint32_t) {
                               return b.addHalfvec(three);
                           }});
        columns.push_back({ColumnType::Sparsevec, [](CopyBuffer& b, std::uint32_t) {
                               return b.addSparsevec(3, {}, {});
                           }});
    }
    return columns;
}

Result<void> writeProbe(Connection& connection, const QString& schema, const ServerProfile& profile)
{
    auto rights = readSchemaRights(connection, schema);
    if (!rights)
        return fail(std::move(rights.error()));
    if (!rights->exists) {
        if (auto created = connection.execute("CREATE SCHEMA " + quoteIdentifier(schema).toUtf8()); !created)
            return fail(std::move(created.error()));
    }
    TableSpec table;
    table.schema = schema;
    table.name = QStringLiteral("qdrant2pg_probe_%1").arg(connection.backendPid());
    CopyBuffer buffer;
    const std::vector<ProbeColumn> columns = probeColumns(profile);
    buffer.beginRow(static_cast<std::uint16_t>(columns.size()));
    for (const ProbeColumn& probe : columns) {
        ColumnSpec column;
        column.name = QStringLiteral("c%1").arg(table.columns.size());
        column.type = probe.type;
        column.dimensions = isPgvectorType(probe.type) ? 3 : 0;
        table.columns << column;
        if (const EncodeResult bad = probe.add(buffer, profile.vectorOid))
            return fail(ErrorKind::Internal, bad->reason);
    }
    buffer.endRow();
    const QString vectorSchema = profile.vectorOnSearchPath ? QString() : profile.vectorSchema;
    if (auto made = connection.execute(createTableSql(table, vectorSchema, false).toUtf8()); !made)
        return fail(std::move(made.error()));
    if (auto begun = connection.copyInBegin(copyInSql(table).toUtf8()); !begun)
        return fail(std::move(begun.error()));
    for (const std::string_view part : {CopyBuffer::header(), buffer.bytes(), CopyBuffer::trailer()}) {
        if (auto written = connection.copyInWrite(part); !written)
            return written;
    }
    auto stored = connection.copyInEnd();
    if (!stored)
        return fail(std::move(stored.error()));
    if (*stored != 1)
        return fail(
            ErrorKind::Internal, QStringLiteral("PostgreSQL stored %1 rows of a trial with 1.").arg(*stored));
    return {};
}

} // namespace

QString transactionPoolerReason(const QString& host, const QString& port)
{
    if (host.section(QLatin1Char('.'), 0, 0).endsWith(QLatin1String("-pooler")))
        return QStringLiteral(
            "The host %1 is Neon's pooler, which works by transactions; use the name without -pooler.")
            .arg(host);
    if (port == QLatin1String("6543"))
        return QStringLiteral("Port 6543 is where Supabase's pooler works by transactions; use port 5432.");
    if (port == QLatin1String("6432"))
        return QStringLiteral(
            "Port 6432 is PgBouncer's, which may work by transactions; use PostgreSQL's own port.");
    return {};
}

Result<ServerProfile> readServerProfile(Connection& connection)
{
    ServerProfile profile;
    if (auto read = readSettings(connection, profile); !read)
        return fail(std::move(read.error()));
    if (auto read = readExtension(connection, profile); !read)
        return fail(std::move(read.error()));
    if (auto read = recognisePooler(connection, profile); !read)
        return fail(std::move(read.error()));
    return profile;
}

Result<SchemaRights> readSchemaRights(Connection& connection, const QString& schema)
{
    auto answer = connection.execute("SELECT has_schema_privilege(oid, 'CREATE'), has_schema_privilege(oid, "
                                     "'USAGE') FROM pg_namespace WHERE nspname = $1",
        {schema.toUtf8()});
    if (!answer)
        return fail(std::move(answer.error()));
    SchemaRights rights;
    if (answer->rowCount() == 0)
        return rights;
    rights.exists = true;
    rights.mayCreate = answer->boolean(0, 0);
    rights.mayUse = answer->boolean(0, 1);
    return rights;
}

Result<void> probeWrite(Connection& connection, const QString& schema, const ServerProfile& profile)
{
    if (auto begun = connection.begin(); !begun)
        return begun;
    auto written = writeProbe(connection, schema, profile);
    connection.rollback();
    return written;
}

Result<void> probeVectorExtension(Connection& connection)
{
    if (auto begun = connection.begin(); !begun)
        return begun;
    auto created = connection.execute("CREATE EXTENSION vector");
    connection.rollback();
    if (!created)
        return fail(std::move(created.error()));
    return {};
}

} // namespace qdrant2pg
