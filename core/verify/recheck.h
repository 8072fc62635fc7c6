// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/verify/verifyjob.h"

namespace qdrant2pg {

/// Reads the points that an earlier comparison named, and their rows, again, and nothing else. What had no
/// name then still counts as different.
[[nodiscard]] Result<VerificationOutcome> checkAgain(const VerifyJob& job, const EarlierDifferences& earlier);

} // namespace qdrant2pg
