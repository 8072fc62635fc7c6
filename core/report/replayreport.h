// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/postgres/connection.h"
#include "core/postgres/ledger.h"
#include "core/report/runreport.h"

namespace qdrant2pg {

/// Brings the report of a run to what ledger and tables hold after a replay of its rejects: stored, rejected
/// and skipped, the groups of rejects, rows now, state and plan. A comparison speaks only for the rows that
/// were there: where a collection got more it becomes "not-run" and says why. Blocking; reads only.
[[nodiscard]] Result<void> setReplayed(RunReport& report, Connection& connection, const Ledger& ledger);

} // namespace qdrant2pg
