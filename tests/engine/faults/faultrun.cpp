// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/faults/faultcase.h"

#include <thread>

namespace qdrant2pg::test {

namespace {

bool asksForPoints(const demo::HttpRequest& http)
{
    return http.body.find("\"with_payload\":true") != std::string::npos;
}

} // namespace

FaultRun::FaultRun(PostgresServer* postgres)
    : bench(postgres ? std::make_unique<MigrationBench>(*postgres) : std::make_unique<MigrationBench>())
    , server(postgres)
{
}

void FaultRun::begin()
{
    demo::Recipe recipe;
    recipe.points = faultPoints;
    recipe.ids = demo::IdKind::Sequential;
    recipe.dimensions = 4;
    recipe.payloadBytes = 60;
    bench->generate("things", recipe);
    proxy = std::make_unique<FaultProxy>(database().options());
    request = bench->request(QStringLiteral("things"));
    request.target = proxy->options();
    request.plan.target.conninfo = request.target.conninfo;
    request.plan.run.pageBytes = 6'000;
    request.plan.run.ranges = 4;
    request.lanes = 2;
    // Follows the options of the request, which cases change.
    request.sourceFactory = nullptr;
    request.plan.source.transport = TransportChoice::Rest;
}

std::size_t FaultRun::onPoints(std::uint64_t first, std::uint64_t times, const demo::Fault& fault)
{
    demo::FaultRule rule;
    rule.operation = "scroll";
    rule.predicate = asksForPoints;
    rule.first = first;
    rule.times = times;
    rule.fault = fault;
    return qdrant().faults().add(std::move(rule));
}

void FaultRun::atPoints(int n, std::function<void()> action)
{
    demo::FaultRule rule;
    rule.operation = "scroll";
    rule.predicate = [count = 0, n, action = std::move(action)](const demo::HttpRequest& http) mutable {
        if (asksForPoints(http) && ++count == n)
            action();
        return false;
    };
    qdrant().faults().add(std::move(rule));
}

void FaultRun::besidePoints(int n, std::function<void()> action)
{
    auto thread = std::make_shared<std::jthread>();
    kept.push_back(thread);
    atPoints(n, [thread, action = std::move(action)] { *thread = std::jthread(action); });
}

void FaultRun::sql(const QByteArray& text) const
{
    auto connection = Connection::open(database().options());
    if (!connection)
        qFatal("%s", qPrintable(connection.error().toText()));
    // One of the faults makes the database read-only.
    auto writable = connection->execute("SET default_transaction_read_only = off");
    auto done = writable ? connection->execute(text) : writable;
    if (!done)
        qFatal("%s: %s", text.constData(), qPrintable(done.error().toText()));
}

void FaultRun::upload(const std::string& json)
{
    const auto points = demo::Json::parse(json);
    if (!points || !qdrant().store().find("things")->upload(*points))
        qFatal("the points are not accepted");
}

} // namespace qdrant2pg::test
