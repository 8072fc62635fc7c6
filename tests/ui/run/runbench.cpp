// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/run/runbench.h"

#include "core/plan/proposal.h"
#include "core/plan/sourcefacts.h"
#include "core/postgres/connection.h"
#include "core/postgres/serverprofile.h"
#include "core/qdrant/qdrantclient.h"

namespace qdrant2pg::test {

QList<PageFactory> runPages()
{
    QList<PageFactory> pages = standardPages();
    pages.removeIf([](const PageFactory& factory) { return factory.id < PageId::Run; });
    return pages;
}

void reviewPlan(WizardBench& bench, const QStringList& collections, const RunPlan& run)
{
    bench.prefill();
    QdrantClient client(bench.draft.sourceOptions());
    auto connection = Connection::open(bench.draft.targetOptions());
    if (!connection)
        qFatal("%s", qPrintable(connection.error().toText()));
    auto profile = readServerProfile(*connection);
    if (!profile)
        qFatal("%s", qPrintable(profile.error().toText()));
    bench.draft.setSelected(collections);
    for (const QString& name : collections) {
        auto facts = readCollectionFacts(client, name, {});
        if (!facts)
            qFatal("%s", qPrintable(facts.error().toText()));
        auto plan = proposeCollection(*facts, QStringLiteral("generic"), *profile);
        if (!plan)
            qFatal("%s", qPrintable(plan.error().toText()));
        bench.draft.setFacts(*facts);
        bench.draft.adoptProposal(*plan);
    }
    bench.draft.setRun(run);
}

void slowDown(WizardBench& bench, int milliseconds)
{
    demo::FaultRule rule;
    rule.operation = "scroll";
    rule.times = 0;
    rule.fault = demo::Fault::stallAt(0, std::chrono::milliseconds(milliseconds));
    bench.server.faults().add(rule);
}

void reviewSlowGame(WizardBench& bench, int milliseconds)
{
    bench.addGameCollection("game", 2000);
    RunPlan plan;
    plan.pageBytes = 20'000;
    reviewPlan(bench, {QStringLiteral("game")}, plan);
    slowDown(bench, milliseconds);
}

} // namespace qdrant2pg::test
