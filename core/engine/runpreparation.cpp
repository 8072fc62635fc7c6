// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/runpreparation.h"

#include "core/qdrant/qdrantclient.h"

namespace qdrant2pg {

QString countOrigin(const CollectionFacts& facts)
{
    return facts.exactCount ? QStringLiteral("exact count by Qdrant") : QStringLiteral("estimate by Qdrant");
}

Result<void> prepareCollection(RunSession& session, const CollectionPlan& plan)
{
    RunContext& context = session.context;
    CollectionRun run;
    run.plan = plan;
    const auto known = context.request.facts.constFind(plan.name);
    // On resume the source may have changed since the facts were read: they are read again.
    if (known != context.request.facts.constEnd() && context.request.resumeRunId.isEmpty()) {
        run.facts = *known;
    } else {
        FactOptions options;
        options.samplePoints = 0;
        auto facts = session.withRetries(QStringLiteral("Qdrant"),
            [&] { return readCollectionFacts(*session.client, plan.name, options, context.stopToken()); });
        if (!facts)
            return fail(facts.error());
        run.facts = std::move(*facts);
    }
    run.fingerprint = run.facts.info.configFingerprint();
    if (respectStrictMode(context.request.source, run.facts.info))
        session.client = std::make_unique<QdrantClient>(context.request.source, context.abortToken());
    auto schema = targetSchema(context.request.plan, plan, context.server);
    if (!schema)
        return fail(schema.error());
    run.schema = std::move(*schema);
    run.sizer = std::make_unique<PageSizer>(context.pageBytes(plan.name), run.facts.meanPointBytes,
        run.facts.info.strictMode.maxQueryLimit.value_or(0));
    run.before.collection = plan.name;
    run.before.table = plan.table;
    context.collections.push_back(std::move(run));
    return {};
}

} // namespace qdrant2pg
