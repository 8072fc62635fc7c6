// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/migrationplan.h"
#include "core/postgres/tablespec.h"

namespace qdrant2pg {

/// The plan's indexes as SQL, kind `none` left out; Schema error when a word of the plan makes no sense.
/// Internal to the plan module.
[[nodiscard]] Result<QList<IndexSpec>> indexSpecs(
    const CollectionPlan& plan, const TableSpec& table, const QString& vectorSchema);

/// A fault in the plan of this collection.
Error schemaError(const CollectionPlan& plan, const QString& summary);

} // namespace qdrant2pg
