// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/mailbox.h"

#include <utility>

#include <QCoreApplication>
#include <QEvent>

namespace qdrant2pg {

Mailbox::Mailbox(QObject* parent)
    : QObject(parent)
{
}

Mailbox::~Mailbox() = default;

void Mailbox::post(Task task)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    QCoreApplication::postEvent(this, new QEvent(QEvent::User));
}

void Mailbox::customEvent(QEvent* event)
{
    Q_UNUSED(event)
    // One task for each event, and nothing after it: the task may delete the mailbox.
    Task task;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_tasks.empty())
            return;
        task = std::move(m_tasks.front());
        m_tasks.pop_front();
    }
    task();
}

} // namespace qdrant2pg
