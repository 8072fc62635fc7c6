// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/planjson.h"
#include "tests/support/passproxy.h"
#include "tests/ui/support/wizardbench.h"
#include "ui/services/conninfoform.h"
#include "ui/services/plantext.h"
#include "ui/services/startupvalues.h"
#include "ui/widgets/checklistwidget.h"
#include "ui/widgets/messagebar.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTest>
#include <QToolButton>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The way to both ends: proxy, time limits, search path.
class AccessTest : public QObject {
    Q_OBJECT
private slots:
    void typedSecretsFindTheirFields();
    void theSourceIsReachedThroughTheProxy_data();
    void theSourceIsReachedThroughTheProxy();
    void anAddressThatIsNoProxyIsNotAsked();
    void aRefusedProxyLoginIsToldAsSuch();
    void aProxyThatIsNotThereFailsOnItsLine();
    void timeLimitsReachTheRequests();
    void recentsBringTheWayBack();
    void theEnvironmentGivesTheProxy();
    void theCommandLineNamesTheWay();
    void theSearchPathReachesTheSession();
    void searchPathsAreOnePartOfOptions_data();
    void searchPathsAreOnePartOfOptions();
    void thePagesCanBeLookedAt_data();
    void thePagesCanBeLookedAt();

private:
    static void enter(WizardBench& bench, const char* field, const QString& text)
    {
        auto* edit = bench.find<QLineEdit>(field);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    static void paste(WizardBench& bench, const char* field, const QString& text)
    {
        auto* edit = bench.find<QLineEdit>(field);
        edit->setFocus();
        edit->selectAll();
        QApplication::clipboard()->setText(text);
        edit->paste();
    }
    static bool checked(WizardBench& bench)
    {
        bench.current()->check();
        return WizardBench::waitFor([&] { return bench.current()->state() != BasePage::State::Checking; });
    }
    static void unfold(WizardBench& bench) { bench.find<QToolButton>("advancedToolButton")->click(); }
    static QString lineText(WizardBench& bench, const char* id)
    {
        return bench.find<CheckListWidget>("sourceCheckListWidget")->line(QLatin1String(id))->toText();
    }
};

/// Key by key, as a person types: nothing is moved while the text grows, all of it is when the field is left.
void AccessTest::typedSecretsFindTheirFields()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 5);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    unfold(bench);
    enter(bench, "proxyLineEdit", QStringLiteral("http://me:canary-3@10.1.2.3:3128"));
    enter(bench, "addressLineEdit", QStringLiteral("https://canary-4@db.example.com:6333"));
    bench.find<QLineEdit>("grpcPortLineEdit")->setFocus();
    QCOMPARE(bench.find<QLineEdit>("proxyLineEdit")->text(), QStringLiteral("http://me@10.1.2.3:3128"));
    QCOMPARE(bench.draft.sourceOptions().proxy.password, QByteArray("canary-3"));
    QCOMPARE(bench.find<QLineEdit>("addressLineEdit")->text(), QStringLiteral("https://db.example.com:6333"));
    QCOMPARE(bench.draft.apiKey(), QByteArray("canary-4"));
    bench.prefill();
    bench.draft.setSourceAccess({});
    QVERIFY2(bench.goTo(PageId::Target), qPrintable(bench.trouble()));
    enter(bench, "hostLineEdit", QStringLiteral("postgres://rpg:canary-5@db.example.com:5433/gamedb"));
    QVERIFY(!bench.draft.target().conninfo.contains(QStringLiteral("canary")));
    bench.find<QLineEdit>("userLineEdit")->setFocus();
    QCOMPARE(bench.find<QLineEdit>("hostLineEdit")->text(), QStringLiteral("db.example.com"));
    QCOMPARE(bench.find<QLineEdit>("databaseLineEdit")->text(), QStringLiteral("gamedb"));
    QCOMPARE(bench.draft.targetPassword(), QByteArray("canary-5"));
    QVERIFY(!bench.draft.target().conninfo.contains(QStringLiteral("canary")));
}

void AccessTest::theSourceIsReachedThroughTheProxy_data()
{
    QTest::addColumn<PassProxy::Kind>("kind");
    QTest::newRow("HTTP") << PassProxy::Kind::Http;
    QTest::newRow("SOCKS5") << PassProxy::Kind::Socks5;
}

