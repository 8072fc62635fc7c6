// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/logbuffer.h"

#include "core/common/redaction.h"

#include <QDir>
#include <QFileInfo>

#include <atomic>
#include <cstdio>

namespace qdrant2pg {

namespace {

constexpr qint64 mostFileBytes = 5 * 1024 * 1024;

// Qt's message handler is a plain function, so the one installed buffer has to be found from there.
std::atomic<LogBuffer*> installed{nullptr};

const char* levelWord(QtMsgType level)
{
    switch (level) {
    case QtDebugMsg:
        return "debug";
    case QtInfoMsg:
        return "info";
    case QtWarningMsg:
        return "warning";
    case QtCriticalMsg:
        return "error";
    case QtFatalMsg:
        return "fatal";
    }
    return "info";
}

void handleMessage(QtMsgType level, const QMessageLogContext& context, const QString& text)
{
    if (LogBuffer* buffer = installed.load())
        buffer->append(level, QString::fromLatin1(context.category ? context.category : "default"), text);
    if (level != QtDebugMsg && level != QtInfoMsg)
        std::fprintf(stderr, "%s\n", redacted(text).toLocal8Bit().constData());
}

} // namespace

LogBuffer::LogBuffer(QObject* parent)
    : QObject(parent)
{
}

LogBuffer::~LogBuffer()
{
    LogBuffer* self = this;
    if (installed.compare_exchange_strong(self, nullptr))
        qInstallMessageHandler(nullptr);
}

void LogBuffer::setFile(const QString& path)
{
    const std::lock_guard lock(m_mutex);
    m_file.close();
    m_file.setFileName(path);
    if (path.isEmpty())
        return;
    QDir().mkpath(QFileInfo(path).absolutePath());
    if (m_file.size() > mostFileBytes) {
        const QString older = path + QStringLiteral(".1");
        QFile::remove(older);
        QFile::rename(path, older);
        m_file.setFileName(path);
    }
    if (m_file.open(QIODevice::Append | QIODevice::Text))
        m_file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
}

QString LogBuffer::filePath() const
{
    const std::lock_guard lock(m_mutex);
    return m_file.isOpen() ? m_file.fileName() : QString();
}

QList<LogLine> LogBuffer::linesAfter(quint64 after) const
{
    const std::lock_guard lock(m_mutex);
    QList<LogLine> lines;
    if (m_lines.empty() || m_lines.back().number <= after)
        return lines;
    const quint64 first = m_lines.front().number;
    const std::size_t skip = after < first ? 0 : static_cast<std::size_t>(after - first + 1);
    for (std::size_t i = skip; i < m_lines.size(); ++i)
        lines.append(m_lines[i]);
    return lines;
}

void LogBuffer::append(QtMsgType level, const QString& category, const QString& text)
{
    LogLine line{0, QDateTime::currentDateTime(), level, category, redacted(text)};
    bool announce = false;
    {
        const std::lock_guard lock(m_mutex);
        line.number = m_next++;
        if (m_file.isOpen()) {
            m_file.write(QStringLiteral("%1 %2 %3: %4\n")
                             .arg(line.at.toString(Qt::ISODateWithMs), QLatin1String(levelWord(level)),
                                 category, line.text)
                             .toUtf8());
            m_file.flush();
        }
        m_lines.push_back(std::move(line));
        if (m_lines.size() > capacity)
            m_lines.pop_front();
        announce = !std::exchange(m_announced, true);
    }
    if (!announce)
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            {
                const std::lock_guard lock(m_mutex);
                m_announced = false;
            }
            emit grew();
        },
        Qt::QueuedConnection);
}

void LogBuffer::install()
{
    installed.store(this);
    qInstallMessageHandler(handleMessage);
}

} // namespace qdrant2pg
