// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/sessionbus.h"
#include "tests/ui/run/runbench.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/run/runview.h"

#include <QDBusConnection>
#include <QDBusUnixFileDescriptor>
#include <QPushButton>
#include <QTest>
#include <QVariantMap>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

using namespace qdrant2pg;
using namespace qdrant2pg::test;
using namespace std::chrono_literals;

/// Records who wants the computer to stay awake. Each wish is a pipe that the other side holds open.
class RecordingLogin : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.login1.Manager")
public:
    ~RecordingLogin() override { closeAll(); }

    QStringList asked;
    QList<int> readEnds;

    int held() const
    {
        int open = 0;
        for (const int end : readEnds) {
            pollfd look{end, POLLIN, 0};
            open += ::poll(&look, 1, 0) == 0 ? 1 : 0;
        }
        return open;
    }
    void closeAll()
    {
        for (const int end : std::as_const(readEnds))
            ::close(end);
        readEnds.clear();
        asked.clear();
    }

public slots:
    QDBusUnixFileDescriptor Inhibit(
        const QString& what, const QString& who, const QString& why, const QString& mode)
    {
        asked << QStringList{what, who, why, mode}.join(QLatin1Char('|'));
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return {};
        readEnds << ends[0];
        const QDBusUnixFileDescriptor handed(ends[1]);
        ::close(ends[1]);
        return handed;
    }
};

/// Records notifications.
class RecordingNotifications : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
public:
    QStringList shown;

public slots:
    uint Notify(const QString& program, uint, const QString&, const QString& title, const QString& text,
        const QStringList&, const QVariantMap&, int)
    {
        shown << QStringList{program, title, text}.join(QLatin1Char('|'));
        return static_cast<uint>(shown.size());
    }
};

/// What the page Run asks of the desktop: to stay awake for as long as a run goes, and to tell its end to who
/// looks elsewhere and had to wait.
class DesktopTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanupTestCase();
    void staysAwakeUntilTheRunCompletes();
    void letsGoWhenTheRunFails();
    void letsGoWhenTheRunIsStoppedOrAborted_data();
    void letsGoWhenTheRunIsStoppedOrAborted();
    void staysAwakeWhilePausedAndResumed();
    void letsGoWhenTheWindowCloses();
    void tellsOnlyWhoWaitedElsewhere_data();
    void tellsOnlyWhoWaitedElsewhere();

private:
    static bool ended(WizardBench& bench);

    std::unique_ptr<SessionBus> m_bus;
    RecordingLogin m_login;
    RecordingNotifications m_notifications;
};

void DesktopTest::initTestCase()
{
    m_bus = std::make_unique<SessionBus>();
    if (!m_bus->problem().isEmpty())
        QSKIP(qPrintable(m_bus->problem()));
    QDBusConnection bus = QDBusConnection::connectToBus(m_bus->address(), QStringLiteral("desktop"));
    QVERIFY(bus.isConnected());
    QVERIFY(bus.registerService(QStringLiteral("org.freedesktop.login1")));
    QVERIFY(bus.registerObject(
        QStringLiteral("/org/freedesktop/login1"), &m_login, QDBusConnection::ExportAllSlots));
    QVERIFY(bus.registerService(QStringLiteral("org.freedesktop.Notifications")));
    QVERIFY(bus.registerObject(
        QStringLiteral("/org/freedesktop/Notifications"), &m_notifications, QDBusConnection::ExportAllSlots));
}

void DesktopTest::init()
{
    m_login.closeAll();
    m_notifications.shown.clear();
}

void DesktopTest::cleanupTestCase()
{
    QDBusConnection::disconnectFromBus(QStringLiteral("desktop"));
    m_bus.reset();
}

bool DesktopTest::ended(WizardBench& bench)
{
    return WizardBench::waitFor(
        [&] {
            const auto offer = bench.find<RunView>("runView")->offer();
            return offer == RunView::Offer::Ended || offer == RunView::Offer::Resume
                || offer == RunView::Offer::TryAgain;
        },
        60'000);
}

void DesktopTest::staysAwakeUntilTheRunCompletes()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 20);
    bench.open(runPages());
    QTRY_COMPARE_WITH_TIMEOUT(m_login.held(), 1, 20'000);
    QCOMPARE(m_login.asked.size(), 1);
    QVERIFY2(m_login.asked.first().startsWith(QStringLiteral("sleep:idle|qdrant2pg|")),
        qPrintable(m_login.asked.first()));
    QVERIFY(m_login.asked.first().endsWith(QStringLiteral("|block")));
    QVERIFY2(ended(bench), qPrintable(bench.trouble()));
    QTRY_COMPARE(m_login.held(), 0);
    QCOMPARE(m_login.asked.size(), 1);
}

