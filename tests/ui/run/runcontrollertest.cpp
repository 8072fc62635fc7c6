// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/runcontroller.h"
#include "core/verify/verifier.h"
#include "tests/ui/run/runbench.h"
#include "ui/models/progressmodel.h"
#include "ui/services/notifier.h"
#include "ui/services/runrecords.h"
#include "ui/services/verifycontroller.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

RunRequest requestOf(const PlanDraft& draft)
{
    RunRequest request;
    request.plan = draft.plan();
    request.source = draft.sourceOptions();
    request.target = draft.targetOptions();
    request.verifier = makeVerifier();
    return request;
}

QByteArray contents(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

/// The controllers of a run and of a verification, without any window.
class RunControllerTest : public QObject {
    Q_OBJECT
private slots:
    void aRunEndsWithAVerifiedReport();
    void pauseIsShownAndResumed();
    void aStoppedRunIsContinued();
    void abortEndsResumable();
    void anErrorKeepsItsWords();
    void verificationFindsWhatWasChanged();
    void aCancelledVerificationSaysNothingMore();
    void progressModelIsConsistent();
    void sharesAreHonest();
    void notificationsOnlyForThoseWhoWaited();
};

void RunControllerTest::aRunEndsWithAVerifiedReport()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 500);
    reviewPlan(bench, {QStringLiteral("game")});
    RunController run(bench.threads, bench.log);
    QSignalSpy finished(&run, &RunController::finished);
    QSignalSpy kept(&run, &RunController::kept);
    run.start(requestOf(bench.draft));
    QVERIFY(run.isRunning());
    QTRY_COMPARE_WITH_TIMEOUT(kept.size(), 1, 60'000);
    QCOMPARE(finished.size(), 1);
    QCOMPARE(kept.first().first().toStringList(), QStringList());
    QCOMPARE(run.state(), RunState::Completed);
    QVERIFY(run.report());
    QVERIFY2(run.report()->isGood(), qPrintable(run.report()->verdict()));
    QCOMPARE(run.report()->totals().stored, 500);
    QCOMPARE(run.report()->collections.first().verification.result, QStringLiteral("identical"));
    for (const char* name :
        {"plan.json", "progress.json", "report.json", "report.md", "report.html", "run.log"})
        QVERIFY2(!contents(run.folder() + QLatin1Char('/') + QLatin1String(name)).isEmpty(), name);
    const QString stored = bench.database.scalar("SELECT count(report) FROM qdrant2pg.run");
    QCOMPARE(stored, QStringLiteral("1"));
    const QList<RunRecord> records = readRunRecords(defaultRunsFolder());
    QVERIFY(!records.isEmpty());
    QCOMPARE(records.first().runId, run.runId());
    QVERIFY(!records.first().isUnfinished());
}

void RunControllerTest::pauseIsShownAndResumed()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 50);
    RunController run(bench.threads, bench.log);
    run.start(requestOf(bench.draft));
    QTRY_VERIFY_WITH_TIMEOUT(run.progress().stored() > 0, 30'000);
    run.pause();
    QVERIFY(run.state() == RunState::Pausing || run.state() == RunState::Paused);
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), RunState::Paused, 20'000);
    const qint64 stored = run.progress().stored();
    bench.server.faults().clear();
    run.resume();
    QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), 60'000);
    QCOMPARE(run.state(), RunState::Completed);
    QVERIFY(stored < 2000);
    QVERIFY(std::any_of(run.samples().begin(), run.samples().end(),
        [](const ReportSample& sample) { return sample.mark == QLatin1String("pause"); }));
    QCOMPARE(run.report()->totals().stored, 2000);
}

