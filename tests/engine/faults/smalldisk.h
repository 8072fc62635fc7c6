// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>
#include <QTemporaryDir>

namespace qdrant2pg::test {

/// A file system of a few megabytes that the server's user may write to: a tmpfs, where this process may
/// mount one.
class SmallDisk {
public:
    static bool available();

    SmallDisk();
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    /// Of an empty folder on it.
    QString path() const;
    /// Leaves no room.
    void fill() const;
    void makeRoom() const;

private:
    QTemporaryDir m_dir;
};

} // namespace qdrant2pg::test
