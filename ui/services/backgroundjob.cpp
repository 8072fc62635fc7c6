// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/backgroundjob.h"

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
    /// Gone when the owner is; read on the owner's thread only.
    QPointer<QObject> context;
    bool current = true;
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
    m_current->current = false;
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
    // The relay lives as long as work may report; it sits in the owner's thread and takes calls from the
    // worker.
    auto relay = std::shared_ptr<QObject>(new QObject, [](QObject* object) { object->deleteLater(); });
    const auto deliver = [run, relay](std::function<void()> report) {
        QMetaObject::invokeMethod(
            relay.get(),
            [run, report = std::move(report)] {
                if (run->current && run->context)
                    report();
            },
            Qt::QueuedConnection);
    };
    m_threads.run([this, run, relay, deliver, task = std::move(task), ending = m_threads.ending()]() mutable {
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
