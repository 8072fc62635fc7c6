// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/rowencoder.h"
#include "core/verify/verifier.h"
#include "tests/engine/support/migrationbench.h"
#include "tests/engine/verify/mutations.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace qdrant2pg;
using qdrant2pg::test::describedMismatches;
using qdrant2pg::test::MigrationBench;
using qdrant2pg::test::mutations;

namespace {

/// The row id of a numeric point id under numericIds = uuid5.
QByteArray numericIdText(const QByteArray& collection, std::uint64_t number)
{
    return QByteArray::fromStdString(PointId::fromUuid(numericIdAsUuid(collection, number)).toStdString());
}

} // namespace

/// Every change to the table is found by sums and named exactly by the full comparison; a clean table raises
/// no alarm.
class MutationTest : public QObject {
    Q_OBJECT
private slots:
    void cleanTables_data();
    void cleanTables();
    void everyChangeIsFound_data();
    void everyChangeIsFound();
    void changesInTheSource();
    void rejectsAreNotMissing();
    void withoutARun();
    void sharedTables();
    void numbersAsUuids();
    void shardKeys();
    void counts();
    void missingTable();
    void stopEnds();

private:
    VerifyRequest verifyRequest(const MigrationBench& bench, const RunRequest& request, const RunOutcome& run,
        VerifyLevel level) const;
    VerificationOutcome verify(const VerifyRequest& request);
    /// "things" of that many points, migrated.
    RunOutcome migrated(
        MigrationBench& bench, RunRequest& request, int points, demo::IdKind ids, unsigned seed);
    QTemporaryDir m_dir;
};

VerifyRequest MutationTest::verifyRequest(
    const MigrationBench& bench, const RunRequest& request, const RunOutcome& run, VerifyLevel level) const
{
    VerifyRequest verify;
    verify.plan = request.plan;
    verify.source = bench.source();
    verify.target = bench.database.options();
    verify.runId = run.runId;
    verify.level = level;
    verify.outDir = m_dir.path();
    return verify;
}

VerificationOutcome MutationTest::verify(const VerifyRequest& request)
{
    auto outcomes = makeVerifier()->verify(request, {}, {});
    if (!outcomes)
        qFatal("%s", qPrintable(outcomes.error().toText()));
    return outcomes->first();
}

RunOutcome MutationTest::migrated(
    MigrationBench& bench, RunRequest& request, int points, demo::IdKind ids, unsigned seed)
{
    demo::Recipe recipe;
    recipe.points = static_cast<std::uint64_t>(points);
    recipe.ids = ids;
    recipe.dimensions = 12;
    recipe.payloadBytes = 90;
    recipe.seed = seed;
    bench.generate("things", recipe);
    request = bench.request(QStringLiteral("things"));
    request.plan.run.ranges = 7;
    // Restoring the table between mutations would spend its time in the index.
    request.plan.collections.first().indexes.clear();
    RunOutcome outcome = bench.run(request);
    if (outcome.state != RunState::Completed)
        qFatal("%s", outcome.error ? qPrintable(outcome.error->toText()) : "the run did not complete");
    return outcome;
}

void MutationTest::cleanTables_data()
{
    QTest::addColumn<int>("ids");
    QTest::addColumn<int>("seed");
    // Many seeds are the business of the heavy test.
    QTest::newRow("uuid") << int(demo::IdKind::Uuid) << 1;
    QTest::newRow("sequential") << int(demo::IdKind::Sequential) << 2;
    QTest::newRow("sparse") << int(demo::IdKind::Sparse) << 3;
    QTest::newRow("mixed") << int(demo::IdKind::Mixed) << 4;
}

