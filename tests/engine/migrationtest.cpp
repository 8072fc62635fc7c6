// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/support/migrationbench.h"

#include <QTest>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;

/// The plain path: a collection arrives whole, in every state of the target that the plan knows.
class MigrationTest : public QObject {
    Q_OBJECT
private slots:
    void everyPointArrives_data();
    void everyPointArrives();
    void emptyCollection();
    void gameCollection();
    void severalCollections();
    void poisonPointIsRejectedAlone();
    void tooManyRejectsEndTheRun();
    void stopsAtTheRowThatPostgresRefuses();
    void existingTableIsNotTouched();
    void appendAndMerge();
    void replaceSwaps();
    void twoRunsKeepApart();
};

void MigrationTest::everyPointArrives_data()
{
    QTest::addColumn<int>("ids");
    QTest::addColumn<int>("points");
    QTest::addColumn<int>("lanes");
    QTest::newRow("uuid, more than any page or preview") << int(demo::IdKind::Uuid) << 12'000 << 2;
    QTest::newRow("sequential") << int(demo::IdKind::Sequential) << 5'000 << 1;
    QTest::newRow("sparse numbers") << int(demo::IdKind::Sparse) << 3'000 << 3;
    QTest::newRow("mixed") << int(demo::IdKind::Mixed) << 3'000 << 2;
    QTest::newRow("one point") << int(demo::IdKind::Uuid) << 1 << 2;
}

void MigrationTest::everyPointArrives()
{
    QFETCH(int, ids);
    QFETCH(int, points);
    QFETCH(int, lanes);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::Recipe recipe;
    recipe.points = static_cast<std::uint64_t>(points);
    recipe.ids = static_cast<demo::IdKind>(ids);
    recipe.dimensions = 24;
    recipe.payloadBytes = 120;
    bench.generate("things", recipe);
    RunRequest request = bench.request(QStringLiteral("things"));
    request.lanes = lanes;
    const RunOutcome outcome = bench.run(request);
    QVERIFY2(outcome.state == RunState::Completed,
        qPrintable(outcome.error ? outcome.error->toText() : QString()));
    const CollectionOutcome& numbers = outcome.collections.first();
    QCOMPARE(numbers.sourceCount, points);
    QCOMPARE(numbers.stored, points);
    QCOMPARE(numbers.targetNow, points);
    QCOMPARE(numbers.rejected, 0);
    QCOMPARE(bench.difference(QStringLiteral("things"), QStringLiteral("things")), QString());
    QCOMPARE(bench.states,
        QStringList({QStringLiteral("preflight"), QStringLiteral("creating-schema"),
            QStringLiteral("copying"), QStringLiteral("building-indexes"), QStringLiteral("finishing"),
            QStringLiteral("completed")}));
    QCOMPARE(bench.database.scalar(
                 "SELECT count(*) FROM pg_index WHERE indrelid = 'things'::regclass AND indisprimary"),
        QStringLiteral("1"));
    QCOMPARE(bench.database.scalar(
                 "SELECT count(*) FROM pg_index WHERE indrelid = 'things'::regclass AND NOT indisvalid"),
        QStringLiteral("0"));
}

void MigrationTest::emptyCollection()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("none", R"X({"vectors":{"size":4,"distance":"Dot"}})X", "[]");
    const RunOutcome outcome = bench.run(bench.request(QStringLiteral("none")));
    QVERIFY2(outcome.state == RunState::Completed,
        qPrintable(outcome.error ? outcome.error->toText() : QString()));
    QCOMPARE(outcome.collections.first().targetNow, 0);
}

void MigrationTest::gameCollection()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY(demo::generateGameCollection(bench.server.store(), "game_collection", 700, 1, 32));
    const RunOutcome outcome =
        bench.run(bench.request(QStringLiteral("game_collection"), QStringLiteral("context_items")));
    QVERIFY2(outcome.state == RunState::Completed,
        qPrintable(outcome.error ? outcome.error->toText() : QString()));
    QCOMPARE(outcome.collections.first().stored, 700);
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM context_items"), QStringLiteral("700"));
    QCOMPARE(
        bench.database.scalar(
            "SELECT count(*) FROM context_items c LEFT JOIN games g ON g.id = c.game_id WHERE g.id IS NULL"),
        QStringLiteral("0"));
    QVERIFY(bench.database.scalar("SELECT count(*) FROM games").toInt() > 1);
    const auto indexes =
        bench.database.rows("SELECT indexname FROM pg_indexes WHERE tablename = 'context_items' ORDER BY 1");
    QStringList names;
    for (const QStringList& row : indexes)
        names << row.first();
    for (const char* name : {"idx_content_fts", "idx_context_character", "idx_context_created",
             "idx_context_embedding", "idx_context_location", "idx_context_quest", "idx_context_tenant"})
        QVERIFY2(names.contains(QLatin1String(name)), name);
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM semantic_search((SELECT embedding FROM "
                                   "context_items LIMIT 1), (SELECT game_id FROM context_items LIMIT 1), 5)"),
        QStringLiteral("5"));
}

