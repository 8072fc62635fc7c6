// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/run/runbench.h"
#include "ui/models/rejectsmodel.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/report/reconciliationmodel.h"
#include "ui/wizard/run/rejectsdialog.h"
#include "ui/wizard/run/runview.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

const char* const fourNumbers = "{\"vectors\":{\"size\":4,\"distance\":\"Dot\"}}";

/// Two points with U+0000 in a text, one with a vector beyond float32, one good one.
const char* const troublesome = "[{\"id\":1,\"payload\":{\"t\":\"a\"},\"vector\":[1,0,0,0]},"
                                "{\"id\":2,\"payload\":{\"t\":\"a\\u0000b\"},\"vector\":[0,1,0,0]},"
                                "{\"id\":3,\"payload\":{\"t\":\"\\u0000\"},\"vector\":[0,1,0,0]},"
                                "{\"id\":4,\"payload\":{\"t\":\"c\"},\"vector\":[1e39,1,0,0]}]";

RejectsDialog* openViewer(const WizardBench& bench)
{
    QTest::mouseClick(bench.find<QPushButton>("rejectsPushButton"), Qt::LeftButton);
    return bench.current()->findChild<RejectsDialog*>();
}

template <class Widget> Widget* in(const RejectsDialog* dialog, const char* name)
{
    return dialog->findChild<Widget*>(QLatin1String(name));
}

/// A run of the troublesome points that has ended; null when it did not.
RejectsDialog* endedRun(WizardBench& bench)
{
    bench.addPoints("bad", fourNumbers, troublesome);
    RunPlan plan;
    plan.verify = VerifyLevel::Digest;
    reviewPlan(bench, {QStringLiteral("bad")}, plan);
    bench.open(runPages());
    if (!WizardBench::waitFor([&] { return bench.current()->messages().isShowing(); }, 60'000))
        return nullptr;
    RejectsDialog* dialog = openViewer(bench);
    return WizardBench::waitFor([&] { return dialog->model().rowCount() == 3; }) ? dialog : nullptr;
}

void select(const RejectsDialog* dialog, const char* pointId)
{
    auto* table = in<QTableView>(dialog, "rejectsTableView");
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        if (table->model()->index(row, RejectsModel::PointId).data() == QLatin1String(pointId))
            table->selectRow(row);
    }
}

} // namespace

/// The viewer of rejected points: live, by reason, exported, tried again.
class RejectsTest : public QObject {
    Q_OBJECT
private slots:
    void modelAppendsAndRenews();
    void excerpts_data();
    void excerpts();
    void nothingWasRejected();
    void verifyOpensThemToo();
    void reasonsAreGroups();
    void exportsHaveAll_data();
    void exportsHaveAll();
    void rowsAppendUnderTheSelection();
    void tryingAgainIsOfferedWhenItCanHelp();
    void whatFitsIsStoredOnce();
    void allFitIsACompleteRun();
};

void RejectsTest::modelAppendsAndRenews()
{
    RejectsModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    RejectRow row;
    row.pointId = QStringLiteral("1");
    row.reason = QStringLiteral("a \"quoted\" reason");
    model.setRejects({row});
    RejectRow second = row;
    second.pointId = QStringLiteral("2");
    model.setRejects({row, second});
    QCOMPARE(inserted.size(), 2);
    QCOMPARE(reset.size(), 0);
    QCOMPARE(model.reasons().size(), 1);
    QCOMPARE(model.reasons().first().second, 2);
    QVERIFY(rejectToCsvLine(row).contains("a \"\"quoted\"\" reason"));
    second.reason = QStringLiteral("another");
    model.setRejects({row, second});
    QCOMPARE(changed.size(), 1);
    QCOMPARE(model.index(1, RejectsModel::Reason).data().toString(), QStringLiteral("another"));
    QCOMPARE(reset.size(), 0);
    model.setRejects({second});
    QCOMPARE(reset.size(), 1);
}

