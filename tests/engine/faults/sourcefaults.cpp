// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/verifier.h"
#include "tests/engine/faults/faultcase.h"
#include "tests/support/patience.h"

namespace qdrant2pg::test {

namespace {

using Resume = FaultCase::Resume;
using Rows = FaultCase::Rows;
using std::chrono::milliseconds;
using namespace Qt::StringLiterals;

const QString qdrant = u"Qdrant"_s;
const QString copying = u"copying"_s;

/// A fault of single answers, after which the run ends by itself.
FaultCase passing(const QString& fault, std::uint64_t times, const demo::Fault& what, const QString& says)
{
    return {.place = qdrant,
        .fault = fault,
        .stage = copying,
        .prepare = [times, what](FaultRun& run) { run.onPoints(3, times, what); },
        .says = says};
}

FaultCase lasting(const QString& fault, const demo::Fault& what, const QString& says)
{
    return {.place = qdrant,
        .fault = fault,
        .stage = copying,
        .prepare = [what](FaultRun& run) { run.onPoints(3, 0, what); },
        .state = RunState::Failed,
        .exitCode = 5,
        .says = says,
        .resume = Resume::Completes,
        .repair =
            [](FaultRun& run) {
                run.qdrant().faults().clear();
                run.qdrant().releaseStalls();
                run.request.source.stallTimeout = SourceOptions().stallTimeout;
            }};
}

FaultCase silence()
{
    FaultCase silent = lasting(u"silence without end"_s, demo::Fault::stallAt(10), u"sent nothing"_s);
    silent.prepare = [](FaultRun& run) {
        run.request.source.stallTimeout = patience(milliseconds(400));
        run.onPoints(3, 0, demo::Fault::stallAt(10));
    };
    return silent;
}

/// Strikes while a request waits for its answer, so that the run cannot be over before.
void besideWaiting(FaultRun& run, std::function<void()> action)
{
    run.besidePoints(3, std::move(action));
    run.onPoints(3, 1, demo::Fault::stallAt(0));
}

void cutOff(FaultRun& run)
{
    run.qdrant().stopListening();
    run.qdrant().resetConnections();
}

void comeBack(FaultRun& run)
{
    if (auto again = run.qdrant().restart(); !again)
        qFatal("%s", again.error().c_str());
}

QList<FaultCase> answers()
{
    demo::Fault expired;
    expired.kind = demo::Fault::Kind::Reply;
    expired.reply = {403, {}, {}, "ExpiredSignature"};
    return {
        passing(u"connection reset in an answer"_s, 1, demo::Fault::resetAt(100), u"attempt 2 of 7"_s),
        passing(u"answer cut short"_s, 1, demo::Fault::closeAt(200), u"broke in the middle"_s),
        passing(u"Content-Length too large"_s, 1, demo::Fault::wrongLength(50), u"attempt 2 of 7"_s),
        passing(u"Content-Length too small"_s, 1, demo::Fault::wrongLength(-20), u"attempt 2 of 7"_s),
        passing(u"malformed JSON, once"_s, 1, demo::Fault::malformed(), u"attempt 2 of 7"_s),
        passing(u"429 with Retry-After"_s, 1, demo::Fault::rateLimited(1), u"rate limit"_s),
        passing(u"429 without Retry-After"_s, 1, demo::Fault::rateLimited(std::nullopt), {}),
        passing(u"500"_s, 2, demo::Fault::error(500, "Service internal error: oops"), u"failed while"_s),
        passing(u"500 that is a time limit"_s, 2, demo::Fault::readTimeout(), u"ran out of time"_s),
        passing(u"503"_s, 2, demo::Fault::error(503, "Service unavailable"), u"cannot answer"_s),
        passing(u"empty 408 of an idle connection"_s, 1, demo::Fault::emptyTimeout(), {}),
        passing(u"keep-alive connection closed"_s, 3, demo::Fault::closeAfter(), {}),
        passing(u"next_page_offset null too early"_s, 2, demo::Fault::prematureEnd(3), {}),
        lasting(
            u"500 without end"_s, demo::Fault::error(500, "Service internal error: oops"), u"failed while"_s),
        silence(),
        lasting(u"malformed JSON, always"_s, demo::Fault::malformed(), u"attempt 7 of 7"_s),
        lasting(u"access token expired"_s, expired, u"The access token has expired"_s),
        {.place = qdrant,
            .fault = u"silence, once"_s,
            .stage = copying,
            .prepare =
                [](FaultRun& run) {
                    run.request.source.stallTimeout = patience(milliseconds(1'100));
                    run.onPoints(3, 1, demo::Fault::stallAt(10));
                },
            .says = u"no answer from Qdrant for"_s},
        {.place = qdrant,
            .fault = u"page too large for the time limit"_s,
            .stage = copying,
            .prepare =
                [](FaultRun& run) {
                    demo::FaultRule rule;
                    rule.operation = "scroll";
                    rule.times = 0;
                    rule.predicate = [](const demo::HttpRequest& http) {
                        const auto at = http.body.find("\"limit\":");
                        return http.body.find("\"with_payload\":true") != std::string::npos
                            && at != std::string::npos && std::atoi(http.body.c_str() + at + 8) > 5;
                    };
                    rule.fault = demo::Fault::readTimeout();
                    run.qdrant().faults().add(std::move(rule));
                },
            .says = u"ran out of time"_s,
            .repair =
                [](FaultRun& run) {
                    run.qdrant().faults().clear();
                }},
        {.place = qdrant,
            .fault = u"key changed"_s,
            .stage = copying,
            .prepare = [](FaultRun& run) { run.atPoints(3, [&run] { run.qdrant().setApiKeys("rotated"); }); },
            .state = RunState::Failed,
            .exitCode = 5,
            .says = u"Qdrant wants an API key"_s,
            .resume = Resume::Completes,
            .repair =
                [](FaultRun& run) {
                    run.qdrant().setApiKeys({});
                }},
    };
}

QList<FaultCase> outages()
{
    return {
        {.place = qdrant,
            .fault = u"connection refused"_s,
            .stage = u"check"_s,
            .prepare = cutOff,
            .state = RunState::Failed,
            .exitCode = 4,
            .says = u"does not answer"_s,
            .resume = Resume::NoRun,
            .rows = Rows::Untouched},
        {.place = qdrant,
            .fault = u"503, twice"_s,
            .stage = u"pass over the ids"_s,
            .prepare =
                [](FaultRun& run) {
                    demo::FaultRule rule;
                    rule.operation = "scroll";
                    rule.times = 2;
                    rule.fault = demo::Fault::error(503, "Service unavailable");
                    run.qdrant().faults().add(std::move(rule));
                },
            .says = u"attempt 3 of 7"_s},
        {.place = qdrant,
            .fault = u"connection refused from now on"_s,
            .stage = copying,
            .prepare = [](FaultRun& run) { besideWaiting(run, [&run] { cutOff(run); }); },
            .state = RunState::Failed,
            .exitCode = 5,
            .says = u"does not answer"_s,
            .resume = Resume::Completes,
            .repair = comeBack},
        {.place = qdrant,
            .fault = u"server restarts"_s,
            .stage = copying,
            .prepare =
                [](FaultRun& run) {
                    run.request.retry.attempts = 10'000;
                    run.request.retry.cap = milliseconds(20);
                    besideWaiting(run, [&run] {
                        cutOff(run);
                        run.flag = true;
                    });
                },
            .says = u"attempt 2 of"_s,
            .progressed =
                [](FaultRun& run, MigrationEngine&, const RunProgress&) {
                    if (run.flag.exchange(false))
                        comeBack(run);
                }},
        {.place = qdrant,
            .fault = u"gone"_s,
            .stage = u"indexes"_s,
            .prepare =
                [](FaultRun& run) {
                    run.proxy->add({.action = FaultProxy::Rule::Action::Call,
                        .contains = "SET max_parallel_maintenance_workers",
                        .call = [&run] {
                            cutOff(run);
                        }});
                },
            .repair = comeBack},
        {.place = qdrant,
            .fault = u"gone"_s,
            .stage = u"verification (every row)"_s,
            .prepare =
                [](FaultRun& run) {
                    run.request.plan.run.verify = VerifyLevel::Full;
                    run.request.verifier = makeVerifier();
                    run.proxy->add(
                        {.action = FaultProxy::Rule::Action::Call, .contains = "ANALYZE", .call = [&run] {
                             cutOff(run);
                         }});
                },
            .exitCode = 5,
            .says = u"Verification could not be finished"_s,
            .repair = comeBack},
    };
}

QString movedPoints(FaultRun& run)
{
    // 100 to 399 were there all the time.
    if (run.database().scalar("SELECT count(*) FROM things WHERE id BETWEEN 100 AND 399") != u"300"_s)
        return u"points that were there all the time are missing"_s;
    return {};
}

QList<FaultCase> changes()
{
    return {
        {.place = qdrant,
            .fault = u"points inserted, changed and deleted"_s,
            .stage = copying,
            .prepare =
                [](FaultRun& run) {
                    run.atPoints(3, [&run] {
                        auto things = run.qdrant().store().find("things");
                        things->remove({demo::PointId::number(2), demo::PointId::number(90)});
                        run.upload(R"X([{"id":5,"vector":[1,0,0,0],"payload":{"new":true}},)X"
                                   R"X({"id":5000,"vector":[0,1,0,0],"payload":{}},)X"
                                   R"X({"id":5001,"vector":[0,0,1,0],"payload":{}}])X");
                    });
                },
            .rows = Rows::Once,
            .check = movedPoints},
        {.place = qdrant,
            .fault = u"collection deleted"_s,
            .stage = copying,
            .prepare =
                [](FaultRun& run) { run.atPoints(3, [&run] { run.qdrant().store().drop("things"); }); },
            .state = RunState::Failed,
            .exitCode = 5,
            .says = u"no collection called"_s,
            .resume = Resume::Completes,
            .repair =
                [](FaultRun& run) {
                    demo::Recipe recipe;
                    recipe.points = faultPoints;
                    recipe.ids = demo::IdKind::Sequential;
                    recipe.dimensions = 4;
                    recipe.payloadBytes = 60;
                    run.bench->generate("things", recipe);
                }},
        {.place = qdrant,
            .fault = u"collection made anew with another configuration"_s,
            .stage = copying,
            .prepare =
                [](FaultRun& run) {
                    run.atPoints(3, [&run] {
                        run.qdrant().store().drop("things");
                        run.bench->create("things", R"X({"vectors":{"size":4,"distance":"Dot"}})X",
                            R"X([{"id":399,"vector":[1,2,3,4]}])X");
                    });
                },
            .state = RunState::Failed,
            .exitCode = 5,
            .says = u"created anew"_s,
            .resume = Resume::Refused,
            .resumeSays = u"not the one that this run began to copy"_s,
            .rows = Rows::Kept},
    };
}

} // namespace

QList<FaultCase> sourceFaults()
{
    return outages() + answers() + changes();
}

} // namespace qdrant2pg::test
