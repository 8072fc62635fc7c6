// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/profile/connectionprofile.h"
#include "core/profile/secretsource.h"
#include "core/profile/statefolders.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace qdrant2pg;

/// Secrets come from a file, then the environment; profiles never hold one; files of ours are the owner's
/// alone.
class SecretsTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void fileBeatsEnvironment();
    void environmentWithoutFile();
    void nothingIsNothing();
    void badFiles_data();
    void badFiles();
    void openFileIsNoted();
    void profileRoundTrip();
    void profileWithSecretIsRefused_data();
    void profileWithSecretIsRefused();
    void unknownProfileListsTheOthers();
    void newerProfilesAreRefused();
    void filesArePrivate();

private:
    QString write(const QByteArray& content)
    {
        QFile file(m_folder->filePath(QStringLiteral("secret")));
        if (!file.open(QIODevice::WriteOnly))
            return {};
        file.write(content);
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        return file.fileName();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void SecretsTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    qunsetenv("QDRANT2PG_TEST_SECRET");
}

void SecretsTest::fileBeatsEnvironment()
{
    qputenv("QDRANT2PG_TEST_SECRET", "from-environment");
    const auto secret = findSecret({write("from-file \r\nsecond line\n"), "QDRANT2PG_TEST_SECRET", {}});
    QVERIFY(secret && *secret);
    QCOMPARE((*secret)->value, QByteArray("from-file"));
}

void SecretsTest::environmentWithoutFile()
{
    qputenv("QDRANT2PG_TEST_SECRET", "from-environment");
    const auto secret = findSecret({{}, "QDRANT2PG_TEST_SECRET", {}});
    QVERIFY(secret && *secret);
    QCOMPARE((*secret)->value, QByteArray("from-environment"));
    QCOMPARE((*secret)->origin, QStringLiteral("QDRANT2PG_TEST_SECRET"));
}

void SecretsTest::nothingIsNothing()
{
    const auto secret = findSecret({{}, "QDRANT2PG_TEST_SECRET", {}});
    QVERIFY(secret.has_value());
    QVERIFY(!secret->has_value());
}

void SecretsTest::badFiles_data()
{
    QTest::addColumn<bool>("exists");
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("absent") << false << QByteArray();
    QTest::newRow("empty") << true << QByteArray();
    QTest::newRow("blank first line") << true << QByteArray("  \nkey\n");
}

void SecretsTest::badFiles()
{
    QFETCH(bool, exists);
    QFETCH(QByteArray, content);
    const QString path = exists ? write(content) : m_folder->filePath(QStringLiteral("absent"));
    const auto secret = findSecret({path, {}, {}});
    QVERIFY(!secret.has_value());
    QCOMPARE(secret.error().kind, ErrorKind::Usage);
    QCOMPARE(secret.error().where.file, path);
}

void SecretsTest::openFileIsNoted()
{
    const QString path = write("key");
    QString note;
    QVERIFY(readSecretFile(path, &note).has_value());
    QVERIFY(note.isEmpty());
    QFile::setPermissions(path, QFileDevice::ReadOwner | QFileDevice::ReadOther);
    QVERIFY(readSecretFile(path, &note).has_value());
    QVERIFY(note.contains(QStringLiteral("chmod 600")));
}

void SecretsTest::profileRoundTrip()
{
    const QString path = m_folder->filePath(QStringLiteral("sub/profiles.json"));
    ConnectionProfile profile;
    profile.name = QStringLiteral("prod");
    profile.sourceUrl = QStringLiteral("https://qdrant:6333");
    profile.targetConninfo = QStringLiteral("host=db dbname=app");
    profile.grpcPort = 6400;
    profile.skipTlsVerification = true;
    profile.proxy = QStringLiteral("http://me@proxy:3128");
    profile.connectTimeout = 5;
    profile.requestTimeout = 200;
    ConnectionProfiles profiles;
    profiles.insert(profile);
    QVERIFY(profiles.save(path).has_value());
    const auto loaded = ConnectionProfiles::load(path);
    QVERIFY(loaded.has_value());
    QCOMPARE(loaded->profiles().size(), 1);
    QVERIFY(loaded->profiles().first() == profile);
}

void SecretsTest::profileWithSecretIsRefused_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QString>("proxy");
    QTest::newRow("proxy") << QString() << QString() << QStringLiteral("socks5://me:hunter2-long@proxy:1");
    QTest::newRow("source") << QStringLiteral("https://user:hunter2-long@qdrant:6333") << QString()
                            << QString();
    QTest::newRow("target url") << QString() << QStringLiteral("postgres://app:hunter2-long@db/app")
                                << QString();
    QTest::newRow("target keywords") << QString() << QStringLiteral("host=db password=hunter2-long")
                                     << QString();
}

void SecretsTest::profileWithSecretIsRefused()
{
    QFETCH(QString, source);
    QFETCH(QString, target);
    QFETCH(QString, proxy);
    ConnectionProfile profile;
    profile.name = QStringLiteral("p");
    profile.sourceUrl = source;
    profile.targetConninfo = target;
    profile.proxy = proxy;
    ConnectionProfiles profiles;
    profiles.insert(profile);
    const QString path = m_folder->filePath(QStringLiteral("profiles.json"));
    const auto saved = profiles.save(path);
    QVERIFY(!saved.has_value());
    QVERIFY(!saved.error().toText().contains(QStringLiteral("hunter2")));
    QVERIFY(!QFile::exists(path));
}

void SecretsTest::unknownProfileListsTheOthers()
{
    ConnectionProfile profile;
    profile.name = QStringLiteral("prod");
    ConnectionProfiles profiles;
    profiles.insert(profile);
    const auto found = profiles.profile(QStringLiteral("prdo"));
    QVERIFY(!found.has_value());
    QVERIFY(found.error().hint.contains(QStringLiteral("prod")));
}

void SecretsTest::newerProfilesAreRefused()
{
    const QString path = write(R"({"version": 7, "profiles": []})");
    const auto loaded = ConnectionProfiles::load(path);
    QVERIFY(!loaded.has_value());
    QVERIFY(loaded.error().summary.contains(QStringLiteral("version 7")));
}

void SecretsTest::filesArePrivate()
{
    const QString folder = m_folder->filePath(QStringLiteral("a/b"));
    QVERIFY(makePrivateFolder(folder).has_value());
    QVERIFY(writePrivateFile(folder + QStringLiteral("/f"), "x").has_value());
    const auto others =
        QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::ExeGroup | QFileDevice::ExeOther;
    QVERIFY(!QFile::permissions(folder).testAnyFlags(others));
    QVERIFY(!QFile::permissions(folder + QStringLiteral("/f")).testAnyFlags(others));
    QVERIFY(!makePrivateFolder(folder + QStringLiteral("/f/below")).has_value());
}

QTEST_GUILESS_MAIN(SecretsTest)
#include "secretstest.moc"
