// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/planjson.h"
#include "tests/ui/support/wizardbench.h"
#include "ui/services/plantext.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/review/estimatemodel.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The Review page on a stand-in and a real PostgreSQL.
class ReviewTest : public QObject {
    Q_OBJECT
private slots:
    void saysWhatWillBeDone();
    void warningsAreAcknowledged();
    void aProblemBlocksAndItsFixHelps();
    void aReplacedTableIsNamed();
    void runOptionsReachThePlan();
    void showWhereLeadsToTheField();
    void planAndCommandLineHoldNoSecret();
    void cancelSaysSo();
    void anUnreachableTargetCanBeTriedAgain();
    void timesAreRangesOfTwoKinds();
    void acknowledgementsBelongToTheirGroup();
    void whatRunsIsWhatWasReviewedAndOnce();
    void aFindingAboutTheViewsLeadsThere();
};

namespace {

/// A picture for people to look at, after what is pending has been laid out.
void shoot(const WizardBench& bench, const QString& name)
{
    QTest::qWait(50);
    bench.grab(name);
}

bool checked(const WizardBench& bench)
{
    return WizardBench::waitFor([&] {
        return bench.current()->state() == BasePage::State::Ready
            || bench.current()->state() == BasePage::State::Blocked;
    });
}

QString verdict(const WizardBench& bench)
{
    return bench.find<QLabel>("verdictLabel")->text();
}

void acknowledgeAll(const WizardBench& bench)
{
    const auto boxes = bench.current()->findChildren<QCheckBox*>();
    for (QCheckBox* box : boxes) {
        if (box->objectName().startsWith(QLatin1String("acknowledge")))
            box->setChecked(true);
    }
}

/// Its ids are UUIDs and the plan says bigint: a problem with a fix.
CollectionPlan withProblem(const WizardBench& bench)
{
    CollectionPlan plan = *bench.draft.collection(QStringLiteral("game"));
    plan.id.type = IdType::Bigint;
    return plan;
}

/// Mapping blocks such a plan; Review has to know it too, since tables change and the person may go back.
bool jumpToReview(WizardBench& bench, const CollectionPlan& plan)
{
    if (!bench.goTo(PageId::Review) || !checked(bench))
        return false;
    bench.draft.editCollection(plan, QStringLiteral("test"));
    bench.find<QPushButton>("checkAgainPushButton")->click();
    return bench.current()->state() == BasePage::State::Checking && checked(bench);
}

} // namespace

void ReviewTest::saysWhatWillBeDone()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 120);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Review), qPrintable(bench.trouble()));
    QVERIFY2(checked(bench), qPrintable(bench.trouble()));
    QVERIFY(bench.find<QLabel>("summaryLabel")->text().startsWith(QStringLiteral("120 points of game")));
    QVERIFY(bench.find<QLabel>("stepsLabel")->text().contains(QStringLiteral("public.game")));
    QVERIFY(bench.find<QLabel>("needsLabel")->text().contains(QStringLiteral("on disk")));
    QCOMPARE(bench.find<QTableView>("estimateTableView")->model()->rowCount(), 1);
    QVERIFY(bench.find<QPlainTextEdit>("ddlPlainTextEdit")
                ->toPlainText()
                .contains(QStringLiteral("CREATE TABLE")));
    QVERIFY(bench.find<QLabel>("planHashLabel")->toolTip() == planHash(bench.draft.plan()));
    QCOMPARE(bench.wizard().buttonText(QWizard::CommitButton).remove(QLatin1Char('&')),
        QStringLiteral("Start migration"));
    // Looking changed nothing.
    QCOMPARE(
        bench.database.scalar(
            "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"),
        QStringLiteral("0"));
    shoot(bench, QStringLiteral("review-light"));
    auto* area = bench.find<QScrollArea>("pageScrollArea");
    area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum());
    shoot(bench, QStringLiteral("review-light-end"));
    bench.theme.setTheme(Theme::Dark);
    area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum() / 2);
    shoot(bench, QStringLiteral("review-dark"));
}

