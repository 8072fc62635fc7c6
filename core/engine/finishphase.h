// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/runsession.h"

namespace qdrant2pg {

/// Of several processes on one run, one ends it; the others wait here. True when it was this one's turn,
/// false when another had ended the run meanwhile.
[[nodiscard]] Result<bool> takeTurnToFinish(RunSession& session);
/// Primary keys, indexes, functions and statistics of all collections; begins again with what is missing
/// after a lost connection.
[[nodiscard]] Result<void> buildIndexes(RunSession& session);
/// The verification that the plan asks for. That it could not be finished is a result, not an error.
[[nodiscard]] Result<void> verifyRun(RunSession& session);
/// Replace mode: swaps the loaded tables in, unless the plan or the verification says otherwise.
[[nodiscard]] Result<void> publishTables(RunSession& session);
/// Marks the collections that an earlier process of this run had swapped in before it died.
[[nodiscard]] Result<void> markPublished(RunSession& session);

} // namespace qdrant2pg