void AccessTest::theSourceIsReachedThroughTheProxy()
{
    QFETCH(PassProxy::Kind, kind);
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    PassProxy proxy(kind, "me", "canary-4242");
    bench.addGameCollection("game", 20);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    unfold(bench);
    paste(bench, "proxyLineEdit", proxy.url(true));
    // The password is where it cannot be read over a shoulder.
    QCOMPARE(bench.find<QLineEdit>("proxyPasswordLineEdit")->text(), QStringLiteral("canary-4242"));
    QVERIFY(!bench.find<QLineEdit>("proxyLineEdit")->text().contains(QStringLiteral("canary")));
    QVERIFY(checked(bench));
    QVERIFY2(bench.current()->state() == BasePage::State::Ready, qPrintable(bench.trouble()));
    QVERIFY2(
        lineText(bench, "tcp").contains(QStringLiteral("the proxy")), qPrintable(lineText(bench, "tcp")));
    QVERIFY(lineText(bench, "capability").contains(QStringLiteral("through the proxy")));
    const QString direct = QUrl(QString::fromStdString(bench.server.url())).authority();
    QStringList destinations = proxy.destinations();
    QVERIFY(!destinations.isEmpty());
    destinations.removeDuplicates();
    QCOMPARE(destinations, QStringList{direct});
    const auto accepted = bench.server.connectionsAccepted();
    QCOMPARE(accepted, std::uint64_t(proxy.destinations().size()));
    // Also what later pages read goes that way.
    QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
    QCOMPARE(bench.server.connectionsAccepted(), std::uint64_t(proxy.destinations().size()));
    bench.grab(QStringLiteral("access-mapping"));
    bench.close();
    QFile file(bench.settings.path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("canary"));
}

void AccessTest::anAddressThatIsNoProxyIsNotAsked()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    unfold(bench);
    enter(bench, "proxyLineEdit", QStringLiteral("ftp://somewhere"));
    QVERIFY(checked(bench));
    QCOMPARE(bench.current()->state(), BasePage::State::Idle);
    QVERIFY2(
        bench.current()->messages().summary().contains(QStringLiteral("proxy")), qPrintable(bench.trouble()));
    QCOMPARE(bench.server.connectionsAccepted(), std::uint64_t(0));
}

void AccessTest::aRefusedProxyLoginIsToldAsSuch()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    PassProxy proxy(PassProxy::Kind::Http, "me", "right");
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    unfold(bench);
    enter(bench, "proxyLineEdit", proxy.url());
    enter(bench, "proxyPasswordLineEdit", QStringLiteral("canary-9"));
    QVERIFY(checked(bench));
    QVERIFY2(bench.current()->messages().summary().contains(QStringLiteral("user name and password")),
        qPrintable(bench.trouble()));
    QVERIFY(!bench.trouble().contains(QStringLiteral("canary")));
    QCOMPARE(bench.find<CheckListWidget>("sourceCheckListWidget")->line(QStringLiteral("http"))->status,
        Status::Problem);
}

void AccessTest::aProxyThatIsNotThereFailsOnItsLine()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QString url;
    {
        const PassProxy gone(PassProxy::Kind::Socks5);
        url = gone.url();
    }
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    unfold(bench);
    enter(bench, "proxyLineEdit", url);
    QVERIFY(checked(bench));
    QCOMPARE(bench.find<CheckListWidget>("sourceCheckListWidget")->line(QStringLiteral("tcp"))->status,
        Status::Problem);
    QCOMPARE(bench.server.connectionsAccepted(), std::uint64_t(0));
}

void AccessTest::timeLimitsReachTheRequests()
{
    using namespace std::chrono_literals;
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::FaultRule rule;
    rule.times = 0;
    rule.fault = demo::Fault::stallAt(-1);
    bench.server.faults().add(rule);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    unfold(bench);
    enter(bench, "connectTimeoutLineEdit", QStringLiteral("7"));
    enter(bench, "requestTimeoutLineEdit", QStringLiteral("1"));
    QCOMPARE(bench.draft.sourceOptions().connectTimeout, 7s);
    QCOMPARE(bench.draft.sourceOptions().stallTimeout, 1s);
    QVERIFY(checked(bench));
    QVERIFY2(bench.current()->messages().summary().contains(QStringLiteral("sent nothing for 1.0 s")),
        qPrintable(bench.trouble()));
    bench.server.faults().clear();
    bench.server.releaseStalls();
}

void AccessTest::recentsBringTheWayBack()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const PassProxy proxy(PassProxy::Kind::Http);
    bench.addGameCollection("game", 5);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    unfold(bench);
    enter(bench, "proxyLineEdit", proxy.url());
    enter(bench, "requestTimeoutLineEdit", QStringLiteral("200"));
    QVERIFY(checked(bench));
    QCOMPARE(bench.recents.sources().size(), 1);
    bench.draft.setSourceAccess({});
    QVERIFY(bench.find<QLineEdit>("proxyLineEdit")->text().isEmpty());
    // As a later start reads it.
    Recents later(bench.settings);
    QCOMPARE(later.sources().size(), 1);
    QCOMPARE(later.sources().first().access.proxy.url(), proxy.url());
    auto* button = bench.find<QToolButton>("recentsToolButton");
    QVERIFY(button);
    emit button->menu()->actions().first()->menu()->actions().first()->triggered();
    QCOMPARE(bench.find<QLineEdit>("proxyLineEdit")->text(), proxy.url());
    QCOMPARE(bench.draft.sourceOptions().stallTimeout, std::chrono::seconds(200));
}

