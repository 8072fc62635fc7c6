// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <QTest>

#include "core/qdrant/collectioninfo.h"
#include "tests/support/recordings.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

/// A reply around `params`, with more of the configuration and of the result.
QByteArray info(const QByteArray& params, const QByteArray& config = {}, const QByteArray& result = {})
{
    return R"({"result":{"status":"green","optimizer_status":"ok","points_count":3,"config":{"params":{)"
        + params + R"(},"hnsw_config":{"m":16,"ef_construct":100,"on_disk":false})" + config + "}" + result
        + R"(},"status":"ok"})";
}

Result<CollectionInfo> parsed(const QByteArray& body)
{
    return parseCollectionInfo(QStringLiteral("game"), body);
}

} // namespace

class CollectionInfoTest : public QObject {
    Q_OBJECT

private slots:
    void readsTheUnnamedVector();
    void readsNamedVectors();
    void readsTheEmptyName();
    void readsNoVectors_data();
    void readsNoVectors();
    void readsSparseVectors();
    void readsStrictModeOnlyWhenEnabled();
    void readsPayloadIndexes();
    void keepsMetadataAsText();
    void readsNullAsAbsent();
    void readsQueueAndWarnings();
    void refusesUnknownWords_data();
    void refusesUnknownWords();
    void refusesOtherDocuments_data();
    void refusesOtherDocuments();
    void fingerprintsWhatDecidesThePoints();
    void readsEveryRecording();
};

void CollectionInfoTest::readsTheUnnamedVector()
{
    const auto result = parsed(info(
        R"("vectors":{"size":768,"distance":"Cosine","on_disk":true,"hnsw_config":{"m":32},"datatype":"float16"},"shard_number":2)",
        R"(,"quantization_config":{"scalar":{"type":"int8"}})"));
    QVERIFY(result.has_value());
    QCOMPARE(result->vectors.size(), 1);
    const DenseVectorInfo* const vector = result->denseVector(QString());
    QVERIFY(vector);
    QCOMPARE(vector->size, 768);
    QCOMPARE(vector->distance, Distance::Cosine);
    QCOMPARE(vector->datatype, VectorDatatype::Float16);
    QVERIFY(!vector->multivector);
    QCOMPARE(vector->hnsw.m, 32);
    QCOMPARE(vector->hnsw.efConstruct, 100);
    QCOMPARE(vector->quantization, QStringLiteral("scalar"));
    QCOMPARE(result->shardNumber, 2);
    QCOMPARE(result->pointsCount, std::optional<qint64>(3));
    QVERIFY(!result->customSharding);
    QVERIFY(result->optimizerError.isEmpty());
}

void CollectionInfoTest::readsNamedVectors()
{
    const auto result = parsed(info(
        R"("vectors":{"size":{"size":2,"distance":"Dot"},"m":{"size":3,"distance":"Manhattan","multivector_config":{"comparator":"max_sim"}}},"sharding_method":"custom")"));
    QVERIFY(result.has_value());
    QCOMPARE(result->vectors.size(), 2);
    QCOMPARE(result->denseVector(QStringLiteral("size"))->size, 2);
    QVERIFY(result->denseVector(QStringLiteral("m"))->multivector);
    QCOMPARE(distanceName(result->denseVector(QStringLiteral("m"))->distance), QStringLiteral("Manhattan"));
    QVERIFY(!result->denseVector(QString()));
    QVERIFY(result->customSharding);
}

void CollectionInfoTest::readsTheEmptyName()
{
    const auto result = parsed(info(
        R"("vectors":{"":{"size":3,"distance":"Euclid"},"extra":{"size":2,"distance":"Dot","datatype":"uint8"}})"));
    QVERIFY(result.has_value());
    QCOMPARE(result->denseVector(QString())->size, 3);
    QCOMPARE(
        vectorDatatypeName(result->denseVector(QStringLiteral("extra"))->datatype), QStringLiteral("uint8"));
}

void CollectionInfoTest::readsNoVectors_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::newRow("empty") << QByteArray(R"("vectors":{})");
    QTest::newRow("absent") << QByteArray(R"("shard_number":1)");
    QTest::newRow("null") << QByteArray(R"("vectors":null,"sparse_vectors":null)");
}

void CollectionInfoTest::readsNoVectors()
{
    QFETCH(QByteArray, params);
    const auto result = parsed(info(params));
    QVERIFY(result.has_value());
    QVERIFY(result->vectors.isEmpty());
    QVERIFY(result->sparseVectors.isEmpty());
}

