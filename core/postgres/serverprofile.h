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
    /// Recognised by name or behaviour: a pooler in transaction mode.
    bool transactionPooler = false;
};

[[nodiscard]] Result<ServerProfile> readServerProfile(Connection& connection);

/// What this role may do in a schema.
struct SchemaRights {
    bool exists = false;
    bool mayCreate = false;
    bool mayUse = false;
};
[[nodiscard]] Result<SchemaRights> readSchemaRights(Connection& connection, const QString& schema);

/// Creates and drops a scratch table in a transaction that is rolled back, with one row of each type needed.
[[nodiscard]] Result<void> probeWrite(Connection& connection, const QString& schema, const ServerProfile& profile);

} // namespace qdrant2pg