void DesktopTest::letsGoWhenTheRunFails()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 50);
    reviewPlan(bench, {QStringLiteral("game")});
    QVERIFY(bench.database.execute("CREATE TABLE game (x int); INSERT INTO game VALUES (1)"));
    bench.open(runPages());
    QTRY_COMPARE_WITH_TIMEOUT(m_login.asked.size(), 1, 20'000);
    QVERIFY2(ended(bench), qPrintable(bench.trouble()));
    QTRY_COMPARE(m_login.held(), 0);
}

void DesktopTest::letsGoWhenTheRunIsStoppedOrAborted_data()
{
    QTest::addColumn<QByteArray>("button");
    QTest::newRow("stop") << QByteArray("stopPushButton");
    QTest::newRow("abort") << QByteArray("abortPushButton");
}

void DesktopTest::letsGoWhenTheRunIsStoppedOrAborted()
{
    QFETCH(QByteArray, button);
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 50);
    bench.open(runPages());
    QTRY_COMPARE_WITH_TIMEOUT(m_login.held(), 1, 20'000);
    auto* view = bench.find<RunView>("runView");
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Pause, 30'000);
    bench.dialogs.answers << 0;
    bench.find<QPushButton>(button.constData())->click();
    QVERIFY2(ended(bench), qPrintable(bench.trouble()));
    QTRY_COMPARE(m_login.held(), 0);
}

void DesktopTest::staysAwakeWhilePausedAndResumed()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 50);
    bench.open(runPages());
    auto* view = bench.find<RunView>("runView");
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Pause, 30'000);
    QTRY_COMPARE(m_login.held(), 1);
    bench.find<QPushButton>("pausePushButton")->click();
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Continue, 30'000);
    QCOMPARE(m_login.held(), 1);
    bench.find<QPushButton>("continuePushButton")->click();
    bench.server.faults().clear();
    QVERIFY2(ended(bench), qPrintable(bench.trouble()));
    QTRY_COMPARE(m_login.held(), 0);
    QCOMPARE(m_login.asked.size(), 1);
}

void DesktopTest::letsGoWhenTheWindowCloses()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 50);
    bench.open(runPages());
    QTRY_COMPARE_WITH_TIMEOUT(m_login.held(), 1, 20'000);
    bench.close();
    QTRY_COMPARE(m_login.held(), 0);
}

void DesktopTest::tellsOnlyWhoWaitedElsewhere_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<bool>("active");
    QTest::addColumn<bool>("wanted");
    QTest::addColumn<int>("told");
    QTest::newRow("long, elsewhere") << 31 << false << true << 1;
    QTest::newRow("short, elsewhere") << 30 << false << true << 0;
    QTest::newRow("long, looking on") << 3600 << true << true << 0;
    QTest::newRow("long, elsewhere, not wanted") << 3600 << false << false << 0;
}

void DesktopTest::tellsOnlyWhoWaitedElsewhere()
{
    QFETCH(int, seconds);
    QFETCH(bool, active);
    QFETCH(bool, wanted);
    QFETCH(int, told);
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.settings.setValue(SettingKey::NotifyWhenDone, wanted);
    auto time = std::make_shared<std::chrono::steady_clock::time_point>();
    bench.services.now = [time] {
        return *time;
    };
    reviewSlowGame(bench, 20);
    bench.open(runPages());
    QWidget other;
    if (!active) {
        other.show();
        other.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&other));
    }
    QCOMPARE(bench.wizard().isActiveWindow(), active);
    *time += std::chrono::seconds(seconds);
    QVERIFY2(ended(bench), qPrintable(bench.trouble()));
    // What is sent arrives in order: this answer comes after a notification that was sent before it.
    QTRY_COMPARE(m_login.held(), 0);
    if (told > 0)
        QTRY_COMPARE(m_notifications.shown.size(), told);
    QCOMPARE(m_notifications.shown.size(), told);
    if (told > 0) {
        QVERIFY2(m_notifications.shown.first().startsWith(QStringLiteral("qdrant2pg|")),
            qPrintable(m_notifications.shown.first()));
        QVERIFY(m_notifications.shown.first().contains(QStringLiteral("2,000 of 2,000 points")));
    }
}

QTEST_MAIN(DesktopTest)
#include "desktoptest.moc"