void CollectionInfoTest::readsSparseVectors()
{
    const auto result = parsed(info(
        R"("vectors":{},"sparse_vectors":{"a":{},"b":{"modifier":"idf","index":{"datatype":"float16"}},"c":{"modifier":"none"}})"));
    QVERIFY(result.has_value());
    QCOMPARE(result->sparseVectors.size(), 3);
    QVERIFY(!result->sparseVector(QStringLiteral("a"))->idf);
    QVERIFY(result->sparseVector(QStringLiteral("b"))->idf);
    QCOMPARE(result->sparseVector(QStringLiteral("b"))->indexDatatype, QStringLiteral("float16"));
    QVERIFY(!result->sparseVector(QStringLiteral("d")));
}

void CollectionInfoTest::readsStrictModeOnlyWhenEnabled()
{
    const QByteArray limits =
        R"("max_query_limit":20,"max_timeout":5,"search_allow_exact":false,"read_rate_limit":4)";
    const auto on = parsed(info({}, R"(,"strict_mode_config":{"enabled":true,)" + limits + '}'));
    QVERIFY(on.has_value() && on->strictMode.enabled);
    QCOMPARE(on->strictMode.maxQueryLimit, std::optional<qint64>(20));
    QCOMPARE(on->strictMode.maxTimeoutSeconds, std::optional<qint64>(5));
    QCOMPARE(on->strictMode.searchAllowExact, std::optional(false));
    QCOMPARE(on->strictMode.readRateLimit, std::optional<qint64>(4));
    QVERIFY(!on->strictMode.conditionMaxSize);
    const auto off = parsed(info({}, R"(,"strict_mode_config":{"enabled":false,)" + limits + '}'));
    QVERIFY(off.has_value() && !off->strictMode.enabled && !off->strictMode.maxQueryLimit);
}

void CollectionInfoTest::readsPayloadIndexes()
{
    const auto result = parsed(info({}, {},
        R"(,"payload_schema":{"city":{"data_type":"keyword","points":9},"n":{"data_type":"future","params":{"type":"future","lookup":null},"points":1}})"));
    QVERIFY(result.has_value());
    QCOMPARE(result->payloadIndexes.size(), 2);
    QCOMPARE(result->payloadIndexes[0].path, QStringLiteral("city"));
    QCOMPARE(result->payloadIndexes[0].points, 9);
    QCOMPARE(result->payloadIndexes[1].dataType, QStringLiteral("future"));
    QVERIFY(result->payloadIndexes[1].params.contains(QStringLiteral("lookup")));
}

void CollectionInfoTest::keepsMetadataAsText()
{
    const QByteArray metadata = R"({"big":18446744073709551615,"one":1.0,"z":1,"a":"\u0000"})";
    QCOMPARE(parsed(info({}, R"(,"metadata":)" + metadata))->metadataJson, metadata);
    QVERIFY(parsed(info({}, R"(,"metadata":null)"))->metadataJson.isEmpty());
    QVERIFY(parsed(info({}))->metadataJson.isEmpty());
}

void CollectionInfoTest::readsNullAsAbsent()
{
    const auto result = parsed(
        R"({"result":{"status":"red","optimizer_status":{"error":"no space"},"points_count":null,"vectors_count":null,)"
        R"("config":{"params":{"vectors":{"size":4,"distance":"Dot","datatype":null,"multivector_config":null,"hnsw_config":null}},)"
        R"("optimizer_config":{"prevent_unoptimized":null},"quantization_config":null},"payload_schema":null}})");
    QVERIFY(result.has_value());
    QCOMPARE(result->status, QStringLiteral("red"));
    QCOMPARE(result->optimizerError, QStringLiteral("no space"));
    QVERIFY(!result->pointsCount);
    QVERIFY(!result->preventUnoptimized);
    QVERIFY(!result->updateQueueLength);
    QCOMPARE(result->vectors[0].datatype, VectorDatatype::Float32);
}

void CollectionInfoTest::readsQueueAndWarnings()
{
    const auto result = parsed(info({}, R"(,"optimizer_config":{"prevent_unoptimized":true})",
        R"(,"update_queue":{"length":2,"deferred_points":300},"warnings":[{"message":"careful"}])"));
    QVERIFY(result.has_value());
    QVERIFY(result->preventUnoptimized);
    QCOMPARE(result->updateQueueLength, std::optional<qint64>(2));
    QCOMPARE(result->deferredPoints, std::optional<qint64>(300));
    QCOMPARE(result->warnings, QStringList{QStringLiteral("careful")});
}

