// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/demoserver.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>

#include <csignal>
#include <sys/prctl.h>

namespace qdrant2pg {

namespace {

const QString programName = QStringLiteral("qdrant2pg-demo");
/// Points of the demonstration: some seconds of migration, so that there is something to watch.
const QString demoPoints = QStringLiteral("20000");
constexpr int stopWaitMs = 2'000;

QString findProgram()
{
    const QString beside = QCoreApplication::applicationDirPath() + QLatin1Char('/') + programName;
    return QFileInfo(beside).isExecutable() ? beside : QStandardPaths::findExecutable(programName);
}

} // namespace

DemoServer::DemoServer(QString program, QObject* parent)
    : QObject(parent)
    , m_program(program.isEmpty() ? findProgram() : std::move(program))
{
    // A wizard that crashes takes it along.
    m_process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGTERM); });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &DemoServer::read);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            emit failed(makeError(ErrorKind::File, tr("The stand-in server could not be started."),
                m_process.errorString(),
                tr("It is the program qdrant2pg-demo; install it beside the wizard.")));
    });
    connect(&m_process, &QProcess::finished, this, [this] {
        const bool expected = std::exchange(m_stopping, false);
        m_url.clear();
        if (!expected)
            emit failed(makeError(ErrorKind::Internal, tr("The stand-in server ended."),
                QString::fromUtf8(m_process.readAllStandardError()).trimmed(), tr("Start it again.")));
    });
}

DemoServer::~DemoServer()
{
    m_process.disconnect(this);
    if (!isRunning())
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(stopWaitMs)) {
        m_process.kill();
        m_process.waitForFinished(stopWaitMs);
    }
}

void DemoServer::start()
{
    if (!m_url.isEmpty()) {
        emit ready(m_url);
        return;
    }
    if (isRunning())
        return;
    if (m_program.isEmpty()) {
        emit failed(makeError(ErrorKind::File, tr("The stand-in server is not installed."), {},
            tr("It is the program qdrant2pg-demo; install it beside the wizard.")));
        return;
    }
    m_output.clear();
    m_stopping = false;
    m_process.start(
        m_program, {QStringLiteral("--port"), QStringLiteral("0"), QStringLiteral("--points"), demoPoints});
}

void DemoServer::stop()
{
    m_stopping = isRunning();
    m_process.terminate();
}

void DemoServer::read()
{
    m_output += m_process.readAllStandardOutput();
    static const QByteArray mark = QByteArrayLiteral("listening on ");
    const auto at = m_output.indexOf(mark);
    const auto end = at < 0 ? -1 : m_output.indexOf('\n', at);
    if (end < 0 || !m_url.isEmpty())
        return;
    m_url = QString::fromLatin1(m_output.mid(at + mark.size(), end - at - mark.size())).trimmed();
    emit ready(m_url);
}

} // namespace qdrant2pg
