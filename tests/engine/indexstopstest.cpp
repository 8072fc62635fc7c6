// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/verifier.h"
#include "tests/engine/support/migrationbench.h"
#include "tests/support/faultproxy.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

using namespace qdrant2pg;
using qdrant2pg::test::FaultProxy;
using qdrant2pg::test::MigrationBench;
using namespace Qt::StringLiterals;

namespace {

/// Stated in docs/reliability.md.
constexpr qint64 abortMilliseconds = 10'000;
constexpr qint64 stopMilliseconds = 5'000;

/// A door that threads of the proxy wait at until the test opens it.
class Gate {
public:
    ~Gate() { open(); }
    void wait()
    {
        std::unique_lock lock(m_mutex);
        ++m_waiting;
        m_changed.wait(lock, [this] { return m_open; });
    }
    void open()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_open = true;
        }
        m_changed.notify_all();
    }
    bool isWaitedAt() const
    {
        const std::lock_guard lock(m_mutex);
        return m_waiting > 0;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_waiting = 0;
    bool m_open = false;
};

RunRequest someRows(MigrationBench& bench)
{
    demo::Recipe recipe;
    recipe.points = 300;
    recipe.ids = demo::IdKind::Sequential;
    recipe.dimensions = 4;
    bench.generate("things", recipe);
    RunRequest request = bench.request(u"things"_s);
    request.plan.run.pageBytes = 5'000;
    request.plan.run.ranges = 3;
    request.lanes = 1;
    return request;
}

QString indexes(const MigrationBench& bench)
{
    return bench.database.scalar("SELECT count(*) FILTER (WHERE indisvalid) || ' valid, ' || count(*) FILTER "
                                 "(WHERE NOT indisvalid) || ' invalid' FROM pg_index WHERE indrelid = "
                                 "'things'::regclass");
}

} // namespace

/// Pause, stop and abort where PostgreSQL is what the run waits for.
class IndexStopsTest : public QObject {
    Q_OBJECT
private slots:
    void indexBuildIsCancelled_data();
    void indexBuildIsCancelled();
    void waitForALockIsEnded_data();
    void waitForALockIsEnded();
    void pauseWaitsForTheIndexThatIsBuilt();
    void abortDoesNotWaitForASilentServer_data();
    void abortDoesNotWaitForASilentServer();
};

void IndexStopsTest::indexBuildIsCancelled_data()
{
    QTest::addColumn<bool>("abort");
    QTest::newRow("stop") << false;
    QTest::newRow("abort") << true;
}

