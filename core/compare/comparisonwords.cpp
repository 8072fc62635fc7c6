// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/comparisonwords.h"

#include "core/common/units.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

QString exactSentence(const SearchComparison& comparison)
{
    if (comparison.exactCompared == 0)
        return QStringLiteral("The exact answers could not be compared%1")
            .arg(comparison.exactNote.isEmpty() ? QStringLiteral(".")
                                                : QStringLiteral(": ") + comparison.exactNote);
    qint64 compared = comparison.exactCompared;
    qint64 identical = comparison.exactIdentical;
    for (const FilteredComparison& filtered : comparison.filtered) {
        compared += filtered.exactCompared;
        identical += filtered.exactIdentical;
    }
    if (compared == identical)
        return QStringLiteral(
            "All %1 exact searches give the same hits and scores on both sides: the data is the same.")
            .arg(formatCount(compared));
    return QStringLiteral(
        "%1 of %2 exact searches give other hits than Qdrant: the data differs, or Qdrant was written to.")
        .arg(formatCount(compared - identical), formatCount(compared));
}

QString adviceSentence(const SearchComparison& comparison)
{
    if (comparison.advisedSetting > 0)
        return QStringLiteral(" The smallest measured %1 that reaches %2 is %3.")
            .arg(comparison.settingName, recallText(comparison.wantedRecall))
            .arg(comparison.advisedSetting);
    return QStringLiteral(" No measured %1 reaches %2; build the index with a larger m and ef_construction.")
        .arg(comparison.settingName, recallText(comparison.wantedRecall));
}

QString measureLine(const QString& name, const IndexMeasure& measure)
{
    return QStringLiteral("  %1 %2 %3 %4 %5 %6 %7\n")
        .arg(name.leftJustified(29), recallText(measure.recall.mean).rightJustified(7),
            recallText(measure.recall.median).rightJustified(7),
            recallText(measure.recall.p5).rightJustified(7), recallText(measure.recall.min).rightJustified(7),
            latencyText(measure.latency.medianMs).rightJustified(10),
            latencyText(measure.latency.p95Ms).rightJustified(10));
}

QString heading()
{
    return QStringLiteral("  %1 %2 %3 %4 %5 %6 %7\n")
        .arg(QString().leftJustified(29), QStringLiteral("mean").rightJustified(7),
            QStringLiteral("median").rightJustified(7), QStringLiteral("P5").rightJustified(7),
            QStringLiteral("min").rightJustified(7), QStringLiteral("median").rightJustified(10),
            QStringLiteral("P95").rightJustified(10));
}

} // namespace

QString recallText(double recall)
{
    return QString::number(recall, 'f', 3);
}

QString latencyText(double milliseconds)
{
    return QString::number(milliseconds, 'f', milliseconds < 10 ? 2 : 1) + QStringLiteral(" ms");
}

QString comparisonTitle(const SearchComparison& comparison)
{
    return comparison.collection + QLatin1Char('.') + comparison.column;
}

QString filteredModeText(const QString& mode)
{
    if (mode == QLatin1String("planner"))
        return QStringLiteral("as PostgreSQL chooses");
    return mode.section(QLatin1Char('-'), 0, 0) + QStringLiteral(", iterative scan ")
        + mode.section(QLatin1Char('-'), 1);
}

const CurvePoint* verdictPoint(const SearchComparison& comparison)
{
    for (const CurvePoint& point : comparison.curve) {
        if (point.setting == comparison.settingNow)
            return &point;
    }
    return nullptr;
}

