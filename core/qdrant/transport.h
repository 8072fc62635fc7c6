// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/pointsource.h"
#include "core/qdrant/sourceoptions.h"

#include <memory>

namespace qdrant2pg {

/// How the points of a collection are read. Everything else goes over REST.
enum class Transport { Rest, Grpc };

/// "REST" or "gRPC".
QString transportLabel(Transport transport);

/// Whether this program was built with gRPC.
bool transportHasGrpc();

/// Looks whether Qdrant's gRPC door is open, takes the key, and is of the same server as the REST door: same
/// version, same first points of the collection (none is compared when `collection` is empty). The error says
/// why not. Blocking, a few requests.
[[nodiscard]] Result<void> probeGrpc(
    const SourceOptions& options, const QString& collection, std::stop_token stop = {});

struct TransportDecision {
    Transport transport = Transport::Rest;
    /// Why, in one sentence for the user; empty when there was nothing to choose.
    QString reason;
};

/// `automatic`: gRPC where the probe succeeds, else REST; never an error then but Cancelled. Otherwise gRPC
/// is wanted, and the probe's error is the answer.
[[nodiscard]] Result<TransportDecision> chooseTransport(
    const SourceOptions& options, const QString& collection, bool automatic, std::stop_token stop = {});

/// A source of its own, with a connection of its own.
[[nodiscard]] Result<std::unique_ptr<PointSource>> makePointSource(
    Transport transport, const SourceOptions& options, const QString& collection);

} // namespace qdrant2pg
