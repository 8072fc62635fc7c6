// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/runreport.h"

#include <QList>
#include <QPair>
#include <QString>

namespace qdrant2pg::reportwords {

/// The same facts in the same words in every form of the report. Internal to the report module.

/// "12,345", or "not known".
QString count(const ReportNumber& number);
QString headline(const RunReport& report);
/// One line for one collection's verification, with what the level does not prove.
QString verification(const ReportVerification& verification);
/// Label and value pairs: source, target, versions, times.
QList<QPair<QString, QString>> facts(const RunReport& report);
/// Label and value pairs of the times: data, indexes, verification, whole.
QList<QPair<QString, QString>> times(const RunReport& report);
QString stage(const ReportStage& stage);
/// The six columns of the reconciliation in order, with the heading of each.
struct Column {
    const char* heading;
    ReportNumber ReportCollection::*number;
};
extern const QList<Column> reconciliationColumns;

} // namespace qdrant2pg::reportwords
