// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/testprocess.h"
#include "tests/ui/run/runbench.h"
#include "ui/models/runrecordmodel.h"
#include "ui/services/runrecords.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/run/runview.h"
#include "ui/wizard/verify/verificationmodel.h"

#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QTest>

#include <csignal>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// What earlier runs left, from the first page on: one that was killed is continued, reports are opened and
/// brought up to date.
class ResumeTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void aKilledRunIsOfferedAndFinished();
    void aReportOfTheListIsShown();
    void aReportFileIsShown();
    void aFileThatIsNoReportIsRefused();
    void aRunIsComparedAgainFromItsReport();

private:
    /// A run to its report, through the window, which is closed; the report's path.
    static QString migrate(WizardBench& bench);
    static void startOver(WizardBench& bench);
    static bool listed(WizardBench& bench, const char* table);
};

void ResumeTest::init()
{
    QDir(defaultRunsFolder()).removeRecursively();
}

QString ResumeTest::migrate(WizardBench& bench)
{
    bench.addGameCollection("game", 300);
    reviewPlan(bench, {QStringLiteral("game")});
    bench.open(runPages());
    if (!bench.goTo(PageId::Report, 60'000))
        qFatal("%s", qPrintable(bench.trouble()));
    const QString report = defaultRunsFolder() + QLatin1Char('/')
        + QDir(defaultRunsFolder()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).value(0)
        + QStringLiteral("/report.json");
    if (!WizardBench::waitFor([&] { return QFile::exists(report); }))
        qFatal("no report at %s", qPrintable(report));
    startOver(bench);
    return report;
}

void ResumeTest::startOver(WizardBench& bench)
{
    bench.close();
    bench.draft.setCommitted(false);
    bench.draft.startNew();
    bench.draft.setSelected({});
    bench.open();
}

bool ResumeTest::listed(WizardBench& bench, const char* table)
{
    return WizardBench::waitFor([&] {
        auto* view = bench.find<QTableView>(table);
        return view->isVisible() && view->model()->rowCount() > 0;
    });
}

void ResumeTest::aKilledRunIsOfferedAndFinished()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 2000);
    slowDown(bench, 100);
    {
        TestProcess program({.program = QStringLiteral("qdrant2pg"),
            .arguments = {QStringLiteral("migrate"), QStringLiteral("--collection"), QStringLiteral("game"),
                QStringLiteral("--page-bytes"), QStringLiteral("20000"), QStringLiteral("--lanes"),
                QStringLiteral("1")},
            .environment = {QStringLiteral("QDRANT_URL=") + QString::fromStdString(bench.server.url()),
                QStringLiteral("DATABASE_URL=") + bench.database.url()}});
        const bool copying = WizardBench::waitFor(
            [&] {
                const auto rows = bench.database.rows("SELECT to_regclass('qdrant2pg.range') IS NOT NULL");
                return rows.front().front() == QLatin1String("t")
                    && bench.database.scalar("SELECT coalesce(sum(rows), 0) > 100 FROM qdrant2pg.range")
                    == QLatin1String("t");
            },
            60'000);
        QVERIFY2(copying, program.standardError().constData());
        QVERIFY(program.isRunning());
        QVERIFY(program.sendSignal(SIGKILL));
        (void)program.waitForEnd();
    }
    bench.server.faults().clear();
    const qint64 stored = bench.database.scalar("SELECT count(*) FROM game").toLongLong();
    QVERIFY(stored > 0 && stored < 2000);

    bench.open();
    QVERIFY2(listed(bench, "resumeTableView"), qPrintable(bench.trouble()));
    QVERIFY(!bench.find<QTableView>("reportsTableView")->isVisible());
    bench.grab(QStringLiteral("start-crashed"));
    bench.find<QPushButton>("resumePushButton")->click();
    QVERIFY2(WizardBench::waitFor([&] { return bench.currentId() == PageId::Source; }),
        qPrintable(bench.trouble()));
    QCOMPARE(bench.draft.source().url, QString::fromStdString(bench.server.url()));
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Target);
    // A plan holds no password.
    bench.draft.setTarget(bench.draft.target(), bench.database.options().password);
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Run);
    auto* view = bench.find<RunView>("runView");
    QCOMPARE(view->offer(), RunView::Offer::StartReady);
    bench.find<QPushButton>("startRunPushButton")->click();
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Ended, 120'000);
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM game"), QStringLiteral("2000"));
    QVERIFY2(bench.goTo(PageId::Report, 60'000), qPrintable(bench.trouble()));
    QVERIFY(bench.find<QLabel>("verdictLabel")->text().contains(QStringLiteral("identical")));
    // It is no longer offered.
    startOver(bench);
    QVERIFY2(listed(bench, "reportsTableView"), qPrintable(bench.trouble()));
    QVERIFY(!bench.find<QTableView>("resumeTableView")->isVisible());
}

void ResumeTest::aReportOfTheListIsShown()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    migrate(bench);
    QVERIFY2(listed(bench, "reportsTableView"), qPrintable(bench.trouble()));
    bench.find<QPushButton>("showReportPushButton")->click();
    QCOMPARE(bench.currentId(), PageId::Report);
    QTRY_VERIFY(bench.find<QLabel>("verdictLabel")->text().contains(QStringLiteral("300 of 300 points")));
    bench.find<QPushButton>("openFolderPushButton")->click();
    QCOMPARE(bench.dialogs.shown.size(), 1);
    QVERIFY(QFile::exists(bench.dialogs.shown.first() + QStringLiteral("/report.html")));
    bench.find<QPushButton>("newMigrationPushButton")->click();
    QCOMPARE(bench.currentId(), PageId::Start);
    QCOMPARE(bench.draft.startChoice(), StartChoice::NewMigration);
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Source);
}

