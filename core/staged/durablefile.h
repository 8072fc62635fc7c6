// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QString>

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace qdrant2pg {

/// The error of a failed file operation: a full disk, a quota or a file size limit is Capacity, everything
/// else File. `what` completes "Cannot ...": "write", "create the folder".
Error fileError(int errorNumber, const QString& what, const QString& path);

/// Creates the folder with its parents (readable by the owner alone where it did not exist).
[[nodiscard]] Result<void> makeFolder(const QString& path);
/// Makes a rename or removal in that folder durable.
[[nodiscard]] Result<void> syncFolder(const QString& path);
[[nodiscard]] Result<QByteArray> readWholeFile(const QString& path, qint64 most);

/// A file that appears under its name complete or not at all: written under "<name>.part", flushed to the
/// disk, renamed, the folder flushed. A file that was not committed is removed by the destructor. Readable by
/// the owner alone.
class DurableFile {
public:
    [[nodiscard]] static Result<DurableFile> create(const QString& path);
    ~DurableFile();
    DurableFile(DurableFile&& other) noexcept;
    DurableFile& operator=(DurableFile&& other) noexcept;

    [[nodiscard]] Result<void> write(std::string_view bytes);
    /// Everything written is on the disk, still under the temporary name. Nothing may be written afterwards.
    [[nodiscard]] Result<void> finish();
    /// finish(), then gives the file its name.
    [[nodiscard]] Result<void> commit();

    const QString& path() const { return m_path; }
    qint64 bytesWritten() const { return m_written; }
    /// 64 hex digits over everything written; valid after finish().
    QByteArray sha256() const { return m_sha256; }

private:
    explicit DurableFile(QString path);
    [[nodiscard]] Result<void> flush();
    void discard();

    QString m_path;
    int m_descriptor = -1;
    bool m_onDisk = false;
    std::string m_buffer;
    qint64 m_written = 0;
    std::unique_ptr<QCryptographicHash> m_hash;
    QByteArray m_sha256;
};

/// The whole content at once, durably.
[[nodiscard]] Result<void> writeDurably(const QString& path, std::string_view content);

/// SHA-256 of a file as 64 hex digits, read as a stream. `onBytes` is called with each portion's size.
[[nodiscard]] Result<QByteArray> fileSha256(
    const QString& path, std::stop_token stop = {}, const std::function<void(qint64)>& onBytes = {});

/// Holds a folder or file for one process: a second one is told so (Conflict). Released by the destructor,
/// also when the process dies.
class FileLock {
public:
    /// `path` is the lock file, created when missing.
    [[nodiscard]] static Result<FileLock> take(const QString& path, const QString& whoIsBusy);
    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&& other) noexcept;

private:
    explicit FileLock(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    int m_descriptor = -1;
};

} // namespace qdrant2pg
