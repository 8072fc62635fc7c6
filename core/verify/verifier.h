// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/verification.h"
#include "core/verify/verifyjob.h"

#include <memory>

namespace qdrant2pg {

/// The verification of design.md section 5. Without a factory points are read over the
/// transport of the run, else as the plan says.
std::shared_ptr<Verifier> makeVerifier(VerifySourceFactory sourceFactory = {});

} // namespace qdrant2pg
