// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/support/migrationbench.h"
#include "tests/support/postgresserver.h"
#include "tests/support/testprocess.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <mutex>
#include <optional>
#include <thread>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;
using qdrant2pg::test::PostgresServer;
using qdrant2pg::test::ProcessRequest;
using qdrant2pg::test::TestPostgres;
using qdrant2pg::test::TestProcess;

namespace {

constexpr int okExit = 0;
constexpr int points = 1'200;
/// Until then every attempt is killed; from here on a run may come to its end.
constexpr int killedAttempts = 24;
constexpr int serverStops = 4;
/// Of each step of the staged flow, before it may come to its end.
constexpr int killsOfAStep = 4;

/// Strikes once, a random moment after the stand-in saw the wanted number of further scrolls.
class Blow {
public:
    Blow(demo::StandInServer& server, std::uint64_t scrolls, std::chrono::microseconds later,
        std::function<void()> strike)
        : m_server(server)
        , m_thread([this, later, strike = std::move(strike)](const std::stop_token& stop) {
            std::unique_lock lock(m_mutex);
            if (!m_seen.wait(lock, stop, [this] { return m_reached; }))
                return;
            // Not a wait for anything: the blow must fall at any point of a page, not only when one is asked
            // for.
            m_seen.wait_for(lock, stop, later, [] { return false; });
            // First: whoever sees the process end must see that it was this blow.
            m_struck = true;
            strike();
            m_done = true;
        })
    {
        demo::FaultRule rule;
        rule.operation = "scroll";
        rule.first = scrolls;
        rule.times = 1;
        rule.predicate = [this, count = std::uint64_t{0}, scrolls](const demo::HttpRequest&) mutable {
            if (++count == scrolls) {
                const std::lock_guard lock(m_mutex);
                m_reached = true;
                m_seen.notify_all();
            }
            return false;
        };
        m_rule = server.faults().add(std::move(rule));
    }
    ~Blow() { m_server.faults().remove(m_rule); }
    Blow(const Blow&) = delete;
    Blow& operator=(const Blow&) = delete;
    bool struck() const { return m_struck; }
    /// Waits until the blow has done its work; false when the program ended without it, or the time did.
    bool waitForIt(const TestProcess& program, std::chrono::milliseconds atMost) const
    {
        return QTest::qWaitFor([&] { return m_done || (!program.isRunning() && !m_struck); },
                   static_cast<int>(atMost.count()))
            && m_done;
    }

private:
    demo::StandInServer& m_server;
    std::size_t m_rule = 0;
    std::mutex m_mutex;
    std::condition_variable_any m_seen;
    bool m_reached = false;
    std::atomic<bool> m_struck{false};
    std::atomic<bool> m_done{false};
    std::jthread m_thread;
};

} // namespace

/// Processes are killed at random moments, again and again; afterwards every point is in the table exactly
/// once. Runs and seed by QDRANT2PG_STORM_RUNS and QDRANT2PG_STORM_SEED.
class KillStormTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void killed_data();
    void killed();
    void postgresStopsAtOnce();
    void stagedFlow();
    void cleanupTestCase();

private:
    ProcessRequest program(
        const MigrationBench& bench, const QString& databaseUrl, QStringList arguments) const;
    void checkResult(MigrationBench& bench, const TestPostgres& database);
    static QStringList smallPages();
    /// The ledger's tables may be there before the run is.
    static bool isRecorded(const TestPostgres& database);

    quint32 m_seed = 0;
    int m_runs = 0;
    int m_kills = 0;
    int m_serverStops = 0;
    int m_resets = 0;
    int m_finished = 0;
    qint64 m_lost = 0;
    qint64 m_doubled = 0;
    QElapsedTimer m_clock;
    QTemporaryDir m_dir;
};

void KillStormTest::initTestCase()
{
    m_seed = qEnvironmentVariableIsSet("QDRANT2PG_STORM_SEED")
        ? qEnvironmentVariable("QDRANT2PG_STORM_SEED").toUInt()
        : QRandomGenerator::global()->generate();
    m_runs = qEnvironmentVariable("QDRANT2PG_STORM_RUNS", QStringLiteral("8")).toInt();
    m_clock.start();
    qInfo("seed %u, %d runs of each kind", m_seed, m_runs);
    QVERIFY2(
        !test::builtProgram(QStringLiteral("qdrant2pg")).isEmpty(), "the program qdrant2pg is not built");
}

ProcessRequest KillStormTest::program(
    const MigrationBench& bench, const QString& databaseUrl, QStringList arguments) const
{
    ProcessRequest request;
    request.program = QStringLiteral("qdrant2pg");
    request.arguments = std::move(arguments);
    request.environment = {QStringLiteral("DATABASE_URL=") + databaseUrl,
        QStringLiteral("QDRANT_URL=") + QString::fromStdString(bench.server.url()),
        QStringLiteral("XDG_STATE_HOME=") + m_dir.path(), QStringLiteral("XDG_CONFIG_HOME=") + m_dir.path()};
    return request;
}

