// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/comparesearch.h"
#include "core/compare/comparisonwords.h"
#include "tests/engine/support/migrationbench.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;

namespace {

/// A table with an HNSW index that is poor on purpose, so that recall depends on ef_search.
struct Migrated {
    SearchCompareRequest compare;
    QString problem;
};

Migrated migrate(MigrationBench& bench, int points, const QString& indexKind)
{
    demo::Recipe recipe;
    recipe.points = static_cast<std::uint64_t>(points);
    recipe.dimensions = 24;
    recipe.payloadBytes = 60;
    recipe.ids = demo::IdKind::Sequential;
    const auto collection = bench.generate("things", recipe);
    RunRequest request = bench.request(QStringLiteral("things"));
    CollectionPlan& plan = request.plan.collections.first();
    plan.indexes.removeIf([](const IndexPlan& index) { return index.kind == QLatin1String("hnsw"); });
    if (!indexKind.isEmpty()) {
        IndexPlan index;
        index.kind = indexKind;
        index.on = {plan.vectors.first().column};
        index.opclass = QStringLiteral("vector_cosine_ops");
        if (indexKind == QLatin1String("hnsw"))
            index.with = {{QStringLiteral("m"), 4}, {QStringLiteral("ef_construction"), 8}};
        else
            index.with = {{QStringLiteral("lists"), 20}};
        plan.indexes << index;
    }
    const RunOutcome run = bench.run(request);
    Migrated out;
    if (run.state != RunState::Completed)
        out.problem = run.error ? run.error->toText() : QStringLiteral("the run did not complete");
    out.compare.plan = request.plan;
    out.compare.source = bench.source();
    out.compare.target = bench.database.options();
    out.compare.runId = run.runId;
    out.compare.samples = 30;
    return out;
}

SearchComparison compared(const SearchCompareRequest& request)
{
    auto result = compareSearch(request, {}, {});
    if (!result)
        qFatal("%s", qPrintable(result.error().toText()));
    return result->first();
}

} // namespace

/// The comparison end to end: stand-in Qdrant against PostgreSQL.
class CompareSearchTest : public QObject {
    Q_OBJECT
private slots:
    void sweepOfAnIndex_data();
    void sweepOfAnIndex();
    void filters();
    void changedVectorIsFound();
    void queriesFromAFile();
    void rejectedPointsAreLeftOut();
    void sparseVectors();
    void halfMultivectors();
    void exactSearchForbidden();
    void vectorsAsJsonCannotBeSearched();
    void stopEnds();
};

void CompareSearchTest::sweepOfAnIndex_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("hnsw") << QStringLiteral("hnsw");
    QTest::newRow("ivfflat") << QStringLiteral("ivfflat");
    QTest::newRow("none") << QString();
}

