// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/profile/statefolders.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <cerrno>
#include <cstring>
#include <sys/stat.h>

namespace qdrant2pg {

namespace {

QString baseFolder(const char* variable, const QString& fallback)
{
    const QString given = qEnvironmentVariable(variable);
    // The XDG rule: a relative path there is invalid and is ignored.
    return given.startsWith(QLatin1Char('/')) ? given : QDir::homePath() + fallback;
}

Error fileError(const QString& summary, const QString& path, const QString& detail)
{
    Error error = makeError(ErrorKind::File, summary, detail);
    error.where.file = path;
    return error;
}

} // namespace

QString stateFolder()
{
    return baseFolder("XDG_STATE_HOME", QStringLiteral("/.local/state")) + QStringLiteral("/qdrant2pg");
}

QString runFolder(const QString& runId)
{
    return stateFolder() + QStringLiteral("/runs/") + runId;
}

QString configFolder()
{
    return baseFolder("XDG_CONFIG_HOME", QStringLiteral("/.config")) + QStringLiteral("/qdrant2pg");
}

Result<void> makePrivateFolder(const QString& path)
{
    const QString clean = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
    if (QFileInfo(clean).isDir())
        return {};
    const QString parent = QFileInfo(clean).path();
    if (parent != clean) {
        if (auto made = makePrivateFolder(parent); !made)
            return made;
    }
    if (::mkdir(QFile::encodeName(clean).constData(), 0700) != 0 && errno != EEXIST)
        return fail(fileError(QStringLiteral("The folder cannot be created."), clean,
            QString::fromLocal8Bit(std::strerror(errno))));
    if (!QFileInfo(clean).isDir())
        return fail(fileError(QStringLiteral("There is a file where a folder is needed."), clean, {}));
    return {};
}

Result<void> writePrivateFile(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(fileError(QStringLiteral("The file cannot be written."), path, file.errorString()));
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    if (file.write(bytes) != bytes.size() || !file.commit()) {
        Error error = fileError(QStringLiteral("The file cannot be written."), path, file.errorString());
        if (file.error() == QFileDevice::ResourceError || errno == ENOSPC) {
            error.kind = ErrorKind::Capacity;
            error.summary = QStringLiteral("The disk is full.");
            error.hint = QStringLiteral("Free space, or choose another folder.");
        }
        return fail(error);
    }
    return {};
}

} // namespace qdrant2pg
