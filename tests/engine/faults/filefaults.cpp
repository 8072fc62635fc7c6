// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/faults/programcase.h"
#include "tests/engine/faults/readonlyfolder.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <csignal>

namespace qdrant2pg::test {

namespace {

using namespace Qt::StringLiterals;
using Action = FaultProxy::Rule::Action;

constexpr int killed = -1;
constexpr int waitMilliseconds = 60'000;

const QString copying = u"copying"_s;
const QStringList migrate{u"migrate"_s, u"--collection"_s, u"things"_s, u"--lanes"_s, u"1"_s, u"--ranges"_s,
    u"4"_s, u"--page-bytes"_s, u"200000"_s};
const QStringList resume{u"resume"_s};

void release(ProgramRun& run)
{
    run.kept.clear();
}

qint64 rowsInLedger(const ProgramRun& run)
{
    const TestPostgres& database = run.bench.database;
    if (database.scalar("SELECT to_regclass('qdrant2pg.range') IS NOT NULL") != u"t"_s)
        return 0;
    return database.scalar("SELECT coalesce(sum(rows), 0) FROM qdrant2pg.range").toLongLong();
}

/// Requests for points that come when some rows are stored.
demo::FaultRule inTheMiddle(ProgramRun& run)
{
    demo::FaultRule rule;
    rule.operation = "scroll";
    rule.predicate = [&run](const demo::HttpRequest& http) {
        return http.body.find("\"with_payload\":true") != std::string::npos && rowsInLedger(run) > 0;
    };
    rule.times = 0;
    rule.fault = demo::Fault::stallAt(0);
    return rule;
}

void letGo(ProgramRun& run)
{
    run.bench.server.faults().clear();
    run.bench.server.releaseStalls();
}

bool waitForStalls(ProgramRun& run, std::size_t many)
{
    return QTest::qWaitFor([&] { return run.bench.server.stalled() >= many; }, waitMilliseconds);
}

/// Another process, which has begun the run and waits for a page.
std::shared_ptr<TestProcess> beginElsewhere(ProgramRun& run)
{
    run.bench.server.faults().add(inTheMiddle(run));
    QStringList arguments = migrate;
    arguments << u"--out"_s << u"elsewhere"_s;
    auto first = std::make_shared<TestProcess>(run.request(arguments));
    run.kept.push_back(first);
    if (!waitForStalls(run, 1))
        qFatal("the other process does not get so far");
    return first;
}

/// Of the process that began elsewhere.
void endElsewhere(ProgramRun& run)
{
    const ProcessResult result = std::static_pointer_cast<TestProcess>(run.kept.front())->waitForEnd();
    if (!result.ok())
        qFatal("%s", result.description().constData());
}

QString killedOnce(ProgramRun& run)
{
    return run.wasKilled() ? QString() : u"nothing was killed"_s;
}

QList<ProgramCase> kills()
{
    const auto killedAt = [](const QByteArray& text) {
        return [text](ProgramRun& run) {
            run.proxy->add({.action = Action::Call, .contains = text, .call = [&run] {
                                run.killIt();
                            }});
        };
    };
    ProgramCase inCopy{.fault = u"kill -9"_s,
        .stage = copying,
        .command = migrate,
        .prepare = [](ProgramRun& run) { run.bench.server.faults().add(inTheMiddle(run)); },
        .strike =
            [](ProgramRun& run, TestProcess&) {
                if (waitForStalls(run, 1))
                    run.killIt();
            },
        .exitCode = killed,
        .repair = letGo,
        .then = {resume},
        .check = killedOnce};
    ProgramCase inIndex = inCopy;
    inIndex.stage = u"indexes"_s;
    inIndex.prepare = killedAt("CREATE INDEX");
    inIndex.strike = {};
    inIndex.repair = {};
    ProgramCase inVerification = inIndex;
    inVerification.stage = u"verification"_s;
    inVerification.prepare = killedAt("TO STDOUT");
    return {inCopy, inIndex, inVerification};
}

QList<ProgramCase> instances()
{
    const auto held = std::make_shared<QString>(u"nobody looked"_s);
    ProgramCase shared{.fault = u"two processes on one run share its ranges"_s,
        .stage = copying,
        .command = {u"resume"_s, u"--lanes"_s, u"1"_s},
        .prepare = [](ProgramRun& run) { beginElsewhere(run); },
        .strike =
            [held](ProgramRun& run, TestProcess&) {
                *held = waitForStalls(run, 2) ? run.bench.database.scalar(
                            "SELECT count(DISTINCT owner) || ' owners' FROM qdrant2pg.range "
                            "WHERE owner <> '' AND state <> 'done'")
                                              : u"the second one asks for nothing"_s;
                letGo(run);
            },
        .repair = endElsewhere,
        .check =
            [held](ProgramRun&) {
                return *held == u"2 owners"_s ? QString() : *held;
            }};
    ProgramCase apart{.fault = u"a second run into the same table"_s,
        .stage = u"check"_s,
        .command = migrate + QStringList{u"--mode"_s, u"append"_s},
        .prepare =
            [](ProgramRun& run) {
                beginElsewhere(run);
                // Whoever comes now is answered; the first one waits on.
                run.bench.server.faults().clear();
            },
        .exitCode = 3,
        .says = u"Another run is writing to table things right now"_s,
        .repair =
            [](ProgramRun& run) {
                letGo(run);
                endElsewhere(run);
            }};
    return {shared, apart};
}

QList<ProgramCase> clocks()
{
    // Over REST: the library for gRPC sleeps by the clock of the day for a moment when a connection ends, and
    // a jump that meets this moment makes days of it.
    ProgramCase jumps{.fault = u"the clock of this computer jumps by days, back and forth"_s,
        .stage = u"all"_s,
        .command = migrate + QStringList{u"--transport"_s, u"rest"_s},
        .prepare =
            [](ProgramRun& run) {
                run.environment << u"LD_PRELOAD="_s + QStringLiteral(QDRANT2PG_CLOCKJUMP)
                                << u"QDRANT2PG_CLOCKJUMP_MARK="_s + run.path(u"jumped"_s)
                                << u"ASAN_OPTIONS=verify_asan_link_order=0"_s;
            },
        .check =
            [](ProgramRun& run) {
                return QFile::exists(run.path(u"jumped"_s)) ? QString() : u"the clock did not jump"_s;
            }};
    // A computer that sleeps: its process stands still, its connections stay, its leases run out by the
    // server's clock.
    ProgramCase asleep{.fault = u"the computer of one process sleeps for longer than a lease, and wakes"_s,
        .stage = copying,
        .command = {u"resume"_s, u"--lanes"_s, u"1"_s},
        .prepare =
            [](ProgramRun& run) {
                const auto first = beginElsewhere(run);
                const TestPostgres& database = run.bench.database;
                const auto rests = [&] {
                    return database.scalar("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                           "current_database() AND state <> 'idle' AND pid <> "
                                           "pg_backend_pid()")
                        == u"0"_s;
                };
                // Not in the middle of a transaction, which would hold its range: it may have begun one
                // between the look and the signal, so the lock has the last word.
                const auto fallsAsleep = [&] {
                    if (!rests())
                        return false;
                    first->sendSignal(SIGSTOP);
                    if (rests()
                        && database.execute("SET LOCAL lock_timeout = '5s'; UPDATE qdrant2pg.range SET "
                                            "lease_until = now() - interval '1 minute' WHERE owner <> '' "
                                            "AND state <> 'done'"))
                        return true;
                    first->sendSignal(SIGCONT);
                    return false;
                };
                if (!QTest::qWaitFor(fallsAsleep, waitMilliseconds))
                    qFatal("the lane never rests");
                letGo(run);
            },
        .repair =
            [](ProgramRun& run) {
                std::static_pointer_cast<TestProcess>(run.kept.front())->sendSignal(SIGCONT);
                endElsewhere(run);
            }};
    return {jumps, asleep};
}

QList<ProgramCase> folders()
{
    ProgramCase readOnly{.fault = u"runs folder read-only"_s,
        .stage = u"all"_s,
        .command = migrate,
        .prepare =
            [](ProgramRun& run) {
                run.kept.push_back(std::make_shared<ReadOnlyFolder>(run.path(u"state"_s)));
            },
        .says = u"The report could not be written"_s,
        .repair = release};
    ProgramCase log{.fault = u"folder of log and report read-only"_s,
        .stage = u"all"_s,
        .command = migrate + QStringList{u"--out"_s, u"out"_s},
        .prepare =
            [](ProgramRun& run) { run.kept.push_back(std::make_shared<ReadOnlyFolder>(run.path(u"out"_s))); },
        .says = u"run.log cannot be written"_s,
        .repair = release};
    ProgramCase logFull = log;
    logFull.fault = u"disk full for log and report"_s;
    logFull.prepare = [](ProgramRun& run) {
        run.putOnSmallDisk(u"out"_s);
        run.fillDisk();
    };
    logFull.repair = {};
    ProgramCase rejects{.fault = u"disk full for the file of rejects"_s,
        .stage = u"end"_s,
        .command = migrate + QStringList{u"--out"_s, u"out"_s},
        .prepare =
            [](ProgramRun& run) {
                const auto point =
                    demo::Json::parse(R"X([{"id":100000,"vector":[1,2,3,4],"payload":{"a":"x\u0000y"}}])X");
                if (!point || !run.bench.server.store().find("things")->upload(*point))
                    qFatal("the point is not accepted");
                run.putOnSmallDisk(u"out"_s);
                run.fillDisk();
            },
        .exitCode = 1,
        .says = u"The rejected points could not be written"_s,
        .check =
            [](ProgramRun& run) {
                const TestPostgres& database = run.bench.database;
                const QString stored =
                    database.scalar("SELECT count(*) || ' ' || count(DISTINCT id) FROM things");
                // They are in the ledger all the same.
                const QString rejected =
                    database.scalar("SELECT string_agg(point_id, ' ') FROM qdrant2pg.reject");
                return stored == u"400 400"_s && rejected == u"100000"_s ? QString()
                                                                         : stored + u", "_s + rejected;
            },
        .exact = false};
    return {readOnly, log, logFull, rejects};
}

} // namespace

QList<ProgramCase> fileFaults()
{
    return folders() + instances() + clocks() + kills();
}

} // namespace qdrant2pg::test
