// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/run/runbench.h"
#include "tests/ui/screens/looker.h"
#include "ui/models/collectionsmodel.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/run/rejectsdialog.h"
#include "ui/wizard/run/runview.h"

#include <QDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

const char* const fourNumbers = "{\"vectors\":{\"size\":4,\"distance\":\"Dot\"}}";
/// Two good points and two that PostgreSQL cannot store.
const char* const troublesome = "[{\"id\":1,\"payload\":{\"t\":\"a\"},\"vector\":[1,0,0,0]},"
                                "{\"id\":2,\"payload\":{\"t\":\"a\\u0000b\"},\"vector\":[0,1,0,0]},"
                                "{\"id\":3,\"payload\":{\"t\":\"c\"},\"vector\":[0,1,0,0]},"
                                "{\"id\":4,\"payload\":{\"t\":\"d\"},\"vector\":[1e39,1,0,0]}]";
constexpr int manyCollections = 40;
constexpr int longestName = 200;

void click(const WizardBench& bench, const char* button)
{
    bench.find<QAbstractButton>(button)->click();
}

void stallEverything(WizardBench& bench, const char* operation)
{
    demo::FaultRule rule;
    rule.operation = operation;
    rule.times = 0;
    rule.fault = demo::Fault::stallAt(-1);
    bench.server.faults().add(rule);
}

void endStalls(WizardBench& bench)
{
    bench.server.faults().clear();
    bench.server.releaseStalls();
}

bool hasMessage(const WizardBench& bench, Status status)
{
    return WizardBench::waitFor(
        [&] {
            const MessageBar& bar = bench.current()->messages();
            return bar.isShowing() && bar.status() == status;
        },
        60'000);
}

} // namespace

/// The states that a happy walk does not meet: checking, cancelled, blocked, failed, empty, crowded. Each is
/// brought about, shown in light and English and in dark with long texts in the smallest window, and nothing
/// may be clipped. Pictures: `screens/<scale>/states` of the build folder.
class StatesTest : public QObject {
    Q_OBJECT
private slots:
    void theEnds();
    void longWordsOfAServer();
    void anEmptyServer();
    void manyLongNames();
    void blockedPages();
    void runsThatWaitAndFail();
    void rejectsAndMismatches();
    void help();
};

#define QDRANT2PG_NOTHING_CLIPPED(looker)                                                                    \
    QVERIFY2((looker).problems().isEmpty(),                                                                  \
        qPrintable(QLatin1Char('\n') + (looker).problems().join(QLatin1Char('\n'))))

void StatesTest::theEnds()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 20);
    bench.open();
    Looker looker(bench, QStringLiteral("states"));
    QVERIFY2(bench.goTo(PageId::Source), qPrintable(bench.trouble()));
    click(bench, "advancedToolButton");
    looker.lookTwice(QStringLiteral("source-advanced"));
    click(bench, "advancedToolButton");
    stallEverything(bench, "");
    bench.current()->check();
    QVERIFY(WizardBench::waitFor([&] { return bench.server.stalled() > 0; }));
    looker.lookTwice(QStringLiteral("source-checking"));
    QCOMPARE(bench.current()->state(), BasePage::State::Checking);
    bench.press(Qt::Key_Escape);
    QVERIFY(hasMessage(bench, Status::Note));
    looker.lookTwice(QStringLiteral("source-cancelled"));
    endStalls(bench);

    SourcePlan closed = bench.draft.source();
    const SourcePlan good = closed;
    closed.url = QStringLiteral("http://127.0.0.1:1");
    bench.draft.setSource(closed, {});
    bench.current()->entered();
    bench.current()->check();
    QVERIFY(hasMessage(bench, Status::Problem));
    looker.lookTwice(QStringLiteral("source-problem"));
    bench.draft.setSource(good, {});
    bench.current()->entered();
    bench.current()->check();
    QVERIFY(WizardBench::waitFor([&] { return bench.current()->state() == BasePage::State::Ready; }));
    looker.lookTwice(QStringLiteral("source-ready"));

    QVERIFY2(bench.goTo(PageId::Target), qPrintable(bench.trouble()));
    bench.current()->check();
    QVERIFY(WizardBench::waitFor([&] { return bench.current()->state() == BasePage::State::Ready; }));
    looker.lookTwice(QStringLiteral("target-ready"));
    click(bench, "advancedToolButton");
    looker.lookTwice(QStringLiteral("target-advanced"));
    TargetPlan elsewhere = bench.draft.target();
    elsewhere.conninfo += QStringLiteral(" dbname=a_database_that_is_not_there");
    bench.draft.setTarget(elsewhere, bench.draft.targetOptions().password);
    bench.current()->entered();
    bench.current()->check();
    QVERIFY(hasMessage(bench, Status::Problem));
    click(bench, "messageDetailsToolButton");
    looker.lookTwice(QStringLiteral("target-problem"));
    QDRANT2PG_NOTHING_CLIPPED(looker);
}

