// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/engine/migrationengine.h"
#include "core/qdrant/sourceoptions.h"
#include "core/staged/stagedprogress.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>
#include <stop_token>

namespace qdrant2pg {

struct ExportRequest {
    SourceOptions source;
    QString collection;
    QString folder = QStringLiteral("migrations/export");
    /// Points in a batch; the guide's number.
    int batchPoints = 100;
    /// When above 0 the batches are sized by bytes instead.
    qint64 batchBytes = 0;
    /// Filter object as JSON text; empty for all points.
    QByteArray filterJson;
    /// Spares a live source; 0 = no limit. With a limit no page is asked for ahead.
    qint64 maxPointsPerSecond = 0;
    /// Replace what an earlier export left in the folder.
    bool fresh = false;
    RetryLimits retry;
};

struct ExportOutcome {
    QString folder;
    qint64 points = 0;
    qint64 bytes = 0;
    int batches = 0;
    /// Batches that an earlier, interrupted export had left.
    int batchesBefore = 0;
    std::optional<qint64> countAtStart;
    std::optional<qint64> countAtEnd;
    QString countNote;
    int retries = 0;
    QStringList warnings;
    std::chrono::milliseconds elapsed{};
};

/// Step 1 of the guide: every point of the collection into DIR/batch_000001.json ..., each file one scroll
/// reply exactly as the server sent it, and manifest.json with counts, boundaries and hashes. Blocking, for
/// worker threads.
///
/// An interrupted export is continued by the same call: the batches on the disk are checked against their
/// hashes first. A folder that holds something else is refused (Conflict) unless `fresh`. When stopped: a
/// Cancelled error after the batch in hand.
[[nodiscard]] Result<ExportOutcome> exportCollection(
    const ExportRequest& request, const StagedProgressCallback& progress, std::stop_token stop = {});

} // namespace qdrant2pg
