// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/verifysources.h"

#include "core/plan/transportchoice.h"

#include <utility>

namespace qdrant2pg {

VerifySources::VerifySources(const VerifyRequest& request, VerifySourceFactory factory, std::stop_token stop)
    : m_request(request)
    , m_factory(std::move(factory))
    , m_stop(std::move(stop))
    , m_limits(std::make_shared<SourceLimits>(
          request.plan.run.maxPointsPerSecond, request.plan.run.maxRequestsInFlight))
{
    m_make = limitedSources(
        [this](const QString& collection) -> Result<std::unique_ptr<PointSource>> {
            if (m_factory)
                return m_factory(m_request.source, collection);
            const auto chosen = transport(collection);
            if (!chosen)
                return fail(chosen.error());
            SourceOptions options = m_request.source;
            if (options.grpcPort == 0)
                options.grpcPort = m_request.plan.source.grpcPort;
            return makePointSource(*chosen, options, collection);
        },
        m_limits);
}

Result<std::unique_ptr<PointSource>> VerifySources::open(const QString& collection)
{
    return m_make(collection);
}

Result<Transport> VerifySources::transport(const QString& collection)
{
    const std::lock_guard lock(m_mutex);
    if (!m_decision)
        m_decision = m_request.transport ? Result<TransportDecision>(*m_request.transport)
                                         : decideTransport(m_request.plan, m_request.source, m_stop);
    if (!*m_decision)
        return fail(m_decision->error());
    m_opened.insert(collection);
    return (*m_decision)->of(collection);
}

QString VerifySources::transportOf(const QString& collection) const
{
    const std::lock_guard lock(m_mutex);
    return m_opened.contains(collection) ? transportLabel((*m_decision)->of(collection)) : QString();
}

} // namespace qdrant2pg