void CollectionInfoTest::refusesUnknownWords_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<QString>("word");
    QTest::newRow("distance") << QByteArray(R"("vectors":{"size":4,"distance":"Hamming"})")
                              << QStringLiteral("Hamming");
    QTest::newRow("datatype") << QByteArray(
        R"("vectors":{"a":{"size":4,"distance":"Dot","datatype":"int4"}})")
                              << QStringLiteral("int4");
    QTest::newRow("comparator") << QByteArray(
        R"("vectors":{"size":4,"distance":"Dot","multivector_config":{"comparator":"avg"}})")
                                << QStringLiteral("avg");
    QTest::newRow("modifier") << QByteArray(R"("sparse_vectors":{"s":{"modifier":"bm42"}})")
                              << QStringLiteral("bm42");
    QTest::newRow("sharding") << QByteArray(R"("sharding_method":"geo")") << QStringLiteral("geo");
    QTest::newRow("no size") << QByteArray(R"("vectors":{"a":{"distance":"Dot"}})")
                             << QStringLiteral("has no size");
}

void CollectionInfoTest::refusesUnknownWords()
{
    QFETCH(QByteArray, params);
    QFETCH(QString, word);
    const auto result = parsed(info(params));
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::Unsupported);
    QVERIFY2(result.error().summary.contains(word), qPrintable(result.error().summary));
    QCOMPARE(result.error().where.collection, QStringLiteral("game"));
}

void CollectionInfoTest::refusesOtherDocuments_data()
{
    QTest::addColumn<QByteArray>("body");
    for (const char* body : {"", "[]", "{}", "null", "<html>", R"({"result":true})",
             R"({"result":{"config":{}}})", R"({"result":{"config":{"params":[]}}})"})
        QTest::newRow(body) << QByteArray(body);
}

void CollectionInfoTest::refusesOtherDocuments()
{
    QFETCH(QByteArray, body);
    const auto result = parsed(body);
    QVERIFY(!result.has_value());
    QCOMPARE(result.error().kind, ErrorKind::Protocol);
}

void CollectionInfoTest::fingerprintsWhatDecidesThePoints()
{
    const auto fingerprint = [](const QByteArray& params, const QByteArray& config = {},
                                 const QByteArray& result = {}) {
        return parsed(info(params, config, result))->configFingerprint();
    };
    const QByteArray params =
        R"("vectors":{"a":{"size":4,"distance":"Dot"}},"sparse_vectors":{"s":{},"t":{}})";
    const QByteArray same = fingerprint(params);
    QVERIFY(!same.isEmpty());
    QCOMPARE(
        fingerprint(
            R"("sparse_vectors":{"t":{"modifier":"idf"},"s":{}},"vectors":{"a":{"distance":"Dot","size":4,"on_disk":true}})",
            R"(,"quantization_config":{"binary":{}})", R"(,"segments_count":9)"),
        same);
    for (const char* other :
        {R"("vectors":{"a":{"size":5,"distance":"Dot"}},"sparse_vectors":{"s":{},"t":{}})",
            R"("vectors":{"a":{"size":4,"distance":"Cosine"}},"sparse_vectors":{"s":{},"t":{}})",
            R"("vectors":{"a":{"size":4,"distance":"Dot","datatype":"float16"}},"sparse_vectors":{"s":{},"t":{}})",
            R"("vectors":{"b":{"size":4,"distance":"Dot"}},"sparse_vectors":{"s":{},"t":{}})",
            R"("vectors":{"a":{"size":4,"distance":"Dot"}},"sparse_vectors":{"s":{}})",
            R"("vectors":{"a":{"size":4,"distance":"Dot","multivector_config":{"comparator":"max_sim"}}},"sparse_vectors":{"s":{},"t":{}})",
            R"("vectors":{"size":4,"distance":"Dot"},"sparse_vectors":{"s":{},"t":{}})",
            R"("vectors":{"a":{"size":4,"distance":"Dot"}},"sparse_vectors":{"s":{},"t":{}},"sharding_method":"custom")"})
        QVERIFY2(fingerprint(other) != same, other);
}

void CollectionInfoTest::readsEveryRecording()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    int infos = 0;
    for (const QString& folder : Recordings::folders()) {
        for (const QString& name : Recordings::exchanges(folder)) {
            const auto exchange = Recordings::exchange(name);
            if (!exchange || exchange->status != 200 || !exchange->body.contains("\"optimizer_status\""))
                continue;
            ++infos;
            const auto result = parseCollectionInfo(folder, exchange->body);
            QVERIFY2(result.has_value(), qPrintable(name + (result ? QString() : result.error().toText())));
            QVERIFY2(
                result->pointsCount.has_value() && result->updateQueueLength.has_value(), qPrintable(name));
            QVERIFY2(!result->status.isEmpty(), qPrintable(name));
            QVERIFY(result->segmentsCount > 0);
        }
    }
    QVERIFY(infos > 50);
}

QTEST_GUILESS_MAIN(CollectionInfoTest)
#include "collectioninfotest.moc"
