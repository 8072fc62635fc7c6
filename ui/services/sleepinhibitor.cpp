// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/sleepinhibitor.h"

#include <unistd.h>

#ifdef QDRANT2PG_HAVE_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusUnixFileDescriptor>
#endif

namespace qdrant2pg {

SleepInhibitor::SleepInhibitor(QObject* parent)
    : QObject(parent)
{
}

SleepInhibitor::~SleepInhibitor()
{
    release();
}

void SleepInhibitor::inhibit(const QString& why)
{
    if (m_wanted)
        return;
    m_wanted = true;
    ++m_turn;
#ifdef QDRANT2PG_HAVE_DBUS
    QDBusConnection bus = QDBusConnection::systemBus();
    if (!bus.isConnected())
        return;
    QDBusMessage call = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.login1"),
        QStringLiteral("/org/freedesktop/login1"), QStringLiteral("org.freedesktop.login1.Manager"),
        QStringLiteral("Inhibit"));
    call << QStringLiteral("sleep:idle") << QStringLiteral("qdrant2pg") << why << QStringLiteral("block");
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, turn = m_turn] {
        const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *watcher;
        if (reply.isValid() && m_wanted && turn == m_turn && m_lock < 0)
            m_lock = ::dup(reply.value().fileDescriptor());
        // Its own signal is being handled.
        watcher->deleteLater();
    });
#else
    Q_UNUSED(why)
#endif
}

void SleepInhibitor::release()
{
    m_wanted = false;
    if (m_lock >= 0)
        ::close(m_lock);
    m_lock = -1;
}

} // namespace qdrant2pg
