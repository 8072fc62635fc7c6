// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/sessionbus.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QProcessEnvironment>
#include <QStandardPaths>

namespace qdrant2pg::test {

namespace {

constexpr int patienceMs = 20'000;
constexpr int askAgainMs = 50;

/// Without the services that the desktop's own bus would start.
QByteArray configuration(const QString& folder)
{
    return "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" "
           "\"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n"
           "<busconfig><type>session</type><listen>unix:dir="
        + folder.toUtf8()
        + "</listen><auth>EXTERNAL</auth><policy context=\"default\"><allow send_destination=\"*\" "
          "eavesdrop=\"true\"/><allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>\n";
}

void end(QProcess& process)
{
    if (process.state() == QProcess::NotRunning)
        return;
    process.terminate();
    if (!process.waitForFinished(patienceMs)) {
        process.kill();
        process.waitForFinished();
    }
}

} // namespace

SessionBus::SessionBus()
{
    const QString program = QStandardPaths::findExecutable(QStringLiteral("dbus-daemon"));
    if (program.isEmpty()) {
        m_problem = QStringLiteral("dbus-daemon is not installed");
        return;
    }
    QFile config(m_folder.filePath(QStringLiteral("bus.conf")));
    if (!config.open(QIODevice::WriteOnly) || config.write(configuration(m_folder.path())) < 0) {
        m_problem = config.errorString();
        return;
    }
    config.close();
    m_daemon.start(program,
        {QStringLiteral("--config-file=") + config.fileName(), QStringLiteral("--nofork"),
            QStringLiteral("--print-address=1")});
    while (!m_daemon.canReadLine()) {
        if (!m_daemon.waitForReadyRead(patienceMs)) {
            m_problem = QStringLiteral("dbus-daemon does not start: ")
                + QString::fromLocal8Bit(m_daemon.readAllStandardError());
            return;
        }
    }
    m_address = QString::fromLatin1(m_daemon.readLine()).trimmed();
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_address.toLatin1());
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", m_address.toLatin1());
}

SessionBus::~SessionBus()
{
    stopKeyring();
    end(m_daemon);
}

QString SessionBus::startKeyring()
{
    const QString program = QStandardPaths::findExecutable(QStringLiteral("gnome-keyring-daemon"));
    if (program.isEmpty())
        return QStringLiteral("gnome-keyring is not installed");
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* name : {"HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"}) {
        const QString path = m_folder.filePath(QLatin1String(name));
        if (!QDir().mkpath(path))
            return QStringLiteral("%1 cannot be made").arg(path);
        QFile::setPermissions(path, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
        environment.insert(QLatin1String(name), path);
    }
    m_keyring.setProcessEnvironment(environment);
    m_keyring.start(program,
        {QStringLiteral("--unlock"), QStringLiteral("--components=secrets"), QStringLiteral("--foreground")});
    if (!m_keyring.waitForStarted(patienceMs))
        return m_keyring.errorString();
    // The password of the new keyring; the end of the input is what it waits for.
    m_keyring.write("test");
    m_keyring.waitForBytesWritten(patienceMs);
    m_keyring.closeWriteChannel();
    const QDeadlineTimer deadline(patienceMs);
    while (m_keyring.state() == QProcess::Running && !deadline.hasExpired()) {
        QProcess ask;
        ask.start(QStringLiteral("dbus-send"),
            {QStringLiteral("--session"), QStringLiteral("--print-reply"),
                QStringLiteral("--dest=org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
                QStringLiteral("org.freedesktop.DBus.NameHasOwner"),
                QStringLiteral("string:org.freedesktop.secrets")});
        if (!ask.waitForFinished(patienceMs) || ask.exitCode() != 0)
            return QStringLiteral("dbus-send: ") + QString::fromLocal8Bit(ask.readAllStandardError());
        if (ask.readAllStandardOutput().contains("true"))
            return {};
        m_keyring.waitForFinished(askAgainMs);
    }
    return QStringLiteral("gnome-keyring does not offer its service: ")
        + QString::fromLocal8Bit(m_keyring.readAllStandardError());
}

void SessionBus::stopKeyring()
{
    end(m_keyring);
}

} // namespace qdrant2pg::test
