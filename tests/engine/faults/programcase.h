// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/engine/faults/smalldisk.h"
#include "tests/engine/support/migrationbench.h"
#include "tests/support/faultproxy.h"
#include "tests/support/testprocess.h"

#include <QList>
#include <QStringList>
#include <QTemporaryDir>

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

namespace qdrant2pg::test {

/// The program itself, in a folder of its own, between the stand-in and PostgreSQL behind a proxy.
class ProgramRun {
    // Above what uses them until it is destroyed.
    QTemporaryDir m_folder;
    std::atomic<pid_t> m_pid{0};
    std::atomic<bool> m_killed{false};
    bool m_noFiles = false;
    std::shared_ptr<SmallDisk> m_disk;

public:
    /// Points of the collection `things`: eight batches, and more than one transaction of an import.
    static constexpr int points = 400;
    static constexpr int batchPoints = 50;

    ProgramRun();
    /// Makes the collection; after it the case prepares its fault.
    void begin();

    MigrationBench bench;
    std::unique_ptr<FaultProxy> proxy;
    /// What a case keeps until it is repaired: mounts, disks.
    std::vector<std::shared_ptr<void>> kept;

    /// NAME=VALUE for the process under test alone.
    QStringList environment;
    /// Nothing strikes any more.
    void disarm();

    QString path(const QString& name) const { return m_folder.filePath(name); }
    QString batch(int number) const;
    ProcessRequest request(const QStringList& arguments) const;
    ProcessResult run(const QStringList& arguments) const { return runProcess(request(arguments)); }
    /// A step before the one that is tested; ends the test when it fails.
    void mustRun(const QStringList& arguments) const;
    /// The process under test, once it has started; waited for.
    void started(qint64 pid);
    /// From any thread.
    void killIt();
    bool wasKilled() const { return m_killed; }
    /// Called once, in the server's thread, when the n-th request for points has come.
    void atPoints(int n, std::function<void()> action);
    void changeBytes(const QString& path, qint64 at, const QByteArray& bytes) const;
    /// A small disk in that folder's place; where none may be mounted, an injected error: a limit on the size
    /// of files, which is there from the start.
    void putOnSmallDisk(const QString& folder);
    /// From any thread.
    void fillDisk();
    void makeRoom();
};

/// A row of the second matrix: a command of the program, what befalls it, and what the same command does
/// afterwards.
struct ProgramCase {
    QString fault;
    QString stage;
    QStringList command;
    /// Runs the steps before the command and lays the fault.
    std::function<void(ProgramRun&)> prepare;
    /// While the command runs, in the test's thread; empty where the fault strikes by itself.
    std::function<void(ProgramRun&, TestProcess&)> strike = {};
    /// -1: killed.
    int exitCode = 0;
    QString says = {};
    std::function<void(ProgramRun&)> repair = {};
    /// Afterwards, until every row is there; empty when nothing is left to do.
    QList<QStringList> then = {};
    QString thenSays = {};
    std::function<QString(ProgramRun&)> check = {};
    /// False where points were rejected on purpose, so that `check` compares.
    bool exact = true;
};

QList<ProgramCase> stagedFaults();
QList<ProgramCase> fileFaults();
QString stagedRow(const ProgramCase& fault);

} // namespace qdrant2pg::test