void RunControllerTest::aStoppedRunIsContinued()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 50);
    RunController run(bench.threads, bench.log);
    QSignalSpy kept(&run, &RunController::kept);
    RunRequest request = requestOf(bench.draft);
    Finding warning;
    warning.severity = Severity::Warning;
    warning.text = QStringLiteral("The index will not fit into memory.");
    request.findings = {warning};
    run.start(request);
    QTRY_VERIFY_WITH_TIMEOUT(run.progress().stored() > 0, 30'000);
    run.stop();
    QCOMPARE(run.state(), RunState::Cancelling);
    QTRY_COMPARE_WITH_TIMEOUT(kept.size(), 1, 60'000);
    QCOMPARE(run.state(), RunState::Cancelled);
    QVERIFY(run.canContinue());
    const QString id = run.runId();
    const QList<RunRecord> records = readRunRecords(defaultRunsFolder());
    QVERIFY(records.first().isUnfinished());
    QCOMPARE(records.first().state, QStringLiteral("cancelled"));

    bench.server.faults().clear();
    run.startAgain();
    QTRY_COMPARE_WITH_TIMEOUT(kept.size(), 2, 60'000);
    QCOMPARE(run.runId(), id);
    QCOMPARE(run.state(), RunState::Completed);
    QCOMPARE(run.report()->totals().stored, 2000);
    QCOMPARE(run.report()->sessions, 2);
    QCOMPARE(run.report()->findings.size(), 1);
    QCOMPARE(run.report()->findings.first().text, warning.text);
    QVERIFY(run.report()->isGood());
}

void RunControllerTest::abortEndsResumable()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    reviewSlowGame(bench, 100);
    RunController run(bench.threads, bench.log);
    run.start(requestOf(bench.draft));
    QTRY_COMPARE_WITH_TIMEOUT(run.state(), RunState::Copying, 30'000);
    run.abort();
    QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), 30'000);
    QCOMPARE(run.state(), RunState::Cancelled);
    QVERIFY(run.canContinue());
}

void RunControllerTest::anErrorKeepsItsWords()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 10);
    reviewPlan(bench, {QStringLiteral("game")});
    RunRequest request = requestOf(bench.draft);
    request.source.url = QUrl(QStringLiteral("http://127.0.0.1:1"));
    request.retry = {
        .attempts = 1, .first = std::chrono::milliseconds(1), .cap = std::chrono::milliseconds(1)};
    RunController run(bench.threads, bench.log);
    run.start(request);
    QTRY_VERIFY_WITH_TIMEOUT(!run.isRunning(), 60'000);
    QCOMPARE(run.state(), RunState::Failed);
    QVERIFY(run.report()->error);
    QCOMPARE(run.report()->error->kind, ErrorKind::Network);
    QVERIFY(!run.report()->error->summary.isEmpty());
}

