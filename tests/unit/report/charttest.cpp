// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/chart.h"

#include <QtTest>

using namespace qdrant2pg;

namespace {

QList<ReportSample> samples(int count, int stepMs, double rows)
{
    QList<ReportSample> list;
    for (int i = 0; i < count; ++i)
        list.append({std::chrono::milliseconds(i * stepMs), rows, rows * 1000, {}});
    return list;
}

} // namespace

/// The geometry of the charts.
class ChartTest : public QObject {
    Q_OBJECT

private slots:
    void steps_data();
    void steps();
    void staysInsideThePlot();
    void tooShortIsNoPicture();
    void longRunsAreThinned();
    void aGapIsNoSlope();
    void theEndWithoutPointsIsLeftOut();
    void marksStay();
    void barsAddUp();
    void fewRejectsStayVisible();
};

void ChartTest::steps_data()
{
    QTest::addColumn<double>("range");
    QTest::addColumn<int>("most");
    QTest::addColumn<double>("step");
    QTest::newRow("one") << 1.0 << 1 << 1.0;
    QTest::newRow("two") << 7.0 << 4 << 2.0;
    QTest::newRow("five") << 17.0 << 4 << 5.0;
    QTest::newRow("exact") << 20000.0 << 4 << 5000.0;
    QTest::newRow("small") << 0.03 << 4 << 0.01;
    QTest::newRow("none") << 0.0 << 4 << 1.0;
}

void ChartTest::steps()
{
    QFETCH(double, range);
    QFETCH(int, most);
    QFETCH(double, step);
    QVERIFY(qFuzzyCompare(niceStep(range, most), step));
}

void ChartTest::staysInsideThePlot()
{
    QList<ReportSample> list = samples(50, 250, 1000);
    list[20].rowsPerSecond = 54'321;
    const AreaChart chart = throughputChart(list, 3'000, 800, 240);
    QCOMPARE(chart.line.size(), list.size());
    for (const ChartPoint& point : chart.line) {
        QVERIFY(point.x >= chart.left - 0.01 && point.x <= chart.right + 0.01);
        QVERIFY(point.y >= chart.top - 0.01 && point.y <= chart.bottom + 0.01);
    }
    for (const ChartTick& tick : chart.yTicks)
        QVERIFY(tick.position >= chart.top - 0.01 && tick.position <= chart.bottom + 0.01);
    QVERIFY(chart.yTicks.size() >= 3);
    QVERIFY(chart.xTicks.size() >= 3);
    QVERIFY(chart.description.contains(QStringLiteral("54,321")));
}

void ChartTest::tooShortIsNoPicture()
{
    QVERIFY(throughputChart({}, 0, 800, 240).line.isEmpty());
    QVERIFY(throughputChart(samples(1, 250, 10), 10, 800, 240).line.isEmpty());
    QVERIFY(areaChartSvg(throughputChart({}, 0, 800, 240)).isEmpty());
}

void ChartTest::longRunsAreThinned()
{
    const AreaChart chart = throughputChart(samples(40'000, 250, 1000), 1000, 800, 240);
    QVERIFY(chart.line.size() <= 600);
    QVERIFY(chart.line.size() > 100);
}

void ChartTest::aGapIsNoSlope()
{
    QList<ReportSample> list = samples(10, 250, 1000);
    QList<ReportSample> later = samples(10, 250, 1000);
    for (ReportSample& sample : later)
        sample.at += std::chrono::seconds(60);
    list += later;
    const AreaChart chart = throughputChart(list, 1000, 800, 240);
    // Between the two parts the line runs along the bottom.
    QCOMPARE(chart.line.size(), list.size() + 2);
    QVERIFY(qFuzzyCompare(chart.line.at(10).y, chart.bottom));
    QVERIFY(qFuzzyCompare(chart.line.at(11).y, chart.bottom));
}

void ChartTest::theEndWithoutPointsIsLeftOut()
{
    QList<ReportSample> list = samples(10, 250, 1000);
    list.append({std::chrono::seconds(180), 0, 0, {}});
    const AreaChart chart = throughputChart(list, 1000, 800, 240);
    QCOMPARE(chart.line.size(), 10);
    QVERIFY(qFuzzyCompare(chart.line.last().x, chart.right));
}

void ChartTest::marksStay()
{
    QList<ReportSample> list = samples(5'000, 250, 1000);
    list[1234].mark = QStringLiteral("retry");
    const AreaChart chart = throughputChart(list, 1000, 800, 240);
    QCOMPARE(chart.marks.size(), 1);
    QVERIFY(areaChartSvg(chart).contains(QStringLiteral("retry")));
}

void ChartTest::barsAddUp()
{
    ReportCollection collection;
    collection.name = QStringLiteral("a");
    collection.source.value = 100;
    collection.stored.value = 60;
    collection.rejected.value = 10;
    collection.skipped.value = 10;
    const BarChart chart = collectionChart({collection}, 800);
    QCOMPARE(chart.bars.size(), 1);
    const Bar& bar = chart.bars.first();
    QCOMPARE(bar.segments.size(), 4);
    for (qsizetype i = 1; i < bar.segments.size(); ++i)
        QVERIFY(qAbs(bar.segments[i - 1].x + bar.segments[i - 1].width - bar.segments[i].x) < 0.001);
    QCOMPARE(bar.segments.last().kind, QStringLiteral("missing"));
    QVERIFY(qFuzzyCompare(bar.segments.first().width, 3 * bar.segments.last().width));
    QVERIFY(bar.segments.last().x + bar.segments.last().width <= 800);
}

void ChartTest::fewRejectsStayVisible()
{
    ReportCollection collection;
    collection.source.value = 10'000'000;
    collection.stored.value = 9'999'999;
    collection.rejected.value = 1;
    const BarChart chart = collectionChart({collection}, 800);
    QVERIFY(chart.bars.first().segments.last().width >= 2);
}

QTEST_GUILESS_MAIN(ChartTest)
#include "charttest.moc"
