// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/schema/contextitems.h"

#include "core/postgres/identifiers.h"

#include <array>

namespace qdrant2pg::contextitems {

namespace {

struct Parent {
    const char* table;
    /// Column of context_items that refers to it.
    const char* column;
    /// Columns between game_id and the times.
    const char* ownColumns;
    const char* onDelete;
    bool hasGame;
};

constexpr std::array parentList{
    Parent{"games", "game_id", "name text NOT NULL", "CASCADE", false},
    Parent{"characters", "character_id", "name text NOT NULL,\n    stats jsonb", "SET NULL", true},
    Parent{"locations", "location_id", "name text NOT NULL,\n    description text", "SET NULL", true},
    Parent{"quests", "quest_id", "name text NOT NULL,\n    status text DEFAULT 'active'", "SET NULL", true},
};

} // namespace

QList<DdlStatement> parentTables(const QString& schema)
{
    QList<DdlStatement> statements;
    const QString games = qualifiedName(schema, QStringLiteral("games"));
    for (const Parent& parent : parentList) {
        const QString name = QString::fromLatin1(parent.table);
        const QString game = parent.hasGame
            ? QStringLiteral("    game_id uuid REFERENCES %1 (id) ON DELETE CASCADE,\n").arg(games)
            : QString();
        statements << DdlStatement{
            QStringLiteral(
                "CREATE TABLE IF NOT EXISTS %1 (\n    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n%2    "
                "%3,\n"
                "    created_at timestamptz DEFAULT now(),\n    updated_at timestamptz DEFAULT now()\n)")
                .arg(qualifiedName(schema, name), game, QString::fromLatin1(parent.ownColumns)),
            QStringLiteral("Create the table %1 if it is missing").arg(name), false};
    }
    return statements;
}

QList<ColumnSpec> unloadedColumns()
{
    ColumnSpec updated;
    updated.name = QStringLiteral("updated_at");
    updated.type = ColumnType::Timestamptz;
    updated.defaultSql = QStringLiteral("now()");
    return {updated};
}

QList<DdlStatement> foreignKeys(const QString& schema, const QString& loadName, const TableSpec& table)
{
    QList<DdlStatement> statements;
    const QString qualified = qualifiedName(schema, loadName);
    for (const Parent& parent : parentList) {
        const QString column = QString::fromLatin1(parent.column);
        const ColumnSpec* spec = table.column(column);
        if (!spec || spec->references.isEmpty())
            continue;
        const QString name = fittingIdentifier(QStringLiteral("%1_%2_fkey").arg(table.name, column));
        statements << DdlStatement{
            QStringLiteral("DO $do$ BEGIN\n"
                           "    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = %1::regclass AND "
                           "conname = %2) THEN\n"
                           "        ALTER TABLE %3 ADD CONSTRAINT %4 FOREIGN KEY (%5)\n"
                           "            REFERENCES %6 (id) ON DELETE %7;\n"
                           "    END IF;\nEND $do$")
                .arg(quoteLiteral(qualified), quoteLiteral(name), qualified, quoteIdentifier(name),
                    quoteIdentifier(column), qualifiedName(schema, QString::fromLatin1(parent.table)),
                    QString::fromLatin1(parent.onDelete)),
            QStringLiteral("Refer from %1 to the table %2").arg(column, QString::fromLatin1(parent.table)),
            false};
    }
    return statements;
}

QList<ParentTable> parents(const QString& schema, const TableSpec& table)
{
    QList<ParentTable> list;
    for (const Parent& parent : parentList) {
        ParentTable entry;
        entry.name = QString::fromLatin1(parent.table);
        entry.needsGame = parent.hasGame;
        for (int i = 0; i < table.columns.size(); ++i) {
            if (table.columns.at(i).name == QLatin1String(parent.column))
                entry.column = i;
        }
        if (entry.column < 0 || table.columns.at(entry.column).references.isEmpty())
            continue;
        const QString qualified = qualifiedName(schema, entry.name);
        entry.insertSql = parent.hasGame
            ? QStringLiteral("INSERT INTO %1 (id, name, game_id) VALUES ($1::uuid, $2, $3::uuid) ON CONFLICT "
                             "(id) DO NOTHING")
                  .arg(qualified)
            : QStringLiteral("INSERT INTO %1 (id, name) VALUES ($1::uuid, $2) ON CONFLICT (id) DO NOTHING")
                  .arg(qualified);
        list << entry;
    }
    return list;
}

} // namespace qdrant2pg::contextitems
