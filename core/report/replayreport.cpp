// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/replayreport.h"

#include "core/common/redaction.h"
#include "core/common/units.h"
#include "core/engine/runnumbers.h"
#include "core/plan/planjson.h"
#include "core/plan/targetschema.h"
#include "core/postgres/catalogue.h"
#include "core/report/reportbuilder.h"

#include <QDateTime>

namespace qdrant2pg {

namespace {

/// Counted where the run's rows are: in the table, or in its replacement that waits to be published.
Result<qint64> rowsNow(Connection& connection, const MigrationPlan& plan, const ReportCollection& collection)
{
    for (const CollectionPlan& planned : plan.collections) {
        if (planned.name != collection.name || planned.mode != TableMode::Replace)
            continue;
        auto waiting = readTable(connection, collection.schema, loadTableName(planned));
        if (!waiting)
            return fail(waiting.error());
        if (*waiting)
            return countRows(connection, collection.schema, loadTableName(planned));
    }
    return countRows(connection, collection.schema, collection.table);
}

void forgetComparison(ReportVerification& verification, qint64 added)
{
    if (verification.result == QLatin1String("not-run"))
        return;
    const QString before = verification.result;
    ReportVerification later;
    later.level = verification.level;
    later.sentence =
        QStringLiteral("%1 rejected %2 stored after the comparison, which had found: %3. "
                       "Compare again.")
            .arg(formatCount(added), added == 1 ? QStringLiteral("point was") : QStringLiteral("points were"),
                before);
    verification = later;
}

} // namespace

Result<void> setReplayed(RunReport& report, Connection& connection, const Ledger& ledger)
{
    auto run = ledger.run(connection, report.runId);
    if (!run)
        return fail(run.error());
    if (!*run)
        return fail(ErrorKind::NotFound, QStringLiteral("Run %1 is no longer there.").arg(report.runId));
    auto plan = planFromJson((*run)->planJson);
    if (!plan)
        return fail(plan.error());
    auto ranges = ledger.ranges(connection, report.runId);
    if (!ranges)
        return fail(ranges.error());
    auto groups = groupRejects(connection, ledger, report.runId);
    if (!groups)
        return fail(groups.error());

    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (ReportCollection& collection : report.collections) {
        qint64 stored = 0;
        qint64 rejected = 0;
        qint64 skipped = 0;
        for (const LedgerRange& range : *ranges) {
            if (range.collection != collection.name)
                continue;
            stored += range.rows;
            rejected += range.rejected;
            skipped += range.skipped;
        }
        const qint64 added = stored - collection.stored.value.value_or(0);
        auto rows = rowsNow(connection, *plan, collection);
        if (!rows)
            return fail(rows.error());
        setHeld(collection, stored, rejected, *rows, now);
        collection.skipped.value = skipped;
        if (added > 0)
            forgetComparison(collection.verification, added);
    }
    report.rejects = reportRejects(*groups);
    report.state = (*run)->state;
    report.planHash = (*run)->planHash;
    report.planJson = redacted(QString::fromUtf8((*run)->planJson)).toUtf8();
    if (report.totals().rejected == 0)
        report.nextSteps.removeIf(
            [](const QString& step) { return step.startsWith(QLatin1String("qdrant2pg replay ")); });
    return {};
}

} // namespace qdrant2pg
