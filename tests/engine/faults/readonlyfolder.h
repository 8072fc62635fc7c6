// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

namespace qdrant2pg::test {

/// Makes a folder read-only, with what it holds, until destroyed: by its permission bits; for root, whom they
/// do not bind, by a read-only mount where this process may mount; else by an injected error, a file in the
/// folder's place.
class ReadOnlyFolder {
public:
    explicit ReadOnlyFolder(QString path);
    ~ReadOnlyFolder();
    ReadOnlyFolder(const ReadOnlyFolder&) = delete;
    ReadOnlyFolder& operator=(const ReadOnlyFolder&) = delete;

    /// How it is done here, for the log.
    static QString means();

private:
    QString m_path;
};

} // namespace qdrant2pg::test
