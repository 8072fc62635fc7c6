// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/restpointsource.h"

#include <utility>

#include "core/qdrant/rest/restrequests.h"

namespace qdrant2pg {

RestPointSource::RestPointSource(const SourceOptions& options, const QString& collection)
    : m_options(options)
    , m_endpoint(Endpoint::fromUrl(options.url))
    , m_transport(options)
{
    m_endpoint.collection = collection;
}

RestPointSource::~RestPointSource()
{
    cancel();
}

void RestPointSource::request(const PageRequest& request)
{
    cancel();
    m_payloadRequested = request.withPayload;
    m_pending = m_transport.send(scrollRequest(m_options, m_endpoint.collection, request));
}

Result<void> RestPointSource::await(PointPage& page, std::stop_token stop)
{
    using Clock = std::chrono::steady_clock;
    if (!m_pending)
        return fail(ErrorKind::Internal, QStringLiteral("No page was asked for."));
    const auto pending = std::exchange(m_pending, nullptr);
    const auto start = Clock::now();
    auto reply = successful(pending->wait(std::move(stop)), m_endpoint);
    const auto received = Clock::now();
    m_times.waiting += received - start;
    if (!reply)
        return fail(std::move(reply.error()));
    auto decoded = decodePage(std::move(*reply), m_decoder, page, m_payloadRequested, m_endpoint);
    m_times.decoding += Clock::now() - received;
    return decoded;
}

void RestPointSource::cancel()
{
    if (m_pending)
        m_pending->abort();
    m_pending.reset();
}

QString RestPointSource::transportName() const
{
    return QStringLiteral("REST");
}

PointSource::Times RestPointSource::takeTimes()
{
    return std::exchange(m_times, {});
}

std::unique_ptr<PointSource> makeRestPointSource(const SourceOptions& options, const QString& collection)
{
    return std::make_unique<RestPointSource>(options, collection);
}

} // namespace qdrant2pg
