// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "demo/server/standinserver.h"
#include "demo/source/generator.h"
#include "tests/cli/clibench.h"
#include "tests/support/testpostgres.h"

#include <QtTest>

#include <atomic>
#include <csignal>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// Ctrl+C once and twice, SIGTERM, kill -9: the program ends with 130 (or dies), and resume completes the run
/// exactly once. The stand-in holds the answer to a page until the signal was given, so that it always comes
/// in the middle of a run.
class SignalsTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void stopAndResume_data();
    void stopAndResume();
    void killAndResume();
    void beforeAnythingIsWritten();
    void exportIsContinued();
    void twoWorkersShareARun();

private:
    static constexpr int points = 1'200;
    static constexpr std::chrono::milliseconds patience = std::chrono::minutes(1);

    QStringList smallPages() const
    {
        return {QStringLiteral("migrate"), QStringLiteral("--collection"), QStringLiteral("shop"),
            QStringLiteral("--lanes"), QStringLiteral("1"), QStringLiteral("--page-bytes"),
            QStringLiteral("4000"), QStringLiteral("--ranges"), QStringLiteral("8")};
    }
    int rowsInLedger() const
    {
        if (m_database->scalar("SELECT to_regclass('qdrant2pg.range') IS NOT NULL") != QStringLiteral("t"))
            return 0;
        return m_database->scalar("SELECT coalesce(sum(rows), 0) FROM qdrant2pg.range").toInt();
    }
    int rows() const { return m_database->scalar("SELECT count(*) FROM shop").toInt(); }
    /// From now on points are not answered once the condition holds, which is asked in the server's thread.
    void holdPointsWhen(std::function<bool()> condition)
    {
        demo::FaultRule rule;
        rule.operation = "scroll";
        rule.predicate = [this, condition = std::move(condition)](const demo::HttpRequest& http) {
            return m_holding && http.body.find("\"with_payload\":true") != std::string::npos && condition();
        };
        rule.times = 0;
        rule.fault = demo::Fault::stallAt(0);
        m_holding = true;
        m_source->faults().add(std::move(rule));
    }
    bool waitUntilHeld(std::size_t requests = 1) const
    {
        return QTest::qWaitFor(
            [this, requests] { return m_source->stalled() >= requests; }, static_cast<int>(patience.count()));
    }
    void letGo()
    {
        m_holding = false;
        m_source->releaseStalls();
    }

    std::unique_ptr<TestPostgres> m_database;
    std::unique_ptr<CliBench> m_bench;
    std::atomic<bool> m_holding{false};
    /// Destroyed first: its threads look at the members above.
    std::unique_ptr<demo::StandInServer> m_source;
};

void SignalsTest::init()
{
    m_source = std::make_unique<demo::StandInServer>();
    QVERIFY(m_source->start());
    demo::Recipe recipe;
    recipe.points = points;
    recipe.dimensions = 8;
    recipe.ids = demo::IdKind::Sequential;
    QVERIFY(demo::generateCollection(m_source->store(), "shop", recipe));
    m_database = std::make_unique<TestPostgres>();
    QDRANT2PG_REQUIRE_POSTGRES(*m_database);
    m_bench = std::make_unique<CliBench>();
    m_bench->setEnvironment(QStringLiteral("QDRANT_URL"), QString::fromStdString(m_source->url()));
    m_bench->setEnvironment(QStringLiteral("DATABASE_URL"), m_database->url());
}

void SignalsTest::stopAndResume_data()
{
    QTest::addColumn<QList<int>>("signalNumbers");
    QTest::addColumn<QByteArrayList>("says");
    QTest::newRow("SIGINT once") << QList<int>{SIGINT} << QByteArrayList{"Stopping"};
    QTest::newRow("SIGINT twice") << QList<int>{SIGINT, SIGINT} << QByteArrayList{"Stopping", "Ending now"};
    QTest::newRow("SIGTERM") << QList<int>{SIGTERM} << QByteArrayList{"Stopping"};
    QTest::newRow("SIGHUP") << QList<int>{SIGHUP} << QByteArrayList{"Stopping"};
}

