// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/verifier.h"
#include "tests/engine/support/migrationbench.h"

#include <QTest>

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;

namespace {

int fromEnvironment(const char* name, int otherwise)
{
    bool given = false;
    const int value = qEnvironmentVariableIntValue(name, &given);
    return given ? value : otherwise;
}

double medianOf(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

/// What verification costs beside the load, over REST against the stand-in: load, digest and full in turns,
/// so that a disturbance of the machine meets all three.
class BenchVerify : public QObject {
    Q_OBJECT
private slots:
    void besideTheLoad();
};

void BenchVerify::besideTheLoad()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const int points = fromEnvironment("QDRANT2PG_BENCH_POINTS", 100'000);
    const int rounds = fromEnvironment("QDRANT2PG_BENCH_ROUNDS", 3);
    demo::Recipe recipe;
    recipe.points = static_cast<std::uint64_t>(points);
    recipe.dimensions = 768;
    recipe.payloadBytes = 500;
    recipe.ids = demo::IdKind::Uuid;
    bench.generate("things", recipe);
    std::vector<double> load;
    std::vector<double> digest;
    std::vector<double> full;
    std::vector<double> digestRatio;
    std::vector<double> fullRatio;
    for (int round = 0; round < rounds; ++round) {
        RunRequest request = bench.request(QStringLiteral("things"));
        request.plan.collections.first().indexes.clear();
        request.lanes = 2;
        const RunOutcome run = bench.run(request);
        QVERIFY2(run.state == RunState::Completed, run.error ? qPrintable(run.error->toText()) : "");
        load.push_back(static_cast<double>(run.dataTime.count()) / 1000);
        VerifyRequest verify;
        verify.plan = request.plan;
        verify.source = bench.source();
        verify.target = bench.database.options();
        verify.runId = run.runId;
        verify.lanes = 2;
        for (const VerifyLevel level : {VerifyLevel::Digest, VerifyLevel::Full}) {
            verify.level = level;
            const auto outcomes = makeVerifier()->verify(verify, {}, {});
            QVERIFY2(outcomes.has_value(), outcomes ? "" : qPrintable(outcomes.error().toText()));
            QCOMPARE(outcomes->first().result, QStringLiteral("identical"));
            const double seconds = static_cast<double>(outcomes->first().elapsed.count()) / 1000;
            (level == VerifyLevel::Digest ? digest : full).push_back(seconds);
            (level == VerifyLevel::Digest ? digestRatio : fullRatio).push_back(seconds / load.back());
        }
        std::printf("round %d: load %.2f s, digest %.2f s (%.2f), full %.2f s (%.2f)\n", round + 1,
            load.back(), digest.back(), digestRatio.back(), full.back(), fullRatio.back());
        std::fflush(stdout);
        QVERIFY(bench.database.execute("DROP TABLE things"));
    }
    std::printf(
        "%d x 768 over REST, stand-in, 2 lanes, medians of %d: load %.2f s, digest %.2f s = %.2f x load, "
        "full %.2f s = %.2f x load\n",
        points, rounds, medianOf(load), medianOf(digest), medianOf(digestRatio), medianOf(full),
        medianOf(fullRatio));
}

QTEST_GUILESS_MAIN(BenchVerify)
#include "benchverify.moc"
