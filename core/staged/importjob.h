// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/targetschema.h"
#include "core/postgres/ledger.h"
#include "core/postgres/serverprofile.h"
#include "core/staged/importer.h"
#include "core/staged/rowinput.h"

#include <memory>
#include <vector>

namespace qdrant2pg {

/// The file of an import: which it is, and whether it is whole.
struct ImportFile {
    QString path;
    DataFormat format = DataFormat::Csv;
    /// Absent for files of others.
    std::optional<DataManifest> manifest;
    /// Tells also whether an earlier import was of the same file.
    QByteArray sha256;
    qint64 bytes = 0;
    /// Negative when nothing says it.
    qint64 expectedRows = -1;
};

/// What the parts of one import share. Lives in importFile(); one thread.
struct ImportJob {
    ImportJob(
        const ImportRequest& theRequest, const StagedProgressCallback& theProgress, std::stop_token theStop)
        : request(theRequest)
        , progress(theProgress)
        , stop(std::move(theStop))
        , plan(theRequest.plan.collections.at(theRequest.collection))
    {
    }

    const ImportRequest& request;
    const StagedProgressCallback& progress;
    std::stop_token stop;
    const CollectionPlan& plan;
    /// Of one collection: the plan that the ledger keeps.
    MigrationPlan runPlan;
    ImportFile file;
    ServerProfile server;
    TargetSchema schema;
    /// The import's only range as the ledger has it.
    LedgerRange range;
    ImportOutcome outcome;

    /// A few times a second at most, unless forced.
    void report(const QString& stage, const QString& note, bool force);
    Error cancelled() const;

private:
    std::chrono::steady_clock::time_point m_lastReport{};
};

/// Reads the whole file once; a File error when it is not the one that was converted, unless that is
/// accepted.
[[nodiscard]] Result<void> checkImportFile(ImportJob& job);
/// The file's rows for the job's table. Schema and Data errors when it holds other columns.
[[nodiscard]] Result<std::unique_ptr<RowInput>> openRows(const ImportJob& job);
/// The parents that the converter noted beside the file; none where the table has no parents.
[[nodiscard]] Result<std::vector<ParentRow>> readParents(const ImportJob& job);

/// For a new run: the rows must not be mixed with what is there, and must fit. An empty table of the right
/// shape is taken as it is: the job's schema becomes one that appends.
[[nodiscard]] Result<void> fitExistingTable(ImportJob& job, Connection& connection);

} // namespace qdrant2pg
