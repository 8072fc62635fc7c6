// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/targetschema.h"
#include "core/plan/proposal.h"
#include "core/plan/schema/distances.h"
#include "core/postgres/identifiers.h"
#include "tests/support/testpostgres.h"
#include "tests/unit/plan/recordedfacts.h"

#include <QTest>

using namespace qdrant2pg;

/// The SQL that plans turn into, run by a real PostgreSQL: tables, indexes, functions, views, roll-back.
class TargetSchemaTest : public QObject {
    Q_OBJECT

private slots:
    void everyRecordedCollection_data();
    void everyRecordedCollection();
    void matchFunctions_data();
    void matchFunctions();
    void matchUsesTheIndex_data();
    void matchUsesTheIndex();
    void sparseMatch();
    void multivectorMatch();
    void arrayOfSmallint();
    void hybridSearch();
    void contextItems();
    void contextItemsOverManyDimensions();
    void parentInserts();
    void extensionInAnotherSchema();
    void ordinaryRoleMayCreateTheFunctions();
    void replaceKeepsTheViews();
    void rollbackLeavesNothing();
    void appendKeepsTheTable();
    void awkwardNames();
    void cleanupTestCase() { m_shared.reset(); }

private:
    std::unique_ptr<test::TestPostgres> m_shared;
};

namespace {

DenseVectorInfo dense(
    qint64 size, Distance distance = Distance::Cosine, VectorDatatype datatype = VectorDatatype::Float32)
{
    DenseVectorInfo info;
    info.size = size;
    info.distance = distance;
    info.datatype = datatype;
    return info;
}

CollectionFacts factsWith(const QList<DenseVectorInfo>& vectors)
{
    CollectionFacts facts;
    facts.info.name = QStringLiteral("docs");
    facts.info.vectors = vectors;
    facts.ids.hasNumbers = true;
    facts.ids.maxNumber = 1000;
    return facts;
}

MigrationPlan planFor(const CollectionFacts& facts, const QString& preset = QStringLiteral("generic"))
{
    MigrationPlan plan;
    const auto collection = proposeCollection(facts, preset, std::nullopt);
    if (!collection)
        qFatal("%s", qPrintable(collection.error().toText()));
    plan.collections << *collection;
    return plan;
}

TargetSchema schemaOf(const MigrationPlan& plan, const std::optional<ServerProfile>& server = std::nullopt)
{
    const auto schema = targetSchema(plan, plan.collections.first(), server);
    if (!schema)
        qFatal("%s", qPrintable(schema.error().toText()));
    return *schema;
}

bool runAll(const test::TestPostgres& database, const QList<DdlStatement>& statements)
{
    // One session, as the engine has it: a setting of one statement must not be needed by the next session.
    auto connection = Connection::open(database.options());
    if (!connection)
        return false;
    for (const DdlStatement& statement : statements) {
        const auto done = connection->execute(statement.sql.toUtf8());
        if (!done) {
            qWarning("%s\n%s", qPrintable(statement.sql), qPrintable(done.error().toText()));
            return false;
        }
    }
    return true;
}

/// A vector literal whose elements depend on n alone; of unit length when asked for.
QByteArray randomVectors(
    const QByteArray& table, const QByteArray& column, int dimensions, int rows, const QByteArray& type)
{
    return "INSERT INTO " + table + " (id, " + column
        + ", payload) SELECT n, (SELECT array_agg(sin(n * 12.9898 + d * 78.233) ORDER BY d)::real[]::vector"
        + (type == "halfvec" ? "::halfvec" : "") + " FROM generate_series(1, "
        + QByteArray::number(dimensions)
        + ") d), jsonb_build_object('n', n, 'even', n % 2 = 0) FROM generate_series(1, "
        + QByteArray::number(rows) + ") n";
}

} // namespace

void TargetSchemaTest::everyRecordedCollection_data()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    QTest::addColumn<QString>("info");
    QSet<QByteArray> seen;
    for (const QString& info : test::recordedInfos()) {
        const auto facts = test::recordedFacts(info);
        if (seen.contains(facts->info.configFingerprint() + info.section(QLatin1Char('/'), 0, 0).toUtf8()))
            continue;
        seen.insert(facts->info.configFingerprint() + info.section(QLatin1Char('/'), 0, 0).toUtf8());
        QTest::newRow(qPrintable(info)) << info;
    }
}