void AccessTest::theEnvironmentGivesTheProxy()
{
    qputenv("QDRANT2PG_PROXY", "socks5://me:canary-31@127.0.0.1:1080");
    PlanDraft draft;
    QCOMPARE(applyEnvironment(draft), QStringList());
    QCOMPARE(draft.sourceOptions().proxy.password, QByteArray("canary-31"));
    QVERIFY(!planToJson(draft.plan()).contains("canary"));
    qputenv("QDRANT2PG_PROXY", "gopher://x");
    PlanDraft other;
    QCOMPARE(applyEnvironment(other).size(), 1);
    qunsetenv("QDRANT2PG_PROXY");
}

void AccessTest::theCommandLineNamesTheWay()
{
    MigrationPlan plan;
    const SourceAccess access{*parseProxy(QStringLiteral("http://me:canary-5@proxy:3128")), 5, 0};
    const QString line = migrateCommandLine(plan, QStringLiteral("p.json"), {}, {}, access);
    QVERIFY2(line.contains(QStringLiteral("--proxy http://me@proxy:3128")), qPrintable(line));
    QVERIFY(line.contains(QStringLiteral("--connect-timeout 5")));
    QVERIFY(!line.contains(QStringLiteral("--request-timeout")));
    QVERIFY(!line.contains(QStringLiteral("canary")));
}

void AccessTest::theSearchPathReachesTheSession()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 5);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Target), qPrintable(bench.trouble()));
    unfold(bench);
    enter(bench, "searchPathLineEdit", QStringLiteral("app, public"));
    QVERIFY(checked(bench));
    QVERIFY2(bench.current()->state() == BasePage::State::Ready, qPrintable(bench.trouble()));
    auto connection = Connection::open(bench.draft.targetOptions());
    QVERIFY(connection.has_value());
    const auto shown = connection->execute("SHOW search_path");
    QVERIFY(shown.has_value());
    QCOMPARE(shown->text(0, 0), QStringLiteral("app, public"));
    const auto form = parseConninfo(bench.draft.target().conninfo);
    QVERIFY(form.has_value());
    QCOMPARE(form->form.searchPath, QStringLiteral("app, public"));
}

void AccessTest::searchPathsAreOnePartOfOptions_data()
{
    QTest::addColumn<QString>("conninfo");
    QTest::addColumn<QString>("searchPath");
    QTest::addColumn<QString>("others");
    const auto row = [](const char* name, const char* conninfo, const char* path, const char* others) {
        QTest::newRow(name) << QString::fromUtf8(conninfo) << QString::fromUtf8(path)
                            << QString::fromUtf8(others);
    };
    row("none", "host=h", "", "");
    row("alone", "host=h options='-c search_path=app'", "app", "");
    row("joined", "options=-csearch_path=app", "app", "");
    row("long form", "options=--search-path=app", "app", "");
    row("with a blank", "options='-c search_path=app,\\\\ public'", "app, public", "");
    row("among others", "options='-c work_mem=64MB -c search_path=app -c jit=off'", "app",
        "options='-c work_mem=64MB -c jit=off'");
    row("other settings", "options='-c work_mem=64MB' application_name=x", "",
        "application_name=x options='-c work_mem=64MB'");
}

void AccessTest::searchPathsAreOnePartOfOptions()
{
    QFETCH(QString, conninfo);
    QFETCH(QString, searchPath);
    QFETCH(QString, others);
    const auto parsed = parseConninfo(conninfo);
    QVERIFY(parsed.has_value());
    QCOMPARE(parsed->form.searchPath, searchPath);
    QCOMPARE(parsed->form.others, others);
    // What the form makes of it says the same, with one parameter `options`.
    const QString made = parsed->form.toConninfo();
    QVERIFY(made.count(QStringLiteral("options=")) <= 1);
    const auto again = parseConninfo(made);
    QVERIFY(again.has_value());
    QCOMPARE(again->form, parsed->form);
}

void AccessTest::thePagesCanBeLookedAt_data()
{
    QTest::addColumn<int>("theme");
    QTest::newRow("light") << static_cast<int>(Theme::Light);
    QTest::newRow("dark") << static_cast<int>(Theme::Dark);
}

void AccessTest::thePagesCanBeLookedAt()
{
    QFETCH(int, theme);
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const PassProxy proxy(PassProxy::Kind::Http);
    bench.theme.setTheme(static_cast<Theme>(theme));
    bench.addGameCollection("game", 5);
    bench.open();
    bench.wizard().resize(1080, 1000);
    const QString suffix = QLatin1Char('-') + QString::fromLatin1(QTest::currentDataTag());
    QVERIFY(bench.goTo(PageId::Source));
    unfold(bench);
    enter(bench, "proxyLineEdit", proxy.url());
    QVERIFY(checked(bench));
    bench.grab(QStringLiteral("source-advanced") + suffix);
    QVERIFY2(bench.goTo(PageId::Target), qPrintable(bench.trouble()));
    unfold(bench);
    enter(bench, "searchPathLineEdit", QStringLiteral("app, public"));
    bench.grab(QStringLiteral("target-advanced") + suffix);
}

QTEST_MAIN(AccessTest)
#include "accesstest.moc"
