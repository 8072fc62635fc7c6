// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/recheck.h"
#include "core/report/reportbuilder.h"
#include "core/verify/rowsample.h"
#include "core/verify/verifier.h"
#include "tests/engine/support/migrationbench.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;

/// Named points read again alone, and a few rows shown side by side.
class RecheckTest : public QObject {
    Q_OBJECT
private slots:
    void onlyWhatDifferedIsReadAgain();
    void whatStillDiffersKeepsItsName_data();
    void whatStillDiffersKeepsItsName();
    void differencesWithoutNamesStayDifferences();
    void otherCollectionsAreLeftAlone();
    void theReportNamesThem();
    void aSampleShowsBothSides_data();
    void aSampleShowsBothSides();
    void theSeedPicksTheRows();

private:
    static VerifyRequest migrated(
        MigrationBench& bench, demo::IdKind ids, const QString& folder, bool uuids = false);
    static VerificationOutcome compare(const VerifyRequest& request);
};

VerifyRequest RecheckTest::migrated(
    MigrationBench& bench, demo::IdKind ids, const QString& folder, bool uuids)
{
    demo::Recipe recipe;
    recipe.points = 400;
    recipe.dimensions = 4;
    recipe.ids = ids;
    bench.generate("things", recipe);
    RunRequest request = bench.request(QStringLiteral("things"));
    request.plan.collections.first().indexes.clear();
    if (uuids) {
        request.plan.collections.first().id.type = IdType::Uuid;
        request.plan.collections.first().id.numericIds = NumericIds::Uuid5;
    }
    const RunOutcome run = bench.run(request);
    if (run.state != RunState::Completed)
        qFatal("the run did not complete");
    VerifyRequest verify;
    verify.plan = run.plan.collections.isEmpty() ? request.plan : run.plan;
    verify.source = bench.source();
    verify.target = bench.database.options();
    verify.runId = run.runId;
    verify.level = VerifyLevel::Full;
    verify.outDir = folder;
    return verify;
}

VerificationOutcome RecheckTest::compare(const VerifyRequest& request)
{
    const auto outcomes = makeVerifier()->verify(request, {}, {});
    if (!outcomes || outcomes->size() != 1)
        qFatal("the comparison failed: %s", outcomes ? "" : qPrintable(outcomes.error().toText()));
    return outcomes->first();
}

namespace {

EarlierDifferences earlierOf(const VerificationOutcome& outcome)
{
    return {outcome.mismatches, outcome.mismatchCount, outcome.comparedRows};
}

} // namespace

void RecheckTest::onlyWhatDifferedIsReadAgain()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QTemporaryDir folder;
    VerifyRequest request = migrated(bench, demo::IdKind::Sequential, folder.path());
    QVERIFY(bench.database.execute("CREATE TABLE kept AS SELECT * FROM things WHERE id IN (3, 17);"
                                   "DELETE FROM things WHERE id = 3;"
                                   "UPDATE things SET payload = '{\"changed\": 1}' WHERE id = 17"));
    const VerificationOutcome first = compare(request);
    QCOMPARE(first.mismatchCount, 2);
    request.again.insert(QStringLiteral("things"), earlierOf(first));

    // Repaired: both are looked at, and nothing else is.
    QVERIFY(
        bench.database.execute("DELETE FROM things WHERE id = 17; INSERT INTO things SELECT * FROM kept"));
    bench.server.log().clear();
    const VerificationOutcome second = compare(request);
    QVERIFY2(second.result == QLatin1String("identical"), qPrintable(second.sentence));
    QCOMPARE(second.mismatchCount, 0);
    QVERIFY(second.mismatchFile.isEmpty());
    QVERIFY2(
        second.sentence.contains(QStringLiteral("The 2 points that differed")), qPrintable(second.sentence));
    QVERIFY(second.sentence.contains(QStringLiteral("not read again")));
    QCOMPARE(second.comparedRows, first.comparedRows);
    int asked = 0;
    for (const demo::LoggedRequest& logged : bench.server.log().all()) {
        QVERIFY2(logged.target.find("/scroll") == std::string::npos, logged.target.c_str());
        asked += logged.method == "POST" ? 1 : 0;
    }
    QCOMPARE(asked, 1);
}

void RecheckTest::whatStillDiffersKeepsItsName_data()
{
    QTest::addColumn<demo::IdKind>("ids");
    QTest::addColumn<bool>("uuids");
    QTest::newRow("numbers") << demo::IdKind::Sequential << false;
    QTest::newRow("UUIDs") << demo::IdKind::Uuid << false;
    QTest::newRow("numbers that became UUIDs") << demo::IdKind::Sequential << true;
}

void RecheckTest::whatStillDiffersKeepsItsName()
{
    QFETCH(demo::IdKind, ids);
    QFETCH(bool, uuids);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QTemporaryDir folder;
    VerifyRequest request = migrated(bench, ids, folder.path(), uuids);
    QVERIFY(bench.database.execute(
        "CREATE TABLE kept AS SELECT * FROM things ORDER BY id LIMIT 3;"
        "DELETE FROM things WHERE id = (SELECT id FROM kept ORDER BY id LIMIT 1);"
        "UPDATE things SET payload = '{\"changed\": 1}' WHERE id IN (SELECT id FROM kept)"));
    const VerificationOutcome first = compare(request);
    QCOMPARE(first.mismatchCount, 3);
    request.again.insert(QStringLiteral("things"), earlierOf(first));
    // One of the three is put right.
    QVERIFY(
        bench.database.execute("UPDATE things SET payload = kept.payload FROM kept WHERE things.id = kept.id "
                               "AND kept.id = (SELECT id FROM kept ORDER BY id DESC LIMIT 1)"));
    const VerificationOutcome second = compare(request);
    QCOMPARE(second.result, QStringLiteral("different"));
    QCOMPARE(second.mismatchCount, 2);
    QStringList types;
    for (const Mismatch& mismatch : second.mismatches) {
        types << mismatch.type;
        const bool known = std::any_of(first.mismatches.begin(), first.mismatches.end(),
            [&](const Mismatch& earlier) { return earlier.pointId == mismatch.pointId; });
        QVERIFY2(known, qPrintable(mismatch.pointId));
    }
    types.sort();
    QCOMPARE(types, (QStringList{QStringLiteral("content"), QStringLiteral("missing")}));
    QFile file(second.mismatchFile);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().trimmed().split('\n').size(), 2);
}

