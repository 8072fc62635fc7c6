// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"
#include "ui/models/mappingmodel.h"
#include "ui/models/mappingsamplemodel.h"
#include "ui/widgets/messagebar.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The Mapping page on a stand-in and a real PostgreSQL.
class MappingTest : public QObject {
    Q_OBJECT
private slots:
    void editsReachThePlanAndTheStatements();
    void keyboardEditsAndUndoes();
    void resetRestoresTheProposal();
    void rowsShowWhatWouldBeRejected();
    void backAndForthKeepsEdits();
    void anExistingTableBlocksAndItsFixHelps();
    void severalCollectionsAreNamedAtOnce();
    void cancelSaysSo();
    void commentAndViewsAreEdited();
    void longNamesInASmallWindow();
};

namespace {

/// A picture for people to look at, after what is pending has been laid out.
void shoot(const WizardBench& bench, const QString& name)
{
    QTest::qWait(50);
    bench.grab(name);
}

const CollectionPlan& planOf(const WizardBench& bench, const char* name)
{
    return *bench.draft.collection(QLatin1String(name));
}

QString statements(const WizardBench& bench)
{
    return bench.find<QPlainTextEdit>("ddlPlainTextEdit")->toPlainText();
}

/// The view's row whose first cell has that text.
QModelIndex rowOf(const QAbstractItemView* view, const QString& text, int column)
{
    for (int row = 0; row < view->model()->rowCount(); ++row) {
        if (view->model()->index(row, 0).data().toString() == text)
            return view->model()->index(row, column);
    }
    return {};
}

} // namespace

void MappingTest::editsReachThePlanAndTheStatements()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    QVERIFY(statements(bench).contains(QStringLiteral("CREATE TABLE")));

    auto* table = bench.find<QLineEdit>("tableLineEdit");
    table->setFocus();
    table->selectAll();
    QTest::keyClicks(table, QStringLiteral("lore.items"));
    QTest::keyClick(table, Qt::Key_Tab);
    QCOMPARE(planOf(bench, "game").table, QStringLiteral("lore.items"));
    QVERIFY(statements(bench).contains(QStringLiteral("\"lore.items\"")));

    auto* view = bench.find<QTableView>("mappingTableView");
    const QModelIndex vector = rowOf(view, QStringLiteral("Vector"), MappingModel::Type);
    QVERIFY(vector.isValid());
    QVERIFY(view->model()->setData(vector, QStringLiteral("halfvec")));
    QCOMPARE(planOf(bench, "game").vectors.first().type, QStringLiteral("halfvec"));
    QVERIFY(statements(bench).contains(QStringLiteral("halfvec(16)")));
    QVERIFY(statements(bench).contains(QStringLiteral("halfvec_cosine_ops")));
    shoot(bench, QStringLiteral("mapping-light"));
    bench.theme.setTheme(Theme::Dark);
    bench.find<QTabWidget>("mappingResultTabWidget")->setCurrentIndex(1);
    QVERIFY(WizardBench::waitFor(
        [&] { return bench.find<QTableView>("sampleTableView")->model()->rowCount() == 20; }));
    shoot(bench, QStringLiteral("mapping-dark"));
}

void MappingTest::keyboardEditsAndUndoes()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    const CollectionPlan before = planOf(bench, "game");
    auto* view = bench.find<QTableView>("mappingTableView");
    QVERIFY(WizardBench::waitFor([&] { return view->hasFocus(); }));
    view->setCurrentIndex(view->model()->index(0, MappingModel::Target));
    // Enter edits the cell; it does not leave the page.
    bench.press(Qt::Key_Return);
    QVERIFY(qobject_cast<QLineEdit*>(QApplication::focusWidget()));
    bench.press(Qt::Key_A, Qt::ControlModifier);
    bench.type(QStringLiteral("point_id"));
    bench.press(Qt::Key_Return);
    QTRY_COMPARE(planOf(bench, "game").id.column, QStringLiteral("point_id"));
    QCOMPARE(bench.currentId(), PageId::Mapping);

    // Space leaves the vector out and undo brings it back with its index.
    view->setFocus();
    view->setCurrentIndex(rowOf(view, QStringLiteral("Vector"), MappingModel::Type));
    bench.press(Qt::Key_Space);
    QVERIFY(planOf(bench, "game").vectors.isEmpty());
    bench.press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(planOf(bench, "game").vectors, before.vectors);
    QCOMPARE(planOf(bench, "game").indexes, before.indexes);
    bench.press(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(planOf(bench, "game"), before);
    QVERIFY(!bench.find<QToolButton>("undoToolButton")->isEnabled());
    bench.press(Qt::Key_Y, Qt::ControlModifier);
    QCOMPARE(planOf(bench, "game").id.column, QStringLiteral("point_id"));
}