void TargetSchemaTest::everyRecordedCollection()
{
    QFETCH(QString, info);
    // One database for all: each row rolls back what it made.
    if (!m_shared)
        m_shared = std::make_unique<test::TestPostgres>();
    test::TestPostgres& database = *m_shared;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    const auto facts = test::recordedFacts(info);
    const MigrationPlan plan = planFor(*facts);
    const TargetSchema schema = schemaOf(plan);
    QVERIFY(runAll(database, schema.all()));
    // Idempotent where the engine may come back after a crash.
    QVERIFY(runAll(database, schema.after));
    QVERIFY(runAll(database, schema.rollback));
    QCOMPARE(
        database.scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), QStringLiteral("0"));
}

void TargetSchemaTest::matchFunctions_data()
{
    QTest::addColumn<int>("distance");
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<int>("datatype");
    for (const Distance distance : {Distance::Cosine, Distance::Dot, Distance::Euclid, Distance::Manhattan}) {
        const QByteArray name = distanceName(distance).toLatin1();
        QTest::newRow(name.constData())
            << static_cast<int>(distance) << 8 << static_cast<int>(VectorDatatype::Float32);
        QTest::newRow((name + " float16").constData())
            << static_cast<int>(distance) << 8 << static_cast<int>(VectorDatatype::Float16);
        QTest::newRow((name + " 2100").constData())
            << static_cast<int>(distance) << 2100 << static_cast<int>(VectorDatatype::Float32);
    }
    QTest::newRow("Cosine 4100") << static_cast<int>(Distance::Cosine) << 4100
                                 << static_cast<int>(VectorDatatype::Float32);
    QTest::newRow("Dot 4100 float16")
        << static_cast<int>(Distance::Dot) << 4100 << static_cast<int>(VectorDatatype::Float16);
}

void TargetSchemaTest::matchFunctions()
{
    QFETCH(int, distance);
    QFETCH(int, dimensions);
    QFETCH(int, datatype);
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    const DenseVectorInfo info =
        dense(dimensions, static_cast<Distance>(distance), static_cast<VectorDatatype>(datatype));
    const MigrationPlan plan = planFor(factsWith({info}));
    const QByteArray type = plan.collections.first().vectors.first().type.toLatin1();
    const TargetSchema schema = schemaOf(plan);
    QVERIFY(runAll(database, schema.before));
    QVERIFY(database.execute(randomVectors("docs", "embedding", dimensions, 150, type)));
    QVERIFY(database.execute("INSERT INTO docs (id, payload) VALUES (1000, '{\"n\":1000}')"));
    QVERIFY(runAll(database, schema.primaryKey + schema.indexes + schema.after));

    // The same as an exact search by hand, and the score is Qdrant's.
    const DistanceOperator& measure = DistanceOperator::of(info.distance);
    const QByteArray exact = "SELECT t.id, "
        + QString::fromLatin1(measure.score).arg(QStringLiteral("t.d")).toLatin1()
        + " FROM (SELECT id, embedding " + measure.symbol
        + " (SELECT embedding FROM docs WHERE id = 7) AS d FROM docs WHERE embedding IS NOT NULL) t ORDER BY "
          "t.d, t.id LIMIT 10";
    const QByteArray query = "(SELECT embedding FROM docs WHERE id = 7)";
    const auto expected = database.rows(exact);
    const auto actual = database.rows("SELECT id, "
        + QByteArray(measure.similarity ? "similarity" : "distance") + " FROM match_docs(" + query + ")");
    QCOMPARE(actual.size(), std::size_t(10));
    // At 4,100 dimensions the candidates come from bits: the nearest is sure, the others nearly so.
    const std::size_t sure = dimensions > 4000 ? 1 : 10;
    for (std::size_t i = 0; i < sure; ++i) {
        QCOMPARE(actual[i].first(), expected[i].first());
        QCOMPARE(actual[i].last().toDouble(), expected[i].last().toDouble());
    }

    const auto filtered = database.rows("SELECT id FROM match_docs(" + query + ", 5, '{\"even\": true}')");
    QCOMPARE(filtered.size(), std::size_t(5));
    for (const QStringList& row : filtered)
        QCOMPARE(row.first().toInt() % 2, 0);
    const QByteArray threshold = expected[2].last().toLatin1();
    if (dimensions < 4000)
        QCOMPARE(database.scalar(
                     "SELECT count(*) FROM match_docs(" + query + ", match_threshold => " + threshold + ")"),
            QStringLiteral("3"));
    QCOMPARE(database.scalar("SELECT count(*) FROM match_docs(" + query + ", 3, NULL)"), QStringLiteral("3"));
}

