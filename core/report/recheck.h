// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/verification.h"
#include "core/report/runreport.h"

namespace qdrant2pg {

/// The differences that a report names, by collection, for VerifyRequest::again: all of them where their file
/// is still there, else the first. Empty when it names none.
QMap<QString, EarlierDifferences> namedDifferences(const RunReport& report);

} // namespace qdrant2pg
