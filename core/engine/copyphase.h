// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/runsession.h"

namespace qdrant2pg {

/// Runs the lanes until every range is stored or the run is ending. Meanwhile renews leases, holds the
/// tables, looks at the source's identity and follows pause and stop.
[[nodiscard]] Result<void> copyPoints(RunSession& session);

} // namespace qdrant2pg
