// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "app/cli/connections.h"
#include "core/postgres/ledger.h"

namespace qdrant2pg::cli {

/// The open target with the ledger found in it.
struct OpenLedger {
    ResolvedTarget resolved;
    Connection connection;
    Ledger ledger;
};

/// Looks in --ledger-schema, else in the default schema and then in --schema. NotFound error when this
/// database has none.
[[nodiscard]] Result<OpenLedger> openLedger(const CommandContext& context);

/// The run with that id or a unique beginning of it.
[[nodiscard]] Result<LedgerRun> findRun(OpenLedger& open, const QString& id);
/// The newest run that can be continued. NotFound error when there is none.
[[nodiscard]] Result<LedgerRun> newestUnfinished(OpenLedger& open);
/// The newest run of all. NotFound error when there is none.
[[nodiscard]] Result<LedgerRun> newestRun(OpenLedger& open);
bool isUnfinished(const LedgerRun& run);

} // namespace qdrant2pg::cli
