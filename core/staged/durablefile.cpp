// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/durablefile.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace qdrant2pg {

namespace {

constexpr std::size_t bufferBytes = 1 << 20;

QString partName(const QString& path)
{
    return path + QStringLiteral(".part");
}

/// Writes all bytes; errno of the failure, or 0.
int writeAll(int descriptor, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0) {
            if (errno == EINTR)
                continue;
            return errno;
        }
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

} // namespace

Error fileError(int errorNumber, const QString& what, const QString& path)
{
    const QString reason = QString::fromLocal8Bit(std::strerror(errorNumber));
    Error error = makeError(ErrorKind::File, QStringLiteral("Cannot %1 %2.").arg(what, path), reason);
    error.where.file = path;
    switch (errorNumber) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        error.kind = ErrorKind::Capacity;
        error.summary = QStringLiteral("There is no room left to %1 %2.").arg(what, path);
        error.hint = QStringLiteral("Free some space or choose another folder, then run the same command "
                                    "again: it continues where it stopped.");
        break;
    case EACCES:
    case EPERM:
    case EROFS:
        error.hint = QStringLiteral("Choose a folder that you may write to, or change its permissions.");
        break;
    case ENOENT:
        error.hint = QStringLiteral("Check the name.");
        break;
    case EMFILE:
    case ENFILE:
        error.kind = ErrorKind::Capacity;
        error.hint = QStringLiteral("Too many files are open; close other programs or raise the limit.");
        break;
    default:
        break;
    }
    return error;
}

Result<void> makeFolder(const QString& path)
{
    const QFileInfo info(path);
    if (info.isDir())
        return {};
    if (info.exists()) {
        Error error = fileError(ENOTDIR, QStringLiteral("use the folder"), path);
        error.hint = QStringLiteral("A file of that name is in the way; choose another folder.");
        return fail(std::move(error));
    }
    const QString parent = QFileInfo(QDir::cleanPath(info.absoluteFilePath())).path();
    if (!QFileInfo(parent).isDir()) {
        if (auto made = makeFolder(parent); !made)
            return made;
    }
    if (::mkdir(QFile::encodeName(QDir::cleanPath(path)).constData(), 0700) != 0 && errno != EEXIST)
        return fail(fileError(errno, QStringLiteral("create the folder"), path));
    return syncFolder(parent);
}

Result<void> syncFolder(const QString& path)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(fileError(errno, QStringLiteral("open the folder"), path));
    const int failed = ::fsync(descriptor) != 0 ? errno : 0;
    ::close(descriptor);
    // Some network and FUSE file systems do not know fsync on folders; the rename is as durable there as it
    // gets.
    if (failed != 0 && failed != EINVAL && failed != ENOTSUP)
        return fail(fileError(failed, QStringLiteral("save the folder"), path));
    return {};
}

Result<QByteArray> readWholeFile(const QString& path, qint64 most)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(fileError(errno != 0 ? errno : EIO, QStringLiteral("open"), path));
    if (file.size() > most) {
        Error error =
            makeError(ErrorKind::Capacity, QStringLiteral("%1 is too large to be read at once.").arg(path));
        error.where.file = path;
        return fail(std::move(error));
    }
    const QByteArray content = file.readAll();
    if (file.error() != QFileDevice::NoError) {
        Error error =
            makeError(ErrorKind::File, QStringLiteral("Cannot read %1.").arg(path), file.errorString());
        error.where.file = path;
        return fail(std::move(error));
    }
    return content;
}

DurableFile::DurableFile(QString path)
    : m_path(std::move(path))
    , m_hash(std::make_unique<QCryptographicHash>(QCryptographicHash::Sha256))
{
}

Result<DurableFile> DurableFile::create(const QString& path)
{
    DurableFile file(path);
    file.m_descriptor =
        ::open(QFile::encodeName(partName(path)).constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file.m_descriptor < 0)
        return fail(fileError(errno, QStringLiteral("create"), path));
    file.m_onDisk = true;
    return file;
}

DurableFile::~DurableFile()
{
    discard();
}

