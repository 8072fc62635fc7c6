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

/// Makes the table in `schema` and encodes the first points of the collection, up to `points` of them and
/// about 32 MB, in pages of about a megabyte. Only for collections whose ids are UUIDs.
[[nodiscard]] Result<EncodedRows> encodeRows(const SourceOptions& source, const TargetOptions& target,
    const QString& collection, const QString& schema, const QString& table, qint64 points);

/// What a floor moved.
struct Moved {
    qint64 points = 0;
    qint64 bytes = 0;
};

/// The floor of the target: the pages again and again under ascending new ids until `points` rows are
/// stored, over that many connections, a transaction for each page.
[[nodiscard]] Result<Moved> copyFloor(
    const EncodedRows& rows, const TargetOptions& target, qint64 points, int connections);

/// The floor of the source: the whole collection in as many ranges as connections, a request under way on
/// each, `page` points a request, answers discarded (so no points are counted). Ids must be UUIDs.
[[nodiscard]] Result<Moved> scrollFloor(Transport transport, const SourceOptions& source,
    const QString& collection, std::uint32_t page, int connections);

} // namespace qdrant2pg::bench