void CompareSearchTest::sweepOfAnIndex()
{
    QFETCH(QString, kind);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    Migrated migrated = migrate(bench, 2'000, kind);
    QVERIFY2(migrated.problem.isEmpty(), qPrintable(migrated.problem));
    migrated.compare.wantedRecall = 0.9;
    const SearchComparison found = compared(migrated.compare);
    QVERIFY2(found.exactCompared == 30 && found.exactIdentical == 30, qPrintable(comparisonText(found)));
    QCOMPARE(found.queries, 30);
    QVERIFY(found.targetExactLatency.medianMs > 0);
    QVERIFY(found.qdrantExactLatency.medianMs > 0);
    QVERIFY(found.qdrantIndex.has_value());
    if (kind.isEmpty()) {
        QCOMPARE(found.verdict, QStringLiteral("exact"));
        QVERIFY(found.curve.isEmpty());
        QVERIFY2(found.sentence.contains(QStringLiteral("no vector index")), qPrintable(found.sentence));
        return;
    }
    QCOMPARE(found.indexMethod, kind);
    QVERIFY(found.curve.size() >= 5);
    QCOMPARE(found.settingNow, kind == QLatin1String("hnsw") ? 40 : 1);
    for (qsizetype i = 1; i < found.curve.size(); ++i)
        QVERIFY(found.curve.at(i - 1).setting < found.curve.at(i).setting);
    const RecallStats first = found.curve.first().measure.recall;
    const RecallStats last = found.curve.last().measure.recall;
    QVERIFY2(first.mean < last.mean, qPrintable(comparisonText(found)));
    QVERIFY(first.min <= first.p5 && first.p5 <= first.median);
    QVERIFY2(last.mean > 0.95, qPrintable(comparisonText(found)));
    QVERIFY(found.advisedSetting > 0);
    for (const CurvePoint& point : found.curve) {
        if (point.setting < found.advisedSetting)
            QVERIFY(point.measure.recall.mean < 0.9);
        if (point.setting == found.advisedSetting)
            QVERIFY(point.measure.recall.mean > 0.9 - 1e-6);
    }
    const double now = verdictPoint(found)->measure.recall.mean;
    QCOMPARE(found.verdict,
        now >= recallToPass       ? QStringLiteral("pass")
            : now >= recallToLook ? QStringLiteral("look")
                                  : QStringLiteral("fail"));
}

void CompareSearchTest::filters()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    Migrated migrated = migrate(bench, 2'000, QStringLiteral("hnsw"));
    QVERIFY2(migrated.problem.isEmpty(), qPrintable(migrated.problem));
    QByteArray ids;
    for (int id = 0; id < 2'000; id += 50)
        ids += (ids.isEmpty() ? "" : ",") + QByteArray::number(id);
    migrated.compare.filters = {"{\"must\":[{\"has_id\":[" + ids + "]}]}"};
    const SearchComparison found = compared(migrated.compare);
    QCOMPARE(found.filtered.size(), 1);
    const FilteredComparison& filtered = found.filtered.first();
    QVERIFY(filtered.matching >= 39 && filtered.matching <= 40);
    QCOMPARE(filtered.exactCompared, 30);
    QVERIFY2(filtered.exactIdentical == 30, qPrintable(comparisonText(found)));
    QHash<QString, FilteredMode> modes;
    for (const FilteredMode& mode : filtered.modes)
        modes.insert(mode.mode, mode);
    QVERIFY(modes.contains(QStringLiteral("planner")));
    QVERIFY(modes.contains(QStringLiteral("hnsw-off")));
    QVERIFY(modes.contains(QStringLiteral("hnsw-strict")));
    QVERIFY(modes.contains(QStringLiteral("hnsw-relaxed")));
    // One row of fifty matches: the index brings forty candidates and nearly all are filtered away.
    QVERIFY2(modes[QStringLiteral("hnsw-off")].shortAnswers > 0, qPrintable(comparisonText(found)));
    QVERIFY(modes[QStringLiteral("hnsw-off")].measure.recall.mean
        < modes[QStringLiteral("hnsw-strict")].measure.recall.mean);
}

void CompareSearchTest::changedVectorIsFound()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    Migrated migrated = migrate(bench, 300, {});
    QVERIFY2(migrated.problem.isEmpty(), qPrintable(migrated.problem));
    migrated.compare.samples = 300;
    const QByteArray column = migrated.compare.plan.collections.first().vectors.first().column.toUtf8();
    QVERIFY(bench.database.execute("UPDATE things SET \"" + column + "\" = (SELECT \"" + column
        + "\" FROM things WHERE id = 8) WHERE id = 7"));
    const SearchComparison found = compared(migrated.compare);
    QCOMPARE(found.verdict, QStringLiteral("different"));
    QVERIFY(found.exactIdentical < found.exactCompared);
    QVERIFY(!found.differences.isEmpty());
    QVERIFY2(found.sentence.contains(QStringLiteral("other hits than Qdrant")), qPrintable(found.sentence));
}

void CompareSearchTest::queriesFromAFile()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things", R"X({"vectors":{"size":2,"distance":"Euclid"}})X",
        R"X([{"id":1,"vector":[0,0],"payload":{}},{"id":2,"vector":[3,4],"payload":{}},{"id":3,"vector":[6,8],"payload":{}}])X");
    RunRequest run = bench.request(QStringLiteral("things"));
    QCOMPARE(bench.run(run).state, RunState::Completed);
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("queries.jsonl")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[0, 1]\n\n[7,7]\n");
    file.close();
    const auto queries = readQueries(file.fileName());
    QVERIFY(queries.has_value());
    SearchCompareRequest request;
    request.plan = run.plan;
    request.source = bench.source();
    request.target = bench.database.options();
    request.queries = *queries;
    request.k = 2;
    const SearchComparison found = compared(request);
    QCOMPARE(found.queries, 2);
    QCOMPARE(found.queriesFrom, QStringLiteral("file"));
    QCOMPARE(found.exactIdentical, 2);
    QCOMPARE(found.distance, QStringLiteral("euclid"));
}

