// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/faults/readonlyfolder.h"

#include "tests/engine/faults/smalldisk.h"

#include <QDir>
#include <QFile>

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace qdrant2pg::test {

namespace {

enum class Means { Permissions, Mount, Injected };

constexpr mode_t readAndEnter = 0500;
constexpr mode_t everything = 0700;

Means meansHere()
{
    static const Means means = ::geteuid() != 0 ? Means::Permissions
        : SmallDisk::available()                ? Means::Mount
                                                : Means::Injected;
    return means;
}

QString aside(const QString& path)
{
    return path + QStringLiteral(".aside");
}

bool mountReadOnly(const char* path)
{
    return ::mount(path, path, nullptr, MS_BIND, nullptr) == 0
        && ::mount(nullptr, path, nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

} // namespace

QString ReadOnlyFolder::means()
{
    switch (meansHere()) {
    case Means::Permissions:
        return QStringLiteral("by permission bits");
    case Means::Mount:
        return QStringLiteral("by a read-only mount");
    case Means::Injected:
        return QStringLiteral("by an injected error, a file in the folder's place");
    }
    return {};
}

ReadOnlyFolder::ReadOnlyFolder(QString path)
    : m_path(std::move(path))
{
    const QByteArray name = QFile::encodeName(m_path);
    bool done = QDir().mkpath(m_path);
    switch (meansHere()) {
    case Means::Permissions:
        done = done && ::chmod(name.constData(), readAndEnter) == 0;
        break;
    case Means::Mount:
        done = done && mountReadOnly(name.constData());
        break;
    case Means::Injected: {
        QFile file(m_path);
        done = done && QDir().rename(m_path, aside(m_path)) && file.open(QIODevice::WriteOnly);
        break;
    }
    }
    if (!done)
        qFatal("%s cannot be made read-only", name.constData());
}

ReadOnlyFolder::~ReadOnlyFolder()
{
    const QByteArray name = QFile::encodeName(m_path);
    switch (meansHere()) {
    case Means::Permissions:
        ::chmod(name.constData(), everything);
        break;
    case Means::Mount:
        ::umount2(name.constData(), MNT_DETACH);
        break;
    case Means::Injected:
        QFile::remove(m_path);
        QDir().rename(aside(m_path), m_path);
        break;
    }
}

} // namespace qdrant2pg::test
