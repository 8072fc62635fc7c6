// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/cli/clibench.h"
#include "tests/support/testpostgres.h"

#include <QtTest>

#include <csignal>

using namespace qdrant2pg::test;

/// Ctrl+C once and twice, SIGTERM, kill -9: the program ends with 130 (or dies), and resume completes the run
/// exactly once.
class SignalsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void stopAndResume_data();
    void stopAndResume();
    void killAndResume();
    void beforeAnythingIsWritten();
    void exportIsContinued();
    void twoWorkersShareARun();

private:
    static constexpr int points = 1'200;
    QStringList slowRun() const
    {
        // Slow enough to be met in the middle on any machine, in many small pages.
        return {QStringLiteral("migrate"), QStringLiteral("--collection"), QStringLiteral("shop"),
            QStringLiteral("--max-points-per-second"), QStringLiteral("300"), QStringLiteral("--page-bytes"),
            QStringLiteral("4000"), QStringLiteral("--ranges"), QStringLiteral("8")};
    }
    /// Until the first pages are committed.
    bool waitForRows() const
    {
        return QTest::qWaitFor(
            [this] {
                if (m_database->scalar("SELECT to_regclass('qdrant2pg.range') IS NOT NULL")
                    != QStringLiteral("t"))
                    return false;
                return m_database->scalar("SELECT coalesce(sum(rows), 0) FROM qdrant2pg.range").toInt() > 0;
            },
            30'000);
    }
    int rows() const { return m_database->scalar("SELECT count(*) FROM shop").toInt(); }

    std::unique_ptr<StandIn> m_source;
    std::unique_ptr<TestPostgres> m_database;
    std::unique_ptr<CliBench> m_bench;
};

void SignalsTest::initTestCase()
{
    m_source = std::make_unique<StandIn>(QStringList{QStringLiteral("--no-demo"),
        QStringLiteral("--generate"), QStringLiteral("shop:points=%1,dim=8,ids=sequential").arg(points)});
    QVERIFY(!m_source->url().isEmpty());
}

void SignalsTest::init()
{
    m_database = std::make_unique<TestPostgres>();
    QDRANT2PG_REQUIRE_POSTGRES(*m_database);
    m_bench = std::make_unique<CliBench>();
    m_bench->setEnvironment(QStringLiteral("QDRANT_URL"), m_source->url());
    m_bench->setEnvironment(QStringLiteral("DATABASE_URL"), m_database->url());
}

void SignalsTest::stopAndResume_data()
{
    QTest::addColumn<QList<int>>("signalNumbers");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("SIGINT once") << QList<int>{SIGINT} << QByteArray("Stopping");
    QTest::newRow("SIGINT twice") << QList<int>{SIGINT, SIGINT} << QByteArray("Stopping");
    QTest::newRow("SIGTERM") << QList<int>{SIGTERM} << QByteArray("Stopping");
    QTest::newRow("SIGHUP") << QList<int>{SIGHUP} << QByteArray("Stopping");
}

void SignalsTest::stopAndResume()
{
    QFETCH(QList<int>, signalNumbers);
    QFETCH(QByteArray, says);
    TestProcess process(m_bench->request(slowRun()));
    QVERIFY(waitForRows());
    for (const int number : signalNumbers)
        QVERIFY(process.sendSignal(number));
    const ProcessResult result = process.waitForEnd();
    QDRANT2PG_EXIT(result, 130);
    QDRANT2PG_SAYS(result, says);
    QDRANT2PG_SAYS(result, QByteArray("qdrant2pg resume"));
    QVERIFY(result.standardOutput.contains("Stopped at"));
    QVERIFY(rows() < points);

    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("report")}), 130);
    const ProcessResult resumed = m_bench->run({QStringLiteral("resume"), QStringLiteral("--json")});
    QDRANT2PG_EXIT(resumed, 0);
    QVERIFY(eventOf(resumed.standardOutput, "finished")
                .value(QStringLiteral("verdict"))
                .toString()
                .contains(QStringLiteral(
                    "1,200 of 1,200 points are in PostgreSQL and every row was compared: identical")));
    QCOMPARE(rows(), points);
    QCOMPARE(m_database->scalar("SELECT count(DISTINCT id) FROM shop").toInt(), points);
}

