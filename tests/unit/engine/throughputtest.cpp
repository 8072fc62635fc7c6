// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/throughput.h"

#include <QTest>

using namespace qdrant2pg;
using namespace std::chrono_literals;

class ThroughputTest : public QObject {
    Q_OBJECT
private slots:
    void rateSettlesOnTheTruth();
    void remainingIsHiddenAtFirst();
    void bottleneckDoesNotFlicker();
    void samplesStayBounded();
    void marksAreKept();
};

void ThroughputTest::rateSettlesOnTheTruth()
{
    Throughput throughput;
    for (int i = 1; i <= 120; ++i)
        throughput.sample(i * 250ms, i * 500, i * 5000, {});
    QVERIFY(qAbs(throughput.rowsPerSecond() - 2000) < 1);
    QVERIFY(qAbs(throughput.bytesPerSecond() - 20000) < 10);
}

void ThroughputTest::remainingIsHiddenAtFirst()
{
    Throughput throughput;
    throughput.sample(1s, 1000, 0, {});
    QVERIFY(!throughput.remaining(1000));
    throughput.sample(4s, 4000, 0, {});
    const auto remaining = throughput.remaining(2000);
    QVERIFY(remaining);
    QVERIFY2(qAbs(remaining->count() - 2000) < 50, qPrintable(QString::number(remaining->count())));
}

void ThroughputTest::bottleneckDoesNotFlicker()
{
    Throughput throughput;
    qint64 source = 0;
    qint64 postgres = 0;
    Bottleneck shown = Bottleneck::Unknown;
    for (int i = 0; i < 20; ++i)
        shown = throughput.bottleneck(source += 200, 0, postgres += 50);
    QCOMPARE(shown, Bottleneck::Qdrant);
    // Three snapshots of something else are noise.
    for (int i = 0; i < 3; ++i)
        shown = throughput.bottleneck(source, 0, postgres += 240);
    QCOMPARE(shown, Bottleneck::Qdrant);
    for (int i = 0; i < 60; ++i)
        shown = throughput.bottleneck(source += 10, 0, postgres += 240);
    QCOMPARE(shown, Bottleneck::PostgreSql);
}

void ThroughputTest::samplesStayBounded()
{
    Throughput throughput;
    for (int i = 1; i <= 40'000; ++i)
        throughput.sample(i * 250ms, i, i, {});
    const auto samples = throughput.samples();
    QVERIFY(samples.size() <= 600);
    QVERIFY(samples.size() > 200);
    for (qsizetype i = 1; i < samples.size(); ++i)
        QVERIFY(samples.at(i).at > samples.at(i - 1).at);
}

void ThroughputTest::marksAreKept()
{
    Throughput throughput;
    throughput.sample(500ms, 10, 10, QStringLiteral("retry"));
    throughput.sample(1s, 20, 20, {});
    QCOMPARE(throughput.samples().size(), 1);
    QCOMPARE(throughput.samples().first().mark, QStringLiteral("retry"));
}

QTEST_GUILESS_MAIN(ThroughputTest)
#include "throughputtest.moc"
