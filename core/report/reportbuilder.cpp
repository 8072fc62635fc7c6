// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/reportbuilder.h"

#include "core/common/redaction.h"
#include "core/common/units.h"
#include "core/plan/planjson.h"
#include "core/plan/targetschema.h"
#include "core/report/usefulsql.h"

#include <QUrl>

namespace qdrant2pg {

namespace {

QStringList redactedList(const QStringList& texts)
{
    QStringList clean;
    for (const QString& text : texts)
        clean << redacted(text);
    return clean;
}

QString stageState(StageProgress::State state)
{
    switch (state) {
    case StageProgress::State::Waiting:
        return QStringLiteral("waiting");
    case StageProgress::State::Running:
        return QStringLiteral("running");
    case StageProgress::State::Done:
        return QStringLiteral("done");
    case StageProgress::State::Failed:
        return QStringLiteral("failed");
    case StageProgress::State::Skipped:
        return QStringLiteral("skipped");
    }
    return {};
}

std::optional<qint64> known(qint64 value)
{
    return value < 0 ? std::nullopt : std::optional(value);
}

QString at(const QDateTime& time)
{
    return time.toUTC().toString(Qt::ISODate);
}

ReportCollection reportCollection(const RunOutcome& outcome, const CollectionOutcome& from)
{
    ReportCollection to;
    to.name = from.collection;
    to.schema = from.schema.isEmpty() ? outcome.plan.target.schema : from.schema;
    to.table = from.table;
    to.mode = tableModeName(from.mode);
    to.source = {known(from.sourceCount),
        from.sourceCountOrigin.isEmpty() ? QStringLiteral("exact count by Qdrant at the start of the run")
                                         : redacted(from.sourceCountOrigin)};
    to.read = {from.read, QStringLiteral("points that Qdrant sent, counted while reading")};
    setHeld(to, from.stored, from.rejected, known(from.targetNow), outcome.finishedAt);
    to.skipped = {from.skipped,
        from.mode == TableMode::Merge
            ? QStringLiteral("ids that were in the table already and were left alone")
            : QStringLiteral("only in merge mode")};
    to.sourceBytes = from.sourceBytes;
    to.notes = redactedList(from.notes);
    to.verification.level = verifyLevelName(outcome.plan.run.verify);
    if (from.verification)
        to.verification = reportVerification(*from.verification);
    else if (!from.digest.isEmpty())
        to.verification.sourceDigest = from.digest;
    for (const CollectionPlan& plan : outcome.plan.collections) {
        if (plan.name != from.collection)
            continue;
        to.preset = plan.preset;
        for (const UsefulSql& sql : usefulSql(outcome.plan, plan, &from.info, outcome.server))
            to.nextSteps << QStringLiteral("-- %1\n%2").arg(sql.what, sql.sql);
    }
    return to;
}

QStringList rollbackStatements(const RunOutcome& outcome)
{
    QStringList statements;
    for (const CollectionPlan& collection : outcome.plan.collections) {
        const auto schema = targetSchema(outcome.plan, collection, outcome.server);
        if (!schema)
            continue;
        for (const DdlStatement& statement : schema->rollback) {
            const QString sql =
                statement.sql.endsWith(QLatin1Char(';')) ? statement.sql : statement.sql + QLatin1Char(';');
            if (!statements.contains(sql))
                statements << sql;
        }
    }
    return statements;
}

QStringList runNextSteps(const RunOutcome& outcome, const RunReport& report)
{
    QStringList steps;
    if (outcome.state == RunState::Cancelled || outcome.state == RunState::Failed) {
        if (!outcome.runId.isEmpty())
            steps << QStringLiteral("qdrant2pg resume %1").arg(outcome.runId);
        return steps;
    }
    steps << psqlLine(redacted(outcome.plan.target.conninfo));
    if (report.totals().rejected > 0)
        steps << QStringLiteral("qdrant2pg replay rejects.jsonl --run %1").arg(outcome.runId);
    if (outcome.plan.run.verify != VerifyLevel::Full)
        steps << QStringLiteral("qdrant2pg verify %1 --level full").arg(outcome.runId);
    return steps;
}

} // namespace

void setHeld(ReportCollection& collection, qint64 stored, qint64 rejected, std::optional<qint64> rows,
    const QDateTime& time)
{
    const QString when = at(time);
    collection.stored = {
        stored, QStringLiteral("rows of committed transactions, from the ledger at %1").arg(when)};
    collection.rejected = {rejected, QStringLiteral("points in the ledger's reject table at %1").arg(when)};
    collection.targetNow = {rows, QStringLiteral("SELECT count(*) on the table at %1").arg(when)};
}

QList<ReportRejectGroup> reportRejects(const QList<RejectGroup>& groups)
{
    QList<ReportRejectGroup> rejects;
    for (const RejectGroup& group : groups)
        rejects.append({group.collection, group.column, QString::fromLatin1(group.sqlState),
            redacted(group.reason), group.count, group.exampleIds});
    return rejects;
}

ReportVerification reportVerification(const VerificationOutcome& from)
{
    ReportVerification to;
    to.level = verifyLevelName(from.level);
    to.result = from.result;
    to.sentence = redacted(from.sentence);
    to.comparedRows = from.comparedRows;
    to.sourceDigest = from.sourceDigest;
    to.targetDigest = from.targetDigest;
    to.algorithm = from.algorithm;
    to.mismatchCount = from.mismatchCount;
    to.mismatchFile = from.mismatchFile;
    to.rules = from.rules;
    for (const Mismatch& mismatch : from.mismatches)
        to.mismatches.append(
            {mismatch.type, mismatch.pointId, mismatch.column, mismatch.sourceValue, mismatch.targetValue});
    return to;
}

void setVerification(RunReport& report, const QList<VerificationOutcome>& outcomes)
{
    for (ReportCollection& collection : report.collections) {
        for (const VerificationOutcome& outcome : outcomes) {
            if (outcome.collection == collection.name)
                collection.verification = reportVerification(outcome);
        }
    }
}

void setSearches(RunReport& report, const QList<SearchComparison>& searches)
{
    for (SearchComparison search : searches) {
        search.sentence = redacted(search.sentence);
        search.exactNote = redacted(search.exactNote);
        report.searches.removeIf([&search](const SearchComparison& old) {
            return old.collection == search.collection && old.vector == search.vector;
        });
        report.searches.append(search);
    }
}

RunReport buildReport(const RunOutcome& outcome)
{
    RunReport report;
    report.runId = outcome.runId;
    report.state = runStateName(outcome.state);
    report.startedAt = outcome.startedAt;
    report.finishedAt = outcome.finishedAt;
    report.dataTime = outcome.dataTime;
    report.indexTime = outcome.indexTime;
    report.verifyTime = outcome.verifyTime;
    if (const CopyCpu& cpu = outcome.copyCpu; cpu.points > 0 && cpu.total().count() > 0)
        report.copyCpu = ReportCpu{cpu.microsPerPoint(cpu.decode), cpu.microsPerPoint(cpu.encode),
            cpu.microsPerPoint(cpu.copy), cpu.microsPerPoint(cpu.rest)};
    report.sourceUrl = redacted(QUrl(outcome.plan.source.url).toString(QUrl::RemoveUserInfo));
    report.sourceVersion = redacted(outcome.sourceVersion);
    report.sourceIsStandIn = outcome.sourceVersion.contains(QLatin1String("stand-in"), Qt::CaseInsensitive);
    report.transport = outcome.transport;
    report.target = redacted(outcome.plan.target.conninfo);
    report.ledgerSchema = outcome.ledgerSchema;
    if (outcome.server) {
        report.serverVersion = outcome.server->versionText;
        if (outcome.server->vectorVersion)
            report.vectorVersion = outcome.server->vectorVersion->toString();
    }
    report.toolVersion = QStringLiteral(QDRANT2PG_VERSION);
    report.planHash = planHash(outcome.plan);
    report.planJson = redacted(QString::fromUtf8(planToJson(outcome.plan))).toUtf8();
    report.lanes = outcome.lanes;
    report.sessions = outcome.sessions;
    report.retries = outcome.retries;
    report.warnings = redactedList(outcome.warnings);
    report.error = outcome.error;
    if (report.error) {
        report.error->summary = redacted(report.error->summary);
        report.error->detail = redacted(report.error->detail);
        report.error->hint = redacted(report.error->hint);
        report.reason = report.error->summary;
    }
    for (const CollectionOutcome& collection : outcome.collections)
        report.collections.append(reportCollection(outcome, collection));
    for (const StageProgress& stage : outcome.stages)
        report.stages.append({stage.collection, stage.stage, stage.name, stage.elapsed,
            stageState(stage.state), redacted(stage.note)});
    report.rejects = reportRejects(outcome.rejects);
    for (const ThroughputSample& sample : outcome.throughput)
        report.throughput.append({sample.at, sample.rowsPerSecond, sample.bytesPerSecond, sample.mark});
    for (const Finding& finding : outcome.findings)
        report.findings.append({severityName(finding.severity), finding.code, finding.collection,
            redacted(finding.text), redacted(finding.hint)});
    report.nextSteps = runNextSteps(outcome, report);
    report.rollback = rollbackStatements(outcome);
    return report;
}

} // namespace qdrant2pg