void IndexStopsTest::indexBuildIsCancelled()
{
    QFETCH(bool, abort);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const RunRequest request = someRows(bench);
    // An index that takes an hour.
    QVERIFY(bench.database.execute(
        "CREATE FUNCTION dawdle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(3600); "
        "END $$; CREATE EVENT TRIGGER dawdle ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE "
        "FUNCTION dawdle()"));
    QElapsedTimer since;
    const RunOutcome outcome = bench.run(request, [&](MigrationEngine& engine, const RunProgress& progress) {
        if (since.isValid() || progress.state != RunState::BuildingIndexes
            || bench.database.scalar("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                     "current_database() AND wait_event = 'PgSleep'")
                == u"0"_s)
            return;
        since.start();
        abort ? engine.abort() : engine.stop();
    });
    const qint64 took = since.elapsed();
    qInfo("ended after %lld ms", static_cast<long long>(took));
    QCOMPARE(outcome.state, RunState::Cancelled);
    QVERIFY(!outcome.error);
    QVERIFY2(took < stopMilliseconds, qPrintable(QString::number(took)));
    QCOMPARE(indexes(bench), u"1 valid, 0 invalid"_s);
    QCOMPARE(bench.database.scalar("SELECT state FROM qdrant2pg.run"), u"cancelled"_s);
    QVERIFY(bench.database.execute("DROP EVENT TRIGGER dawdle; DROP FUNCTION dawdle()"));
    QCOMPARE(bench.resume(outcome.runId, request).state, RunState::Completed);
    QCOMPARE(indexes(bench), u"2 valid, 0 invalid"_s);
    QCOMPARE(bench.difference(u"things"_s, u"things"_s), QString());
}

void IndexStopsTest::waitForALockIsEnded_data()
{
    QTest::addColumn<QByteArray>("lockedAt");
    QTest::addColumn<bool>("abort");
    for (const bool abort : {false, true}) {
        const QByteArray command = abort ? "abort" : "stop";
        QTest::newRow(command + ", primary key") << QByteArray("ADD PRIMARY KEY") << abort;
        QTest::newRow(command + ", index") << QByteArray("CREATE INDEX") << abort;
        QTest::newRow(command + ", statistics") << QByteArray("ANALYZE ") << abort;
        QTest::newRow(command + ", verification") << QByteArray("TO STDOUT") << abort;
    }
    // A stop finishes the page in flight, so that only an abort ends this one.
    QTest::newRow("abort, copying") << QByteArray("COPY ") << true;
}

/// Somebody else's lock, with no limit on the wait.
void IndexStopsTest::waitForALockIsEnded()
{
    QFETCH(QByteArray, lockedAt);
    QFETCH(bool, abort);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request = someRows(bench);
    request.plan.run.verify = VerifyLevel::Digest;
    request.verifier = makeVerifier();
    FaultProxy proxy(bench.database.options());
    request.target = proxy.options();
    std::mutex mutex;
    std::optional<Connection> holder;
    proxy.add({.action = FaultProxy::Rule::Action::Call, .contains = lockedAt, .call = [&] {
                   auto opened = Connection::open(bench.database.options());
                   if (opened && opened->execute("BEGIN; LOCK TABLE things IN ACCESS EXCLUSIVE MODE")) {
                       const std::lock_guard lock(mutex);
                       holder.emplace(std::move(*opened));
                   }
               }});
    QElapsedTimer since;
    const RunOutcome outcome = bench.run(request, [&](MigrationEngine& engine, const RunProgress&) {
        if (since.isValid()
            || bench.database.scalar("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                     "current_database() AND wait_event_type = 'Lock'")
                == u"0"_s)
            return;
        since.start();
        abort ? engine.abort() : engine.stop();
    });
    const qint64 took = since.elapsed();
    qInfo("ended after %lld ms", static_cast<long long>(took));
    QCOMPARE(outcome.state, RunState::Cancelled);
    QVERIFY2(took < stopMilliseconds, qPrintable(QString::number(took)));
    {
        const std::lock_guard lock(mutex);
        QVERIFY(holder);
        holder.reset();
    }
    proxy.clear();
    QCOMPARE(bench.resume(outcome.runId, request).state, RunState::Completed);
    QCOMPARE(indexes(bench), u"2 valid, 0 invalid"_s);
    QCOMPARE(bench.difference(u"things"_s, u"things"_s), QString());
}

void IndexStopsTest::pauseWaitsForTheIndexThatIsBuilt()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request = someRows(bench);
    // Outlives the proxy's threads, which wait at it.
    Gate gate;
    FaultProxy proxy(bench.database.options());
    request.target = proxy.options();
    // Known from the first snapshot on.
    std::atomic<MigrationEngine*> running{nullptr};
    // The first of two builds; it goes on when the run has said what becomes of the pause.
    proxy.add({.action = FaultProxy::Rule::Action::Call, .contains = "ADD PRIMARY KEY", .call = [&] {
                   running.wait(nullptr);
                   running.load()->pause();
                   gate.wait();
               }});
    int snapshotsPaused = 0;
    const RunOutcome outcome = bench.run(request, [&](MigrationEngine& engine, const RunProgress& progress) {
        running = &engine;
        running.notify_all();
        if (bench.messages.join(u'\n').contains(u"the run pauses when things primary key is built"_s))
            gate.open();
        if (progress.state != RunState::Paused)
            return;
        QCOMPARE(indexes(bench), u"1 valid, 0 invalid"_s);
        if (++snapshotsPaused == 4)
            engine.resume();
    });
    QCOMPARE(snapshotsPaused, 4);
    QCOMPARE(outcome.state, RunState::Completed);
    QCOMPARE(bench.states,
        (QStringList{u"preflight"_s, u"creating-schema"_s, u"copying"_s, u"building-indexes"_s, u"pausing"_s,
            u"paused"_s, u"building-indexes"_s, u"finishing"_s, u"completed"_s}));
    QCOMPARE(indexes(bench), u"2 valid, 0 invalid"_s);
}

void IndexStopsTest::abortDoesNotWaitForASilentServer_data()
{
    QTest::addColumn<QByteArray>("silentAt");
    QTest::newRow("a lane takes a range") << QByteArray("FOR UPDATE SKIP LOCKED");
    QTest::newRow("copying") << QByteArray("COPY ");
    QTest::newRow("primary key") << QByteArray("ADD PRIMARY KEY");
    QTest::newRow("index") << QByteArray("CREATE INDEX");
    QTest::newRow("statistics") << QByteArray("ANALYZE ");
    QTest::newRow("verification") << QByteArray("TO STDOUT");
}

void IndexStopsTest::abortDoesNotWaitForASilentServer()
{
    QFETCH(QByteArray, silentAt);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request = someRows(bench);
    request.plan.run.verify = VerifyLevel::Digest;
    request.verifier = makeVerifier();
    // Outlives the proxy's threads, which wait at it.
    Gate gate;
    FaultProxy proxy(bench.database.options());
    request.target = proxy.options();
    // From that moment on the server takes whatever comes, new connections too, and never answers.
    proxy.add({.action = FaultProxy::Rule::Action::Call, .contains = silentAt, .call = [&] {
                   proxy.add({.action = FaultProxy::Rule::Action::Call,
                       .contains = "application_name",
                       .times = 0,
                       .call = [&gate] {
                           gate.wait();
                       }});
                   gate.wait();
               }});
    QElapsedTimer since;
    const RunOutcome outcome = bench.run(request, [&](MigrationEngine& engine, const RunProgress&) {
        if (gate.isWaitedAt() && !since.isValid()) {
            since.start();
            engine.abort();
        }
    });
    const qint64 took = since.elapsed();
    qInfo("aborted after %lld ms", static_cast<long long>(took));
    QCOMPARE(outcome.state, RunState::Cancelled);
    QVERIFY2(took < abortMilliseconds, qPrintable(QString::number(took)));
    gate.open();
    proxy.clear();
    const RunOutcome resumed = bench.resume(outcome.runId, request);
    QVERIFY2(resumed.state == RunState::Completed,
        resumed.error ? qPrintable(resumed.error->toText()) : "no error");
    QCOMPARE(bench.difference(u"things"_s, u"things"_s), QString());
}

QTEST_GUILESS_MAIN(IndexStopsTest)
#include "indexstopstest.moc"
