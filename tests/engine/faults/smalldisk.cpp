// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/faults/smalldisk.h"

#include <QDir>
#include <QFile>

#include <pwd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace qdrant2pg::test {

namespace {

constexpr mode_t everybody = 0777;

bool mountAt(const QString& path)
{
    return ::mount("tmpfs", path.toUtf8().constData(), "tmpfs", 0, "size=4m,mode=0777") == 0;
}

} // namespace

bool SmallDisk::available()
{
    const QTemporaryDir probe;
    if (!mountAt(probe.path()))
        return false;
    ::umount2(probe.path().toUtf8().constData(), MNT_DETACH);
    return true;
}

SmallDisk::SmallDisk()
{
    ::chmod(m_dir.path().toUtf8().constData(), everybody);
    if (!mountAt(m_dir.path()))
        qFatal("a tmpfs cannot be mounted");
    QDir(m_dir.path()).mkdir(QStringLiteral("space"));
    // A tablespace must belong to the server's user.
    const QByteArray name = qEnvironmentVariable("QDRANT2PG_PG_USER", QStringLiteral("nobody")).toUtf8();
    const passwd* user = ::getpwnam(name.constData());
    if (!user || ::chown(path().toUtf8().constData(), user->pw_uid, user->pw_gid) != 0)
        qFatal("the folder cannot be given to the server");
}

SmallDisk::~SmallDisk()
{
    ::umount2(m_dir.path().toUtf8().constData(), MNT_DETACH);
}

QString SmallDisk::path() const
{
    return m_dir.filePath(QStringLiteral("space"));
}

void SmallDisk::fill() const
{
    QFile file(m_dir.filePath(QStringLiteral("filler")));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        qFatal("the disk cannot be filled");
    const QByteArray block(4096, 'x');
    while (file.write(block) == block.size()) { }
}

void SmallDisk::makeRoom() const
{
    QFile::remove(m_dir.filePath(QStringLiteral("filler")));
}

} // namespace qdrant2pg::test
