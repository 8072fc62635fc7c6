// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/migrationplan.h"
#include "core/plan/sourcefacts.h"
#include "core/postgres/serverprofile.h"

namespace qdrant2pg {

/// Proposes how a collection becomes a table: each automatic choice carries its reason. `server` may be
/// absent (plan without a target at hand): newest features are assumed then and the checker says so later.
[[nodiscard]] Result<CollectionPlan> proposeCollection(
    const CollectionFacts& facts, const QString& preset, const std::optional<ServerProfile>& server);

/// Names of the presets, default first.
QStringList presetNames();

} // namespace qdrant2pg
