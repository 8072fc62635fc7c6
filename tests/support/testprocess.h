// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>

#include <chrono>

namespace qdrant2pg::test {

struct ProcessRequest {
    /// A path, or the name of a program of this build ("qdrant2pg"), or one on PATH.
    QString program;
    QStringList arguments = {};
    /// NAME=VALUE sets, NAME removes; everything else is inherited, but for the variables that would point
    /// the program at other servers (QDRANT_*, COLLECTION, DATABASE_URL, PG*).
    QStringList environment = {};
    QByteArray standardInput = {};
    QString workingDirectory = {};
    /// Then the program is killed. This and the limits below are given more time in slow builds
    /// (patience.h).
    std::chrono::milliseconds timeout = std::chrono::seconds(60);
};

struct ProcessResult {
    /// Meaningful when `exited`; a program killed by a signal, by the time limit or not started at all has
    /// not.
    int exitCode = -1;
    bool exited = false;
    bool timedOut = false;
    QByteArray standardOutput;
    QByteArray standardError;

    bool ok() const { return exited && exitCode == 0; }
    /// Everything in one text, for failure messages.
    QByteArray description() const;
};

/// Runs a program to its end or its time limit. Blocking.
ProcessResult runProcess(const ProcessRequest& request);

/// Path of a program of this build, empty when it is not built.
QString builtProgram(const QString& name);

/// A program that runs beside the test: killed with the object, at the latest.
class TestProcess {
public:
    explicit TestProcess(const ProcessRequest& request);
    ~TestProcess();
    TestProcess(const TestProcess&) = delete;
    TestProcess& operator=(const TestProcess&) = delete;

    /// Blocks until the text occurs in what was written to stdout or stderr; false when the program or the
    /// time ends first.
    bool waitForOutput(const QByteArray& text, std::chrono::milliseconds timeout = std::chrono::seconds(30));
    ProcessResult waitForEnd(std::chrono::milliseconds timeout = std::chrono::seconds(60));
    /// SIGTERM, SIGINT, SIGKILL ...
    bool sendSignal(int signal);
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    qint64 processId() const { return m_process.processId(); }
    QByteArray standardOutput();
    QByteArray standardError();

private:
    void collect();

    QProcess m_process;
    QByteArray m_output;
    QByteArray m_error;
};

} // namespace qdrant2pg::test
