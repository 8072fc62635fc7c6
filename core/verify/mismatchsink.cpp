// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/mismatchsink.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <numeric>
#include <utility>

namespace qdrant2pg {

/// Collection names may hold anything but '/'; a file name should be plain and must stay unique.
QString collectionFileName(const QString& pattern, const QString& collection)
{
    QString plain;
    for (const QChar c : collection)
        plain += c.unicode() < 128 && (c.isLetterOrNumber() || c == QLatin1Char('-') || c == QLatin1Char('_'))
            ? c
            : QLatin1Char('_');
    if (plain != collection)
        plain = plain.left(60) + QLatin1Char('-')
            + QString::fromLatin1(
                QCryptographicHash::hash(collection.toUtf8(), QCryptographicHash::Sha256).toHex().left(8));
    return pattern.arg(plain);
}

QJsonObject mismatchToJson(const Mismatch& mismatch)
{
    QJsonObject object{{QStringLiteral("type"), mismatch.type}, {QStringLiteral("id"), mismatch.pointId}};
    if (!mismatch.column.isEmpty())
        object.insert(QStringLiteral("column"), mismatch.column);
    if (!mismatch.sourceValue.isEmpty())
        object.insert(QStringLiteral("source"), mismatch.sourceValue);
    if (!mismatch.targetValue.isEmpty())
        object.insert(QStringLiteral("target"), mismatch.targetValue);
    return object;
}

QJsonArray mismatchesToJson(const QList<Mismatch>& mismatches)
{
    QJsonArray array;
    for (const Mismatch& mismatch : mismatches)
        array.append(mismatchToJson(mismatch));
    return array;
}

QList<Mismatch> mismatchesFromJson(const QJsonArray& array)
{
    QList<Mismatch> mismatches;
    for (const QJsonValue value : array)
        mismatches << Mismatch{value[u"type"].toString(), value[u"id"].toString(),
            value[u"column"].toString(), value[u"source"].toString(), value[u"target"].toString()};
    return mismatches;
}

MismatchSink::MismatchSink(MismatchSink& into)
    : m_into(&into)
{
}

bool MismatchSink::holdsAll() const
{
    const std::lock_guard lock(m_mutex);
    return !m_passed;
}

QList<Mismatch> MismatchSink::buffered() const
{
    const std::lock_guard lock(m_mutex);
    return m_buffer;
}

void MismatchSink::pass()
{
    const std::lock_guard lock(m_mutex);
    for (const Mismatch& mismatch : std::as_const(m_buffer))
        m_into->add(mismatch);
    m_buffer.clear();
}

MismatchSink::MismatchSink(const QString& folder, const QString& collection)
{
    if (!folder.isEmpty())
        m_path = QDir(folder).filePath(collectionFileName(QStringLiteral("mismatches-%1.jsonl"), collection));
    if (!m_path.isEmpty())
        QFile::remove(m_path);
}

void MismatchSink::add(const Mismatch& mismatch)
{
    const std::lock_guard lock(m_mutex);
    if (m_into) {
        if (m_buffer.size() == mostBuffered) {
            for (const Mismatch& held : std::as_const(m_buffer))
                m_into->add(held);
            m_buffer.clear();
            m_passed = true;
        }
        m_buffer << mismatch;
        return;
    }
    ++m_counts[mismatch.type];
    if (m_first.size() < kept)
        m_first << mismatch;
    if (m_path.isEmpty() || !m_problem.isEmpty())
        return;
    if (!m_file) {
        QDir().mkpath(QFileInfo(m_path).path());
        m_file = std::make_unique<QFile>(m_path);
        if (!m_file->open(QIODevice::WriteOnly | QIODevice::Truncate,
                QFileDevice::ReadOwner | QFileDevice::WriteOwner)) {
            m_problem = m_file->errorString();
            return;
        }
    }
    const QByteArray line = QJsonDocument(mismatchToJson(mismatch)).toJson(QJsonDocument::Compact) + '\n';
    if (m_file->write(line) != line.size())
        m_problem = m_file->errorString();
}

qint64 MismatchSink::count() const
{
    const std::lock_guard lock(m_mutex);
    return std::accumulate(m_counts.begin(), m_counts.end(), qint64{0});
}

qint64 MismatchSink::count(const QString& type) const
{
    const std::lock_guard lock(m_mutex);
    return m_counts.value(type);
}

QList<Mismatch> MismatchSink::first() const
{
    const std::lock_guard lock(m_mutex);
    return m_first;
}

QString MismatchSink::finish()
{
    const std::lock_guard lock(m_mutex);
    if (!m_file)
        return {};
    if (!m_file->flush() && m_problem.isEmpty())
        m_problem = m_file->errorString();
    return m_path;
}

QString MismatchSink::fileProblem() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

} // namespace qdrant2pg
