// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/checkpoint.h"

#include "core/verify/mismatchsink.h"

#include <QDateTime>
#include <QDir>
#include <QJsonDocument>

namespace qdrant2pg {

namespace {

/// What was found so long ago says too little about now.
constexpr qint64 oldestSeconds = 24 * 3600;

QByteArray lineOf(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

VerifyCheckpoint::VerifyCheckpoint(
    const QString& folder, const QString& collection, const QByteArray& key, bool restart)
    : m_key(key)
{
    if (folder.isEmpty())
        return;
    m_path = QDir(folder).filePath(collectionFileName(QStringLiteral("verify-%1.part"), collection));
    if (restart)
        QFile::remove(m_path);
    else
        read(key);
    if (m_done.isEmpty())
        QFile::remove(m_path);
}

void VerifyCheckpoint::read(const QByteArray& key)
{
    QFile file(m_path);
    if (!file.open(QIODevice::ReadOnly))
        return;
    const QJsonObject head = QJsonDocument::fromJson(file.readLine()).object();
    const qint64 age =
        QDateTime::currentSecsSinceEpoch() - head.value(QLatin1String("startedAt")).toInteger();
    if (head.value(QLatin1String("key")).toString().toUtf8() != key || age < 0 || age > oldestSeconds)
        return;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine();
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        // The last line is cut where the program was killed while it wrote.
        if (line.endsWith('\n') && object.contains(QLatin1String("part")))
            m_done.insert(object.value(QLatin1String("part")).toString(),
                object.value(QLatin1String("result")).toObject());
    }
}

std::optional<QJsonObject> VerifyCheckpoint::done(const QString& part) const
{
    const auto found = m_done.constFind(part);
    return found == m_done.constEnd() ? std::nullopt : std::optional(*found);
}

void VerifyCheckpoint::add(const QString& part, const QJsonObject& result)
{
    const std::lock_guard lock(m_mutex);
    if (m_path.isEmpty())
        return;
    if (!m_file) {
        QDir().mkpath(QFileInfo(m_path).path());
        const bool fresh = !QFile::exists(m_path);
        m_file = std::make_unique<QFile>(m_path);
        if (!m_file->open(
                QIODevice::WriteOnly | QIODevice::Append, QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
            m_path.clear();
            return;
        }
        // A cut line of a killed program must not join with the next one.
        m_file->write(fresh ? lineOf({{QStringLiteral("key"), QString::fromUtf8(m_key)},
                          {QStringLiteral("startedAt"), QDateTime::currentSecsSinceEpoch()}})
                            : QByteArray("\n"));
    }
    m_file->write(lineOf({{QStringLiteral("part"), part}, {QStringLiteral("result"), result}}));
    m_file->flush();
}

void VerifyCheckpoint::remove()
{
    const std::lock_guard lock(m_mutex);
    m_file.reset();
    if (!m_path.isEmpty())
        QFile::remove(m_path);
}

} // namespace qdrant2pg
