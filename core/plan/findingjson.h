// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/plancheck.h"

#include <QJsonArray>

namespace qdrant2pg {

/// What findings say, for the run's record in the ledger, redacted. Their fixes stay behind: the run has
/// begun.
QJsonArray findingsToJson(const QList<Finding>& findings);
/// The reverse; what is not there stays empty.
QList<Finding> findingsFromJson(const QJsonArray& array);

} // namespace qdrant2pg