void MappingTest::resetRestoresTheProposal()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    const CollectionPlan before = planOf(bench, "game");
    auto* view = bench.find<QTableView>("mappingTableView");
    const QModelIndex vector = rowOf(view, QStringLiteral("Vector"), MappingModel::Type);
    auto* reset = bench.find<QPushButton>("resetRowPushButton");
    view->setCurrentIndex(vector);
    QVERIFY(!reset->isEnabled());
    QVERIFY(view->model()->setData(vector, QStringLiteral("jsonb")));
    QVERIFY(view->model()->setData(vector.siblingAtColumn(MappingModel::Target), QStringLiteral("v")));
    QVERIFY(bench.draft.isEdited(QStringLiteral("game")));
    QVERIFY(reset->isEnabled());
    reset->click();
    QCOMPARE(planOf(bench, "game"), before);
    QVERIFY(!bench.draft.isEdited(QStringLiteral("game")));
    QVERIFY(bench.find<QLabel>("reasonLabel")->text().contains(before.vectors.first().reason));

    auto* preset = bench.find<QComboBox>("presetComboBox");
    preset->setCurrentIndex(preset->findData(QStringLiteral("context_items")));
    emit preset->activated(preset->currentIndex());
    QCOMPARE(planOf(bench, "game").table, QStringLiteral("context_items"));
    QVERIFY(statements(bench).contains(QStringLiteral("games")));
    QVERIFY(bench.find<QComboBox>("parentsComboBox")->isVisible());
    auto* functions = bench.find<QCheckBox>("searchFunctionsCheckBox");
    functions->click();
    QVERIFY(!planOf(bench, "game").searchFunctions);
    QVERIFY(!statements(bench).contains(QStringLiteral("CREATE OR REPLACE FUNCTION")));
    shoot(bench, QStringLiteral("mapping-context"));
    bench.find<QToolButton>("resetCollectionToolButton")->click();
    QCOMPARE(planOf(bench, "game"), before);
}

void MappingTest::rowsShowWhatWouldBeRejected()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addPoints("mixed", R"({"vectors":{"size":2,"distance":"Dot"}})",
        R"([{"id":1,"payload":{"n":5},"vector":[1,2]},{"id":2,"payload":{"t":"a\u0000b"},"vector":[3,4]}])");
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    auto* results = bench.find<QTabWidget>("mappingResultTabWidget");
    results->setCurrentIndex(1);
    auto* table = bench.find<QTableView>("sampleTableView");
    QVERIFY(WizardBench::waitFor([&] { return table->model()->rowCount() == 2; }));
    const auto stateOf = [table](int row) {
        return table->model()->index(row, MappingSampleModel::State).data().toString();
    };
    QCOMPARE(stateOf(0), QStringLiteral("OK"));
    QCOMPARE(stateOf(1), QStringLiteral("Rejected"));
    shoot(bench, QStringLiteral("mapping-problem"));

    // The policy that stores it is one choice away, and the rows follow.
    auto* view = bench.find<QTableView>("mappingTableView");
    const QModelIndex payload = rowOf(view, QStringLiteral("Payload"), MappingModel::Misfit);
    QVERIFY(view->model()->setData(payload, QStringLiteral("strip")));
    QVERIFY(WizardBench::waitFor([&] { return stateOf(1) == QStringLiteral("Changed"); }));

    // A payload value gets a column of the type that the sample shows.
    const QModelIndex n = rowOf(view, QStringLiteral("n"), MappingModel::Source);
    QVERIFY(n.isValid());
    QVERIFY(view->model()->setData(n, Qt::Checked, Qt::CheckStateRole));
    QCOMPARE(planOf(bench, "mixed").payload.columns.size(), 1);
    QCOMPARE(planOf(bench, "mixed").payload.columns.first().type, QStringLiteral("bigint"));
    QVERIFY(WizardBench::waitFor(
        [&] { return table->model()->columnCount() == MappingSampleModel::FirstValue + 4; }));
}