void TargetSchemaTest::matchUsesTheIndex_data()
{
    QTest::addColumn<int>("dimensions");
    QTest::newRow("plain") << 8;
    QTest::newRow("halfvec") << 2100;
    QTest::newRow("bit") << 4100;
}

void TargetSchemaTest::matchUsesTheIndex()
{
    QFETCH(int, dimensions);
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    const TargetSchema schema = schemaOf(planFor(factsWith({dense(dimensions)})));
    QVERIFY(runAll(database, schema.before));
    QVERIFY(database.execute(randomVectors("docs", "embedding", dimensions, 100, "vector")));
    QVERIFY(runAll(database, schema.primaryKey + schema.indexes + schema.after));
    QVERIFY(database.execute("ANALYZE docs"));
    QVERIFY(database.execute(
        "SET enable_seqscan = off; SELECT * FROM match_docs((SELECT embedding FROM docs WHERE id = 7)); "
        "SELECT pg_stat_force_next_flush(); SELECT 1"));
    QVERIFY(
        database
            .scalar("SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'docs_embedding_hnsw'")
            .toInt()
        > 0);
}

void TargetSchemaTest::sparseMatch()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    CollectionFacts facts = factsWith({});
    SparseVectorInfo info;
    info.name = QStringLiteral("bm25");
    facts.info.sparseVectors << info;
    const MigrationPlan plan = planFor(facts);
    const TargetSchema schema = schemaOf(plan);
    QVERIFY(runAll(database, schema.before));
    QVERIFY(database.execute("INSERT INTO docs (id, bm25) VALUES (1, '{1:1,5:2}/1000000000'), (2, "
                             "'{5:3}/1000000000'), (3, '{}/1000000000'), (4, NULL)"));
    QVERIFY(runAll(database, schema.primaryKey + schema.indexes + schema.after));
    const auto rows = database.rows("SELECT id, similarity FROM match_docs('{5:1}/1000000000', 2)");
    QCOMPARE(rows.size(), std::size_t(2));
    QCOMPARE(rows[0], (QStringList{QStringLiteral("2"), QStringLiteral("3")}));
    QCOMPARE(rows[1], (QStringList{QStringLiteral("1"), QStringLiteral("2")}));
}

void TargetSchemaTest::multivectorMatch()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    DenseVectorInfo dot = dense(2, Distance::Dot);
    dot.multivector = true;
    DenseVectorInfo cosine = dense(2, Distance::Cosine);
    cosine.multivector = true;
    cosine.name = QStringLiteral("cos");
    DenseVectorInfo euclid = dense(2, Distance::Euclid);
    euclid.multivector = true;
    euclid.name = QStringLiteral("l2");
    const TargetSchema schema = schemaOf(planFor(factsWith({dot, cosine, euclid})));
    QVERIFY(runAll(database, schema.all()));
    QVERIFY(database.execute(
        "INSERT INTO docs (id, embedding, cos, l2) VALUES "
        "(1, ARRAY['[1,0]','[0,2]']::vector[], ARRAY['[1,0]']::vector[], ARRAY['[1,0]']::vector[]), "
        "(2, ARRAY['[3,0]']::vector[], ARRAY['[0,1]']::vector[], ARRAY['[5,0]']::vector[]), (3, NULL, NULL, "
        "NULL)"));
    // max over the rows per query vector, summed: (1*1 + 2*1) = 3 and (3 + 0) = 3; with [2,0] alone 2 and 6.
    QCOMPARE(
        database.scalar("SELECT max_sim(ARRAY['[1,0]','[0,1]']::vector[], embedding) FROM docs WHERE id = 1"),
        QStringLiteral("3"));
    const auto rows = database.rows("SELECT id, similarity FROM match_docs(ARRAY['[2,0]']::vector[])");
    QCOMPARE(rows.size(), std::size_t(2));
    QCOMPARE(rows[0], (QStringList{QStringLiteral("2"), QStringLiteral("6")}));
    QCOMPARE(
        database.scalar("SELECT id FROM match_docs_cos(ARRAY['[7,0]']::vector[], 1)"), QStringLiteral("1"));
    QCOMPARE(
        database.scalar("SELECT id FROM match_docs_l2(ARRAY['[4,0]']::vector[], 1)"), QStringLiteral("2"));
}

