// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/engine/verification.h"

#include <QFile>
#include <QJsonArray>
#include <QMap>

#include <memory>
#include <mutex>

namespace qdrant2pg {

/// Takes the differences of one collection from all lanes: counts them, keeps the first for the outcome, and
/// writes every one as a JSON line. Thread-safe.
class MismatchSink {
public:
    static constexpr int kept = 100;
    /// Differences of one segment that are remembered for an interrupted verification.
    static constexpr int mostBuffered = 2000;

    /// `folder` empty: no file. The file is made with the first difference.
    MismatchSink(const QString& folder, const QString& collection);

    /// Holds what it is given back from `into` until pass(), or until it is too much.
    explicit MismatchSink(MismatchSink& into);

    /// File errors (disk full): the check goes on counting, the outcome says that the file is not complete.
    void add(const Mismatch& mismatch);

    qint64 count() const;
    qint64 count(const QString& type) const;
    QList<Mismatch> first() const;
    /// Flushes; the file's path, empty when none was written.
    QString finish();
    /// Why the file is not complete; empty when it is.
    QString fileProblem() const;

    // Of a sink that holds back.
    bool holdsAll() const;
    QList<Mismatch> buffered() const;
    void pass();

private:
    mutable std::mutex m_mutex;
    MismatchSink* m_into = nullptr;
    QList<Mismatch> m_buffer;
    bool m_passed = false;
    QString m_path;
    std::unique_ptr<QFile> m_file;
    QString m_problem;
    QMap<QString, qint64> m_counts;
    QList<Mismatch> m_first;
};

QJsonObject mismatchToJson(const Mismatch& mismatch);
QJsonArray mismatchesToJson(const QList<Mismatch>& mismatches);
QList<Mismatch> mismatchesFromJson(const QJsonArray& array);

/// A plain and unique file name for a collection; `pattern` has %1 for it.
QString collectionFileName(const QString& pattern, const QString& collection);

} // namespace qdrant2pg
