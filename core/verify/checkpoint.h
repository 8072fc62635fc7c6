// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QFile>
#include <QHash>
#include <QJsonObject>
#include <QString>

#include <memory>
#include <mutex>
#include <optional>

namespace qdrant2pg {

/// Remembers which parts of a verification are done, so that an interrupted one goes on where it was: a file
/// with one JSON line per part, removed when the verification ends. A file of another verification (another
/// key), or one older than a day, is not used. Thread-safe. File errors only cost the memory.
class VerifyCheckpoint {
public:
    /// `folder` empty: remembers nothing. `restart`: forgets what is there.
    VerifyCheckpoint(const QString& folder, const QString& collection, const QByteArray& key, bool restart);

    /// What add() was told about the part by an earlier verification.
    std::optional<QJsonObject> done(const QString& part) const;
    /// Parts taken over from an earlier verification.
    qsizetype takenOver() const { return m_done.size(); }
    void add(const QString& part, const QJsonObject& result);
    /// The verification ended; there is nothing to go on with.
    void remove();

private:
    void read(const QByteArray& key);

    mutable std::mutex m_mutex;
    QString m_path;
    QByteArray m_key;
    std::unique_ptr<QFile> m_file;
    QHash<QString, QJsonObject> m_done;
};

} // namespace qdrant2pg