void TargetSchemaTest::arrayOfSmallint()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    MigrationPlan plan = planFor(factsWith({dense(3, Distance::Euclid, VectorDatatype::Uint8)}));
    CollectionPlan& collection = plan.collections.first();
    collection.vectors.first().type = QStringLiteral("smallint[]");
    collection.indexes.clear();
    QVERIFY(runAll(database, schemaOf(plan).all()));
    QVERIFY(database.execute("INSERT INTO docs (id, embedding) VALUES (1, '{0,0,255}'), (2, '{1,2,3}')"));
    const auto rows = database.rows("SELECT id, distance FROM match_docs('[1,2,4]', 1)");
    QCOMPARE(rows.front(), (QStringList{QStringLiteral("2"), QStringLiteral("1")}));
}

void TargetSchemaTest::hybridSearch()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    CollectionFacts facts = factsWith({dense(2)});
    PayloadIndexInfo text;
    text.path = QStringLiteral("body");
    text.dataType = QStringLiteral("text");
    facts.info.payloadIndexes << text;
    QVERIFY(runAll(database, schemaOf(planFor(facts)).all()));
    QVERIFY(database.execute(
        "INSERT INTO docs (id, embedding, body, payload) VALUES (1, '[1,0]', 'a silver sword', '{\"k\":1}'), "
        "(2, '[0,1]', 'a golden sword sword', '{\"k\":2}'), (3, '[1,0.1]', 'nothing', '{\"k\":3}')"));
    const auto rows = database.rows(
        "SELECT id, score, semantic_rank, text_rank FROM hybrid_search_docs('sword', '[1,0]', rrf_k => 1)");
    QCOMPARE(rows.size(), std::size_t(3));
    QCOMPARE(rows[0].first(), QStringLiteral("1"));
    QCOMPARE(rows[0].at(1).toDouble(), 1.0 / 2 + 1.0 / 3);
    QCOMPARE(rows[0].at(2), QStringLiteral("1"));
    QVERIFY(rows[2].last().isNull());
    QCOMPARE(
        database.scalar("SELECT count(*) FROM hybrid_search_docs('sword', '[1,0]', filter => '{\"k\": 2}')"),
        QStringLiteral("1"));
}

void TargetSchemaTest::contextItems()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    CollectionFacts facts = factsWith({dense(3)});
    const TargetSchema schema = schemaOf(planFor(facts, QStringLiteral("context_items")));
    QVERIFY(runAll(database, schema.before));
    QCOMPARE(database.scalar("SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE "
                             "schemaname = 'public'"),
        QStringLiteral("characters,context_items,games,locations,quests"));
    QVERIFY(
        database.execute("INSERT INTO games (id, name) VALUES ('00000000-0000-0000-0000-00000000000a', 'a'), "
                         "('00000000-0000-0000-0000-00000000000b', 'b')"));
    QVERIFY(database.execute("INSERT INTO context_items (id, game_id, user_id, content, embedding, metadata) "
                             "SELECT gen_random_uuid(), ('00000000-0000-0000-0000-00000000000' || CASE WHEN "
                             "n % 100 = 0 THEN 'a' ELSE 'b' END)::uuid, n, "
                             "CASE WHEN n % 100 = 0 THEN 'a dragon ' || n || repeat(' dragon', n / 100) ELSE "
                             "'a dragon and a knight' END, "
                             "ARRAY[sin(n), cos(n), sin(n * 0.7)]::real[]::vector, jsonb_build_object('n', "
                             "n) FROM generate_series(1, 2000) n"));
    QVERIFY(runAll(database, schema.primaryKey + schema.indexes + schema.after));
    QVERIFY(runAll(database, schema.after));

    const QByteArray a = "'00000000-0000-0000-0000-00000000000a'";
    // One row in a hundred is of that game: an index scan that stops early would return fewer than ten.
    const auto semantic =
        database.rows("SELECT metadata->>'n', rank FROM semantic_search('[1,0,0]', " + a + ")");
    const auto exact = database.rows("SELECT metadata->>'n' FROM context_items WHERE game_id = " + a
        + " ORDER BY embedding <=> '[1,0,0]', id LIMIT 10");
    QCOMPARE(semantic.size(), std::size_t(10));
    for (std::size_t i = 0; i < 10; ++i) {
        QCOMPARE(semantic[i].first(), exact[i].first());
        QCOMPARE(semantic[i].last().toInt(), static_cast<int>(i) + 1);
    }
    const auto keyword =
        database.rows("SELECT metadata->>'n', rank FROM keyword_search('dragons', " + a + ", 3)");
    QCOMPARE(keyword.size(), std::size_t(3));
    QCOMPARE(keyword[0], (QStringList{QStringLiteral("2000"), QStringLiteral("1")}));
    QCOMPARE(keyword[1].first(), QStringLiteral("1900"));
    QCOMPARE(database.scalar("SELECT count(*) FROM keyword_search('knight', NULL, 5)"), QStringLiteral("5"));
    QCOMPARE(
        database.scalar("SELECT count(*) FROM keyword_search('knight', " + a + ")"), QStringLiteral("0"));
    const auto hybrid = database.rows(
        "SELECT metadata->>'n', score, semantic_rank, keyword_rank FROM hybrid_search('dragon', '[1,0,0]', "
        + a + ", 5)");
    QCOMPARE(hybrid.size(), std::size_t(5));
    const double first = 1.0 / (60 + hybrid[0].at(2).toInt()) + 1.0 / (60 + hybrid[0].at(3).toInt());
    QCOMPARE(hybrid[0].at(1).toDouble(), first);

    // The constraints of the guide hold.
    QCOMPARE(database.scalar("SELECT count(*) FROM pg_constraint WHERE conrelid = 'context_items'::regclass "
                             "AND contype = 'f'"),
        QStringLiteral("4"));
    QVERIFY(database.execute("DELETE FROM games WHERE name = 'b'"));
    QCOMPARE(database.scalar("SELECT count(*) FROM context_items"), QStringLiteral("20"));
    QVERIFY(runAll(database, schema.rollback));
    QCOMPARE(database.scalar("SELECT to_regclass('games')"), QStringLiteral("games"));
    QCOMPARE(database.scalar("SELECT count(*) FROM pg_proc WHERE proname IN ('semantic_search', "
                             "'keyword_search', 'hybrid_search')"),
        QStringLiteral("0"));
}

