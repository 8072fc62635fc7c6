// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/postgres/connection.h"
#include "core/postgres/tablespec.h"

#include <optional>

namespace qdrant2pg {

struct ExistingColumn {
    QString name;
    /// format_type: "vector(768)", "numeric(20,0)".
    QString sqlType;
    std::optional<ColumnType> type;
    /// Vector types: 0 when the column has none.
    qint64 dimensions = 0;
    bool notNull = false;
    bool hasDefault = false;
    bool generated = false;
};

struct ExistingIndex {
    QString name;
    QString method;
    QString definition;
    bool valid = true;
    bool unique = false;
    bool primary = false;
};

/// A relation that exists in the target.
struct ExistingTable {
    QString schema;
    QString name;
    /// pg_class.relkind: r table, p partitioned, v view, m materialised view, f foreign.
    QChar kind;
    QList<ExistingColumn> columns;
    QList<ExistingIndex> indexes;
    QStringList primaryKey;
    /// At least one row.
    bool hasRows = false;
    bool mayInsert = false;
    bool maySelect = false;
    bool rowSecurity = false;
    bool hasRowTriggers = false;

    const ExistingColumn* column(const QString& columnName) const;
};

/// Nothing when no relation has that name.
[[nodiscard]] Result<std::optional<ExistingTable>> readTable(
    Connection& connection, const QString& schema, const QString& name);
/// Exact, by SELECT count(*).
[[nodiscard]] Result<qint64> countRows(Connection& connection, const QString& schema, const QString& name);

} // namespace qdrant2pg