void ReviewTest::warningsAreAcknowledged()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    CollectionPlan plan = *bench.draft.collection(QStringLiteral("game"));
    plan.vectors.first().type = QStringLiteral("halfvec");
    for (IndexPlan& index : plan.indexes)
        index.opclass.replace(QStringLiteral("vector_"), QStringLiteral("halfvec_"));
    QVERIFY2(jumpToReview(bench, plan), qPrintable(bench.trouble()));
    QCOMPARE(bench.current()->state(), BasePage::State::Blocked);
    QVERIFY(!bench.wizard().button(QWizard::CommitButton)->isEnabled());
    QVERIFY(verdict(bench).contains(QStringLiteral("acknowledged")));
    auto* box = bench.find<QCheckBox>("acknowledgeWillChangeCheckBox");
    QVERIFY(box);
    shoot(bench, QStringLiteral("review-warnings"));
    acknowledgeAll(bench);
    QCOMPARE(bench.current()->state(), BasePage::State::Ready);
    box->setChecked(false);
    QCOMPARE(bench.current()->state(), BasePage::State::Blocked);
}

void ReviewTest::aProblemBlocksAndItsFixHelps()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    QVERIFY2(jumpToReview(bench, withProblem(bench)), qPrintable(bench.trouble()));
    QCOMPARE(bench.current()->state(), BasePage::State::Blocked);
    QVERIFY(verdict(bench).contains(QStringLiteral("cannot run")));
    QVERIFY(!bench.wizard().button(QWizard::CommitButton)->isEnabled());
    shoot(bench, QStringLiteral("review-blocked"));
    auto* fix = bench.find<QPushButton>("fix0PushButton");
    QVERIFY(fix);
    QVERIFY(fix->accessibleDescription().contains(QStringLiteral("uuid")));
    fix->click();
    QVERIFY(bench.draft.collection(QStringLiteral("game"))->id.type == IdType::Uuid);
    QVERIFY(checked(bench));
    acknowledgeAll(bench);
    QCOMPARE(bench.current()->state(), BasePage::State::Ready);
}

void ReviewTest::aReplacedTableIsNamed()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    QVERIFY(bench.database.execute("CREATE TABLE game (something int)"));
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    CollectionPlan plan = *bench.draft.collection(QStringLiteral("game"));
    plan.mode = TableMode::Replace;
    bench.draft.editCollection(plan, QStringLiteral("test"));
    QVERIFY2(bench.goTo(PageId::Review) && checked(bench), qPrintable(bench.trouble()));
    acknowledgeAll(bench);
    QCOMPARE(bench.current()->state(), BasePage::State::Blocked);
    auto* field = bench.find<QLineEdit>("confirmTableLineEdit");
    QVERIFY(field);
    QTest::keyClicks(field, QStringLiteral("gam"));
    QCOMPARE(bench.current()->state(), BasePage::State::Blocked);
    QTest::keyClicks(field, QStringLiteral("e"));
    QCOMPARE(bench.current()->state(), BasePage::State::Ready);
    bench.find<QPushButton>("copyCommandPushButton")->click();
    QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("--confirm game")));
}

void ReviewTest::runOptionsReachThePlan()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Review), qPrintable(bench.trouble()));
    QVERIFY(checked(bench));
    acknowledgeAll(bench);
    auto* verify = bench.find<QComboBox>("verifyComboBox");
    verify->setCurrentIndex(verify->findData(static_cast<int>(VerifyLevel::Full)));
    bench.find<QSpinBox>("lanesSpinBox")->setValue(3);
    QVERIFY(bench.draft.run().verify == VerifyLevel::Full);
    QCOMPARE(bench.draft.run().lanes, 3);
    // What was found out about the servers still holds, and the page shows the plan as it is now.
    QCOMPARE(bench.current()->state(), BasePage::State::Ready);
    QCOMPARE(bench.find<QLabel>("planHashLabel")->toolTip(), planHash(bench.draft.plan()));
    QVERIFY2(bench.back(), qPrintable(bench.trouble()));
    QVERIFY2(bench.goTo(PageId::Review), qPrintable(bench.trouble()));
    QCOMPARE(bench.find<QSpinBox>("lanesSpinBox")->value(), 3);
}

