// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/runsession.h"

namespace qdrant2pg {

/// The numbers of all sessions together, from ledger, table and source, into the outcome. What cannot be read
/// stays as it is and is told in the warnings.
void collectNumbers(RunSession& session, Connection& connection);

/// The rejects of a run by collection, column and reason.
[[nodiscard]] Result<QList<RejectGroup>> groupRejects(
    Connection& connection, const Ledger& ledger, const QString& runId);

} // namespace qdrant2pg
