// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QMetaObject>
#include <QObject>
#include <QThreadPool>

#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

namespace qdrant2pg {

/// The threads that blocking calls run on. Lives in main(); its end asks all work to stop and waits for it.
class BackgroundThreads {
public:
    BackgroundThreads();
    ~BackgroundThreads();
    BackgroundThreads(const BackgroundThreads&) = delete;
    BackgroundThreads& operator=(const BackgroundThreads&) = delete;

    void run(std::function<void()> work);
    /// Requested when the program ends.
    std::stop_token ending() const { return m_ending.get_token(); }

private:
    std::stop_source m_ending;
    QThreadPool m_pool;
};

/// What a piece of background work may use, on its own thread.
class JobControl {
public:
    using Post = std::function<void(std::function<void()>)>;
    JobControl(std::stop_token stop, Post post)
        : m_stop(std::move(stop))
        , m_post(std::move(post))
    {
    }

    std::stop_token stopToken() const { return m_stop; }
    bool stopRequested() const { return m_stop.stop_requested(); }
    /// Runs `report` on the thread of the job's owner, unless the job was cancelled or replaced meanwhile.
    void post(std::function<void()> report) const { m_post(std::move(report)); }

private:
    std::stop_token m_stop;
    Post m_post;
};

/// Runs blocking calls off the GUI thread, latest wins: starting again or cancelling asks the running work to
/// stop and drops everything that it still says. Belongs to the thread of its owner, where `done` and posted
/// reports run; never waits. The work must not touch the owner, only what it captured by value.
class BackgroundJob {
public:
    explicit BackgroundJob(BackgroundThreads& threads);
    /// As cancel().
    ~BackgroundJob();
    BackgroundJob(const BackgroundJob&) = delete;
    BackgroundJob& operator=(const BackgroundJob&) = delete;

    /// `work` is called on a worker thread as T(const JobControl&), `done` as void(T) on the owner's.
    template <class Work, class Done> void start(Work work, Done done)
    {
        using T = std::invoke_result_t<Work, const JobControl&>;
        launch([work = std::move(work), done = std::move(done)](
                   const JobControl& control) mutable -> std::function<void()> {
            auto result = std::make_shared<T>(work(control));
            return [result, done]() mutable {
                done(std::move(*result));
            };
        });
    }
    void cancel();
    bool isRunning() const;

private:
    /// Work that answers with what is to be done on the owner's thread at the end.
    using Task = std::function<std::function<void()>(const JobControl&)>;
    void launch(Task task);

    struct Run;
    BackgroundThreads& m_threads;
    QObject m_context;
    std::shared_ptr<Run> m_current;
};

} // namespace qdrant2pg
