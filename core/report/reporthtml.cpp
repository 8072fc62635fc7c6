// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/reportwriters.h"

#include "core/common/units.h"
#include "core/compare/comparisonwords.h"
#include "core/report/chart.h"
#include "core/report/recallchart.h"
#include "core/report/reportwords.h"

#include <cmath>

namespace qdrant2pg {

namespace {

const char* const styleSheet = R"css(
:root { color-scheme: light dark; --text: #1b1f24; --soft: #5b6470; --page: #ffffff; --panel: #f5f7f9; --rule: #d9dee4;
  --accent: #2563b8; --area: #2563b833; --good: #1d7a46; --look: #8a5a00; --bad: #b3261e; --code: #f0f2f5; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6e9ed; --soft: #9aa4b0; --page: #14171b; --panel: #1c2127; --rule: #333a43;
    --accent: #6ea8fe; --area: #6ea8fe33; --good: #5cc98a; --look: #e0b04c; --bad: #f2857c; --code: #0e1114; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
header { display: flex; gap: 1.1rem; align-items: flex-start; margin-bottom: 1.6rem; }
header svg { flex: none; width: 2.6rem; height: 2.6rem; margin-top: .2rem; }
header svg * { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.good { color: var(--good); } .attention { color: var(--look); } .bad { color: var(--bad); } .stopped { color: var(--look); }
h1 { font-size: .95rem; font-weight: 600; margin: 0; }
.verdict { font-size: 1.4rem; font-weight: 600; line-height: 1.35; margin: .1rem 0 0; max-width: 48rem; }
h2 { font-size: 1.1rem; font-weight: 600; margin: 2.4rem 0 .6rem; }
h3 { font-size: .95rem; font-weight: 600; margin: 1.4rem 0 .4rem; }
p { margin: .4rem 0; max-width: 48rem; } .soft { color: var(--soft); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .8rem; margin: 0; }
.cards div { background: var(--panel); border-radius: .5rem; padding: .7rem .9rem; }
.cards dt { color: var(--soft); font-size: .85rem; } .cards dd { margin: 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem .4rem 0; border-bottom: 1px solid var(--rule); }
th { color: var(--soft); font-weight: 600; font-size: .85rem; }
td.n, th.n { text-align: right; white-space: nowrap; } td.s { color: var(--soft); text-align: center; padding-right: .2rem; }
td.break { overflow-wrap: anywhere; } td.name { overflow-wrap: break-word; max-width: 18rem; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: .85rem; }
code { overflow-wrap: anywhere; }
pre { background: var(--code); border: 1px solid var(--rule); border-radius: .4rem; padding: .7rem .9rem; overflow: auto; margin: .5rem 0; }
pre.plan { max-height: 28rem; }
figure { margin: .5rem 0 0; } figure svg { width: 100%; height: auto; display: block; }
figcaption { color: var(--soft); font-size: .85rem; margin-top: .3rem; }
svg text { font: 12px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums; }
svg text.label, svg text.value { fill: var(--text); }
.grid { stroke: var(--rule); stroke-width: 1; } .area { fill: var(--area); } .line { fill: none; stroke: var(--accent); stroke-width: 1.75; stroke-linejoin: round; }
.mean { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 5 4; } .mark { stroke: var(--look); stroke-width: 1; stroke-dasharray: 2 3; } .markhead { fill: var(--look); }
.p5 { fill: none; stroke: var(--accent); stroke-width: 1.25; stroke-dasharray: 4 3; opacity: .75; } .linedot, .p5dot { fill: var(--accent); } .p5dot { opacity: .6; }
.wanted { stroke: var(--good); stroke-width: 1.25; stroke-dasharray: 6 4; } .qdrant { stroke: var(--look); stroke-width: 1.25; } .now { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 3; }
rect.stored { fill: var(--accent); } rect.skipped { fill: var(--soft); } rect.rejected { fill: var(--look); } rect.missing { fill: var(--bad); }
.key span { display: inline-block; margin-right: 1rem; } .key i { display: inline-block; width: .7rem; height: .7rem; border-radius: .15rem; margin-right: .35rem; }
ul { padding-left: 1.2rem; margin: .4rem 0; } li { margin: .25rem 0; max-width: 48rem; }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }
@media print {
  @page { margin: 16mm 14mm; }
  :root { color-scheme: light; --text: #000; --soft: #444; --page: #fff; --panel: #f3f4f6; --rule: #bbb; --accent: #2563b8; --area: #2563b833;
    --good: #1d7a46; --look: #8a5a00; --bad: #b3261e; --code: #fff; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; } tr, figure, .cards div, header, li { break-inside: avoid; } thead { display: table-header-group; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; overflow: visible; max-height: none; } pre.plan { max-height: none; }
  .sql { break-inside: avoid; } section.plan { break-before: page; } .scroll { overflow: visible; }
}
)css";

QString esc(const QString& text)
{
    return text.toHtmlEscaped();
}

const char* moodClass(ReportMood mood)
{
    switch (mood) {
    case ReportMood::Good:
        return "good";
    case ReportMood::Attention:
        return "attention";
    case ReportMood::Bad:
        return "bad";
    case ReportMood::Stopped:
        return "stopped";
    }
    return "";
}

/// Drawn on a grid of 24, 1.5 wide, in the colour of the text.
const char* moodIcon(ReportMood mood)
{
    switch (mood) {
    case ReportMood::Good:
        return R"(<circle cx="12" cy="12" r="9"/><path d="M8 12.5l2.8 2.8L16.2 9.5"/>)";
    case ReportMood::Attention:
        return R"(<path d="M12 3.5L21 19.5H3z"/><path d="M12 10v4.5"/><path d="M12 17v.01"/>)";
    case ReportMood::Bad:
        return R"(<circle cx="12" cy="12" r="9"/><path d="M9 9l6 6M15 9l-6 6"/>)";
    case ReportMood::Stopped:
        return R"(<circle cx="12" cy="12" r="9"/><path d="M10 9v6M14 9v6"/>)";
    }
    return "";
}

QString td(const QString& text, const char* cssClass = "")
{
    return *cssClass ? QStringLiteral("<td class=\"%1\">%2</td>").arg(QLatin1String(cssClass), esc(text))
                     : QStringLiteral("<td>%1</td>").arg(esc(text));
}

QString th(const QString& text, const char* cssClass = "")
{
    return *cssClass ? QStringLiteral("<th class=\"%1\">%2</th>").arg(QLatin1String(cssClass), esc(text))
                     : QStringLiteral("<th>%1</th>").arg(esc(text));
}

QString table(const QString& head, const QString& rows)
{
    return QStringLiteral(
        "<div class=\"scroll\"><table>\n<thead><tr>%1</tr></thead>\n<tbody>\n%2</tbody></table></div>\n")
        .arg(head, rows);
}

QString section(const char* title, const QString& body, const char* cssClass = "")
{
    if (body.isEmpty())
        return {};
    const QString attribute =
        *cssClass ? QStringLiteral(" class=\"%1\"").arg(QLatin1String(cssClass)) : QString();
    return QStringLiteral("<section%1>\n<h2>%2</h2>\n%3</section>\n")
        .arg(attribute, QLatin1String(title), body);
}

QString cards(const RunReport& report)
{
    const ReportTotals sums = report.totals();
    QString html = QStringLiteral("<dl class=\"cards\">\n");
    const auto card = [&html](const char* label, const QString& value) {
        html += QStringLiteral("<div><dt>%1</dt><dd>%2</dd></div>\n").arg(QLatin1String(label), esc(value));
    };
    card("Stored", formatCount(sums.stored));
    card("Rejected", formatCount(sums.rejected));
    if (sums.skipped > 0)
        card("Left alone", formatCount(sums.skipped));
    card("Whole run", formatDuration(report.duration()));
    if (report.rowsPerSecond() > 0)
        card("Points per second", formatCount(std::llround(report.rowsPerSecond())));
    if (sums.sourceBytes > 0)
        card("Read from Qdrant", formatBytes(sums.sourceBytes));
    return html + QStringLiteral("</dl>\n");
}

QString reconciliation(const RunReport& report)
{
    if (report.collections.isEmpty())
        return {};
    QString rows;
    for (const ReportCollection& collection : report.collections) {
        rows += QStringLiteral("<tr>") + td(collection.name, "name")
            + td(reportwords::count(collection.source), "n") + td(QStringLiteral("="), "s")
            + td(reportwords::count(collection.stored), "n") + td(QStringLiteral("+"), "s")
            + td(reportwords::count(collection.rejected), "n") + td(QStringLiteral("+"), "s")
            + td(reportwords::count(collection.skipped), "n") + td(reportwords::count(collection.read), "n")
            + td(reportwords::count(collection.targetNow), "n")
            + (collection.reconciles()
                    ? QStringLiteral("<td class=\"good\">✓ adds up</td>")
                    : QStringLiteral("<td class=\"bad\">✗ %1</td>").arg(esc(collection.differenceText())))
            + QStringLiteral("</tr>\n");
    }
    QString html = table(th(QStringLiteral("Collection")) + th(QStringLiteral("Source"), "n") + th({})
            + th(QStringLiteral("Stored"), "n") + th({}) + th(QStringLiteral("Rejected"), "n") + th({})
            + th(QStringLiteral("Skipped"), "n") + th(QStringLiteral("Read"), "n")
            + th(QStringLiteral("Target now"), "n") + th(QStringLiteral("Check")),
        rows);
    html += QStringLiteral("<figure>%1<figcaption class=\"key\">"
                           "<span><i style=\"background:var(--accent)\"></i>stored</span><span><i "
                           "style=\"background:var(--soft)\"></i>skipped</span>"
                           "<span><i style=\"background:var(--look)\"></i>rejected</span><span><i "
                           "style=\"background:var(--bad)\"></i>missing</span>"
                           "</figcaption></figure>\n")
                .arg(barChartSvg(collectionChart(report.collections, 860)));
    html += QStringLiteral("<h3>How each number was obtained</h3>\n");
    rows.clear();
    for (const ReportCollection& collection : report.collections) {
        for (const auto& column : reportwords::reconciliationColumns) {
            const ReportNumber& number = collection.*column.number;
            rows += QStringLiteral("<tr>") + td(collection.name, "name") + td(QLatin1String(column.heading))
                + td(reportwords::count(number), "n") + td(number.origin) + QStringLiteral("</tr>\n");
        }
    }
    html += table(th(QStringLiteral("Collection")) + th(QStringLiteral("Number"))
            + th(QStringLiteral("Value"), "n") + th(QStringLiteral("From")),
        rows);
    QString notes;
    for (const ReportCollection& collection : report.collections) {
        for (const QString& note : collection.notes)
            notes += QStringLiteral("<li>%1: %2</li>\n").arg(esc(collection.name), esc(note));
    }
    return notes.isEmpty() ? html : html + QStringLiteral("<ul>\n%1</ul>\n").arg(notes);
}

QString verificationPart(const RunReport& report)
{
    QString html;
    for (const ReportCollection& collection : report.collections) {
        const ReportVerification& verification = collection.verification;
        const bool good = verification.result == QLatin1String("identical");
        const bool bad = verification.result == QLatin1String("different")
            || verification.result == QLatin1String("failed");
        html += QStringLiteral("<h3>%1 <span class=\"%2\">%3</span></h3>\n<p>%4</p>\n")
                    .arg(esc(collection.name),
                        QLatin1String(good ? "good"
                                : bad      ? "bad"
                                           : "attention"),
                        esc(verification.result), esc(reportwords::verification(verification)));
        if (!verification.sourceDigest.isEmpty())
            html += QStringLiteral("<p class=\"soft\">Digest (%1): while reading <code>%2</code>, of "
                                   "PostgreSQL <code>%3</code></p>\n")
                        .arg(esc(verification.algorithm.isEmpty() ? QStringLiteral("xxh3-128/1")
                                                                  : verification.algorithm),
                            esc(verification.sourceDigest),
                            verification.targetDigest.isEmpty() ? QStringLiteral("not taken")
                                                                : esc(verification.targetDigest));
        if (!verification.rules.isEmpty()) {
            html += QStringLiteral("<ul class=\"soft\">\n");
            for (const QString& rule : verification.rules)
                html += QStringLiteral("<li>%1</li>\n").arg(esc(rule));
            html += QStringLiteral("</ul>\n");
        }
        if (verification.mismatches.isEmpty())
            continue;
        QString rows;
        for (const ReportMismatch& mismatch : verification.mismatches)
            rows += QStringLiteral("<tr>") + td(mismatch.type) + td(mismatch.pointId, "break")
                + td(mismatch.column) + td(mismatch.sourceValue, "break") + td(mismatch.targetValue, "break")
                + QStringLiteral("</tr>\n");
        html += table(th(QStringLiteral("Difference")) + th(QStringLiteral("Point"))
                + th(QStringLiteral("Column")) + th(QStringLiteral("Source")) + th(QStringLiteral("Target")),
            rows);
        if (verification.mismatchCount > verification.mismatches.size())
            html +=
                QStringLiteral("<p class=\"soft\">The first %1 of %2 differences%3.</p>\n")
                    .arg(formatCount(verification.mismatches.size()), formatCount(verification.mismatchCount),
                        verification.mismatchFile.isEmpty()
                            ? QString()
                            : QStringLiteral("; all are in %1").arg(esc(verification.mismatchFile)));
    }
    return html;
}

QString measureRow(const QString& name, const IndexMeasure& measure, const QString& note)
{
    return QStringLiteral("<tr>") + td(name, "name") + td(recallText(measure.recall.mean), "n")
        + td(recallText(measure.recall.median), "n") + td(recallText(measure.recall.p5), "n")
        + td(recallText(measure.recall.min), "n") + td(latencyText(measure.latency.medianMs), "n")
        + td(latencyText(measure.latency.p95Ms), "n") + td(note) + QStringLiteral("</tr>\n");
}

QString measureTable(int k, const QString& rows)
{
    return table(th(QStringLiteral("Recall@%1").arg(k)) + th(QStringLiteral("Mean"), "n")
            + th(QStringLiteral("Median"), "n") + th(QStringLiteral("P5"), "n")
            + th(QStringLiteral("Worst"), "n") + th(QStringLiteral("Median time"), "n")
            + th(QStringLiteral("P95"), "n") + th(QStringLiteral("Note")),
        rows);
}

QString recallFigure(const SearchComparison& search)
{
    const RecallChart chart = recallChart(search, 860, 260);
    if (chart.mean.isEmpty())
        return {};
    return QStringLiteral(
        "<figure>%1<figcaption class=\"key\">Recall@%2 over %3 (from the left: fewer "
        "candidates, faster).<br><span><i style=\"background:var(--accent)\"></i>mean; dashed: "
        "the worst twentieth</span><span><i style=\"background:var(--good)\"></i>wanted: "
        "%4</span>%5</figcaption></figure>\n")
        .arg(recallChartSvg(chart), QString::number(search.k), esc(search.settingName),
            recallText(search.wantedRecall),
            search.qdrantIndex
                ? QStringLiteral("<span><i style=\"background:var(--look)\"></i>Qdrant's own index</span>")
                : QString());
}

QString curveRows(const SearchComparison& search)
{
    QString rows;
    for (const CurvePoint& point : search.curve) {
        QStringList notes;
        if (point.setting == search.settingNow)
            notes << QStringLiteral("as it is now");
        if (point.setting == search.advisedSetting)
            notes << QStringLiteral("reaches %1").arg(recallText(search.wantedRecall));
        rows += measureRow(QStringLiteral("%1 = %2").arg(search.settingName).arg(point.setting),
            point.measure, notes.join(QStringLiteral("; ")));
    }
    if (search.qdrantIndex)
        rows += measureRow(QStringLiteral("Qdrant's index"), *search.qdrantIndex, {});
    return rows;
}

QString filteredPart(const SearchComparison& search, const FilteredComparison& filtered)
{
    QString rows;
    for (const FilteredMode& mode : filtered.modes)
        rows += measureRow(filteredModeText(mode.mode), mode.measure,
            mode.shortAnswers > 0 ? QStringLiteral("%1 answers too short; %2")
                                        .arg(QString::number(mode.shortAnswers), mode.plan)
                                  : mode.plan);
    if (filtered.qdrantIndex)
        rows += measureRow(QStringLiteral("Qdrant's index"), *filtered.qdrantIndex, {});
    return QStringLiteral(
               "<p>Filter <code>%1</code>: %2 rows match; %3 of %4 exact searches are identical.</p>\n")
               .arg(esc(filtered.filterJson), formatCount(filtered.matching),
                   QString::number(filtered.exactIdentical), QString::number(filtered.exactCompared))
        + (rows.isEmpty() ? QString() : measureTable(search.k, rows));
}

QString searchPart(const RunReport& report)
{
    QString html;
    for (const SearchComparison& search : report.searches) {
        const bool good = search.verdict == QLatin1String("pass") || search.verdict == QLatin1String("exact");
        const bool bad =
            search.verdict == QLatin1String("fail") || search.verdict == QLatin1String("different");
        html += QStringLiteral("<h3>%1 <span class=\"%2\">%3</span></h3>\n<p>%4</p>\n")
                    .arg(esc(comparisonTitle(search)),
                        QLatin1String(good ? "good"
                                : bad      ? "bad"
                                           : "attention"),
                        esc(search.verdict), esc(search.sentence));
        if (search.verdict == QLatin1String("not-run"))
            continue;
        html +=
            QStringLiteral("<p class=\"soft\">%1 queries (%2), %3; Qdrant's score = <code>%4</code>. Exact "
                           "search: median %5 in Qdrant, %6 in PostgreSQL.</p>\n")
                .arg(QString::number(search.queries), esc(search.queriesFrom), esc(search.distance),
                    esc(search.scoreFormula), latencyText(search.qdrantExactLatency.medianMs),
                    latencyText(search.targetExactLatency.medianMs));
        html += recallFigure(search);
        if (const QString rows = curveRows(search); !rows.isEmpty())
            html += measureTable(search.k, rows);
        if (!search.worst.isEmpty()) {
            QStringList worst;
            for (const WorstQuery& query : search.worst)
                worst << QStringLiteral("%1 (%2)").arg(query.query, recallText(query.recall));
            html += QStringLiteral("<p class=\"soft\">Worst queries: %1.</p>\n")
                        .arg(esc(worst.join(QStringLiteral(", "))));
        }
        for (const FilteredComparison& filtered : search.filtered)
            html += filteredPart(search, filtered);
        QString items;
        for (const SearchDifference& difference : search.differences)
            items += QStringLiteral("<li class=\"bad\">%1: %2</li>\n")
                         .arg(esc(difference.query), esc(difference.text));
        for (const QString& rule : search.rules)
            items += QStringLiteral("<li>%1</li>\n").arg(esc(rule));
        html += QStringLiteral("<ul class=\"soft\">\n%1</ul>\n").arg(items);
    }
    return html;
}

QString rejectsPart(const RunReport& report)
{
    if (report.rejects.isEmpty())
        return {};
    QString rows;
    for (const ReportRejectGroup& group : report.rejects)
        rows += QStringLiteral("<tr>") + td(group.collection, "name") + td(group.column) + td(group.reason)
            + td(group.sqlState) + td(formatCount(group.count), "n")
            + td(group.exampleIds.join(QStringLiteral(", ")), "break") + QStringLiteral("</tr>\n");
    return table(th(QStringLiteral("Collection")) + th(QStringLiteral("Column"))
            + th(QStringLiteral("Reason")) + th(QStringLiteral("SQLSTATE"))
            + th(QStringLiteral("Points"), "n") + th(QStringLiteral("For example")),
        rows);
}

QString findingsPart(const RunReport& report)
{
    QString rows;
    const auto add = [&rows](const QString& severity, const QString& collection, const QString& text,
                         const QString& hint) {
        const bool bad = severity == QLatin1String("blocker");
        const bool warning = severity == QLatin1String("warning");
        const char* cssClass = bad ? "bad" : warning ? "attention" : "";
        const QString word = bad               ? QStringLiteral("Problem")
            : warning                          ? QStringLiteral("Warning")
            : severity == QLatin1String("run") ? QStringLiteral("During the run")
                                               : QStringLiteral("Note");
        rows += QStringLiteral("<tr>") + td(word, cssClass) + td(collection, "name")
            + QStringLiteral("<td>%1%2</td></tr>\n")
                  .arg(esc(text),
                      hint.isEmpty() ? QString()
                                     : QStringLiteral("<br><span class=\"soft\">%1</span>").arg(esc(hint)));
    };
    for (const ReportFinding& finding : report.findings)
        add(finding.severity, finding.collection, finding.text, finding.hint);
    for (const QString& warning : report.warnings)
        add(QStringLiteral("run"), {}, warning, {});
    return rows.isEmpty()
        ? QString()
        : table(th(QStringLiteral("Kind")) + th(QStringLiteral("Collection")) + th(QStringLiteral("Finding")),
            rows);
}

QString timesPart(const RunReport& report)
{
    QString html;
    const AreaChart chart = throughputChart(report.throughput, report.rowsPerSecond(), 860, 240);
    if (!chart.line.isEmpty())
        html += QStringLiteral(
            "<figure>%1<figcaption>Points per second; the dashed line is the mean%2.</figcaption></figure>\n")
                    .arg(areaChartSvg(chart),
                        chart.marks.isEmpty() ? QString()
                                              : QStringLiteral(", triangles are retries and pauses"));
    QString rows;
    for (const auto& [label, value] : reportwords::times(report))
        rows += QStringLiteral("<tr>") + td(label) + td(value, "n") + QStringLiteral("</tr>\n");
    html += table(th(QStringLiteral("Part")) + th(QStringLiteral("Time"), "n"), rows);
    if (report.stages.isEmpty())
        return html;
    rows.clear();
    for (const ReportStage& stage : report.stages)
        rows += QStringLiteral("<tr>") + td(stage.collection, "name") + td(reportwords::stage(stage))
            + td(stage.state) + td(formatDuration(stage.elapsed), "n") + td(stage.note)
            + QStringLiteral("</tr>\n");
    return html + QStringLiteral("<h3>Stages</h3>\n")
        + table(th(QStringLiteral("Collection")) + th(QStringLiteral("Stage")) + th(QStringLiteral("State"))
                + th(QStringLiteral("Time"), "n") + th(QStringLiteral("Note")),
            rows);
}

QString pre(const QString& text, const char* cssClass)
{
    return QStringLiteral("<pre class=\"%1\">%2</pre>\n").arg(QLatin1String(cssClass), esc(text));
}

QString nextStepsPart(const RunReport& report)
{
    QString html;
    if (!report.nextSteps.isEmpty())
        html += pre(report.nextSteps.join(QLatin1Char('\n')), "sql");
    for (const ReportCollection& collection : report.collections) {
        if (collection.nextSteps.isEmpty())
            continue;
        html += QStringLiteral("<h3>%1</h3>\n").arg(esc(collection.name));
        for (const QString& step : collection.nextSteps)
            html += pre(step, "sql");
    }
    return html;
}

} // namespace

QByteArray reportToHtml(const RunReport& report)
{
    const ReportMood mood = report.mood();
    QString html =
        QStringLiteral("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<title>%1: qdrant2pg %2</title>\n<style>%3</style>\n</head>\n<body>\n<main>\n")
            .arg(esc(reportwords::headline(report)), esc(report.runId), QLatin1String(styleSheet));
    html += QStringLiteral("<header><svg class=\"%1\" viewBox=\"0 0 24 24\" aria-hidden=\"true\">%2</svg>\n"
                           "<div><h1 class=\"%1\">%3</h1><p class=\"verdict\">%4</p></div></header>\n")
                .arg(QLatin1String(moodClass(mood)), QLatin1String(moodIcon(mood)),
                    esc(reportwords::headline(report)), esc(report.verdict()));
    html += cards(report);
    if (report.error)
        html += section("What went wrong", pre(report.error->toText(), "sql"));
    html += section("Reconciliation: source = stored + rejected + skipped", reconciliation(report));
    html += section("Verification", verificationPart(report));
    html += section("Searches", searchPart(report));
    html += section("Rejected points", rejectsPart(report));
    html += section("Findings", findingsPart(report));
    html += section("Times", timesPart(report));
    html += section("Next steps", nextStepsPart(report));
    if (!report.rollback.isEmpty())
        html += section("Roll back",
            QStringLiteral("<p>Drops what this plan creates and nothing else; Qdrant is not touched.</p>\n")
                + pre(report.rollback.join(QLatin1Char('\n')), "sql"));
    QString rows;
    for (const auto& [label, value] : reportwords::facts(report))
        rows += QStringLiteral("<tr>") + td(label) + td(value, "break") + QStringLiteral("</tr>\n");
    html += section("Facts", table(th(QStringLiteral("What")) + th(QStringLiteral("Value")), rows));
    if (!report.planJson.isEmpty())
        html += section("Plan", pre(QString::fromUtf8(report.planJson).trimmed(), "plan"), "plan");
    html += QStringLiteral(
        "<footer>Written by qdrant2pg %1. “Identical” means: equal to what Qdrant returned, which for cosine "
        "vectors is their normalised form.</footer>\n</main>\n</body>\n</html>\n")
                .arg(esc(report.toolVersion));
    return html.toUtf8();
}

} // namespace qdrant2pg
