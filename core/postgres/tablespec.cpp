// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/tablespec.h"

#include "core/postgres/identifiers.h"

namespace qdrant2pg {

namespace {

QString identifierList(const QStringList& names, const QString& separator)
{
    QStringList quoted;
    for (const QString& name : names)
        quoted << quoteIdentifier(name);
    return quoted.join(separator);
}

QString columnList(const TableSpec& table)
{
    QStringList names;
    for (const ColumnSpec& column : table.columns)
        names << column.name;
    return identifierList(names, QStringLiteral(", "));
}

QString columnClause(const ColumnSpec& column, const QString& vectorSchema)
{
    QString clause = quoteIdentifier(column.name) + QLatin1Char(' ') + column.sqlType(vectorSchema);
    if (!column.storage.isEmpty())
        clause += QStringLiteral(" STORAGE ") + column.storage.toUpper();
    if (!column.collation.isEmpty())
        clause += QStringLiteral(" COLLATE ") + quoteIdentifier(column.collation);
    if (column.notNull)
        clause += QStringLiteral(" NOT NULL");
    if (!column.defaultSql.isEmpty())
        clause += QStringLiteral(" DEFAULT ") + column.defaultSql;
    if (!column.references.isEmpty())
        clause += QStringLiteral(" REFERENCES ") + column.references;
    return clause;
}

} // namespace

QString ColumnSpec::sqlType(const QString& vectorSchema) const
{
    QString sql = columnTypeName(type);
    if (type == ColumnType::Numeric)
        return dimensions == 20 ? QStringLiteral("numeric(20,0)") : sql;
    if (!isPgvectorType(type))
        return sql;
    if (dimensions > 0) {
        const QString modifier = QStringLiteral("(%1)").arg(dimensions);
        const auto bracket = sql.indexOf(QLatin1Char('['));
        sql.insert(bracket < 0 ? sql.size() : bracket, modifier);
    }
    return vectorSchema.isEmpty() ? sql : quoteIdentifier(vectorSchema) + QLatin1Char('.') + sql;
}

const ColumnSpec* TableSpec::column(const QString& columnName) const
{
    for (const ColumnSpec& candidate : columns) {
        if (candidate.name == columnName)
            return &candidate;
    }
    return nullptr;
}

std::vector<ColumnType> TableSpec::columnTypes() const
{
    std::vector<ColumnType> types;
    for (const ColumnSpec& candidate : columns)
        types.push_back(candidate.type);
    return types;
}

QString createTableSql(const TableSpec& table, const QString& vectorSchema, bool withPrimaryKey)
{
    QStringList clauses;
    for (const ColumnSpec& column : table.columns)
        clauses << columnClause(column, vectorSchema);
    if (withPrimaryKey && !table.primaryKey.isEmpty())
        clauses << QStringLiteral("PRIMARY KEY (") + identifierList(table.primaryKey, QStringLiteral(", "))
                + QLatin1Char(')');
    return QStringLiteral("CREATE TABLE ") + qualifiedName(table.schema, table.name)
        + QStringLiteral(" (\n    ") + clauses.join(QStringLiteral(",\n    ")) + QStringLiteral("\n)");
}

QString addPrimaryKeySql(const TableSpec& table)
{
    return QStringLiteral("ALTER TABLE ") + qualifiedName(table.schema, table.name)
        + QStringLiteral(" ADD PRIMARY KEY (") + identifierList(table.primaryKey, QStringLiteral(", "))
        + QLatin1Char(')');
}

QString createIndexSql(const TableSpec& table, const IndexSpec& index, bool ifNotExists)
{
    QString sql = index.unique ? QStringLiteral("CREATE UNIQUE INDEX ") : QStringLiteral("CREATE INDEX ");
    if (!index.name.isEmpty()) {
        if (ifNotExists)
            sql += QStringLiteral("IF NOT EXISTS ");
        sql += quoteIdentifier(index.name) + QLatin1Char(' ');
    }
    sql += QStringLiteral("ON ") + qualifiedName(table.schema, table.name) + QStringLiteral(" USING ")
        + index.method + QStringLiteral(" (") + index.expression + QLatin1Char(')');
    if (!index.with.isEmpty())
        sql += QStringLiteral(" WITH (") + index.with + QLatin1Char(')');
    if (!index.where.isEmpty())
        sql += QStringLiteral(" WHERE ") + index.where;
    return sql;
}

QString commentOnTableSql(const TableSpec& table)
{
    return QStringLiteral("COMMENT ON TABLE ") + qualifiedName(table.schema, table.name)
        + QStringLiteral(" IS ") + quoteLiteral(table.comment);
}

QString copyInSql(const TableSpec& table)
{
    return QStringLiteral("COPY ") + qualifiedName(table.schema, table.name) + QStringLiteral(" (")
        + columnList(table) + QStringLiteral(") FROM STDIN (FORMAT binary)");
}

QString copyOutSql(const TableSpec& table, const QString& where, const QString& orderBy)
{
    QString query = QStringLiteral("SELECT ") + columnList(table) + QStringLiteral(" FROM ")
        + qualifiedName(table.schema, table.name);
    if (!where.isEmpty())
        query += QStringLiteral(" WHERE ") + where;
    if (!orderBy.isEmpty())
        query += QStringLiteral(" ORDER BY ") + orderBy;
    return QStringLiteral("COPY (") + query + QStringLiteral(") TO STDOUT (FORMAT binary)");
}

} // namespace qdrant2pg
