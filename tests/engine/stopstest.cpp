// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/processid.h"
#include "core/postgres/ledger.h"
#include "tests/engine/support/migrationbench.h"
#include "tests/support/faultproxy.h"
#include "tests/support/patience.h"
#include "tests/support/testprocess.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

using namespace qdrant2pg;
using qdrant2pg::test::FaultProxy;
using qdrant2pg::test::MigrationBench;
using namespace Qt::StringLiterals;

namespace {

/// Stated in docs/reliability.md; generous here, because the machine that runs the tests is shared.
constexpr qint64 stopSeconds = 30;
/// Two lanes hold a page each and one that is on its way; all in several forms for a moment.
constexpr long mostMegabytes = 1'000;

demo::FaultRule stallAtPage(std::uint64_t page)
{
    demo::FaultRule rule;
    rule.operation = "scroll";
    rule.predicate = [](const demo::HttpRequest& http) {
        return http.body.find("\"with_payload\":true") != std::string::npos;
    };
    rule.first = page;
    rule.fault = demo::Fault::stallAt(0);
    return rule;
}

RunRequest manyPages(MigrationBench& bench)
{
    demo::Recipe recipe;
    recipe.points = 600;
    recipe.ids = demo::IdKind::Sequential;
    recipe.dimensions = 4;
    bench.generate("things", recipe);
    RunRequest request = bench.request(u"things"_s);
    request.plan.run.pageBytes = 5'000;
    request.plan.run.ranges = 3;
    request.lanes = 1;
    // A silent Qdrant is waited for longer than any test: what ends a run then is the command.
    request.source.stallTimeout = std::chrono::hours(1);
    request.sourceFactory = nullptr;
    request.plan.source.transport = TransportChoice::Rest;
    return request;
}

} // namespace

/// Pause, stop and abort in the middle of a run, dead lanes, and pages of huge points.
class StopsTest : public QObject {
    Q_OBJECT
private slots:
    void pauseHoldsAndGoesOn();
    void pauseBetweenTwoRangesHolds();
    void stopStoresThePageInFlight();
    void abortDoesNotWaitForQdrant();
    void laterSessionsKnowTheFindings();
    void pausedRunCanBeStopped();
    void rangesOfADeadLaneAreTakenAtOnce();
    void waitingForOthersUsesTheBudget();
    void hugePointsPass();
};

void StopsTest::pauseHoldsAndGoesOn()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const RunRequest request = manyPages(bench);
    bench.server.faults().add(stallAtPage(3));
    qint64 storedWhenPaused = -1;
    int snapshotsPaused = 0;
    const RunOutcome outcome = bench.run(request, [&](MigrationEngine& engine, const RunProgress& progress) {
        if (progress.state == RunState::Copying && bench.server.stalled() > 0) {
            engine.pause();
            bench.server.releaseStalls();
        }
        if (progress.state != RunState::Paused)
            return;
        if (storedWhenPaused < 0)
            storedWhenPaused = progress.stored();
        QCOMPARE(progress.stored(), storedWhenPaused);
        if (++snapshotsPaused == 3)
            engine.resume();
    });
    QCOMPARE(outcome.state, RunState::Completed);
    QVERIFY(storedWhenPaused > 0);
    QVERIFY(storedWhenPaused < 600);
    QVERIFY(bench.states.contains(u"paused"_s));
    QCOMPARE(bench.difference(u"things"_s, u"things"_s), QString());
}

