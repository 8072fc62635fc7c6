// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/estimate.h"
#include "core/plan/sourcefacts.h"
#include "core/postgres/connection.h"
#include "core/postgres/serverprofile.h"
#include "ui/models/previewmodel.h"

#include <QList>

#include <functional>
#include <optional>
#include <stop_token>

namespace qdrant2pg {

/// State of the table that a collection would go to.
enum class TargetState { Unknown, New, Empty, Filled };

/// One collection as the list shows it; what is missing was not readable.
struct CollectionEntry {
    QString name;
    /// Why its facts could not be read.
    std::optional<Error> error;
    std::optional<CollectionInfo> info;
    /// Bytes of one payload as JSON, from a few points; negative when not read.
    double meanPayloadBytes = -1;
    std::optional<qint64> exactCount;
    QString countNote;
    QString table;
    TargetState target = TargetState::Unknown;
    std::optional<qint64> sourceBytes;
    std::optional<qint64> targetBytes;
};

/// Where a target table would be looked for; without it the state stays unknown.
struct TargetLook {
    TargetOptions options;
    QString schema;
    ServerProfile server;
};

/// Reads facts for the list: a few small requests per collection, never a whole one. Blocking, for worker
/// threads. Calls `each` as soon as an entry is known.
void readCollectionEntries(const SourceOptions& source, const QStringList& names,
    const std::optional<TargetLook>& target, const std::function<void(const CollectionEntry&)>& each,
    std::stop_token stop);

/// The first points, at most `limit`, with vectors and payload, of those that pass the filter.
[[nodiscard]] Result<QList<PreviewPoint>> readPreview(const SourceOptions& source, const QString& collection,
    int limit, const QByteArray& filterJson, std::stop_token stop);

/// Sizes of an entry from what is known about it; leaves them absent without a count.
void estimateSizes(CollectionEntry& entry, const std::optional<ServerProfile>& server);

} // namespace qdrant2pg
