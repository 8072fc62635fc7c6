// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace qdrant2pg {

/// One file of an export: a scroll reply as the server sent it.
struct ExportBatch {
    /// Name inside the folder: "batch_000001.json".
    QString file;
    qint64 points = 0;
    /// Ids as text ("17", a UUID).
    QString first;
    QString last;
    qint64 bytes = 0;
    /// 64 hex digits.
    QByteArray sha256;
    /// JSON token; empty without custom sharding.
    QString shardKey;
};

/// What an export folder says about itself (manifest.json). Holds no secret. docs/staged-files.md is its
/// reference.
struct ExportManifest {
    static constexpr int currentVersion = 1;
    QString toolVersion;
    /// Without user name, password and query.
    QString sourceUrl;
    QString serverVersion;
    QString collection;
    /// Body of GET /collections/{c} as it came.
    QByteArray collectionInfo;
    /// Of the collection's configuration: another one later means that the collection was made anew.
    QByteArray fingerprint;
    /// Filter object as JSON text; empty for none.
    QByteArray filterJson;
    QDateTime startedAt;
    QDateTime finishedAt;
    /// Exact counts of the server before and after; absent when it refused.
    std::optional<qint64> countAtStart;
    std::optional<qint64> countAtEnd;
    QString countNote;
    bool complete = false;
    QList<ExportBatch> batches;

    qint64 points() const;
    qint64 bytes() const;

    static QString fileName() { return QStringLiteral("manifest.json"); }
    /// Batches written since manifest.json, one JSON object a line; gone when the export is complete.
    static QString journalName() { return QStringLiteral("manifest.partial.jsonl"); }

    QByteArray toJson() const;
    /// File errors name what is wrong with it.
    [[nodiscard]] static Result<ExportManifest> fromJson(const QByteArray& json, const QString& path);
};

QByteArray exportBatchToLine(const ExportBatch& batch);

/// The manifest of a folder with the journal's batches; nothing when the folder has none. A journal line cut
/// off by a crash is dropped.
[[nodiscard]] Result<std::optional<ExportManifest>> readExportManifest(const QString& folder);

} // namespace qdrant2pg
