// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>

#include "core/verify/verifier.h"
#include "tests/engine/transport/enginedoors.h"
#include "tests/engine/verify/mutations.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// Verification reads the source over the transport of the run, with the same result, and within the same
/// limits.
class TransportVerifyTest : public QObject {
    Q_OBJECT

private slots:
    void findsEveryChange_data();
    void findsEveryChange();
    void readsAgainWhatIsInexact();
    void goesByThePlan();
    void saysThatThereIsNoGrpc();
    void staysWithinTheLimits_data();
    void staysWithinTheLimits();
    void usesLanesWithoutALimit();
    void waitsForItsTurn();

private:
    /// "things" of that many points.
    static void generate(EngineDoors& doors, int points);
    VerifyRequest verifyRequest(const RunRequest& request, const QString& runId) const;
    static VerificationOutcome verify(const VerifyRequest& request);
    QTemporaryDir m_dir;
};

void TransportVerifyTest::generate(EngineDoors& doors, int points)
{
    demo::Recipe recipe;
    recipe.points = static_cast<std::uint64_t>(points);
    recipe.ids = demo::IdKind::Uuid;
    recipe.dimensions = 12;
    recipe.payloadBytes = 90;
    doors.bench.generate("things", recipe);
}

VerifyRequest TransportVerifyTest::verifyRequest(const RunRequest& request, const QString& runId) const
{
    VerifyRequest verify;
    verify.plan = request.plan;
    verify.source = request.source;
    verify.target = request.target;
    verify.runId = runId;
    verify.level = VerifyLevel::Full;
    verify.outDir = m_dir.path();
    return verify;
}

VerificationOutcome TransportVerifyTest::verify(const VerifyRequest& request)
{
    auto outcomes = makeVerifier()->verify(request, {}, {});
    if (!outcomes)
        qFatal("%s", qPrintable(outcomes.error().toText()));
    return outcomes->first();
}

void TransportVerifyTest::findsEveryChange_data()
{
    QTest::addColumn<bool>("grpc");
    QTest::addColumn<int>("mutation");
    for (const bool grpc : {false, true}) {
        for (std::size_t k = 0; k < mutations().size(); ++k)
            QTest::addRow("%s, %s", grpc ? "gRPC" : "REST", mutations()[k].name)
                << grpc << static_cast<int>(k);
    }
}

void TransportVerifyTest::findsEveryChange()
{
    QFETCH(bool, grpc);
    QFETCH(int, mutation);
    EngineDoors doors;
    QDRANT2PG_REQUIRE_POSTGRES(doors.bench.database);
    generate(doors, 500);
    QVERIFY(doors.door.start().has_value());
    RunRequest request = doors.request(
        QStringLiteral("things"), grpc ? TransportChoice::Grpc : TransportChoice::Rest, VerifyLevel::Full);
    request.plan.run.ranges = 5;
    request.plan.collections.first().indexes.clear();
    const RunOutcome run = doors.bench.run(request);
    QVERIFY2(run.state == RunState::Completed, qPrintable(errorText(run)));
    const QString transport = grpc ? QStringLiteral("gRPC") : QStringLiteral("REST");
    const auto& clean = run.collections.first().verification;
    QVERIFY(clean.has_value());
    QVERIFY2(clean->result == QLatin1String("identical"), qPrintable(clean->sentence));
    QCOMPARE(clean->transport, transport);
    QVERIFY2(clean->sentence.contains(QStringLiteral("The points were read over %1.").arg(transport)),
        qPrintable(clean->sentence));

    std::mt19937 random(static_cast<unsigned>(mutation) + 1);
    QStringList expected;
    QVERIFY(mutations()[static_cast<std::size_t>(mutation)].apply(doors.bench, random, expected));
    expected.sort();
    const std::uint64_t before = doors.door.calls();
    const VerificationOutcome found = verify(verifyRequest(request, run.runId));
    QCOMPARE(found.result, QStringLiteral("different"));
    QCOMPARE(describedMismatches(found), expected);
    QCOMPARE(found.transport, transport);
    QCOMPARE(doors.door.calls() > before, grpc);
}

