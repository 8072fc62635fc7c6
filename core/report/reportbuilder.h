// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/migrationengine.h"
#include "core/report/runreport.h"

namespace qdrant2pg {

/// The report of a run that ended, in whatever state. Pure; redacts every text that came from outside.
RunReport buildReport(const RunOutcome& outcome);
/// Replaces the verification part (a verification that ran later).
void setVerification(RunReport& report, const QList<VerificationOutcome>& outcomes);
/// Replaces what is known about the searches of the same collections and vectors, redacted.
void setSearches(RunReport& report, const QList<SearchComparison>& searches);
/// What ledger and table held at that time, each number with where it comes from; `rows` when it is known.
void setHeld(ReportCollection& collection, qint64 stored, qint64 rejected, std::optional<qint64> rows,
    const QDateTime& time);
/// Redacted.
QList<ReportRejectGroup> reportRejects(const QList<RejectGroup>& groups);
ReportVerification reportVerification(const VerificationOutcome& outcome);

} // namespace qdrant2pg
