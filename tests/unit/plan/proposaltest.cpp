// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/proposal.h"
#include "core/plan/planjson.h"
#include "core/plan/targetschema.h"
#include "tests/unit/plan/recordedfacts.h"

#include <QTest>

using namespace qdrant2pg;

class ProposalTest : public QObject {
    Q_OBJECT

private slots:
    void everyRecordedCollection_data();
    void everyRecordedCollection();
    void gameCollection();
    void gameCollectionAsContextItems();
    void ids_data();
    void ids();
    void denseTypes_data();
    void denseTypes();
    void sparseTypes_data();
    void sparseTypes();
    void hnswParameters_data();
    void hnswParameters();
    void olderPgvector();
    void payloadIndexes();
    void arraysAndMisfits();
    void awkwardNames();
    void shardKeysThatClash();
    void unknownPreset();
    void presetWithoutVector();
};

namespace {

CollectionFacts factsWith(const DenseVectorInfo& vector)
{
    CollectionFacts facts;
    facts.info.name = QStringLiteral("c");
    facts.info.vectors << vector;
    return facts;
}

DenseVectorInfo dense(
    qint64 size, Distance distance = Distance::Cosine, VectorDatatype datatype = VectorDatatype::Float32)
{
    DenseVectorInfo info;
    info.size = size;
    info.distance = distance;
    info.datatype = datatype;
    return info;
}

const PayloadColumnPlan* column(const CollectionPlan& plan, const QString& path)
{
    for (const PayloadColumnPlan& candidate : plan.payload.columns) {
        if (candidate.path == path)
            return &candidate;
    }
    return nullptr;
}

const IndexPlan* indexOn(const CollectionPlan& plan, const QString& columnName)
{
    for (const IndexPlan& candidate : plan.indexes) {
        if (candidate.on.contains(columnName))
            return &candidate;
    }
    return nullptr;
}

CollectionPlan proposed(const CollectionFacts& facts, const QString& preset = QStringLiteral("generic"),
    const std::optional<ServerProfile>& server = std::nullopt)
{
    auto plan = proposeCollection(facts, preset, server);
    if (!plan)
        qFatal("%s", qPrintable(plan.error().toText()));
    return *plan;
}

} // namespace

void ProposalTest::everyRecordedCollection_data()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    QTest::addColumn<QString>("info");
    for (const QString& info : test::recordedInfos())
        QTest::newRow(qPrintable(info)) << info;
}

void ProposalTest::everyRecordedCollection()
{
    QFETCH(QString, info);
    const auto facts = test::recordedFacts(info);
    QVERIFY(facts.has_value());
    MigrationPlan plan;
    plan.collections << proposed(*facts);
    const CollectionPlan& collection = plan.collections.first();
    QCOMPARE(collection.vectors.size(), facts->info.vectors.size() + facts->info.sparseVectors.size());
    QVERIFY(!collection.id.reason.isEmpty());
    for (const VectorPlan& vector : collection.vectors) {
        QVERIFY(!vector.reason.isEmpty());
        QVERIFY2(indexOn(collection, vector.column), "a vector without an index says why");
    }
    for (const IndexPlan& index : collection.indexes)
        QVERIFY(!index.reason.isEmpty());
    const auto read = planFromJson(planToJson(plan));
    QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().toText()));
    QCOMPARE(planToJson(*read), planToJson(plan));
    const auto schema = targetSchema(plan, collection, std::nullopt);
    QVERIFY2(schema.has_value(), qPrintable(schema ? QString() : schema.error().toText()));
    QVERIFY(!schema->all().isEmpty());
}

