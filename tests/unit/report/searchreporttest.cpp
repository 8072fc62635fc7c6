// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/comparisonwords.h"
#include "core/report/recallchart.h"
#include "core/report/reportbuilder.h"
#include "core/report/reportwriters.h"
#include "tests/unit/report/samplereport.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QXmlStreamReader>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

SearchComparison sampleSearch(double recallNow = 0.91)
{
    SearchComparison search;
    search.collection = QStringLiteral("game_collection");
    search.table = QStringLiteral("game_collection");
    search.column = QStringLiteral("embedding");
    search.distance = QStringLiteral("cosine");
    search.kind = QStringLiteral("dense");
    search.scoreFormula = QStringLiteral("1 - (embedding <=> query)");
    search.queries = 100;
    search.queriesFrom = QStringLiteral("sampled");
    search.exactCompared = 100;
    search.exactIdentical = 100;
    search.qdrantExactLatency = {4.1, 3.9, 6.2};
    search.targetExactLatency = {31, 30.5, 38};
    search.indexName = QStringLiteral("game_collection_embedding_hnsw");
    search.indexMethod = QStringLiteral("hnsw");
    search.settingName = QStringLiteral("hnsw.ef_search");
    search.settingNow = 40;
    const double base = recallNow;
    search.curve = {{11, {{base - 0.2, base - 0.19, 0.4, 0.3}, {0.5, 0.48, 0.8}, 10}},
        {40, {{base, base + 0.02, 0.7, 0.6}, {0.9, 0.85, 1.4}, 10}},
        {80, {{0.96, 1, 0.8, 0.7}, {1.5, 1.4, 2.3}, 10}}, {320, {{0.998, 1, 1, 0.9}, {4.9, 4.7, 7}, 10}}};
    search.worst = {{QStringLiteral("point 17"), 0.6}};
    search.plannerUsesIndex = true;
    search.qdrantIndex = IndexMeasure{{0.98, 1, 0.9, 0.8}, {1.1, 1, 1.9}, 10};
    search.advisedSetting = 80;
    FilteredComparison filtered;
    filtered.filterJson = QStringLiteral("{\"must\":[{\"key\":\"a<b\",\"match\":{\"value\":1}}]}");
    filtered.matching = 1'200;
    filtered.exactCompared = 100;
    filtered.exactIdentical = 100;
    filtered.modes = {
        {QStringLiteral("planner"), QStringLiteral("Bitmap Heap Scan"), {{1, 1, 1, 1}, {2, 2, 3}, 10}, 0},
        {QStringLiteral("hnsw-off"), QStringLiteral("Index Scan"), {{0.3, 0.3, 0.1, 0}, {1, 1, 2}, 3}, 97}};
    search.filtered = {filtered};
    search.rules = {QStringLiteral("Exact answers agree when ids and scores do.")};
    judge(search);
    return search;
}

RunReport reportWith(const SearchComparison& search)
{
    RunReport report = sampleReport();
    setSearches(report, {search});
    return report;
}

/// Checks a value against the part of JSON Schema that docs/report.schema.json uses; complaints with their
/// path. Keys that the schema does not know count as complaints, so that it cannot fall behind.
class SchemaCheck {
public:
    explicit SchemaCheck(const QJsonObject& schema)
        : m_root(schema)
    {
    }

