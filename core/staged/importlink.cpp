// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/importlink.h"

#include "core/common/units.h"
#include "core/common/waiting.h"

namespace qdrant2pg {

bool ImportLink::waitFor(std::chrono::milliseconds duration) const
{
    return waitUnlessStopped(m_job.stop, duration);
}

Result<void> ImportLink::waitOrFail(const Error& error)
{
    if (m_job.stop.stop_requested())
        return fail(m_job.cancelled());
    const auto delay = m_retry.next(error);
    if (!delay)
        return fail(error);
    ++m_job.outcome.retries;
    m_job.report(QStringLiteral("import"),
        QStringLiteral("%1 Attempt %2 of %3, next in %4.")
            .arg(error.summary)
            .arg(m_retry.attempt())
            .arg(m_retry.attempts())
            .arg(formatDuration(*delay)),
        true);
    if (!waitFor(*delay))
        return fail(m_job.cancelled());
    return {};
}

Result<void> ImportLink::reconnect()
{
    for (;;) {
        auto opened = Connection::open(m_job.request.target);
        if (opened) {
            m_connection.emplace(std::move(*opened));
            return {};
        }
        if (auto waited = waitOrFail(opened.error()); !waited)
            return waited;
    }
}

bool ImportLink::reconnectOnce()
{
    auto opened = Connection::open(m_job.request.target);
    if (opened)
        m_connection.emplace(std::move(*opened));
    return opened.has_value();
}

} // namespace qdrant2pg