void TargetSchemaTest::contextItemsOverManyDimensions()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    for (const qint64 dimensions : {3072, 4096}) {
        const MigrationPlan plan = planFor(factsWith({dense(dimensions)}), QStringLiteral("context_items"));
        const TargetSchema schema = schemaOf(plan);
        QVERIFY(runAll(database, schema.all()));
        const QByteArray vector = "(SELECT array_agg(sin(d))::real[]::vector FROM generate_series(1, "
            + QByteArray::number(dimensions) + ") d)";
        QVERIFY(database.execute("INSERT INTO games (id, name) VALUES "
                                 "('00000000-0000-0000-0000-00000000000a', 'a') ON CONFLICT DO NOTHING"));
        QVERIFY(database.execute(
            "INSERT INTO context_items (id, game_id, user_id, content, embedding) VALUES (gen_random_uuid(), "
            "'00000000-0000-0000-0000-00000000000a', 1, 'sword', "
            + vector + ")"));
        QCOMPARE(
            database.scalar("SELECT rank FROM semantic_search(" + vector + ", NULL)"), QStringLiteral("1"));
        QCOMPARE(database.scalar(
                     "SELECT semantic_rank + keyword_rank FROM hybrid_search('sword', " + vector + ", NULL)"),
            QStringLiteral("2"));
        QVERIFY(runAll(database, schema.rollback));
    }
}

void TargetSchemaTest::parentInserts()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    const TargetSchema schema = schemaOf(planFor(factsWith({dense(3)}), QStringLiteral("context_items")));
    QVERIFY(runAll(database, schema.before));
    auto connection = Connection::open(database.options());
    QVERIFY(connection.has_value());
    const QByteArray game = "00000000-0000-0000-0000-00000000000a";
    for (int round = 0; round < 2; ++round) {
        for (const ParentTable& parent : schema.parents) {
            std::vector<SqlParameter> parameters{game, QByteArray("a name")};
            if (parent.needsGame)
                parameters.push_back(
                    parent.name == QLatin1String("quests") ? SqlParameter() : SqlParameter(game));
            const auto inserted = connection->execute(parent.insertSql.toUtf8(), parameters);
            QVERIFY2(inserted.has_value(), qPrintable(inserted ? QString() : inserted.error().toText()));
            QCOMPARE(inserted->affectedRows(), round == 0 ? 1 : 0);
        }
    }
    QCOMPARE(database.scalar("SELECT count(*) FROM characters WHERE game_id = '" + game + "'"),
        QStringLiteral("1"));
}