void StatesTest::longWordsOfAServer()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    Looker looker(bench, QStringLiteral("states"));
    QVERIFY2(bench.goTo(PageId::Source), qPrintable(bench.trouble()));
    Error error = makeError(ErrorKind::Protocol,
        QStringLiteral(
            "The server at https://a.rather.long.name.of.a.host.in.a.private.network.example.com:6333 "
            "answered with something that is no answer of Qdrant's."),
        QStringLiteral("Service unavailable: ")
            + QStringLiteral("shard 3 of collection game_collection has no active replica; ").repeated(60));
    error.hint = QStringLiteral("Look at the server's log. A proxy in between often has a page of its own, "
                                "which this answer may be.");
    error.httpStatus = 503;
    bench.current()->messages().showError(error);
    bench.current()->messages().addAction(
        QStringLiteral("tryAgainPushButton"), QStringLiteral("&Try again"), [] {});
    click(bench, "messageDetailsToolButton");
    looker.lookTwice(QStringLiteral("long-details"));
    QDRANT2PG_NOTHING_CLIPPED(looker);
}

void StatesTest::anEmptyServer()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    Looker looker(bench, QStringLiteral("states"));
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    looker.lookTwice(QStringLiteral("collections-empty"));
    QDRANT2PG_NOTHING_CLIPPED(looker);
}