QStringList KillStormTest::smallPages()
{
    return {QStringLiteral("migrate"), QStringLiteral("--collection"), QStringLiteral("things"),
        QStringLiteral("--ranges"), QStringLiteral("9"), QStringLiteral("--page-bytes"),
        QStringLiteral("5000")};
}

bool KillStormTest::isRecorded(const TestPostgres& database)
{
    return database.scalar("SELECT to_regclass('qdrant2pg.run') IS NOT NULL") == QLatin1String("t")
        && database.scalar("SELECT count(*) FROM qdrant2pg.run") != QLatin1String("0");
}

void KillStormTest::checkResult(MigrationBench& bench, const TestPostgres& database)
{
    const qint64 rows = database.scalar("SELECT count(*) FROM things").toLongLong();
    const qint64 ids = database.scalar("SELECT count(DISTINCT id) FROM things").toLongLong();
    m_lost += points - ids;
    m_doubled += rows - ids;
    QCOMPARE(ids, points);
    QCOMPARE(rows, points);
    QCOMPARE(database.scalar("SELECT sum(rows) FROM qdrant2pg.range"), QString::number(points));
    QCOMPARE(
        database.scalar("SELECT count(*) FROM qdrant2pg.range WHERE state <> 'done'"), QStringLiteral("0"));
    QCOMPARE(bench.difference(QStringLiteral("things"), QStringLiteral("things")), QString());
    ++m_finished;
}

void KillStormTest::killed_data()
{
    QTest::addColumn<int>("processes");
    QTest::addColumn<int>("lanes");
    QTest::addColumn<bool>("standInToo");
    QTest::newRow("one process, one lane") << 1 << 1 << false;
    QTest::newRow("one process, three lanes") << 1 << 3 << false;
    QTest::newRow("two processes on one run") << 2 << 2 << false;
    QTest::newRow("the stand-in restarts too") << 1 << 2 << true;
}

