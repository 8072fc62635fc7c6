// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/plancheck.h"
#include "core/plan/proposal.h"
#include "core/plan/targetschema.h"
#include "demo/server/standinserver.h"
#include "tests/support/testpostgres.h"

#include <QTest>

using namespace qdrant2pg;

/// The check as it is made before a run: both servers are asked, nothing is left behind.
class GatherTest : public QObject {
    Q_OBJECT

private slots:
    void freshTargetIsClean();
    void existingTableIsSeen();
    void aliasOverATableIsSeen();
};

namespace {

struct Bench {
    demo::StandInServer server;
    test::TestPostgres database;
    std::optional<QdrantClient> client;

    Bench()
    {
        if (!server.start())
            qFatal("the stand-in does not start");
        auto collection = server.store().create("docs", R"({"vectors":{"size":2,"distance":"Cosine"}})");
        const auto stored =
            (*collection)->upload(*demo::Json::parse(R"([{"id":1,"vector":[1,0],"payload":{"a":1}}])"));
        if (!stored)
            qFatal("%s", stored.error().c_str());
        SourceOptions source;
        source.url = QUrl(QString::fromStdString(server.url()));
        client.emplace(source);
    }

    MigrationPlan plan()
    {
        MigrationPlan plan;
        const auto facts = readCollectionFacts(*client, QStringLiteral("docs"), {});
        plan.collections << *proposeCollection(*facts, QStringLiteral("generic"), std::nullopt);
        return plan;
    }

    CheckInput gather(const MigrationPlan& plan)
    {
        auto connection = Connection::open(database.options());
        if (!connection)
            qFatal("%s", qPrintable(connection.error().toText()));
        const auto input = gatherCheckInput(plan, *client, *connection, {}, true);
        if (!input)
            qFatal("%s", qPrintable(input.error().toText()));
        return *input;
    }

    QString relations() const
    {
        return database.scalar("SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE "
                               "relnamespace = 'public'::regnamespace");
    }
};

const Finding* find(const QList<Finding>& findings, const char* code)
{
    for (const Finding& finding : findings) {
        if (finding.code == QLatin1String(code))
            return &finding;
    }
    return nullptr;
}

} // namespace

void GatherTest::freshTargetIsClean()
{
    Bench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const QString before = bench.relations();
    const CheckInput input = bench.gather(bench.plan());
    QVERIFY(input.writeProbeMade && !input.writeProbe);
    QVERIFY(input.server->vectorVersion.has_value());
    const QList<Finding> findings = checkPlan(input);
    for (const Finding& finding : findings)
        QVERIFY2(finding.severity == Severity::Info,
            qPrintable(finding.code + QStringLiteral(": ") + finding.text));
    QVERIFY(find(findings, "estimate"));
    QCOMPARE(bench.relations(), before);
}

void GatherTest::existingTableIsSeen()
{
    Bench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const MigrationPlan plan = bench.plan();
    QVERIFY(bench.database.execute(
        "CREATE TABLE docs (id bigint PRIMARY KEY, embedding vector(768), payload jsonb)"));
    CheckInput input = bench.gather(plan);
    QVERIFY(find(checkPlan(input), "table-exists"));
    input.plan.collections.first().mode = TableMode::Append;
    QVERIFY(find(checkPlan(input), "dimension-mismatch"));

    QVERIFY(bench.database.execute("DROP TABLE docs"));
    const auto schema = targetSchema(plan, plan.collections.first(), input.server);
    for (const DdlStatement& statement : schema->before + schema->primaryKey + schema->indexes)
        QVERIFY(bench.database.execute(statement.sql.toUtf8()));
    input = bench.gather(plan);
    const QList<Finding> findings = checkPlan(input);
    QVERIFY(find(findings, "table-exists"));
    input.plan = *applyFix(input.plan, *find(findings, "table-exists"));
    QVERIFY(input.plan.collections.first().mode == TableMode::Append);
    // The plan's own table fits the plan; its index carries the plan's own name, so it is not planned twice.
    const QList<Finding> appended = checkPlan(input);
    QVERIFY(!hasBlocker(appended));
    QVERIFY(find(appended, "vector-index-present"));
    QVERIFY(!find(appended, "index-twice"));
}

void GatherTest::aliasOverATableIsSeen()
{
    Bench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    MigrationPlan plan = bench.plan();
    plan.collections.first().aliasViews << QStringLiteral("taken");
    QVERIFY(bench.database.execute("CREATE TABLE taken (id int)"));
    const QList<Finding> findings = checkPlan(bench.gather(plan));
    const Finding* finding = find(findings, "alias-name-taken");
    QVERIFY(finding);
    QVERIFY(applyFix(plan, *finding)->collections.first().aliasViews.isEmpty());
}

QTEST_GUILESS_MAIN(GatherTest)
#include "gathertest.moc"
