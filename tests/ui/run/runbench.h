// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/ui/support/wizardbench.h"

namespace qdrant2pg::test {

/// The pages of the run alone: Run, Verify, Report.
QList<PageFactory> runPages();

/// Gives the draft a plan for these collections of the bench, as Mapping and Review would leave it.
void reviewPlan(WizardBench& bench, const QStringList& collections, const RunPlan& run = {});

/// Points that take `milliseconds` a page longer to come, so that a test can act while they are on their way.
void slowDown(WizardBench& bench, int milliseconds);

/// The collection "game" with 2,000 points, reviewed, in small pages that each take that long: a run to be
/// met while it copies.
void reviewSlowGame(WizardBench& bench, int milliseconds);

} // namespace qdrant2pg::test
