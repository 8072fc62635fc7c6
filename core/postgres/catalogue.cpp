// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/catalogue.h"

#include "core/postgres/identifiers.h"

namespace qdrant2pg {

namespace {

Result<void> readColumns(Connection& connection, const QByteArray& oid, ExistingTable& table)
{
    auto answer = connection.execute(R"(
        SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.atttypmod, a.attnotnull,
               a.atthasdef OR a.attidentity <> '', a.attgenerated <> ''
        FROM pg_attribute a WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)",
        {oid});
    if (!answer)
        return fail(std::move(answer.error()));
    for (int row = 0; row < answer->rowCount(); ++row) {
        ExistingColumn column;
        column.name = answer->text(row, 0);
        column.sqlType = answer->text(row, 1);
        column.type = columnTypeFromName(column.sqlType);
        // pgvector's type modifier is the number of dimensions; -1 without one.
        if (column.type && isPgvectorType(*column.type))
            column.dimensions = std::max<qint64>(0, answer->integer(row, 2));
        column.notNull = answer->boolean(row, 3);
        column.generated = answer->boolean(row, 5);
        column.hasDefault = answer->boolean(row, 4) && !column.generated;
        table.columns << column;
    }
    return {};
}

Result<void> readIndexes(Connection& connection, const QByteArray& oid, ExistingTable& table)
{
    auto answer = connection.execute(R"(
        SELECT c.relname, m.amname, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisunique, i.indisprimary
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
        WHERE i.indrelid = $1 ORDER BY c.relname)",
        {oid});
    if (!answer)
        return fail(std::move(answer.error()));
    for (int row = 0; row < answer->rowCount(); ++row) {
        ExistingIndex index;
        index.name = answer->text(row, 0);
        index.method = answer->text(row, 1);
        index.definition = answer->text(row, 2);
        index.valid = answer->boolean(row, 3);
        index.unique = answer->boolean(row, 4);
        index.primary = answer->boolean(row, 5);
        table.indexes << index;
    }
    auto key = connection.execute(R"(
        SELECT a.attname
        FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (attnum, position)
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = $1 AND i.indisprimary AND k.position <= i.indnkeyatts ORDER BY k.position)",
        {oid});
    if (!key)
        return fail(std::move(key.error()));
    for (int row = 0; row < key->rowCount(); ++row)
        table.primaryKey << key->text(row, 0);
    return {};
}

} // namespace

const ExistingColumn* ExistingTable::column(const QString& columnName) const
{
    for (const ExistingColumn& candidate : columns) {
        if (candidate.name == columnName)
            return &candidate;
    }
    return nullptr;
}

Result<std::optional<ExistingTable>> readTable(
    Connection& connection, const QString& schema, const QString& name)
{
    auto answer = connection.execute(R"(
        SELECT c.oid, c.relkind,
               has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'INSERT'),
               has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'),
               row_security_active(c.oid),
               EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
                       AND t.tgtype & 1 = 1 AND t.tgenabled <> 'D'),
               c.relkind IN ('r', 'p', 'f'),
               CASE WHEN c.relkind = 'r' THEN pg_relation_size(c.oid) > 0 ELSE c.reltuples > 0 END
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f'))",
        {schema.toUtf8(), name.toUtf8()});
    if (!answer)
        return fail(std::move(answer.error()));
    if (answer->rowCount() == 0)
        return std::nullopt;
    ExistingTable table;
    table.schema = schema;
    table.name = name;
    const QByteArray oid = answer->text(0, 0).toLatin1();
    table.kind = answer->text(0, 1).at(0);
    table.mayInsert = answer->boolean(0, 2);
    table.maySelect = answer->boolean(0, 3);
    table.rowSecurity = answer->boolean(0, 4);
    table.hasRowTriggers = answer->boolean(0, 5);
    const bool holdsRows = answer->boolean(0, 6);
    // Without the right to look, the size of the table is the best answer there is.
    table.hasRows = answer->boolean(0, 7);
    if (auto read = readColumns(connection, oid, table); !read)
        return fail(std::move(read.error()));
    if (auto read = readIndexes(connection, oid, table); !read)
        return fail(std::move(read.error()));
    if (holdsRows && table.maySelect) {
        auto first =
            connection.execute("SELECT EXISTS (SELECT FROM " + qualifiedName(schema, name).toUtf8() + ")");
        if (!first)
            return fail(std::move(first.error()));
        table.hasRows = first->boolean(0, 0);
    }
    return table;
}

Result<qint64> countRows(Connection& connection, const QString& schema, const QString& name)
{
    auto counted = connection.execute("SELECT count(*) FROM " + qualifiedName(schema, name).toUtf8());
    if (!counted)
        return fail(std::move(counted.error()));
    return counted->integer(0, 0);
}

} // namespace qdrant2pg
