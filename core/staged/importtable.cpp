// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/catalogue.h"
#include "core/staged/importjob.h"

namespace qdrant2pg {

namespace {

/// Why the file's column does not fit the table; nothing when it does.
std::optional<Error> misfit(const QString& name, const ExistingTable& table, const ColumnSpec& column)
{
    const ExistingColumn* there = table.column(column.name);
    Error error;
    if (!there)
        error =
            makeError(ErrorKind::Schema, QStringLiteral("Table %1 has no column %2.").arg(name, column.name));
    else if (isPgvectorType(column.type) && there->dimensions != 0 && there->dimensions != column.dimensions)
        error = makeError(ErrorKind::Schema,
            QStringLiteral("Column %1 of table %2 is %3; the vectors have %4 dimensions.")
                .arg(column.name, name, there->sqlType)
                .arg(column.dimensions));
    else if (there->type != column.type)
        error = makeError(ErrorKind::Schema,
            QStringLiteral("Column %1 of table %2 is %3, not %4.")
                .arg(column.name, name, there->sqlType, column.sqlType()));
    else
        return std::nullopt;
    error.hint = QStringLiteral("Load into another table with --table, or drop this one.");
    error.where.table = name;
    error.where.column = column.name;
    return error;
}

} // namespace

Result<void> fitExistingTable(ImportJob& job, Connection& connection)
{
    const QString& name = job.outcome.table;
    auto existing = readTable(connection, job.outcome.schema, name);
    if (!existing)
        return fail(existing.error());
    if (!*existing)
        return {};
    const ExistingTable& table = **existing;
    if (job.plan.mode == TableMode::Create) {
        if (table.hasRows) {
            Error error = makeError(ErrorKind::Conflict,
                QStringLiteral("Table %1 exists already and has rows.").arg(name), {},
                QStringLiteral("Choose another table with --table, or --mode append, merge or replace."));
            error.where.table = name;
            return fail(std::move(error));
        }
        // The guide applies its schema before the import: an empty table of the right shape is what it means.
        job.outcome.warnings
            << QStringLiteral("Table %1 was there already, empty; the rows go into it.").arg(name);
        CollectionPlan intoExisting = job.plan;
        intoExisting.mode = TableMode::Append;
        auto schema = targetSchema(job.runPlan, intoExisting, job.server);
        if (!schema)
            return fail(schema.error());
        job.schema = std::move(*schema);
    }
    if (job.plan.mode == TableMode::Replace)
        return {};
    for (const ColumnSpec& column : job.schema.table.columns) {
        if (auto error = misfit(name, table, column))
            return fail(std::move(*error));
    }
    for (const ExistingIndex& index : table.indexes) {
        if (index.method == QLatin1String("hnsw") || index.method == QLatin1String("ivfflat"))
            job.outcome.warnings << QStringLiteral(
                "The index %1 exists already and slows the import down a hundred times; drop it first, it is "
                "built again afterwards.")
                                        .arg(index.name);
    }
    return {};
}

} // namespace qdrant2pg
