// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/cli/clibench.h"
#include "tests/support/testpostgres.h"

#include <QUrl>
#include <QUuid>
#include <QtTest>

using namespace qdrant2pg::test;

/// Secrets planted in every credential are in no output, no file and no table.
class CanaryTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void everyCommand();
    void failures();

private:
    void expectNoSecret(const ProcessResult& result) const;
    void expectNoSecretInFiles(const CliBench& bench) const;

    static constexpr const char* keyCanary = "canary-key-5f1e0c";
    static constexpr const char* passwordCanary = "canary-password-77ab3d";
    std::unique_ptr<CliBench> m_secrets;
    std::unique_ptr<StandIn> m_source;
    std::unique_ptr<TestPostgres> m_database;
    QString m_url;
    QString m_keyFile;
};

void CanaryTest::initTestCase()
{
    m_secrets = std::make_unique<CliBench>();
    m_keyFile = m_secrets->write(QStringLiteral("key"), keyCanary);
    m_source =
        std::make_unique<StandIn>(QStringList{QStringLiteral("--no-demo"), QStringLiteral("--api-key-file"),
            m_keyFile, QStringLiteral("--generate"), QStringLiteral("shop:points=60,dim=4,ids=sequential"),
            QStringLiteral("--generate"), QStringLiteral("game_collection:points=60,dim=4")});
    QVERIFY(!m_source->url().isEmpty());
    m_database = std::make_unique<TestPostgres>();
    QDRANT2PG_REQUIRE_POSTGRES(*m_database);
    const QByteArray role = "canary" + QUuid::createUuid().toByteArray(QUuid::Id128).left(10);
    QVERIFY(
        m_database->execute("CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD '" + passwordCanary + "'"));
    QUrl url(m_database->url());
    url.setUserName(QString::fromLatin1(role));
    url.setPassword(QLatin1String(passwordCanary));
    m_url = url.toString();
}

void CanaryTest::expectNoSecret(const ProcessResult& result) const
{
    for (const char* canary : {keyCanary, passwordCanary})
        QVERIFY2(!result.standardOutput.contains(canary) && !result.standardError.contains(canary),
            result.description().constData());
}

void CanaryTest::expectNoSecretInFiles(const CliBench& bench) const
{
    for (const QString& path : bench.files()) {
        const QByteArray content = readAll(path);
        QVERIFY2(!content.contains(keyCanary) && !content.contains(passwordCanary), qPrintable(path));
    }
}

void CanaryTest::everyCommand()
{
    CliBench bench;
    bench.setEnvironment(QStringLiteral("QDRANT_URL"), m_source->url());
    bench.setEnvironment(QStringLiteral("QDRANT_API_KEY"), QLatin1String(keyCanary));
    bench.setEnvironment(QStringLiteral("DATABASE_URL"), m_url);
    const char* const calls[] = {"inspect -v", "inspect shop -v --json", "plan -c shop -v --save-plan p.json",
        "check -c shop -v --json", "migrate -c shop -v", "runs --json", "report --format html",
        "report --format json", "verify --level full -v", "sql --kind ddl", "export -v",
        "convert -v --preset generic", "import -v", "validate -v --json", "rollback --confirm shop -v"};
    for (const char* call : calls) {
        const ProcessResult result = bench.run(QString::fromLatin1(call).split(QLatin1Char(' ')));
        QVERIFY2(result.exited && (result.exitCode == 0 || result.exitCode == 3),
            result.description().constData());
        expectNoSecret(result);
        if (QTest::currentTestFailed())
            return;
    }
    expectNoSecretInFiles(bench);
    // Nor did the ledger keep one.
    for (const char* table : {"run", "event", "reject"}) {
        const QString text = m_database->scalar(
            QByteArray("SELECT string_agg(t::text, ' ') FROM qdrant2pg.") + table + " AS t");
        QVERIFY2(
            !text.contains(QLatin1String(keyCanary)) && !text.contains(QLatin1String(passwordCanary)), table);
    }
}

void CanaryTest::failures()
{
    CliBench bench;
    const QString files = QStringLiteral("--password-file");
    const QString passwordFile = bench.write(
        QStringLiteral("../pw-%1").arg(QUuid::createUuid().toString(QUuid::Id128)), passwordCanary);
    QUrl bare(m_url);
    bare.setPassword({});
    // A good password from a file, a key that is wrong, hosts that are not there, databases that are not
    // there.
    const QList<QStringList> calls{
        {QStringLiteral("runs"), QStringLiteral("-v"), QStringLiteral("--target"), bare.toString(), files,
            passwordFile},
        {QStringLiteral("migrate"), QStringLiteral("-v"), QStringLiteral("-c"), QStringLiteral("shop"),
            QStringLiteral("--source"), m_source->url(), QStringLiteral("--target"),
            bare.toString() + QStringLiteral("x"), files, passwordFile, QStringLiteral("--api-key-file"),
            m_keyFile},
        {QStringLiteral("migrate"), QStringLiteral("-v"), QStringLiteral("-c"), QStringLiteral("nothere"),
            QStringLiteral("--source"), m_source->url(), QStringLiteral("--target"), bare.toString(), files,
            passwordFile, QStringLiteral("--api-key-file"), m_keyFile},
        {QStringLiteral("inspect"), QStringLiteral("-v"), QStringLiteral("--source"), m_source->url(),
            QStringLiteral("--api-key-file"), passwordFile},
        {QStringLiteral("inspect"), QStringLiteral("-v"), QStringLiteral("--source"),
            QString(m_source->url()).replace(QStringLiteral("http:"), QStringLiteral("https:")),
            QStringLiteral("--api-key-file"), m_keyFile},
    };
    for (const QStringList& call : calls) {
        const ProcessResult result = bench.run(call);
        QVERIFY2(result.exited, result.description().constData());
        expectNoSecret(result);
    }
    expectNoSecretInFiles(bench);
    QFile::remove(passwordFile);
}

QTEST_GUILESS_MAIN(CanaryTest)
#include "canarytest.moc"
