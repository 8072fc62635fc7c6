// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/reportwriters.h"
#include "tests/ui/run/runbench.h"
#include "ui/models/mismatchmodel.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/verify/samplemodel.h"
#include "ui/wizard/verify/verificationmodel.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <QToolButton>

#include <thread>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The page Verify after a run: every level with what it does not prove, differences again, rows side by
/// side.
class VerifyTest : public QObject {
    Q_OBJECT
private slots:
    void everyLevelSaysWhatItDoesNotProve();
    void searchesAreCompared();
    void searchesWaitForTheIndex();
    void escEndsASearch();
    void onlyDifferencesAreComparedAgain();
    void rowsAreShownSideBySide();
    void goingOnWithoutComparingIsAllowedAndRecorded();
    void modelsAreConsistent();
    void thePageCanBeLookedAt_data();
    void thePageCanBeLookedAt();

private:
    /// To the page Verify after a run over these many points.
    static bool reach(WizardBench& bench, std::uint64_t points, const RunPlan& run = {});
    static void choose(WizardBench& bench, const char* level);
    /// Compares at the level that is chosen, until the page says what it found.
    static bool compare(WizardBench& bench, const char* button = "compareAgainPushButton");
    static QStringList column(WizardBench& bench, int which);
};

bool VerifyTest::reach(WizardBench& bench, std::uint64_t points, const RunPlan& run)
{
    bench.addGameCollection("game", points);
    reviewPlan(bench, {QStringLiteral("game")}, run);
    bench.open(runPages());
    // The page can be entered while the run still compares.
    return bench.goTo(PageId::Verify, 60'000)
        && WizardBench::waitFor(
            [&] { return bench.find<QPushButton>("compareAgainPushButton")->isEnabled(); }, 60'000);
}

void VerifyTest::choose(WizardBench& bench, const char* level)
{
    auto* box = bench.find<QComboBox>("levelComboBox");
    box->setCurrentIndex(box->findData(QLatin1String(level)));
}

bool VerifyTest::compare(WizardBench& bench, const char* button)
{
    bench.find<QPushButton>(button)->click();
    if (bench.current()->messages().isShowing())
        return false;
    return WizardBench::waitFor([&] { return bench.current()->messages().isShowing(); }, 60'000);
}

QStringList VerifyTest::column(WizardBench& bench, int which)
{
    const QAbstractItemModel* model = bench.find<QTableView>("verificationTableView")->model();
    QStringList texts;
    for (int row = 0; row < model->rowCount(); ++row)
        texts << model->index(row, which).data().toString();
    return texts;
}

void VerifyTest::everyLevelSaysWhatItDoesNotProve()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY2(reach(bench, 100), qPrintable(bench.trouble()));
    const std::pair<const char*, const char*> levels[] = {{"counts", "does not look at values"},
        {"digest", "does not see"}, {"full", "holds for the moment"}, {"search", "proves nothing about"}};
    QCOMPARE(bench.find<QComboBox>("levelComboBox")->count(), 4);
    for (const auto& [level, words] : levels) {
        choose(bench, level);
        const QString text = bench.find<QLabel>("levelMeaningLabel")->text();
        QVERIFY2(text.contains(QLatin1String(words)), qPrintable(text));
        QVERIFY(bench.current()->helpText().contains(text));
    }
}

void VerifyTest::searchesAreCompared()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY2(reach(bench, 300), qPrintable(bench.trouble()));
    choose(bench, "search");
    QVERIFY2(compare(bench), qPrintable(bench.trouble()));
    // What is the same and what the index finds are numbers of their own.
    const QStringList levels = column(bench, VerificationModel::Level);
    const int exact = int(levels.indexOf(verifyLevelText(QStringLiteral("search-exact"))));
    const int index = int(levels.indexOf(verifyLevelText(QStringLiteral("search-index"))));
    QVERIFY2(exact > 0 && index > exact, qPrintable(levels.join(QLatin1Char('|'))));
    QCOMPARE(column(bench, VerificationModel::Result).at(exact), QStringLiteral("Identical"));
    QVERIFY(column(bench, VerificationModel::Result).at(index).startsWith(QStringLiteral("Recall ")));
    QVERIFY(column(bench, VerificationModel::Sentence)
                .at(exact)
                .contains(QStringLiteral("searches have the same hits")));
    bench.grab(QStringLiteral("verify-search"));
    QVERIFY2(bench.goTo(PageId::Report), qPrintable(bench.trouble()));
    QVERIFY(bench.find<QLabel>("verificationLabel")->text().contains(QStringLiteral("exact searches")));
}

void VerifyTest::searchesWaitForTheIndex()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY2(reach(bench, 100), qPrintable(bench.trouble()));
    // A build that waits for a lock is under way all the same.
    auto holder = Connection::open(bench.database.options());
    auto builder = Connection::open(bench.database.options());
    QVERIFY(holder && builder);
    // Should the test end early, the build does too.
    QVERIFY(builder->execute("SET statement_timeout = '30s'"));
    QVERIFY(holder->execute("BEGIN; SELECT pg_advisory_xact_lock(77)"));
    QVERIFY(bench.database.execute(
        "CREATE FUNCTION slow(text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN PERFORM "
        "pg_advisory_xact_lock_shared(77); RETURN $1; END $$"));
    std::jthread build([&] { (void)builder->execute("CREATE INDEX ON game (slow(id::text))"); });
    QVERIFY(WizardBench::waitFor([&] {
        return bench.database.scalar("SELECT count(*) FROM pg_stat_progress_create_index")
            == QLatin1String("1");
    }));
    choose(bench, "search");
    const bool answered = compare(bench);
    const QStringList sentences = column(bench, VerificationModel::Sentence);
    const QString said = bench.trouble() + sentences.join(QLatin1Char('|'));
    QVERIFY(holder->execute("COMMIT"));
    build.join();
    QVERIFY(answered);
    QVERIFY2(said.contains(QStringLiteral("is being built")), qPrintable(said));
}

