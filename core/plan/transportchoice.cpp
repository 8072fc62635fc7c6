// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/transportchoice.h"

#include <algorithm>

namespace qdrant2pg {

Result<TransportDecision> decideTransport(
    const MigrationPlan& plan, const SourceOptions& source, std::stop_token stop)
{
    if (plan.source.transport == TransportChoice::Rest)
        return TransportDecision{};
    const auto gains = [](const CollectionPlan& collection) {
        return collection.filterJson.isEmpty() && !collection.vectors.isEmpty();
    };
    const auto probed = std::find_if(plan.collections.begin(), plan.collections.end(), gains);
    const bool automatic = plan.source.transport == TransportChoice::Auto;
    if (automatic && probed == plan.collections.end())
        return TransportDecision{};
    const QString collection = probed != plan.collections.end() ? probed->name
        : plan.collections.isEmpty()                            ? QString()
                                                                : plan.collections.first().name;
    SourceOptions options = source;
    if (options.grpcPort == 0)
        options.grpcPort = plan.source.grpcPort;
    return chooseTransport(options, collection, automatic, std::move(stop));
}

} // namespace qdrant2pg
