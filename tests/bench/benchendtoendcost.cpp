// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/bench/benchendtoendcost.h"

#include <QDir>
#include <QFile>

#include <chrono>
#include <ctime>

#include <sys/resource.h>
#include <unistd.h>

namespace qdrant2pg::bench {

namespace {

/// Fields of /proc/PID/stat from the third on; the name before them may hold blanks.
QList<QByteArray> statOf(const QString& pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray text = file.readAll();
    return text.mid(text.lastIndexOf(')') + 2).split(' ');
}

constexpr int parentField = 1;
constexpr int userField = 11;

double ticks(const QList<QByteArray>& stat, int count)
{
    double sum = 0;
    for (int k = 0; k < count; ++k)
        sum += stat.value(userField + k).toDouble();
    return sum / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double wallSeconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

double ownSeconds()
{
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double processSeconds(qint64 pid)
{
    return pid > 0 ? ticks(statOf(QString::number(pid)), 2) : 0;
}

double endedChildrenSeconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double treeSeconds(qint64 pid)
{
    if (pid <= 0)
        return 0;
    // With those that it waited for.
    double sum = ticks(statOf(QString::number(pid)), 4);
    for (const QString& entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        const auto stat = statOf(entry);
        if (stat.value(parentField).toLongLong() == pid)
            sum += ticks(stat, 2);
    }
    return sum;
}

double peakMiB(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/status").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray& line : file.readAll().split('\n')) {
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').first().toDouble() / 1024;
    }
    return 0;
}

Stretch::Stretch(qint64 qdrantPid, qint64 postmasterPid)
    : m_qdrantPid(qdrantPid)
    , m_postmasterPid(postmasterPid)
    , m_start{wallSeconds(), ownSeconds(), processSeconds(qdrantPid), treeSeconds(postmasterPid)}
{
}

Cost Stretch::end(double client) const
{
    return {wallSeconds() - m_start.wall, client >= 0 ? client : ownSeconds() - m_start.client,
        processSeconds(m_qdrantPid) - m_start.qdrant, treeSeconds(m_postmasterPid) - m_start.postgres};
}

} // namespace qdrant2pg::bench
