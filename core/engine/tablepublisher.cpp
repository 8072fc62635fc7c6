// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/tablepublisher.h"

#include "core/postgres/identifiers.h"

namespace qdrant2pg {

QString stagingName(const QString& finalName)
{
    return fittingIdentifier(finalName + QStringLiteral("__qdrant2pg_new"));
}

Result<void> swapTables(
    Connection& connection, const TargetSchema& schema, const std::function<Result<void>()>& record)
{
    const TableSpec& table = schema.table;
    QStringList statements;
    for (const DdlStatement& statement : schema.beforeSwap)
        statements << statement.sql;
    statements << QStringLiteral("DROP TABLE IF EXISTS %1").arg(qualifiedName(table.schema, table.name));
    statements << QStringLiteral("ALTER TABLE %1 RENAME TO %2")
                      .arg(qualifiedName(table.schema, schema.loadName), quoteIdentifier(table.name));
    for (const IndexSpec& index : table.indexes) {
        statements << QStringLiteral("ALTER INDEX IF EXISTS %1 RENAME TO %2")
                          .arg(qualifiedName(table.schema, stagingName(index.name)),
                              quoteIdentifier(index.name));
    }
    if (!table.primaryKey.isEmpty()) {
        statements << QStringLiteral("ALTER INDEX IF EXISTS %1 RENAME TO %2")
                          .arg(qualifiedName(table.schema,
                                   fittingIdentifier(schema.loadName + QStringLiteral("_pkey"))),
                              quoteIdentifier(fittingIdentifier(table.name + QStringLiteral("_pkey"))));
    }
    for (const DdlStatement& statement : schema.afterSwap)
        statements << statement.sql;
    if (auto begun = connection.begin(); !begun)
        return begun;
    for (const QString& statement : statements) {
        if (auto done = connection.execute(statement.toUtf8()); !done) {
            connection.rollback();
            Error error = done.error();
            error.where.table = table.name;
            return fail(error);
        }
    }
    if (record) {
        if (auto recorded = record(); !recorded) {
            connection.rollback();
            return recorded;
        }
    }
    return connection.commit();
}

} // namespace qdrant2pg