void StopsTest::pauseBetweenTwoRangesHolds()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request = manyPages(bench);
    FaultProxy proxy(bench.database.options());
    request.target = proxy.options();
    // Known from the first snapshot on.
    std::atomic<MigrationEngine*> running{nullptr};
    std::atomic<bool> asked{false};
    std::mutex mutex;
    std::condition_variable announced;
    bool paused = false;
    // The pause comes when the lane takes its second range. The answer is held back for as long as it takes
    // to announce a pause; rightly, none is announced before it has come.
    proxy.add({.action = FaultProxy::Rule::Action::Call,
        .contains = "LIMIT 1 FOR UPDATE SKIP LOCKED",
        .first = 2,
        .call = [&] {
            running.wait(nullptr);
            running.load()->pause();
            asked = true;
            std::unique_lock lock(mutex);
            announced.wait_for(lock, std::chrono::seconds(1), [&] { return paused; });
        }});
    qint64 rowsWhenPaused = -1;
    std::uint64_t scrollsWhenPaused = 0;
    int snapshotsPaused = 0;
    const RunOutcome outcome = bench.run(request, [&](MigrationEngine& engine, const RunProgress& progress) {
        running = &engine;
        running.notify_all();
        if (progress.state != RunState::Paused)
            return;
        {
            const std::lock_guard lock(mutex);
            paused = true;
        }
        announced.notify_all();
        const qint64 rows = bench.database.scalar("SELECT count(*) FROM things").toLongLong();
        const std::uint64_t scrolls = bench.server.log().count("scroll");
        if (rowsWhenPaused < 0) {
            rowsWhenPaused = rows;
            scrollsWhenPaused = scrolls;
        }
        QCOMPARE(rows, rowsWhenPaused);
        QCOMPARE(scrolls, scrollsWhenPaused);
        if (++snapshotsPaused == 4)
            engine.resume();
    });
    QVERIFY(asked);
    QCOMPARE(snapshotsPaused, 4);
    QCOMPARE(outcome.state, RunState::Completed);
    QCOMPARE(bench.difference(u"things"_s, u"things"_s), QString());
}

void StopsTest::stopStoresThePageInFlight()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const RunRequest request = manyPages(bench);
    bench.server.faults().add(stallAtPage(3));
    QElapsedTimer since;
    qint64 storedBefore = 0;
    const RunOutcome outcome = bench.run(request, [&](MigrationEngine& engine, const RunProgress& progress) {
        if (bench.server.stalled() > 0 && !since.isValid()) {
            storedBefore = progress.stored();
            since.start();
            engine.stop();
            bench.server.releaseStalls();
        }
    });
    qInfo("stopped after %lld ms", static_cast<long long>(since.elapsed()));
    QCOMPARE(outcome.state, RunState::Cancelled);
    QVERIFY(!outcome.error);
    const qint64 stored = bench.database.scalar("SELECT count(*) FROM things").toLongLong();
    QVERIFY2(stored > storedBefore && stored < 600, qPrintable(QString::number(stored)));
    QCOMPARE(bench.database.scalar("SELECT sum(rows) FROM qdrant2pg.range").toLongLong(), stored);
    // Given back, so that others need not wait for a lease to run out.
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM qdrant2pg.range WHERE owner <> '' AND "
                                   "state <> 'done'"),
        u"0"_s);
    QCOMPARE(bench.resume(outcome.runId, request).state, RunState::Completed);
    QCOMPARE(bench.difference(u"things"_s, u"things"_s), QString());
}

void StopsTest::abortDoesNotWaitForQdrant()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const RunRequest request = manyPages(bench);
    bench.server.faults().add(stallAtPage(3));
    QElapsedTimer since;
    const RunOutcome outcome = bench.run(request, [&](MigrationEngine& engine, const RunProgress&) {
        if (bench.server.stalled() > 0 && !since.isValid()) {
            since.start();
            engine.abort();
        }
    });
    const qint64 took = since.elapsed();
    qInfo("aborted after %lld ms", static_cast<long long>(took));
    QCOMPARE(outcome.state, RunState::Cancelled);
    QVERIFY2(took < stopSeconds * 1000, qPrintable(QString::number(took)));
    QVERIFY(!outcome.error);
    bench.server.releaseStalls();
    QCOMPARE(bench.resume(outcome.runId, request).state, RunState::Completed);
    QCOMPARE(bench.difference(u"things"_s, u"things"_s), QString());
}

