// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/connection.h"
#include "core/qdrant/sourceoptions.h"
#include "core/qdrant/transport.h"

namespace qdrant2pg::bench {

/// Rows of a collection, encoded beforehand in the form of the table that the product would make of it.
struct EncodedRows {
    QString createSql;
    QByteArray copySql;
    /// Pages of rows in COPY form, and where in each the 16 bytes of a row's id are.
    struct Page {
        QByteArray bytes;
        std::vector<qsizetype> ids;
    };
    std::vector<Page> pages;
};

/// Encodes the first `points` points, in pages of about a megabyte.
[[nodiscard]] Result<EncodedRows> encodeRows(const SourceOptions& source, const TargetOptions& target,
    const QString& collection, const QString& table, qint64 points);

/// The floor of the target: the pages again and again under ascending new ids until `points` rows are
/// stored, over two connections, a transaction for each page. Rows stored.
[[nodiscard]] Result<qint64> copyFloor(const EncodedRows& rows, const TargetOptions& target, qint64 points);

/// The floor of the source: the whole collection in two ranges, two requests under way, answers discarded.
/// Bytes received.
[[nodiscard]] Result<qint64> scrollFloor(
    Transport transport, const SourceOptions& source, const QString& collection);

} // namespace qdrant2pg::bench
