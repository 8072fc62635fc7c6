// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/transportchoice.h"

namespace qdrant2pg {

Result<TransportDecision> decideTransport(
    const MigrationPlan& plan, const SourceOptions& source, std::stop_token stop)
{
    if (plan.source.transport == TransportChoice::Rest)
        return TransportDecision{};
    const bool automatic = plan.source.transport == TransportChoice::Auto;
    bool gains = false;
    QList<SourceRead> reads;
    for (const CollectionPlan& collection : plan.collections) {
        gains = gains || !collection.vectors.isEmpty();
        reads << SourceRead{collection.name, collection.filterJson.toStdString()};
    }
    if (automatic && !gains)
        return TransportDecision{};
    SourceOptions options = source;
    if (options.grpcPort == 0)
        options.grpcPort = plan.source.grpcPort;
    return chooseTransport(options, reads, automatic, std::move(stop));
}

} // namespace qdrant2pg
