// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/compare/searchcomparison.h"

namespace qdrant2pg {

/// Fills verdict and sentence from the numbers.
void judge(SearchComparison& comparison);

/// The point of the curve that the verdict is about; nullptr without an index.
const CurvePoint* verdictPoint(const SearchComparison& comparison);

/// "0.953".
QString recallText(double recall);
/// "1.25 ms".
QString latencyText(double milliseconds);
/// "collection.column" as headings show it.
QString comparisonTitle(const SearchComparison& comparison);
/// The mode of a filtered search in words.
QString filteredModeText(const QString& mode);
/// Everything, as a terminal shows it.
QString comparisonText(const SearchComparison& comparison);

} // namespace qdrant2pg