void RejectsTest::excerpts_data()
{
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("excerpt");
    QTest::newRow("payload column") << "user_id"
                                    << "\"17\"";
    QTest::newRow("nested path") << "deep"
                                 << "[1,2]";
    QTest::newRow("named vector") << "embedding"
                                  << "[1,2]";
    QTest::newRow("the payload") << "payload"
                                 << "{\"a\":{\"b\":[1,2]},\"user_id\":\"\\\"17\\\"\"}";
    QTest::newRow("no column") << ""
                               << "{\"id\":1,\"pay";
}

void RejectsTest::excerpts()
{
    QFETCH(QString, column);
    QFETCH(QString, excerpt);
    MigrationPlan plan;
    CollectionPlan collection;
    collection.name = QStringLiteral("c");
    VectorPlan vector;
    vector.source = QStringLiteral("text");
    vector.column = QStringLiteral("embedding");
    collection.vectors << vector;
    PayloadColumnPlan user;
    user.path = user.column = QStringLiteral("user_id");
    PayloadColumnPlan deep;
    deep.path = QStringLiteral("a.b");
    deep.column = QStringLiteral("deep");
    collection.payload.columns << user << deep;
    plan.collections << collection;
    RejectRow reject;
    reject.collection = collection.name;
    reject.column = column;
    reject.rawPoint = QStringLiteral("{\"id\":1,\"payload\":{\"user_id\":\"\\\"17\\\"\",\"a\":{\"b\":[1,2]}},"
                                     "\"vector\":{\"text\":[1,2]}}");
    const QString shown = rejectExcerpt(reject, plan);
    QVERIFY2(shown.startsWith(excerpt), qPrintable(shown));
}

void RejectsTest::nothingWasRejected()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 50);
    reviewPlan(bench, {QStringLiteral("game")});
    bench.open(runPages());
    QVERIFY2(WizardBench::waitFor([&] { return bench.current()->messages().isShowing(); }, 60'000),
        qPrintable(bench.trouble()));
    QVERIFY(!bench.find<QPushButton>("rejectsPushButton")->isVisible());
    // Its button is not there; opened all the same it says so and offers nothing.
    bench.find<RunView>("runView")->rejectsRequested();
    auto* dialog = bench.current()->findChild<RejectsDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    QCOMPARE(in<QLabel>(dialog, "rejectsSummaryLabel")->text(), QStringLiteral("Nothing was rejected."));
    QVERIFY(!in<QPushButton>(dialog, "exportRejectsPushButton")->isEnabled());
    QVERIFY(!in<QTableView>(dialog, "rejectsTableView")->isVisible());
    QVERIFY(!in<QPushButton>(dialog, "retrySelectedPushButton")->isVisible());
}

void RejectsTest::verifyOpensThemToo()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RejectsDialog* onRun = endedRun(bench);
    QVERIFY2(onRun, qPrintable(bench.trouble()));
    onRun->close();
    QVERIFY2(bench.goTo(PageId::Verify, 60'000), qPrintable(bench.trouble()));
    auto* button = bench.find<QPushButton>("showRejectsPushButton");
    QVERIFY(WizardBench::waitFor([&] { return button->isVisible(); }));
    button->click();
    auto* dialog = bench.current()->findChild<RejectsDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    QVERIFY(WizardBench::waitFor([&] { return dialog->model().rowCount() == 3; }));
}

void RejectsTest::reasonsAreGroups()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RejectsDialog* dialog = endedRun(bench);
    QVERIFY2(dialog, qPrintable(bench.trouble()));
    auto* reasons = in<QComboBox>(dialog, "reasonComboBox");
    auto* table = in<QTableView>(dialog, "rejectsTableView");
    QCOMPARE(reasons->count(), 3);
    QVERIFY2(reasons->itemText(1).endsWith(QStringLiteral("(2)")), qPrintable(reasons->itemText(1)));
    reasons->setCurrentIndex(1);
    QCOMPARE(table->model()->rowCount(), 2);
    reasons->setCurrentIndex(2);
    QCOMPARE(table->model()->rowCount(), 1);
    for (int row = 0; row < dialog->model().rowCount(); ++row)
        QVERIFY(!dialog->model().reject(row)->reason.isEmpty());
    reasons->setCurrentIndex(0);
    select(dialog, "3");
    QVERIFY(in<QLabel>(dialog, "reasonInFullLabel")->text().endsWith(dialog->model().reject(1)->reason));
    QVERIFY(in<QPlainTextEdit>(dialog, "rawPointPlainTextEdit")
                ->toPlainText()
                .contains(QStringLiteral("\"id\": 3")));
}

