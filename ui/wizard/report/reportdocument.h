// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/runreport.h"

#include <QTextDocument>
#include <QTextFormat>

namespace qdrant2pg {

/// Block property that marks a heading, which must not stand alone at the foot of a page.
inline constexpr int headingProperty = QTextFormat::UserProperty + 1;

/// Fills an empty document with the report for paper. `contentWidth` is the width of the text in the units of
/// the document's paint device; charts take all of it.
void fillReportDocument(QTextDocument& document, const RunReport& report, double contentWidth);

} // namespace qdrant2pg
