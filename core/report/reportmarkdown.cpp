// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/reportwriters.h"

#include "core/common/units.h"
#include "core/compare/comparisonwords.h"
#include "core/report/reportwords.h"

#include <cmath>

namespace qdrant2pg {

namespace {

/// Text in a table cell: bars and line ends would break the row.
QString cell(QString text)
{
    text.replace(QLatin1Char('|'), QStringLiteral("\\|"));
    text.replace(QLatin1Char('\n'), QLatin1Char(' '));
    return text;
}

QString row(const QStringList& cells)
{
    QStringList clean;
    for (const QString& text : cells)
        clean << cell(text);
    return QStringLiteral("| %1 |\n").arg(clean.join(QStringLiteral(" | ")));
}

QString block(const QString& text, const char* language)
{
    return QStringLiteral("```%1\n%2\n```\n").arg(QLatin1String(language), text);
}

QString reconciliation(const RunReport& report)
{
    QString text = QStringLiteral("\n## Reconciliation\n\nSource = stored + rejected + skipped.\n\n");
    QStringList headings{QStringLiteral("Collection"), QStringLiteral("Table")};
    QString rule = QStringLiteral("| --- | --- |");
    for (const auto& column : reportwords::reconciliationColumns) {
        headings << QLatin1String(column.heading);
        rule += QStringLiteral(" ---: |");
    }
    text += row(headings << QStringLiteral("Adds up")) + rule + QStringLiteral(" --- |\n");
    for (const ReportCollection& collection : report.collections) {
        QStringList cells{collection.name, collection.schema + QLatin1Char('.') + collection.table};
        for (const auto& column : reportwords::reconciliationColumns)
            cells << reportwords::count(collection.*column.number);
        cells << (collection.reconciles() ? QStringLiteral("yes") : collection.differenceText());
        text += row(cells);
    }
    for (const ReportCollection& collection : report.collections) {
        text += QStringLiteral("\n%1: %2.\n\n").arg(collection.name, collection.equation());
        for (const auto& column : reportwords::reconciliationColumns)
            text += QStringLiteral("- %1: %2\n")
                        .arg(QLatin1String(column.heading), (collection.*column.number).origin);
        for (const QString& note : collection.notes)
            text += QStringLiteral("- Note: %1\n").arg(note);
    }
    return text;
}

QString verificationPart(const RunReport& report)
{
    QString text = QStringLiteral("\n## Verification\n\n");
    for (const ReportCollection& collection : report.collections) {
        const ReportVerification& verification = collection.verification;
        text +=
            QStringLiteral("- **%1**: %2\n").arg(collection.name, reportwords::verification(verification));
        if (!verification.sourceDigest.isEmpty())
            text += QStringLiteral("  - digest while reading `%1`, of PostgreSQL `%2` (%3)\n")
                        .arg(verification.sourceDigest,
                            verification.targetDigest.isEmpty() ? QStringLiteral("not taken")
                                                                : verification.targetDigest,
                            verification.algorithm.isEmpty() ? QStringLiteral("xxh3-128/1")
                                                             : verification.algorithm);
        for (const QString& rule : verification.rules)
            text += QStringLiteral("  - rule: %1\n").arg(rule);
        if (!verification.mismatchFile.isEmpty())
            text += QStringLiteral("  - all differences: %1\n").arg(verification.mismatchFile);
        if (verification.mismatches.isEmpty())
            continue;
        text += QStringLiteral("\n")
            + row({QStringLiteral("Difference"), QStringLiteral("Point"), QStringLiteral("Column"),
                QStringLiteral("Source"), QStringLiteral("Target")})
            + QStringLiteral("| --- | --- | --- | --- | --- |\n");
        for (const ReportMismatch& mismatch : verification.mismatches)
            text += row({mismatch.type, mismatch.pointId, mismatch.column, mismatch.sourceValue,
                mismatch.targetValue});
    }
    return text;
}

QString measureRow(const QString& name, const IndexMeasure& measure)
{
    return row({name, recallText(measure.recall.mean), recallText(measure.recall.median),
        recallText(measure.recall.p5), recallText(measure.recall.min), latencyText(measure.latency.medianMs),
        latencyText(measure.latency.p95Ms)});
}

QString measureHead(const QString& what)
{
    return QLatin1Char('\n')
        + row({what, QStringLiteral("Mean"), QStringLiteral("Median"), QStringLiteral("P5"),
            QStringLiteral("Worst"), QStringLiteral("Median time"), QStringLiteral("P95")})
        + QStringLiteral("| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
}

QString searchPart(const RunReport& report)
{
    QString text = QStringLiteral("\n## Searches\n");
    for (const SearchComparison& search : report.searches) {
        text += QStringLiteral("\n**%1**: %2. %3\n")
                    .arg(comparisonTitle(search), search.verdict, search.sentence);
        if (!search.curve.isEmpty() || search.qdrantIndex)
            text += measureHead(QStringLiteral("Recall@%1").arg(search.k));
        for (const CurvePoint& point : search.curve)
            text += measureRow(
                QStringLiteral("%1 = %2").arg(search.settingName).arg(point.setting), point.measure);
        if (search.qdrantIndex)
            text += measureRow(QStringLiteral("Qdrant's index"), *search.qdrantIndex);
        for (const FilteredComparison& filtered : search.filtered) {
            text += QStringLiteral("\nFilter `%1` (%2 rows)\n")
                        .arg(filtered.filterJson, formatCount(filtered.matching))
                + measureHead(QStringLiteral("Recall@%1").arg(search.k));
            for (const FilteredMode& mode : filtered.modes)
                text += measureRow(filteredModeText(mode.mode), mode.measure);
            if (filtered.qdrantIndex)
                text += measureRow(QStringLiteral("Qdrant's index"), *filtered.qdrantIndex);
        }
        if (!search.differences.isEmpty())
            text += QLatin1Char('\n');
        for (const SearchDifference& difference : search.differences)
            text += QStringLiteral("- %1: %2\n").arg(difference.query, difference.text);
        text += QLatin1Char('\n');
        for (const QString& rule : search.rules)
            text += QStringLiteral("- rule: %1\n").arg(rule);
    }
    return text;
}

} // namespace

QByteArray reportToMarkdown(const RunReport& report)
{
    QString text = QStringLiteral("# %1\n\n**%2**\n").arg(reportwords::headline(report), report.verdict());
    if (report.error) {
        text += QStringLiteral("\n") + block(report.error->toText(), "text");
    }
    if (!report.collections.isEmpty())
        text += reconciliation(report) + verificationPart(report);
    if (!report.searches.isEmpty())
        text += searchPart(report);
    if (!report.rejects.isEmpty()) {
        text += QStringLiteral("\n## Rejected points\n\n")
            + row({QStringLiteral("Collection"), QStringLiteral("Column"), QStringLiteral("Reason"),
                QStringLiteral("SQLSTATE"), QStringLiteral("Points"), QStringLiteral("For example")})
            + QStringLiteral("| --- | --- | --- | --- | ---: | --- |\n");
        for (const ReportRejectGroup& group : report.rejects)
            text += row({group.collection, group.column, group.reason, group.sqlState,
                formatCount(group.count), group.exampleIds.join(QStringLiteral(", "))});
    }
    if (!report.findings.isEmpty() || !report.warnings.isEmpty()) {
        text += QStringLiteral("\n## Findings\n\n");
        for (const ReportFinding& finding : report.findings)
            text +=
                QStringLiteral("- %1: %2%3%4\n")
                    .arg(finding.severity,
                        finding.collection.isEmpty() ? QString() : finding.collection + QStringLiteral(": "),
                        finding.text,
                        finding.hint.isEmpty() ? QString() : QStringLiteral(" ") + finding.hint);
        for (const QString& warning : report.warnings)
            text += QStringLiteral("- during the run: %1\n").arg(warning);
    }
    text += QStringLiteral("\n## Times\n\n") + row({QStringLiteral("Part"), QStringLiteral("Time")})
        + QStringLiteral("| --- | ---: |\n");
    for (const auto& [label, value] : reportwords::times(report))
        text += row({label, value});
    if (report.rowsPerSecond() > 0)
        text += QStringLiteral("\nOn average %1 points per second while data moved.\n")
                    .arg(formatCount(std::llround(report.rowsPerSecond())));
    if (!report.stages.isEmpty()) {
        text += QStringLiteral("\n")
            + row({QStringLiteral("Collection"), QStringLiteral("Stage"), QStringLiteral("State"),
                QStringLiteral("Time"), QStringLiteral("Note")})
            + QStringLiteral("| --- | --- | --- | ---: | --- |\n");
        for (const ReportStage& stage : report.stages)
            text += row({stage.collection, reportwords::stage(stage), stage.state,
                formatDuration(stage.elapsed), stage.note});
    }
    text += QStringLiteral("\n## Next steps\n\n");
    if (!report.nextSteps.isEmpty())
        text += block(report.nextSteps.join(QLatin1Char('\n')), "sh");
    for (const ReportCollection& collection : report.collections) {
        if (!collection.nextSteps.isEmpty())
            text += QStringLiteral("\n%1:\n\n").arg(collection.name)
                + block(collection.nextSteps.join(QStringLiteral("\n\n")), "sql");
    }
    if (!report.rollback.isEmpty())
        text +=
            QStringLiteral(
                "\n## Roll back\n\nDrops what this plan creates and nothing else; Qdrant is not touched.\n\n")
            + block(report.rollback.join(QLatin1Char('\n')), "sql");
    text += QStringLiteral("\n## Facts\n\n") + row({QStringLiteral("What"), QStringLiteral("Value")})
        + QStringLiteral("| --- | --- |\n");
    for (const auto& [label, value] : reportwords::facts(report))
        text += row({label, value});
    if (!report.planJson.isEmpty())
        text += QStringLiteral("\n## Plan\n\n") + block(QString::fromUtf8(report.planJson).trimmed(), "json");
    return text.toUtf8();
}

QString reportToText(const RunReport& report)
{
    QString text = report.verdict() + QLatin1Char('\n');
    if (report.collections.isEmpty())
        return text;
    qsizetype nameWidth = 10;
    for (const ReportCollection& collection : report.collections)
        nameWidth = std::max(nameWidth, collection.name.size());
    constexpr qsizetype width = 12;
    text += QLatin1Char('\n') + QStringLiteral("Collection").leftJustified(nameWidth);
    for (const auto& column : reportwords::reconciliationColumns)
        text += QString::fromLatin1(column.heading).rightJustified(width);
    text += QLatin1Char('\n');
    for (const ReportCollection& collection : report.collections) {
        text += collection.name.leftJustified(nameWidth);
        for (const auto& column : reportwords::reconciliationColumns)
            text += reportwords::count(collection.*column.number).rightJustified(width);
        text += collection.reconciles() ? QStringLiteral("   adds up\n")
                                        : QStringLiteral("\n  %1\n").arg(collection.differenceText());
    }
    for (const ReportCollection& collection : report.collections)
        text += QStringLiteral("%1: %2\n")
                    .arg(collection.name, reportwords::verification(collection.verification));
    for (const SearchComparison& search : report.searches)
        text += QStringLiteral("%1: %2\n").arg(comparisonTitle(search), search.sentence);
    for (const ReportRejectGroup& group : report.rejects)
        text += QStringLiteral("rejected: %1 %2%3: %4 (for example %5)\n")
                    .arg(formatCount(group.count), group.collection,
                        group.column.isEmpty() ? QString() : QStringLiteral(".") + group.column, group.reason,
                        group.exampleIds.mid(0, 3).join(QStringLiteral(", ")));
    text += QStringLiteral("Time: data %1, indexes %2, verification %3")
                .arg(formatDuration(report.dataTime), formatDuration(report.indexTime),
                    formatDuration(report.verifyTime));
    if (report.rowsPerSecond() > 0)
        text += QStringLiteral("; %1 points/s").arg(formatCount(std::llround(report.rowsPerSecond())));
    return text + QLatin1Char('\n');
}

} // namespace qdrant2pg
