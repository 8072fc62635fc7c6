// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>
#include <QTemporaryDir>

namespace qdrant2pg::test {

/// A file system of a few megabytes: a tmpfs, where this process may mount one.
class SmallDisk {
public:
    static bool available();

    /// Somewhere, for the server's user to write to.
    SmallDisk();
    /// In place of that folder.
    SmallDisk(const QString& folder, int megabytes);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    /// Of a folder on it.
    QString path() const;
    /// Leaves no room.
    void fill() const;
    void makeRoom() const;

private:
    QTemporaryDir m_dir;
    QString m_place;
    QString m_path;
};

} // namespace qdrant2pg::test
