// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/migrationplan.h"
#include "core/postgres/serverprofile.h"
#include "core/postgres/tablespec.h"

#include <QList>

namespace qdrant2pg {

/// A table that must hold a row before ours may reference it (context_items: games, characters, ...).
struct ParentTable {
    QString name;
    /// Index of our column (in TableSpec::columns) whose value is the parent's id.
    int column = -1;
    /// Parameterised INSERT of one missing parent row ($1 id, $2 name, $3 game id or NULL) ... ON CONFLICT DO
    /// NOTHING.
    QString insertSql;
    bool needsGame = false;
};

/// Everything that a collection's plan means in PostgreSQL.
struct TargetSchema {
    /// The table that is loaded: columns in COPY order (id, shard key, vectors, payload columns, payload);
    /// its own name, also in replace mode (the staging name is `loadName`).
    TableSpec table;
    /// Where the load goes: the table itself, or "<table>__qdrant2pg_new" in replace mode.
    QString loadName;
    /// Before the load: extension, schema, parent tables, the table without indexes.
    QList<DdlStatement> before;
    /// After the load: primary key (when not made before), indexes, functions, views, comments, analyze is
    /// the engine's.
    QList<DdlStatement> primaryKey;
    QList<DdlStatement> indexes;
    QList<DdlStatement> after;
    /// Replace mode: run in the transaction that swaps the tables, before the old table goes / after the new
    /// one has its name. Views over the old table would keep it from being dropped.
    QList<DdlStatement> beforeSwap;
    QList<DdlStatement> afterSwap;
    /// Drops what this plan creates and nothing else: never a table that was there before, parents or the
    /// extension.
    QList<DdlStatement> rollback;
    QList<ParentTable> parents;
    /// Schema of the vector extension when it must be named; empty otherwise.
    QString vectorSchema;

    /// All statements in the order in which they run, for Review and `qdrant2pg plan --ddl`.
    QList<DdlStatement> all() const;
};

/// Where the rows of a collection are loaded: the table itself, or its staging name in replace mode.
QString loadTableName(const CollectionPlan& collection);

/// Pure function of plan and server facts. Schema error when a plan word makes no sense.
[[nodiscard]] Result<TargetSchema> targetSchema(
    const MigrationPlan& plan, const CollectionPlan& collection, const std::optional<ServerProfile>& server);

} // namespace qdrant2pg