DurableFile::DurableFile(DurableFile&& other) noexcept
    : m_path(std::move(other.m_path))
    , m_descriptor(std::exchange(other.m_descriptor, -1))
    , m_onDisk(std::exchange(other.m_onDisk, false))
    , m_buffer(std::move(other.m_buffer))
    , m_written(other.m_written)
    , m_hash(std::move(other.m_hash))
    , m_sha256(std::move(other.m_sha256))
{
}

DurableFile& DurableFile::operator=(DurableFile&& other) noexcept
{
    if (this != &other) {
        discard();
        m_path = std::move(other.m_path);
        m_descriptor = std::exchange(other.m_descriptor, -1);
        m_onDisk = std::exchange(other.m_onDisk, false);
        m_buffer = std::move(other.m_buffer);
        m_written = other.m_written;
        m_hash = std::move(other.m_hash);
        m_sha256 = std::move(other.m_sha256);
    }
    return *this;
}

void DurableFile::discard()
{
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
    if (std::exchange(m_onDisk, false))
        ::unlink(QFile::encodeName(partName(m_path)).constData());
}

Result<void> DurableFile::flush()
{
    if (const int failed = writeAll(m_descriptor, m_buffer); failed != 0)
        return fail(fileError(failed, QStringLiteral("write"), m_path));
    m_hash->addData(QByteArrayView(m_buffer.data(), static_cast<qsizetype>(m_buffer.size())));
    m_buffer.clear();
    return {};
}

Result<void> DurableFile::write(std::string_view bytes)
{
    m_written += static_cast<qint64>(bytes.size());
    m_buffer.append(bytes);
    if (m_buffer.size() >= bufferBytes)
        return flush();
    return {};
}

Result<void> DurableFile::finish()
{
    if (m_descriptor < 0)
        return {};
    if (auto flushed = flush(); !flushed)
        return flushed;
    if (::fsync(m_descriptor) != 0)
        return fail(fileError(errno, QStringLiteral("save"), m_path));
    if (::close(std::exchange(m_descriptor, -1)) != 0)
        return fail(fileError(errno, QStringLiteral("save"), m_path));
    m_sha256 = m_hash->result().toHex();
    return {};
}

Result<void> DurableFile::commit()
{
    if (auto finished = finish(); !finished)
        return finished;
    if (::rename(QFile::encodeName(partName(m_path)).constData(), QFile::encodeName(m_path).constData()) != 0)
        return fail(fileError(errno, QStringLiteral("rename the finished file to"), m_path));
    m_onDisk = false;
    return syncFolder(QFileInfo(m_path).path());
}

Result<void> writeDurably(const QString& path, std::string_view content)
{
    auto file = DurableFile::create(path);
    if (!file)
        return fail(file.error());
    if (auto written = file->write(content); !written)
        return written;
    return file->commit();
}

Result<QByteArray> fileSha256(
    const QString& path, std::stop_token stop, const std::function<void(qint64)>& onBytes)
{
    QFile file(path);
    errno = 0;
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail(fileError(errno != 0 ? errno : ENOENT, QStringLiteral("open"), path));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    std::string buffer(1 << 20, '\0');
    for (;;) {
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while checking %1.").arg(path));
        const qint64 count = file.read(buffer.data(), static_cast<qint64>(buffer.size()));
        if (count < 0) {
            Error error =
                makeError(ErrorKind::File, QStringLiteral("Cannot read %1.").arg(path), file.errorString());
            error.where.file = path;
            return fail(std::move(error));
        }
        if (count == 0)
            return hash.result().toHex();
        hash.addData(QByteArrayView(buffer.data(), count));
        if (onBytes)
            onBytes(count);
    }
}

Result<FileLock> FileLock::take(const QString& path, const QString& whoIsBusy)
{
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail(fileError(errno, QStringLiteral("create"), path));
    FileLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return fail(ErrorKind::Conflict, whoIsBusy, {},
                QStringLiteral("Wait until it has finished, or use another folder."));
        // A file system without locks: going on alone is what every other program does there, too.
        if (errno != ENOTSUP && errno != ENOLCK && errno != EINVAL)
            return fail(fileError(errno, QStringLiteral("lock"), path));
    }
    return lock;
}

FileLock::~FileLock()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
}

FileLock::FileLock(FileLock&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

FileLock& FileLock::operator=(FileLock&& other) noexcept
{
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

} // namespace qdrant2pg
