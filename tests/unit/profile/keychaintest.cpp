// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/profile/keychain.h"
#include "core/profile/secretsource.h"
#include "tests/support/sessionbus.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace qdrant2pg;
using namespace std::chrono_literals;

/// Secrets in a real Secret Service (gnome-keyring) on a bus of the test's own.
class KeychainTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void keepsWhatIsWritten();
    void replacesAndForgets();
    void secretsComeFromItLast();
    void withoutAServiceNothingWaits();

private:
    static std::optional<QByteArray> read(const QString& key);
    static Result<void> write(const QString& key, const QByteArray& value);

    std::unique_ptr<test::SessionBus> m_bus;
};

void KeychainTest::initTestCase()
{
    m_bus = std::make_unique<test::SessionBus>();
    if (!m_bus->problem().isEmpty())
        QSKIP(qPrintable(m_bus->problem()));
    if (const QString reason = keychain::unavailableReason(); !reason.isEmpty())
        QSKIP(qPrintable(reason));
    if (const QString problem = m_bus->startKeyring(); !problem.isEmpty())
        QSKIP(qPrintable(problem));
}

void KeychainTest::cleanupTestCase()
{
    m_bus.reset();
}

std::optional<QByteArray> KeychainTest::read(const QString& key)
{
    std::optional<QByteArray> value;
    bool ended = false;
    QObject context;
    keychain::read(&context, key, 20s, [&](const std::optional<QByteArray>& found) {
        value = found;
        ended = true;
    });
    (void)QTest::qWaitFor([&] { return ended; }, 30'000);
    return value;
}

Result<void> KeychainTest::write(const QString& key, const QByteArray& value)
{
    Result<void> result = fail(ErrorKind::Internal, QStringLiteral("no answer"));
    bool ended = false;
    QObject context;
    keychain::write(&context, key, value, 20s, [&](const Result<void>& written) {
        result = written;
        ended = true;
    });
    (void)QTest::qWaitFor([&] { return ended; }, 30'000);
    return result;
}

void KeychainTest::keepsWhatIsWritten()
{
    const QString key = keychain::keyFor(QStringLiteral("source"), QStringLiteral("db.example:6333"));
    QVERIFY(!read(key));
    const QByteArray secret("canary \xc3\xa4 'quoted' \"text\"");
    const auto written = write(key, secret);
    QVERIFY2(written.has_value(), written ? "" : qPrintable(written.error().toText()));
    QCOMPARE(read(key), std::optional(secret));
    QCOMPARE(keychain::readNow(key, 20s), std::optional(secret));
    QVERIFY(!read(keychain::keyFor(QStringLiteral("target"), QStringLiteral("db.example:6333"))));
}

void KeychainTest::replacesAndForgets()
{
    const QString key = keychain::keyFor(QStringLiteral("target"), QStringLiteral("rpg@db/game"));
    QVERIFY(write(key, "first"));
    QVERIFY(write(key, "second"));
    QCOMPARE(read(key), std::optional(QByteArray("second")));
    bool ended = false;
    keychain::remove(this, key, 20s, [&](const Result<void>& removed) { ended = removed.has_value(); });
    QTRY_VERIFY_WITH_TIMEOUT(ended, 30'000);
    QVERIFY(!read(key));
}

void KeychainTest::secretsComeFromItLast()
{
    const QString key = keychain::keyFor(QStringLiteral("source"), QStringLiteral("prod"));
    QVERIFY(write(key, "from-keychain"));
    qunsetenv("QDRANT2PG_TEST_SECRET");
    auto found = findSecret({{}, "QDRANT2PG_TEST_SECRET", key});
    QVERIFY(found && *found);
    QCOMPARE((*found)->value, QByteArray("from-keychain"));
    QCOMPARE((*found)->origin, QStringLiteral("the keychain"));
    qputenv("QDRANT2PG_TEST_SECRET", "from-environment");
    found = findSecret({{}, "QDRANT2PG_TEST_SECRET", key});
    QVERIFY(found && *found);
    QCOMPARE((*found)->value, QByteArray("from-environment"));
    qunsetenv("QDRANT2PG_TEST_SECRET");
}

/// The last: the service does not come back.
void KeychainTest::withoutAServiceNothingWaits()
{
    m_bus->stopKeyring();
    const QString key = keychain::keyFor(QStringLiteral("source"), QStringLiteral("prod"));
    QVERIFY(!read(key));
    const auto written = write(key, "canary-lost");
    QVERIFY(!written);
    QVERIFY(!written.error().summary.isEmpty());
    QVERIFY(!written.error().hint.isEmpty());
    QVERIFY(!written.error().toText().contains(QStringLiteral("canary")));
}

QTEST_GUILESS_MAIN(KeychainTest)
#include "keychaintest.moc"
