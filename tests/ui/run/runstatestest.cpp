// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/run/runbench.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/statuslabel.h"
#include "ui/wizard/run/logview.h"
#include "ui/wizard/run/runview.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>

#include <algorithm>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

constexpr int points = 2000;

/// Opens the page Run on a slow run and waits until some of it is stored; null when that did not happen.
RunView* copying(WizardBench& bench, bool prefilled = true)
{
    bench.open(runPages(), prefilled);
    auto* view = bench.find<RunView>("runView");
    const auto some = [&] {
        return view->offer() == RunView::Offer::Pause
            && bench.find<QProgressBar>("dataProgressBar")->value() > 200;
    };
    return WizardBench::waitFor(some, 60'000) ? view : nullptr;
}

QString status(const WizardBench& bench)
{
    return bench.find<StatusLabel>("runStatusLabel")->text();
}

/// The least that the bar of the data has shown since.
class LeastOfBar {
public:
    explicit LeastOfBar(const WizardBench& bench)
        : m_bar(bench.find<QProgressBar>("dataProgressBar"))
        , m_least(m_bar->value())
    {
        m_connection = QObject::connect(m_bar, &QProgressBar::valueChanged, m_bar,
            [this](int value) { m_least = std::min(m_least, value); });
    }
    ~LeastOfBar() { QObject::disconnect(m_connection); }
    int value() const { return m_least; }

private:
    QProgressBar* m_bar;
    int m_least;
    QMetaObject::Connection m_connection;
};

} // namespace

/// What the page Run says on the way: pauses, stops, retries, an expired key, a resumed bar, title and log.
class RunStatesTest : public QObject {
    Q_OBJECT
private slots:
    void titleCarriesTheProgress();
    void pausingAndStoppingAreShown();
    void pagesBeingFinishedAreCounted();
    void escapeAsksAndKeepsRunning();
    void retriesAreVisible();
    void anExpiredKeyAsksForANewOne();
    void aResumedBarGoesOn();
    void aRunFromBeforeBeginsWhereItWas();
    void logIsFilteredSearchedAndCopied();
};

void RunStatesTest::titleCarriesTheProgress()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 30);
    RunView* view = copying(bench);
    QVERIFY2(view, qPrintable(bench.trouble()));
    const QString title = bench.wizard().windowTitle();
    QVERIFY2(title.contains(QStringLiteral(" %")) && title.endsWith(QStringLiteral("qdrant2pg")),
        qPrintable(title));
    bench.server.faults().clear();
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Ended, 60'000);
    QVERIFY2(
        !bench.wizard().windowTitle().contains(QLatin1Char('%')), qPrintable(bench.wizard().windowTitle()));
}

