// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/runopener.h"

#include "core/engine/rangeplanner.h"
#include "core/engine/runpreparation.h"
#include "core/engine/schemarunner.h"
#include "core/engine/sourcechoice.h"
#include "core/engine/tablelock.h"
#include "core/plan/findingjson.h"
#include "core/plan/planjson.h"
#include "core/postgres/catalogue.h"
#include "core/qdrant/qdrantclient.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

LedgerRun ledgerRun(const RunSession& session)
{
    const RunContext& context = session.context;
    LedgerRun run;
    run.id = context.runId;
    run.planJson = planToJson(context.request.plan);
    run.planHash = planHash(context.request.plan);
    run.toolVersion = QStringLiteral(QDRANT2PG_VERSION);
    run.state = runStateName(RunState::Copying);
    QJsonObject facts;
    facts.insert(QStringLiteral("qdrantVersion"), session.outcome.sourceVersion);
    facts.insert(QStringLiteral("runStartMicros"), QString::number(context.runStartMicros));
    QJsonObject collections;
    for (const CollectionRun& collection : context.collections) {
        collections.insert(collection.plan.name,
            QJsonObject{
                {QStringLiteral("fingerprint"), QString::fromLatin1(collection.fingerprint)},
                {QStringLiteral("count"), collection.facts.bestCount()},
                {QStringLiteral("countOrigin"), countOrigin(collection.facts)},
                {QStringLiteral("expected"), collection.expected},
            });
        run.expected += std::max<qint64>(collection.expected, 0);
    }
    facts.insert(QStringLiteral("collections"), collections);
    facts.insert(QStringLiteral("findings"), findingsToJson(context.request.findings));
    run.factsJson = QJsonDocument(facts).toJson(QJsonDocument::Compact);
    return run;
}

Result<void> createSchema(RunSession& session, const QList<LedgerRange>& ranges)
{
    RunContext& context = session.context;
    Connection& control = *session.control;
    session.enter(RunState::CreatingSchema);
    if (auto ensured = context.ledger.ensure(control); !ensured)
        return ensured;
    const LedgerRun run = ledgerRun(session);
    if (auto begun = control.begin(); !begun)
        return begun;
    const auto steps = [&]() -> Result<void> {
        for (const CollectionRun& collection : context.collections) {
            StageProgress stage{collection.plan.name, QStringLiteral("schema"), collection.plan.table,
                StageProgress::State::Running, -1, {}, {}};
            const auto started = Clock::now();
            if (auto created = SchemaRunner::before(control, collection.schema); !created)
                return created;
            stage.state = StageProgress::State::Done;
            stage.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
            session.callbacks.stage(stage);
        }
        if (auto created = context.ledger.createRun(control, run); !created)
            return created;
        if (auto added = context.ledger.addRanges(control, context.runId, ranges); !added)
            return added;
        if (auto set = control.execute("SET LOCAL synchronous_commit = on"); !set)
            return fail(set.error());
        return {};
    };
    if (auto done = steps(); !done) {
        control.rollback();
        return done;
    }
    if (auto committed = control.commit(); !committed)
        return committed;
    session.runExists = true;
    // The extension may have been created just now.
    auto server = readServerProfile(control);
    if (!server)
        return fail(server.error());
    context.server = *server;
    session.outcome.server = *server;
    return {};
}

} // namespace

Result<void> preflight(RunSession& session)
{
    RunContext& context = session.context;
    auto server = readServerProfile(*session.control);
    if (!server)
        return fail(server.error());
    context.server = *server;
    session.outcome.server = *server;
    // The first contact is not repeated: a wrong address should be told at once.
    auto version = session.client->version();
    if (!version)
        return fail(version.error());
    session.outcome.sourceVersion = version->version.toString();
    return {};
}

Result<void> startRun(RunSession& session)
{
    RunContext& context = session.context;
    session.outcome.findings = context.request.findings;
    context.runId = newRunId();
    context.runStartMicros = QDateTime::currentMSecsSinceEpoch() * 1000;
    context.ledger = Ledger(context.request.plan.target.ledgerSchema);
    if (auto chosen = chooseSource(session); !chosen)
        return chosen;
    for (const CollectionPlan& plan : context.request.plan.collections) {
        if (auto prepared = prepareCollection(session, plan); !prepared)
            return prepared;
    }
    if (auto apart = session.keepApart(); !apart)
        return apart;
    QList<LedgerRange> ranges;
    for (CollectionRun& collection : context.collections) {
        const QString& table = collection.schema.table.name;
        auto existing = readTable(*session.control, collection.schema.table.schema, table);
        if (!existing)
            return fail(existing.error());
        if (*existing && collection.plan.mode == TableMode::Create) {
            Error error =
                makeError(ErrorKind::Conflict, QStringLiteral("Table %1 exists already.").arg(table), {},
                    QStringLiteral("Choose another table with --table, or --mode append, merge or replace."));
            error.where.table = table;
            return fail(error);
        }
        auto planned = session.withRetries(QStringLiteral("Qdrant"), [&] {
            return planRanges(*session.client, collection.plan, collection.facts, context.wantedLanes(),
                context.request.plan.run.ranges, context.stopToken(), {});
        });
        if (!planned)
            return fail(planned.error());
        session.callbacks.message(QStringLiteral("%1: %2.").arg(collection.plan.name, planned->note));
        collection.expected = planned->expected >= 0 ? planned->expected : collection.facts.bestCount();
        collection.expectedExact = planned->expected >= 0 || collection.facts.exactCount.has_value();
        collection.ranges = static_cast<int>(planned->ranges.size());
        ranges << planned->ranges;
    }
    return createSchema(session, ranges);
}

} // namespace qdrant2pg
