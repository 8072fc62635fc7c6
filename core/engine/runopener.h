// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/runsession.h"

namespace qdrant2pg {

/// Looks at both servers and opens the way to the points.
[[nodiscard]] Result<void> preflight(RunSession& session);
/// A new run: ranges, tables and the ledger's rows, which appear together or not at all.
[[nodiscard]] Result<void> startRun(RunSession& session);
/// A run that the ledger knows. Refuses, in words, when plan, source or target are no longer the recorded
/// ones.
[[nodiscard]] Result<void> resumeRun(RunSession& session);

} // namespace qdrant2pg
