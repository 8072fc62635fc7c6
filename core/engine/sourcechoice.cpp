// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/sourcechoice.h"

#include "core/plan/transportchoice.h"

namespace qdrant2pg {

Result<void> chooseSource(RunSession& session)
{
    RunContext& context = session.context;
    if (!context.request.sourceFactory) {
        auto decision = decideTransport(context.request.plan, context.request.source, context.stopToken());
        if (!decision)
            return fail(std::move(decision.error()));
        if (!decision->reason.isEmpty())
            session.callbacks.message(decision->reason);
        session.outcome.transport = decision->label();
        context.transport = *decision;
        if (context.request.source.grpcPort == 0)
            context.request.source.grpcPort = context.request.plan.source.grpcPort;
        // By reference: strict mode's limits may lower the options while the collections are looked at.
        context.request.sourceFactory = [&source = context.request.source, decision = std::move(*decision)](
                                            const QString& collection) {
            return makePointSource(decision.of(collection), source, collection);
        };
    }
    const RunPlan& run = context.request.plan.run;
    context.limits = std::make_shared<SourceLimits>(run.maxPointsPerSecond, run.maxRequestsInFlight);
    context.request.sourceFactory = limitedSources(std::move(context.request.sourceFactory), context.limits);
    return {};
}

} // namespace qdrant2pg
