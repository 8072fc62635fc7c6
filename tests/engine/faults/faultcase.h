// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/engine/support/migrationbench.h"
#include "tests/support/faultproxy.h"

#include <QList>
#include <QString>

#include <functional>
#include <memory>
#include <optional>

namespace qdrant2pg::test {

/// Points of the collection `things` in every case: enough for many small pages in several ranges.
inline constexpr int faultPoints = 400;

/// One run of one case: both servers, the request and what the case keeps until its end.
struct FaultRun {
    explicit FaultRun(PostgresServer* server = nullptr);

    std::unique_ptr<MigrationBench> bench;
    std::unique_ptr<FaultProxy> proxy;
    RunRequest request;
    PostgresServer* server = nullptr;
    /// Set by servers' threads, acted upon by this one.
    std::atomic<bool> flag{false};
    std::vector<std::shared_ptr<void>> kept;

    /// Makes the collection and the request; after it the case prepares its fault.
    void begin();
    demo::StandInServer& qdrant() { return bench->server; }
    const TestPostgres& database() const { return bench->database; }
    /// Strikes requests for points (not the pass over the ids).
    std::size_t onPoints(std::uint64_t first, std::uint64_t times, const demo::Fault& fault);
    /// Calls once, when the n-th request for points has come and before it is answered.
    void atPoints(int n, std::function<void()> action);
    /// The same in a thread of its own and without waiting, for what ends the very connection of the request.
    void besidePoints(int n, std::function<void()> action);
    /// SQL with the rights of an administrator, past the proxy. Any thread.
    void sql(const QByteArray& text) const;
    void upload(const std::string& json);
};

/// A row of the matrix: the fault, where it strikes, and what must come of it.
struct FaultCase {
    enum class Rows {
        Exact, ///< the table holds what the collection holds, bit for bit
        Once, ///< the collection changed: every row once, and `check` says what else
        Untouched, ///< no table was made
        Kept, ///< nobody may say; the run was refused
    };
    enum class Resume { NotNeeded, Completes, Refused, NoRun };

    QString place;
    QString fault;
    QString stage;
    std::function<void(FaultRun&)> prepare;
    RunState state = RunState::Completed;
    int exitCode = 0;
    /// A part of what the user reads: the error, a message or a warning.
    QString says = {};
    Resume resume = Resume::NotNeeded;
    std::function<void(FaultRun&)> repair = {};
    QString resumeSays = {};
    Rows rows = Rows::Exact;
    std::function<QString(FaultRun&)> check = {};
    std::function<void(FaultRun&, MigrationEngine&, const RunProgress&)> progressed = {};
    /// Needs a PostgreSQL of its own.
    bool ownServer = false;
};

QList<FaultCase> sourceFaults();
QList<FaultCase> targetFaults();
QList<FaultCase> indexFaults();
QList<FaultCase> localFaults();

} // namespace qdrant2pg::test
