// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/faults/programcase.h"

#include <QFile>
#include <QUrl>

#include <csignal>

namespace qdrant2pg::test {

namespace {

/// The program without room for a single byte in any file.
const char noRoom[] = "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"";

} // namespace

ProgramRun::ProgramRun() = default;

void ProgramRun::begin()
{
    demo::Recipe recipe;
    recipe.points = points;
    recipe.ids = demo::IdKind::Sequential;
    recipe.dimensions = 4;
    recipe.payloadBytes = 14'000;
    bench.generate("things", recipe);
    proxy = std::make_unique<FaultProxy>(bench.database.options());
}

QString ProgramRun::batch(int number) const
{
    return path(QStringLiteral("migrations/export/batch_%1.json").arg(number, 6, 10, QLatin1Char('0')));
}

ProcessRequest ProgramRun::request(const QStringList& arguments) const
{
    QUrl target(proxy->options().conninfo);
    target.setPassword(QUrl(bench.database.url()).password());
    ProcessRequest request;
    request.program = QStringLiteral("qdrant2pg");
    request.arguments = arguments;
    request.environment = {QStringLiteral("QDRANT_URL=") + QString::fromStdString(bench.server.url()),
        QStringLiteral("DATABASE_URL=") + target.toString(QUrl::FullyEncoded),
        QStringLiteral("HOME=") + m_folder.path(),
        QStringLiteral("XDG_STATE_HOME=") + path(QStringLiteral("state")),
        QStringLiteral("XDG_CONFIG_HOME=") + path(QStringLiteral("config")),
        QStringLiteral("DBUS_SESSION_BUS_ADDRESS")};
    request.environment += environment;
    request.workingDirectory = m_folder.path();
    if (m_noFiles) {
        // An ignored signal stays ignored, so that the write fails instead.
        request.program = QStringLiteral("/bin/sh");
        request.arguments = QStringList{QStringLiteral("-c"), QLatin1String(noRoom),
                                builtProgram(QStringLiteral("qdrant2pg"))}
            + arguments;
    }
    return request;
}

void ProgramRun::mustRun(const QStringList& arguments) const
{
    const ProcessResult result = run(arguments);
    if (!result.ok())
        qFatal("%s", result.description().constData());
}

void ProgramRun::started(qint64 pid)
{
    m_pid = static_cast<pid_t>(pid);
    m_pid.notify_all();
}

void ProgramRun::disarm()
{
    proxy->clear();
    environment.clear();
}

void ProgramRun::killIt()
{
    m_pid.wait(0);
    m_killed = true;
    ::kill(m_pid, SIGKILL);
}

void ProgramRun::atPoints(int n, std::function<void()> action)
{
    demo::FaultRule rule;
    rule.operation = "scroll";
    rule.predicate = [count = 0, n, action = std::move(action)](const demo::HttpRequest& http) mutable {
        if (http.body.find("\"with_payload\":true") != std::string::npos && ++count == n)
            action();
        return false;
    };
    bench.server.faults().add(std::move(rule));
}

void ProgramRun::changeBytes(const QString& path, qint64 at, const QByteArray& bytes) const
{
    QFile file(path);
    if (!file.open(QIODevice::ReadWrite) || !file.seek(at) || file.write(bytes) != bytes.size())
        qFatal("%s cannot be changed", qPrintable(path));
}

void ProgramRun::putOnSmallDisk(const QString& folder)
{
    constexpr int megabytes = 32;
    if (SmallDisk::available())
        m_disk = std::make_shared<SmallDisk>(path(folder), megabytes);
    else
        m_noFiles = true;
}

void ProgramRun::fillDisk()
{
    if (m_disk)
        m_disk->fill();
}

void ProgramRun::makeRoom()
{
    m_noFiles = false;
    if (m_disk)
        m_disk->makeRoom();
}

QString stagedRow(const ProgramCase& fault)
{
    QStringList then;
    for (const QStringList& step : fault.then)
        then << step.first();
    then.removeDuplicates();
    QString afterwards = then.join(QStringLiteral(", "));
    if (!fault.thenSays.isEmpty())
        afterwards += QStringLiteral(": \"%1\"").arg(fault.thenSays);
    return QStringLiteral("| %1 | %2 | %3 | %4 | %5 | %6 |\n")
        .arg(fault.fault, fault.stage,
            fault.exitCode < 0 ? QStringLiteral("killed") : QString::number(fault.exitCode),
            fault.says.isEmpty() ? QString() : QStringLiteral("\"%1\"").arg(fault.says),
            then.isEmpty() ? QStringLiteral("not needed") : afterwards,
            fault.exact ? QStringLiteral("all, once, bit for bit") : QStringLiteral("each once"));
}

} // namespace qdrant2pg::test