void judge(SearchComparison& comparison)
{
    bool same = comparison.exactCompared == comparison.exactIdentical;
    for (const FilteredComparison& filtered : comparison.filtered)
        same = same && filtered.exactCompared == filtered.exactIdentical;
    comparison.sentence = exactSentence(comparison);
    const CurvePoint* point = verdictPoint(comparison);
    if (!point) {
        comparison.verdict = !same         ? QStringLiteral("different")
            : comparison.exactCompared > 0 ? QStringLiteral("exact")
                                           : QStringLiteral("not-run");
        comparison.sentence += QLatin1Char(' ') + comparison.indexNote;
        return;
    }
    const double mean = point->measure.recall.mean;
    const char* verdict = mean >= recallToPass ? "pass" : mean >= recallToLook ? "look" : "fail";
    comparison.verdict = same ? QLatin1String(verdict) : QLatin1String("different");
    comparison.sentence +=
        QStringLiteral(
            " Through the index %1 a search finds %2 of the exact %3 hits on average at %4 = %5%6.")
            .arg(comparison.indexName, recallText(mean))
            .arg(comparison.k)
            .arg(comparison.settingName)
            .arg(comparison.settingNow)
            .arg(comparison.qdrantIndex ? QStringLiteral(", Qdrant's own index %1")
                                              .arg(recallText(comparison.qdrantIndex->recall.mean))
                                        : QString());
    comparison.sentence += adviceSentence(comparison);
}

QString comparisonText(const SearchComparison& comparison)
{
    QString text = QStringLiteral("%1: %2\n  %3\n")
                       .arg(comparisonTitle(comparison), comparison.verdict, comparison.sentence);
    if (comparison.verdict == QLatin1String("not-run"))
        return text.trimmed();
    text += QStringLiteral("  %1 queries (%2), k = %3, %4; Qdrant's score = %5\n")
                .arg(comparison.queries)
                .arg(comparison.queriesFrom)
                .arg(comparison.k)
                .arg(comparison.distance, comparison.scoreFormula);
    if (comparison.exactCompared > 0)
        text += QStringLiteral("  exact: %1 of %2 identical; median %3 in Qdrant, %4 in PostgreSQL\n")
                    .arg(comparison.exactIdentical)
                    .arg(comparison.exactCompared)
                    .arg(latencyText(comparison.qdrantExactLatency.medianMs),
                        latencyText(comparison.targetExactLatency.medianMs));
    for (const SearchDifference& difference : comparison.differences)
        text += QStringLiteral("  differs: %1: %2\n").arg(difference.query, difference.text);
    if (!comparison.curve.isEmpty() || comparison.qdrantIndex)
        text += QStringLiteral("\n  Recall@%1 and time per query\n").arg(comparison.k) + heading();
    for (const CurvePoint& point : comparison.curve)
        text += measureLine(
            QStringLiteral("%1 = %2%3")
                .arg(comparison.settingName)
                .arg(point.setting)
                .arg(point.setting == comparison.settingNow ? QStringLiteral(" (now)") : QString()),
            point.measure);
    if (comparison.qdrantIndex)
        text += measureLine(QStringLiteral("Qdrant's index"), *comparison.qdrantIndex);
    if (!comparison.worst.isEmpty()) {
        QStringList worst;
        for (const WorstQuery& query : comparison.worst)
            worst << QStringLiteral("%1 (%2)").arg(query.query, recallText(query.recall));
        text += QStringLiteral("  worst: %1\n").arg(worst.join(QStringLiteral(", ")));
    }
    if (!comparison.curve.isEmpty() && !comparison.plannerUsesIndex)
        text += QStringLiteral("  PostgreSQL does not take the index by itself for this table; the figures "
                               "are for when it does.\n");
    for (const FilteredComparison& filtered : comparison.filtered) {
        text += QStringLiteral("\n  Filter %1: %2 rows match; %3 of %4 exact searches identical\n")
                    .arg(filtered.filterJson, formatCount(filtered.matching),
                        QString::number(filtered.exactIdentical), QString::number(filtered.exactCompared))
            + heading();
        for (const FilteredMode& mode : filtered.modes)
            text += measureLine(filteredModeText(mode.mode), mode.measure).chopped(1)
                + (mode.shortAnswers > 0 ? QStringLiteral("  %1 short answers").arg(mode.shortAnswers)
                                         : QString())
                + QLatin1Char('\n');
        if (filtered.qdrantIndex)
            text += measureLine(QStringLiteral("Qdrant's index"), *filtered.qdrantIndex);
    }
    for (const QString& rule : comparison.rules)
        text += QStringLiteral("  rule: ") + rule + QLatin1Char('\n');
    return text.trimmed();
}

} // namespace qdrant2pg
