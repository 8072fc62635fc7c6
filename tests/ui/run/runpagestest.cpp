// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/reportwriters.h"
#include "tests/support/testprocess.h"
#include "tests/ui/run/runbench.h"
#include "ui/models/mismatchmodel.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/report/pdfreport.h"
#include "ui/wizard/report/reconciliationmodel.h"
#include "ui/wizard/run/rejectsdialog.h"
#include "ui/wizard/run/runview.h"
#include "ui/wizard/verify/verificationmodel.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QStandardPaths>
#include <QTableView>
#include <QTest>
#include <QTreeView>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

const char* const strictRecipe = "{\"vectors\":{\"size\":4,\"distance\":\"Cosine\"}}";

QAbstractButton* nextButton(const WizardBench& bench)
{
    return bench.wizard().button(QWizard::NextButton);
}

} // namespace

/// The pages Run, Verify and Report on a plan that was reviewed.
class RunPagesTest : public QObject {
    Q_OBJECT
private slots:
    void aRunLeadsToItsReport();
    void buttonsFollowTheState();
    void closingAsksWhileRunning();
    void anErrorIsShownWithAWayOn();
    void aStoppedRunIsOfferedAndResumed();
    void verifiesAgainAtFull();
    void exportsAllForms();
    void newMigrationBeginsAnew();
    void modelsAreConsistent();
    void pagesCanBeLookedAt_data();
    void pagesCanBeLookedAt();
};

void RunPagesTest::aRunLeadsToItsReport()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 300);
    bench.addGameCollection("other", 100);
    reviewPlan(bench, {QStringLiteral("game"), QStringLiteral("other")});
    bench.open(runPages());
    QCOMPARE(bench.currentId(), PageId::Run);
    QVERIFY(bench.draft.isCommitted());
    QVERIFY2(WizardBench::waitFor([&] { return bench.current()->messages().isShowing(); }, 60'000),
        qPrintable(bench.trouble()));
    QCOMPARE(bench.current()->messages().status(), Status::Ok);
    QVERIFY2(bench.goTo(PageId::Verify), qPrintable(bench.trouble()));
    auto* results = bench.find<QTableView>("verificationTableView");
    QCOMPARE(results->model()->rowCount(), 2);
    QCOMPARE(
        results->model()->index(0, VerificationModel::Result).data().toString(), QStringLiteral("Identical"));
    QVERIFY2(bench.goTo(PageId::Report), qPrintable(bench.trouble()));
    QCOMPARE(bench.find<QLabel>("verdictLabel")->text(),
        QStringLiteral("400 of 400 points are in PostgreSQL and every row was compared: identical."));
    auto* numbers = bench.find<QTableView>("reconciliationTableView");
    QCOMPARE(
        numbers->model()->index(0, ReconciliationModel::Source).data().toString(), QStringLiteral("300"));
    QCOMPARE(
        numbers->model()->index(1, ReconciliationModel::AddsUp).data().toString(), QStringLiteral("Adds up"));
    QVERIFY(bench.wizard().button(QWizard::FinishButton)->isVisible());
    QVERIFY(!bench.wizard().button(QWizard::BackButton)->isEnabled()
        || !bench.wizard().button(QWizard::BackButton)->isVisible() || bench.back());
}

