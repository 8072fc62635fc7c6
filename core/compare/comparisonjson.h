// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/compare/searchcomparison.h"

#include <QJsonObject>

namespace qdrant2pg {

/// The comparison as reports and --json hold it; keys and words are in docs/report.md.
QJsonObject comparisonToJson(const SearchComparison& comparison);
/// Reads what comparisonToJson wrote; unknown keys are ignored, missing ones keep their defaults.
SearchComparison comparisonFromJson(const QJsonObject& object);

} // namespace qdrant2pg
