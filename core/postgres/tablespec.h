// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/columntype.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace qdrant2pg {

struct ColumnSpec {
    QString name;
    ColumnType type = ColumnType::Text;
    /// Vector types: typmod; 0 for none. numeric: precision 20, scale 0 when 20.
    qint64 dimensions = 0;
    bool notNull = false;
    /// SQL expression; empty for none.
    QString defaultSql;
    /// "", "plain", "external" ...: STORAGE clause.
    QString storage;
    /// REFERENCES clause without the keyword, for example "games(id) ON DELETE CASCADE"; empty for none.
    QString references;
    /// Name for the COLLATE clause, unquoted, for example C; empty for none.
    QString collation;

    /// "vector(768)", "numeric(20,0)", "text[]", the extension's types qualified with their schema when it is
    /// not on the path.
    QString sqlType(const QString& vectorSchema = {}) const;
};

struct IndexSpec {
    QString name;
    /// hnsw, ivfflat, btree, gin, gist.
    QString method;
    /// Expression list as SQL, already quoted: "\"embedding\" vector_cosine_ops".
    QString expression;
    /// "m=16, ef_construction=64"; empty for none.
    QString with;
    /// Partial predicate; empty for none.
    QString where;
    QString reason;
    bool unique = false;
};

/// A table as the plan wants it, in the order in which its columns are written.
struct TableSpec {
    QString schema;
    QString name;
    QList<ColumnSpec> columns;
    QStringList primaryKey;
    QList<IndexSpec> indexes;
    /// COMMENT ON TABLE; empty for none.
    QString comment;

    const ColumnSpec* column(const QString& columnName) const;
    /// In the order of the columns, as rows of a binary COPY have them.
    std::vector<ColumnType> columnTypes() const;
};

/// One statement of the DDL with what it does, for the plan, Review and the log.
struct DdlStatement {
    QString sql;
    QString what;
    /// It changes or removes something that exists.
    bool destructive = false;
};

/// Statements without a semicolon.
QString createTableSql(const TableSpec& table, const QString& vectorSchema, bool withPrimaryKey);
QString addPrimaryKeySql(const TableSpec& table);
QString createIndexSql(const TableSpec& table, const IndexSpec& index, bool ifNotExists);
QString commentOnTableSql(const TableSpec& table);
/// COPY "s"."t" ("a", "b") FROM STDIN (FORMAT binary).
QString copyInSql(const TableSpec& table);
/// COPY (SELECT "a", "b" FROM "s"."t" [WHERE ...] [ORDER BY ...]) TO STDOUT (FORMAT binary).
QString copyOutSql(const TableSpec& table, const QString& where, const QString& orderBy);

} // namespace qdrant2pg
