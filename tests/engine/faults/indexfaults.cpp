// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/targetschema.h"
#include "core/postgres/identifiers.h"
#include "core/verify/verifier.h"
#include "tests/engine/faults/faultcase.h"

namespace qdrant2pg::test {

namespace {

using Action = FaultProxy::Rule::Action;
using Resume = FaultCase::Resume;
using Rows = FaultCase::Rows;
using std::chrono::milliseconds;
using namespace Qt::StringLiterals;

const QString postgres = u"PostgreSQL"_s;
const QString indexes = u"indexes"_s;

/// Everything that the plan asks for is there and valid.
QString indexesValid(FaultRun& run)
{
    const QString count = run.database().scalar(
        "SELECT count(*) FROM pg_index WHERE indrelid = 'things'::regclass AND indisvalid AND indisready");
    const QString broken = run.database().scalar(
        "SELECT count(*) FROM pg_index WHERE indrelid = 'things'::regclass AND NOT indisvalid");
    const qsizetype wanted = run.request.plan.collections.first().indexes.size() + 1;
    if (count.toInt() < 2 || count.toInt() > wanted || broken != u"0"_s)
        return u"%1 valid and %2 invalid indexes, wanted at most %3"_s.arg(count, broken).arg(wanted);
    return {};
}

/// Name of the first index that the plan makes.
QString firstIndex(FaultRun& run)
{
    auto connection = Connection::open(run.database().options());
    auto profile =
        connection ? readServerProfile(*connection) : Result<ServerProfile>(fail(connection.error()));
    if (!profile)
        qFatal("%s", qPrintable(profile.error().toText()));
    auto schema = targetSchema(run.request.plan, run.request.plan.collections.first(), *profile);
    if (!schema || schema->table.indexes.isEmpty())
        qFatal("the plan makes no index");
    return quoteIdentifier(schema->table.indexes.first().name);
}

/// Runs when an index is about to be built.
QByteArray eventTrigger(const QByteArray& body)
{
    return "CREATE FUNCTION spoil() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN " + body
        + " END $$; CREATE EVENT TRIGGER spoil ON ddl_command_start WHEN TAG IN ('CREATE INDEX') EXECUTE "
          "FUNCTION spoil()";
}

FaultCase atIndexes(const QString& fault, std::function<void(FaultRun&)> prepare, const QString& says)
{
    return {.place = postgres,
        .fault = fault,
        .stage = indexes,
        .prepare = std::move(prepare),
        .says = says,
        .check = indexesValid};
}

FaultCase cutAt(const QString& fault, const FaultProxy::Rule& rule)
{
    return atIndexes(
        fault, [rule](FaultRun& run) { run.proxy->add(rule); }, u"attempt 2 of 7"_s);
}

QList<FaultCase> builds()
{
    FaultCase invalid = atIndexes(
        u"build fails and leaves an invalid index"_s,
        [](FaultRun& run) {
            run.sql(eventTrigger("RAISE EXCEPTION 'out of memory' USING ERRCODE = '53200';"));
        },
        u"ran out of memory"_s);
    invalid.state = RunState::Failed;
    invalid.exitCode = 5;
    invalid.resume = Resume::Completes;
    invalid.repair = [](FaultRun& run) {
        run.sql("DROP EVENT TRIGGER spoil; DROP FUNCTION spoil()");
        const QByteArray name = firstIndex(run).toUtf8();
        run.sql("CREATE INDEX " + name
            + " ON things (id); UPDATE pg_index SET indisvalid = false WHERE indexrelid = '" + name
            + "'::regclass");
    };
    invalid.resumeSays = u"was left invalid by an earlier build"_s;

    FaultCase restart = atIndexes(
        u"restart (immediate)"_s,
        [](FaultRun& run) {
            run.request.retry.attempts = 10'000;
            run.request.retry.cap = milliseconds(200);
            run.proxy->add({.action = Action::Call, .contains = "CREATE INDEX", .call = [&run] {
                                if (!run.server->restart(PostgresServer::Stop::Immediate))
                                    qFatal("PostgreSQL does not start again");
                            }});
        },
        u"attempt 2 of"_s);
    restart.ownServer = true;
    FaultCase readOnly = atIndexes(
        u"fails over to a read-only server"_s,
        [](FaultRun& run) {
            run.proxy->add({.action = Action::Call, .contains = "CREATE INDEX", .call = [&run] {
                                run.sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET "
                                        "default_transaction_read_only = on', current_database()); END $$; "
                                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                                        "datname = current_database() AND pid <> pg_backend_pid()");
                            }});
        },
        u"read-only"_s);
    readOnly.state = RunState::Failed;
    readOnly.exitCode = 5;
    readOnly.resume = Resume::Completes;
    readOnly.repair = [](FaultRun& run) {
        run.sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only', "
                "current_database()); END $$");
    };
    return {
        readOnly,
        atIndexes(
            u"shared memory too small for parallel workers"_s,
            [](FaultRun& run) {
                run.sql(eventTrigger("IF current_setting('max_parallel_maintenance_workers')::int > 0 THEN "
                                     "RAISE EXCEPTION 'could "
                                     "not resize shared memory segment' USING ERRCODE = '53100'; END IF;"));
            },
            u"built with one process"_s),
        cutAt(u"connection lost before CREATE INDEX arrives"_s,
            {.action = Action::CutBefore, .contains = "CREATE INDEX"}),
        cutAt(u"connection lost after CREATE INDEX, before its answer"_s,
            {.action = Action::CutAfter, .contains = "CREATE INDEX"}),
        cutAt(u"connection lost after the primary key, before its answer"_s,
            {.action = Action::CutAfter, .contains = "ADD PRIMARY KEY"}),
        restart,
        invalid,
    };
}

QList<FaultCase> verifications()
{
    const auto verified = [](VerifyLevel level) {
        return [level](FaultRun& run) {
            run.request.plan.run.verify = level;
            run.request.verifier = makeVerifier();
            run.proxy->add({.action = Action::CutAfter, .contains = "TO STDOUT"});
        };
    };
    FaultCase digest = cutAt(u"connection lost"_s, {});
    digest.stage = u"verification (digests)"_s;
    digest.prepare = verified(VerifyLevel::Digest);
    FaultCase full = digest;
    full.stage = u"verification (every row)"_s;
    full.prepare = verified(VerifyLevel::Full);
    FaultCase changed = digest;
    changed.fault = u"a row changed by somebody"_s;
    changed.prepare = [](FaultRun& run) {
        run.request.plan.run.verify = VerifyLevel::Digest;
        run.request.verifier = makeVerifier();
        run.proxy->add({.action = Action::Call, .contains = "ANALYZE", .call = [&run] {
                            run.sql("UPDATE things SET payload = '{}' WHERE id = 17");
                        }});
    };
    changed.says = QString();
    changed.exitCode = 6;
    changed.rows = Rows::Once;
    return {digest, full, changed};
}

} // namespace

QList<FaultCase> indexFaults()
{
    return builds() + verifications();
}

} // namespace qdrant2pg::test