    QStringList check(const QJsonValue& value) { return check(m_root, value, QStringLiteral("$")); }

private:
    QStringList check(QJsonObject schema, const QJsonValue& value, const QString& path)
    {
        if (const QString reference = schema.value(u"$ref").toString(); !reference.isEmpty())
            schema =
                m_root.value(u"$defs").toObject().value(reference.section(QLatin1Char('/'), -1)).toObject();
        if (schema.isEmpty())
            return {path + QStringLiteral(": the schema says nothing")};
        QStringList problems;
        const QJsonValue type = schema.value(u"type");
        const QStringList types =
            type.isArray() ? type.toVariant().toStringList() : QStringList{type.toString()};
        if (!types.contains(typeOf(value)) && !(types.contains(QStringLiteral("number")) && value.isDouble()))
            problems
                << QStringLiteral("%1 is %2, not %3").arg(path, typeOf(value), types.join(QLatin1Char('/')));
        if (schema.contains(u"enum") && !schema.value(u"enum").toArray().contains(value))
            problems << path + QStringLiteral(" is no word of the schema: ") + value.toString();
        if (value.isObject()) {
            const QJsonObject known = schema.value(u"properties").toObject();
            const bool open = schema.value(u"additionalProperties").toBool(false);
            const QJsonObject object = value.toObject();
            for (auto it = object.begin(); it != object.end(); ++it) {
                const QString inner = path + QLatin1Char('.') + it.key();
                if (known.contains(it.key()))
                    problems << check(known.value(it.key()).toObject(), it.value(), inner);
                else if (!open)
                    problems << inner + QStringLiteral(" is not in the schema");
            }
            for (const QJsonValue required : schema.value(u"required").toArray()) {
                if (!object.contains(required.toString()))
                    problems << path + QStringLiteral(" lacks ") + required.toString();
            }
        }
        const QJsonArray elements = value.toArray();
        for (qsizetype i = 0; i < elements.size(); ++i)
            problems << check(
                schema.value(u"items").toObject(), elements.at(i), path + QStringLiteral("[%1]").arg(i));
        return problems;
    }

    static QString typeOf(const QJsonValue& value)
    {
        switch (value.type()) {
        case QJsonValue::Null:
            return QStringLiteral("null");
        case QJsonValue::Bool:
            return QStringLiteral("boolean");
        case QJsonValue::Double:
            return value.toDouble() == static_cast<double>(value.toInteger()) ? QStringLiteral("integer")
                                                                              : QStringLiteral("number");
        case QJsonValue::String:
            return QStringLiteral("string");
        case QJsonValue::Array:
            return QStringLiteral("array");
        default:
            return QStringLiteral("object");
        }
    }

    QJsonObject m_root;
};

} // namespace

/// Searches in the report: words, forms, curve; and the schema of the JSON.
class SearchReportTest : public QObject {
    Q_OBJECT
private slots:
    void verdictNamesSearches_data();
    void verdictNamesSearches();
    void jsonReadsBackEqual();
    void newerComparisonReplacesOlder();
    void everyFormSaysTheSame();
    void curveIsInsideItsAxes();
    void svgIsWellFormed();
    void jsonFollowsItsSchema();
};

void SearchReportTest::verdictNamesSearches_data()
{
    QTest::addColumn<double>("recall");
    QTest::addColumn<int>("identical");
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("mood");
    QTest::newRow("pass") << 0.91 << 100 << QStringLiteral("Exact searches give the same hits")
                          << int(ReportMood::Good);
    QTest::newRow("weak index") << 0.6 << 100 << QStringLiteral("misses too many of the nearest rows")
                                << int(ReportMood::Attention);
    QTest::newRow("different data") << 0.91 << 99 << QStringLiteral("other hits than Qdrant")
                                    << int(ReportMood::Bad);
}

void SearchReportTest::verdictNamesSearches()
{
    QFETCH(double, recall);
    QFETCH(int, identical);
    QFETCH(QString, words);
    QFETCH(int, mood);
    SearchComparison search = sampleSearch(recall);
    search.exactIdentical = identical;
    judge(search);
    const RunReport report = reportWith(search);
    QVERIFY2(report.verdict().contains(words), qPrintable(report.verdict()));
    QCOMPARE(int(report.mood()), mood);
    QCOMPARE(report.isGood(), identical == 100);
}

void SearchReportTest::jsonReadsBackEqual()
{
    const RunReport report = reportWith(sampleSearch());
    const auto back = reportFromJson(reportToJson(report));
    QVERIFY(back.has_value());
    QVERIFY(back->searches == report.searches);
    QCOMPARE(reportToJson(*back), reportToJson(report));
}

void SearchReportTest::newerComparisonReplacesOlder()
{
    RunReport report = reportWith(sampleSearch(0.6));
    SearchComparison other = sampleSearch();
    other.vector = QStringLiteral("title");
    setSearches(report, {sampleSearch(0.92), other});
    QCOMPARE(report.searches.size(), 2);
    QCOMPARE(report.searches.first().verdict, QStringLiteral("pass"));
}

