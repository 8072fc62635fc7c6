// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/verify/verifier.h"
#include "demo/grpc/grpcdoor.h"
#include "tests/engine/support/migrationbench.h"

namespace qdrant2pg::test {

/// The bench of engine tests with the stand-in's other door open too.
struct EngineDoors {
    EngineDoors()
        : door(bench.server)
    {
    }

    MigrationBench bench;
    demo::GrpcDoor door;

    /// A run of that collection over that transport, and no other; verified at that level.
    RunRequest request(
        const QString& collection, TransportChoice transport, VerifyLevel level = VerifyLevel::None)
    {
        RunRequest request = bench.request(collection);
        request.sourceFactory = nullptr;
        request.source.grpcPort = door.port();
        request.plan.source.grpcPort = door.port();
        request.plan.source.transport = transport;
        request.plan.run.verify = level;
        request.verifier = makeVerifier();
        return request;
    }
};

inline QString errorText(const RunOutcome& outcome)
{
    return outcome.error ? outcome.error->toText() : runStateName(outcome.state);
}

} // namespace qdrant2pg::test
