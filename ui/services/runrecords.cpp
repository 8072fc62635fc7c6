// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/runrecords.h"

#include "core/plan/planjson.h"
#include "core/profile/statefolders.h"
#include "core/report/reportwriters.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <csignal>

namespace qdrant2pg {

namespace {

const QString planName = QStringLiteral("plan.json");
const QString progressName = QStringLiteral("progress.json");
const QString reportName = QStringLiteral("report.json");
/// A home with years of runs stays quick to list.
constexpr int mostRecords = 200;

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Ids begin with the time of the start: 20261122-184512-c0ffee.
QDateTime timeOf(const QString& runId, const QString& planPath)
{
    QDateTime time = QDateTime::fromString(runId.left(15), QStringLiteral("yyyyMMdd-HHmmss"));
    if (!time.isValid())
        return QFileInfo(planPath).lastModified();
    time.setTimeSpec(Qt::UTC);
    return time;
}

void readReport(RunRecord& record)
{
    const QString path = record.folder + QLatin1Char('/') + reportName;
    const QByteArray json = contents(path);
    if (json.isEmpty())
        return;
    const auto report = reportFromJson(json);
    if (!report)
        return;
    record.reportPath = path;
    record.verdict = report->verdict();
    record.state = report->state;
    record.reason = report->reason;
    const ReportTotals totals = report->totals();
    record.stored = totals.stored;
    record.expected = totals.source.value_or(-1);
    if (report->startedAt.isValid())
        record.startedAt = report->startedAt;
}

void readProgress(RunRecord& record)
{
    const QString path = record.folder + QLatin1Char('/') + progressName;
    const QJsonObject progress = QJsonDocument::fromJson(contents(path)).object();
    if (progress.isEmpty())
        return;
    const auto pid = progress.value(QLatin1String("process")).toInteger();
    record.running =
        pid > 0 && pid != QCoreApplication::applicationPid() && ::kill(static_cast<pid_t>(pid), 0) == 0;
    // A resumed run notes progress while the report of its earlier session is still there.
    const bool newer = record.reportPath.isEmpty()
        || QFileInfo(path).lastModified() > QFileInfo(record.reportPath).lastModified();
    if (!newer)
        return;
    record.state = progress.value(QLatin1String("state")).toString(record.state);
    record.stored = progress.value(QLatin1String("stored")).toInteger(-1);
    record.expected = progress.value(QLatin1String("expected")).toInteger(-1);
}

} // namespace

Result<RunReport> readReportFile(const QString& path)
{
    const auto named = [&path](Error error) {
        error.where.file = path;
        return fail(std::move(error));
    };
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return named(makeError(ErrorKind::File,
            QCoreApplication::translate("RunRecords", "The report cannot be read."), file.errorString()));
    auto report = reportFromJson(file.readAll());
    if (!report)
        return named(report.error());
    return report;
}

bool RunRecord::isUnfinished() const
{
    return state != QLatin1String("completed") && state != QLatin1String("completed-with-rejects");
}

QString defaultRunsFolder()
{
    return stateFolder() + QStringLiteral("/runs");
}

QList<RunRecord> readRunRecords(const QString& runsFolder)
{
    QList<RunRecord> records;
    const QStringList names =
        QDir(runsFolder).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed);
    for (const QString& name : names.mid(0, mostRecords)) {
        RunRecord record;
        record.runId = name;
        record.folder = runsFolder + QLatin1Char('/') + name;
        const QString planPath = record.folder + QLatin1Char('/') + planName;
        const auto plan = planFromJson(contents(planPath));
        if (!plan)
            continue;
        record.plan = *plan;
        record.startedAt = timeOf(name, planPath);
        record.state = QStringLiteral("copying");
        readReport(record);
        readProgress(record);
        records.append(record);
    }
    return records;
}

Result<void> noteRunStarted(const QString& runId, const MigrationPlan& plan)
{
    if (auto made = makePrivateFolder(runFolder(runId)); !made)
        return made;
    return writePrivateFile(runFolder(runId) + QLatin1Char('/') + planName, planToJson(plan));
}

Result<void> noteRunProgress(const QString& runId, const QString& state, qint64 stored, qint64 expected)
{
    const QJsonObject progress{{QStringLiteral("state"), state}, {QStringLiteral("stored"), stored},
        {QStringLiteral("expected"), expected},
        {QStringLiteral("process"), QCoreApplication::applicationPid()}};
    return writePrivateFile(runFolder(runId) + QLatin1Char('/') + progressName,
        QJsonDocument(progress).toJson(QJsonDocument::Compact));
}

} // namespace qdrant2pg