void StatesTest::manyLongNames()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::Recipe recipe;
    recipe.points = 5;
    recipe.dimensions = 4;
    for (int i = 1; i < manyCollections; ++i)
        bench.addCollection(
            qPrintable(QStringLiteral("tenant_%1_documents").arg(i, 3, 10, QLatin1Char('0'))), recipe);
    const QByteArray longName = QByteArrayLiteral("a_name_that_goes_on_").repeated(longestName / 20);
    bench.addCollection(longName.constData(), recipe);
    bench.open();
    Looker looker(bench, QStringLiteral("states"));
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    auto* table = bench.find<QTableView>("collectionsTableView");
    auto* model =
        qobject_cast<CollectionsModel*>(qobject_cast<QSortFilterProxyModel*>(table->model())->sourceModel());
    const auto last = [&] {
        return model->entry(model->rowOf(QString::fromLatin1(longName)));
    };
    QVERIFY(WizardBench::waitFor([&] { return last() && last()->info.has_value(); }));
    CollectionEntry entry = *last();
    entry.exactCount = 87'654'321;
    model->setEntry(entry);
    click(bench, "selectAllPushButton");
    looker.lookTwice(QStringLiteral("collections-many"));
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    looker.lookTwice(QStringLiteral("mapping-many"));
    QVERIFY2(bench.goTo(PageId::Review), qPrintable(bench.trouble()));
    QVERIFY(
        WizardBench::waitFor([&] { return bench.current()->state() != BasePage::State::Checking; }, 60'000));
    looker.lookTwice(QStringLiteral("review-many"));
    for (const PageId id : {PageId::Run, PageId::Verify, PageId::Report}) {
        QVERIFY2(bench.goTo(id), qPrintable(bench.trouble()));
        looker.lookTwice(QStringLiteral("%1-many").arg(bench.current()->objectName()));
    }
    QDRANT2PG_NOTHING_CLIPPED(looker);
}

void StatesTest::blockedPages()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 50);
    bench.addPoints("bad", fourNumbers, troublesome);
    bench.open();
    Looker looker(bench, QStringLiteral("states"));
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    bench.find<QTabWidget>("mappingResultTabWidget")->setCurrentIndex(1);
    bench.find<QTabWidget>("mappingTabWidget")->setCurrentIndex(1);
    QTest::qWait(300);
    looker.lookTwice(QStringLiteral("mapping-rows"));
    QVERIFY2(bench.goTo(PageId::Review), qPrintable(bench.trouble()));
    const auto settled = [&] {
        return bench.current()->state() != BasePage::State::Checking;
    };
    QVERIFY(WizardBench::waitFor(settled, 60'000));
    stallEverything(bench, "");
    click(bench, "checkAgainPushButton");
    looker.lookTwice(QStringLiteral("review-checking"));
    endStalls(bench);
    QVERIFY(WizardBench::waitFor(settled, 60'000));
    QVERIFY(bench.database.execute("CREATE TABLE game (x int)"));
    QVERIFY(bench.database.execute("INSERT INTO game VALUES (1)"));
    click(bench, "checkAgainPushButton");
    QVERIFY(
        WizardBench::waitFor([&] { return bench.current()->state() == BasePage::State::Blocked; }, 60'000));
    looker.lookTwice(QStringLiteral("review-blocked"));
    QVERIFY(bench.back());
    bench.current()->check();
    QVERIFY(
        WizardBench::waitFor([&] { return bench.current()->state() == BasePage::State::Blocked; }, 60'000));
    looker.lookTwice(QStringLiteral("mapping-blocked"));
    QDRANT2PG_NOTHING_CLIPPED(looker);
}

void StatesTest::runsThatWaitAndFail()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 60);
    bench.open(runPages());
    Looker looker(bench, QStringLiteral("states"));
    auto* view = bench.find<RunView>("runView");
    QVERIFY(WizardBench::waitFor([&] { return view->offer() == RunView::Offer::Pause; }, 30'000));
    QVERIFY(WizardBench::waitFor(
        [&] { return view->model().row(0, ProgressModel::Stage::Load).share > 0.1; }, 60'000));
    looker.look(bench.wizard(), QStringLiteral("run-copying"));
    click(bench, "pausePushButton");
    looker.lookTwice(QStringLiteral("run-paused"));
    click(bench, "logToolButton");
    looker.lookTwice(QStringLiteral("run-log"));
    click(bench, "logToolButton");
    bench.dialogs.answers << 0;
    bench.press(Qt::Key_Escape);
    QVERIFY(WizardBench::waitFor([&] { return view->offer() == RunView::Offer::Resume; }, 30'000));
    looker.lookTwice(QStringLiteral("run-stopped"));
    QVERIFY2(bench.goTo(PageId::Report), qPrintable(bench.trouble()));
    looker.lookTwice(QStringLiteral("report-stopped"));
    endStalls(bench);
    const QString runId = bench.database.scalar("SELECT id FROM qdrant2pg.run");
    bench.draft.startResume(bench.draft.plan(), runId);
    bench.draft.setCommitted(false);
    bench.open(runPages());
    looker.lookTwice(QStringLiteral("run-ready-to-resume"));
    // The first page knows the stopped run and its report.
    bench.draft.startNew();
    bench.open();
    auto* unfinished = bench.find<QTableView>("resumeTableView");
    QVERIFY(WizardBench::waitFor([&] { return unfinished->model()->rowCount() > 0; }));
    looker.lookTwice(QStringLiteral("start-lists"));
    bench.close();

    QVERIFY(bench.database.execute("DROP TABLE IF EXISTS game"));
    QVERIFY(bench.database.execute("CREATE TABLE game (x int)"));
    QVERIFY(bench.database.execute("INSERT INTO game VALUES (1)"));
    reviewPlan(bench, {QStringLiteral("game")});
    bench.open(runPages());
    QVERIFY2(hasMessage(bench, Status::Problem), qPrintable(bench.trouble()));
    if (bench.find<QAbstractButton>("messageDetailsToolButton")->isVisible())
        click(bench, "messageDetailsToolButton");
    looker.lookTwice(QStringLiteral("run-failed"));
    QVERIFY2(bench.goTo(PageId::Report), qPrintable(bench.trouble()));
    looker.lookTwice(QStringLiteral("report-failed"));
    QDRANT2PG_NOTHING_CLIPPED(looker);
}

void StatesTest::rejectsAndMismatches()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 300);
    bench.addPoints("odd_values", fourNumbers, troublesome);
    reviewPlan(bench, {QStringLiteral("game"), QStringLiteral("odd_values")});
    bench.open(runPages());
    Looker looker(bench, QStringLiteral("states"));
    auto* view = bench.find<RunView>("runView");
    QVERIFY(WizardBench::waitFor([&] { return view->offer() == RunView::Offer::Ended; }, 60'000));
    looker.lookTwice(QStringLiteral("run-with-rejects"));
    click(bench, "rejectsPushButton");
    auto* dialog = bench.current()->findChild<RejectsDialog*>();
    QVERIFY(WizardBench::waitFor([&] { return dialog->model().rowCount() > 0; }));
    looker.look(*dialog, QStringLiteral("rejects"));
    dialog->close();
    QVERIFY2(bench.goTo(PageId::Verify), qPrintable(bench.trouble()));
    QVERIFY(bench.database.execute("UPDATE game SET payload = jsonb_set(payload, '{x}', '1') WHERE id IN "
                                   "(SELECT id FROM game ORDER BY id LIMIT 3)"));
    QVERIFY(bench.database.execute(
        "DELETE FROM game WHERE id IN (SELECT id FROM game ORDER BY id DESC LIMIT 2)"));
    stallEverything(bench, "scroll");
    click(bench, "compareAgainPushButton");
    QVERIFY(WizardBench::waitFor([&] { return bench.server.stalled() > 0; }));
    looker.lookTwice(QStringLiteral("verify-comparing"));
    endStalls(bench);
    QVERIFY2(hasMessage(bench, Status::Problem), qPrintable(bench.trouble()));
    looker.lookTwice(QStringLiteral("verify-different"));
    QVERIFY2(bench.goTo(PageId::Report), qPrintable(bench.trouble()));
    looker.lookTwice(QStringLiteral("report-different"));
    looker.look(*bench.find<QWidget>("reportView"), QStringLiteral("report-different-whole"));
    QDRANT2PG_NOTHING_CLIPPED(looker);
}

void StatesTest::help()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    Looker looker(bench, QStringLiteral("states"));
    bench.press(Qt::Key_F1);
    auto* dialog = bench.wizard().findChild<QDialog*>(QStringLiteral("helpDialog"));
    QVERIFY(dialog && dialog->isVisible());
    looker.look(*dialog, QStringLiteral("help"));
    QDRANT2PG_NOTHING_CLIPPED(looker);
}

QTEST_MAIN(StatesTest)
#include "statestest.moc"
