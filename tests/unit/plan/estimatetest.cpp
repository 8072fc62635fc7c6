// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/estimate.h"
#include "tests/unit/plan/checkinputs.h"

#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

class EstimateTest : public QObject {
    Q_OBJECT

private slots:
    void agreesWithMeasurements();
};

void EstimateTest::agreesWithMeasurements()
{
    CollectionFacts facts = goodFacts();
    facts.info.vectors.first().size = 768;
    facts.info.sparseVectors.clear();
    facts.info.payloadIndexes.clear();
    facts.meanPayloadBytes = 0;
    facts.exactCount = 100'000;
    const CollectionPlan plan = inputFor(facts).plan.collections.first();
    const CollectionEstimate estimate = estimateCollection(plan, facts, goodServer());
    // Measured (pgvector.md 5.5 and 4.3): 417 MB of heap and TOAST, an index of 390 MB, 3,753 bytes of memory
    // a row.
    const auto near = [](qint64 value, double expected, double tolerance) {
        return std::abs(static_cast<double>(value) / expected - 1) < tolerance;
    };
    QVERIFY2(near(estimate.tableBytes, 417e6, 0.1), QByteArray::number(estimate.tableBytes).constData());
    QVERIFY2(near(estimate.indexBytes, 2 * 195e6 * 1.05, 0.15),
        QByteArray::number(estimate.indexBytes).constData());
    QVERIFY2(near(estimate.indexMemory, 3753.0 * 100'000, 0.05),
        QByteArray::number(estimate.indexMemory).constData());
    QVERIFY(estimate.rowsExact);
    // 1,000 points a second were measured: the range holds what one connection would take.
    QVERIFY(estimate.dataTime->low < std::chrono::seconds(100)
        && estimate.dataTime->high > std::chrono::seconds(100));
    // Measured with two workers and ef_construction 100: 59 s for half of these rows.
    QVERIFY(estimate.indexTime->low < std::chrono::seconds(118)
        && estimate.indexTime->high > std::chrono::seconds(118));

    facts.sampleRate = 0;
    QVERIFY(!estimateCollection(plan, facts, std::nullopt).dataTime);
    facts.exactCount = 0;
    QCOMPARE(estimateCollection(plan, facts, std::nullopt).diskBytes(), qint64(0));
    CollectionPlan bits = plan;
    bits.indexes.first().cast = QStringLiteral("bit");
    facts.exactCount = 100'000;
    QVERIFY(estimateCollection(bits, facts, std::nullopt).indexBytes * 4 < estimate.indexBytes);
}

QTEST_GUILESS_MAIN(EstimateTest)
#include "estimatetest.moc"