void TargetSchemaTest::extensionInAnotherSchema()
{
    test::TestPostgres database(test::TestPostgres::Extension::Leave);
    QDRANT2PG_REQUIRE_POSTGRES(database);
    QVERIFY(database.execute("CREATE SCHEMA \"my extensions\"; CREATE EXTENSION vector SCHEMA \"my "
                             "extensions\"; CREATE SCHEMA app"));
    ServerProfile server;
    server.vectorVersion = QVersionNumber(0, 8, 5);
    server.vectorSchema = QStringLiteral("my extensions");
    server.vectorOnSearchPath = false;
    for (const qint64 dimensions : {8, 2100, 4100}) {
        DenseVectorInfo multi = dense(2);
        multi.multivector = true;
        multi.name = QStringLiteral("multi");
        CollectionFacts facts = factsWith({dense(dimensions), multi});
        MigrationPlan plan = planFor(facts);
        plan.target.schema = QStringLiteral("app");
        const TargetSchema schema = schemaOf(plan, server);
        QVERIFY(runAll(database, schema.before + schema.primaryKey + schema.indexes + schema.after));
        const QByteArray vector =
            "(SELECT array_agg(sin(d))::real[]::\"my extensions\".vector FROM generate_series(1, "
            + QByteArray::number(dimensions) + ") d)";
        QVERIFY(database.execute("INSERT INTO app.docs (id, embedding, multi) VALUES (1, " + vector
            + ", ARRAY['[1,0]']::\"my extensions\".vector[])"));
        QCOMPARE(database.scalar("SELECT id FROM app.match_docs(" + vector + ")"), QStringLiteral("1"));
        QCOMPARE(database.scalar(
                     "SELECT id FROM app.match_docs_multi(ARRAY['[1,0]']::\"my extensions\".vector[])"),
            QStringLiteral("1"));
        QVERIFY(runAll(database, schema.rollback));
    }
}

void TargetSchemaTest::ordinaryRoleMayCreateTheFunctions()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    const QByteArray role = quoteIdentifier(database.databaseName() + QStringLiteral("_user")).toUtf8();
    QVERIFY(database.execute(
        "CREATE ROLE " + role + " NOLOGIN; GRANT CREATE, USAGE ON SCHEMA public TO " + role));
    const TargetSchema schema = schemaOf(planFor(factsWith({dense(3)})));
    const QList<DdlStatement> become{{QStringLiteral("SET ROLE ") + QString::fromUtf8(role), {}, false}};
    const bool created = runAll(database, become + schema.before + schema.primaryKey + schema.indexes);
    // Another session, as after a resume: pgvector is not loaded yet when its settings are named.
    const bool again = created && runAll(database, become + schema.after);
    QVERIFY(database.execute("DROP OWNED BY " + role + "; DROP ROLE " + role));
    QVERIFY(created);
    QVERIFY(again);
}

void TargetSchemaTest::replaceKeepsTheViews()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    MigrationPlan plan = planFor(factsWith({dense(3)}));
    plan.collections.first().aliasViews << QStringLiteral("docs-live");
    plan.collections.first().comment = QStringLiteral("{\"owner\":\"o'brien\\\\n\"}");
    QVERIFY(runAll(database, schemaOf(plan).all()));
    QVERIFY(database.execute("INSERT INTO docs (id) VALUES (1)"));
    QCOMPARE(database.scalar("SELECT obj_description('docs'::regclass)::jsonb->>'owner'"),
        QStringLiteral("o'brien\\n"));

    plan.collections.first().mode = TableMode::Replace;
    const TargetSchema schema = schemaOf(plan);
    QCOMPARE(schema.loadName, QStringLiteral("docs__qdrant2pg_new"));
    QVERIFY(runAll(database, schema.before));
    QVERIFY(database.execute("INSERT INTO docs__qdrant2pg_new (id) VALUES (1), (2)"));
    QVERIFY(runAll(database, schema.primaryKey + schema.after));
    QCOMPARE(database.scalar("SELECT count(*) FROM \"docs-live\""), QStringLiteral("1"));
    QVERIFY(runAll(database, schema.beforeSwap));
    QVERIFY(database.execute("DROP TABLE docs; ALTER TABLE docs__qdrant2pg_new RENAME TO docs"));
    QVERIFY(runAll(database, schema.afterSwap));
    QCOMPARE(database.scalar("SELECT count(*) FROM \"docs-live\""), QStringLiteral("2"));
    QCOMPARE(database.scalar("SELECT count(*) FROM match_docs('[1,2,3]')"), QStringLiteral("0"));
}

