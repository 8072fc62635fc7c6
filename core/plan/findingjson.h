// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/plancheck.h"

#include <QJsonArray>
#include <QJsonObject>

namespace qdrant2pg {

/// What a finding says, in words and redacted: for the output of commands and the run's record in the ledger.
/// What is empty is left out. Of a fix only what it would do, not how.
QJsonObject findingToJson(const Finding& finding);
QJsonArray findingsToJson(const QList<Finding>& findings);
/// The reverse; what is not there stays as in a new Finding.
QList<Finding> findingsFromJson(const QJsonArray& array);

} // namespace qdrant2pg
