// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/profile/keychain.h"
#include "tests/support/sessionbus.h"
#include "tests/ui/support/wizardbench.h"
#include "ui/widgets/messagebar.h"

#include <QCheckBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QTest>
#include <QToolButton>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The pages of the two ends on a real keychain: what is remembered comes back with the recent connection,
/// and stands in no file.
class KeychainPageTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void withoutAKeychainTheReasonIsShown();
    void theKeyComesBack();
    void whatIsNotToBeRememberedIsNot();

private:
    static bool enterKey(WizardBench& bench, const QString& key, bool remember);
    static void useRecent(WizardBench& bench);
    std::unique_ptr<SessionBus> m_bus;
    QString m_problem;
};

void KeychainPageTest::initTestCase()
{
    m_problem = QStringLiteral("not started");
}

void KeychainPageTest::cleanupTestCase()
{
    m_bus.reset();
}

bool KeychainPageTest::enterKey(WizardBench& bench, const QString& key, bool remember)
{
    auto* edit = bench.find<QLineEdit>("apiKeyLineEdit");
    edit->setFocus();
    edit->selectAll();
    QTest::keyClicks(edit, key);
    auto* box = bench.find<QCheckBox>("rememberCheckBox");
    if (box->isChecked() != remember)
        box->click();
    bench.current()->check();
    return WizardBench::waitFor([&] { return bench.current()->state() == BasePage::State::Ready; });
}

void KeychainPageTest::useRecent(WizardBench& bench)
{
    auto* button = bench.find<QToolButton>("recentsToolButton");
    emit button->menu()->actions().first()->menu()->actions().first()->triggered();
}

/// The first: no bus is named yet.
void KeychainPageTest::withoutAKeychainTheReasonIsShown()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    if (keychain::unavailableReason().isEmpty())
        QSKIP("this session has a keychain of its own");
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    QVERIFY(!bench.find<QCheckBox>("rememberCheckBox")->isEnabled());
    QVERIFY(!bench.find<QCheckBox>("rememberCheckBox")->isChecked());
    QCOMPARE(bench.find<QLabel>("rememberHelpLabel")->text(), keychain::unavailableReason());
}

void KeychainPageTest::theKeyComesBack()
{
    m_bus = std::make_unique<SessionBus>();
    m_problem = m_bus->problem().isEmpty() ? m_bus->startKeyring() : m_bus->problem();
    if (m_problem.isEmpty())
        m_problem = keychain::unavailableReason();
    if (!m_problem.isEmpty())
        QSKIP(qPrintable(m_problem));
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.server.setApiKeys("canary-keychain-1");
    bench.addGameCollection("game", 5);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    QVERIFY(bench.find<QCheckBox>("rememberCheckBox")->isEnabled());
    QVERIFY2(enterKey(bench, QStringLiteral("canary-keychain-1"), true), qPrintable(bench.trouble()));
    const QString name = keychain::keyFor(QStringLiteral("source"), bench.recents.sources().first().label());
    QTRY_COMPARE_WITH_TIMEOUT(keychain::readNow(name, std::chrono::seconds(10)),
        std::optional(QByteArray("canary-keychain-1")), 30'000);

    bench.draft.setSource(bench.draft.source(), {});
    QVERIFY(bench.find<QLineEdit>("apiKeyLineEdit")->text().isEmpty());
    useRecent(bench);
    QTRY_COMPARE_WITH_TIMEOUT(bench.draft.apiKey(), QByteArray("canary-keychain-1"), 20'000);
    QCOMPARE(bench.find<QLineEdit>("apiKeyLineEdit")->text(), QStringLiteral("canary-keychain-1"));
    QVERIFY2(bench.next(), qPrintable(bench.trouble()));
    bench.close();
    QFile file(bench.settings.path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("canary"));
}

void KeychainPageTest::whatIsNotToBeRememberedIsNot()
{
    if (!m_problem.isEmpty())
        QSKIP(qPrintable(m_problem));
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.server.setApiKeys("canary-keychain-2");
    bench.addGameCollection("game", 5);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    QVERIFY2(enterKey(bench, QStringLiteral("canary-keychain-2"), false), qPrintable(bench.trouble()));
    const QString name = keychain::keyFor(QStringLiteral("source"), bench.recents.sources().first().label());
    QVERIFY(!keychain::readNow(name, std::chrono::seconds(10)));
}

QTEST_MAIN(KeychainPageTest)
#include "keychainpagetest.moc"
