// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/engine/progress.h"
#include "core/plan/targetschema.h"
#include "core/postgres/connection.h"
#include "core/postgres/serverprofile.h"

#include <functional>
#include <stop_token>

namespace qdrant2pg {

/// Creates what a collection's plan needs before its load, and what comes after it: primary key, indexes,
/// functions, statistics. Every step looks first, so that it can be repeated after an interruption.
class SchemaRunner {
public:
    using StageCallback = std::function<void(const StageProgress&)>;

    SchemaRunner(
        TargetOptions target, const ServerProfile& server, StageCallback stage, std::stop_token stop);

    /// Called before each primary key and index that is built; it may take its time (a pause).
    void setBetweenJobs(std::function<void()> betweenJobs) { m_betweenJobs = std::move(betweenJobs); }
    /// Runs the statements before the load on the connection given, in its transaction.
    [[nodiscard]] static Result<void> before(Connection& connection, const TargetSchema& schema);
    /// Primary key, indexes, functions and statistics on a connection of its own. Index builds that run out
    /// of shared memory are repeated with one worker; an invalid index is dropped and built again. When the
    /// token stops, the statement that is going on is cancelled.
    [[nodiscard]] Result<QStringList> after(
        const QString& collection, const TargetSchema& schema, qint64 rows, bool analyze);

private:
    struct IndexJob {
        QString name;
        QString sql;
        QString stage;
        bool vectorIndex = false;
    };
    Result<void> build(Connection& connection, const QString& collection, const TableSpec& table,
        const IndexJob& job, QStringList& notes);

    TargetOptions m_target;
    ServerProfile m_server;
    StageCallback m_stage;
    std::function<void()> m_betweenJobs;
    std::stop_token m_stop;
};

} // namespace qdrant2pg