void SignalsTest::killAndResume()
{
    {
        TestProcess process(m_bench->request(slowRun()));
        QVERIFY(waitForRows());
        QVERIFY(process.sendSignal(SIGKILL));
        QVERIFY(!process.waitForEnd().exited);
    }
    const ProcessResult resumed = m_bench->run({QStringLiteral("resume")});
    QDRANT2PG_EXIT(resumed, 0);
    QCOMPARE(rows(), points);
}

void SignalsTest::beforeAnythingIsWritten()
{
    // Qdrant accepts the connection and never answers.
    const StandIn silent(
        {QStringLiteral("--no-demo"), QStringLiteral("--fault"), QStringLiteral("any:1+:stall")});
    TestProcess process(m_bench->request({QStringLiteral("migrate"), QStringLiteral("--source"), silent.url(),
        QStringLiteral("--collection"), QStringLiteral("shop"), QStringLiteral("-v")}));
    QVERIFY(process.waitForOutput("Qdrant at"));
    QVERIFY(process.sendSignal(SIGINT));
    QDRANT2PG_EXIT(process.waitForEnd(std::chrono::seconds(10)), 130);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_namespace WHERE nspname = 'qdrant2pg'"),
        QStringLiteral("0"));
}

void SignalsTest::exportIsContinued()
{
    const StandIn slow(
        {QStringLiteral("--no-demo"), QStringLiteral("--generate"), QStringLiteral("shop:points=1500,dim=8"),
            QStringLiteral("--fault"), QStringLiteral("scroll:1+:stall=300")});
    const QStringList arguments{QStringLiteral("export"), QStringLiteral("out"),
        QStringLiteral("--collection"), QStringLiteral("shop"), QStringLiteral("--source")};
    TestProcess process(m_bench->request(arguments + QStringList{slow.url()}));
    QVERIFY(QTest::qWaitFor(
        [this] { return QFile::exists(m_bench->path(QStringLiteral("out/batch_000003.json"))); }, 30'000));
    QVERIFY(process.sendSignal(SIGINT));
    QDRANT2PG_EXIT(process.waitForEnd(), 130);
    QVERIFY(!QFile::exists(m_bench->path(QStringLiteral("out/batch_000015.json"))));
    const ProcessResult again = m_bench->run(arguments + QStringList{slow.url(), QStringLiteral("--json")});
    QDRANT2PG_EXIT(again, 0);
    QCOMPARE(eventOf(again.standardOutput, "exported").value(QStringLiteral("points")).toInteger(), 1'500);
}

void SignalsTest::twoWorkersShareARun()
{
    TestProcess process(m_bench->request(slowRun()));
    QVERIFY(waitForRows());
    QVERIFY(process.sendSignal(SIGINT));
    QDRANT2PG_EXIT(process.waitForEnd(), 130);
    const QString run = m_database->scalar("SELECT id FROM qdrant2pg.run");
    const QStringList worker{QStringLiteral("worker"), run, QStringLiteral("--lanes"), QStringLiteral("1")};
    TestProcess first(m_bench->request(worker + QStringList{QStringLiteral("--out"), QStringLiteral("w1")}));
    TestProcess second(m_bench->request(worker + QStringList{QStringLiteral("--out"), QStringLiteral("w2")}));
    QDRANT2PG_EXIT(first.waitForEnd(), 0);
    QDRANT2PG_EXIT(second.waitForEnd(), 0);
    QCOMPARE(rows(), points);
    QCOMPARE(m_database->scalar("SELECT state FROM qdrant2pg.run"), QStringLiteral("completed"));
}

QTEST_GUILESS_MAIN(SignalsTest)
#include "signalstest.moc"
