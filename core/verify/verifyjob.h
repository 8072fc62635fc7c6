// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/pagesizer.h"
#include "core/engine/rowencoder.h"
#include "core/engine/verification.h"
#include "core/plan/targetschema.h"
#include "core/postgres/catalogue.h"
#include "core/postgres/ledger.h"
#include "core/postgres/serverprofile.h"
#include "core/qdrant/pointsource.h"
#include "core/verify/idcolumn.h"
#include "core/verify/mismatchsink.h"
#include "core/verify/verifysources.h"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>

namespace qdrant2pg {

/// What the checks of one collection share: fixed before lanes start, but for the counters.
struct VerifyJob {
    const VerifyRequest& request;
    /// Of all collections of the verification.
    std::shared_ptr<VerifySources> sources;
    std::function<void(double, const QString&)> progress;
    std::stop_token stop;

    CollectionPlan plan;
    TargetSchema schema;
    /// The table with the rows: the staging table of replace mode until it was swapped in.
    TableSpec table;
    ServerProfile server;
    std::optional<ExistingTable> existing;
    int idIndex = 0;
    /// -1 without custom sharding.
    int shardKeyIndex = -1;

    /// Of this collection, ordered by shard key and lower bound; empty without a run.
    std::optional<LedgerRun> run;
    QList<LedgerRange> ranges;
    /// Points that the run could not store: id, or id and shard key.
    std::set<std::pair<std::string, PointId>> rejects;
    /// Rejects whose id is no point id (none are expected) are only counted.
    qint64 rejectCount = 0;
    /// Of the run; absent when it is not known.
    std::optional<std::int64_t> runStartMicros;

    IdColumn idColumn() const { return {table.columns.at(idIndex).name, table.columns.at(idIndex).type}; }
    /// Other rows than the collection's may be in the table.
    bool tableIsShared() const { return plan.mode == TableMode::Append || plan.mode == TableMode::Merge; }
    bool allRangesDone() const;
    /// A run that copied points from Qdrant by ranges of ids; an import's single range counts rows of a file.
    bool rangesAreIds() const;
    bool isRejected(const QString& shardKey, const PointId& id) const;
    [[nodiscard]] Result<Connection> connect() const;
    /// The encoder as the run had it.
    [[nodiscard]] Result<RowEncoder> encoder(std::int64_t runStart) const;
};

/// Reads what the job needs from the target: the table as it is, the run's ranges and rejects.
[[nodiscard]] Result<std::unique_ptr<VerifyJob>> makeVerifyJob(
    const VerifyRequest& request, const CollectionPlan& plan, Connection& connection);

/// What an interrupted verification must have in common with the one that goes on with it. `state` is what
/// else has to be as it was.
QByteArray checkpointKey(const VerifyJob& job, VerifyLevel level, const QString& state = {});
/// Said of a verification that went on with an interrupted one.
QString takenOverSentence(int parts, int all);

/// A row of the table: its fields, and all of it. Views are valid inside the visit.
using RowVisit = std::function<void(const std::vector<CopyField>& fields, std::string_view row)>;
/// Shows the rows that meet all these conditions, of which empty ones do not count. Protocol when a row does
/// not fit the table's columns or has no id.
[[nodiscard]] Result<void> visitRows(
    const VerifyJob& job, Connection& connection, QStringList conditions, const RowVisit& visit);

/// The condition for a shard key (JSON token) of a row; empty without custom sharding.
QString shardCondition(const VerifyJob& job, const QString& shardKey);

/// A transaction that sees one state of the table for as long as it lives, read-only.
[[nodiscard]] Result<void> beginSnapshot(Connection& connection, const QString& snapshotId);
/// The same, and the name under which other connections can see that state too; empty when the server cannot
/// share it.
[[nodiscard]] Result<QString> beginSharedSnapshot(Connection& connection);

} // namespace qdrant2pg