void KillStormTest::killed()
{
    QFETCH(int, processes);
    QFETCH(int, lanes);
    QFETCH(bool, standInToo);
    for (int run = 0; run < m_runs; ++run) {
        MigrationBench bench;
        QDRANT2PG_REQUIRE_POSTGRES(bench.database);
        QRandomGenerator random(m_seed + static_cast<quint32>(run * 977 + lanes * 13 + processes * 7));
        demo::Recipe recipe;
        recipe.points = points;
        recipe.dimensions = 16;
        recipe.payloadBytes = 80;
        recipe.ids = run % 2 == 0 ? demo::IdKind::Uuid : demo::IdKind::Sequential;
        recipe.seed = static_cast<std::uint64_t>(run) + 1;
        bench.generate("things", recipe);

        const QStringList common{QStringLiteral("--lanes"), QString::number(lanes)};
        QStringList arguments = smallPages() + common;
        bool done = false;
        for (int attempt = 0; attempt < 200 && !done; ++attempt) {
            TestProcess process(program(bench, bench.database.url(), arguments));
            std::unique_ptr<TestProcess> companion;
            const bool exists = isRecorded(bench.database);
            if (processes > 1 && exists) {
                const QString id = bench.database.scalar("SELECT id FROM qdrant2pg.run");
                companion = std::make_unique<TestProcess>(
                    program(bench, bench.database.url(), QStringList{QStringLiteral("worker"), id} + common));
            }
            const bool killCompanion = companion && random.bounded(2) == 0;
            const auto victim =
                static_cast<pid_t>(killCompanion ? companion->processId() : process.processId());
            {
                const auto scrolls = attempt < killedAttempts
                    ? static_cast<std::uint64_t>(random.bounded(1, 9))
                    : std::uint64_t{1'000'000};
                Blow blow(bench.server, scrolls, std::chrono::microseconds(random.bounded(20'000)), [&] {
                    if (standInToo)
                        bench.server.resetConnections();
                    ::kill(victim, SIGKILL);
                });
                // After the companion it is the first one's turn, so that no attempt is spared.
                std::optional<Blow> second;
                if (killCompanion && attempt < killedAttempts)
                    second.emplace(bench.server, scrolls + static_cast<std::uint64_t>(random.bounded(1, 9)),
                        std::chrono::microseconds(random.bounded(20'000)),
                        [pid = static_cast<pid_t>(process.processId())] { ::kill(pid, SIGKILL); });
                const auto result = process.waitForEnd(std::chrono::minutes(2));
                if (companion) {
                    if (companion->isRunning() && companion->sendSignal(SIGKILL) && !blow.struck())
                        ++m_kills;
                    companion->waitForEnd();
                }
                m_kills += blow.struck() ? 1 : 0;
                m_resets += blow.struck() && standInToo ? 1 : 0;
                m_kills += second && second->struck() ? 1 : 0;
                if (!blow.struck() && !second)
                    QVERIFY2(result.exited, result.description().constData());
                done = result.exited && result.exitCode == okExit;
                if (result.exited && !done)
                    qInfo("attempt %d ended with %d: %s", attempt, result.exitCode,
                        result.standardError.right(400).constData());
            }
            const bool hasRun = isRecorded(bench.database);
            if (hasRun)
                arguments = QStringList{QStringLiteral("resume")} + common;
        }
        QVERIFY2(done, "a run never came to its end");
        checkResult(bench, bench.database);
    }
}

void KillStormTest::postgresStopsAtOnce()
{
    QString why;
    auto server = PostgresServer::start({.fsync = true}, &why);
    if (!server && TestPostgres::isRequired())
        QFAIL(qPrintable(why));
    if (!server)
        QSKIP(qPrintable(why));
    for (int run = 0; run < m_runs; ++run) {
        QRandomGenerator random(m_seed + static_cast<quint32>(run * 31 + 5));
        MigrationBench bench(*server);
        const TestPostgres& database = bench.database;
        QDRANT2PG_REQUIRE_POSTGRES(database);
        demo::Recipe recipe;
        recipe.points = points;
        recipe.dimensions = 16;
        recipe.payloadBytes = 80;
        recipe.seed = static_cast<std::uint64_t>(run) + 100;
        bench.generate("things", recipe);
        TestProcess process(program(bench, database.url(),
            smallPages() + QStringList{QStringLiteral("--lanes"), QStringLiteral("2")}));
        for (int stop = 0; stop < serverStops; ++stop) {
            bool again = false;
            Blow blow(bench.server, static_cast<std::uint64_t>(random.bounded(4, 14)),
                std::chrono::microseconds(random.bounded(15'000)),
                [&] { again = server->stop(PostgresServer::Stop::Immediate) && server->startAgain(); });
            if (!blow.waitForIt(process, std::chrono::minutes(1)))
                break;
            QVERIFY2(again, "PostgreSQL does not start again");
            ++m_serverStops;
        }
        auto result = process.waitForEnd(std::chrono::minutes(2));
        for (int attempt = 0; attempt < 5 && result.exitCode != okExit; ++attempt) {
            // A server that stops during the check leaves no run behind; a table without a run would be
            // refused.
            const bool recorded = isRecorded(database);
            TestProcess next(program(
                bench, database.url(), recorded ? QStringList{QStringLiteral("resume")} : smallPages()));
            result = next.waitForEnd(std::chrono::minutes(2));
        }
        QVERIFY2(result.exitCode == okExit, result.description().constData());
        checkResult(bench, database);
    }
}

void KillStormTest::stagedFlow()
{
    for (int run = 0; run < m_runs; ++run) {
        QRandomGenerator random(m_seed + static_cast<quint32>(run * 53 + 11));
        MigrationBench bench;
        QDRANT2PG_REQUIRE_POSTGRES(bench.database);
        demo::Recipe recipe;
        recipe.points = points;
        recipe.dimensions = 16;
        recipe.payloadBytes = 4'000;
        recipe.ids = run % 2 == 0 ? demo::IdKind::Uuid : demo::IdKind::Sequential;
        recipe.seed = static_cast<std::uint64_t>(run) + 200;
        bench.generate("things", recipe);
        const QTemporaryDir files;
        const QString batches = files.filePath(QStringLiteral("export"));
        const QString data = files.filePath(QStringLiteral("data.csv"));
        const QList<QStringList> steps{
            {QStringLiteral("export"), batches, QStringLiteral("--collection"), QStringLiteral("things"),
                QStringLiteral("--batch-points"), QStringLiteral("40")},
            {QStringLiteral("convert"), batches, data, QStringLiteral("--preset"), QStringLiteral("generic")},
            {QStringLiteral("import"), data}};
        for (const QStringList& step : steps) {
            bool done = false;
            // A step is killed at a random moment of the time that it has been seen to need.
            int milliseconds = 150;
            for (int attempt = 0; attempt < 50 && !done; ++attempt) {
                const bool spared = attempt >= killsOfAStep;
                QElapsedTimer clock;
                clock.start();
                TestProcess process(program(bench, bench.database.url(), step));
                const auto result =
                    process.waitForEnd(spared ? std::chrono::milliseconds(std::chrono::minutes(2))
                                              : std::chrono::milliseconds(random.bounded(1, milliseconds)));
                m_kills += result.timedOut ? 1 : 0;
                if (!result.timedOut)
                    milliseconds = std::max(2, static_cast<int>(clock.elapsed()));
                else if (!spared)
                    milliseconds += milliseconds / 4;
                // An export that came to its end, be it just before it was killed, is not made twice.
                const bool complete = result.standardError.contains("already holds a complete export");
                if (!result.timedOut)
                    QVERIFY2(result.ok() || complete, result.description().constData());
                done = (spared && result.ok()) || complete;
            }
            QVERIFY2(done, qPrintable(step.first()));
        }
        checkResult(bench, bench.database);
    }
}

void KillStormTest::cleanupTestCase()
{
    qInfo("kill storm: %d kills of processes, %d immediate stops of PostgreSQL and %d resets of the stand-in "
          "over "
          "%d finished runs in %lld s, seed %u, %lld lost, %lld doubled",
        m_kills, m_serverStops, m_resets, m_finished, static_cast<long long>(m_clock.elapsed() / 1000),
        m_seed, static_cast<long long>(m_lost), static_cast<long long>(m_doubled));
}

QTEST_GUILESS_MAIN(KillStormTest)
#include "killstormtest.moc"