void TargetSchemaTest::rollbackLeavesNothing()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    QVERIFY(database.execute("CREATE TABLE mine (id int)"));
    DenseVectorInfo multi = dense(2);
    multi.multivector = true;
    multi.name = QStringLiteral("m");
    MigrationPlan plan = planFor(factsWith({dense(3), multi}));
    plan.collections.first().aliasViews << QStringLiteral("alias");
    const TargetSchema schema = schemaOf(plan);
    const QByteArray objects = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace";
    const QByteArray functions = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace "
                                 "AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')";
    const QString objectsBefore = database.scalar(objects);
    const QString functionsBefore = database.scalar(functions);
    QVERIFY(runAll(database, schema.all()));
    QVERIFY(database.scalar(functions) != functionsBefore);
    QVERIFY(runAll(database, schema.rollback));
    QCOMPARE(database.scalar(objects), objectsBefore);
    QCOMPARE(database.scalar(functions), functionsBefore);
    QVERIFY(runAll(database, schema.rollback));
    for (const DdlStatement& statement : schema.rollback)
        QVERIFY(statement.destructive);
}

void TargetSchemaTest::appendKeepsTheTable()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    MigrationPlan plan = planFor(factsWith({dense(3)}));
    plan.collections.first().mode = TableMode::Merge;
    TargetSchema schema = schemaOf(plan);
    QVERIFY(runAll(database, schema.before));
    QVERIFY(database.execute("INSERT INTO docs (id) VALUES (1) ON CONFLICT (id) DO NOTHING"));
    QVERIFY(runAll(database, schema.before));
    QCOMPARE(database.scalar("SELECT count(*) FROM docs"), QStringLiteral("1"));
    QVERIFY(schema.rollback.isEmpty());
    QVERIFY(schema.primaryKey.isEmpty());
}

void TargetSchemaTest::awkwardNames()
{
    test::TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    for (const char* name : {"my.collection", "quote\"s'", "per%cent %table% %1", "semi;colon",
             "ünï-çødé-名前-🚀", "UPPER_lower-09", "select",
             "a name that is much longer than the sixty-three bytes which PostgreSQL keeps of it"}) {
        CollectionFacts facts = factsWith({dense(3)});
        facts.info.name = QString::fromUtf8(name);
        PayloadIndexInfo filter;
        filter.path = QStringLiteral("filter");
        filter.dataType = QStringLiteral("keyword");
        PayloadIndexInfo text;
        text.path = QStringLiteral("match_count");
        text.dataType = QStringLiteral("text");
        facts.info.payloadIndexes << filter << text;
        MigrationPlan plan = planFor(facts);
        plan.target.schema = QStringLiteral("odd \"schema\" %fn%");
        const TargetSchema schema = schemaOf(plan);
        QVERIFY2(runAll(database, schema.all()), name);
        const QByteArray table = qualifiedName(plan.target.schema, schema.table.name).toUtf8();
        QVERIFY(database.execute("INSERT INTO " + table
            + " (id, embedding, filter, match_count, payload) VALUES (1, '[1,0,0]', 'f', 'word', "
              "'{\"a\":1}')"));
        const QByteArray match =
            qualifiedName(plan.target.schema, fittingIdentifier(QStringLiteral("match_") + schema.table.name))
                .toUtf8();
        QCOMPARE(database.scalar("SELECT id FROM " + match + "('[1,0,0]', filter => '{\"a\":1}')"),
            QStringLiteral("1"));
        QCOMPARE(database.scalar("SELECT count(*) FROM " + match + "('[1,0,0]', filter => '{\"a\":2}')"),
            QStringLiteral("0"));
        const QByteArray hybrid = qualifiedName(
            plan.target.schema, fittingIdentifier(QStringLiteral("hybrid_search_") + schema.table.name))
                                      .toUtf8();
        QCOMPARE(database.scalar("SELECT id FROM " + hybrid + "('word', '[1,0,0]')"), QStringLiteral("1"));
        QVERIFY(runAll(database, schema.rollback));
    }
}

QTEST_GUILESS_MAIN(TargetSchemaTest)
#include "targetschematest.moc"
