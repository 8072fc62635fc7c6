// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"

#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// From the first page to the collections and back, by keyboard alone.
class WalkTest : public QObject {
    Q_OBJECT
private slots:
    void twoEntersReachTheCollections();
    void backAndForthLosesNothing();
};

void WalkTest::twoEntersReachTheCollections()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 200);
    bench.open();
    QCOMPARE(bench.currentId(), PageId::Start);
    bench.press(Qt::Key_Return);
    QVERIFY2(WizardBench::waitFor([&] { return bench.currentId() == PageId::Source; }),
        qPrintable(bench.trouble()));
    bench.press(Qt::Key_Return);
    QVERIFY2(WizardBench::waitFor([&] { return bench.currentId() == PageId::Target; }),
        qPrintable(bench.trouble()));
    bench.press(Qt::Key_Return);
    QVERIFY2(WizardBench::waitFor([&] { return bench.currentId() == PageId::Collections; }),
        qPrintable(bench.trouble()));
    QVERIFY(bench.draft.sourceOverview());
    QVERIFY(bench.draft.targetOverview());
}

void WalkTest::backAndForthLosesNothing()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 200);
    bench.addGameCollection("other", 10);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    bench.draft.setSelected({QStringLiteral("other")});
    const MigrationPlan before = bench.draft.plan();
    QVERIFY(bench.goTo(PageId::Source));
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    QCOMPARE(bench.draft.selected(), QStringList{QStringLiteral("other")});
    QCOMPARE(bench.draft.plan().source.url, before.source.url);
    QCOMPARE(bench.draft.plan().target.conninfo, before.target.conninfo);
}

QTEST_MAIN(WalkTest)
#include "walktest.moc"