void ProposalTest::gameCollection()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    const auto facts = test::recordedFacts(QStringLiteral("game_collection/001-info"));
    QCOMPARE(facts->sampledPoints, qint64(350));
    const CollectionPlan plan = proposed(*facts);
    QCOMPARE(plan.table, QStringLiteral("game_collection"));
    QVERIFY(plan.id.type == IdType::Uuid);
    QCOMPARE(plan.vectors.first().column, QStringLiteral("embedding"));
    QCOMPARE(plan.vectors.first().type, QStringLiteral("vector"));
    QCOMPARE(plan.vectors.first().dimensions, qint64(768));
    QCOMPARE(indexOn(plan, QStringLiteral("embedding"))->opclass, QStringLiteral("vector_cosine_ops"));
    QCOMPARE(
        indexOn(plan, QStringLiteral("embedding"))->with.value(QStringLiteral("ef_construction")).toInt(),
        100);
    QCOMPARE(column(plan, QStringLiteral("user_id"))->type, QStringLiteral("bigint"));
    QCOMPARE(column(plan, QStringLiteral("created_at"))->type, QStringLiteral("timestamptz"));
    QCOMPARE(column(plan, QStringLiteral("game_id"))->type, QStringLiteral("text"));
    QCOMPARE(indexOn(plan, QStringLiteral("content"))->kind, QStringLiteral("gin"));
    QVERIFY(plan.payload.keep == PayloadKeep::All);
    QCOMPARE(column(plan, QStringLiteral("metadata.turn")), nullptr);
}

void ProposalTest::gameCollectionAsContextItems()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    const auto facts = test::recordedFacts(QStringLiteral("game_collection/001-info"));
    MigrationPlan migration;
    migration.collections << proposed(*facts, QStringLiteral("context_items"));
    const CollectionPlan& plan = migration.collections.first();
    QCOMPARE(plan.table, QStringLiteral("context_items"));
    const auto schema = targetSchema(migration, plan, std::nullopt);
    QVERIFY2(schema.has_value(), qPrintable(schema ? QString() : schema.error().toText()));
    QStringList columns;
    for (const ColumnSpec& spec : schema->table.columns)
        columns << spec.name;
    QCOMPARE(columns.join(QLatin1Char(',')),
        QStringLiteral(
            "id,embedding,game_id,user_id,character_id,location_id,quest_id,content,created_at,metadata"));
    QStringList indexes;
    for (const IndexSpec& spec : schema->table.indexes)
        indexes << spec.name;
    for (const char* name : {"idx_context_tenant", "idx_context_character", "idx_context_location",
             "idx_context_quest", "idx_context_created", "idx_context_embedding", "idx_content_fts"})
        QVERIFY2(indexes.contains(QString::fromLatin1(name)), name);
    QCOMPARE(schema->parents.size(), 4);
    QCOMPARE(schema->parents.first().name, QStringLiteral("games"));
    QCOMPARE(schema->table.columns.at(schema->parents.first().column).name, QStringLiteral("game_id"));
    // What the guide's schema has, with a note about what the collection had.
    const IndexPlan* hnsw = indexOn(plan, QStringLiteral("embedding"));
    QCOMPARE(hnsw->with.value(QStringLiteral("ef_construction")).toInt(), 64);
    QVERIFY(hnsw->reason.contains(QStringLiteral("ef_construct 100")));

    MigrationPlan loose = migration;
    loose.collections.first().parents = ParentPolicy::NoConstraint;
    const auto unconstrained = targetSchema(loose, loose.collections.first(), std::nullopt);
    QVERIFY(unconstrained->parents.isEmpty());
    for (const DdlStatement& statement : unconstrained->after)
        QVERIFY(!statement.sql.contains(QStringLiteral("FOREIGN KEY")));
}

void ProposalTest::ids_data()
{
    QTest::addColumn<bool>("numbers");
    QTest::addColumn<bool>("uuids");
    QTest::addColumn<quint64>("greatest");
    QTest::addColumn<QString>("type");
    QTest::newRow("uuid") << false << true << quint64(0) << QStringLiteral("uuid");
    QTest::newRow("bigint") << true << false << quint64(42) << QStringLiteral("bigint");
    QTest::newRow("greatest bigint") << true << false << quint64(9223372036854775807ULL)
                                     << QStringLiteral("bigint");
    QTest::newRow("numeric") << true << false << quint64(9223372036854775808ULL) << QStringLiteral("numeric");
    QTest::newRow("mixed") << true << true << quint64(42) << QStringLiteral("text");
    QTest::newRow("empty") << false << false << quint64(0) << QStringLiteral("uuid");
}

