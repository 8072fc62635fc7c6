// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/publishgate.h"
#include "tests/engine/support/migrationbench.h"

#include <QTest>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;

namespace {

/// Says what it was told to say.
class FixedVerifier : public Verifier {
public:
    explicit FixedVerifier(QString result)
        : m_result(std::move(result))
    {
    }
    Result<QList<VerificationOutcome>> verify(
        const VerifyRequest& request, const ProgressCallback&, std::stop_token) override
    {
        QList<VerificationOutcome> outcomes;
        for (const CollectionPlan& plan : request.plan.collections) {
            VerificationOutcome outcome;
            outcome.collection = plan.name;
            outcome.level = request.level;
            outcome.result = m_result;
            outcomes << outcome;
        }
        return outcomes;
    }

private:
    QString m_result;
};

} // namespace

/// A table is not replaced by rows that verification objects to, unless somebody names it.
class PublishGateTest : public QObject {
    Q_OBJECT
private slots:
    void decisions_data();
    void decisions();
    void swapsObeyIt_data();
    void swapsObeyIt();
};

void PublishGateTest::decisions_data()
{
    QTest::addColumn<QString>("result");
    QTest::addColumn<QStringList>("overrides");
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<bool>("overridden");
    const QStringList none;
    const QStringList named{QStringLiteral("things")};
    QTest::newRow("identical") << QStringLiteral("identical") << none << true << false;
    QTest::newRow("identical and named") << QStringLiteral("identical") << named << true << false;
    QTest::newRow("different") << QStringLiteral("different") << none << false << false;
    QTest::newRow("different but named") << QStringLiteral("different") << named << true << true;
    QTest::newRow("another table is named")
        << QStringLiteral("different") << QStringList{QStringLiteral("thing")} << false << false;
    QTest::newRow("failed") << QStringLiteral("failed") << none << false << false;
    QTest::newRow("not run") << QStringLiteral("not-run") << none << false << false;
    QTest::newRow("none") << QString() << none << false << false;
    QTest::newRow("none but named") << QString() << named << true << true;
}

void PublishGateTest::decisions()
{
    QFETCH(QString, result);
    QFETCH(QStringList, overrides);
    std::optional<VerificationOutcome> verification;
    if (!result.isEmpty()) {
        verification.emplace();
        verification->level = VerifyLevel::Digest;
        verification->result = result;
    }
    const PublishDecision decision = publishGate(QStringLiteral("things"), verification, overrides);
    QTEST(decision.allowed, "allowed");
    QTEST(decision.overridden, "overridden");
    QCOMPARE(decision.objection.isEmpty(), result == QLatin1String("identical"));
}

void PublishGateTest::swapsObeyIt_data()
{
    QTest::addColumn<QString>("result");
    QTest::addColumn<QStringList>("overrides");
    QTest::addColumn<bool>("swapped");
    QTest::newRow("identical") << QStringLiteral("identical") << QStringList() << true;
    QTest::newRow("different") << QStringLiteral("different") << QStringList() << false;
    QTest::newRow("not run") << QString() << QStringList() << false;
    QTest::newRow("overridden") << QStringLiteral("different") << QStringList{QStringLiteral("things")}
                                << true;
    QTest::newRow("not run, overridden") << QString() << QStringList{QStringLiteral("things")} << true;
}

void PublishGateTest::swapsObeyIt()
{
    QFETCH(QString, result);
    QFETCH(QStringList, overrides);
    QFETCH(bool, swapped);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X",
        R"X([{"id":1,"vector":[1,2]},{"id":2,"vector":[3,4]}])X");
    QCOMPARE(bench.run(bench.request(QStringLiteral("things"))).state, RunState::Completed);
    QVERIFY(bench.database.execute("INSERT INTO things (id) VALUES (99)"));
    RunRequest request = bench.request(QStringLiteral("things"));
    request.plan.collections.first().mode = TableMode::Replace;
    request.plan.run.verify = result.isEmpty() ? VerifyLevel::None : VerifyLevel::Digest;
    if (!result.isEmpty())
        request.verifier = std::make_shared<FixedVerifier>(result);
    request.overrideVerification = overrides;
    const RunOutcome run = bench.run(request);
    QVERIFY2(run.state == RunState::Completed, run.error ? qPrintable(run.error->toText()) : "");
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM things"),
        swapped ? QStringLiteral("2") : QStringLiteral("3"));
    const bool overridden = !overrides.isEmpty();
    QCOMPARE(run.collections.first().notes.filter(QStringLiteral("--override-verification")).size(),
        overridden ? 1 : 0);
    QCOMPARE(run.warnings.isEmpty(), swapped && !overridden);
}

QTEST_GUILESS_MAIN(PublishGateTest)
#include "publishgatetest.moc"
