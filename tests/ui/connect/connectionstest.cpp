// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"
#include "ui/widgets/checklistwidget.h"
#include "ui/widgets/messagebar.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QPushButton>
#include <QTcpServer>
#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// Source and Target: what their checks find, how they end, and that edits count.
class ConnectionsTest : public QObject {
    Q_OBJECT
private slots:
    void everyLineOfTheSourceIsToldOk();
    void anEditTakesTheTicksBack();
    void aClosedPortIsToldAsSuch();
    void anAddressThatIsNoneIsNotAsked();
    void aMissingKeyFailsOnItsLine();
    void aPastedKeyFindsItsField();
    void thePortOfGrpcGetsAHint();
    void anOldServerBlocks();
    void escCancelsTheCheckOfTheSource();
    void aPastedDatabaseAddressFillsTheFields();
    void aWrongPasswordIsToldAsSuch();
    void escCancelsTheCheckOfTheTarget();
    void recentsHoldNoSecret();

private:
    static void enter(WizardBench& bench, const char* field, const QString& text);
    static bool settled(WizardBench& bench);
};

void ConnectionsTest::enter(WizardBench& bench, const char* field, const QString& text)
{
    auto* edit = bench.find<QLineEdit>(field);
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, text);
}

bool ConnectionsTest::settled(WizardBench& bench)
{
    return WizardBench::waitFor([&] { return bench.current()->state() != BasePage::State::Checking; });
}

void ConnectionsTest::everyLineOfTheSourceIsToldOk()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 20);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    bench.current()->check();
    QCOMPARE(bench.current()->state(), BasePage::State::Checking);
    QVERIFY(settled(bench));
    QCOMPARE(bench.current()->state(), BasePage::State::Ready);
    QCOMPARE(bench.currentId(), PageId::Source);
    auto* lines = bench.find<CheckListWidget>("sourceCheckListWidget");
    QVERIFY(lines->lines().size() >= 8);
    for (const CheckLine& line : lines->lines()) {
        QVERIFY2(line.status != Status::Waiting && line.status != Status::Checking
                && line.status != Status::Problem,
            qPrintable(line.toText()));
    }
    QVERIFY(bench.draft.sourceOverview()->collections.contains(QStringLiteral("game")));
}

void ConnectionsTest::anEditTakesTheTicksBack()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 20);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    bench.current()->check();
    QVERIFY(settled(bench));
    QCOMPARE(bench.current()->state(), BasePage::State::Ready);
    auto* edit = bench.find<QLineEdit>("addressLineEdit");
    QTest::keyClick(edit, Qt::Key_End);
    QTest::keyClick(edit, Qt::Key_Backspace);
    QCOMPARE(bench.current()->state(), BasePage::State::Idle);
    for (const CheckLine& line : bench.find<CheckListWidget>("sourceCheckListWidget")->lines())
        QCOMPARE(line.status, Status::Waiting);
    QVERIFY(!bench.draft.sourceOverview());
}

void ConnectionsTest::aClosedPortIsToldAsSuch()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    bench.server.stop();
    bench.current()->check();
    QVERIFY(settled(bench));
    QCOMPARE(bench.current()->state(), BasePage::State::Idle);
    const MessageBar& bar = bench.current()->messages();
    QVERIFY2(bar.summary().contains(QStringLiteral("Nothing listens")), qPrintable(bench.trouble()));
    QVERIFY(!bar.hint().isEmpty());
    QVERIFY(bench.find<QPushButton>("tryAgainPushButton"));
    QCOMPARE(bench.find<CheckListWidget>("sourceCheckListWidget")->line(QStringLiteral("tcp"))->status,
        Status::Problem);
}

void ConnectionsTest::anAddressThatIsNoneIsNotAsked()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    enter(bench, "addressLineEdit", QStringLiteral("ftp://somewhere"));
    bench.press(Qt::Key_Return);
    QVERIFY(settled(bench));
    QCOMPARE(bench.currentId(), PageId::Source);
    QVERIFY(bench.current()->messages().summary().contains(QStringLiteral("not the address")));
    QCOMPARE(bench.server.connectionsAccepted(), std::uint64_t(0));
}

void ConnectionsTest::aMissingKeyFailsOnItsLine()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.server.setApiKeys("canary-8d1f");
    bench.addGameCollection("game", 5);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    bench.current()->check();
    QVERIFY(settled(bench));
    QCOMPARE(
        bench.find<CheckListWidget>("sourceCheckListWidget")->line(QStringLiteral("authentication"))->status,
        Status::Problem);
    enter(bench, "apiKeyLineEdit", QStringLiteral("canary-8d1f"));
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Target);
}

void ConnectionsTest::aPastedKeyFindsItsField()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    auto* address = bench.find<QLineEdit>("addressLineEdit");
    address->selectAll();
    QApplication::clipboard()->setText(QStringLiteral("https://canary-77@db.example.com:6333/dashboard"));
    address->paste();
    QCOMPARE(address->text(), QStringLiteral("https://db.example.com:6333"));
    QCOMPARE(bench.draft.apiKey(), QByteArray("canary-77"));
    QVERIFY(!bench.draft.source().url.contains(QStringLiteral("canary")));
    QVERIFY(!bench.find<QLineEdit>("addressLineEdit")->text().contains(QStringLiteral("canary-77")));
}

