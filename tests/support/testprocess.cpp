// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/testprocess.h"

#include "tests/support/patience.h"

#include <QDeadlineTimer>
#include <QFileInfo>
#include <QProcessEnvironment>

#include <csignal>

using namespace Qt::StringLiterals;

namespace qdrant2pg::test {

namespace {

QProcessEnvironment environmentFor(const ProcessRequest& request)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QStringList names = environment.keys();
    for (const QString& name : names) {
        if (name.startsWith(u"PG"_s) || name.startsWith(u"QDRANT_"_s) || name == u"COLLECTION"_s
            || name == u"DATABASE_URL"_s) {
            environment.remove(name);
        }
    }
    for (const QString& entry : request.environment) {
        const qsizetype equals = entry.indexOf(u'=');
        if (equals < 0) {
            environment.remove(entry);
        } else {
            environment.insert(entry.left(equals), entry.mid(equals + 1));
        }
    }
    return environment;
}

void launch(QProcess& process, const ProcessRequest& request)
{
    const QString built = builtProgram(request.program);
    process.setProcessEnvironment(environmentFor(request));
    process.setWorkingDirectory(request.workingDirectory);
    process.start(built.isEmpty() ? request.program : built, request.arguments);
    if (process.waitForStarted()) {
        process.write(request.standardInput);
        process.closeWriteChannel();
    }
}

void kill(QProcess& process)
{
    if (process.state() != QProcess::NotRunning) {
        process.kill();
        process.waitForFinished(-1);
    }
}

} // namespace

QByteArray ProcessResult::description() const
{
    QByteArray text = exited ? "exit code " + QByteArray::number(exitCode)
        : timedOut           ? QByteArrayLiteral("killed at the time limit")
                             : QByteArrayLiteral("crashed, was killed or did not start");
    return text + "\nstdout:\n" + standardOutput + "\nstderr:\n" + standardError;
}

QString builtProgram(const QString& name)
{
    const QString path = QStringLiteral(QDRANT2PG_BINARY_DIR) + u"/bin/"_s + name;
    return !name.contains(u'/') && QFileInfo(path).isExecutable() ? path : QString();
}

ProcessResult runProcess(const ProcessRequest& request)
{
    TestProcess process(request);
    return process.waitForEnd(request.timeout);
}

TestProcess::TestProcess(const ProcessRequest& request)
{
    launch(m_process, request);
}

TestProcess::~TestProcess()
{
    kill(m_process);
}

void TestProcess::collect()
{
    m_output += m_process.readAllStandardOutput();
    m_error += m_process.readAllStandardError();
}

bool TestProcess::waitForOutput(const QByteArray& text, std::chrono::milliseconds timeout)
{
    const QDeadlineTimer deadline(patience(timeout));
    for (;;) {
        collect();
        if (m_output.contains(text) || m_error.contains(text)) {
            return true;
        }
        if (deadline.hasExpired() || !isRunning()) {
            return false;
        }
        // Returns for the channel that is read alone, so the other one is looked at in short turns.
        m_process.waitForReadyRead(static_cast<int>(qMin(deadline.remainingTime(), qint64(50))));
    }
}

ProcessResult TestProcess::waitForEnd(std::chrono::milliseconds timeout)
{
    ProcessResult result;
    timeout = patience(timeout);
    const bool started = m_process.error() != QProcess::FailedToStart;
    if (isRunning() && !m_process.waitForFinished(static_cast<int>(timeout.count()))) {
        result.timedOut = isRunning();
        kill(m_process);
    }
    collect();
    result.exited = started && !result.timedOut && m_process.exitStatus() == QProcess::NormalExit;
    result.exitCode = result.exited ? m_process.exitCode() : -1;
    result.standardOutput = m_output;
    result.standardError = started ? m_error : m_process.errorString().toUtf8();
    return result;
}

bool TestProcess::sendSignal(int signal)
{
    return isRunning() && ::kill(static_cast<pid_t>(m_process.processId()), signal) == 0;
}

QByteArray TestProcess::standardOutput()
{
    m_process.waitForReadyRead(0);
    collect();
    return m_output;
}

QByteArray TestProcess::standardError()
{
    m_process.waitForReadyRead(0);
    collect();
    return m_error;
}

} // namespace qdrant2pg::test