void ProposalTest::ids()
{
    QFETCH(bool, numbers);
    QFETCH(bool, uuids);
    QFETCH(quint64, greatest);
    QFETCH(QString, type);
    CollectionFacts facts = factsWith(dense(4));
    facts.ids.hasNumbers = numbers;
    facts.ids.hasUuids = uuids;
    if (numbers)
        facts.ids.maxNumber = greatest;
    const CollectionPlan plan = proposed(facts);
    QCOMPARE(idTypeName(plan.id.type), type);
    MigrationPlan migration;
    migration.collections << plan;
    const auto schema = targetSchema(migration, plan, std::nullopt);
    QVERIFY(schema.has_value());
    QCOMPARE(schema->table.columns.first().sqlType(),
        type == QLatin1String("numeric") ? QStringLiteral("numeric(20,0)") : type);
    QCOMPARE(schema->table.columns.first().collation,
        type == QLatin1String("text") ? QStringLiteral("C") : QString());
}

void ProposalTest::denseTypes_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<int>("distance");
    QTest::addColumn<int>("datatype");
    QTest::addColumn<bool>("multi");
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("cast");
    QTest::addColumn<QString>("opclass");
    const auto row = [](const char* name, qint64 size, Distance distance, VectorDatatype datatype, bool multi,
                         const char* type, const char* kind, const char* cast, const char* opclass) {
        QTest::newRow(name) << size << static_cast<int>(distance) << static_cast<int>(datatype) << multi
                            << QString::fromLatin1(type) << QString::fromLatin1(kind)
                            << QString::fromLatin1(cast) << QString::fromLatin1(opclass);
    };
    using enum VectorDatatype;
    row("cosine", 768, Distance::Cosine, Float32, false, "vector", "hnsw", "", "vector_cosine_ops");
    row("dot", 768, Distance::Dot, Float32, false, "vector", "hnsw", "", "vector_ip_ops");
    row("euclid", 2000, Distance::Euclid, Float32, false, "vector", "hnsw", "", "vector_l2_ops");
    row("manhattan", 5, Distance::Manhattan, Float32, false, "vector", "hnsw", "", "vector_l1_ops");
    row("over 2000", 2001, Distance::Cosine, Float32, false, "vector", "hnsw", "halfvec",
        "halfvec_cosine_ops");
    row("3072", 3072, Distance::Dot, Float32, false, "vector", "hnsw", "halfvec", "halfvec_ip_ops");
    row("over 4000", 4096, Distance::Cosine, Float32, false, "vector", "hnsw", "bit", "bit_hamming_ops");
    row("most", 16000, Distance::Cosine, Float32, false, "vector", "hnsw", "bit", "bit_hamming_ops");
    row("too many", 16001, Distance::Cosine, Float32, false, "jsonb", "none", "", "");
    row("float16", 768, Distance::Cosine, Float16, false, "halfvec", "hnsw", "", "halfvec_cosine_ops");
    row("float16 over 2000", 4000, Distance::Cosine, Float16, false, "halfvec", "hnsw", "",
        "halfvec_cosine_ops");
    row("float16 over 4000", 4001, Distance::Cosine, Float16, false, "halfvec", "hnsw", "bit",
        "bit_hamming_ops");
    row("uint8", 4, Distance::Euclid, Uint8, false, "halfvec", "hnsw", "", "halfvec_l2_ops");
    row("turbo4", 64, Distance::Cosine, Turbo4, false, "vector", "hnsw", "", "vector_cosine_ops");
    row("multi", 128, Distance::Dot, Float32, true, "vector[]", "none", "", "");
    row("multi float16", 128, Distance::Dot, Float16, true, "vector[]", "none", "", "");
}

void ProposalTest::denseTypes()
{
    QFETCH(qint64, size);
    QFETCH(int, distance);
    QFETCH(int, datatype);
    QFETCH(bool, multi);
    QFETCH(QString, type);
    QFETCH(QString, kind);
    QFETCH(QString, cast);
    QFETCH(QString, opclass);
    DenseVectorInfo info =
        dense(size, static_cast<Distance>(distance), static_cast<VectorDatatype>(datatype));
    info.multivector = multi;
    const CollectionPlan plan = proposed(factsWith(info));
    const VectorPlan& vector = plan.vectors.first();
    const IndexPlan& index = *indexOn(plan, vector.column);
    QCOMPARE(vector.type, type);
    QCOMPARE(index.kind, kind);
    QCOMPARE(index.cast, cast);
    QCOMPARE(index.opclass, opclass);
}

