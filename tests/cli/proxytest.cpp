// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/cli/clibench.h"
#include "tests/support/passproxy.h"
#include "tests/support/testpostgres.h"

#include <QUrl>
#include <QtTest>

using namespace qdrant2pg::test;

/// The program behind a proxy: all requests go through it, and its password stays secret.
class CliProxyTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void migratesThroughTheProxy_data();
    void migratesThroughTheProxy();
    void passwordComesFromTheEnvironmentAlone();
    void timeLimitsAreChecked();

private:
    std::unique_ptr<StandIn> m_source;
};

void CliProxyTest::initTestCase()
{
    m_source = std::make_unique<StandIn>(QStringList{
        QStringLiteral("--no-demo"), QStringLiteral("--generate"), QStringLiteral("shop:points=300,dim=8")});
    QVERIFY(!m_source->url().isEmpty());
}

void CliProxyTest::migratesThroughTheProxy_data()
{
    QTest::addColumn<PassProxy::Kind>("kind");
    QTest::newRow("HTTP") << PassProxy::Kind::Http;
    QTest::newRow("SOCKS5") << PassProxy::Kind::Socks5;
}

void CliProxyTest::migratesThroughTheProxy()
{
    QFETCH(PassProxy::Kind, kind);
    TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    PassProxy proxy(kind, "me", "canary-proxy-77");
    CliBench bench;
    bench.setEnvironment(QStringLiteral("QDRANT_URL"), m_source->url());
    bench.setEnvironment(QStringLiteral("DATABASE_URL"), database.url());
    bench.setEnvironment(QStringLiteral("QDRANT2PG_PROXY"), proxy.url(true));
    const ProcessResult result = bench.run({QStringLiteral("migrate"), QStringLiteral("-v"),
        QStringLiteral("--collection"), QStringLiteral("shop"), QStringLiteral("--proxy"),
        QString(proxy.url()).replace(QStringLiteral("://"), QStringLiteral("://me@"))});
    QDRANT2PG_EXIT(result, 0);
    QCOMPARE(database.scalar("SELECT count(*) FROM shop"), QStringLiteral("300"));
    const QStringList destinations = proxy.destinations();
    QVERIFY(destinations.size() >= 2);
    for (const QString& destination : destinations)
        QCOMPARE(destination, QUrl(m_source->url()).authority());
    QVERIFY(result.standardError.contains("gRPC is not used through a proxy"));
    QVERIFY(!result.standardOutput.contains("canary") && !result.standardError.contains("canary"));
    const QStringList files = bench.files();
    for (const QString& path : files)
        QVERIFY2(!readAll(path).contains("canary"), qPrintable(path));
}

void CliProxyTest::passwordComesFromTheEnvironmentAlone()
{
    const CliBench bench;
    const ProcessResult result = bench.run({QStringLiteral("inspect"), QStringLiteral("--source"),
        m_source->url(), QStringLiteral("--proxy"), QStringLiteral("http://me:canary-4711@127.0.0.1:1")});
    QDRANT2PG_EXIT(result, 2);
    QDRANT2PG_SAYS(result, "QDRANT2PG_PROXY");
    QVERIFY(!result.standardError.contains("canary"));
}

void CliProxyTest::timeLimitsAreChecked()
{
    const CliBench bench;
    const QStringList inspect{QStringLiteral("inspect"), QStringLiteral("--source"), m_source->url()};
    QDRANT2PG_EXIT(bench.run(inspect
                       + QStringList{QStringLiteral("--connect-timeout"), QStringLiteral("5"),
                           QStringLiteral("--request-timeout"), QStringLiteral("30")}),
        0);
    const ProcessResult zero =
        bench.run(inspect + QStringList{QStringLiteral("--request-timeout"), QStringLiteral("0")});
    QDRANT2PG_EXIT(zero, 2);
    QDRANT2PG_SAYS(zero, "--request-timeout");
}

QTEST_GUILESS_MAIN(CliProxyTest)
#include "proxytest.moc"