void ReviewTest::showWhereLeadsToTheField()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    QVERIFY2(jumpToReview(bench, withProblem(bench)), qPrintable(bench.trouble()));
    auto* show = bench.find<QPushButton>("show0PushButton");
    QVERIFY(show);
    show->click();
    QVERIFY(WizardBench::waitFor([&] { return bench.currentId() == PageId::Mapping; }));
    auto* view = bench.find<QTableView>("mappingTableView");
    QCOMPARE(view->currentIndex().siblingAtColumn(0).data().toString(), QStringLiteral("Point id"));
}

void ReviewTest::planAndCommandLineHoldNoSecret()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Review), qPrintable(bench.trouble()));
    QVERIFY(checked(bench));
    const QByteArray canary = bench.draft.targetPassword();
    QVERIFY(!canary.isEmpty());
    auto* copy = bench.find<QPushButton>("copyCommandPushButton");
    copy->click();
    const QString command = QApplication::clipboard()->text();
    QVERIFY(command.startsWith(QStringLiteral("qdrant2pg migrate --source")));
    QVERIFY(command.contains(QStringLiteral("--collection game")));
    QVERIFY(!command.contains(QString::fromUtf8(canary)));

    const QString path = bench.folder.filePath(QStringLiteral("a plan.json"));
    bench.dialogs.paths << path;
    bench.find<QPushButton>("savePlanPushButton")->click();
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray json = file.readAll();
    QVERIFY(!json.contains(canary));
    const auto saved = planFromJson(json);
    QVERIFY(saved);
    QCOMPARE(planHash(*saved), planHash(bench.draft.plan()));
    copy->click();
    QCOMPARE(QApplication::clipboard()->text(),
        QStringLiteral("qdrant2pg migrate --plan %1").arg(shellWord(path)));

    // An edited plan is not in that file any more.
    CollectionPlan plan = *bench.draft.collection(QStringLiteral("game"));
    plan.vectors.first().column = QStringLiteral("v");
    plan.indexes.clear();
    bench.draft.editCollection(plan, QStringLiteral("test"));
    copy->click();
    QVERIFY(bench.find<QLabel>("planDoneLabel")->text().contains(QStringLiteral("save the plan first")));

    const QString sql = bench.folder.filePath(QStringLiteral("plan.sql"));
    bench.dialogs.paths << sql;
    bench.find<QPushButton>("saveSqlPushButton")->click();
    QVERIFY(QFile::exists(sql));
}

void ReviewTest::cancelSaysSo()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Review), qPrintable(bench.trouble()));
    QVERIFY(checked(bench));
    bench.find<QPushButton>("checkAgainPushButton")->click();
    QCOMPARE(bench.current()->state(), BasePage::State::Checking);
    bench.press(Qt::Key_Escape);
    QVERIFY(bench.current()->messages().summary().contains(QStringLiteral("cancelled")));
    QVERIFY(bench.current()->state() != BasePage::State::Checking);
}

void ReviewTest::anUnreachableTargetCanBeTriedAgain()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Review), qPrintable(bench.trouble()));
    QVERIFY(checked(bench));
    bench.server.stop();
    bench.find<QPushButton>("checkAgainPushButton")->click();
    QVERIFY(WizardBench::waitFor([&] { return bench.current()->state() == BasePage::State::Idle; }));
    QVERIFY(bench.current()->messages().isShowing());
    QVERIFY(!bench.current()->messages().summary().isEmpty());
    QVERIFY(bench.find<QPushButton>("tryAgainPushButton"));
    // What was known before is not taken for the truth.
    QVERIFY(bench.current()->stepChoice().isEmpty());
}

