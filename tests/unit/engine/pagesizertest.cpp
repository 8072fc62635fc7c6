// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/pagesizer.h"
#include "core/engine/enginelimits.h"
#include "core/engine/runcontext.h"

#include <QTest>

using namespace qdrant2pg;

class PageSizerTest : public QObject {
    Q_OBJECT
private slots:
    void beginsCarefully();
    void followsTheSizeOfPoints();
    void halvesDownToOnePointAndGrowsBack();
    void obeysTheServersLimit();
    void onePointHasNoBudget();
    void manyLanesShareTheBytesOfTwo();
};

void PageSizerTest::beginsCarefully()
{
    QCOMPARE(PageSizer(2'000'000, 0, 0).limit(), 256U);
    QCOMPARE(PageSizer(2'000'000, 10'000, 0).limit(), 200U);
    QCOMPARE(PageSizer(2'000'000, 10, 0).limit(), 5000U);
    QCOMPARE(PageSizer(2'000'000, 50'000'000, 0).limit(), 1U);
}

void PageSizerTest::followsTheSizeOfPoints()
{
    PageSizer sizer(1'000'000, 1000, 0);
    QCOMPARE(sizer.limit(), 1000U);
    sizer.received(10, 1'000'000); // 100 kB each: at once
    QCOMPARE(sizer.limit(), 10U);
    std::uint32_t before = sizer.limit();
    for (int i = 0; i < 100; ++i) {
        sizer.received(10, 10'000);
        QVERIFY(sizer.limit() >= before);
        before = sizer.limit();
    }
    QVERIFY(before >= 990 && before <= 1000);
}

void PageSizerTest::halvesDownToOnePointAndGrowsBack()
{
    PageSizer sizer(2'000'000, 10'000, 0);
    QVERIFY(sizer.halve());
    QCOMPARE(sizer.limit(), 100U);
    int halvings = 0;
    while (sizer.halve())
        ++halvings;
    QCOMPARE(sizer.limit(), 1U);
    QVERIFY(halvings >= 5);
    for (int i = 0; i < 200; ++i)
        sizer.received(1, 10'000);
    QCOMPARE(sizer.limit(), 200U);
}

void PageSizerTest::obeysTheServersLimit()
{
    PageSizer sizer(2'000'000, 100, 20);
    QCOMPARE(sizer.limit(), 20U);
}

void PageSizerTest::onePointHasNoBudget()
{
    PageSizer sizer(1'000'000, 10'000, 0);
    QCOMPARE(sizer.maxReplyBytes(), 16'000'000);
    sizer.received(1, 50'000'000);
    QCOMPARE(sizer.limit(), 1U);
    QCOMPARE(sizer.maxReplyBytes(), 0);
}

void PageSizerTest::manyLanesShareTheBytesOfTwo()
{
    const QString name = QStringLiteral("things");
    RunContext context;
    QCOMPARE(context.wantedLanes(), automaticLanes);
    QCOMPARE(context.pageBytes(name), restPageBytes);
    context.request.plan.run.lanes = 1;
    QCOMPARE(context.pageBytes(name), restPageBytes);
    context.request.plan.run.lanes = 4;
    QCOMPARE(context.pageBytes(name), restPageBytes / 2);
    context.transport = TransportDecision{};
    context.transport->transport = Transport::Grpc;
    QCOMPARE(context.pageBytes(name), grpcPageBytes / 2);
    context.transport->overRest << name;
    QCOMPARE(context.pageBytes(name), restPageBytes / 2);
    context.request.lanes = 8;
    QCOMPARE(context.pageBytes(name), restPageBytes / 4);
    context.request.plan.run.pageBytes = 5'000;
    QCOMPARE(context.pageBytes(name), 5'000);
}

QTEST_GUILESS_MAIN(PageSizerTest)
#include "pagesizertest.moc"
