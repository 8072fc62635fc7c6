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

bool mountAt(const QString& path, int megabytes)
{
    const QByteArray options = "mode=0777,size=" + QByteArray::number(megabytes) + 'm';
    return ::mount("tmpfs", path.toUtf8().constData(), "tmpfs", 0, options.constData()) == 0;
}

} // namespace

bool SmallDisk::available()
{
    const QTemporaryDir probe;
    if (!mountAt(probe.path(), 1))
        return false;
    ::umount2(probe.path().toUtf8().constData(), MNT_DETACH);
    return true;
}

SmallDisk::SmallDisk()
    : SmallDisk(QString(), 4)
{
    ::chmod(m_dir.path().toUtf8().constData(), everybody);
    m_path = QDir(m_place).filePath(QStringLiteral("space"));
    QDir(m_place).mkdir(QStringLiteral("space"));
    // A tablespace must belong to the server's user.
    const QByteArray name = qEnvironmentVariable("QDRANT2PG_PG_USER", QStringLiteral("nobody")).toUtf8();
    const passwd* user = ::getpwnam(name.constData());
    if (!user || ::chown(path().toUtf8().constData(), user->pw_uid, user->pw_gid) != 0)
        qFatal("the folder cannot be given to the server");
}

SmallDisk::SmallDisk(const QString& folder, int megabytes)
    : m_place(folder.isEmpty() ? m_dir.path() : folder)
    , m_path(m_place)
{
    if (!QDir().mkpath(m_place) || !mountAt(m_place, megabytes))
        qFatal("a tmpfs cannot be mounted");
}

SmallDisk::~SmallDisk()
{
    ::umount2(m_place.toUtf8().constData(), MNT_DETACH);
}

QString SmallDisk::path() const
{
    return m_path;
}

void SmallDisk::fill() const
{
    QFile file(QDir(m_place).filePath(QStringLiteral("filler")));
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
        qFatal("the disk cannot be filled");
    const QByteArray block(4096, 'x');
    while (file.write(block) == block.size()) { }
}

void SmallDisk::makeRoom() const
{
    QFile::remove(QDir(m_place).filePath(QStringLiteral("filler")));
}

} // namespace qdrant2pg::test
