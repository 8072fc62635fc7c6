// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/reportbuilder.h"
#include "core/report/reportwriters.h"
#include "core/report/usefulsql.h"

#include <QtTest>

using namespace qdrant2pg;

namespace {

const QString canary = QStringLiteral("canary-8417-secret");

RunOutcome outcomeOf(qint64 source, qint64 stored, qint64 rejected)
{
    RunOutcome outcome;
    outcome.state = rejected > 0 ? RunState::CompletedWithRejects : RunState::Completed;
    outcome.runId = QStringLiteral("r1");
    outcome.startedAt = QDateTime(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC);
    outcome.finishedAt = outcome.startedAt.addSecs(10);
    outcome.plan.source.url = QStringLiteral("http://user:%1@qdrant:6333").arg(canary);
    outcome.plan.target.conninfo = QStringLiteral("host=db password=%1 dbname=app").arg(canary);
    CollectionPlan plan;
    plan.name = QStringLiteral("shop");
    plan.table = QStringLiteral("shop");
    VectorPlan vector;
    vector.column = QStringLiteral("embedding");
    vector.dimensions = 8;
    plan.vectors << vector;
    IndexPlan index;
    index.kind = QStringLiteral("hnsw");
    index.on << vector.column;
    index.opclass = QStringLiteral("vector_ip_ops");
    index.with.insert(QStringLiteral("ef_construction"), 200);
    plan.indexes << index;
    outcome.plan.collections << plan;
    CollectionOutcome collection;
    collection.collection = plan.name;
    collection.table = plan.table;
    collection.schema = QStringLiteral("public");
    collection.sourceCount = source;
    collection.read = source;
    collection.stored = stored;
    collection.rejected = rejected;
    collection.targetNow = stored;
    outcome.collections << collection;
    return outcome;
}

} // namespace

/// From what the engine says to what the report says.
class BuilderTest : public QObject {
    Q_OBJECT

private slots:
    void numbersAndOrigins();
    void unknownCountsStayUnknown();
    void verificationThatDidNotRunIsNotGreen();
    void noSecretSurvives();
    void searchUsesTheIndexsOperator();
    void searchUsesTheCollectionsDistance();
    void rollbackIsThere();
    void laterVerificationReplaces();
};

void BuilderTest::numbersAndOrigins()
{
    const RunReport report = buildReport(outcomeOf(10, 8, 2));
    QCOMPARE(report.collections.size(), 1);
    const ReportCollection& collection = report.collections.first();
    QCOMPARE(collection.source.value, std::optional<qint64>(10));
    QCOMPARE(collection.stored.value, std::optional<qint64>(8));
    QVERIFY(collection.reconciles());
    for (const ReportNumber* number : {&collection.source, &collection.read, &collection.stored,
             &collection.rejected, &collection.skipped, &collection.targetNow})
        QVERIFY(!number->origin.isEmpty());
    QCOMPARE(report.state, QStringLiteral("completed-with-rejects"));
    QVERIFY(report.nextSteps.join(QLatin1Char(' ')).contains(QStringLiteral("r1")));
}

void BuilderTest::unknownCountsStayUnknown()
{
    const RunReport report = buildReport(outcomeOf(-1, 8, 0));
    QVERIFY(!report.collections.first().source.value.has_value());
    QVERIFY(!report.totals().source.has_value());
    QVERIFY(!report.isGood());
}

void BuilderTest::verificationThatDidNotRunIsNotGreen()
{
    // The plan asks for digest, and the engine brought no outcome of it.
    const RunReport report = buildReport(outcomeOf(8, 8, 0));
    QCOMPARE(report.collections.first().verification.level, QStringLiteral("digest"));
    QCOMPARE(report.collections.first().verification.result, QStringLiteral("not-run"));
    QVERIFY(!report.isGood());
}

void BuilderTest::noSecretSurvives()
{
    RunOutcome outcome = outcomeOf(8, 7, 1);
    outcome.error = makeError(ErrorKind::Data, QStringLiteral("x"),
        QStringLiteral("connection string password=%1 refused").arg(canary));
    outcome.warnings << QStringLiteral("api-key: %1").arg(canary);
    outcome.rejects << RejectGroup{
        QStringLiteral("shop"), {}, "22000", QStringLiteral("Authorization: Bearer %1").arg(canary), 1, {}};
    outcome.collections.first().notes << QStringLiteral("postgres://u:%1@h/d").arg(canary);
    const RunReport report = buildReport(outcome);
    for (const QByteArray& bytes :
        {reportToJson(report), reportToMarkdown(report), reportToHtml(report), reportToText(report).toUtf8()})
        QVERIFY(!bytes.contains(canary.toUtf8()));
}

void BuilderTest::searchUsesTheIndexsOperator()
{
    const RunOutcome outcome = outcomeOf(8, 8, 0);
    const QList<UsefulSql> list =
        usefulSql(outcome.plan, outcome.plan.collections.first(), nullptr, std::nullopt);
    QString search;
    for (const UsefulSql& sql : list) {
        if (sql.what.startsWith(QStringLiteral("Search")))
            search = sql.sql;
    }
    QVERIFY(search.contains(QStringLiteral("<#>")));
    QVERIFY(search.contains(QStringLiteral("SET hnsw.ef_search = 200;")));
    QVERIFY(search.contains(QStringLiteral("\"public\".\"shop\"")));
}

void BuilderTest::searchUsesTheCollectionsDistance()
{
    RunOutcome outcome = outcomeOf(8, 8, 0);
    outcome.plan.collections.first().indexes.clear();
    DenseVectorInfo vector;
    vector.distance = Distance::Euclid;
    outcome.collections.first().info.vectors << vector;
    const QString steps = buildReport(outcome).collections.first().nextSteps.join(QLatin1Char('\n'));
    QVERIFY(steps.contains(QStringLiteral("<->")));
    QVERIFY(!steps.contains(QStringLiteral("<=>")));
}

void BuilderTest::rollbackIsThere()
{
    const RunReport report = buildReport(outcomeOf(8, 8, 0));
    QVERIFY(report.rollback.join(QLatin1Char(' ')).contains(QStringLiteral("DROP TABLE")));
}

void BuilderTest::laterVerificationReplaces()
{
    RunReport report = buildReport(outcomeOf(8, 8, 0));
    VerificationOutcome found;
    found.collection = QStringLiteral("shop");
    found.level = VerifyLevel::Full;
    found.result = QStringLiteral("identical");
    found.comparedRows = 8;
    setVerification(report, {found});
    QVERIFY(report.isGood());
    QCOMPARE(report.collections.first().verification.level, QStringLiteral("full"));
}

QTEST_GUILESS_MAIN(BuilderTest)
#include "buildertest.moc"