void CompareSearchTest::rejectedPointsAreLeftOut()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X",
        R"X([{"id":1,"vector":[1,2],"payload":{}},{"id":2,"vector":[30,40],"payload":{"a":"x\u0000"}},{"id":3,"vector":[5,6],"payload":{}}])X");
    RunRequest run = bench.request(QStringLiteral("things"));
    const RunOutcome outcome = bench.run(run);
    QCOMPARE(outcome.state, RunState::CompletedWithRejects);
    SearchCompareRequest request;
    request.plan = run.plan;
    request.source = bench.source();
    request.target = bench.database.options();
    request.runId = outcome.runId;
    const SearchComparison found = compared(request);
    QVERIFY2(found.exactIdentical == found.exactCompared && found.exactCompared > 0,
        qPrintable(comparisonText(found)));
    request.runId.clear();
    QCOMPARE(compared(request).verdict, QStringLiteral("different"));
}

void CompareSearchTest::sparseVectors()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things", R"X({"vectors":{},"sparse_vectors":{"words":{"modifier":"idf"}}})X",
        R"X([{"id":1,"vector":{"words":{"indices":[1,5],"values":[1,2]}},"payload":{}},{"id":2,"vector":{"words":{"indices":[5],"values":[1]}},"payload":{}},{"id":3,"vector":{"words":{"indices":[9],"values":[3]}},"payload":{}}])X");
    RunRequest run = bench.request(QStringLiteral("things"));
    QCOMPARE(bench.run(run).state, RunState::Completed);
    SearchCompareRequest request;
    request.plan = run.plan;
    request.source = bench.source();
    request.target = bench.database.options();
    const SearchComparison found = compared(request);
    QCOMPARE(found.kind, QStringLiteral("sparse"));
    QVERIFY2(found.exactIdentical == 3, qPrintable(comparisonText(found)));
    QVERIFY(!found.rules.filter(QStringLiteral("IDF")).isEmpty());
}

void CompareSearchTest::halfMultivectors()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things",
        R"X({"vectors":{"size":3,"distance":"Dot","datatype":"float16","multivector_config":{"comparator":"max_sim"}}})X",
        R"X([{"id":1,"vector":[[0.11,0.23,0.31],[1.7,2.3,0.9]],"payload":{}},{"id":2,"vector":[[5.1,6.3,7.7]],"payload":{}},{"id":3,"vector":[[0.3,0.7,0.1]],"payload":{}}])X");
    RunRequest run = bench.request(QStringLiteral("things"));
    QCOMPARE(bench.run(run).state, RunState::Completed);
    SearchCompareRequest request;
    request.plan = run.plan;
    request.source = bench.source();
    request.target = bench.database.options();
    const SearchComparison found = compared(request);
    QCOMPARE(found.kind, QStringLiteral("multi"));
    QVERIFY2(found.exactIdentical == 3, qPrintable(comparisonText(found)));
    QCOMPARE(found.verdict, QStringLiteral("exact"));
}

void CompareSearchTest::exactSearchForbidden()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    Migrated migrated = migrate(bench, 500, QStringLiteral("hnsw"));
    QVERIFY2(migrated.problem.isEmpty(), qPrintable(migrated.problem));
    demo::FaultRule refusal;
    refusal.predicate = [](const demo::HttpRequest& http) {
        return http.body.find("exact\":true") != std::string::npos;
    };
    refusal.times = 0;
    refusal.fault = demo::Fault::error(400, "Bad request: Exact search disabled!. Help: Set exact=false.");
    bench.server.faults().add(refusal);
    const SearchComparison found = compared(migrated.compare);
    QCOMPARE(found.exactCompared, 0);
    QVERIFY2(!found.exactNote.isEmpty(), qPrintable(comparisonText(found)));
    QVERIFY(!found.curve.isEmpty());
    QVERIFY(found.verdict != QLatin1String("different"));
}

void CompareSearchTest::vectorsAsJsonCannotBeSearched()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X",
        R"X([{"id":1,"vector":[1,2],"payload":{}}])X");
    RunRequest run = bench.request(QStringLiteral("things"));
    run.plan.collections.first().vectors.first().type = QStringLiteral("jsonb");
    SearchCompareRequest request;
    request.plan = run.plan;
    request.source = bench.source();
    request.target = bench.database.options();
    const SearchComparison found = compared(request);
    QCOMPARE(found.verdict, QStringLiteral("not-run"));
    QVERIFY(found.sentence.contains(QStringLiteral("JSON")));
}

void CompareSearchTest::stopEnds()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const Migrated migrated = migrate(bench, 100, {});
    std::stop_source stop;
    stop.request_stop();
    const auto result = compareSearch(migrated.compare, {}, stop.get_token());
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(CompareSearchTest)
#include "comparesearchtest.moc"
