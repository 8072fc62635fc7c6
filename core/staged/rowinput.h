// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/postgres/ledger.h"
#include "core/postgres/tablespec.h"
#include "core/staged/datamanifest.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <string>

namespace qdrant2pg {

/// A border between two rows of a data file: what an interrupted import continues from.
struct InputPosition {
    /// Data rows before it, rejected ones included.
    qint64 row = 0;
    qint64 offset = 0;
    /// CSV: line on which the next row begins.
    qint64 line = 0;

    /// "row:offset:line"; the cursor of the import's range in the ledger.
    QString toCursor() const;
    static std::optional<InputPosition> fromCursor(const QString& cursor);
};

/// Rows of a data file as binary COPY rows of the table, in the table's column order. Constant memory. Not
/// thread-safe.
class RowInput {
public:
    enum class Step { Row, Reject, End };

    virtual ~RowInput() = default;
    /// Continues at a position that an earlier input reported.
    [[nodiscard]] virtual Result<void> seek(const InputPosition& position) = 0;
    /// Appends the next row to `out`, or says why it cannot be a row of the table (`reject`), naming row,
    /// line and column. Errors: nothing more can be read from the file.
    [[nodiscard]] virtual Result<Step> next(std::string& out, RejectRow& reject) = 0;
    /// Behind the last row.
    virtual InputPosition position() const = 0;
    virtual qint64 size() const = 0;
    /// What is worth telling about the file, found so far.
    virtual QStringList warnings() const = 0;
};

struct RowInputOptions {
    /// Of the type vector on this server; 0 when the table needs none.
    std::uint32_t vectorOid = 0;
    QString collection;
    QString idColumn;
    /// Columns by position for a CSV file without header.
    QStringList positions;
    bool keepRawRows = true;
};

/// CSV by RFC 4180. The header names columns of the table, in any order; nullable columns may be missing.
/// Data error when it names others.
[[nodiscard]] Result<std::unique_ptr<RowInput>> openCsvInput(
    const QString& path, const TableSpec& table, const RowInputOptions& options);
/// PostgreSQL's binary COPY file with the table's columns in order.
[[nodiscard]] Result<std::unique_ptr<RowInput>> openPgCopyInput(
    const QString& path, const TableSpec& table, const RowInputOptions& options);
/// By the first bytes of the file.
[[nodiscard]] Result<DataFormat> detectDataFormat(const QString& path);

} // namespace qdrant2pg
