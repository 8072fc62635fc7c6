// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/pointsource.h"
#include "core/qdrant/sourceoptions.h"

#include <QList>
#include <QMap>
#include <QStringList>

#include <memory>

namespace qdrant2pg {

/// How the points of a collection are read. Everything else goes over REST.
enum class Transport { Rest, Grpc };

/// "REST" or "gRPC".
QString transportLabel(Transport transport);

/// Whether this program was built with gRPC.
bool transportHasGrpc();

/// A collection that will be read, and the filter of its points as JSON; empty for all of them.
struct SourceRead {
    QString collection;
    std::string filterJson;
};

/// Looks whether Qdrant's gRPC door is open, takes the key, and is of the same server as the REST door: same
/// version, same first points of the first collection. Then whether it carries every filter: it can be
/// written, the server is new enough to know it, and its first points are the same. The collections whose
/// filter it does not carry, with why, in a sentence. The error says why gRPC is not to be had at all.
/// Blocking, a few requests and two for each filter.
[[nodiscard]] Result<QMap<QString, QString>> probeGrpc(
    const SourceOptions& options, const QList<SourceRead>& reads, std::stop_token stop = {});

struct TransportDecision {
    Transport transport = Transport::Rest;
    /// Why, in sentences for the user; empty when there was nothing to choose.
    QString reason;
    /// Collections that are read over REST all the same.
    QStringList overRest = {};

    Transport of(const QString& collection) const
    {
        return overRest.contains(collection) ? Transport::Rest : transport;
    }
    /// "REST", "gRPC", or "gRPC, REST for a, b".
    QString label() const;
};

/// `automatic`: gRPC where the probe succeeds, else REST; never an error then but Cancelled. Otherwise gRPC
/// is wanted, and the probe's error is the answer. A collection whose filter gRPC does not carry is read over
/// REST in both cases.
[[nodiscard]] Result<TransportDecision> chooseTransport(
    const SourceOptions& options, const QList<SourceRead>& reads, bool automatic, std::stop_token stop = {});
/// The same for one collection, without a filter; nothing is compared when its name is empty.
[[nodiscard]] Result<TransportDecision> chooseTransport(
    const SourceOptions& options, const QString& collection, bool automatic, std::stop_token stop = {});

/// A source of its own, with a connection of its own.
[[nodiscard]] Result<std::unique_ptr<PointSource>> makePointSource(
    Transport transport, const SourceOptions& options, const QString& collection);

} // namespace qdrant2pg
