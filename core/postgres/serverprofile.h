// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/postgres/connection.h"

#include <QVersionNumber>

#include <optional>

namespace qdrant2pg {

/// Facts about a PostgreSQL server and what this role may do there, read in a few queries. Changes nothing.
struct ServerProfile {
    int versionNumber = 0;
    QString versionText;
    QString user;
    QString database;
    QString encoding;
    bool tls = false;
    bool superuser = false;
    bool inRecovery = false;
    bool readOnlyDefault = false;
    bool mayCreateInDatabase = false;

    /// pgvector: not available on the server / available / installed (version and schema).
    bool vectorAvailable = false;
    QString vectorAvailableVersion;
    std::optional<QVersionNumber> vectorVersion;
    QString vectorSchema;
    bool vectorOnSearchPath = false;
    std::uint32_t vectorOid = 0;

    QString maintenanceWorkMem;
    qint64 maintenanceWorkMemBytes = 0;
    qint64 sharedBuffersBytes = 0;
    int maxParallelMaintenanceWorkers = 0;
    int maxParallelWorkers = 0;
    int maxWorkerProcesses = 0;
    qint64 statementTimeoutMs = 0;
    qint64 lockTimeoutMs = 0;
    QString maxWalSize;
    QString walLevel;
    QString synchronousCommit;
    QString dynamicSharedMemoryType;
    /// Recognised by name or behaviour: a pooler in transaction mode. Session settings, temporary tables and
    /// cancel requests do not work through one.
    bool transactionPooler = false;
    /// Why we think so, one sentence; empty otherwise.
    QString poolerReason;
};

/// Why host and port look like a pooler in transaction mode (Neon's -pooler hosts, Supabase's port 6543,
/// PgBouncer's 6432), one sentence; empty when they do not.
QString transactionPoolerReason(const QString& host, const QString& port);

[[nodiscard]] Result<ServerProfile> readServerProfile(Connection& connection);

/// What this role may do in a schema.
struct SchemaRights {
    bool exists = false;
    bool mayCreate = false;
    bool mayUse = false;
};
[[nodiscard]] Result<SchemaRights> readSchemaRights(Connection& connection, const QString& schema);

/// Creates a scratch table in the schema (and the schema itself when it is missing), stores a row with a
/// value of every type that the server has, and rolls all of it back. Needs a connection outside of a
/// transaction.
[[nodiscard]] Result<void> probeWrite(
    Connection& connection, const QString& schema, const ServerProfile& profile);

/// Creates the extension `vector` and rolls it back: tells where it is not created yet whether this role may
/// do it, which no right in the catalogue says for the providers that decide by themselves. Needs a
/// connection outside of a transaction.
[[nodiscard]] Result<void> probeVectorExtension(Connection& connection);

} // namespace qdrant2pg
