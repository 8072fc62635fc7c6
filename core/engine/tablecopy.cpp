// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/tablecopy.h"

#include "core/postgres/copybuffer.h"
#include "core/postgres/identifiers.h"

#include <QCryptographicHash>

namespace qdrant2pg {

namespace {

constexpr std::size_t chunkBytes = 512 * 1024;

/// PLAIN storage avoids moving each vector out of line twice (pgvector.md 8.2), where the row fits a page.
bool storesPlain(const ColumnSpec& column)
{
    return column.type == ColumnType::Vector && column.dimensions > 0 && column.dimensions <= 1900;
}

} // namespace

TableCopy::TableCopy(const TargetSchema& schema, TableMode mode)
{
    TableSpec load = schema.table;
    load.name = schema.loadName;
    if (mode != TableMode::Merge) {
        m_copySql = copyInSql(load).toUtf8();
        return;
    }
    QStringList names;
    QStringList columns;
    for (const ColumnSpec& column : std::as_const(load.columns)) {
        names << quoteIdentifier(column.name);
        columns << names.last() + QLatin1Char(' ') + column.sqlType(schema.vectorSchema)
                + (storesPlain(column) ? QStringLiteral(" STORAGE PLAIN") : QString());
    }
    const QString target = qualifiedName(load.schema, load.name);
    const QString shape = columns.join(QStringLiteral(", "));
    // A session copies for several tables, and a pooler gives it to several clients: the name is the shape's
    // own, so that a temporary table that is there already is the right one.
    const QByteArray hash =
        QCryptographicHash::hash((target + shape).toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    load.schema = QStringLiteral("pg_temp");
    load.name = QStringLiteral("qdrant2pg_staging_") + QString::fromLatin1(hash);
    const QString staging = qualifiedName(load.schema, load.name);
    // Without the notice that it exists, once per page.
    m_copySql = QStringLiteral("SET LOCAL client_min_messages = warning; "
                               "CREATE TEMP TABLE IF NOT EXISTS %1 (%2) ON COMMIT DELETE ROWS; "
                               "SET LOCAL client_min_messages = DEFAULT; %3")
                    .arg(quoteIdentifier(load.name), shape, copyInSql(load))
                    .toUtf8();
    m_insertSql = QStringLiteral("INSERT INTO %1 (%2) SELECT %2 FROM %3 ON CONFLICT DO NOTHING")
                      .arg(target, names.join(QStringLiteral(", ")), staging)
                      .toUtf8();
    m_clearSql = QByteArray("TRUNCATE ") + staging.toUtf8();
}

Result<qint64> TableCopy::copy(Connection& connection, std::string_view bytes, std::span<const CopyRow> rows,
    const std::function<bool()>& aborted) const
{
    if (rows.empty())
        return 0;
    if (auto begun = connection.copyInBegin(m_copySql); !begun)
        return fail(begun.error());
    return send(connection, bytes, rows, aborted);
}

Result<qint64> TableCopy::send(Connection& connection, std::string_view bytes, std::span<const CopyRow> rows,
    const std::function<bool()>& aborted) const
{
    const auto write = [&](std::string_view part) -> Result<void> {
        while (!part.empty()) {
            if (aborted && aborted()) {
                connection.copyInAbort();
                return fail(ErrorKind::Cancelled, QStringLiteral("Aborted."));
            }
            const std::string_view head = part.substr(0, chunkBytes);
            if (auto written = connection.copyInWrite(head); !written)
                return written;
            part.remove_prefix(head.size());
        }
        return {};
    };
    if (auto written = write(CopyBuffer::header()); !written)
        return fail(written.error());
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t j = i + 1;
        while (j < rows.size() && rows[j].begin == rows[j - 1].end)
            ++j;
        if (auto written = write(bytes.substr(rows[i].begin, rows[j - 1].end - rows[i].begin)); !written)
            return fail(written.error());
        i = j;
    }
    if (auto written = write(CopyBuffer::trailer()); !written)
        return fail(written.error());
    auto stored = connection.copyInEnd();
    if (!stored)
        return fail(stored.error());
    if (*stored != static_cast<qint64>(rows.size())) {
        // The server does not prove completeness; the row count is the proof (pgvector.md 1.1).
        Error error = makeError(ErrorKind::Protocol,
            QStringLiteral("PostgreSQL stored %1 of %2 rows of a page.").arg(*stored).arg(rows.size()));
        error.retryable = true;
        error.poisonsConnection = true;
        return fail(std::move(error));
    }
    if (!merges())
        return stored;
    auto merged = connection.execute(m_insertSql);
    if (!merged)
        return fail(merged.error());
    return merged->affectedRows();
}

Result<void> TableCopy::clear(Connection& connection) const
{
    if (!merges())
        return {};
    if (auto cleared = connection.execute(m_clearSql); !cleared)
        return fail(cleared.error());
    return {};
}

} // namespace qdrant2pg