void VerifyTest::escEndsASearch()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY2(reach(bench, 100), qPrintable(bench.trouble()));
    demo::FaultRule rule;
    rule.times = 0;
    rule.fault = demo::Fault::stallAt(-1);
    bench.server.faults().add(rule);
    choose(bench, "search");
    bench.find<QPushButton>("compareAgainPushButton")->click();
    QVERIFY(WizardBench::waitFor([&] { return bench.server.stalled() > 0; }));
    QVERIFY(!bench.wizard().button(QWizard::NextButton)->isEnabled());
    bench.press(Qt::Key_Escape);
    QVERIFY(WizardBench::waitFor([&] { return bench.current()->messages().isShowing(); }));
    QVERIFY2(bench.current()->messages().summary().contains(QStringLiteral("cancelled")),
        qPrintable(bench.trouble()));
    QCOMPARE(column(bench, VerificationModel::Level).size(), 1);
    QVERIFY(bench.wizard().button(QWizard::NextButton)->isEnabled());
    bench.server.faults().clear();
    bench.server.releaseStalls();
}

void VerifyTest::onlyDifferencesAreComparedAgain()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY2(reach(bench, 300), qPrintable(bench.trouble()));
    QVERIFY(!bench.find<QPushButton>("recheckPushButton")->isVisible());
    QVERIFY(bench.database.execute("CREATE TABLE kept AS SELECT * FROM game ORDER BY id LIMIT 2;"
                                   "DELETE FROM game WHERE id IN (SELECT id FROM kept)"));
    choose(bench, "full");
    QVERIFY2(compare(bench), qPrintable(bench.trouble()));
    QCOMPARE(bench.find<QTableView>("mismatchesTableView")->model()->rowCount(), 2);
    auto* recheck = bench.find<QPushButton>("recheckPushButton");
    QVERIFY(recheck->isVisible() && recheck->isEnabled());
    bench.grab(QStringLiteral("verify-differences"));
    QVERIFY(bench.database.execute("INSERT INTO game SELECT * FROM kept ORDER BY id LIMIT 1"));
    bench.server.log().clear();
    QVERIFY2(compare(bench, "recheckPushButton"), qPrintable(bench.trouble()));
    QCOMPARE(bench.current()->messages().status(), Status::Problem);
    QCOMPARE(bench.find<QTableView>("mismatchesTableView")->model()->rowCount(), 1);
    for (const demo::LoggedRequest& logged : bench.server.log().all())
        QVERIFY2(logged.target.find("/scroll") == std::string::npos, logged.target.c_str());
    QVERIFY(bench.database.execute("INSERT INTO game SELECT * FROM kept ORDER BY id DESC LIMIT 1"));
    QVERIFY2(compare(bench, "recheckPushButton"), qPrintable(bench.trouble()));
    QVERIFY2(bench.current()->messages().status() == Status::Ok, qPrintable(bench.trouble()));
    QVERIFY(!bench.find<QTableView>("mismatchesTableView")->isVisible());
    QVERIFY(!recheck->isVisible());
    const QString sentence = column(bench, VerificationModel::Sentence).first();
    QVERIFY2(sentence.contains(QStringLiteral("not read again")), qPrintable(sentence));
}