void MutationTest::cleanTables()
{
    QFETCH(int, ids);
    QFETCH(int, seed);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request;
    const RunOutcome run =
        migrated(bench, request, 2'000, static_cast<demo::IdKind>(ids), static_cast<unsigned>(seed));
    for (const VerifyLevel level : {VerifyLevel::Counts, VerifyLevel::Digest, VerifyLevel::Full}) {
        const VerificationOutcome outcome = verify(verifyRequest(bench, request, run, level));
        QVERIFY2(outcome.result == QLatin1String("identical"), qPrintable(outcome.sentence));
        QCOMPARE(outcome.level, level);
        QCOMPARE(outcome.comparedRows, 2'000);
        QCOMPARE(outcome.sourceCount, 2'000);
        QCOMPARE(outcome.mismatchCount, 0);
        QVERIFY(outcome.mismatchFile.isEmpty());
    }
}

void MutationTest::everyChangeIsFound_data()
{
    QTest::addColumn<int>("mutation");
    for (std::size_t i = 0; i < mutations().size(); ++i)
        QTest::newRow(mutations()[i].name) << static_cast<int>(i);
}

void MutationTest::everyChangeIsFound()
{
    QFETCH(int, mutation);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request;
    const RunOutcome run = migrated(bench, request, 1'500, demo::IdKind::Uuid, 5);
    QVERIFY(bench.database.execute("CREATE TABLE saved AS TABLE things"));
    std::mt19937 random(static_cast<unsigned>(mutation) + 1);
    for (int round = 0; round < 2; ++round) {
        QStringList expected;
        QVERIFY(mutations()[static_cast<std::size_t>(mutation)].apply(bench, random, expected));
        expected.sort();
        const VerificationOutcome digest = verify(verifyRequest(bench, request, run, VerifyLevel::Digest));
        QVERIFY2(digest.result == QLatin1String("different"), qPrintable(digest.sentence));
        QVERIFY(digest.sourceDigest != digest.targetDigest);
        QVERIFY2(digest.sentence.contains(QStringLiteral("Differences lie in")), qPrintable(digest.sentence));
        const VerificationOutcome full = verify(verifyRequest(bench, request, run, VerifyLevel::Full));
        QCOMPARE(full.result, QStringLiteral("different"));
        QCOMPARE(describedMismatches(full), expected);
        QCOMPARE(full.mismatchCount, expected.size());
        QFile file(full.mismatchFile);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArrayList lines = file.readAll().trimmed().split('\n');
        QCOMPARE(lines.size(), expected.size());
        QVERIFY(QJsonDocument::fromJson(lines.first()).isObject());
        QVERIFY(bench.database.execute("TRUNCATE things; INSERT INTO things SELECT * FROM saved"));
    }
    QCOMPARE(
        verify(verifyRequest(bench, request, run, VerifyLevel::Digest)).result, QStringLiteral("identical"));
}

void MutationTest::changesInTheSource()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    auto collection = bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X",
        R"X([{"id":1,"vector":[1,2],"payload":{"a":1}},{"id":2,"vector":[3,4],"payload":{"a":2}},{"id":3,"vector":[5,6],"payload":{"a":3}}])X");
    const RunRequest request = bench.request(QStringLiteral("things"));
    const RunOutcome run = bench.run(request);
    QCOMPARE(run.state, RunState::Completed);
    // Changed, deleted and added in Qdrant after the copy.
    const auto changed = demo::Json::parse(
        R"X([{"id":2,"vector":[3,4],"payload":{"a":"new"}},{"id":4,"vector":[7,8],"payload":{}}])X");
    QVERIFY(collection->upload(*changed));
    QCOMPARE(collection->remove({demo::PointId::number(3)}), std::size_t{1});
    VerificationOutcome full = verify(verifyRequest(bench, request, run, VerifyLevel::Full));
    QCOMPARE(describedMismatches(full),
        (QStringList{QStringLiteral("changed-in-source 2 payload"), QStringLiteral("changed-in-source 3 "),
            QStringLiteral("missing 4 ")}));
    for (const Mismatch& mismatch : full.mismatches) {
        if (mismatch.column == QLatin1String("payload")) {
            QCOMPARE(mismatch.sourceValue, QStringLiteral("{\"a\": \"new\"}"));
            QCOMPARE(mismatch.targetValue, QStringLiteral("{\"a\": 2}"));
        }
    }
    // The table is still what was copied.
    const VerificationOutcome digest = verify(verifyRequest(bench, request, run, VerifyLevel::Digest));
    QCOMPARE(digest.result, QStringLiteral("identical"));
    // When the target was changed too, nobody can tell.
    QVERIFY(bench.database.execute("UPDATE things SET embedding = '[0,0]' WHERE id = 1"));
    full = verify(verifyRequest(bench, request, run, VerifyLevel::Full));
    QVERIFY(describedMismatches(full).contains(QStringLiteral("content 2 payload")));
}

void MutationTest::rejectsAreNotMissing()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X",
        R"X([{"id":1,"vector":[1,2],"payload":{"a":1}},{"id":2,"vector":[3,4],"payload":{"a":"x\u0000"}},{"id":3,"vector":[5,6],"payload":{"a":3}}])X");
    const RunRequest request = bench.request(QStringLiteral("things"));
    const RunOutcome run = bench.run(request);
    QCOMPARE(run.state, RunState::CompletedWithRejects);
    for (const VerifyLevel level : {VerifyLevel::Counts, VerifyLevel::Digest, VerifyLevel::Full}) {
        const VerificationOutcome outcome = verify(verifyRequest(bench, request, run, level));
        QVERIFY2(outcome.result == QLatin1String("identical"), qPrintable(outcome.sentence));
    }
    const VerificationOutcome full = verify(verifyRequest(bench, request, run, VerifyLevel::Full));
    QVERIFY2(
        full.sentence.contains(QStringLiteral("1 point is known to be rejected")), qPrintable(full.sentence));
}

