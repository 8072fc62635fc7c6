// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/faults/faultcase.h"
#include "tests/engine/faults/smalldisk.h"

#include <QUrl>

namespace qdrant2pg::test {

namespace {

using Action = FaultProxy::Rule::Action;
using Resume = FaultCase::Resume;
using Rows = FaultCase::Rows;
using std::chrono::milliseconds;
using namespace Qt::StringLiterals;

const QString postgres = u"PostgreSQL"_s;
const QString copying = u"copying"_s;

FaultCase cutAt(const QString& fault, const FaultProxy::Rule& rule)
{
    return {.place = postgres,
        .fault = fault,
        .stage = copying,
        .prepare = [rule](FaultRun& run) { run.proxy->add(rule); },
        .says = u"attempt 2 of 7"_s,
        .check =
            [](FaultRun& run) {
                return run.proxy->hits() > 0 ? QString() : u"nothing was cut"_s;
            }};
}

FaultCase restarted(const QString& fault, PostgresServer::Stop how)
{
    return {.place = postgres,
        .fault = fault,
        .stage = copying,
        .prepare =
            [how](FaultRun& run) {
                run.request.retry.attempts = 10'000;
                run.request.retry.cap = milliseconds(200);
                run.atPoints(4, [&run, how] {
                    if (!run.server->restart(how))
                        qFatal("PostgreSQL does not start again");
                });
            },
        .says = u"attempt 2 of"_s,
        .ownServer = true};
}

/// A fault that an administrator makes, and mends, by SQL while points are copied.
FaultCase byHand(const QString& fault, const QByteArray& sql, const QString& says, const QByteArray& repair)
{
    return {.place = postgres,
        .fault = fault,
        .stage = copying,
        .prepare = [sql](FaultRun& run) { run.atPoints(7, [&run, sql] { run.sql(sql); }); },
        .state = RunState::Failed,
        .exitCode = 5,
        .says = says,
        .resume = Resume::Completes,
        .repair =
            [repair](FaultRun& run) {
                run.sql(repair);
            }};
}

QByteArray trigger(const QByteArray& body)
{
    return "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body
        + " RETURN NULL; END $$; CREATE TRIGGER spoil BEFORE INSERT ON things FOR EACH STATEMENT EXECUTE "
          "FUNCTION spoil()";
}

const QByteArray noTrigger = "DROP TRIGGER spoil ON things; DROP FUNCTION spoil()";

void withOption(FaultRun& run, const QString& name, const QString& value)
{
    run.request.target.settings << qMakePair(name, value);
}

/// The run works as a role of its own, which is no superuser.
void asRole(FaultRun& run)
{
    const QByteArray role = "mover_" + run.database().databaseName().toLatin1();
    run.sql("CREATE ROLE " + role + " LOGIN PASSWORD 'mover'; GRANT CREATE ON DATABASE "
        + run.database().databaseName().toLatin1() + " TO " + role + "; GRANT ALL ON SCHEMA public TO "
        + role);
    QUrl url(run.request.target.conninfo);
    url.setUserName(QString::fromLatin1(role));
    run.request.target.conninfo = url.toString(QUrl::FullyEncoded);
    run.request.target.password = "mover";
    run.request.plan.target.conninfo = run.request.target.conninfo;
    run.kept.push_back(std::shared_ptr<void>(nullptr, [options = run.database().options(), role](void*) {
        if (auto connection = Connection::open(options)) {
            [[maybe_unused]] const auto dropped =
                connection->execute("DROP OWNED BY " + role + " CASCADE; DROP ROLE " + role);
        }
    }));
}

QList<FaultCase> connections()
{
    return {
        {.place = postgres,
            .fault = u"does not answer"_s,
            .stage = u"check"_s,
            .prepare = [](FaultRun& run) { run.proxy->setDown(true); },
            .state = RunState::Failed,
            .exitCode = 4,
            .says = u"closed the connection"_s,
            .resume = Resume::NoRun,
            .rows = Rows::Untouched},
        cutAt(u"connection lost in COPY"_s, {.action = Action::CutBefore, .type = 'd', .first = 7}),
        cutAt(u"connection lost before COMMIT arrives"_s,
            {.action = Action::CutBefore, .type = 'Q', .contains = "COMMIT", .first = 5}),
        cutAt(u"connection lost after COMMIT, before its answer"_s,
            {.action = Action::CutAfter, .type = 'Q', .contains = "COMMIT", .first = 5}),
        cutAt(u"connection lost in the ledger's update"_s,
            {.action = Action::CutBefore, .contains = "; EXECUTE ", .first = 3}),
        cutAt(u"every third COMMIT loses its answer, three times"_s,
            {.action = Action::CutAfter, .type = 'Q', .contains = "COMMIT", .first = 4, .times = 3}),
        {.place = postgres,
            .fault = u"sessions ended by an administrator"_s,
            .stage = copying,
            .prepare = [](FaultRun& run) { run.atPoints(4, [&run] { run.database().killBackends(); }); },
            .says = u"attempt 2 of"_s},
        {.place = postgres,
            .fault = u"gone from now on"_s,
            .stage = copying,
            .prepare = [](FaultRun& run) { run.atPoints(4, [&run] { run.proxy->setDown(true); }); },
            .state = RunState::Failed,
            .exitCode = 5,
            .says = u"connection"_s,
            .resume = Resume::Completes,
            .repair =
                [](FaultRun& run) {
                    run.proxy->clear();
                }},
        restarted(u"restart (fast)"_s, PostgresServer::Stop::Fast),
        restarted(u"restart (immediate, as after a crash)"_s, PostgresServer::Stop::Immediate),
    };
}

QList<FaultCase> refusals()
{
    QList<FaultCase> cases{
        byHand(u"disk full, injected error"_s,
            trigger(
                "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';"),
            u"disk of the PostgreSQL server is full"_s, noTrigger),
        byHand(u"fails over to a read-only server"_s,
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', "
            "current_database()); END $$; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
            "datname = current_database() AND pid <> pg_backend_pid()",
            u"read-only"_s,
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET "
            "default_transaction_read_only', current_database()); END $$"),
        byHand(u"column of the table renamed"_s, "ALTER TABLE things RENAME payload TO other",
            u"no such column"_s, "ALTER TABLE things RENAME other TO payload"),
        byHand(u"statement_timeout"_s, trigger("PERFORM pg_sleep(600);"), u"took longer than allowed"_s,
            noTrigger),
    };
    cases.last().prepare = [sleepy = cases.last().prepare](FaultRun& run) {
        withOption(run, u"statement_timeout"_s, u"1s"_s);
        sleepy(run);
    };
    cases.last().repair = [mend = cases.last().repair](FaultRun& run) {
        run.request.target.settings.clear();
        mend(run);
    };
    FaultCase rights = byHand(u"role loses its rights"_s, {}, u"The role may not do this"_s, {});
    rights.prepare = [](FaultRun& run) {
        asRole(run);
        run.atPoints(4, [&run] {
            run.sql("REVOKE INSERT ON things FROM mover_" + run.database().databaseName().toLatin1());
        });
    };
    rights.repair = [](FaultRun& run) {
        run.sql("GRANT INSERT ON things TO mover_" + run.database().databaseName().toLatin1());
    };
    cases << rights;
    FaultCase dropped =
        byHand(u"table dropped"_s, "DROP TABLE things", u"table does not exist"_s, "SELECT 1");
    dropped.resume = Resume::Refused;
    dropped.resumeSays = u"is no longer there"_s;
    dropped.rows = Rows::Kept;
    cases << dropped;
    FaultCase emptied = byHand(u"table emptied between two sessions"_s,
        trigger("RAISE EXCEPTION 'stop' USING ERRCODE = '53100';"),
        u"disk of the PostgreSQL server is full"_s, noTrigger + "; TRUNCATE things");
    emptied.resume = Resume::Refused;
    emptied.resumeSays = u"somebody removed rows"_s;
    emptied.rows = Rows::Kept;
    cases << emptied;
    return cases;
}

/// Another session locks the table; it lets go when the case says so.
void lockTable(FaultRun& run)
{
    auto holder = Connection::open(run.database().options());
    if (!holder || !holder->execute("BEGIN; LOCK TABLE things IN ACCESS EXCLUSIVE MODE"))
        qFatal("the table cannot be locked");
    run.kept.push_back(std::make_shared<Connection>(std::move(*holder)));
    run.flag = true;
}

QList<FaultCase> locks()
{
    return {
        {.place = postgres,
            .fault = u"table locked, with lock_timeout"_s,
            .stage = copying,
            .prepare =
                [](FaultRun& run) {
                    withOption(run, u"lock_timeout"_s, u"100ms"_s);
                    run.atPoints(4, [&run] { lockTable(run); });
                },
            .state = RunState::Failed,
            .exitCode = 5,
            .says = u"Another session holds a lock"_s,
            .resume = Resume::Completes,
            .repair =
                [](FaultRun& run) {
                    run.kept.clear();
                    run.request.target.settings.clear();
                }},
        {.place = postgres,
            .fault = u"table locked for a while, without lock_timeout"_s,
            .stage = copying,
            .prepare =
                [](FaultRun& run) {
                    run.request.retry.tellAfter = milliseconds(300);
                    run.atPoints(4, [&run] { lockTable(run); });
                },
            .check =
                [](FaultRun& run) {
                    return run.flag ? u"the wait was never named in the progress"_s : QString();
                },
            .progressed =
                [](FaultRun& run, MigrationEngine&, const RunProgress& progress) {
                    if (progress.waiting.startsWith(u"no answer from PostgreSQL for")
                        && run.flag.exchange(false))
                        run.kept.clear();
                }},
    };
}

QList<FaultCase> disks()
{
    if (!SmallDisk::available())
        return {};
    return {{.place = postgres,
        .fault = u"disk full, a real one (small tmpfs tablespace)"_s,
        .stage = copying,
        .prepare =
            [](FaultRun& run) {
                auto disk = std::make_shared<SmallDisk>();
                run.sql("CREATE TABLESPACE small LOCATION '" + disk->path().toUtf8() + "'");
                run.sql("ALTER DATABASE " + run.database().databaseName().toLatin1()
                    + " SET default_tablespace = small");
                run.kept.push_back(disk);
                run.atPoints(4, [disk] { disk->fill(); });
            },
        .state = RunState::Failed,
        .exitCode = 5,
        .says = u"disk of the PostgreSQL server is full"_s,
        .resume = Resume::Completes,
        .repair = [](FaultRun& run) { std::static_pointer_cast<SmallDisk>(run.kept.front())->makeRoom(); },
        .ownServer = true}};
}

} // namespace

QList<FaultCase> targetFaults()
{
    return connections() + refusals() + locks() + disks();
}

} // namespace qdrant2pg::test