void TransportVerifyTest::readsAgainWhatIsInexact()
{
    EngineDoors doors;
    QDRANT2PG_REQUIRE_POSTGRES(doors.bench.database);
    std::string points = "[";
    for (int id = 0; id < 30; ++id)
        points += (id != 0 ? ",{\"id\":" : "{\"id\":") + std::to_string(id)
            + R"(,"vector":[1,2],"payload":{"n":)"
            + (id % 10 == 3 ? "18446744073709551615" : std::to_string(id)) + "}}";
    doors.bench.create("things", R"({"vectors":{"size":2,"distance":"Dot"}})", points + ']');
    QVERIFY(doors.door.start().has_value());
    const RunRequest request =
        doors.request(QStringLiteral("things"), TransportChoice::Grpc, VerifyLevel::Full);
    const RunOutcome run = doors.bench.run(request);
    QVERIFY2(run.state == RunState::Completed, qPrintable(errorText(run)));
    QCOMPARE(run.collections.first().verification->result, QStringLiteral("identical"));
    // As gRPC alone would have brought it.
    QVERIFY(doors.bench.database.execute(
        "UPDATE things SET payload = '{\"n\": 18446744073709552000}' WHERE id = 13"));
    const VerificationOutcome found = verify(verifyRequest(request, run.runId));
    QCOMPARE(describedMismatches(found), QStringList{QStringLiteral("content 13 payload")});
    QCOMPARE(found.mismatches.first().sourceValue, QStringLiteral("{\"n\": 18446744073709551615}"));
}

void TransportVerifyTest::goesByThePlan()
{
    EngineDoors doors;
    QDRANT2PG_REQUIRE_POSTGRES(doors.bench.database);
    generate(doors, 50);
    QVERIFY(doors.door.start().has_value());
    const RunRequest request = doors.request(QStringLiteral("things"), TransportChoice::Rest);
    const RunOutcome run = doors.bench.run(request);
    QVERIFY2(run.state == RunState::Completed, qPrintable(errorText(run)));
    VerifyRequest again = verifyRequest(request, run.runId);
    for (const auto& [choice, transport] : {std::pair{TransportChoice::Rest, "REST"},
             std::pair{TransportChoice::Grpc, "gRPC"}, std::pair{TransportChoice::Auto, "gRPC"}}) {
        again.plan.source.transport = choice;
        QCOMPARE(verify(again).transport, QLatin1String(transport));
    }
    // Nothing is read again.
    again.level = VerifyLevel::Digest;
    const std::uint64_t before = doors.door.calls();
    QCOMPARE(verify(again).transport, QString());
    QCOMPARE(doors.door.calls(), before);
    // A filter that gRPC does not carry.
    again.level = VerifyLevel::Full;
    again.plan.collections.first().filterJson = R"({"must":[],"must_not":[{"has_id":[1]}]})";
    const VerificationOutcome filtered = verify(again);
    QCOMPARE(filtered.transport, QStringLiteral("REST"));
    QVERIFY2(filtered.result == QLatin1String("identical"), qPrintable(filtered.sentence));
}

void TransportVerifyTest::saysThatThereIsNoGrpc()
{
    EngineDoors doors;
    QDRANT2PG_REQUIRE_POSTGRES(doors.bench.database);
    generate(doors, 50);
    QVERIFY(doors.door.start().has_value());
    const RunRequest request = doors.request(QStringLiteral("things"), TransportChoice::Grpc);
    const RunOutcome run = doors.bench.run(request);
    QVERIFY2(run.state == RunState::Completed, qPrintable(errorText(run)));
    doors.door.stop();
    const auto outcomes = makeVerifier()->verify(verifyRequest(request, run.runId), {}, {});
    QVERIFY(!outcomes.has_value());
    QCOMPARE(outcomes.error().kind, ErrorKind::Network);
}

void TransportVerifyTest::staysWithinTheLimits_data()
{
    QTest::addColumn<bool>("grpc");
    QTest::addColumn<int>("limit");
    for (const bool grpc : {false, true}) {
        for (const int limit : {1, 2})
            QTest::addRow("%s, %d", grpc ? "gRPC" : "REST", limit) << grpc << limit;
    }
}

