// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/replay.h"
#include "core/plan/planjson.h"
#include "core/staged/datamanifest.h"
#include "core/verify/verifier.h"
#include "tests/engine/support/migrationbench.h"

#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

/// A run over points with every kind of trouble, and what replaying its rejects takes.
struct ReplayBench {
    MigrationBench bench;
    RunOutcome outcome;
    std::optional<Connection> connection;
    std::optional<Ledger> ledger;
    LedgerRun run;
    MigrationPlan plan;
    QList<QByteArray> lines;

    /// False when the run did not end with rejects.
    bool migrate(TableMode mode = TableMode::Create, bool keepPoints = true)
    {
        std::string points = "[";
        for (int i = 0; i < 60; ++i)
            points += R"X({"id":)X" + std::to_string(i) + R"X(,"vector":[1,2],"payload":{"n":)X"
                + std::to_string(i) + "}},";
        points += R"X({"id":100,"vector":[1,2],"payload":{"t":"a\u0000b"}},)X"
                  R"X({"id":101,"vector":[1,2],"payload":{"t":"\u0000","k\u0000":1}},)X"
                  R"X({"id":102,"vector":[1e39,2],"payload":{"t":"inf"}}])X";
        bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X", points);
        RunRequest request = bench.request(QStringLiteral("things"));
        request.plan.collections.first().mode = mode;
        request.plan.run.rejectValues = keepPoints;
        request.plan.run.verify = VerifyLevel::Digest;
        request.verifier = makeVerifier();
        outcome = bench.run(request);
        connection.emplace(std::move(*Connection::open(bench.database.options())));
        ledger.emplace(outcome.ledgerSchema);
        return reload() && outcome.state == RunState::CompletedWithRejects;
    }
    bool reload()
    {
        auto found = ledger->run(*connection, outcome.runId);
        if (!found || !*found)
            return false;
        run = **found;
        plan = *planFromJson(run.planJson);
        lines.clear();
        return ledger
            ->visitRejects(*connection, outcome.runId,
                [this](const RejectRow& reject) {
                    lines << rejectToLine(reject);
                    return true;
                })
            .has_value();
    }
    Result<ReplayOutcome> replay(const QList<QByteArray>& from, const PointFetcher& fetch = {})
    {
        qsizetype at = 0;
        return replayRejects(
            *connection, *ledger, run, plan,
            [&]() -> Result<std::optional<RejectRow>> {
                if (at == from.size())
                    return std::optional<RejectRow>();
                auto reject = rejectFromLine(from.at(at), QStringLiteral("rejects.jsonl"), at + 1);
                ++at;
                if (!reject)
                    return fail(reject.error());
                return std::optional(*reject);
            },
            fetch);
    }
    QString count(const char* where = "true") const
    {
        return bench.database.scalar(QByteArray("SELECT count(*) FROM things WHERE ") + where);
    }
};

} // namespace

/// Rejected points are loaded after the plan was changed: exactly once, and never rows and rejects at once.
class ReplayTest : public QObject {
    Q_OBJECT
private slots:
    void changedPlanLoadsWhatFits();
    void nothingChangedStoresNothing();
    void mergeLeavesRowsAlone();
    void pointsComeFromTheSource();
    void otherTablesAreRefused();
    void damagedLines();
};

void ReplayTest::changedPlanLoadsWhatFits()
{
    ReplayBench b;
    QDRANT2PG_REQUIRE_POSTGRES(b.bench.database);
    QVERIFY(b.migrate());
    QCOMPARE(b.lines.size(), 3);
    b.plan.collections.first().payload.nul = NulPolicy::Replace;
    const QList<QByteArray> lines = b.lines;
    const auto replayed = b.replay(lines);
    QVERIFY2(replayed, replayed ? "" : qPrintable(replayed.error().toText()));
    QCOMPARE(replayed->stored, 2);
    QCOMPARE(replayed->remaining.size(), 1);
    QCOMPARE(b.count(), QStringLiteral("62"));
    QCOMPARE(b.bench.database.scalar("SELECT payload->>'t' FROM things WHERE id = 100"),
        QString::fromUtf8("a\xEF\xBF\xBD"
                          "b"));
    QVERIFY(b.reload());
    QCOMPARE(b.lines.size(), 1);
    QCOMPARE(b.run.rows, 62);
    QCOMPARE(b.run.rejected, 1);
    QCOMPARE(b.run.state, QStringLiteral("completed-with-rejects"));

    // The old file again: what is stored stays stored once.
    const auto again = b.replay(lines);
    QVERIFY2(again, again ? "" : qPrintable(again.error().toText()));
    QCOMPARE(again->stored, 0);
    QCOMPARE(again->gone, 2);
    QCOMPARE(b.count(), QStringLiteral("62"));

    b.plan.collections.first().vectors.first().nonFinite = NonFinitePolicy::Null;
    const auto last = b.replay(b.lines);
    QVERIFY2(last, last ? "" : qPrintable(last.error().toText()));
    QCOMPARE(last->stored, 1);
    QCOMPARE(b.count("embedding IS NULL"), QStringLiteral("1"));
    QVERIFY(b.reload());
    QCOMPARE(b.lines.size(), 0);
    QCOMPARE(b.run.rejected, 0);
    QCOMPARE(b.run.state, QStringLiteral("completed"));

    // The digests of the ranges went along: by them the table is what the run says it is.
    DigestSum sum;
    const auto ranges = b.ledger->ranges(*b.connection, b.run.id);
    for (const LedgerRange& range : *ranges)
        sum += range.digest;
    MigrationBench fresh;
    QVERIFY(b.plan.collections.first().payload.nul == NulPolicy::Replace);
    RunRequest request = b.bench.request(QStringLiteral("things"));
    request.plan.collections.first() = b.plan.collections.first();
    request.plan.collections.first().table = QStringLiteral("again");
    const RunOutcome whole = b.bench.run(request);
    QCOMPARE(whole.state, RunState::Completed);
    QCOMPARE(whole.collections.first().digest, QString::fromLatin1(sum.toHex()));
}

