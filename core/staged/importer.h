// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/engine/migrationengine.h"
#include "core/plan/migrationplan.h"
#include "core/postgres/connection.h"
#include "core/staged/datamanifest.h"
#include "core/staged/stagedprogress.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>
#include <stop_token>

namespace qdrant2pg {

struct ImportRequest {
    QString file = QStringLiteral("migrations/data.csv");
    /// Absent: told by the file's first bytes.
    std::optional<DataFormat> format;
    MigrationPlan plan;
    int collection = 0;
    TargetOptions target;
    /// Import the file although its content is not what the converter wrote.
    bool acceptChangedFile = false;
    RetryLimits retry;
    int leaseSeconds = 30;
    /// Bytes of rows in one transaction.
    qint64 transactionBytes = qint64{4} << 20;
};

struct ImportOutcome {
    QString runId;
    QString schema;
    QString table;
    /// Where the rows are: the staging table in replace mode, which waits to be published.
    QString loadedTable;
    /// All sessions together, from the ledger.
    qint64 stored = 0;
    qint64 rejected = 0;
    qint64 skipped = 0;
    /// Rows that an earlier, interrupted import had stored.
    qint64 storedBefore = 0;
    /// SELECT count(*) at the end.
    qint64 tableRows = -1;
    /// The same file was imported into this table before: nothing was done.
    bool alreadyImported = false;
    /// Some of them, for messages; all are in the ledger.
    QList<RejectRow> firstRejects;
    int retries = 0;
    QStringList warnings;
    std::chrono::milliseconds dataTime{};
    std::chrono::milliseconds indexTime{};
};

/// Step 3 of the guide: a converted file into its table by client-side COPY. Exactly once: the place reached
/// in the file is committed with the rows (same ledger as a streamed run, one range whose cursor counts
/// rows), so that an interrupted import is continued by the same call, and a finished one is not repeated.
/// Creates the schema as the plan says, builds indexes afterwards, counts at the end. Blocking, for worker
/// threads. When stopped: a Cancelled error after the transaction in hand.
[[nodiscard]] Result<ImportOutcome> importFile(
    const ImportRequest& request, const StagedProgressCallback& progress, std::stop_token stop = {});

/// The plan with which a data file was converted; nothing for files of others.
[[nodiscard]] Result<std::optional<MigrationPlan>> planOfDataFile(const QString& dataFile);

} // namespace qdrant2pg
