// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/backgroundjob.h"

#include <mutex>

namespace qdrant2pg {

namespace {
/// Many more than cores: the work waits for servers.
constexpr int mostThreads = 24;
} // namespace

BackgroundThreads::BackgroundThreads()
{
    m_pool.setMaxThreadCount(mostThreads);
}

BackgroundThreads::~BackgroundThreads()
{
    m_ending.request_stop();
    m_pool.waitForDone();
}

void BackgroundThreads::run(std::function<void()> work)
{
    m_pool.start(std::move(work));
}

struct BackgroundJob::Run {
    std::stop_source stop;
    /// Guards `context`, so that no report is posted to an owner that is going.
    std::mutex mutex;
    /// Null once cancelled or replaced.
    QObject* context = nullptr;
};

BackgroundJob::BackgroundJob(BackgroundThreads& threads)
    : m_threads(threads)
{
}

BackgroundJob::~BackgroundJob()
{
    cancel();
}

void BackgroundJob::cancel()
{
    if (!m_current)
        return;
    {
        const std::lock_guard lock(m_current->mutex);
        m_current->context = nullptr;
    }
    m_current->stop.request_stop();
    m_current.reset();
}

bool BackgroundJob::isRunning() const
{
    return m_current != nullptr;
}

void BackgroundJob::launch(Task task)
{
    cancel();
    auto run = std::make_shared<Run>();
    run->context = &m_context;
    m_current = run;
    const auto deliver = [run](std::function<void()> report) {
        const std::lock_guard lock(run->mutex);
        if (!run->context)
            return;
        // What is in the queue already when the job is cancelled is dropped there.
        QMetaObject::invokeMethod(
            run->context,
            [run, report = std::move(report)] {
                if (run->context)
                    report();
            },
            Qt::QueuedConnection);
    };
    m_threads.run([this, run, deliver, task = std::move(task), ending = m_threads.ending()]() mutable {
        const std::stop_callback endWithProgram(ending, [run] { run->stop.request_stop(); });
        const JobControl control(run->stop.get_token(), deliver);
        auto finish = task(control);
        deliver([this, finish = std::move(finish)] {
            // Delivered only while this run is the current one of a living job.
            m_current.reset();
            finish();
        });
    });
}

} // namespace qdrant2pg
