// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/rest/resttransport.h"

#include "core/qdrant/rest/restworker.h"

#include <utility>

#include <QCoreApplication>
#include <QEvent>

namespace qdrant2pg {

PendingReply::PendingReply(std::weak_ptr<RestQueue> queue)
    : m_queue(std::move(queue))
{
}

Result<HttpReply> PendingReply::wait(std::stop_token stop)
{
    {
        std::unique_lock lock(m_mutex);
        const bool finished = m_finished.wait(lock, std::move(stop), [this] { return m_result.has_value(); });
        if (finished)
            return std::exchange(
                *m_result, fail(ErrorKind::Internal, QStringLiteral("The reply was already taken.")));
    }
    abort();
    return fail(cancelledError());
}

bool PendingReply::isFinished() const
{
    const std::scoped_lock lock(m_mutex);
    return m_result.has_value();
}

void PendingReply::abort()
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_result)
            return;
        m_aborted = true;
        m_result = fail(cancelledError());
    }
    m_finished.notify_all();
    if (const auto queue = m_queue.lock())
        queue->wake();
}

void PendingReply::finish(Result<HttpReply> result)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_result)
            return;
        m_result = std::move(result);
    }
    m_finished.notify_all();
}

bool PendingReply::isAborted() const
{
    const std::scoped_lock lock(m_mutex);
    return m_aborted;
}

void RestQueue::wake()
{
    const std::scoped_lock lock(mutex);
    if (receiver)
        QCoreApplication::postEvent(receiver, new QEvent(QEvent::User));
}

RestTransport::RestTransport(const SourceOptions& options)
    : m_queue(std::make_shared<RestQueue>())
    , m_worker(std::make_unique<RestWorker>(options, m_queue))
{
    m_queue->receiver = m_worker.get();
    m_worker->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("qdrant-rest"));
    m_thread.start();
}

RestTransport::~RestTransport()
{
    {
        const std::scoped_lock lock(m_queue->mutex);
        m_queue->ending = true;
        QCoreApplication::postEvent(m_worker.get(), new QEvent(QEvent::User));
        m_queue->receiver = nullptr;
    }
    // The network thread never blocks, so neither does this.
    m_thread.wait();
    // The worker's last act took this lock; of the end of the thread the thread sanitizer, which does not see
    // into Qt, learns nothing.
    const std::scoped_lock lock(m_queue->mutex);
}

std::shared_ptr<PendingReply> RestTransport::send(HttpRequest request)
{
    auto reply = std::make_shared<PendingReply>(m_queue);
    {
        const std::scoped_lock lock(m_queue->mutex);
        m_queue->jobs.push_back({std::move(request), reply});
    }
    m_queue->wake();
    return reply;
}

} // namespace qdrant2pg
