// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/postgres/connection.h"
#include "core/postgres/ledger.h"
#include "core/qdrant/pointid.h"
#include "core/qdrant/pointpage.h"

#include <functional>
#include <optional>

namespace qdrant2pg {

/// The next reject to try; nothing at the end.
using RejectReader = std::function<Result<std::optional<RejectRow>>()>;
/// A point from the source, for rejects that were kept without it; an empty page when it is gone there.
using PointFetcher = std::function<Result<PointPage>(const RejectRow& reject, const PointId& id)>;

struct ReplayOutcome {
    qint64 read = 0;
    qint64 stored = 0;
    /// Mode merge: a row of that id is there, it stays as it is.
    qint64 skipped = 0;
    /// No longer among the run's rejects: replayed before.
    qint64 gone = 0;
    /// Kept without the point, and not to be had from the source.
    qint64 withoutPoint = 0;
    /// Still rejected, with the present reason.
    QList<RejectRow> remaining;
};

/// A line of a reject file. File errors name file and line.
[[nodiscard]] Result<RejectRow> rejectFromLine(
    const QByteArray& line, const QString& file, qint64 lineNumber);

/// Loads rejected points of a run that fit under a changed plan. Each point is one transaction: its row, its
/// reject taken out of the ledger, and the numbers and digest of its range, so that a point is never both a
/// row and a reject, and a replay that was interrupted can simply be run again. What is still refused keeps
/// its reject with the new reason. When anything was stored the run's plan in the ledger becomes the changed
/// one.
///
/// Usage error when the plan differs from the run's in more than how single values are treated (nul, missing,
/// default, misfit, nonFinite, vector types that the table has); Conflict while somebody works on the run.
[[nodiscard]] Result<ReplayOutcome> replayRejects(Connection& connection, const Ledger& ledger,
    const LedgerRun& run, const MigrationPlan& plan, const RejectReader& next,
    const PointFetcher& fetch = {});

} // namespace qdrant2pg
