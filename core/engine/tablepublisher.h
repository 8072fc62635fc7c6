// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/targetschema.h"
#include "core/postgres/connection.h"

#include <functional>

namespace qdrant2pg {

/// Names of indexes and constraints on the staging table of replace mode, which stands beside the table it
/// will replace.
QString stagingName(const QString& finalName);

/// Replace mode: puts the loaded table in the place of the old one, in one transaction: readers see the old
/// rows or the new ones, never none. The old table is dropped. `record` runs in the same transaction.
[[nodiscard]] Result<void> swapTables(
    Connection& connection, const TargetSchema& schema, const std::function<Result<void>()>& record = {});

} // namespace qdrant2pg