void RunPagesTest::buttonsFollowTheState()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 50);
    bench.open(runPages());
    auto* view = bench.find<RunView>("runView");
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Pause, 30'000);
    QVERIFY(!nextButton(bench)->isEnabled());
    QTest::mouseClick(bench.find<QPushButton>("pausePushButton"), Qt::LeftButton);
    QCOMPARE(view->offer(), RunView::Offer::Continue);
    QVERIFY(bench.find<QPushButton>("continuePushButton")->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(bench.find<QLabel>("timesLabel")->text().isEmpty(), false, 5'000);
    QTest::mouseClick(bench.find<QPushButton>("continuePushButton"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Pause, 20'000);

    // Abort asks; the last answer is to keep running.
    QTest::mouseClick(bench.find<QPushButton>("abortPushButton"), Qt::LeftButton);
    QCOMPARE(bench.dialogs.questions.size(), 1);
    QCOMPARE(view->offer(), RunView::Offer::Pause);
    bench.dialogs.answers << 0;
    QTest::mouseClick(bench.find<QPushButton>("abortPushButton"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Resume, 30'000);
    QVERIFY(nextButton(bench)->isEnabled());
    QVERIFY(bench.find<QPushButton>("startRunPushButton")->isVisible());
}

void RunPagesTest::closingAsksWhileRunning()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 50);
    bench.open(runPages());
    auto* view = bench.find<RunView>("runView");
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Pause, 30'000);
    bench.wizard().close();
    QCOMPARE(bench.dialogs.questions.size(), 1);
    QVERIFY(bench.wizard().isVisible());
    QCOMPARE(view->offer(), RunView::Offer::Pause);
    bench.dialogs.answers << 0;
    bench.wizard().close();
    QVERIFY(bench.wizard().isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(!bench.wizard().isVisible(), 30'000);
}

void RunPagesTest::anErrorIsShownWithAWayOn()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 50);
    reviewPlan(bench, {QStringLiteral("game")});
    // A table of that name exists, which mode create refuses.
    QVERIFY(bench.database.execute("CREATE TABLE game (x int)"));
    QVERIFY(bench.database.execute("INSERT INTO game VALUES (1)"));
    bench.open(runPages());
    QVERIFY2(WizardBench::waitFor([&] { return bench.current()->messages().isShowing(); }, 60'000),
        qPrintable(bench.trouble()));
    QCOMPARE(bench.current()->messages().status(), Status::Problem);
    QVERIFY(!bench.current()->messages().summary().isEmpty());
    QVERIFY(!bench.current()->messages().hint().isEmpty());
    auto* view = bench.find<RunView>("runView");
    QVERIFY(view->offer() == RunView::Offer::TryAgain || view->offer() == RunView::Offer::Resume);
    // The report exists also for a run that failed, and there is nothing to verify.
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Report);
    QVERIFY(!bench.find<QLabel>("verdictLabel")->text().isEmpty());
}

void RunPagesTest::aStoppedRunIsOfferedAndResumed()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 50);
    bench.open(runPages());
    auto* view = bench.find<RunView>("runView");
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Pause, 30'000);
    bench.dialogs.answers << 0;
    bench.wizard().close();
    QTRY_VERIFY_WITH_TIMEOUT(!bench.wizard().isVisible(), 30'000);
    bench.server.faults().clear();

    const QString runId = bench.database.scalar("SELECT id FROM qdrant2pg.run");
    bench.draft.startResume(bench.draft.plan(), runId);
    bench.draft.setCommitted(false);
    bench.open(runPages());
    view = bench.find<RunView>("runView");
    QCOMPARE(view->offer(), RunView::Offer::StartReady);
    QVERIFY(!nextButton(bench)->isEnabled());
    QTest::mouseClick(bench.find<QPushButton>("startRunPushButton"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Ended, 60'000);
    QVERIFY2(bench.goTo(PageId::Report), qPrintable(bench.trouble()));
    QVERIFY(bench.find<QLabel>("verdictLabel")->text().startsWith(QStringLiteral("2,000 of 2,000")));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM game"), QStringLiteral("2000"));
}

void RunPagesTest::verifiesAgainAtFull()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 300);
    reviewPlan(bench, {QStringLiteral("game")});
    bench.open(runPages());
    QVERIFY2(bench.goTo(PageId::Verify, 60'000), qPrintable(bench.trouble()));
    QTRY_VERIFY_WITH_TIMEOUT(bench.find<QPushButton>("compareAgainPushButton")->isEnabled(), 60'000);
    QCOMPARE(bench.find<QComboBox>("levelComboBox")->currentData().toString(), QStringLiteral("full"));
    QVERIFY(
        bench.database.execute("UPDATE game SET payload = jsonb_set(payload, '{x}', '1') WHERE id = (SELECT "
                               "min(id::text)::uuid FROM game)"));
    QTest::mouseClick(bench.find<QPushButton>("compareAgainPushButton"), Qt::LeftButton);
    QVERIFY(!nextButton(bench)->isEnabled());
    QVERIFY2(WizardBench::waitFor([&] { return bench.current()->messages().isShowing(); }, 60'000),
        qPrintable(bench.trouble()));
    QCOMPARE(bench.current()->messages().status(), Status::Problem);
    auto* mismatches = bench.find<QTableView>("mismatchesTableView");
    QVERIFY2(mismatches->isVisible(), qPrintable(bench.trouble()));
    QCOMPARE(mismatches->model()->rowCount(), 1);
    QCOMPARE(mismatches->model()->index(0, MismatchModel::ColumnName).data().toString(),
        QStringLiteral("payload"));
    QVERIFY2(bench.goTo(PageId::Report), qPrintable(bench.trouble()));
    QVERIFY(bench.find<QLabel>("verdictLabel")->text().contains(QStringLiteral("1 row differs")));
}

void RunPagesTest::exportsAllForms()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 300);
    reviewPlan(bench, {QStringLiteral("game")});
    bench.open(runPages());
    QVERIFY2(bench.goTo(PageId::Report, 60'000), qPrintable(bench.trouble()));
    const std::pair<const char*, QByteArray> forms[] = {{"exportHtmlAction", "<!doctype html"},
        {"exportPdfAction", "%PDF"}, {"exportMarkdownAction", "#"}, {"exportJsonAction", "{"}};
    int number = 0;
    for (const auto& [action, beginning] : forms) {
        const QString path = bench.folder.filePath(QStringLiteral("report%1").arg(++number));
        bench.dialogs.paths << path;
        bench.find<QAction>(action)->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), 20'000);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.read(beginning.size()).toLower(), beginning.toLower());
        QTRY_VERIFY(bench.current()->messages().summary().contains(path));
    }
    // Text, not pictures of text.
    QFile pdf(bench.folder.filePath(QStringLiteral("report2")));
    QVERIFY(pdf.open(QIODevice::ReadOnly));
    QVERIFY(pdf.readAll().contains("/ToUnicode"));
    if (!QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty()) {
        const ProcessResult text = runProcess({.program = QStringLiteral("pdftotext"),
            .arguments = {QStringLiteral("-layout"), bench.folder.filePath(QStringLiteral("report2")),
                QStringLiteral("-")}});
        QVERIFY(text.ok());
        QVERIFY(text.standardOutput.contains("300 of 300 points are in PostgreSQL"));
        QVERIFY(text.standardOutput.contains("Page 1 of"));
    }
    QTest::mouseClick(bench.find<QPushButton>("copyCommandPushButton"), Qt::LeftButton);
    QVERIFY(QApplication::clipboard()->text().startsWith(QStringLiteral("qdrant2pg migrate --plan ")));
    QTest::mouseClick(bench.find<QPushButton>("openFolderPushButton"), Qt::LeftButton);
    QCOMPARE(bench.dialogs.shown.size(), 1);
    QVERIFY(QFile::exists(bench.dialogs.shown.first() + QStringLiteral("/report.html")));
}

void RunPagesTest::newMigrationBeginsAnew()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 50);
    reviewPlan(bench, {QStringLiteral("game")});
    QList<PageFactory> pages = runPages();
    pages.prepend(standardPages().first());
    bench.open(pages);
    QVERIFY2(bench.goTo(PageId::Report, 60'000), qPrintable(bench.trouble()));
    QTest::mouseClick(bench.find<QPushButton>("newMigrationPushButton"), Qt::LeftButton);
    QCOMPARE(bench.currentId(), PageId::Start);
    QVERIFY(!bench.draft.isCommitted());
}

void RunPagesTest::modelsAreConsistent()
{
    RunReport report;
    ReportCollection collection;
    collection.name = QStringLiteral("a");
    collection.source.value = 3;
    collection.stored.value = 2;
    collection.verification.level = QStringLiteral("full");
    collection.verification.result = QStringLiteral("different");
    collection.verification.mismatchCount = 5;
    collection.verification.mismatches = {{QStringLiteral("missing"), QStringLiteral("1"), {}, {}, {}}};
    report.collections << collection;
    MismatchModel mismatches;
    QAbstractItemModelTester first(&mismatches, QAbstractItemModelTester::FailureReportingMode::QtTest);
    mismatches.setReport(report);
    QCOMPARE(mismatches.rowCount(), 1);
    QCOMPARE(mismatches.total(), 5);
    ReconciliationModel numbers;
    QAbstractItemModelTester second(&numbers, QAbstractItemModelTester::FailureReportingMode::QtTest);
    numbers.setReport(report);
    QVERIFY(
        numbers.index(0, ReconciliationModel::AddsUp).data().toString().contains(QStringLiteral("1 point")));
    QCOMPARE(numbers.index(0, ReconciliationModel::TargetNow).data().toString(), QStringLiteral("not known"));
    VerificationModel results;
    QAbstractItemModelTester third(&results, QAbstractItemModelTester::FailureReportingMode::QtTest);
    results.setWaiting({QStringLiteral("a"), QStringLiteral("b")}, QStringLiteral("full"));
    results.setRunning(QStringLiteral("b"), 0.5, QStringLiteral("half"));
    QCOMPARE(results.index(1, VerificationModel::Share).data(VerificationModel::ShareRole).toDouble(), 0.5);
    results.setInterrupted(QStringLiteral("Cancelled"));
    QCOMPARE(results.index(0, VerificationModel::Result).data().toString(), QStringLiteral("Cancelled"));
    results.setReport(report);
    QCOMPARE(results.index(0, VerificationModel::Result).data().toString(), QStringLiteral("Different"));
}

void RunPagesTest::pagesCanBeLookedAt_data()
{
    QTest::addColumn<int>("theme");
    QTest::newRow("light") << static_cast<int>(Theme::Light);
    QTest::newRow("dark") << static_cast<int>(Theme::Dark);
}

void RunPagesTest::pagesCanBeLookedAt()
{
    QFETCH(int, theme);
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.theme.setTheme(static_cast<Theme>(theme));
    bench.addGameCollection("game", 6000);
    bench.addPoints("odd_values", strictRecipe,
        "[{\"id\":1,\"payload\":{\"t\":\"a\"},\"vector\":[1,0,0,0]},"
        "{\"id\":2,\"payload\":{\"t\":\"a\\u0000b\"},\"vector\":[0,1,0,0]}]");
    RunPlan plan;
    plan.pageBytes = 20'000;
    reviewPlan(bench, {QStringLiteral("game"), QStringLiteral("odd_values")}, plan);
    slowDown(bench, 30);
    bench.open(runPages());
    const QString suffix = QStringLiteral("-%1-%2")
                               .arg(QString::fromLatin1(QTest::currentDataTag()))
                               .arg(qRound(bench.wizard().devicePixelRatioF() * 100));
    auto* view = bench.find<RunView>("runView");
    QTRY_VERIFY_WITH_TIMEOUT(view->model().row(0, ProgressModel::Stage::Load).share > 0.4, 60'000);
    bench.grab(QStringLiteral("run-copying") + suffix);
    bench.server.faults().clear();
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Ended, 60'000);
    bench.grab(QStringLiteral("run-done") + suffix);
    QTest::mouseClick(bench.find<QPushButton>("rejectsPushButton"), Qt::LeftButton);
    auto* dialog = bench.current()->findChild<RejectsDialog*>();
    QTRY_COMPARE_WITH_TIMEOUT(dialog->model().rowCount(), 1, 20'000);
    QVERIFY(dialog->grab().save(QStringLiteral(QDRANT2PG_BINARY_DIR "/screens/rejects%1.png").arg(suffix)));
    dialog->close();
    QVERIFY2(bench.goTo(PageId::Verify), qPrintable(bench.trouble()));
    bench.grab(QStringLiteral("verify") + suffix);
    QVERIFY2(bench.goTo(PageId::Report), qPrintable(bench.trouble()));
    bench.grab(QStringLiteral("report") + suffix);
    auto* whole = bench.find<QWidget>("reportView");
    QVERIFY(
        whole->grab().save(QStringLiteral(QDRANT2PG_BINARY_DIR "/screens/report-whole%1.png").arg(suffix)));
    const QString pdf = QStringLiteral(QDRANT2PG_BINARY_DIR "/screens/report.pdf");
    QFile::remove(pdf);
    bench.dialogs.paths << pdf;
    bench.find<QAction>("exportPdfAction")->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(pdf), 20'000);
}

QTEST_MAIN(RunPagesTest)
#include "runpagestest.moc"