void MappingTest::backAndForthKeepsEdits()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    auto* view = bench.find<QTableView>("mappingTableView");
    QVERIFY(view->model()->setData(
        rowOf(view, QStringLiteral("Vector"), MappingModel::Target), QStringLiteral("vec")));
    const MigrationPlan before = bench.draft.plan();
    QVERIFY2(bench.goTo(PageId::Source), qPrintable(bench.trouble()));
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    QVERIFY(bench.draft.plan() == before);
    QVERIFY(bench.find<QToolButton>("undoToolButton")->isEnabled());
}

void MappingTest::anExistingTableBlocksAndItsFixHelps()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    QVERIFY(bench.database.execute("CREATE TABLE game (something int)"));
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    bench.wizard().next();
    QVERIFY(WizardBench::waitFor([&] { return bench.current()->state() == BasePage::State::Blocked; }));
    QVERIFY(bench.current()->messages().summary().contains(QStringLiteral("game")));
    QVERIFY(!bench.current()->isComplete());
    shoot(bench, QStringLiteral("mapping-blocked"));
    auto* fix = bench.find<QPushButton>("applyFixPushButton");
    QVERIFY(fix);
    fix->click();
    QCOMPARE(planOf(bench, "game").table, QStringLiteral("game_2"));
    QCOMPARE(bench.current()->state(), BasePage::State::Idle);
}

void MappingTest::severalCollectionsAreNamedAtOnce()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("alpha", 20);
    bench.addGameCollection("beta", 20);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    auto* list = bench.find<QListView>("mappingCollectionsListView");
    QCOMPARE(list->model()->rowCount(), 2);
    auto* pattern = bench.find<QLineEdit>("tablePatternLineEdit");
    pattern->setText(QStringLiteral("q_{collection}"));
    QVERIFY(bench.find<QLabel>("tablePatternExampleLabel")
                ->text()
                .remove(QChar(0x200b))
                .contains(QStringLiteral("q_alpha")));
    bench.find<QPushButton>("applyPatternPushButton")->click();
    QCOMPARE(planOf(bench, "alpha").table, QStringLiteral("q_alpha"));
    QCOMPARE(planOf(bench, "beta").table, QStringLiteral("q_beta"));

    auto* view = bench.find<QTableView>("mappingTableView");
    const QModelIndex vector = rowOf(view, QStringLiteral("Vector"), MappingModel::Type);
    view->setCurrentIndex(vector);
    QVERIFY(view->model()->setData(vector, QStringLiteral("halfvec")));
    bench.find<QPushButton>("applyToSimilarPushButton")->click();
    QCOMPARE(planOf(bench, "beta").vectors.first().type, QStringLiteral("halfvec"));
    list->setCurrentIndex(list->model()->index(1, 0));
    QVERIFY(statements(bench).contains(QStringLiteral("q_beta")));
    shoot(bench, QStringLiteral("mapping-several"));
}

void MappingTest::cancelSaysSo()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    bench.current()->check();
    QCOMPARE(bench.current()->state(), BasePage::State::Checking);
    bench.press(Qt::Key_Escape);
    QCOMPARE(bench.current()->state(), BasePage::State::Idle);
    QVERIFY(bench.current()->messages().summary().contains(QStringLiteral("cancelled")));
}

