// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/migrationengine.h"
#include "demo/server/standinserver.h"
#include "demo/source/generator.h"
#include "tests/support/testpostgres.h"

#include <functional>
#include <memory>

namespace qdrant2pg::test {

/// A stand-in Qdrant on one side, a fresh database on the other, and what it takes to migrate between them.
/// Begin with QDRANT2PG_REQUIRE_POSTGRES(bench.database).
class MigrationBench {
public:
    MigrationBench();
    /// With a database on that server, which must outlive this object.
    explicit MigrationBench(PostgresServer& postgres);

    demo::StandInServer server;
    TestPostgres database;
    /// Another Qdrant than `server`; empty for none.
    QUrl remote;

    /// Generates points into the stand-in.
    std::shared_ptr<demo::Collection> generate(const std::string& name, const demo::Recipe& recipe);
    /// A collection with the points given as upload JSON: [{"id":1,"payload":{},"vector":[..]}, ...].
    std::shared_ptr<demo::Collection> create(
        const std::string& name, const std::string& createRequest, const std::string& pointsJson);

    SourceOptions source() const;
    /// A run of this collection as the command line would plan it. Fails the test (qFatal) when it cannot be
    /// planned.
    RunRequest request(const QString& collection, const QString& preset = QStringLiteral("generic"));
    /// Plan of several collections.
    RunRequest request(const QStringList& collections, const QString& preset = QStringLiteral("generic"));

    /// Runs to the end. `progressed` is called with every snapshot, on this thread.
    RunOutcome run(
        RunRequest request, const std::function<void(MigrationEngine&, const RunProgress&)>& progressed = {});
    /// Continues a run.
    RunOutcome resume(const QString& runId, RunRequest request);

    /// Empty when the table holds exactly what the collection holds, bit for bit, in generic preset with the
    /// unnamed vector and the whole payload; else what is wrong.
    QString difference(const QString& collection, const QString& table);
    /// States that the last run went through, in order.
    QStringList states;
    QStringList messages;
};

} // namespace qdrant2pg::test