void ResumeTest::aReportFileIsShown()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const QString report = migrate(bench);
    const QString elsewhere = bench.folder.filePath(QStringLiteral("sent.json"));
    QVERIFY(QFile::copy(report, elsewhere));
    bench.dialogs.paths << elsewhere;
    bench.find<QPushButton>("openReportPushButton")->click();
    QTRY_COMPARE(bench.currentId(), PageId::Report);
    QTRY_VERIFY(bench.find<QLabel>("verdictLabel")->text().contains(QStringLiteral("300 of 300 points")));
    // Its folder has no plan to run again.
    QVERIFY(!bench.find<QPushButton>("copyCommandPushButton")->isEnabled());
}

void ResumeTest::aFileThatIsNoReportIsRefused()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    const QString path = bench.folder.filePath(QStringLiteral("other.json"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"some\": \"thing\"}");
    file.close();
    bench.dialogs.paths << path;
    bench.find<QPushButton>("openReportPushButton")->click();
    QTRY_VERIFY(bench.current()->messages().isShowing());
    QCOMPARE(bench.currentId(), PageId::Start);
    QCOMPARE(bench.current()->messages().status(), Status::Problem);
}

void ResumeTest::aRunIsComparedAgainFromItsReport()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const QString path = migrate(bench);
    QVERIFY(bench.database.execute("DELETE FROM game WHERE id = (SELECT min(id::text)::uuid FROM game)"));
    QVERIFY2(listed(bench, "reportsTableView"), qPrintable(bench.trouble()));
    bench.find<QPushButton>("showReportPushButton")->click();
    QCOMPARE(bench.currentId(), PageId::Report);
    QTRY_VERIFY(bench.find<QPushButton>("verifyAgainPushButton")->isVisible());
    bench.find<QPushButton>("verifyAgainPushButton")->click();
    QCOMPARE(bench.currentId(), PageId::Source);
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Target);
    bench.draft.setTarget(bench.draft.target(), bench.database.options().password);
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Verify);
    auto* compare = bench.find<QPushButton>("compareAgainPushButton");
    QTRY_VERIFY_WITH_TIMEOUT(compare->isEnabled(), 20'000);
    auto* level = bench.find<QComboBox>("levelComboBox");
    level->setCurrentIndex(level->findData(QStringLiteral("full")));
    bench.current()->messages().clear();
    compare->click();
    QVERIFY2(WizardBench::waitFor([&] { return bench.current()->messages().isShowing(); }, 60'000),
        qPrintable(bench.trouble()));
    QVERIFY2(bench.current()->messages().status() == Status::Problem, qPrintable(bench.trouble()));
    QCOMPARE(bench.find<QTableView>("mismatchesTableView")->model()->rowCount(), 1);
    // The report of that run says so from now on, here and in its folder.
    QVERIFY2(bench.goTo(PageId::Report), qPrintable(bench.trouble()));
    QVERIFY(!bench.find<QLabel>("verdictLabel")->text().contains(QStringLiteral("identical")));
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            const auto report = readReportFile(path);
            return report && report->isDifferent();
        }(),
        20'000);
}

QTEST_MAIN(ResumeTest)
#include "resumetest.moc"