void MutationTest::withoutARun()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request;
    RunOutcome run = migrated(bench, request, 1'000, demo::IdKind::Sequential, 3);
    run.runId.clear();
    VerificationOutcome outcome = verify(verifyRequest(bench, request, run, VerifyLevel::Digest));
    QVERIFY2(outcome.result == QLatin1String("identical"), qPrintable(outcome.sentence));
    QCOMPARE(outcome.level, VerifyLevel::Full);
    QVERIFY(bench.database.execute("UPDATE things SET payload = '{}' WHERE id = 500"));
    outcome = verify(verifyRequest(bench, request, run, VerifyLevel::Full));
    QCOMPARE(describedMismatches(outcome), QStringList{QStringLiteral("content 500 payload")});
}

void MutationTest::sharedTables()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::Recipe recipe;
    recipe.points = 300;
    recipe.dimensions = 4;
    recipe.ids = demo::IdKind::Sequential;
    bench.generate("things", recipe);
    RunRequest request = bench.request(QStringLiteral("things"));
    request.plan.collections.first().mode = TableMode::Append;
    QVERIFY(bench.database.execute(
        "CREATE TABLE things (id bigint PRIMARY KEY, embedding vector(4), payload jsonb); INSERT INTO things "
        "SELECT 100000 + g, '[1,2,3,4]', '{}' FROM generate_series(1, 7) g"));
    const RunOutcome run = bench.run(request);
    QVERIFY2(run.state == RunState::Completed, run.error ? qPrintable(run.error->toText()) : "");
    VerificationOutcome outcome = verify(verifyRequest(bench, request, run, VerifyLevel::Digest));
    QVERIFY2(outcome.result == QLatin1String("identical"), qPrintable(outcome.sentence));
    QVERIFY2(outcome.sentence.contains(QStringLiteral("7 further rows")), qPrintable(outcome.sentence));
    QVERIFY(bench.database.execute("DELETE FROM things WHERE id = 17"));
    outcome = verify(verifyRequest(bench, request, run, VerifyLevel::Digest));
    QCOMPARE(describedMismatches(outcome), QStringList{QStringLiteral("missing 17 ")});
}

void MutationTest::numbersAsUuids()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::Recipe recipe;
    recipe.points = 1'200;
    recipe.dimensions = 4;
    recipe.ids = demo::IdKind::Mixed;
    bench.generate("things", recipe);
    RunRequest request = bench.request(QStringLiteral("things"));
    request.plan.collections.first().id.type = IdType::Uuid;
    request.plan.collections.first().id.numericIds = NumericIds::Uuid5;
    request.plan.run.ranges = 5;
    const RunOutcome run = bench.run(request);
    QVERIFY2(run.state == RunState::Completed, run.error ? qPrintable(run.error->toText()) : "");
    for (const VerifyLevel level : {VerifyLevel::Digest, VerifyLevel::Full}) {
        const VerificationOutcome outcome = verify(verifyRequest(bench, request, run, level));
        QVERIFY2(outcome.result == QLatin1String("identical"), qPrintable(outcome.sentence));
        QCOMPARE(outcome.comparedRows, 1'200);
    }
    const QString extra = QStringLiteral("00000000-0000-4000-8000-0000000000aa");
    QVERIFY(bench.database.execute(
        "UPDATE things SET embedding = '[0,0,0,1]' WHERE id = '" + numericIdText("things", 0) + "'"));
    QVERIFY(
        bench.database.execute("INSERT INTO things VALUES ('" + extra.toUtf8() + "', '[1,2,3,4]', '{}')"));
    const VerificationOutcome full = verify(verifyRequest(bench, request, run, VerifyLevel::Full));
    QCOMPARE(describedMismatches(full),
        (QStringList{
            QStringLiteral("content 0 embedding"), QStringLiteral("extra ") + extra + QLatin1Char(' ')}));
}

