// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/verification.h"
#include "core/qdrant/sourcelimits.h"

#include <QSet>

#include <functional>
#include <mutex>
#include <optional>

namespace qdrant2pg {

/// Opens a source of points for one lane.
using VerifySourceFactory = std::function<Result<std::unique_ptr<PointSource>>(
    const SourceOptions& source, const QString& collection)>;

/// The sources from which a verification reads points again: over the transport of the run, else as the plan
/// says, under the plan's limits. What the transport is, is asked with the first source, since most
/// verifications need none. Thread-safe; the request outlives it.
class VerifySources {
public:
    /// `factory`: instead of the plan's transport; may be empty.
    VerifySources(const VerifyRequest& request, VerifySourceFactory factory, std::stop_token stop);

    [[nodiscard]] Result<std::unique_ptr<PointSource>> open(const QString& collection);
    SourceLimits& limits() { return *m_limits; }
    /// "REST" or "gRPC"; empty as long as nothing was opened for it, or when the caller's factory did it.
    QString transportOf(const QString& collection) const;

private:
    [[nodiscard]] Result<Transport> transport(const QString& collection);

    const VerifyRequest& m_request;
    VerifySourceFactory m_factory;
    std::stop_token m_stop;
    std::shared_ptr<SourceLimits> m_limits;
    PointSourceMaker m_make;
    mutable std::mutex m_mutex;
    std::optional<Result<TransportDecision>> m_decision;
    QSet<QString> m_opened;
};

} // namespace qdrant2pg