void RunControllerTest::verificationFindsWhatWasChanged()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 300);
    reviewPlan(bench, {QStringLiteral("game")});
    RunController run(bench.threads, bench.log);
    QSignalSpy kept(&run, &RunController::kept);
    run.start(requestOf(bench.draft));
    QTRY_COMPARE_WITH_TIMEOUT(kept.size(), 1, 60'000);
    QVERIFY(run.report()->isGood());
    QVERIFY(bench.database.execute("DELETE FROM game WHERE id = (SELECT min(id::text)::uuid FROM game)"));

    VerifyController verification(bench.threads);
    connect(&verification, &VerifyController::finished, &run, &RunController::adoptVerification);
    QSignalSpy failed(&verification, &VerifyController::failed);
    VerifyRequest request;
    request.plan = bench.draft.plan();
    request.source = bench.draft.sourceOptions();
    request.target = bench.draft.targetOptions();
    request.runId = run.runId();
    request.level = VerifyLevel::Full;
    request.outDir = run.folder();
    verification.start(request);
    QVERIFY(verification.isRunning());
    QTRY_COMPARE_WITH_TIMEOUT(kept.size(), 2, 60'000);
    QCOMPARE(failed.size(), 0);
    QVERIFY(run.report()->isDifferent());
    QCOMPARE(run.report()->collections.first().verification.mismatchCount, 1);
    QCOMPARE(
        run.report()->collections.first().verification.mismatches.first().type, QStringLiteral("missing"));
    QVERIFY(contents(run.folder() + QStringLiteral("/report.json")).contains("different"));
}

void RunControllerTest::aCancelledVerificationSaysNothingMore()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 300);
    reviewPlan(bench, {QStringLiteral("game")});
    RunController run(bench.threads, bench.log);
    QSignalSpy kept(&run, &RunController::kept);
    run.start(requestOf(bench.draft));
    QTRY_COMPARE_WITH_TIMEOUT(kept.size(), 1, 60'000);
    demo::FaultRule rule;
    rule.operation = "scroll";
    rule.times = 0;
    rule.fault = demo::Fault::stallAt(0);
    bench.server.faults().add(rule);

    VerifyController verification(bench.threads);
    QSignalSpy cancelled(&verification, &VerifyController::cancelled);
    QSignalSpy finished(&verification, &VerifyController::finished);
    VerifyRequest request;
    request.plan = bench.draft.plan();
    request.source = bench.draft.sourceOptions();
    request.target = bench.draft.targetOptions();
    request.runId = run.runId();
    request.level = VerifyLevel::Full;
    verification.start(request);
    QTRY_VERIFY_WITH_TIMEOUT(bench.server.stalled() > 0, 30'000);
    verification.cancel();
    QCOMPARE(cancelled.size(), 1);
    QVERIFY(!verification.isRunning());
    bench.server.faults().clear();
    bench.server.releaseStalls();
    QTRY_COMPARE(bench.server.stalled(), std::size_t(0));
    QCOMPARE(finished.size(), 0);
}

void RunControllerTest::progressModelIsConsistent()
{
    ProgressModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    MigrationPlan plan;
    for (const char* name : {"a", "b"}) {
        CollectionPlan collection;
        collection.name = QLatin1String(name);
        collection.table = QLatin1String(name);
        plan.collections << collection;
    }
    model.setPlan(plan);
    QCOMPARE(model.rowCount(), 2);
    RunProgress progress;
    progress.state = RunState::Copying;
    progress.lanes = 1;
    progress.elapsed = std::chrono::seconds(1);
    CollectionProgress a;
    a.collection = QStringLiteral("a");
    a.expected = 100;
    a.expectedExact = true;
    a.read = 50;
    a.stored = 45;
    a.rejected = 5;
    a.ranges = 2;
    a.rangesDone = 1;
    progress.collections << a;
    model.setProgress(progress);
    QCOMPARE(model.row(0, ProgressModel::Stage::Export).share, 0.5);
    QCOMPARE(model.row(0, ProgressModel::Stage::Load).share, 0.45);
    QCOMPARE(model.row(0, ProgressModel::Stage::Conversion).status, Status::Warning);
    QCOMPARE(model.row(1, ProgressModel::Stage::Export).status, Status::Waiting);
    QCOMPARE(model.row(0, ProgressModel::Stage::Indexes).status, Status::Waiting);
    progress.state = RunState::Failed;
    model.setProgress(progress);
    QCOMPARE(model.row(0, ProgressModel::Stage::Export).status, Status::Note);
    QCOMPARE(model.row(0, ProgressModel::Stage::Verification).status, Status::Skipped);
    model.setPlan({});
    QCOMPARE(model.rowCount(), 0);
}

void RunControllerTest::sharesAreHonest()
{
    RunProgress progress;
    progress.state = RunState::Preflight;
    QVERIFY(!dataShare(progress));
    progress.state = RunState::Copying;
    CollectionProgress small;
    small.expected = 100;
    small.read = 100;
    small.sourceBytes = 1000;
    small.ranges = 1;
    small.rangesDone = 1;
    CollectionProgress large = small;
    large.read = 50;
    large.sourceBytes = 50'000;
    large.rangesDone = 0;
    progress.collections = {small, large};
    // Bytes count, not collections: 1,000 + 50,000 of 1,000 + 100,000.
    QCOMPARE(qRound(*dataShare(progress) * 1000), 505);
    // Never 100 % while a range is open, though every expected point is in.
    progress.collections[1].read = 100;
    QVERIFY(*dataShare(progress) < 1);
    progress.collections[1].rangesDone = 1;
    QCOMPARE(*dataShare(progress), 1.0);
}

void RunControllerTest::notificationsOnlyForThoseWhoWaited()
{
    using namespace std::chrono_literals;
    QVERIFY(Notifier::isWorthTelling(31s, false, true));
    QVERIFY(!Notifier::isWorthTelling(29s, false, true));
    QVERIFY(!Notifier::isWorthTelling(31s, true, true));
    QVERIFY(!Notifier::isWorthTelling(31s, false, false));
}

QTEST_MAIN(RunControllerTest)
#include "runcontrollertest.moc"