void RejectsTest::exportsHaveAll_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("lines");
    QTest::newRow("JSON Lines") << "rejects.jsonl" << 3;
    QTest::newRow("CSV") << "rejects.csv" << 4;
}

void RejectsTest::exportsHaveAll()
{
    QFETCH(QString, name);
    QFETCH(int, lines);
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RejectsDialog* dialog = endedRun(bench);
    QVERIFY2(dialog, qPrintable(bench.trouble()));
    const QString path = bench.folder.filePath(name);
    bench.dialogs.paths << path;
    QTest::mouseClick(in<QPushButton>(dialog, "exportRejectsPushButton"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), 20'000);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    QCOMPARE(bytes.count('\n'), lines);
    if (name.endsWith(QStringLiteral("jsonl"))) {
        for (const QByteArray& line : bytes.split('\n').mid(0, lines))
            QVERIFY(
                !QJsonDocument::fromJson(line).object().value(QStringLiteral("reason")).toString().isEmpty());
    } else {
        QVERIFY(bytes.startsWith(rejectsCsvHeading()));
    }
}

void RejectsTest::rowsAppendUnderTheSelection()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    std::string points = "[";
    const std::string filler(400, 'x');
    for (int i = 0; i < 400; ++i)
        points += (i ? ",{\"id\":" : "{\"id\":") + std::to_string(i) + ",\"payload\":{\"f\":\"" + filler
            + (i % 20 == 0 ? "\\u0000" : "") + "\"},\"vector\":[1,0,0,0]}";
    bench.addPoints("bad", fourNumbers, (points + "]").c_str());
    RunPlan plan;
    plan.pageBytes = 10'000;
    reviewPlan(bench, {QStringLiteral("bad")}, plan);
    slowDown(bench, 100);
    bench.open(runPages());
    auto* view = bench.find<RunView>("runView");
    QTRY_VERIFY_WITH_TIMEOUT(bench.find<QPushButton>("rejectsPushButton")->isVisible(), 60'000);
    RejectsDialog* dialog = openViewer(bench);
    QTRY_VERIFY_WITH_TIMEOUT(dialog->model().rowCount() > 0, 20'000);
    auto* table = in<QTableView>(dialog, "rejectsTableView");
    const int before = dialog->model().rowCount();
    table->selectRow(before - 1);
    const QString chosen = dialog->model().reject(before - 1)->pointId;
    QVERIFY(before < 20);
    QVERIFY(!in<QPushButton>(dialog, "retrySelectedPushButton")->isEnabled());
    bench.server.faults().clear();
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Ended, 60'000);
    QTRY_COMPARE_WITH_TIMEOUT(dialog->model().rowCount(), 20, 20'000);
    const QModelIndexList selected = table->selectionModel()->selectedRows();
    QCOMPARE(selected.size(), 1);
    QCOMPARE(selected.first().data().toString(), chosen);
}

void RejectsTest::tryingAgainIsOfferedWhenItCanHelp()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RejectsDialog* dialog = endedRun(bench);
    QVERIFY2(dialog, qPrintable(bench.trouble()));
    auto* retry = in<QPushButton>(dialog, "retrySelectedPushButton");
    auto* why = in<QLabel>(dialog, "retrySentenceLabel");
    select(dialog, "2");
    QVERIFY(!retry->isEnabled());
    QVERIFY2(why->text().contains(QStringLiteral("refused again")), qPrintable(why->text()));
    in<QComboBox>(dialog, "retryNulComboBox")->setCurrentIndex(1);
    QVERIFY(retry->isEnabled());
    in<QTableView>(dialog, "rejectsTableView")->clearSelection();
    QVERIFY(!retry->isEnabled());
    QVERIFY2(why->text().contains(QStringLiteral("Select")), qPrintable(why->text()));
    in<QComboBox>(dialog, "retryNulComboBox")->setCurrentIndex(0);
    // A cause outside of the point: no change of the plan is needed.
    QVERIFY(bench.database.execute("UPDATE qdrant2pg.reject SET sql_state = '53100' WHERE point_id = '3'"));
    dialog->close();
    openViewer(bench);
    QTRY_COMPARE_WITH_TIMEOUT(
        dialog->model().index(1, RejectsModel::SqlState).data().toString(), QStringLiteral("53100"), 20'000);
    select(dialog, "3");
    QVERIFY(retry->isEnabled());
    select(dialog, "2");
    QVERIFY(!retry->isEnabled());
}

void RejectsTest::whatFitsIsStoredOnce()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RejectsDialog* dialog = endedRun(bench);
    QVERIFY2(dialog, qPrintable(bench.trouble()));
    auto* retry = in<QPushButton>(dialog, "retrySelectedPushButton");
    in<QComboBox>(dialog, "retryNulComboBox")->setCurrentIndex(2);
    select(dialog, "2");
    QTest::mouseClick(retry, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(dialog->model().rowCount(), 2, 30'000);
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM bad"), QStringLiteral("2"));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM qdrant2pg.reject"), QStringLiteral("2"));
    QVERIFY(bench.find<QPushButton>("rejectsPushButton")->text().contains(QLatin1Char('2')));

    // The other one fits under the plan as it is now; the vector beyond float32 stays, with its reason.
    select(dialog, "4");
    in<QTableView>(dialog, "rejectsTableView")->selectAll();
    QVERIFY(retry->isEnabled());
    QTest::mouseClick(retry, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(dialog->model().rowCount(), 1, 30'000);
    QCOMPARE(dialog->model().reject(0)->pointId, QStringLiteral("4"));
    QTRY_VERIFY(!in<QLabel>(dialog, "retrySentenceLabel")->text().isEmpty());
    select(dialog, "4");
    QVERIFY(!retry->isEnabled());
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM bad"), QStringLiteral("3"));
    bench.grab(QStringLiteral("run-retried"));
    QVERIFY(dialog->grab().save(QStringLiteral(QDRANT2PG_BINARY_DIR "/screens/rejects-retried.png")));
    dialog->close();

    // Report and viewer say the same, and the new rows were compared as the others had been.
    QVERIFY2(bench.goTo(PageId::Report), qPrintable(bench.trouble()));
    auto* numbers = bench.find<QTableView>("reconciliationTableView");
    const auto cell = [numbers](int column) {
        return numbers->model()->index(0, column).data().toString();
    };
    QCOMPARE(cell(ReconciliationModel::Stored), QStringLiteral("3"));
    QCOMPARE(cell(ReconciliationModel::Rejected), QStringLiteral("1"));
    QCOMPARE(cell(ReconciliationModel::TargetNow), QStringLiteral("3"));
    QTRY_COMPARE_WITH_TIMEOUT(bench.find<QLabel>("verdictLabel")->text(),
        QStringLiteral(
            "3 of 4 points are in PostgreSQL, 1 was rejected, and every stored row was compared: identical."),
        30'000);
}

void RejectsTest::allFitIsACompleteRun()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RejectsDialog* dialog = endedRun(bench);
    QVERIFY2(dialog, qPrintable(bench.trouble()));
    in<QComboBox>(dialog, "retryNulComboBox")->setCurrentIndex(1);
    in<QComboBox>(dialog, "retryNonFiniteComboBox")->setCurrentIndex(1);
    in<QTableView>(dialog, "rejectsTableView")->selectAll();
    QTest::mouseClick(in<QPushButton>(dialog, "retrySelectedPushButton"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(dialog->model().rowCount(), 0, 30'000);
    QCOMPARE(in<QLabel>(dialog, "rejectsSummaryLabel")->text(), QStringLiteral("No rejected point is left."));
    dialog->close();
    QCOMPARE(bench.database.scalar("SELECT state FROM qdrant2pg.run"), QStringLiteral("completed"));
    QTRY_COMPARE_WITH_TIMEOUT(bench.current()->messages().status(), Status::Ok, 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(bench.database.scalar("SELECT (report::jsonb)->>'state' FROM qdrant2pg.run"),
        QStringLiteral("completed"), 30'000);
}

QTEST_MAIN(RejectsTest)
#include "rejectstest.moc"
