// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/planjson.h"
#include "tests/ui/support/wizardbench.h"
#include "ui/services/startupvalues.h"
#include "ui/widgets/choicebutton.h"
#include "ui/widgets/messagebar.h"

#include <QAbstractButton>
#include <QCommandLineParser>
#include <QFile>
#include <QLabel>
#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The first page and what the program may be started with.
class StartTest : public QObject {
    Q_OBJECT
private slots:
    void emptyListsSayWhatWouldAppear();
    void aPlanFileIsTakenOver();
    void aPlanOfAnUnknownVersionIsRefused();
    void nothingHappensWithoutAFile();
    void demoDataBecomesTheSource();
    void optionsFillTheDraft();
    void aPasswordInAnOptionIsRefused();

private:
    static QString write(WizardBench& bench, const QByteArray& content);
};

QString StartTest::write(WizardBench& bench, const QByteArray& content)
{
    const QString path = bench.folder.filePath(QStringLiteral("plan.json"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("%s cannot be written", qPrintable(path));
    return path;
}

void StartTest::emptyListsSayWhatWouldAppear()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    QVERIFY(bench.find<QLabel>("resumeEmptyLabel")->isVisible());
    QVERIFY(bench.find<QLabel>("reportsEmptyLabel")->isVisible());
}

void StartTest::aPlanFileIsTakenOver()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    MigrationPlan plan = bench.draft.plan();
    plan.source.url = QStringLiteral("http://elsewhere:6333");
    bench.dialogs.paths = {write(bench, planToJson(plan))};
    bench.find<QAbstractButton>("openPlanChoiceButton")->click();
    QVERIFY2(WizardBench::waitFor([&] { return bench.currentId() == PageId::Source; }),
        qPrintable(bench.trouble()));
    QCOMPARE(bench.draft.source().url, plan.source.url);
    QCOMPARE(bench.draft.startChoice(), StartChoice::PlanFile);
}

void StartTest::aPlanOfAnUnknownVersionIsRefused()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    const QString before = bench.draft.source().url;
    bench.dialogs.paths = {write(bench, "{\"version\": 99}")};
    bench.find<QAbstractButton>("openPlanChoiceButton")->click();
    QCOMPARE(bench.currentId(), PageId::Start);
    QVERIFY2(
        bench.current()->messages().summary().contains(QStringLiteral("99")), qPrintable(bench.trouble()));
    QCOMPARE(bench.draft.source().url, before);
}

void StartTest::nothingHappensWithoutAFile()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    bench.find<QAbstractButton>("openPlanChoiceButton")->click();
    QCOMPARE(bench.dialogs.fileRequests.size(), 1);
    QCOMPARE(bench.currentId(), PageId::Start);
    QVERIFY(!bench.current()->messages().isShowing());
}

void StartTest::demoDataBecomesTheSource()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    bench.find<QAbstractButton>("demoChoiceButton")->click();
    QVERIFY2(WizardBench::waitFor([&] { return bench.currentId() == PageId::Source; }),
        qPrintable(bench.trouble()));
    QCOMPARE(bench.draft.source().url, bench.demo.url());
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
    QVERIFY(!bench.draft.sourceOverview()->collections.isEmpty());
}

void StartTest::optionsFillTheDraft()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QCommandLineParser parser;
    addStartupOptions(parser);
    const QStringList arguments{QStringLiteral("qdrant2pg-wizard"), QStringLiteral("--source"),
        QStringLiteral("db.example.com"), QStringLiteral("--target"),
        QStringLiteral("postgres://rpg@localhost/gamedb"), QStringLiteral("--schema"), QStringLiteral("app"),
        QStringLiteral("--collection"), QStringLiteral("a"), QStringLiteral("-c"), QStringLiteral("b")};
    QVERIFY(parser.parse(arguments));
    QCOMPARE(applyOptions(parser, bench.draft), QStringList());
    QCOMPARE(bench.draft.source().url, QStringLiteral("http://db.example.com:6333"));
    QVERIFY(bench.draft.target().conninfo.contains(QStringLiteral("gamedb")));
    QCOMPARE(bench.draft.target().schema, QStringLiteral("app"));
    QCOMPARE(bench.draft.selected(), (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
}

void StartTest::aPasswordInAnOptionIsRefused()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QCommandLineParser parser;
    addStartupOptions(parser);
    QVERIFY(parser.parse({QStringLiteral("qdrant2pg-wizard"), QStringLiteral("--target"),
        QStringLiteral("postgres://rpg:canary-1@localhost/gamedb")}));
    const QStringList problems = applyOptions(parser, bench.draft);
    QCOMPARE(problems.size(), 1);
    QVERIFY(!problems.first().contains(QStringLiteral("canary")));
    QVERIFY(bench.draft.targetPassword().isEmpty());
}

QTEST_MAIN(StartTest)
#include "starttest.moc"
