// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/processid.h"

#include <QFile>
#include <QString>
#include <QStringList>
#include <QSysInfo>

#include <unistd.h>

namespace qdrant2pg {

namespace {

QString fileText(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()).trimmed() : QString();
}

/// Start time of a process in clock ticks since boot (field 22 of /proc/<pid>/stat); empty when there is
/// none.
QString startTime(qint64 pid)
{
    const QString stat = fileText(QStringLiteral("/proc/%1/stat").arg(pid));
    // The command name is in parentheses and may hold anything.
    const QStringList fields = stat.mid(stat.lastIndexOf(QLatin1Char(')')) + 2).split(QLatin1Char(' '));
    return fields.size() > 19 ? fields.at(19) : QString();
}

QString machine()
{
    QString host = QSysInfo::machineHostName();
    host.replace(QLatin1Char('-'), QLatin1Char('_'));
    host.replace(QLatin1Char('/'), QLatin1Char('_'));
    QString boot = fileText(QStringLiteral("/proc/sys/kernel/random/boot_id"));
    boot.remove(QLatin1Char('-'));
    return host + QLatin1Char('/') + boot;
}

} // namespace

std::string processOwner()
{
    const qint64 pid = ::getpid();
    return QStringLiteral("%1/%2/%3").arg(machine()).arg(pid).arg(startTime(pid)).toStdString();
}

bool ownerIsDead(const std::string& owner)
{
    const QStringList parts =
        QString::fromStdString(owner).section(QLatin1Char('-'), 0, 0).split(QLatin1Char('/'));
    if (parts.size() != 4 || parts.at(0) + QLatin1Char('/') + parts.at(1) != machine())
        return false;
    const QString started = startTime(parts.at(2).toLongLong());
    return started.isEmpty() || started != parts.at(3);
}

} // namespace qdrant2pg
