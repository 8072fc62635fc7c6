// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/reportwords.h"

#include "core/common/units.h"

#include <cmath>

namespace qdrant2pg::reportwords {

const QList<Column> reconciliationColumns{
    {"Source", &ReportCollection::source},
    {"Read", &ReportCollection::read},
    {"Stored", &ReportCollection::stored},
    {"Rejected", &ReportCollection::rejected},
    {"Skipped", &ReportCollection::skipped},
    {"Target now", &ReportCollection::targetNow},
};

QString count(const ReportNumber& number)
{
    return number.value ? formatCount(*number.value) : QStringLiteral("not known");
}

QString headline(const RunReport& report)
{
    switch (report.mood()) {
    case ReportMood::Good:
        return QStringLiteral("Done");
    case ReportMood::Attention:
        return QStringLiteral("Done, needs a look");
    case ReportMood::Bad:
        return report.isDifferent() ? QStringLiteral("Differences found") : QStringLiteral("Failed");
    case ReportMood::Stopped:
        return QStringLiteral("Stopped, can be resumed");
    }
    return {};
}

QString verification(const ReportVerification& verification)
{
    if (!verification.sentence.isEmpty())
        return verification.sentence;
    if (verification.result == QLatin1String("not-run"))
        return verification.level == QLatin1String("none")
            ? QStringLiteral("No verification was asked for; nothing was compared.")
            : QStringLiteral("The verification (%1) did not run; nothing was compared.")
                  .arg(verification.level);
    if (verification.result == QLatin1String("failed"))
        return QStringLiteral("The verification could not be finished.");
    const QString rows = formatCount(verification.comparedRows);
    if (verification.result == QLatin1String("different"))
        return QStringLiteral("%1 rows compared at level %2, %3 differ.")
            .arg(rows, verification.level, formatCount(verification.mismatchCount));
    return QStringLiteral("%1 rows compared at level %2: identical.").arg(rows, verification.level);
}

QList<QPair<QString, QString>> facts(const RunReport& report)
{
    QList<QPair<QString, QString>> list;
    const auto add = [&list](const char* label, const QString& value) {
        if (!value.isEmpty())
            list.append({QLatin1String(label), value});
    };
    add("Source", report.sourceUrl);
    const QString sourceName =
        report.sourceIsStandIn ? QStringLiteral("Stand-in for Qdrant") : QStringLiteral("Qdrant");
    add("Source version",
        report.sourceVersion.isEmpty() ? QString()
                                       : QStringLiteral("%1 %2").arg(sourceName, report.sourceVersion));
    add("Transport", report.transport);
    add("Target", report.target);
    add("PostgreSQL", report.serverVersion);
    add("pgvector", report.vectorVersion);
    add("qdrant2pg", report.toolVersion);
    add("Run", report.runId);
    add("Ledger schema", report.ledgerSchema);
    if (report.startedAt.isValid())
        add("Started", report.startedAt.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss 'UTC'")));
    if (report.finishedAt.isValid())
        add("Finished", report.finishedAt.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss 'UTC'")));
    if (report.lanes > 0)
        add("Lanes", QString::number(report.lanes));
    if (report.sessions > 1)
        add("Sessions", QString::number(report.sessions));
    add("Retries", QString::number(report.retries));
    add("Plan (SHA-256)", report.planHash);
    return list;
}

QList<QPair<QString, QString>> times(const RunReport& report)
{
    QList<QPair<QString, QString>> list{{QStringLiteral("Data"), formatDuration(report.dataTime)},
        {QStringLiteral("Indexes"), formatDuration(report.indexTime)},
        {QStringLiteral("Verification"), formatDuration(report.verifyTime)},
        {QStringLiteral("Whole run"), formatDuration(report.duration())}};
    if (report.copyCpu)
        list.append({QStringLiteral("Processor time a point"),
            QStringLiteral("%1 µs of this program: decoding %2, encoding and digest %3, COPY %4, the rest %5")
                .arg(report.copyCpu->total(), 0, 'f', 1)
                .arg(report.copyCpu->decode, 0, 'f', 1)
                .arg(report.copyCpu->encode, 0, 'f', 1)
                .arg(report.copyCpu->copy, 0, 'f', 1)
                .arg(report.copyCpu->rest, 0, 'f', 1)});
    return list;
}

QString stage(const ReportStage& stage)
{
    if (stage.stage == QLatin1String("index") || stage.stage == QLatin1String("verify"))
        return (stage.stage + QLatin1Char(' ') + stage.name).trimmed();
    return QString(stage.stage).replace(QLatin1Char('-'), QLatin1Char(' '));
}

} // namespace qdrant2pg::reportwords
