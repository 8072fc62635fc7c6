// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/postgres/ledger.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace qdrant2pg {

enum class DataFormat { Csv, PgCopy };
QString dataFormatName(DataFormat format);

struct DataColumn {
    QString name;
    /// SQL type with dimensions: "vector(768)".
    QString type;
};

/// What a converted file says about itself ("<file>.manifest.json"). Holds no secret. docs/staged-files.md is
/// its reference.
struct DataManifest {
    static constexpr int currentVersion = 1;
    QString toolVersion;
    DataFormat format = DataFormat::Csv;
    QString collection;
    QString table;
    /// In the order of the file.
    QList<DataColumn> columns;
    qint64 points = 0;
    qint64 rows = 0;
    qint64 rejected = 0;
    qint64 bytes = 0;
    /// Of the data file, 64 hex digits.
    QByteArray sha256;
    QString planHash;
    QByteArray planJson;
    /// SHA-256 of the export's manifest.json; empty for a folder without one.
    QByteArray exportSha256;
    /// The moment that "run-start" defaults took.
    QDateTime runStart;

    static QString pathFor(const QString& dataFile) { return dataFile + QStringLiteral(".manifest.json"); }
    /// Missing parents of the context_items preset, one JSON object a line.
    static QString parentsPathFor(const QString& dataFile)
    {
        return dataFile + QStringLiteral(".parents.jsonl");
    }

    QByteArray toJson() const;
    [[nodiscard]] static Result<DataManifest> fromJson(const QByteArray& json, const QString& path);
};

/// The manifest beside a data file; nothing when there is none.
[[nodiscard]] Result<std::optional<DataManifest>> readDataManifest(const QString& dataFile);

/// A row that another one may refer to (context_items: games, characters, ...).
struct ParentRow {
    QString table;
    QString id;
    /// Empty for none.
    QString game;
    QString name;
};
QByteArray parentRowToLine(const ParentRow& parent);
[[nodiscard]] Result<ParentRow> parentRowFromLine(const QByteArray& line, const QString& path);

/// A reject as one line of a reject file: collection, id, stage, column, SQLSTATE, reason, point.
QByteArray rejectToLine(const RejectRow& reject);

} // namespace qdrant2pg
