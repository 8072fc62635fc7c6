// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/runsession.h"

namespace qdrant2pg {

/// Fixes how lanes read points, after the plan is known and before its collections are prepared: the plan's
/// transport, or the caller's factory, under the plan's limits. Says what was chosen.
[[nodiscard]] Result<void> chooseSource(RunSession& session);

} // namespace qdrant2pg