void MigrationTest::severalCollections()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::Recipe recipe;
    recipe.points = 2'000;
    recipe.dimensions = 8;
    bench.generate("first", recipe);
    recipe.ids = demo::IdKind::Sequential;
    recipe.seed = 2;
    bench.generate("second", recipe);
    const RunOutcome outcome = bench.run(bench.request({QStringLiteral("first"), QStringLiteral("second")}));
    QCOMPARE(outcome.state, RunState::Completed);
    QCOMPARE(outcome.collections.size(), 2);
    QCOMPARE(bench.difference(QStringLiteral("first"), QStringLiteral("first")), QString());
    QCOMPARE(bench.difference(QStringLiteral("second"), QStringLiteral("second")), QString());
}

void MigrationTest::poisonPointIsRejectedAlone()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::Recipe recipe;
    recipe.points = 3'000;
    recipe.ids = demo::IdKind::Sequential;
    recipe.dimensions = 4;
    recipe.distance = demo::Distance::Dot;
    auto collection = bench.generate("things", recipe);
    const auto poison =
        demo::Json::parse(R"X([{"id":1777,"vector":[1,2,3,4],"payload":{"text":"a\u0000b"}}])X");
    QVERIFY(collection->upload(*poison));
    const RunOutcome outcome = bench.run(bench.request(QStringLiteral("things")));
    QVERIFY2(outcome.state == RunState::CompletedWithRejects,
        qPrintable(outcome.error ? outcome.error->toText() : QString()));
    QCOMPARE(outcome.collections.first().stored, 2'999);
    QCOMPARE(outcome.collections.first().rejected, 1);
    QCOMPARE(outcome.rejects.size(), 1);
    QCOMPARE(outcome.rejects.first().sqlState, QByteArray("22P05"));
    QCOMPARE(outcome.rejects.first().exampleIds, QStringList{QStringLiteral("1777")});
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM things WHERE id = 1777"), QStringLiteral("0"));
}

void MigrationTest::tooManyRejectsEndTheRun()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    std::string points = "[";
    for (int i = 0; i < 50; ++i)
        points += (i ? "," : "") + std::string(R"X({"id":)X") + std::to_string(i)
            + R"X(,"vector":[1,2],"payload":{"t":"\u0000"}})X";
    bench.create("bad", R"X({"vectors":{"size":2,"distance":"Dot"}})X", points + "]");
    RunRequest request = bench.request(QStringLiteral("bad"));
    request.plan.run.maxRejects = 10;
    const RunOutcome outcome = bench.run(request);
    QCOMPARE(outcome.state, RunState::Failed);
    QVERIFY(outcome.error);
    QCOMPARE(outcome.error->kind, ErrorKind::Data);
    QVERIFY(outcome.error->hint.contains(QLatin1String("resume")));

    request.plan.run.onReject = OnReject::Stop;
    request.plan.collections.first().table = QStringLiteral("bad2");
    const RunOutcome stopped = bench.run(request);
    QCOMPARE(stopped.state, RunState::Failed);
    QVERIFY(!stopped.error->where.pointId.isEmpty());
    QCOMPARE(stopped.collections.first().rejected, 0);
}

void MigrationTest::stopsAtTheRowThatPostgresRefuses()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X",
        R"X([{"id":1,"vector":[1,2]},{"id":2,"vector":[3,4]},{"id":3,"vector":[5,6]}])X");
    QVERIFY(bench.database.execute(
        "CREATE TABLE things (id bigint PRIMARY KEY, embedding vector(2), payload jsonb, CHECK (id <> 2))"));
    RunRequest request = bench.request(QStringLiteral("things"));
    request.plan.collections.first().mode = TableMode::Append;
    request.plan.run.onReject = OnReject::Stop;
    const RunOutcome outcome = bench.run(request);
    QCOMPARE(outcome.state, RunState::Failed);
    QVERIFY(outcome.error);
    QCOMPARE(outcome.error->kind, ErrorKind::Data);
    QCOMPARE(outcome.error->where.pointId, QStringLiteral("2"));
    QCOMPARE(outcome.error->sqlState, QByteArray("23514"));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM things"), QStringLiteral("0"));
}