void ReplayTest::nothingChangedStoresNothing()
{
    ReplayBench b;
    QDRANT2PG_REQUIRE_POSTGRES(b.bench.database);
    QVERIFY(b.migrate());
    const auto replayed = b.replay(b.lines);
    QVERIFY2(replayed, replayed ? "" : qPrintable(replayed.error().toText()));
    QCOMPARE(replayed->stored, 0);
    QCOMPARE(replayed->remaining.size(), 3);
    QCOMPARE(b.count(), QStringLiteral("60"));
    QVERIFY(b.reload());
    QCOMPARE(b.lines.size(), 3);
}

void ReplayTest::mergeLeavesRowsAlone()
{
    ReplayBench b;
    QDRANT2PG_REQUIRE_POSTGRES(b.bench.database);
    QVERIFY(b.migrate(TableMode::Merge));
    QVERIFY(b.bench.database.execute(R"X(INSERT INTO things (id, payload) VALUES (100, '{"mine":1}'))X"));
    b.plan.collections.first().payload.nul = NulPolicy::Strip;
    const auto replayed = b.replay(b.lines);
    QVERIFY2(replayed, replayed ? "" : qPrintable(replayed.error().toText()));
    QCOMPARE(replayed->stored, 1);
    QCOMPARE(replayed->skipped, 1);
    QCOMPARE(
        b.bench.database.scalar("SELECT payload->>'mine' FROM things WHERE id = 100"), QStringLiteral("1"));
    QVERIFY(b.reload());
    QCOMPARE(b.lines.size(), 1);
}

void ReplayTest::pointsComeFromTheSource()
{
    ReplayBench b;
    QDRANT2PG_REQUIRE_POSTGRES(b.bench.database);
    QVERIFY(b.migrate(TableMode::Create, false));
    for (const QByteArray& line : std::as_const(b.lines))
        QVERIFY2(!line.contains("vector\""), line.constData());
    b.plan.collections.first().payload.nul = NulPolicy::Strip;
    const auto without = b.replay(b.lines);
    QVERIFY(without);
    QCOMPARE(without->withoutPoint, 3);
    QdrantClient client(b.bench.source());
    const auto replayed = b.replay(b.lines, [&client](const RejectRow& reject, const PointId& id) {
        return client.retrieve(reject.collection, {id}, true, true, reject.shardKey.toStdString());
    });
    QVERIFY2(replayed, replayed ? "" : qPrintable(replayed.error().toText()));
    QCOMPARE(replayed->stored, 2);
    QCOMPARE(b.count(), QStringLiteral("62"));
}

void ReplayTest::otherTablesAreRefused()
{
    ReplayBench b;
    QDRANT2PG_REQUIRE_POSTGRES(b.bench.database);
    QVERIFY(b.migrate());
    MigrationPlan other = b.plan;
    b.plan.collections.first().table = QStringLiteral("elsewhere");
    const auto moved = b.replay(b.lines);
    QVERIFY(!moved);
    QCOMPARE(moved.error().kind, ErrorKind::Usage);

    b.plan = other;
    b.plan.collections.first().vectors.first().type = QStringLiteral("jsonb");
    const auto retyped = b.replay(b.lines);
    QVERIFY(!retyped);
    QCOMPARE(retyped.error().kind, ErrorKind::Schema);
    QCOMPARE(b.count(), QStringLiteral("60"));
}

void ReplayTest::damagedLines()
{
    for (const char* line :
        {"", "{}", "not json", R"X({"collection":"c"})X", R"X({"collection":"c","id":"-1"})X"}) {
        const auto reject = rejectFromLine(line, QStringLiteral("f.jsonl"), 7);
        QVERIFY2(!reject, line);
        QVERIFY(reject.error().summary.contains(QLatin1Char('7')));
    }
}

QTEST_GUILESS_MAIN(ReplayTest)
#include "replaytest.moc"
