// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/sourcefacts.h"
#include "core/plan/targetschema.h"

namespace qdrant2pg::contextitems {

/// The preset `context_items`: the game schema of the four-step guide (docs/mapping.md). Internal to the plan
/// module.

/// Plan of a collection under this preset. Unsupported error when the collection has no dense vector to
/// embed.
[[nodiscard]] Result<CollectionPlan> propose(
    const CollectionFacts& facts, const std::optional<ServerProfile>& server);

/// CREATE TABLE IF NOT EXISTS of games, characters, locations and quests.
QList<DdlStatement> parentTables(const QString& schema);
/// Columns of context_items that are not loaded but belong to the table.
QList<ColumnSpec> unloadedColumns();
/// ALTER TABLE ... ADD FOREIGN KEY for the columns that the plan maps, each only when the table has none of
/// that name yet.
QList<DdlStatement> foreignKeys(const QString& schema, const QString& loadName, const TableSpec& table);
/// The parents whose rows the load may have to create, games first.
QList<ParentTable> parents(const QString& schema, const TableSpec& table);

} // namespace qdrant2pg::contextitems