void RecheckTest::differencesWithoutNamesStayDifferences()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QTemporaryDir folder;
    VerifyRequest request = migrated(bench, demo::IdKind::Sequential, folder.path());
    EarlierDifferences earlier;
    earlier.mismatches = {{QStringLiteral("missing"), QStringLiteral("5"), {}, {}, {}}};
    earlier.count = 12;
    request.again.insert(QStringLiteral("things"), earlier);
    const VerificationOutcome outcome = compare(request);
    QCOMPARE(outcome.result, QStringLiteral("different"));
    QCOMPARE(outcome.mismatchCount, 11);
    QVERIFY2(outcome.sentence.contains(QStringLiteral("11 further")), qPrintable(outcome.sentence));
}

void RecheckTest::otherCollectionsAreLeftAlone()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QTemporaryDir folder;
    VerifyRequest request = migrated(bench, demo::IdKind::Sequential, folder.path());
    request.again.insert(QStringLiteral("another"), {});
    const auto outcomes = makeVerifier()->verify(request, {}, {});
    QVERIFY(outcomes.has_value());
    QVERIFY(outcomes->isEmpty());
}

void RecheckTest::theReportNamesThem()
{
    QTemporaryDir folder;
    RunReport report;
    QVERIFY(namedDifferences(report).isEmpty());
    ReportCollection collection;
    collection.name = QStringLiteral("c");
    collection.verification.mismatches = {{QStringLiteral("missing"), QStringLiteral("1"), {}, {}, {}}};
    collection.verification.mismatchCount = 2;
    report.collections = {collection};
    // Without its file only the first are named, and the count says so.
    QCOMPARE(namedDifferences(report).value(QStringLiteral("c")).mismatches.size(), 1);
    QCOMPARE(namedDifferences(report).value(QStringLiteral("c")).count, 2);
    QFile file(folder.filePath(QStringLiteral("m.jsonl")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"type\":\"missing\",\"id\":\"1\"}\n{\"type\":\"extra\",\"id\":\"2\"}\n");
    file.close();
    report.collections.first().verification.mismatchFile = file.fileName();
    const auto named = namedDifferences(report).value(QStringLiteral("c"));
    QCOMPARE(named.mismatches.size(), 2);
    QCOMPARE(named.mismatches.last().type, QStringLiteral("extra"));
}

void RecheckTest::aSampleShowsBothSides_data()
{
    whatStillDiffersKeepsItsName_data();
}

void RecheckTest::aSampleShowsBothSides()
{
    QFETCH(demo::IdKind, ids);
    QFETCH(bool, uuids);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QTemporaryDir folder;
    const VerifyRequest request = migrated(bench, ids, folder.path(), uuids);
    const auto sample = sampleRows(request, QStringLiteral("things"), 6, 1);
    QVERIFY2(sample.has_value(), sample ? "" : qPrintable(sample.error().toText()));
    QCOMPARE(sample->points.size(), 6);
    for (const SampledPoint& point : sample->points) {
        QVERIFY2(point.isSame(), qPrintable(point.pointId));
        QVERIFY(point.cells.size() >= 3);
        // Documents are the same by value; each side is shown as it spells them.
        for (const SampledCell& cell : point.cells) {
            if (cell.column != QLatin1String("payload"))
                QCOMPARE(cell.source, cell.target);
        }
    }
    QVERIFY(bench.database.execute("UPDATE things SET payload = '{\"changed\": 1}'"));
    const auto changed = sampleRows(request, QStringLiteral("things"), 6, 1);
    QVERIFY(changed.has_value());
    for (const SampledPoint& point : changed->points) {
        QVERIFY(!point.isSame());
        for (const SampledCell& cell : point.cells) {
            QCOMPARE(cell.same, cell.column != QLatin1String("payload"));
            if (!cell.same)
                QVERIFY2(cell.target != cell.source, qPrintable(cell.target));
        }
    }
}

void RecheckTest::theSeedPicksTheRows()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QTemporaryDir folder;
    const VerifyRequest request = migrated(bench, demo::IdKind::Uuid, folder.path());
    const auto ids = [&](int seed) {
        QStringList found;
        const auto sample = sampleRows(request, QStringLiteral("things"), 5, seed);
        if (!sample)
            return found;
        for (const SampledPoint& point : sample->points)
            found << point.pointId;
        return found;
    };
    QCOMPARE(ids(7).size(), 5);
    QCOMPARE(ids(7), ids(7));
    QVERIFY(ids(7) != ids(8));
    const auto none = sampleRows(request, QStringLiteral("absent"), 5, 1);
    QVERIFY(!none);
    QCOMPARE(none.error().kind, ErrorKind::NotFound);
}

QTEST_GUILESS_MAIN(RecheckTest)
#include "rechecktest.moc"
