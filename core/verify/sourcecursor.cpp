// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/sourcecursor.h"

#include "core/common/units.h"
#include "core/common/waiting.h"

namespace qdrant2pg {

SourceCursor::SourceCursor(const VerifyJob& job, PageSizer& sizer, std::stop_token stop)
    : m_job(job)
    , m_sizer(sizer)
    , m_stop(std::move(stop))
    , m_retry(job.request.retry)
{
}

SourceCursor::~SourceCursor()
{
    if (m_source && m_asked)
        m_source->cancel();
}

void SourceCursor::start(
    const std::optional<PointId>& lower, const std::optional<PointId>& upper, const std::string& shardKey)
{
    if (m_source && m_asked)
        m_source->cancel();
    m_page.clear();
    m_index = 0;
    m_atPoint = false;
    m_asked = false;
    m_from = lower.value_or(PointId());
    m_upper = upper;
    m_last.reset();
    m_shardKey = shardKey;
    m_ended = m_upper && *m_from >= *m_upper;
}

void SourceCursor::ask()
{
    PageRequest request;
    request.from = m_from;
    request.limit = m_sizer.limit();
    request.filterJson = m_job.plan.filterJson.toStdString();
    request.shardKeyJson = m_shardKey;
    request.maxReplyBytes = m_sizer.maxReplyBytes();
    if (!waitUnlessStopped(
            m_stop, m_job.sources->limits().reserve(request.limit, std::chrono::steady_clock::now())))
        return;
    m_source->request(request);
    m_asked = true;
}

Result<void> SourceCursor::fetch()
{
    for (;;) {
        if (!m_source) {
            auto opened = m_job.sources->open(m_job.plan.name);
            if (!opened)
                return fail(opened.error());
            m_source = std::move(*opened);
            m_asked = false;
        }
        if (!m_asked)
            ask();
        if (!m_asked)
            return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing."));
        auto received = m_source->await(m_page, m_stop);
        m_asked = false;
        if (received) {
            m_retry.succeeded();
            m_sizer.received(static_cast<std::uint32_t>(m_page.points().size()), m_page.wireBytes());
            return {};
        }
        m_source.reset();
        m_page.clear();
        Error error = received.error();
        if (m_stop.stop_requested())
            return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing."));
        const bool tooMuch = error.kind == ErrorKind::Timeout || error.kind == ErrorKind::Capacity;
        const bool halved = tooMuch && m_sizer.halve();
        if (error.kind == ErrorKind::Capacity && halved)
            continue;
        const auto delay = m_retry.next(error);
        if (!delay)
            return fail(std::move(error));
        ++m_retries;
        if (m_job.progress)
            m_job.progress(-1,
                QStringLiteral("%1 Attempt %2 of %3, next in %4.")
                    .arg(error.summary)
                    .arg(m_retry.attempt())
                    .arg(m_retry.attempts())
                    .arg(formatDuration(*delay)));
        waitUnlessStopped(m_stop, *delay);
    }
}

Result<bool> SourceCursor::next()
{
    if (m_atPoint)
        ++m_index;
    m_atPoint = false;
    while (true) {
        if (m_index < m_page.points().size()) {
            const PointId& id = m_page.points()[m_index].id;
            if (m_upper && id >= *m_upper) {
                m_ended = true;
                m_page.clear();
                m_index = 0;
                return false;
            }
            if (m_last && id <= *m_last) {
                Error error = makeError(ErrorKind::Protocol,
                    QStringLiteral("Qdrant sent the points of a page in an order that it never uses."));
                error.where.collection = m_job.plan.name;
                error.where.pointId = id.toString();
                return fail(std::move(error));
            }
            m_last = id;
            m_atPoint = true;
            // The next page is asked for as soon as work on this one begins.
            if (m_index == 0 && !m_asked && !m_ended) {
                m_from = m_page.points().back().id.successor();
                m_ended = !m_from || (m_upper && *m_from >= *m_upper);
                if (!m_ended)
                    ask();
            }
            return true;
        }
        if (m_ended && !m_asked)
            return false;
        m_index = 0;
        if (auto fetched = fetch(); !fetched)
            return fail(fetched.error());
        // Only an empty page is the end: older servers say null early while points are being deleted.
        if (m_page.points().empty()) {
            m_ended = true;
            return false;
        }
    }
}

} // namespace qdrant2pg