void ReviewTest::timesAreRangesOfTwoKinds()
{
    using namespace std::chrono_literals;
    QCOMPARE(roughTime({1s, 4s}), QString::fromUtf8("\xe2\x89\x88 1.0 s to 4.0 s"));
    QCOMPARE(roughTime({4s, 4s}), QString::fromUtf8("\xe2\x89\x88 4.0 s"));
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 500);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Review), qPrintable(bench.trouble()));
    QVERIFY2(checked(bench), qPrintable(bench.trouble()));
    const QString needs = bench.find<QLabel>("needsLabel")->text();
    QVERIFY2(needs.contains(QStringLiteral("by the pages just read")), qPrintable(needs));
    QVERIFY2(needs.contains(QStringLiteral("Indexes ready")), qPrintable(needs));
    const auto* table = bench.find<QTableView>("estimateTableView")->model();
    for (const int column : {EstimateModel::DataTime, EstimateModel::IndexTime})
        QVERIFY(!table->index(0, column).data().toString().isEmpty());
}

void ReviewTest::acknowledgementsBelongToTheirGroup()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    CollectionPlan plan = *bench.draft.collection(QStringLiteral("game"));
    plan.vectors.first().type = QStringLiteral("halfvec");
    for (IndexPlan& index : plan.indexes)
        index.opclass.replace(QStringLiteral("vector_"), QStringLiteral("halfvec_"));
    QVERIFY2(jumpToReview(bench, plan), qPrintable(bench.trouble()));
    acknowledgeAll(bench);
    QCOMPARE(bench.current()->state(), BasePage::State::Ready);
    // A warning that comes later was not acknowledged with the others.
    plan.vectors.clear();
    plan.indexes.clear();
    bench.draft.editCollection(plan, QStringLiteral("test"));
    bench.find<QPushButton>("checkAgainPushButton")->click();
    QVERIFY(checked(bench));
    QCOMPARE(bench.current()->state(), BasePage::State::Blocked);
}

void ReviewTest::whatRunsIsWhatWasReviewedAndOnce()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Review), qPrintable(bench.trouble()));
    QVERIFY(checked(bench));
    acknowledgeAll(bench);
    const QString reviewed = bench.find<QLabel>("planHashLabel")->toolTip();
    auto* commit = bench.wizard().button(QWizard::CommitButton);
    QVERIFY(commit->isEnabled());
    commit->click();
    commit->click();
    QVERIFY(WizardBench::waitFor([&] { return bench.currentId() == PageId::Run; }));
    QVERIFY2(WizardBench::waitFor([&] { return bench.current()->messages().isShowing(); }, 60'000),
        qPrintable(bench.trouble()));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM qdrant2pg.run"), QStringLiteral("1"));
    QCOMPARE(bench.database.scalar("SELECT plan_hash FROM qdrant2pg.run"), reviewed);
}

void ReviewTest::aFindingAboutTheViewsLeadsThere()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    QVERIFY(bench.database.execute("CREATE TABLE lore (x int)"));
    bench.open();
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    CollectionPlan plan = *bench.draft.collection(QStringLiteral("game"));
    plan.aliasViews = QStringList{QStringLiteral("lore")};
    QVERIFY2(jumpToReview(bench, plan), qPrintable(bench.trouble()));
    QCOMPARE(bench.current()->state(), BasePage::State::Blocked);
    auto* show = bench.find<QPushButton>("show0PushButton");
    QVERIFY(show);
    show->click();
    QVERIFY(WizardBench::waitFor([&] { return bench.currentId() == PageId::Mapping; }));
    QCOMPARE(bench.find<QTabWidget>("mappingTabWidget")->currentIndex(), 2);
    QTRY_VERIFY(bench.find<QPlainTextEdit>("aliasViewsPlainTextEdit")->hasFocus());
}

QTEST_MAIN(ReviewTest)
#include "reviewtest.moc"