void SearchReportTest::everyFormSaysTheSame()
{
    const RunReport report = reportWith(sampleSearch());
    const QString sentence = report.searches.first().sentence;
    const QString html = QString::fromUtf8(reportToHtml(report));
    const QString markdown = QString::fromUtf8(reportToMarkdown(report));
    for (const QString& form : {html, markdown, reportToText(report)})
        QVERIFY(form.contains(sentence));
    QVERIFY(html.contains(QStringLiteral("a&lt;b")));
    QVERIFY(!html.contains(QStringLiteral("a<b")));
    for (const QString& form : {html, markdown}) {
        QVERIFY(form.contains(QStringLiteral("hnsw.ef_search = 80")));
        QVERIFY(form.contains(QStringLiteral("0.998")));
        QVERIFY(form.contains(QStringLiteral("hnsw, iterative scan off")));
    }
    QCOMPARE(reportToHtml(report), reportToHtml(report));
    // For a look at it in a browser.
    if (qEnvironmentVariableIsSet("QDRANT2PG_REPORT_SAMPLE")) {
        QFile file(qEnvironmentVariable("QDRANT2PG_REPORT_SAMPLE"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(reportToHtml(report));
    }
}

void SearchReportTest::curveIsInsideItsAxes()
{
    const SearchComparison search = sampleSearch();
    const RecallChart chart = recallChart(search, 860, 260);
    QCOMPARE(chart.mean.size(), search.curve.size());
    for (const QList<ChartPoint>& line : {chart.mean, chart.p5}) {
        for (const ChartPoint& point : line) {
            QVERIFY(point.x >= chart.left - 0.1 && point.x <= chart.right + 0.1);
            QVERIFY(point.y >= chart.top - 0.1 && point.y <= chart.bottom + 0.1);
        }
    }
    QVERIFY(chart.mean.first().y > chart.mean.last().y);
    QVERIFY(chart.wantedY > chart.top && chart.wantedY < chart.bottom);
    QCOMPARE(chart.nowX, chart.mean.at(1).x);
    QVERIFY(!chart.description.isEmpty());
    SearchComparison one = search;
    one.curve = {search.curve.first()};
    QVERIFY(recallChartSvg(recallChart(one, 860, 260)).isEmpty());
}

void SearchReportTest::svgIsWellFormed()
{
    QXmlStreamReader xml(recallChartSvg(recallChart(sampleSearch(), 860, 260)));
    while (!xml.atEnd())
        xml.readNext();
    QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
}

void SearchReportTest::jsonFollowsItsSchema()
{
    QFile file(QStringLiteral(QDRANT2PG_SOURCE_DIR) + QStringLiteral("/docs/report.schema.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QJsonParseError problem;
    const QJsonDocument schema = QJsonDocument::fromJson(file.readAll(), &problem);
    QVERIFY2(schema.isObject(), qPrintable(problem.errorString()));
    RunReport report = reportWith(sampleSearch());
    report.stages.append({QStringLiteral("game_collection"), QStringLiteral("index"), QStringLiteral("x"),
        std::chrono::milliseconds(5), QStringLiteral("done"), QString()});
    report.rejects.append({QStringLiteral("game_collection"), QStringLiteral("payload"),
        QStringLiteral("22P05"), QStringLiteral("NUL"), 2, {QStringLiteral("17")}});
    report.findings.append(
        {QStringLiteral("warning"), QStringLiteral("x"), QString(), QStringLiteral("text"), QString()});
    report.throughput.append({std::chrono::milliseconds(5), 1.5, 2, QString()});
    report.warnings << QStringLiteral("w");
    report.error = makeError(ErrorKind::Network, QStringLiteral("s"));
    report.collections.first().verification.mismatches.append(
        {QStringLiteral("missing"), QStringLiteral("17"), {}, {}, {}});
    report.collections.first().targetNow.value.reset();
    SchemaCheck check(schema.object());
    const QStringList problems = check.check(QJsonDocument::fromJson(reportToJson(report)).object());
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(QStringLiteral("; "))));
    // The check itself can fail.
    QVERIFY(!check.check(QJsonObject{{QStringLiteral("version"), QStringLiteral("1")}}).isEmpty());
}

QTEST_GUILESS_MAIN(SearchReportTest)
#include "searchreporttest.moc"
