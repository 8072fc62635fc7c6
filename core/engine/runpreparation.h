// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/runsession.h"

namespace qdrant2pg {

/// Reads what lanes need to know about a collection and adds it to the context.
[[nodiscard]] Result<void> prepareCollection(RunSession& session, const CollectionPlan& plan);
/// Where the best known count comes from, in words.
QString countOrigin(const CollectionFacts& facts);

} // namespace qdrant2pg
