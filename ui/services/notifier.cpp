// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/notifier.h"

#include <QApplication>
#include <QVariantMap>
#include <QWidget>

#ifdef QDRANT2PG_HAVE_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCall>
#endif

namespace qdrant2pg {

namespace {
constexpr std::chrono::seconds shortest{30};
} // namespace

bool Notifier::isWorthTelling(std::chrono::milliseconds elapsed, bool windowIsActive, bool wanted)
{
    return wanted && !windowIsActive && elapsed > shortest;
}

void Notifier::tell(QWidget* window, const QString& title, const QString& text)
{
    QApplication::alert(window);
#ifdef QDRANT2PG_HAVE_DBUS
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    constexpr int serverDecides = -1;
    QDBusMessage call = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.Notifications"),
        QStringLiteral("/org/freedesktop/Notifications"), QStringLiteral("org.freedesktop.Notifications"),
        QStringLiteral("Notify"));
    call << QStringLiteral("qdrant2pg") << 0U << QGuiApplication::desktopFileName() << title
         << text.toHtmlEscaped() << QStringList() << QVariantMap() << serverDecides;
    bus.asyncCall(call);
#else
    Q_UNUSED(title)
    Q_UNUSED(text)
#endif
}

} // namespace qdrant2pg