void MutationTest::shardKeys()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const std::string config =
        R"X({"vectors":{"size":2,"distance":"Dot"},"sharding_method":"custom","shard_number":1})X";
    auto made = bench.server.store().create("things", config);
    QVERIFY(made);
    const auto europe = demo::Json::parse(
        R"X([{"id":1,"vector":[1,2],"payload":{}},{"id":999,"vector":[3,4],"payload":{"k":"eu"}}])X");
    const auto america = demo::Json::parse(
        R"X([{"id":2,"vector":[1,2],"payload":{}},{"id":999,"vector":[5,6],"payload":{"k":"us"}}])X");
    const auto seven = demo::Json::parse(R"X([{"id":3,"vector":[1,2],"payload":{}}])X");
    QVERIFY((*made)->upload(*europe, "\"eu\""));
    QVERIFY((*made)->upload(*america, "\"us\""));
    QVERIFY((*made)->upload(*seven, "7"));
    const RunRequest request = bench.request(QStringLiteral("things"));
    const RunOutcome run = bench.run(request);
    QVERIFY2(run.state == RunState::Completed, run.error ? qPrintable(run.error->toText()) : "");
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM things"), QStringLiteral("5"));
    for (const VerifyLevel level : {VerifyLevel::Counts, VerifyLevel::Digest, VerifyLevel::Full}) {
        const VerificationOutcome outcome = verify(verifyRequest(bench, request, run, level));
        QVERIFY2(outcome.result == QLatin1String("identical"), qPrintable(outcome.sentence));
        QCOMPARE(outcome.comparedRows, 5);
    }
    const QString column = request.plan.collections.first().shardKeyColumn;
    QVERIFY(bench.database.execute("UPDATE things SET embedding = '[0,0]' WHERE id = 999 AND \""
        + column.toUtf8() + "\"::text LIKE '%us%'"));
    const VerificationOutcome full = verify(verifyRequest(bench, request, run, VerifyLevel::Full));
    QCOMPARE(
        describedMismatches(full), QStringList{QStringLiteral("content 999 (shard key \"us\") embedding")});
}

void MutationTest::counts()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request;
    const RunOutcome run = migrated(bench, request, 400, demo::IdKind::Sequential, 2);
    QVERIFY(bench.database.execute("DELETE FROM things WHERE id BETWEEN 10 AND 12"));
    VerificationOutcome outcome = verify(verifyRequest(bench, request, run, VerifyLevel::Counts));
    QCOMPARE(outcome.result, QStringLiteral("different"));
    QVERIFY2(outcome.sentence.contains(QStringLiteral("3 rows are missing")), qPrintable(outcome.sentence));
    QVERIFY2(outcome.sentence.contains(QStringLiteral("do not prove")), qPrintable(outcome.sentence));
    QVERIFY(bench.database.execute("ALTER TABLE things DROP CONSTRAINT things_pkey; INSERT INTO things "
                                   "SELECT * FROM things WHERE id IN (1, 2, 3)"));
    outcome = verify(verifyRequest(bench, request, run, VerifyLevel::Counts));
    QCOMPARE(outcome.result, QStringLiteral("different"));
    QVERIFY2(outcome.sentence.contains(QStringLiteral("3 ids stand more than once")),
        qPrintable(outcome.sentence));
}

void MutationTest::missingTable()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request;
    const RunOutcome run = migrated(bench, request, 10, demo::IdKind::Sequential, 2);
    QVERIFY(bench.database.execute("DROP TABLE things"));
    const VerificationOutcome outcome = verify(verifyRequest(bench, request, run, VerifyLevel::Digest));
    QCOMPARE(outcome.result, QStringLiteral("failed"));
    QVERIFY2(outcome.sentence.contains(QStringLiteral("does not exist")), qPrintable(outcome.sentence));
}

void MutationTest::stopEnds()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    RunRequest request;
    const RunOutcome run = migrated(bench, request, 2'000, demo::IdKind::Uuid, 2);
    for (const VerifyLevel level : {VerifyLevel::Digest, VerifyLevel::Full}) {
        std::stop_source stop;
        stop.request_stop();
        const auto outcome =
            makeVerifier()->verify(verifyRequest(bench, request, run, level), {}, stop.get_token());
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().kind, ErrorKind::Cancelled);
    }
}

QTEST_GUILESS_MAIN(MutationTest)
#include "mutationtest.moc"