void VerifyTest::rowsAreShownSideBySide()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY2(reach(bench, 200), qPrintable(bench.trouble()));
    bench.find<QToolButton>("sampleToolButton")->click();
    auto* table = bench.find<QTableView>("sampleTableView");
    const auto show = [&](const char* button) {
        const QModelIndex first = table->model()->index(0, SampleModel::PointId);
        const QString before = first.data().toString();
        bench.find<QPushButton>(button)->click();
        return WizardBench::waitFor([&] {
            return table->model()->rowCount() > 0
                && table->model()->index(0, SampleModel::PointId).data().toString() != before;
        });
    };
    bench.find<QSpinBox>("sampleRowsSpinBox")->setValue(3);
    QVERIFY2(show("showSamplePushButton"), qPrintable(bench.find<QLabel>("sampleWordsLabel")->text()));
    const int columns = table->model()->rowCount() / 3;
    QCOMPARE(table->model()->rowCount(), columns * 3);
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        QCOMPARE(table->model()->index(row, SampleModel::Same).data().toString(), QStringLiteral("Same"));
        // Documents are the same by value; each side is shown as it spells them.
        if (table->model()->index(row, SampleModel::ColumnName).data().toString() != QLatin1String("payload"))
            QCOMPARE(table->model()->index(row, SampleModel::Source).data(),
                table->model()->index(row, SampleModel::Target).data());
    }
    const QString words = bench.find<QLabel>("sampleWordsLabel")->text();
    QVERIFY2(words.startsWith(QStringLiteral("3 of 3 rows of game")), qPrintable(words));
    QVERIFY(words.contains(QStringLiteral("seed 1")));
    QVERIFY(words.contains(QStringLiteral("nothing about the rows that are not shown")));
    const QString first = table->model()->index(0, SampleModel::PointId).data().toString();
    QVERIFY(show("otherRowsPushButton"));
    QCOMPARE(bench.find<QSpinBox>("sampleSeedSpinBox")->value(), 2);
    // The same seed brings the same rows.
    bench.find<QSpinBox>("sampleSeedSpinBox")->setValue(1);
    QVERIFY(show("showSamplePushButton"));
    QCOMPARE(table->model()->index(0, SampleModel::PointId).data().toString(), first);
    // A side that does not answer is told in place.
    bench.server.stop();
    bench.find<QPushButton>("showSamplePushButton")->click();
    QTRY_VERIFY_WITH_TIMEOUT(
        bench.find<QLabel>("sampleWordsLabel")->text().contains(QStringLiteral("does not answer")), 30'000);
    QVERIFY(!table->isVisible());
}

void VerifyTest::goingOnWithoutComparingIsAllowedAndRecorded()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunPlan run;
    run.verify = VerifyLevel::None;
    QVERIFY2(reach(bench, 100, run), qPrintable(bench.trouble()));
    QCOMPARE(bench.current()->messages().status(), Status::Note);
    QVERIFY2(bench.current()->messages().hint().contains(QStringLiteral("nothing proves")),
        qPrintable(bench.trouble()));
    QCOMPARE(column(bench, VerificationModel::Result), QStringList{QStringLiteral("Not run")});
    QVERIFY2(bench.goTo(PageId::Report), qPrintable(bench.trouble()));
    const QString verdict = bench.find<QLabel>("verdictLabel")->text();
    QVERIFY2(!verdict.contains(QStringLiteral("identical")), qPrintable(verdict));
}

void VerifyTest::modelsAreConsistent()
{
    SampleModel sample;
    QAbstractItemModelTester tester(&sample, QAbstractItemModelTester::FailureReportingMode::QtTest);
    RowSample rows{QStringLiteral("c"), 3, {}, {}};
    rows.points = {
        {QStringLiteral("1"), true, false, {}, {{QStringLiteral("id"), QStringLiteral("1"), {}, false}}},
        {QStringLiteral("2"), false, true, {}, {{QStringLiteral("id"), {}, QStringLiteral("2"), false}}},
        {QStringLiteral("3"), true, true, {},
            {{QStringLiteral("id"), QStringLiteral("3"), QStringLiteral("3"), true}}}};
    sample.setSample(rows);
    QCOMPARE(sample.rowCount(), 3);
    QCOMPARE(sample.index(0, SampleModel::Target).data().toString(), QStringLiteral("no row"));
    QCOMPARE(sample.index(1, SampleModel::Source).data().toString(), QStringLiteral("no such point"));
    QCOMPARE(sample.index(2, SampleModel::Same).data().toString(), QStringLiteral("Same"));
    QVERIFY(!rows.points.at(0).isSame());
    QVERIFY(rows.points.at(2).isSame());
    sample.clear();
    QCOMPARE(sample.rowCount(), 0);
}

void VerifyTest::thePageCanBeLookedAt_data()
{
    QTest::addColumn<int>("theme");
    QTest::newRow("light") << static_cast<int>(Theme::Light);
    QTest::newRow("dark") << static_cast<int>(Theme::Dark);
}

void VerifyTest::thePageCanBeLookedAt()
{
    QFETCH(int, theme);
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.theme.setTheme(static_cast<Theme>(theme));
    QVERIFY2(reach(bench, 200), qPrintable(bench.trouble()));
    choose(bench, "search");
    QVERIFY2(compare(bench), qPrintable(bench.trouble()));
    bench.find<QToolButton>("sampleToolButton")->click();
    bench.find<QPushButton>("showSamplePushButton")->click();
    auto* table = bench.find<QTableView>("sampleTableView");
    QVERIFY(WizardBench::waitFor([&] { return table->isVisible(); }));
    bench.grab(QStringLiteral("verify-sample-%1").arg(QString::fromLatin1(QTest::currentDataTag())));
}

QTEST_MAIN(VerifyTest)
#include "verifytest.moc"
