// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/reportwriters.h"
#include "tests/unit/report/samplereport.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QtTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

/// A report in which every part has something to say.
RunReport fullReport()
{
    RunReport report = sampleReport();
    report.copyCpu = ReportCpu{9.75, 2.5, 2.25, 0.5};
    ReportCollection other = sampleCollection(QStringLiteral("shop|<b>&\"x\""), 1'000, 998, 2);
    other.verification.result = QStringLiteral("different");
    other.verification.level = QStringLiteral("full");
    other.verification.mismatchCount = 40;
    other.verification.mismatches = {{QStringLiteral("content"), QStringLiteral("17"),
        QStringLiteral("price"), QStringLiteral("1.5"), QStringLiteral("<script>")}};
    other.verification.rules = {QStringLiteral("halfvec: rounded to half precision")};
    other.nextSteps = {QStringLiteral("-- Count the rows\nSELECT count(*) FROM \"public\".\"shop\";")};
    other.notes = {QStringLiteral("a note")};
    report.collections << other;
    report.stages = {{QStringLiteral("shop"), QStringLiteral("index"), QStringLiteral("shop_hnsw"),
        std::chrono::milliseconds(4'000), QStringLiteral("done"), QStringLiteral("parallel")}};
    report.rejects = {{QStringLiteral("shop"), QStringLiteral("payload"), QStringLiteral("22P05"),
        QStringLiteral("the text contains a NUL character"), 2, {QStringLiteral("3"), QStringLiteral("9")}}};
    report.findings = {{QStringLiteral("warning"), QStringLiteral("index-memory"), QStringLiteral("shop"),
        QStringLiteral("Memory is short."), QStringLiteral("Raise it.")}};
    report.throughput = {{std::chrono::milliseconds(0), 100, 1000, {}},
        {std::chrono::milliseconds(1'000), 200, 2000, QStringLiteral("retry")},
        {std::chrono::milliseconds(2'000), 150, 1500, {}}};
    report.warnings = {QStringLiteral("something happened")};
    report.nextSteps = {QStringLiteral("psql 'host=db'")};
    report.rollback = {QStringLiteral("DROP TABLE \"public\".\"shop\";")};
    report.error = makeError(ErrorKind::Data, QStringLiteral("A row was refused."), QStringLiteral("detail"),
        QStringLiteral("hint"));
    report.error->sqlState = "22000";
    return report;
}

} // namespace

/// The same report as JSON, Markdown, HTML and text.
class WritersTest : public QObject {
    Q_OBJECT

private slots:
    void jsonReadsBackEqual();
    void jsonNamesWhatItIs();
    void jsonRefusesOthers_data();
    void jsonRefusesOthers();
    void sameValueSameBytes();
    void htmlStandsAlone();
    void htmlEscapes();
    void markdownKeepsItsTables();
    void textNamesEveryNumber();
    void everyNumberHasAnOrigin();
};

void WritersTest::jsonReadsBackEqual()
{
    const RunReport report = fullReport();
    const auto back = reportFromJson(reportToJson(report));
    QVERIFY(back.has_value());
    QCOMPARE(back->collections, report.collections);
    QCOMPARE(back->stages, report.stages);
    QCOMPARE(back->rejects, report.rejects);
    QCOMPARE(back->findings, report.findings);
    QCOMPARE(back->throughput, report.throughput);
    QCOMPARE(back->rollback, report.rollback);
    QCOMPARE(back->startedAt, report.startedAt);
    QCOMPARE(back->indexTime, report.indexTime);
    QCOMPARE(back->verdict(), report.verdict());
    QVERIFY(back->copyCpu.has_value());
    QCOMPARE(back->copyCpu->encode, 2.5);
    QCOMPARE(back->copyCpu->total(), 15.0);
    QVERIFY(back->error.has_value());
    QCOMPARE(back->error->kind, ErrorKind::Data);
    // Writing what was read changes nothing: a report that is shown later is the same report.
    QCOMPARE(reportToJson(*back), reportToJson(report));
    QCOMPARE(reportToHtml(*back).size(), reportToHtml(report).size());
}

void WritersTest::jsonNamesWhatItIs()
{
    const QJsonObject root = QJsonDocument::fromJson(reportToJson(sampleReport())).object();
    QCOMPARE(root.value(QStringLiteral("version")).toInt(), RunReport::currentVersion);
    QCOMPARE(root.value(QStringLiteral("mood")).toString(), QStringLiteral("good"));
    QCOMPARE(root.value(QStringLiteral("verdict")).toString(), sampleReport().verdict());
    QCOMPARE(
        root.value(QStringLiteral("totals")).toObject().value(QStringLiteral("stored")).toInteger(), 350);
}

void WritersTest::jsonRefusesOthers_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("words");
    QTest::newRow("no json") << QByteArray("<html>") << QStringLiteral("not a report");
    QTest::newRow("other json") << QByteArray(R"({"version":1})")
                                << QStringLiteral("not a report of qdrant2pg");
    QTest::newRow("newer") << QByteArray(R"({"version":99,"verdict":"x"})") << QStringLiteral("version 99");
}

void WritersTest::jsonRefusesOthers()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, words);
    const auto report = reportFromJson(json);
    QVERIFY(!report.has_value());
    QCOMPARE(report.error().kind, ErrorKind::Usage);
    QVERIFY2(report.error().summary.contains(words), qPrintable(report.error().summary));
}

void WritersTest::sameValueSameBytes()
{
    QCOMPARE(reportToJson(fullReport()), reportToJson(fullReport()));
    QCOMPARE(reportToMarkdown(fullReport()), reportToMarkdown(fullReport()));
    QCOMPARE(reportToHtml(fullReport()), reportToHtml(fullReport()));
}

void WritersTest::htmlStandsAlone()
{
    const QString html = QString::fromUtf8(reportToHtml(fullReport()));
    QVERIFY(!html.contains(QStringLiteral("<script")));
    // Nothing is fetched: no link, image, import or url().
    static const QRegularExpression external(
        QStringLiteral(R"re(<(link|img|iframe|object|embed)\b|@import|url\(|\bsrc=|\bhref=)re"));
    QVERIFY2(!html.contains(external), qPrintable(external.match(html).captured()));
    QVERIFY(html.contains(QStringLiteral("prefers-color-scheme: dark")));
    QVERIFY(html.contains(QStringLiteral("@media print")));
    QCOMPARE(html.count(QStringLiteral("<svg")), html.count(QStringLiteral("</svg>")));
    QVERIFY(html.count(QStringLiteral("<svg")) >= 3);
    QCOMPARE(html.count(QStringLiteral("<table>")), html.count(QStringLiteral("</table>")));
    QVERIFY(html.contains(QStringLiteral("PostgreSQL does not hold what Qdrant returned")));
}

void WritersTest::htmlEscapes()
{
    const QString html = QString::fromUtf8(reportToHtml(fullReport()));
    QVERIFY(!html.contains(QStringLiteral("<b>")));
    QVERIFY(html.contains(QStringLiteral("&lt;b&gt;&amp;&quot;x&quot;")));
    QVERIFY(html.contains(QStringLiteral("&lt;script&gt;")));
}

void WritersTest::markdownKeepsItsTables()
{
    const QString text = QString::fromUtf8(reportToMarkdown(fullReport()));
    QVERIFY(text.contains(QStringLiteral("shop\\|<b>")));
    // Every row of the first table has as many cells as its heading.
    static const QRegularExpression bar(QStringLiteral(R"((?<!\\)\|)"));
    qsizetype cells = 0;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        if (!line.startsWith(QLatin1Char('|'))) {
            cells = 0;
            continue;
        }
        const qsizetype here = line.count(bar);
        if (cells > 0)
            QCOMPARE(here, cells);
        cells = here;
    }
}

void WritersTest::textNamesEveryNumber()
{
    const QString text = reportToText(fullReport());
    for (const char* word : {"Source", "Read", "Stored", "Rejected", "Skipped", "Target now", "1,000", "998",
             "adds up", "NUL character"})
        QVERIFY2(text.contains(QLatin1String(word)), word);
    QVERIFY(text.startsWith(fullReport().verdict()));
}

void WritersTest::everyNumberHasAnOrigin()
{
    const QString html = QString::fromUtf8(reportToHtml(fullReport()));
    for (const char* origin : {"exact count", "counted while reading", "ledger", "reject table",
             "ids that were there", "SELECT count(*)"})
        QVERIFY2(html.contains(QLatin1String(origin)), origin);
}

QTEST_GUILESS_MAIN(WritersTest)
#include "writerstest.moc"
