// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/connect/previewpane.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The page Collections: choosing, previewing, restricting, and what it says when something is missing.
class CollectionsTest : public QObject {
    Q_OBJECT
private slots:
    void noneChosenSaysSo();
    void spaceTogglesTheRow();
    void aChosenNameThatIsMissingIsReported();
    void thePreviewShowsNoMoreThanAskedFor();
    void escCancelsThePreviewAndSaysSo();
    void aFilterIsCountedAndKept();
    void aFilterThatIsNoJsonIsRefused();
    void escCancelsReadingFacts();
    void anEmptyServerSaysWhatToDo();
};

void CollectionsTest::noneChosenSaysSo()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("a", 5);
    bench.addGameCollection("b", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    bench.wizard().button(QWizard::NextButton)->click();
    QCOMPARE(bench.currentId(), PageId::Collections);
    QVERIFY(bench.current()->messages().summary().contains(QStringLiteral("No collection is chosen")));
}

void CollectionsTest::spaceTogglesTheRow()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("a", 5);
    bench.addGameCollection("b", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    QVERIFY(bench.find<QTableView>("collectionsTableView")->hasFocus());
    bench.press(Qt::Key_Space);
    QCOMPARE(bench.draft.selected(), QStringList{QStringLiteral("a")});
    bench.press(Qt::Key_Down);
    bench.press(Qt::Key_Space);
    QCOMPARE(bench.draft.selected(), (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
    bench.press(Qt::Key_Space);
    QCOMPARE(bench.draft.selected(), QStringList{QStringLiteral("a")});
}

void CollectionsTest::aChosenNameThatIsMissingIsReported()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game_collection", 5);
    bench.addGameCollection("other", 5);
    bench.open();
    bench.draft.setSelected({QStringLiteral("game_colection")});
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    const MessageBar& bar = bench.current()->messages();
    QVERIFY2(bar.summary().contains(QStringLiteral("game_colection")), qPrintable(bench.trouble()));
    QVERIFY(bar.hint().contains(QStringLiteral("game_collection")));
}

void CollectionsTest::thePreviewShowsNoMoreThanAskedFor()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("a", 300);
    bench.addGameCollection("b", 4);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    const auto rows = [&] {
        return bench.find<QTableView>("previewTableView")->model()->rowCount();
    };
    QVERIFY(WizardBench::waitFor([&] { return rows() == 20; }));
    bench.press(Qt::Key_Down);
    QVERIFY(WizardBench::waitFor([&] { return rows() == 4; }));
    bench.press(Qt::Key_Up);
    bench.press(Qt::Key_Down);
    bench.press(Qt::Key_Up);
    QVERIFY(WizardBench::waitFor([&] { return rows() == 20; }));
    QVERIFY(bench.find<QLabel>("previewTitleLabel")->text().endsWith(QStringLiteral(" a")));
}

void CollectionsTest::escCancelsThePreviewAndSaysSo()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("a", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    auto* preview = bench.find<PreviewPane>("collectionPreviewPane");
    QVERIFY(WizardBench::waitFor([&] { return !preview->isLoading(); }));
    demo::FaultRule rule;
    rule.operation = "scroll";
    rule.times = 0;
    rule.fault = demo::Fault::stallAt(-1);
    bench.server.faults().add(rule);
    preview->show(bench.draft.sourceOptions(), QStringLiteral("a"), {});
    QVERIFY(preview->isLoading());
    bench.press(Qt::Key_Escape);
    QVERIFY(!preview->isLoading());
    QVERIFY(preview->stateText().contains(QStringLiteral("cancelled")));
    bench.server.releaseStalls();
}

void CollectionsTest::aFilterIsCountedAndKept()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addPoints("f", "{\"vectors\":{\"size\":2,\"distance\":\"Dot\"}}",
        "[{\"id\":1,\"payload\":{\"k\":\"x\"},\"vector\":[1,0]},{\"id\":2,\"payload\":{\"k\":\"y\"},"
        "\"vector\":[0,1]}]");
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    const QByteArray filter = "{\"must\":[{\"key\":\"k\",\"match\":{\"value\":\"x\"}}]}";
    bench.find<QPlainTextEdit>("filterPlainTextEdit")->setPlainText(QString::fromUtf8(filter));
    bench.find<QPushButton>("applyFilterPushButton")->click();
    QVERIFY(WizardBench::waitFor([&] { return !bench.draft.filter(QStringLiteral("f")).isEmpty(); }));
    QVERIFY(bench.find<QLabel>("filterStateLabel")->text().startsWith(QStringLiteral("1 point ")));
    QVERIFY(bench.goTo(PageId::Target));
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    QCOMPARE(bench.draft.filter(QStringLiteral("f")), filter);
}

void CollectionsTest::aFilterThatIsNoJsonIsRefused()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("a", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    bench.find<QPlainTextEdit>("filterPlainTextEdit")->setPlainText(QStringLiteral("{must: nothing"));
    bench.find<QPushButton>("applyFilterPushButton")->click();
    QVERIFY(!bench.find<QLabel>("filterStateLabel")->text().isEmpty());
    QVERIFY(bench.draft.filter(QStringLiteral("a")).isEmpty());
}

void CollectionsTest::escCancelsReadingFacts()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("a", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    auto* preview = bench.find<PreviewPane>("collectionPreviewPane");
    QVERIFY(WizardBench::waitFor([&] { return !preview->isLoading(); }));
    demo::FaultRule rule;
    rule.times = 0;
    rule.fault = demo::Fault::stallAt(-1);
    bench.server.faults().add(rule);
    bench.wizard().button(QWizard::NextButton)->click();
    QCOMPARE(bench.current()->state(), BasePage::State::Checking);
    QVERIFY(WizardBench::waitFor([&] { return bench.server.stalled() > 0; }));
    bench.press(Qt::Key_Escape);
    QCOMPARE(bench.current()->state(), BasePage::State::Idle);
    QCOMPARE(bench.currentId(), PageId::Collections);
    QVERIFY(bench.current()->messages().summary().contains(QStringLiteral("cancelled")));
    QCOMPARE(bench.draft.selected(), QStringList{QStringLiteral("a")});
    bench.server.faults().clear();
    bench.server.releaseStalls();
}

void CollectionsTest::anEmptyServerSaysWhatToDo()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    auto* empty = bench.find<QLabel>("emptyListLabel");
    QVERIFY(empty->isVisible());
    QVERIFY(empty->text().contains(QStringLiteral("no collections")));
}

QTEST_MAIN(CollectionsTest)
#include "collectionstest.moc"
