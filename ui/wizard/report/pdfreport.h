// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/report/runreport.h"

namespace qdrant2pg {

/// Writes the report as a PDF to print and to keep (A4, page numbers, tables with repeated headings). Same
/// facts and words as the other forms. Needs a QGuiApplication, but may run on any thread. File errors name
/// the path.
[[nodiscard]] Result<void> writeReportPdf(const RunReport& report, const QString& path);

} // namespace qdrant2pg
