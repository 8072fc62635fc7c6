// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "app/cli/commandcontext.h"
#include "core/engine/verification.h"

namespace qdrant2pg::cli {

/// Runs a verification with progress and signals.
[[nodiscard]] Result<QList<VerificationOutcome>> runVerification(
    const CommandContext& context, const VerifyRequest& request);

/// Prints what was found: sentence, rules, the first differences with both values; a JSON line per
/// collection.
void printVerification(const CommandContext& context, const QList<VerificationOutcome>& outcomes);

/// Different beats failed beats done.
ExitCode exitCodeFor(const QList<VerificationOutcome>& outcomes);

} // namespace qdrant2pg::cli