void RunStatesTest::pausingAndStoppingAreShown()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 100);
    RunView* view = copying(bench);
    QVERIFY2(view, qPrintable(bench.trouble()));
    QTest::mouseClick(bench.find<QPushButton>("pausePushButton"), Qt::LeftButton);
    QVERIFY2(status(bench).startsWith(QStringLiteral("Pausing")), qPrintable(status(bench)));
    QTRY_VERIFY_WITH_TIMEOUT(status(bench).startsWith(QStringLiteral("Paused")), 30'000);
    const QString atRest = bench.database.scalar("SELECT count(*) FROM game");
    QTest::mouseClick(bench.find<QPushButton>("continuePushButton"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Pause, 20'000);
    QVERIFY(atRest.toInt() < points);
    QTest::mouseClick(bench.find<QPushButton>("stopPushButton"), Qt::LeftButton);
    QVERIFY2(status(bench).startsWith(QStringLiteral("Stopping")), qPrintable(status(bench)));
    QVERIFY(!bench.find<QPushButton>("stopPushButton")->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Resume, 30'000);
    // One place says how it ended, and the next step is there.
    QVERIFY(bench.current()->messages().isShowing());
    QCOMPARE(bench.current()->messages().status(), Status::Note);
    QVERIFY(bench.find<QPushButton>("startRunPushButton")->isVisible());
}

void RunStatesTest::pagesBeingFinishedAreCounted()
{
    const WizardBench bench; // its plurals
    RunView view;
    MigrationPlan plan;
    plan.collections << CollectionPlan();
    view.setPlan(plan);
    const auto* label = view.findChild<StatusLabel*>(QStringLiteral("runStatusLabel"));
    RunProgress progress;
    progress.lanes = 4;
    progress.busyLanes = 3;
    view.setProgress(RunState::Pausing, progress, {});
    QVERIFY2(label->text().contains(QStringLiteral("finishing 3 pages")), qPrintable(label->text()));
    view.setProgress(RunState::Cancelling, progress, {});
    QVERIFY2(
        label->text().startsWith(QStringLiteral("Stopping: finishing 3 pages")), qPrintable(label->text()));
    view.setAborting(true);
    view.setProgress(RunState::Cancelling, progress, {});
    QVERIFY2(label->text().startsWith(QStringLiteral("Aborting")), qPrintable(label->text()));
    QVERIFY(label->text().contains(QStringLiteral("can be resumed")));
}

void RunStatesTest::escapeAsksAndKeepsRunning()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 30);
    RunView* view = copying(bench);
    QVERIFY2(view, qPrintable(bench.trouble()));
    bench.press(Qt::Key_Escape);
    QCOMPARE(bench.dialogs.questions.size(), 1);
    QVERIFY(bench.wizard().isVisible());
    QCOMPARE(view->offer(), RunView::Offer::Pause);
    bench.dialogs.answers << 0;
    bench.press(Qt::Key_Escape);
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Resume, 30'000);
    QVERIFY(bench.wizard().isVisible());
}

void RunStatesTest::retriesAreVisible()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 30);
    RunView* view = copying(bench);
    QVERIFY2(view, qPrintable(bench.trouble()));
    bench.server.faults().clear();
    demo::FaultRule rule;
    rule.operation = "scroll";
    rule.times = 0;
    rule.fault = demo::Fault::error(503, "Service unavailable");
    bench.server.faults().add(rule);
    auto* waiting = bench.find<QLabel>("waitingLabel");
    QTRY_VERIFY_WITH_TIMEOUT(
        waiting->isVisible() && waiting->text().contains(QStringLiteral("attempt")), 30'000);
    // Why, which attempt, when the next.
    QVERIFY2(waiting->text().contains(QStringLiteral("Qdrant")), qPrintable(waiting->text()));
    QVERIFY2(waiting->text().contains(QStringLiteral("next in")), qPrintable(waiting->text()));
    QTRY_VERIFY_WITH_TIMEOUT(
        bench.find<QLabel>("bottleneckLabel")->text().contains(QStringLiteral("retr")), 10'000);
    bench.grab(QStringLiteral("run-retrying"));
    bench.server.faults().clear();
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Ended, 90'000);
    QVERIFY(!waiting->isVisible());
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM game"), QString::number(points));
}

void RunStatesTest::anExpiredKeyAsksForANewOne()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", points);
    RunPlan plan;
    plan.pageBytes = 20'000;
    reviewPlan(bench, {QStringLiteral("game")}, plan);
    bench.draft.setSource(bench.draft.source(), "the-first-key");
    bench.server.setApiKeys("the-first-key");
    slowDown(bench, 30);
    RunView* view = copying(bench, false);
    QVERIFY2(view, qPrintable(bench.trouble()));
    auto* key = bench.find<QLineEdit>("newKeyLineEdit");
    QVERIFY(!key->isVisible());

    // The key is changed on the server in the middle of the run.
    bench.server.setApiKeys("the-second-key");
    QTRY_VERIFY_WITH_TIMEOUT(key->isVisible(), 60'000);
    QCOMPARE(bench.current()->messages().status(), Status::Problem);
    QCOMPARE(view->offer(), RunView::Offer::Resume);
    QTRY_VERIFY(key->hasFocus());
    const int stored = bench.database.scalar("SELECT count(*) FROM game").toInt();
    QVERIFY(stored > 0 && stored < points);
    bench.grab(QStringLiteral("run-new-key"));

    // A wrong one asks again; nothing is lost by it.
    bench.type(QStringLiteral("no-such-key"));
    bench.press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(!bench.current()->messages().isShowing() || !key->isVisible(), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(key->isVisible(), 60'000);
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM game").toInt(), stored);

    const LeastOfBar least(bench);
    const int before = least.value();
    QVERIFY(before > 0);
    bench.server.faults().clear();
    key->setFocus();
    bench.type(QStringLiteral("the-second-key"));
    bench.press(Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Ended, 90'000);
    QVERIFY(!key->isVisible());
    QVERIFY(key->text().isEmpty());
    QVERIFY2(least.value() >= before, qPrintable(QString::number(least.value())));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM game"), QString::number(points));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM qdrant2pg.run"), QStringLiteral("1"));
}

void RunStatesTest::aResumedBarGoesOn()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 30);
    RunView* view = copying(bench);
    QVERIFY2(view, qPrintable(bench.trouble()));
    QTest::mouseClick(bench.find<QPushButton>("stopPushButton"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Resume, 30'000);
    const LeastOfBar least(bench);
    const int before = least.value();
    QVERIFY(before > 0);
    bench.server.faults().clear();
    QTest::mouseClick(bench.find<QPushButton>("startRunPushButton"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Ended, 60'000);
    QVERIFY2(least.value() >= before, qPrintable(QString::number(least.value())));
}

void RunStatesTest::aRunFromBeforeBeginsWhereItWas()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 30);
    RunView* view = copying(bench);
    QVERIFY2(view, qPrintable(bench.trouble()));
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
    auto* bar = bench.find<QProgressBar>("dataProgressBar");
    QTRY_VERIFY_WITH_TIMEOUT(bar->value() > 0, 20'000);
    const QString said = bench.find<QLabel>("dataProgressLabel")->text();
    QVERIFY2(said.contains(QStringLiteral("from before")), qPrintable(said));
    const LeastOfBar least(bench);
    QTest::mouseClick(bench.find<QPushButton>("startRunPushButton"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Ended, 60'000);
    QVERIFY(least.value() > 0);
}

void RunStatesTest::logIsFilteredSearchedAndCopied()
{
    WizardBench bench;
    LogView view(bench.log, bench.dialogs);
    view.resize(600, 300);
    view.show();
    const QString category = QStringLiteral("qdrant2pg.test");
    bench.log.append(QtInfoMsg, category, QStringLiteral("an ordinary line"));
    bench.log.append(QtWarningMsg, category, QStringLiteral("a warning about tea"));
    bench.log.append(QtCriticalMsg, category, QStringLiteral("an error with coffee"));
    const auto shown = [&view] {
        return view.text()->toPlainText();
    };
    QTRY_VERIFY(shown().contains(QStringLiteral("coffee")));
    QVERIFY(shown().contains(QStringLiteral("ordinary")));
    auto* level = view.findChild<QComboBox*>(QStringLiteral("logLevelComboBox"));
    level->setCurrentIndex(2);
    QVERIFY(!shown().contains(QStringLiteral("ordinary")));
    QVERIFY(shown().contains(QStringLiteral("tea")));
    level->setCurrentIndex(3);
    QVERIFY(!shown().contains(QStringLiteral("tea")));
    level->setCurrentIndex(0);
    auto* search = view.findChild<QLineEdit*>(QStringLiteral("logSearchLineEdit"));
    search->setText(QStringLiteral("TEA"));
    QCOMPARE(shown().count(QLatin1Char('\n')), 0);
    QVERIFY(shown().contains(QStringLiteral("tea")));
    view.findChild<QPushButton*>(QStringLiteral("logCopyPushButton"))->click();
    QCOMPARE(QApplication::clipboard()->text(), shown());
    search->clear();

    // Following keeps the end in view; else what is read stays where it is.
    auto* follow = view.findChild<QCheckBox*>(QStringLiteral("logFollowCheckBox"));
    QScrollBar* bar = view.text()->verticalScrollBar();
    for (int i = 0; i < 100; ++i)
        bench.log.append(QtInfoMsg, category, QStringLiteral("line %1").arg(i));
    QTRY_VERIFY(shown().contains(QStringLiteral("line 99")));
    QCOMPARE(bar->value(), bar->maximum());
    follow->setChecked(false);
    bar->setValue(5);
    bench.log.append(QtInfoMsg, category, QStringLiteral("one more"));
    QTRY_VERIFY(shown().contains(QStringLiteral("one more")));
    QCOMPARE(bar->value(), 5);
    follow->setChecked(true);
    QCOMPARE(bar->value(), bar->maximum());

    view.setFile(bench.folder.filePath(QStringLiteral("run.log")));
    view.findChild<QPushButton*>(QStringLiteral("logOpenPushButton"))->click();
    QCOMPARE(bench.dialogs.shown, QStringList(bench.folder.filePath(QStringLiteral("run.log"))));
}

QTEST_MAIN(RunStatesTest)
#include "runstatestest.moc"
