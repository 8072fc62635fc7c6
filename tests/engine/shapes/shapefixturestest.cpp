// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/shapes/shapefixtures.h"
#include "tests/engine/shapes/shapecheck.h"

#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The main shapes without the recordings, and what surrounds a collection: aliases, metadata, shard keys.
class ShapeFixturesTest : public QObject {
    Q_OBJECT
private slots:
    void shapes_data();
    void shapes();
    void manyDimensions_data();
    void manyDimensions();
    void shardKeys();
    void aliasesAndMetadata();
    void nulPolicies();
};

void ShapeFixturesTest::shapes_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < int(shapeFixtures().size()); ++i)
        QTest::newRow(shapeFixtures()[std::size_t(i)].name) << i;
}

void ShapeFixturesTest::shapes()
{
    QFETCH(int, index);
    const Fixture& fixture = shapeFixtures()[std::size_t(index)];
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("docs", fixture.definition, fixture.points);
    const ShapeResult result = checkShape(bench, QStringLiteral("docs"));
    QVERIFY2(result.differences.isEmpty(), qPrintable(result.differences.join(QLatin1Char('\n'))));
    QCOMPARE(int(result.rejects.size()), fixture.rejected);
    QCOMPARE(result.idColumn(), QString::fromLatin1(fixture.idColumn));
    if (fixture.vectorColumns)
        QCOMPARE(
            result.vectorColumns().join(QStringLiteral(", ")), QString::fromLatin1(fixture.vectorColumns));
}

void ShapeFixturesTest::manyDimensions_data()
{
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<QString>("indexed");
    QTest::newRow("direct") << 2000 << QStringLiteral("vector_cosine_ops");
    QTest::newRow("by halves") << 2001 << QStringLiteral("halfvec(2001)");
    QTest::newRow("by bits") << 4001 << QStringLiteral("bit(4001)");
    QTest::newRow("too many") << 16001 << QString();
}

void ShapeFixturesTest::manyDimensions()
{
    QFETCH(int, dimensions);
    QFETCH(QString, indexed);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    std::string points = "[";
    for (int i = 0; i < 3; ++i) {
        points += (i > 0 ? "," : "") + std::string(R"({"id":)") + std::to_string(i) + R"(,"vector":[)";
        for (int k = 0; k < dimensions; ++k)
            points += (k > 0 ? "," : "") + std::to_string((k * 7 + i) % 11 - 5);
        points += "]}";
    }
    const std::string definition =
        R"({"vectors":{"distance":"Cosine","size":)" + std::to_string(dimensions) + "}}";
    bench.create("docs", definition, points + "]");
    const ShapeResult result = checkShape(bench, QStringLiteral("docs"));
    QVERIFY2(result.differences.isEmpty(), qPrintable(result.differences.join(QLatin1Char('\n'))));
    const QString definitions = bench.database.scalar(
        "SELECT string_agg(indexdef, '; ') FROM pg_indexes WHERE indexdef LIKE '%USING hnsw%'");
    if (indexed.isEmpty()) {
        QCOMPARE(definitions, QString());
        QCOMPARE(result.vectorColumns(), QStringList{QStringLiteral("jsonb")});
        const bool said = std::any_of(result.findings.begin(), result.findings.end(),
            [](const Finding& finding) { return finding.code == QLatin1String("dimensions-over-16000"); });
        QVERIFY(said);
        return;
    }
    QVERIFY2(definitions.contains(indexed), qPrintable(definitions));
    QCOMPARE(bench.database.scalar("SELECT id FROM match_docs((SELECT embedding FROM docs WHERE id = 1), 1)"),
        QStringLiteral("1"));
}

void ShapeFixturesTest::shardKeys()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    auto collection = bench.server.store().create(
        "docs", R"({"vectors":{"size":1,"distance":"Dot"},"sharding_method":"custom"})");
    QVERIFY(collection);
    (*collection)->write([](demo::CollectionState& state) { state.shardKeys = {"\"eu\"", "7", "\"7\""}; });
    const std::string point = R"X([{"id":1,"vector":[1]}])X";
    const std::vector<std::string> keys{"\"eu\"", "7", "\"7\""};
    for (const std::string& key : keys) {
        const auto stored = (*collection)->upload(*demo::Json::parse(point), key);
        QVERIFY(stored);
    }
    const ShapeResult result = checkShape(bench, QStringLiteral("docs"));
    QVERIFY2(result.differences.isEmpty(), qPrintable(result.differences.join(QLatin1Char('\n'))));
    QCOMPARE(int(result.rows.size()), 3);
    QCOMPARE(result.plan.shardKeyType, QStringLiteral("jsonb"));
}

void ShapeFixturesTest::aliasesAndMetadata()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    auto collection =
        bench.create("docs", R"({"vectors":{"size":1,"distance":"Dot"}})", R"([{"id":1,"vector":[1]}])");
    const std::string metadata = R"X({"owner":"it's mine"})X";
    const bool set = collection->write([&metadata](demo::CollectionState& state) {
        return state.config.setMember("metadata", metadata).has_value();
    });
    QVERIFY(set);
    bench.server.store().setAlias("current docs", "docs");
    const ShapeResult result = checkShape(bench, QStringLiteral("docs"),
        [](CollectionPlan& plan) { plan.aliasViews = {QStringLiteral("current docs")}; });
    QVERIFY2(result.differences.isEmpty(), qPrintable(result.differences.join(QLatin1Char('\n'))));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM \"current docs\""), QStringLiteral("1"));
    QVERIFY(
        bench.database.scalar("SELECT obj_description('docs'::regclass)").contains(QLatin1String("owner")));
}

void ShapeFixturesTest::nulPolicies()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("docs", R"({"vectors":{"size":1,"distance":"Dot"}})",
        R"([{"id":1,"vector":[1],"payload":{"a":"x\u0000y","b\u0000":"\\u0000"}}])");
    for (const auto& [policy, table, wanted] :
        {std::tuple(NulPolicy::Strip, "stripped", R"({"a": "xy", "b": "\\u0000"})"),
            std::tuple(NulPolicy::Replace, "replaced",
                "{\"a\": \"x\xEF\xBF\xBDy\", \"b\xEF\xBF\xBD\": \"\\\\u0000\"}")}) {
        const ShapeResult result =
            checkShape(bench, QStringLiteral("docs"), [policy = policy, table = table](CollectionPlan& plan) {
                plan.payload.nul = policy;
                plan.table = QString::fromLatin1(table);
            });
        QVERIFY2(result.differences.isEmpty(), qPrintable(result.differences.join(QLatin1Char('\n'))));
        QCOMPARE(
            bench.database.scalar(QByteArray("SELECT payload FROM ") + table), QString::fromUtf8(wanted));
    }
}

QTEST_GUILESS_MAIN(ShapeFixturesTest)
#include "shapefixturestest.moc"
