// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/engine/rowencoder.h"
#include "core/plan/migrationplan.h"
#include "core/postgres/tablespec.h"
#include "core/staged/batchreader.h"
#include "core/staged/datamanifest.h"
#include "core/staged/stagedprogress.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <stop_token>

namespace qdrant2pg {

struct ConvertRequest {
    QString folder = QStringLiteral("migrations/export");
    QString output = QStringLiteral("migrations/data.csv");
    DataFormat format = DataFormat::Csv;
    MigrationPlan plan;
    /// Which of the plan's collections the folder holds.
    int collection = 0;
    /// Leave out batches that cannot be read, named in the outcome, instead of refusing the whole folder.
    bool allowBroken = false;
};

struct ConvertOutcome {
    QString output;
    /// Empty when nothing was rejected.
    QString rejectsFile;
    qint64 points = 0;
    qint64 rows = 0;
    qint64 rejected = 0;
    qint64 bytes = 0;
    int batches = 0;
    /// What was left out (allowBroken).
    QList<BatchProblem> problems;
    RowEncoder::Changes changes;
    QStringList warnings;
    std::chrono::milliseconds elapsed{};
};

/// Step 2 of the guide: the batches of a folder become one file that PostgreSQL's COPY reads, through the
/// same mapping as a streamed run, so that nothing is lost on the way: float32 in shortest round-trip form,
/// integers digit by digit. Points that cannot be stored go to rejects.jsonl beside the output. The output
/// appears complete or not at all, with
/// "<output>.manifest.json"; the same input and plan give the same bytes. Blocking, for worker threads.
[[nodiscard]] Result<ConvertOutcome> convertBatches(
    const ConvertRequest& request, const StagedProgressCallback& progress, std::stop_token stop = {});

/// Positions of the table's columns in the order of the CSV file: for the preset context_items the guide's
/// seven first.
std::vector<int> csvColumnOrder(const CollectionPlan& plan, const TableSpec& table);

} // namespace qdrant2pg
