// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/verify/mutations.h"

#include <QTemporaryDir>
#include <QTest>

using namespace qdrant2pg;
using qdrant2pg::test::describedMismatches;
using qdrant2pg::test::MigrationBench;
using qdrant2pg::test::mutations;

namespace {

/// QDRANT2PG_MUTATION_SEEDS, QDRANT2PG_MUTATION_ROWS: how much is tried.
int fromEnvironment(const char* name, int otherwise)
{
    bool given = false;
    const int value = qEnvironmentVariableIntValue(name, &given);
    return given ? value : otherwise;
}

RunOutcome migrate(MigrationBench& bench, RunRequest& request, int rows, demo::IdKind ids, unsigned seed)
{
    demo::Recipe recipe;
    recipe.points = static_cast<std::uint64_t>(rows);
    recipe.ids = ids;
    recipe.dimensions = 16;
    recipe.payloadBytes = 120;
    recipe.seed = seed;
    bench.generate("things", recipe);
    request = bench.request(QStringLiteral("things"));
    request.plan.collections.first().indexes.clear();
    return bench.run(request);
}

VerificationOutcome verify(
    const MigrationBench& bench, const RunRequest& request, const RunOutcome& run, VerifyLevel level)
{
    VerifyRequest verify;
    verify.plan = request.plan;
    verify.source = bench.source();
    verify.target = bench.database.options();
    verify.runId = run.runId;
    verify.level = level;
    auto outcomes = makeVerifier()->verify(verify, {}, {});
    if (!outcomes)
        qFatal("%s", qPrintable(outcomes.error().toText()));
    return outcomes->first();
}

/// The ids that a mutation touched, as an SQL list.
QByteArray touched(const QStringList& expected)
{
    QByteArrayList ids;
    for (const QString& line : expected)
        ids << '\'' + line.section(QLatin1Char(' '), 1, 1).toUtf8() + '\'';
    return ids.join(", ");
}

} // namespace

/// The mutations over a large table and many seeds, and clean tables over many seeds.
class HeavyMutationTest : public QObject {
    Q_OBJECT
private slots:
    void everyChangeInALargeTable();
    void noFalseAlarm();
    void interruptedDigestGoesOn();
};

void HeavyMutationTest::everyChangeInALargeTable()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const int rows = fromEnvironment("QDRANT2PG_MUTATION_ROWS", 100'000);
    RunRequest request;
    const RunOutcome run = migrate(bench, request, rows, demo::IdKind::Uuid, 11);
    QCOMPARE(run.state, RunState::Completed);
    QVERIFY(bench.database.execute("CREATE TABLE saved AS TABLE things; CREATE INDEX ON saved (id)"));
    for (int seed = 1; seed <= fromEnvironment("QDRANT2PG_MUTATION_SEEDS", 3); ++seed) {
        std::mt19937 random(static_cast<unsigned>(seed));
        for (const test::Mutation& mutation : mutations()) {
            QStringList expected;
            QVERIFY(mutation.apply(bench, random, expected));
            expected.sort();
            const QByteArray what = QByteArray(mutation.name) + ", seed " + QByteArray::number(seed);
            const VerificationOutcome digest = verify(bench, request, run, VerifyLevel::Digest);
            QVERIFY2(digest.result == QLatin1String("different"), what.constData());
            const VerificationOutcome full = verify(bench, request, run, VerifyLevel::Full);
            QVERIFY2(describedMismatches(full) == expected,
                qPrintable(QString::fromUtf8(what) + QStringLiteral(": ")
                    + describedMismatches(full).join(QStringLiteral("; "))));
            QVERIFY(bench.database.execute("DELETE FROM things WHERE id IN (" + touched(expected)
                + "); INSERT INTO things SELECT * FROM saved WHERE id IN (" + touched(expected) + ")"));
        }
        QCOMPARE(verify(bench, request, run, VerifyLevel::Digest).result, QStringLiteral("identical"));
    }
    QCOMPARE(verify(bench, request, run, VerifyLevel::Full).result, QStringLiteral("identical"));
}

void HeavyMutationTest::noFalseAlarm()
{
    constexpr std::array kinds{
        demo::IdKind::Uuid, demo::IdKind::Sequential, demo::IdKind::Sparse, demo::IdKind::Mixed};
    const int seeds = 8 * fromEnvironment("QDRANT2PG_MUTATION_SEEDS", 3);
    for (int seed = 1; seed <= seeds; ++seed) {
        MigrationBench bench;
        QDRANT2PG_REQUIRE_POSTGRES(bench.database);
        RunRequest request;
        const RunOutcome run = migrate(bench, request, 3'000,
            kinds[static_cast<std::size_t>(seed) % kinds.size()], 100U + static_cast<unsigned>(seed));
        QCOMPARE(run.state, RunState::Completed);
        for (const VerifyLevel level : {VerifyLevel::Digest, VerifyLevel::Full}) {
            const VerificationOutcome outcome = verify(bench, request, run, level);
            QVERIFY2(outcome.result == QLatin1String("identical"),
                qPrintable(QStringLiteral("seed %1: ").arg(seed) + outcome.sentence));
        }
    }
}

void HeavyMutationTest::interruptedDigestGoesOn()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QTemporaryDir folder;
    RunRequest request;
    const int rows = fromEnvironment("QDRANT2PG_MUTATION_ROWS", 100'000);
    const RunOutcome run = migrate(bench, request, rows, demo::IdKind::Sequential, 5);
    QCOMPARE(run.state, RunState::Completed);
    VerifyRequest verify;
    verify.plan = request.plan;
    verify.source = bench.source();
    verify.target = bench.database.options();
    verify.runId = run.runId;
    verify.level = VerifyLevel::Digest;
    verify.lanes = 1;
    verify.outDir = folder.path();
    std::stop_source stop;
    const auto interrupted = makeVerifier()->verify(
        verify,
        [&stop](const QString&, double fraction, const QString&) {
            if (fraction > 0.2)
                stop.request_stop();
        },
        stop.get_token());
    QVERIFY(!interrupted);
    const auto outcomes = makeVerifier()->verify(verify, {}, {});
    QVERIFY2(outcomes.has_value(), outcomes ? "" : qPrintable(outcomes.error().toText()));
    QCOMPARE(outcomes->first().result, QStringLiteral("identical"));
    QCOMPARE(outcomes->first().comparedRows, rows);
    QVERIFY2(outcomes->first().sentence.contains(QStringLiteral("that was interrupted")),
        qPrintable(outcomes->first().sentence));
}

QTEST_GUILESS_MAIN(HeavyMutationTest)
#include "heavymutationtest.moc"