void SignalsTest::stopAndResume()
{
    QFETCH(QList<int>, signalNumbers);
    QFETCH(QByteArrayList, says);
    holdPointsWhen([this] { return rowsInLedger() > 0; });
    TestProcess process(m_bench->request(smallPages()));
    QVERIFY(waitUntilHeld());
    for (qsizetype i = 0; i < signalNumbers.size(); ++i) {
        QVERIFY(process.sendSignal(signalNumbers[i]));
        // Signals that follow at once would be one.
        QVERIFY2(process.waitForOutput(says[i]), process.standardError().constData());
    }
    // Once finishes the page in flight; twice waits for nobody.
    if (signalNumbers.size() == 1)
        letGo();
    const ProcessResult result = process.waitForEnd();
    QDRANT2PG_EXIT(result, 130);
    QDRANT2PG_SAYS(result, QByteArray("qdrant2pg resume"));
    QVERIFY(result.standardOutput.contains("Stopped at"));
    QVERIFY(rows() > 0);
    QVERIFY(rows() < points);
    letGo();

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
    holdPointsWhen([this] { return rowsInLedger() > 0; });
    {
        TestProcess process(m_bench->request(smallPages()));
        QVERIFY(waitUntilHeld());
        QVERIFY(process.sendSignal(SIGKILL));
        QVERIFY(!process.waitForEnd().exited);
    }
    QVERIFY(rows() > 0);
    QVERIFY(rows() < points);
    letGo();
    const ProcessResult resumed = m_bench->run({QStringLiteral("resume"), QStringLiteral("--json")});
    QDRANT2PG_EXIT(resumed, 0);
    QCOMPARE(rows(), points);
    const QJsonObject report =
        eventOf(resumed.standardOutput, "finished").value(QStringLiteral("report")).toObject();
    QCOMPARE(report.value(QStringLiteral("sessions")).toInt(), 2);
    // The killed process left no report: what it had found is in the ledger.
    QVERIFY(!report.value(QStringLiteral("findings")).toArray().isEmpty());
}

void SignalsTest::beforeAnythingIsWritten()
{
    // Qdrant accepts the connection and never answers.
    demo::FaultRule rule;
    rule.times = 0;
    rule.fault = demo::Fault::stallAt(-1);
    m_source->faults().add(std::move(rule));
    TestProcess process(m_bench->request(
        {QStringLiteral("migrate"), QStringLiteral("--collection"), QStringLiteral("shop")}));
    QVERIFY(waitUntilHeld());
    QVERIFY(process.sendSignal(SIGINT));
    QDRANT2PG_EXIT(process.waitForEnd(std::chrono::seconds(10)), 130);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_namespace WHERE nspname = 'qdrant2pg'"),
        QStringLiteral("0"));
}

void SignalsTest::exportIsContinued()
{
    holdPointsWhen([this] { return QFile::exists(m_bench->path(QStringLiteral("out/batch_000003.json"))); });
    const QStringList arguments{QStringLiteral("export"), QStringLiteral("out"),
        QStringLiteral("--collection"), QStringLiteral("shop"), QStringLiteral("--batch-points"),
        QStringLiteral("100")};
    TestProcess process(m_bench->request(arguments));
    QVERIFY(waitUntilHeld());
    QVERIFY(process.sendSignal(SIGINT));
    QVERIFY(process.waitForOutput("Stopping"));
    letGo();
    QDRANT2PG_EXIT(process.waitForEnd(), 130);
    QVERIFY(!QFile::exists(m_bench->path(QStringLiteral("out/batch_000012.json"))));
    const ProcessResult again = m_bench->run(arguments + QStringList{QStringLiteral("--json")});
    QDRANT2PG_EXIT(again, 0);
    QCOMPARE(eventOf(again.standardOutput, "exported").value(QStringLiteral("points")).toInteger(), points);
}

void SignalsTest::twoWorkersShareARun()
{
    holdPointsWhen([this] { return rowsInLedger() > 0; });
    TestProcess process(m_bench->request(smallPages()));
    QVERIFY(waitUntilHeld());
    QVERIFY(process.sendSignal(SIGINT));
    QVERIFY(process.waitForOutput("Stopping"));
    letGo();
    QDRANT2PG_EXIT(process.waitForEnd(), 130);
    const QString run = m_database->scalar("SELECT id FROM qdrant2pg.run");
    const QStringList worker{QStringLiteral("worker"), run, QStringLiteral("--lanes"), QStringLiteral("1")};
    // Each must have a range before one of them may go on.
    m_holding = true;
    TestProcess first(m_bench->request(worker + QStringList{QStringLiteral("--out"), QStringLiteral("w1")}));
    TestProcess second(m_bench->request(worker + QStringList{QStringLiteral("--out"), QStringLiteral("w2")}));
    QVERIFY(waitUntilHeld(2));
    QCOMPARE(m_database->scalar(
                 "SELECT count(DISTINCT owner) FROM qdrant2pg.range WHERE owner <> '' AND state <> 'done'"),
        QStringLiteral("2"));
    letGo();
    QDRANT2PG_EXIT(first.waitForEnd(), 0);
    QDRANT2PG_EXIT(second.waitForEnd(), 0);
    QCOMPARE(rows(), points);
    QCOMPARE(m_database->scalar("SELECT state FROM qdrant2pg.run"), QStringLiteral("completed"));
}

QTEST_GUILESS_MAIN(SignalsTest)
#include "signalstest.moc"
