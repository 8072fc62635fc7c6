// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"
#include "ui/models/collectionsmodel.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/connect/previewpane.h"

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

QString cell(const WizardBench& bench, const char* name, int column)
{
    const auto* model = bench.find<QTableView>("collectionsTableView")->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        if (model->index(row, CollectionsModel::Name).data().toString() == QLatin1String(name))
            return model->index(row, column).data().toString();
    }
    return {};
}

/// Reading points of that collection waits until released.
void stall(WizardBench& bench, const char* name)
{
    demo::FaultRule rule;
    rule.operation = "scroll";
    rule.pathContains = std::string("/collections/") + name + '/';
    rule.times = 0;
    rule.fault = demo::Fault::stallAt(-1);
    bench.server.faults().add(rule);
}

} // namespace

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
    void theLatestPreviewWins();
    void aPreviewGivesUpAndSaysSo();
    void estimatesAreMarkedUntilCounted();
    void aTableWithRowsIsAConflict();
    void anErrorStaysInItsRow();
    void selectAllMeansWhatIsShown();
    void aTypedFilterIsNotForgotten();
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

void CollectionsTest::theLatestPreviewWins()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("a", 7);
    bench.addGameCollection("b", 4);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    auto* preview = bench.find<PreviewPane>("collectionPreviewPane");
    auto* rows = bench.find<QTableView>("previewTableView");
    QVERIFY(WizardBench::waitFor([&] { return rows->model()->rowCount() == 7; }));
    bench.press(Qt::Key_Down);
    QVERIFY(WizardBench::waitFor([&] { return rows->model()->rowCount() == 4; }));
    // The answer about a comes after the one about b.
    stall(bench, "a");
    bench.press(Qt::Key_Up);
    QVERIFY(WizardBench::waitFor([&] { return bench.server.stalled() > 0; }));
    bench.press(Qt::Key_Down);
    QVERIFY(WizardBench::waitFor([&] { return rows->model()->rowCount() == 4; }));
    bench.server.faults().clear();
    bench.server.releaseStalls();
    QVERIFY(WizardBench::waitFor([&] { return bench.server.stalled() == 0; }));
    QVERIFY(WizardBench::waitFor([&] { return !preview->isLoading(); }));
    QCOMPARE(rows->model()->rowCount(), 4);
    QVERIFY(bench.find<QLabel>("previewTitleLabel")->text().endsWith(QStringLiteral(" b")));
}

void CollectionsTest::aPreviewGivesUpAndSaysSo()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("a", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    auto* preview = bench.find<PreviewPane>("collectionPreviewPane");
    QVERIFY(WizardBench::waitFor([&] { return !preview->isLoading(); }));
    stall(bench, "a");
    preview->show(bench.draft.sourceOptions(), QStringLiteral("a"), {});
    QVERIFY(WizardBench::waitFor(
        [&] { return preview->stateText().contains(QStringLiteral("within 2 seconds")); }));
    QVERIFY(!preview->isLoading());
    bench.server.faults().clear();
    bench.server.releaseStalls();
    bench.find<QPushButton>("previewAgainPushButton")->click();
    QVERIFY(WizardBench::waitFor(
        [&] { return bench.find<QTableView>("previewTableView")->model()->rowCount() == 5; }));
}

void CollectionsTest::estimatesAreMarkedUntilCounted()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("a", 50);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    QVERIFY(WizardBench::waitFor(
        [&] { return cell(bench, "a", CollectionsModel::Points).contains(QStringLiteral("50")); }));
    QCOMPARE(cell(bench, "a", CollectionsModel::Points), QString::fromUtf8("\xe2\x89\x88 50"));
    bench.find<QPushButton>("countExactlyPushButton")->click();
    QVERIFY(WizardBench::waitFor(
        [&] { return cell(bench, "a", CollectionsModel::Points) == QStringLiteral("50"); }));
}

void CollectionsTest::aTableWithRowsIsAConflict()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("taken", 5);
    bench.addGameCollection("empty", 5);
    bench.addGameCollection("free", 5);
    QVERIFY(bench.database.execute("CREATE TABLE taken (x int)"));
    QVERIFY(bench.database.execute("INSERT INTO taken VALUES (1)"));
    QVERIFY(bench.database.execute("CREATE TABLE empty (x int)"));
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    const auto state = [&](const char* name) {
        return cell(bench, name, CollectionsModel::State);
    };
    QVERIFY(WizardBench::waitFor([&] { return state("taken").startsWith(QStringLiteral("conflict")); }));
    QVERIFY(WizardBench::waitFor([&] { return state("free") == QStringLiteral("new"); }));
    QVERIFY(WizardBench::waitFor([&] { return state("empty").startsWith(QStringLiteral("exists")); }));
    bench.grab(QStringLiteral("collections-conflict"));
}

void CollectionsTest::anErrorStaysInItsRow()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("good", 5);
    bench.addGameCollection("odd", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Target), qPrintable(bench.trouble()));
    demo::FaultRule rule;
    rule.operation = "info";
    rule.pathContains = "/collections/odd";
    rule.times = 0;
    rule.fault = demo::Fault::error(500, "Service internal error: shard 0 is broken");
    bench.server.faults().add(rule);
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    QVERIFY(WizardBench::waitFor(
        [&] { return cell(bench, "good", CollectionsModel::State) == QStringLiteral("new"); }));
    QVERIFY(WizardBench::waitFor([&] {
        const QString state = cell(bench, "odd", CollectionsModel::State);
        return !state.isEmpty() && !state.contains(QStringLiteral("reading"));
    }));
    QVERIFY(cell(bench, "odd", CollectionsModel::State) != QStringLiteral("new"));
    bench.grab(QStringLiteral("collections-row-error"));
}

void CollectionsTest::selectAllMeansWhatIsShown()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    for (const char* name : {"game_one", "game_two", "other"})
        bench.addGameCollection(name, 3);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    bench.find<QLineEdit>("searchLineEdit")->setText(QStringLiteral("GAME"));
    QCOMPARE(bench.find<QTableView>("collectionsTableView")->model()->rowCount(), 2);
    bench.find<QPushButton>("selectAllPushButton")->click();
    QStringList chosen = bench.draft.selected();
    chosen.sort();
    QCOMPARE(chosen, (QStringList{QStringLiteral("game_one"), QStringLiteral("game_two")}));
    QVERIFY(bench.find<QLabel>("selectionSummaryLabel")->text().startsWith(QStringLiteral("2 of 3")));
    bench.find<QLineEdit>("searchLineEdit")->clear();
    bench.find<QPushButton>("selectNonePushButton")->click();
    QVERIFY(bench.draft.selected().isEmpty());
}

void CollectionsTest::aTypedFilterIsNotForgotten()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("a", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    auto* filter = bench.find<QPlainTextEdit>("filterPlainTextEdit");
    filter->setPlainText(QStringLiteral("{\"must\":[{\"has_id\":[1]}]}"));
    bench.wizard().button(QWizard::NextButton)->click();
    QCOMPARE(bench.currentId(), PageId::Collections);
    QVERIFY2(bench.current()->messages().summary().contains(QStringLiteral("not applied")),
        qPrintable(bench.trouble()));
    QCOMPARE(bench.find<QTabWidget>("collectionTabWidget")->currentIndex(), 1);
    filter->clear();
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Mapping);
}

QTEST_MAIN(CollectionsTest)
#include "collectionstest.moc"