void ConnectionsTest::thePortOfGrpcGetsAHint()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    enter(bench, "addressLineEdit", QStringLiteral("http://localhost:6334"));
    QCOMPARE(bench.current()->messages().status(), Status::Note);
    QVERIFY(bench.current()->messages().summary().contains(QStringLiteral("6334")));
}

void ConnectionsTest::anOldServerBlocks()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 5);
    demo::FaultRule old;
    old.predicate = [](const demo::HttpRequest& request) {
        return request.path() == "/";
    };
    old.times = 0;
    old.fault.kind = demo::Fault::Kind::Reply;
    old.fault.reply.contentType = "application/json";
    old.fault.reply.body = "{\"title\":\"qdrant - vector search engine\",\"version\":\"1.6.1\"}";
    bench.server.faults().add(old);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    bench.current()->check();
    QVERIFY(settled(bench));
    QVERIFY2(bench.current()->state() == BasePage::State::Blocked, qPrintable(bench.trouble()));
    QVERIFY(!bench.wizard().button(QWizard::NextButton)->isEnabled());
    QVERIFY(bench.current()->messages().summary().contains(QStringLiteral("1.6")));
    bench.server.faults().clear();
    bench.find<QPushButton>("checkAgainPushButton")->click();
    QVERIFY(settled(bench));
    QCOMPARE(bench.current()->state(), BasePage::State::Ready);
}

void ConnectionsTest::escCancelsTheCheckOfTheSource()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::FaultRule rule;
    rule.times = 0;
    rule.fault = demo::Fault::stallAt(-1);
    bench.server.faults().add(rule);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    bench.press(Qt::Key_Return);
    QVERIFY(WizardBench::waitFor([&] { return bench.server.stalled() > 0; }));
    QCOMPARE(bench.current()->state(), BasePage::State::Checking);
    bench.press(Qt::Key_Escape);
    QCOMPARE(bench.current()->state(), BasePage::State::Idle);
    QVERIFY(bench.current()->messages().summary().contains(QStringLiteral("cancelled")));
    QVERIFY(bench.wizard().isVisible());
    bench.server.faults().clear();
    bench.server.releaseStalls();
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
}

void ConnectionsTest::aPastedDatabaseAddressFillsTheFields()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Target), qPrintable(bench.trouble()));
    auto* host = bench.find<QLineEdit>("hostLineEdit");
    host->selectAll();
    host->insert(QStringLiteral("postgres://rpg:canary-66@db.example.com:5433/gamedb?sslmode=require"));
    emit host->textEdited(host->text());
    QCOMPARE(host->text(), QStringLiteral("db.example.com"));
    QCOMPARE(bench.find<QLineEdit>("portLineEdit")->text(), QStringLiteral("5433"));
    QCOMPARE(bench.find<QLineEdit>("userLineEdit")->text(), QStringLiteral("rpg"));
    QCOMPARE(bench.find<QLineEdit>("databaseLineEdit")->text(), QStringLiteral("gamedb"));
    QCOMPARE(bench.draft.targetPassword(), QByteArray("canary-66"));
    QVERIFY(!bench.draft.target().conninfo.contains(QStringLiteral("canary")));
}

void ConnectionsTest::aWrongPasswordIsToldAsSuch()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Target), qPrintable(bench.trouble()));
    bench.current()->check();
    QVERIFY(settled(bench));
    QCOMPARE(bench.current()->state(), BasePage::State::Ready);
    enter(bench, "passwordLineEdit", QStringLiteral("wrong"));
    bench.current()->check();
    QVERIFY(settled(bench));
    if (bench.current()->state() == BasePage::State::Ready)
        QSKIP("this PostgreSQL asks for no password");
    const CheckLine* line =
        bench.find<CheckListWidget>("targetCheckListWidget")->line(QStringLiteral("authentication"));
    QVERIFY2(line && line->status == Status::Problem, qPrintable(bench.trouble()));
    QVERIFY(!bench.current()->messages().details().contains(QStringLiteral("wrong\"")));
}

void ConnectionsTest::escCancelsTheCheckOfTheTarget()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Target), qPrintable(bench.trouble()));
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    enter(bench, "portLineEdit", QString::number(silent.serverPort()));
    bench.press(Qt::Key_Return);
    QVERIFY(WizardBench::waitFor([&] { return silent.hasPendingConnections(); }));
    QCOMPARE(bench.current()->state(), BasePage::State::Checking);
    bench.press(Qt::Key_Escape);
    QCOMPARE(bench.current()->state(), BasePage::State::Idle);
    QVERIFY(bench.current()->messages().summary().contains(QStringLiteral("cancelled")));
    bench.prefill();
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
}

void ConnectionsTest::recentsHoldNoSecret()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.server.setApiKeys("canary-5511");
    bench.addGameCollection("game", 5);
    bench.open();
    bench.draft.setSource(bench.draft.source(), "canary-5511");
    QVERIFY2(bench.goTo(PageId::Collections), qPrintable(bench.trouble()));
    QCOMPARE(bench.recents.sources().size(), 1);
    QCOMPARE(bench.recents.targets().size(), 1);
    bench.close();
    QFile file(bench.settings.path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray stored = file.readAll();
    QVERIFY(stored.contains("127.0.0.1"));
    QVERIFY(!stored.contains("canary"));
    QVERIFY(!stored.contains(bench.draft.targetPassword()) || bench.draft.targetPassword().isEmpty());
}

QTEST_MAIN(ConnectionsTest)
#include "connectionstest.moc"