void TransportVerifyTest::staysWithinTheLimits()
{
    QFETCH(bool, grpc);
    QFETCH(int, limit);
    EngineDoors doors;
    QDRANT2PG_REQUIRE_POSTGRES(doors.bench.database);
    generate(doors, 2000);
    QVERIFY(doors.door.start().has_value());
    RunRequest request = doors.request(
        QStringLiteral("things"), grpc ? TransportChoice::Grpc : TransportChoice::Rest, VerifyLevel::Full);
    request.plan.run.lanes = 5;
    request.plan.run.ranges = 20;
    request.plan.run.pageBytes = 20'000;
    request.plan.run.maxRequestsInFlight = limit;
    const RunOutcome run = doors.bench.run(request);
    QVERIFY2(run.state == RunState::Completed, qPrintable(errorText(run)));
    QCOMPARE(run.collections.first().stored, 2000);
    const auto& verification = run.collections.first().verification;
    QVERIFY(verification && verification->result == QLatin1String("identical"));
    QVERIFY(doors.bench.server.mostRequestsAtOnce() <= limit);
    QVERIFY(doors.door.mostAtOnce() <= limit);
    QCOMPARE(doors.door.calls() > 0, grpc);
}

void TransportVerifyTest::usesLanesWithoutALimit()
{
    EngineDoors doors;
    QDRANT2PG_REQUIRE_POSTGRES(doors.bench.database);
    generate(doors, 400);
    // Answers none of the lanes before three of them have asked.
    std::mutex mutex;
    std::condition_variable changed;
    int pages = 0;
    bool counting = false;
    doors.bench.server.setObserver([&](const demo::HttpRequest& request) {
        std::unique_lock lock(mutex);
        if (!counting || request.body.find("\"with_vector\":true") == std::string::npos)
            return;
        ++pages;
        changed.notify_all();
        changed.wait_for(lock, std::chrono::seconds(30), [&] { return pages > 2; });
    });
    // The observer is read when a connection begins.
    QVERIFY(doors.bench.server.restart().has_value());
    RunRequest request = doors.request(QStringLiteral("things"), TransportChoice::Rest);
    request.plan.run.lanes = 3;
    request.plan.run.ranges = 6;
    {
        const std::lock_guard lock(mutex);
        counting = true;
    }
    const RunOutcome run = doors.bench.run(request);
    QVERIFY2(run.state == RunState::Completed, qPrintable(errorText(run)));
    QCOMPARE(doors.bench.server.mostRequestsAtOnce(), 3);
}

void TransportVerifyTest::waitsForItsTurn()
{
    EngineDoors doors;
    QDRANT2PG_REQUIRE_POSTGRES(doors.bench.database);
    generate(doors, 5000);
    std::mutex mutex;
    std::condition_variable changed;
    int pages = 0;
    bool counting = false;
    doors.bench.server.setObserver([&](const demo::HttpRequest& request) {
        const std::lock_guard lock(mutex);
        if (counting && request.body.find("\"with_vector\":true") != std::string::npos)
            ++pages;
        changed.notify_all();
    });
    // The observer is read when a connection begins.
    QVERIFY(doors.bench.server.restart().has_value());
    const RunRequest request = doors.request(QStringLiteral("things"), TransportChoice::Rest);
    const RunOutcome run = doors.bench.run(request);
    QVERIFY2(run.state == RunState::Completed, qPrintable(errorText(run)));
    VerifyRequest again = verifyRequest(request, run.runId);
    again.lanes = 1;
    // The second page would come in a year.
    again.plan.run.maxPointsPerSecond = 1;
    {
        const std::lock_guard lock(mutex);
        counting = true;
    }
    std::stop_source stop;
    std::optional<Result<QList<VerificationOutcome>>> outcomes;
    {
        const std::jthread thread([&] { outcomes = makeVerifier()->verify(again, {}, stop.get_token()); });
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return pages > 0; });
        lock.unlock();
        stop.request_stop();
    }
    QVERIFY(outcomes.has_value());
    QVERIFY(!outcomes->has_value());
    QCOMPARE(outcomes->error().kind, ErrorKind::Cancelled);
    QCOMPARE(pages, 1);
}

QTEST_GUILESS_MAIN(TransportVerifyTest)
#include "verifytest.moc"