void MappingTest::commentAndViewsAreEdited()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    const CollectionPlan before = planOf(bench, "game");
    auto* tabs = bench.find<QTabWidget>("mappingTabWidget");
    tabs->setCurrentIndex(2);
    auto* comment = bench.find<QPlainTextEdit>("commentPlainTextEdit");
    auto* views = bench.find<QPlainTextEdit>("aliasViewsPlainTextEdit");
    auto* reset = bench.find<QPushButton>("resetTableOptionsPushButton");
    QVERIFY(comment->isVisible());
    QVERIFY(!reset->isEnabled());
    comment->setFocus();
    comment->selectAll();
    bench.type(QStringLiteral("the lore's items"));
    bench.press(Qt::Key_Tab);
    QCOMPARE(planOf(bench, "game").comment, QStringLiteral("the lore's items"));
    QVERIFY(statements(bench).contains(QStringLiteral("IS 'the lore''s items'")));
    QVERIFY(views->hasFocus());
    bench.type(QStringLiteral("lore"));
    bench.press(Qt::Key_Return);
    bench.type(QStringLiteral("lore.old"));
    bench.press(Qt::Key_Tab);
    QCOMPARE(
        planOf(bench, "game").aliasViews, QStringList({QStringLiteral("lore"), QStringLiteral("lore.old")}));
    QVERIFY(statements(bench).contains(QStringLiteral("\"lore.old\"")));
    shoot(bench, QStringLiteral("mapping-extras"));

    // A name that cannot be is told, and stays to be put right.
    views->setFocus();
    views->selectAll();
    bench.type(QStringLiteral("game"));
    bench.press(Qt::Key_Tab);
    QVERIFY2(
        bench.current()->messages().summary().contains(QStringLiteral("game")), qPrintable(bench.trouble()));
    QCOMPARE(planOf(bench, "game").aliasViews.size(), 2);
    views->setFocus();
    views->selectAll();
    bench.type(QStringLiteral("lore"));
    bench.press(Qt::Key_Tab);
    QCOMPARE(planOf(bench, "game").aliasViews, QStringList(QStringLiteral("lore")));

    auto* analyze = bench.find<QCheckBox>("analyzeCheckBox");
    analyze->click();
    QVERIFY(!planOf(bench, "game").analyze);
    bench.find<QToolButton>("undoToolButton")->click();
    QVERIFY(planOf(bench, "game").analyze);
    QVERIFY(analyze->isChecked());
    bench.find<QToolButton>("redoToolButton")->click();
    QVERIFY(!analyze->isChecked());
    // Edits elsewhere leave these alone, and theirs is a reset of its own.
    auto* view = bench.find<QTableView>("mappingTableView");
    QVERIFY(view->model()->setData(
        rowOf(view, QStringLiteral("Vector"), MappingModel::Target), QStringLiteral("vec")));
    QCOMPARE(planOf(bench, "game").aliasViews, QStringList(QStringLiteral("lore")));
    QVERIFY(reset->isEnabled());
    reset->click();
    QCOMPARE(planOf(bench, "game").comment, before.comment);
    QCOMPARE(planOf(bench, "game").aliasViews, before.aliasViews);
    QVERIFY(planOf(bench, "game").analyze);
    QCOMPARE(planOf(bench, "game").vectors.first().column, QStringLiteral("vec"));
    QCOMPARE(comment->toPlainText(), before.comment);

    // A finding about them leads there.
    tabs->setCurrentIndex(0);
    QVERIFY2(bench.back(), qPrintable(bench.trouble()));
    bench.draft.setFocusPath(QStringLiteral("collections[0].after.aliasViews"));
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
    QCOMPARE(tabs->currentIndex(), 2);
}

void MappingTest::longNamesInASmallWindow()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addPoints("a_collection_with_a_name_that_nobody_would_choose_but_somebody_has_anyway_2026_final",
        R"({"vectors":{"dense_text_embedding_of_the_large_model":{"size":2,"distance":"Dot"}}})",
        R"([{"id":1,"payload":{"a_payload_key_of_considerable_length":{"nested_below_it":"and a long text that goes on and on"}},"vector":{"dense_text_embedding_of_the_large_model":[1,2]}}])");
    bench.addGameCollection("short", 5);
    bench.open().resize(820, 560);
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    shoot(bench, QStringLiteral("mapping-long"));
    QVERIFY(bench.find<QTableView>("mappingTableView")->isVisible());
    QVERIFY(bench.find<QLineEdit>("tablePatternLineEdit")->isVisible());
    QCOMPARE(bench.wizard().size(), QSize(820, 560));
    QVERIFY2(bench.goTo(PageId::Review), qPrintable(bench.trouble()));
    QVERIFY(WizardBench::waitFor([&] {
        return bench.current()->state() == BasePage::State::Ready
            || bench.current()->state() == BasePage::State::Blocked;
    }));
    shoot(bench, QStringLiteral("review-long"));
    QCOMPARE(bench.wizard().size(), QSize(820, 560));
}

QTEST_MAIN(MappingTest)
#include "mappingtest.moc"