void ProposalTest::sparseTypes_data()
{
    QTest::addColumn<quint32>("maxIndex");
    QTest::addColumn<qint64>("nonZeros");
    QTest::addColumn<bool>("wholeCollection");
    QTest::addColumn<QString>("type");
    QTest::addColumn<qint64>("dimensions");
    QTest::addColumn<QString>("kind");
    QTest::newRow("vocabulary, all seen") << 30521U << qint64(200) << true << QStringLiteral("sparsevec")
                                          << qint64(32768) << QStringLiteral("hnsw");
    QTest::newRow("exact power, all seen") << 1023U << qint64(2) << true << QStringLiteral("sparsevec")
                                           << qint64(1024) << QStringLiteral("hnsw");
    QTest::newRow("small, all seen") << 5U << qint64(2) << true << QStringLiteral("sparsevec") << qint64(1024)
                                     << QStringLiteral("hnsw");
    QTest::newRow("sampled") << 30521U << qint64(200) << false << QStringLiteral("sparsevec")
                             << qint64(1'000'000'000) << QStringLiteral("hnsw");
    QTest::newRow("last index, all seen") << 999'999'999U << qint64(2) << true << QStringLiteral("sparsevec")
                                          << qint64(1'000'000'000) << QStringLiteral("hnsw");
    QTest::newRow("hashed") << 1'000'000'000U << qint64(2) << true << QStringLiteral("jsonb") << qint64(0)
                            << QStringLiteral("none");
    QTest::newRow("1,000 non-zeros") << 5000U << qint64(1000) << false << QStringLiteral("sparsevec")
                                     << qint64(1'000'000'000) << QStringLiteral("hnsw");
    QTest::newRow("not indexable") << 5000U << qint64(1001) << false << QStringLiteral("sparsevec")
                                   << qint64(1'000'000'000) << QStringLiteral("none");
    QTest::newRow("not storable") << 50000U << qint64(16001) << false << QStringLiteral("jsonb") << qint64(0)
                                  << QStringLiteral("none");
}

void ProposalTest::sparseTypes()
{
    QFETCH(quint32, maxIndex);
    QFETCH(qint64, nonZeros);
    QFETCH(bool, wholeCollection);
    QFETCH(QString, type);
    QFETCH(qint64, dimensions);
    QFETCH(QString, kind);
    CollectionFacts facts;
    facts.info.name = QStringLiteral("c");
    SparseVectorInfo info;
    info.name = QStringLiteral("bm25");
    facts.info.sparseVectors << info;
    facts.exactCount = wholeCollection ? 100 : 1'000'000;
    facts.sampledPoints = 100;
    SparseFacts sparse;
    sparse.name = info.name;
    sparse.maxIndex = maxIndex;
    sparse.maxNonZeros = nonZeros;
    facts.sparse << sparse;
    const CollectionPlan plan = proposed(facts);
    QCOMPARE(plan.vectors.first().type, type);
    QCOMPARE(plan.vectors.first().dimensions, dimensions);
    QCOMPARE(indexOn(plan, QStringLiteral("bm25"))->kind, kind);
}

void ProposalTest::hnswParameters_data()
{
    QTest::addColumn<int>("m");
    QTest::addColumn<int>("ef");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("expectedM");
    QTest::addColumn<int>("expectedEf");
    QTest::newRow("default") << 16 << 100 << QStringLiteral("hnsw") << 16 << 100;
    QTest::newRow("ef under 2 m") << 64 << 100 << QStringLiteral("hnsw") << 64 << 128;
    QTest::newRow("m over 100") << 128 << 512 << QStringLiteral("hnsw") << 100 << 512;
    QTest::newRow("m of 1") << 1 << 1 << QStringLiteral("hnsw") << 2 << 4;
    QTest::newRow("ef over 1000") << 16 << 4000 << QStringLiteral("hnsw") << 16 << 1000;
    QTest::newRow("no graph") << 0 << 100 << QStringLiteral("none") << 0 << 0;
}

void ProposalTest::hnswParameters()
{
    QFETCH(int, m);
    QFETCH(int, ef);
    QFETCH(QString, kind);
    QFETCH(int, expectedM);
    QFETCH(int, expectedEf);
    DenseVectorInfo info = dense(8);
    info.hnsw.m = m;
    info.hnsw.efConstruct = ef;
    const CollectionPlan plan = proposed(factsWith(info));
    const IndexPlan& index = *indexOn(plan, QStringLiteral("embedding"));
    QCOMPARE(index.kind, kind);
    QCOMPARE(index.with.value(QStringLiteral("m")).toInt(), expectedM);
    QCOMPARE(index.with.value(QStringLiteral("ef_construction")).toInt(), expectedEf);
}

void ProposalTest::olderPgvector()
{
    ServerProfile server;
    server.vectorAvailable = true;
    server.vectorVersion = QVersionNumber(0, 6, 2);
    server.vectorOnSearchPath = true;
    const auto plan = [&](const DenseVectorInfo& info) {
        return proposed(factsWith(info), QStringLiteral("generic"), server);
    };
    QCOMPARE(plan(dense(8, Distance::Cosine, VectorDatatype::Float16)).vectors.first().type,
        QStringLiteral("vector"));
    QCOMPARE(plan(dense(3072)).indexes.first().kind, QStringLiteral("none"));
    QCOMPARE(plan(dense(8, Distance::Manhattan)).indexes.first().kind, QStringLiteral("none"));
    QCOMPARE(plan(dense(8)).indexes.first().kind, QStringLiteral("hnsw"));
    MigrationPlan migration;
    migration.collections << plan(dense(8));
    const auto schema = targetSchema(migration, migration.collections.first(), server);
    for (const DdlStatement& statement : schema->all()) {
        QVERIFY2(!statement.sql.contains(QStringLiteral("iterative_scan")), "not before 0.8.0");
        QVERIFY(!statement.sql.contains(QStringLiteral("CREATE EXTENSION")));
    }
}

void ProposalTest::payloadIndexes()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    const auto facts = test::recordedFacts(QStringLiteral("indexes/001-info"));
    const CollectionPlan plan = proposed(*facts);
    QCOMPARE(column(plan, QStringLiteral("geo_plain"))->type, QStringLiteral("point"));
    QCOMPARE(indexOn(plan, QStringLiteral("geo_plain"))->kind, QStringLiteral("gist"));
    QCOMPARE(column(plan, QStringLiteral("arr[].b"))->type, QStringLiteral("bigint[]"));
    QCOMPARE(indexOn(plan, QStringLiteral("arr_b"))->kind, QStringLiteral("gin"));
    QCOMPARE(column(plan, QStringLiteral("\"odd.key\".x"))->column, QStringLiteral("odd_key_x"));
    QCOMPARE(column(plan, QStringLiteral("uuid_plain"))->type, QStringLiteral("uuid"));
    QCOMPARE(column(plan, QStringLiteral("bool_disk"))->type, QStringLiteral("boolean"));
    QCOMPARE(column(plan, QStringLiteral("float_all"))->type, QStringLiteral("double precision"));
    QCOMPARE(column(plan, QStringLiteral("dt_all"))->type, QStringLiteral("timestamptz"));
    QCOMPARE(indexOn(plan, QStringLiteral("text_stem"))->expression,
        QStringLiteral("to_tsvector('english', \"text_stem\")"));
    QCOMPARE(indexOn(plan, QStringLiteral("text_word"))->expression,
        QStringLiteral("to_tsvector('simple', \"text_word\")"));
    QVERIFY(indexOn(plan, QStringLiteral("kw_tenant"))->reason.contains(QStringLiteral("tenants")));
    QCOMPARE(indexOn(plan, QStringLiteral("payload"))->opclass, QStringLiteral("jsonb_path_ops"));
}

void ProposalTest::arraysAndMisfits()
{
    CollectionFacts facts = factsWith(dense(4));
    const auto indexed = [&facts](const char* path, const char* type) {
        PayloadIndexInfo info;
        info.path = QString::fromLatin1(path);
        info.dataType = QString::fromLatin1(type);
        facts.info.payloadIndexes << info;
    };
    indexed("tags", "keyword");
    indexed("when", "datetime");
    indexed("number", "keyword");
    indexed("half", "integer");
    indexed("long", "keyword");
    indexed("novel", "text");
    indexed("new", "hologram");
    indexed("unseen", "integer");
    facts.payload.add(
        R"({"tags":["a","b"],"when":["2024-01-01"],"number":1,"half":"x","long":"l","novel":"n"})");
    facts.payload.add(R"({"tags":"c","number":2,"half":2,"long":")" + std::string(2500, 'l')
        + R"(","novel":")" + std::string(300'000, 'n') + "\"}");
    const CollectionPlan plan = proposed(facts);
    QCOMPARE(column(plan, QStringLiteral("tags"))->type, QStringLiteral("text[]"));
    QVERIFY(!column(plan, QStringLiteral("when")));
    QVERIFY(!column(plan, QStringLiteral("number")));
    QVERIFY(column(plan, QStringLiteral("half"))->reason.contains(QStringLiteral("1 of 2")));
    QCOMPARE(indexOn(plan, QStringLiteral("long"))->kind, QStringLiteral("none"));
    QCOMPARE(indexOn(plan, QStringLiteral("novel"))->kind, QStringLiteral("none"));
    QCOMPARE(column(plan, QStringLiteral("unseen"))->type, QStringLiteral("bigint"));
    int none = 0;
    for (const IndexPlan& index : plan.indexes)
        none += index.kind == QLatin1String("none") ? 1 : 0;
    QCOMPARE(none, 5);
}

void ProposalTest::awkwardNames()
{
    CollectionFacts facts = factsWith(dense(4));
    facts.info.name =
        QStringLiteral("my.collection \"with\" 'quotes' 名前 ").append(QString(100, QLatin1Char('x')));
    for (const char* name : {"id", "payload", "Ünï côdé x", "uni code x", "", "a.b", "a_b"}) {
        DenseVectorInfo info = dense(3);
        info.name = QString::fromUtf8(name);
        if (!info.name.isEmpty())
            facts.info.vectors << info;
    }
    const CollectionPlan plan = proposed(facts);
    QVERIFY(plan.table.toUtf8().size() <= 63);
    QStringList columns;
    for (const VectorPlan& vector : plan.vectors)
        columns << vector.column;
    QCOMPARE(columns.removeDuplicates(), 0);
    QVERIFY(!columns.contains(QStringLiteral("id")));
    QVERIFY(!columns.contains(QStringLiteral("payload")));
    MigrationPlan migration;
    migration.collections << plan;
    const auto schema = targetSchema(migration, plan, std::nullopt);
    QVERIFY2(schema.has_value(), qPrintable(schema ? QString() : schema.error().toText()));
    QSet<QString> indexes;
    for (const IndexSpec& index : schema->table.indexes) {
        QVERIFY(index.name.toUtf8().size() <= 63);
        indexes.insert(index.name);
    }
    QCOMPARE(indexes.size(), schema->table.indexes.size());
}

void ProposalTest::shardKeysThatClash()
{
    CollectionFacts facts = factsWith(dense(4));
    facts.info.customSharding = true;
    facts.shardKeys = {"\"eu\"", "7"};
    CollectionPlan plan = proposed(facts);
    QCOMPARE(plan.shardKeyColumn, QStringLiteral("shard_key"));
    QCOMPARE(plan.shardKeyType, QStringLiteral("text"));
    facts.shardKeys = {"\"7\"", "7"};
    plan = proposed(facts);
    QCOMPARE(plan.shardKeyType, QStringLiteral("jsonb"));
    MigrationPlan migration;
    migration.collections << plan;
    const auto schema = targetSchema(migration, plan, std::nullopt);
    QCOMPARE(schema->table.columns.at(1).name, QStringLiteral("shard_key"));
    QCOMPARE(schema->table.primaryKey, (QStringList{QStringLiteral("id"), QStringLiteral("shard_key")}));
}

void ProposalTest::unknownPreset()
{
    const auto plan = proposeCollection(factsWith(dense(4)), QStringLiteral("generik"), std::nullopt);
    QVERIFY(!plan);
    QVERIFY(plan.error().hint.contains(QStringLiteral("generic")));
}

void ProposalTest::presetWithoutVector()
{
    CollectionFacts facts;
    facts.info.name = QStringLiteral("c");
    const auto plan = proposeCollection(facts, QStringLiteral("context_items"), std::nullopt);
    QVERIFY(!plan);
    QVERIFY(plan.error().kind == ErrorKind::Unsupported);
    QVERIFY(proposeCollection(facts, QStringLiteral("generic"), std::nullopt).has_value());
}

QTEST_GUILESS_MAIN(ProposalTest)
#include "proposaltest.moc"