void MigrationTest::existingTableIsNotTouched()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X", R"X([{"id":1,"vector":[1,2]}])X");
    const RunRequest request = bench.request(QStringLiteral("things"));
    QVERIFY(
        bench.database.execute("CREATE TABLE things (mine text); INSERT INTO things VALUES ('precious')"));
    const RunOutcome outcome = bench.run(request);
    QCOMPARE(outcome.state, RunState::Failed);
    QCOMPARE(outcome.error->kind, ErrorKind::Conflict);
    QCOMPARE(outcome.error->where.table, QStringLiteral("things"));
    QCOMPARE(bench.database.scalar("SELECT mine FROM things"), QStringLiteral("precious"));
}

void MigrationTest::appendAndMerge()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    auto collection = bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X",
        R"X([{"id":1,"vector":[1,2]},{"id":2,"vector":[3,4]},{"id":3,"vector":[5,6]}])X");
    QCOMPARE(bench.run(bench.request(QStringLiteral("things"))).state, RunState::Completed);
    collection->remove({demo::PointId::number(1)});
    const auto fourth = demo::Json::parse(R"X([{"id":4,"vector":[7,8]}])X");
    QVERIFY(collection->upload(*fourth));

    RunRequest merge = bench.request(QStringLiteral("things"));
    merge.plan.collections.first().mode = TableMode::Merge;
    const RunOutcome merged = bench.run(merge);
    QVERIFY2(
        merged.state == RunState::Completed, qPrintable(merged.error ? merged.error->toText() : QString()));
    QCOMPARE(merged.collections.first().stored, 1);
    QCOMPARE(merged.collections.first().skipped, 2);
    QCOMPARE(merged.collections.first().targetNow, 4);

    QVERIFY(bench.database.execute("DELETE FROM things WHERE id = 3"));
    RunRequest append = bench.request(QStringLiteral("things"));
    append.plan.collections.first().mode = TableMode::Append;
    const RunOutcome appended = bench.run(append);
    QCOMPARE(appended.state, RunState::CompletedWithRejects);
    QCOMPARE(appended.collections.first().stored, 1);
    QCOMPARE(appended.collections.first().rejected, 2);
    QCOMPARE(appended.rejects.first().sqlState, QByteArray("23505"));
}

void MigrationTest::replaceSwaps()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X",
        R"X([{"id":1,"vector":[1,2]},{"id":2,"vector":[3,4]}])X");
    QCOMPARE(bench.run(bench.request(QStringLiteral("things"))).state, RunState::Completed);
    QVERIFY(bench.database.execute("INSERT INTO things (id) VALUES (99)"));
    RunRequest request = bench.request(QStringLiteral("things"));
    request.plan.collections.first().mode = TableMode::Replace;

    // Without a verification that found it identical nothing is swapped.
    const RunOutcome held = bench.run(request);
    QVERIFY2(held.state == RunState::Completed, qPrintable(held.error ? held.error->toText() : QString()));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM things"), QStringLiteral("3"));
    QVERIFY(!held.warnings.isEmpty());
}

void MigrationTest::twoRunsKeepApart()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::Recipe recipe;
    recipe.points = 500;
    recipe.dimensions = 4;
    bench.generate("things", recipe);
    RunRequest request = bench.request(QStringLiteral("things"));
    demo::FaultRule stall;
    stall.operation = "scroll";
    stall.predicate = [](const demo::HttpRequest& http) {
        return http.body.find("\"with_payload\":true") != std::string::npos;
    };
    stall.fault = demo::Fault::stallAt(0);
    bench.server.faults().add(stall);
    std::optional<RunOutcome> second;
    const RunOutcome first = bench.run(request, [&](MigrationEngine& engine, const RunProgress&) {
        if (engine.state() != RunState::Copying || second || bench.server.stalled() == 0)
            return;
        MigrationBench* other = &bench;
        RunRequest again = request;
        again.plan.collections.first().mode = TableMode::Append;
        const QStringList states = bench.states;
        second = other->run(again);
        bench.states = states;
        bench.server.releaseStalls();
    });
    QCOMPARE(first.state, RunState::Completed);
    QVERIFY(second);
    QCOMPARE(second->state, RunState::Failed);
    QCOMPARE(second->error->kind, ErrorKind::Conflict);
    QCOMPARE(bench.difference(QStringLiteral("things"), QStringLiteral("things")), QString());
}

QTEST_GUILESS_MAIN(MigrationTest)
#include "migrationtest.moc"
