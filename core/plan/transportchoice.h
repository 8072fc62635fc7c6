// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/qdrant/transport.h"

#include <stop_token>

namespace qdrant2pg {

/// How the points of a plan are read, by runs and by their verification. `auto` takes gRPC where it is open
/// and of use: not where no vector is read. A collection whose filter gRPC does not carry exactly is read
/// over REST, and the reason says so. Asks the server a few small questions. An error only where gRPC is
/// demanded and cannot be had, or when stopped.
[[nodiscard]] Result<TransportDecision> decideTransport(
    const MigrationPlan& plan, const SourceOptions& source, std::stop_token stop = {});

} // namespace qdrant2pg