void StopsTest::pausedRunCanBeStopped()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const RunRequest request = manyPages(bench);
    bench.server.faults().add(stallAtPage(3));
    const RunOutcome outcome = bench.run(request, [&](MigrationEngine& engine, const RunProgress& progress) {
        if (progress.state == RunState::Copying && bench.server.stalled() > 0) {
            engine.pause();
            bench.server.releaseStalls();
        }
        if (progress.state == RunState::Paused)
            engine.stop();
    });
    QCOMPARE(outcome.state, RunState::Cancelled);
    QCOMPARE(bench.resume(outcome.runId, request).state, RunState::Completed);
    QCOMPARE(bench.difference(u"things"_s, u"things"_s), QString());
}

void StopsTest::rangesOfADeadLaneAreTakenAtOnce()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request = manyPages(bench);
    request.leaseSeconds = 3600;
    bench.server.faults().add(stallAtPage(3));
    const RunOutcome stopped = bench.run(request, [&](MigrationEngine& engine, const RunProgress&) {
        if (bench.server.stalled() > 0) {
            engine.stop();
            bench.server.releaseStalls();
        }
    });
    QCOMPARE(stopped.state, RunState::Cancelled);
    // An owner of another computer, whose pid says nothing here, with a lease of an hour and no connection.
    QVERIFY(
        bench.database.execute("UPDATE qdrant2pg.range SET owner = 'elsewhere/boot/1/2-1-0', lease_until = "
                               "now() + interval '1 hour' WHERE state <> 'done'"));
    // With the lease respected this would take an hour; the bench gives up after five minutes.
    const RunOutcome outcome = bench.resume(stopped.runId, request);
    QCOMPARE(outcome.state, RunState::Completed);
    QVERIFY(bench.messages.join(u'\n').contains(u"taken over"_s));
    QCOMPARE(bench.difference(u"things"_s, u"things"_s), QString());
}

void StopsTest::laterSessionsKnowTheFindings()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const RunRequest request = manyPages(bench);
    RunRequest first = request;
    Finding warning;
    warning.severity = Severity::Warning;
    warning.code = u"index-memory"_s;
    warning.collection = u"things"_s;
    warning.text = u"The index will not fit: see postgresql://role:canary@host/db."_s;
    warning.hint = u"Give it more memory."_s;
    first.findings = {warning, Finding{}};
    bench.server.faults().add(stallAtPage(3));
    const auto stopWhenStalled = [&](MigrationEngine& engine, const RunProgress&) {
        if (bench.server.stalled() > 0) {
            engine.stop();
            bench.server.releaseStalls();
        }
    };
    const RunOutcome stopped = bench.run(first, stopWhenStalled);
    QCOMPARE(stopped.state, RunState::Cancelled);
    QCOMPARE(stopped.sessions, 1);
    QCOMPARE(stopped.findings.size(), 2);
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM qdrant2pg.run WHERE facts LIKE '%canary%'"), u"0"_s);

    bench.server.faults().add(stallAtPage(2));
    RunRequest again = request;
    again.resumeRunId = stopped.runId;
    const RunOutcome stoppedAgain = bench.run(again, stopWhenStalled);
    QCOMPARE(stoppedAgain.state, RunState::Cancelled);
    QCOMPARE(stoppedAgain.sessions, 2);
    const RunOutcome last = bench.resume(stopped.runId, request);
    QCOMPARE(last.state, RunState::Completed);
    QCOMPARE(last.sessions, 3);
    QCOMPARE(last.findings.size(), 2);
    QCOMPARE(last.findings.first().severity, Severity::Warning);
    QCOMPARE(last.findings.first().code, warning.code);
    QCOMPARE(last.findings.first().collection, warning.collection);
    QVERIFY(last.findings.first().text.startsWith(u"The index will not fit"_s));
    QCOMPARE(last.findings.first().hint, warning.hint);
    QCOMPARE(last.findings.last().severity, Severity::Info);
    QVERIFY(!last.collections.first().info.vectors.isEmpty());
}

