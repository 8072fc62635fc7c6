// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/engine/verification.h"

#include <QFile>
#include <QMap>

#include <memory>
#include <mutex>

namespace qdrant2pg {

/// Takes the differences of one collection from all lanes: counts them, keeps the first for the outcome, and
/// writes every one as a JSON line. Thread-safe.
class MismatchSink {
public:
    static constexpr int kept = 100;

    /// `folder` empty: no file. The file is made with the first difference.
    MismatchSink(const QString& folder, const QString& collection);

    /// File errors (disk full): the check goes on counting, the outcome says that the file is not complete.
    void add(const Mismatch& mismatch);

    qint64 count() const;
    qint64 count(const QString& type) const;
    QList<Mismatch> first() const;
    /// Flushes; the file's path, empty when none was written.
    QString finish();
    /// Why the file is not complete; empty when it is.
    QString fileProblem() const;

private:
    mutable std::mutex m_mutex;
    QString m_path;
    std::unique_ptr<QFile> m_file;
    QString m_problem;
    QMap<QString, qint64> m_counts;
    QList<Mismatch> m_first;
};

} // namespace qdrant2pg
