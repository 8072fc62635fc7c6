// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

#include <deque>
#include <functional>
#include <mutex>

namespace qdrant2pg {

/// Runs what other threads ask for in the thread in which it lives, in the order in which they asked, from
/// that thread's event loop. What has not run when it goes away is dropped, so it has to go before what the
/// tasks use, and after the threads that post.
///
/// Instead of a queued QMetaObject::invokeMethod: the task goes through a lock of ours, so the thread
/// sanitizer sees the hand-over, which inside Debian's Qt it cannot.
class Mailbox : public QObject {
public:
    using Task = std::function<void()>;

    explicit Mailbox(QObject* parent = nullptr);
    ~Mailbox() override;

    /// From any thread; returns at once.
    void post(Task task);

protected:
    void customEvent(QEvent* event) override;

private:
    std::mutex m_mutex;
    std::deque<Task> m_tasks;
};

} // namespace qdrant2pg
