// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/checkpoint.h"
#include "core/verify/verifier.h"
#include "tests/engine/support/migrationbench.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;

namespace {

QStringList partFiles(const QTemporaryDir& folder)
{
    return QDir(folder.path()).entryList({QStringLiteral("*.part")});
}

} // namespace

/// An interrupted verification goes on where it was, and verification writes to neither side.
class ResumeVerifyTest : public QObject {
    Q_OBJECT
private slots:
    void checkpointKeepsParts();
    void cutLineIsLeftOut();
    void fullGoesOn();
    void sessionsAreReadOnly();

private:
    VerifyRequest migrated(MigrationBench& bench, int points, const QString& folder);
};

VerifyRequest ResumeVerifyTest::migrated(MigrationBench& bench, int points, const QString& folder)
{
    demo::Recipe recipe;
    recipe.points = static_cast<std::uint64_t>(points);
    recipe.dimensions = 8;
    recipe.ids = demo::IdKind::Sequential;
    bench.generate("things", recipe);
    RunRequest request = bench.request(QStringLiteral("things"));
    request.plan.run.ranges = 16;
    request.plan.collections.first().indexes.clear();
    const RunOutcome run = bench.run(request);
    if (run.state != RunState::Completed)
        qFatal("the run did not complete");
    VerifyRequest verify;
    verify.plan = request.plan;
    verify.source = bench.source();
    verify.target = bench.database.options();
    verify.runId = run.runId;
    verify.level = VerifyLevel::Full;
    verify.lanes = 2;
    verify.outDir = folder;
    return verify;
}

void ResumeVerifyTest::checkpointKeepsParts()
{
    QTemporaryDir folder;
    const QString name = QStringLiteral("a/b");
    {
        VerifyCheckpoint checkpoint(folder.path(), name, "key", false);
        QVERIFY(!checkpoint.done(QStringLiteral("1")));
        checkpoint.add(QStringLiteral("1"), {{QStringLiteral("rows"), 17}});
        checkpoint.add(QStringLiteral("2"), {{QStringLiteral("rows"), 18}});
    }
    {
        const VerifyCheckpoint again(folder.path(), name, "key", false);
        QCOMPARE(again.takenOver(), 2);
        QCOMPARE(again.done(QStringLiteral("2"))->value(QStringLiteral("rows")).toInt(), 18);
        QVERIFY(!again.done(QStringLiteral("3")));
    }
    VerifyCheckpoint third(folder.path(), name, "key", false);
    third.add(QStringLiteral("3"), {});
    QCOMPARE(VerifyCheckpoint(folder.path(), name, "key", false).takenOver(), 3);
    third.remove();
    QVERIFY(partFiles(folder).isEmpty());
    VerifyCheckpoint(folder.path(), name, "key", false).add(QStringLiteral("1"), {});
    QCOMPARE(VerifyCheckpoint(folder.path(), name, "another key", false).takenOver(), 0);
    VerifyCheckpoint(folder.path(), name, "key", false).add(QStringLiteral("1"), {});
    QCOMPARE(VerifyCheckpoint(folder.path(), name, "key", true).takenOver(), 0);
}

void ResumeVerifyTest::cutLineIsLeftOut()
{
    QTemporaryDir folder;
    VerifyCheckpoint(folder.path(), QStringLiteral("c"), "key", false).add(QStringLiteral("1"), {});
    QFile file(folder.filePath(partFiles(folder).first()));
    QVERIFY(file.open(QIODevice::Append));
    file.write("{\"part\":\"2\",\"result\":{\"ro");
    file.close();
    VerifyCheckpoint cut(folder.path(), QStringLiteral("c"), "key", false);
    QCOMPARE(cut.takenOver(), 1);
    cut.add(QStringLiteral("3"), {});
    QCOMPARE(VerifyCheckpoint(folder.path(), QStringLiteral("c"), "key", false).takenOver(), 2);
}

void ResumeVerifyTest::fullGoesOn()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QTemporaryDir folder;
    VerifyRequest request = migrated(bench, 8'000, folder.path());
    request.lanes = 1;
    QVERIFY(bench.database.execute(
        "DELETE FROM things WHERE id = 3; UPDATE things SET payload = '{}' WHERE id = 7990"));
    // Stopped when half of the points were met.
    std::stop_source stop;
    const auto interrupted = makeVerifier()->verify(
        request,
        [&stop](const QString&, double fraction, const QString&) {
            if (fraction > 0.5)
                stop.request_stop();
        },
        stop.get_token());
    QVERIFY(!interrupted);
    QCOMPARE(interrupted.error().kind, ErrorKind::Cancelled);
    QCOMPARE(partFiles(folder).size(), 1);

    const auto outcomes = makeVerifier()->verify(request, {}, {});
    QVERIFY2(outcomes.has_value(), outcomes ? "" : qPrintable(outcomes.error().toText()));
    const VerificationOutcome& outcome = outcomes->first();
    QVERIFY2(outcome.sentence.contains(QStringLiteral("that was interrupted")), qPrintable(outcome.sentence));
    QCOMPARE(outcome.sourceCount, 8'000);
    QCOMPARE(outcome.comparedRows, 7'999);
    QCOMPARE(outcome.mismatchCount, 2);
    QStringList found;
    for (const Mismatch& mismatch : outcome.mismatches)
        found << mismatch.type + QLatin1Char(' ') + mismatch.pointId;
    found.sort();
    QCOMPARE(found, (QStringList{QStringLiteral("content 7990"), QStringLiteral("missing 3")}));
    QFile file(outcome.mismatchFile);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll().trimmed().split('\n').size(), 2);
    QVERIFY(partFiles(folder).isEmpty());

    // Once it ended the next one begins anew.
    const auto fresh = makeVerifier()->verify(request, {}, {});
    QVERIFY(fresh.has_value());
    QVERIFY(!fresh->first().sentence.contains(QStringLiteral("that was interrupted")));
    QCOMPARE(fresh->first().mismatchCount, 2);
}

void ResumeVerifyTest::sessionsAreReadOnly()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QTemporaryDir folder;
    VerifyRequest request = migrated(bench, 500, folder.path());
    // Whatever verification writes would be an error; that a temporary table cannot be made shows that it
    // counts.
    request.target.settings.append({QStringLiteral("default_transaction_read_only"), QStringLiteral("on")});
    auto connection = Connection::open(request.target);
    QVERIFY(connection.has_value());
    QVERIFY(!connection->execute("CREATE TABLE written (a int)"));
    bench.server.log().clear();
    for (const VerifyLevel level : {VerifyLevel::Counts, VerifyLevel::Digest, VerifyLevel::Full}) {
        request.level = level;
        const auto outcomes = makeVerifier()->verify(request, {}, {});
        QVERIFY2(outcomes.has_value(), outcomes ? "" : qPrintable(outcomes.error().toText()));
        QCOMPARE(outcomes->first().result, QStringLiteral("identical"));
    }
    const auto requests = bench.server.log().all();
    QVERIFY(!requests.empty());
    for (const demo::LoggedRequest& logged : requests) {
        const bool reads = logged.method == "GET"
            || (logged.method == "POST"
                && (logged.target.find("/points/scroll") != std::string::npos
                    || logged.target.find("/points/count") != std::string::npos));
        QVERIFY2(reads, (logged.method + ' ' + logged.target).c_str());
    }
}

QTEST_GUILESS_MAIN(ResumeVerifyTest)
#include "resumetest.moc"