void StopsTest::waitingForOthersUsesTheBudget()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request = manyPages(bench);
    bench.server.faults().add(stallAtPage(3));
    const RunOutcome stopped = bench.run(request, [&](MigrationEngine& engine, const RunProgress&) {
        if (bench.server.stalled() > 0) {
            engine.stop();
            bench.server.releaseStalls();
        }
    });
    QCOMPARE(stopped.state, RunState::Cancelled);
    // Somebody who lives holds all that is left, and whoever asks for it loses the connection.
    const TargetOptions direct = bench.database.options();
    FaultProxy proxy(direct);
    {
        auto holder = Connection::open(direct);
        QVERIFY(holder);
        QVERIFY(Ledger(u"qdrant2pg"_s).announceOwner(*holder, u"somebody"_s));
        QVERIFY(bench.database.execute("UPDATE qdrant2pg.range SET owner = 'somebody', lease_until = now() + "
                                       "interval '1 hour' WHERE state <> 'done'"));
        proxy.add({.contains = "FILTER (WHERE owner <> ''", .times = 0});
        request.target = proxy.options();
        // Without a limit it would go on for as long as somebody lives; the bench gives up after minutes.
        const RunOutcome outcome = bench.resume(stopped.runId, request);
        QVERIFY(proxy.hits() >= request.retry.attempts);
        QCOMPARE(outcome.state, RunState::Failed);
        const QString said = bench.messages.join(u'\n');
        QVERIFY2(said.contains(u"PostgreSQL"_s) && said.contains(u"attempt 2 of 7"_s)
                && said.contains(u"attempt 7 of 7"_s),
            qPrintable(said));
    }
    request.target = direct;
    QCOMPARE(bench.resume(stopped.runId, request).state, RunState::Completed);
    QCOMPARE(bench.difference(u"things"_s, u"things"_s), QString());
}

void StopsTest::hugePointsPass()
{
    // Points of 50 MB, one of them amid small ones: pages are bounded by bytes, and a single point always
    // passes.
    constexpr qint64 hugeBytes = 50'000'000;
    if (test::slowness > 1)
        QSKIP("what a sanitizer adds to the memory says nothing about the program");
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    std::string points = "[";
    for (int i = 1; i <= 300; ++i)
        points += (i > 1 ? "," : "") + std::string(R"X({"id":)X") + std::to_string(i)
            + R"X(,"vector":[1,2],"payload":{"t":"x"}})X";
    auto collection = bench.create("huge", R"X({"vectors":{"size":2,"distance":"Dot"}})X", points + "]");
    for (int i : {120, 121, 250}) {
        // Outlives what is parsed from it, which only points into it.
        const std::string text = std::string(R"X([{"id":)X") + std::to_string(i)
            + R"X(,"vector":[1,2],"payload":{"t":")X" + std::string(hugeBytes, static_cast<char>('a' + i % 3))
            + R"X("}}])X";
        const auto point = demo::Json::parse(text);
        QVERIFY(point && collection->upload(*point));
    }
    // In a process of its own, so that its memory can be told from the stand-in's.
    if (test::builtProgram(u"qdrant2pg"_s).isEmpty())
        QSKIP("the program qdrant2pg is not built");
    const QTemporaryDir state;
    const test::ProcessResult result = test::runProcess({.program = u"qdrant2pg"_s,
        .arguments = {u"migrate"_s, u"--collection"_s, u"huge"_s, u"--verify"_s, u"none"_s},
        .environment = {u"DATABASE_URL="_s + bench.database.url(),
            u"QDRANT_URL="_s + QString::fromStdString(bench.server.url()),
            u"XDG_STATE_HOME="_s + state.path()},
        .timeout = std::chrono::minutes(5)});
    QVERIFY2(result.ok(), result.description().constData());
    rusage used{};
    ::getrusage(RUSAGE_CHILDREN, &used);
    qInfo("peak memory with points of 50 MB: %ld MB", used.ru_maxrss / 1024);
    QVERIFY2(used.ru_maxrss / 1024 < mostMegabytes, qPrintable(QString::number(used.ru_maxrss / 1024)));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM huge"), u"300"_s);
    QCOMPARE(bench.database.scalar("SELECT length(payload->>'t') FROM huge WHERE id = 121"),
        QString::number(hugeBytes));
}

QTEST_GUILESS_MAIN(StopsTest)
#include "stopstest.moc"
