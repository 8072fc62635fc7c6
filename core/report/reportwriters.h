// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/report/runreport.h"

#include <QByteArray>

namespace qdrant2pg {

/// The same report in the forms that people and programs read. Pure and deterministic: the same value gives
/// the same bytes.

/// Schema: docs/report.md. Keys and words are stable within a version.
QByteArray reportToJson(const RunReport& report);
/// Reads what reportToJson wrote; unknown keys are ignored, a newer version is a Usage error with both
/// versions named.
[[nodiscard]] Result<RunReport> reportFromJson(const QByteArray& json);
/// GitHub-flavoured tables.
QByteArray reportToMarkdown(const RunReport& report);
/// One file: no script, no external resource, light and dark, page breaks for print.
QByteArray reportToHtml(const RunReport& report);
/// Verdict and reconciliation for a terminal.
QString reportToText(const RunReport& report);

} // namespace qdrant2pg
