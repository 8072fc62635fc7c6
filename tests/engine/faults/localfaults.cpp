// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/runstate.h"
#include "tests/engine/faults/faultcase.h"

#include <QTest>

namespace qdrant2pg::test {

namespace {

using Resume = FaultCase::Resume;
using Rows = FaultCase::Rows;
using namespace Qt::StringLiterals;

const QString here = u"this computer"_s;
const QString copying = u"copying"_s;

/// Holds the run at its third page until the snapshot comes, so that a command meets it in the middle.
FaultCase commanded(const QString& fault, void (MigrationEngine::*command)())
{
    return {.place = here,
        .fault = fault,
        .stage = copying,
        .prepare =
            [](FaultRun& run) {
                run.request.lanes = 1;
                run.onPoints(3, 1, demo::Fault::stallAt(0));
            },
        .state = RunState::Cancelled,
        .exitCode = 130,
        .resume = Resume::Completes,
        .progressed =
            [command](FaultRun& run, MigrationEngine& engine, const RunProgress&) {
                if (run.qdrant().stalled() > 0 && !run.flag.exchange(true)) {
                    (engine.*command)();
                    run.qdrant().releaseStalls();
                }
            }};
}

/// Another engine that continues the same run at the same time.
struct Companion {
    explicit Companion(const RunRequest& request)
        : engine(request)
    {
        QObject::connect(&engine, &MigrationEngine::finished, &engine,
            [this](const RunOutcome& outcome) { end = outcome; });
        engine.start();
    }

    std::optional<RunOutcome> end;
    MigrationEngine engine;
};

void runBeside(FaultRun& run, const QString& runId)
{
    RunRequest request = run.request;
    request.resumeRunId = runId;
    run.kept.push_back(std::make_shared<Companion>(request));
}

QString companionCompleted(FaultRun& run)
{
    const auto companion = std::static_pointer_cast<Companion>(run.kept.back());
    if (!QTest::qWaitFor([&] { return companion->end.has_value(); }, 120'000))
        return u"the other engine does not end"_s;
    if (companion->end->state == RunState::Completed)
        return {};
    return runStateName(companion->end->state)
        + (companion->end->error ? u": "_s + companion->end->error->toText() : QString());
}

} // namespace

QList<FaultCase> localFaults()
{
    FaultCase differs = commanded(u"resumed against another Qdrant"_s, &MigrationEngine::stop);
    differs.stage = u"resume"_s;
    differs.resume = Resume::Refused;
    differs.repair = [](FaultRun& run) {
        run.request.plan.source.url = u"http://elsewhere:6333"_s;
    };
    differs.resumeSays = u"reads from"_s;
    differs.rows = Rows::Kept;

    FaultCase edited = commanded(u"recorded plan was edited"_s, &MigrationEngine::stop);
    edited.stage = u"resume"_s;
    edited.resume = Resume::Refused;
    edited.repair = [](FaultRun& run) {
        run.sql("UPDATE qdrant2pg.run SET plan_hash = 'x'");
    };
    edited.resumeSays = u"was changed in the ledger"_s;
    edited.rows = Rows::Kept;

    FaultCase newer = commanded(u"run of another version, same plan format"_s, &MigrationEngine::stop);
    newer.stage = u"resume"_s;
    newer.repair = [](FaultRun& run) {
        run.sql("UPDATE qdrant2pg.run SET tool_version = '99.0'");
    };
    newer.resumeSays = u"was started by version 99.0"_s;

    FaultCase future =
        commanded(u"run of a later version with another plan format"_s, &MigrationEngine::stop);
    future.stage = u"resume"_s;
    future.resume = Resume::Refused;
    future.repair = [](FaultRun& run) {
        run.sql("UPDATE qdrant2pg.run SET tool_version = '99.0', plan = regexp_replace(plan, "
                "'\"version\":\\s*1', '\"version\":99')");
    };
    future.resumeSays = u"99"_s;
    future.rows = Rows::Kept;

    FaultCase unknown = commanded(u"unknown run"_s, &MigrationEngine::stop);
    unknown.stage = u"resume"_s;
    unknown.resume = Resume::Refused;
    unknown.repair = [](FaultRun& run) {
        run.sql("DELETE FROM qdrant2pg.run");
    };
    unknown.resumeSays = u"There is no run"_s;
    unknown.rows = Rows::Kept;

    FaultCase two = commanded(u"two engines on one run"_s, &MigrationEngine::stop);
    two.stage = u"resume"_s;
    two.repair = [](FaultRun& run) {
        runBeside(run, run.database().scalar("SELECT id FROM qdrant2pg.run"));
    };
    two.check = companionCompleted;

    FaultCase exists{.place = here,
        .fault = u"table exists already"_s,
        .stage = u"check"_s,
        .prepare = [](FaultRun& run) { run.sql("CREATE TABLE things (mine text)"); },
        .state = RunState::Failed,
        .exitCode = 3,
        .says = u"exists already"_s,
        .resume = Resume::NoRun,
        .rows = Rows::Kept};

    return {exists, commanded(u"stop"_s, &MigrationEngine::stop),
        commanded(u"abort"_s, &MigrationEngine::abort), two, differs, edited, newer, future, unknown};
}

} // namespace qdrant2pg::test
