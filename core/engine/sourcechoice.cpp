// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/sourcechoice.h"

#include "core/engine/enginelimits.h"
#include "core/plan/transportchoice.h"

namespace qdrant2pg {

Result<void> chooseSource(RunSession& session)
{
    RunContext& context = session.context;
    context.pageBytes = restPageBytes;
    if (!context.request.sourceFactory) {
        auto decision = decideTransport(context.request.plan, context.request.source, context.stopToken());
        if (!decision)
            return fail(std::move(decision.error()));
        if (!decision->reason.isEmpty())
            session.callbacks.message(decision->reason);
        const Transport transport = decision->transport;
        session.outcome.transport = transportLabel(transport);
        if (transport == Transport::Grpc)
            context.pageBytes = grpcPageBytes;
        if (context.request.source.grpcPort == 0)
            context.request.source.grpcPort = context.request.plan.source.grpcPort;
        // By reference: strict mode's limits may lower the options while the collections are looked at.
        context.request.sourceFactory = [&source = context.request.source, transport](
                                            const QString& collection) {
            return makePointSource(transport, source, collection);
        };
    }
    if (context.request.plan.run.pageBytes > 0)
        context.pageBytes = context.request.plan.run.pageBytes;
    return {};
}

} // namespace qdrant2pg
