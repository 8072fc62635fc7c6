// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/sourcefacts.h"
#include "demo/server/standinserver.h"

#include <QTest>

using namespace qdrant2pg;

class SourceFactsTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void wholeCollection();
    void missingCollection();
    void kindsOfIds_data();
    void kindsOfIds();
    void idPassFindsTheGreatest();
    void emptyCollection();
    void strictModeForbidsExactCounts();
    void timedOutCountFallsBack();
    void strictPageLimit();
    void olderServersAreSpread();
    void shardKeysAreCountedEach();
    void aliases();
    void wrongKeyIsAnError();
    void stopEndsIt();

private:
    std::shared_ptr<demo::Collection> create(
        const std::string& request, const std::string& points, const std::string& name = "docs");
    Result<CollectionFacts> facts(
        const FactOptions& options = {}, const QString& name = QStringLiteral("docs"));

    std::unique_ptr<demo::StandInServer> m_server;
};

void SourceFactsTest::init()
{
    m_server = std::make_unique<demo::StandInServer>();
    QVERIFY(m_server->start().has_value());
}

std::shared_ptr<demo::Collection> SourceFactsTest::create(
    const std::string& request, const std::string& points, const std::string& name)
{
    auto collection = m_server->store().create(name, request);
    if (!collection)
        qFatal("%s", collection.error().c_str());
    if (points.empty())
        return *collection;
    auto parsed = demo::Json::parse(points);
    if (!parsed)
        qFatal("points");
    if (auto stored = (*collection)->upload(*parsed); !stored)
        qFatal("%s", stored.error().c_str());
    return *collection;
}

Result<CollectionFacts> SourceFactsTest::facts(const FactOptions& options, const QString& name)
{
    SourceOptions source;
    source.url = QUrl(QString::fromStdString(m_server->url()));
    QdrantClient client(source);
    return readCollectionFacts(client, name, options);
}

void SourceFactsTest::wholeCollection()
{
    create(
        R"({"vectors":{"":{"size":2,"distance":"Cosine"},"b":{"size":2,"distance":"Dot"}},"sparse_vectors":{"s":{}}})",
        R"([{"id":1,"vector":{"":[3,4],"b":[1,-70000],"s":{"indices":[5,3000],"values":[1,0]}},"payload":{"city":"Oslo","n":1}},)"
        R"({"id":2,"vector":{"":[0,0]},"payload":{"city":"Oslo","n":18446744073709551615}},)"
        R"({"id":3,"vector":{"b":[1,2],"s":{"indices":[1],"values":[2]}},"payload":{"city":"a\u0000b"}}])");
    FactOptions options;
    options.rateTime = std::chrono::milliseconds(50);
    const auto read = facts(options);
    QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().toText()));
    QCOMPARE(read->info.vectors.size(), 2);
    QCOMPARE(read->exactCount, std::optional<qint64>(3));
    QCOMPARE(read->countNote, QStringLiteral("exact count"));
    QVERIFY(read->ids.hasNumbers && !read->ids.hasUuids);
    QCOMPARE(read->ids.hasNumbersBeyondInt64, std::optional(false));
    QCOMPARE(read->sampledPoints, qint64(3));
    QVERIFY(read->sampleIsRandom);
    QVERIFY(read->sampleRate > 0);
    QVERIFY(read->meanPointBytes > read->meanPayloadBytes && read->meanPayloadBytes > 10);
    QCOMPARE(read->payload.path(QStringLiteral("city"))->strings, qint64(3));
    QCOMPARE(read->payload.path(QStringLiteral("n"))->bigIntegers, qint64(1));
    QCOMPARE(read->payload.pointsWithNul(), qint64(1));
    QCOMPARE(read->zeroVectorPoints, qint64(1));
    for (const DenseFacts& dense : read->dense) {
        QCOMPARE(dense.missing, qint64(1));
        if (dense.name == QLatin1String("b"))
            QCOMPARE(dense.largest, 70000.0);
    }
    QCOMPARE(read->sparse.size(), 1);
    QCOMPARE(read->sparse.first().maxIndex, 3000U);
    QCOMPARE(read->sparse.first().maxNonZeros, qint64(1));
    QVERIFY(read->sparse.first().hasZeros);
}

void SourceFactsTest::missingCollection()
{
    create(R"({"vectors":{"size":2,"distance":"Dot"}})", {}, "game_collection");
    create(R"({"vectors":{"size":2,"distance":"Dot"}})", {}, "other");
    auto read = facts({}, QStringLiteral("gmae_collection"));
    QVERIFY(!read);
    QVERIFY(read.error().kind == ErrorKind::NotFound);
    QVERIFY(read.error().summary.contains(QStringLiteral("gmae_collection")));
    QVERIFY2(read.error().hint.contains(QStringLiteral("Did you mean game_collection?")),
        qPrintable(read.error().hint));
    QVERIFY(read.error().hint.contains(QStringLiteral("other")));
    read = facts({}, QStringLiteral("zzzzzz"));
    QVERIFY(!read.error().hint.contains(QStringLiteral("Did you mean")));
    m_server->store().drop("game_collection");
    m_server->store().drop("other");
    read = facts();
    QVERIFY2(
        read.error().hint.contains(QStringLiteral("no collections at all")), qPrintable(read.error().hint));
}

void SourceFactsTest::kindsOfIds_data()
{
    QTest::addColumn<QByteArray>("ids");
    QTest::addColumn<bool>("numbers");
    QTest::addColumn<bool>("uuids");
    QTest::addColumn<bool>("beyond");
    QTest::newRow("numbers") << QByteArray("1 5") << true << false << false;
    QTest::newRow("up to 2^63-1") << QByteArray("1 9223372036854775807") << true << false << false;
    QTest::newRow("2^63") << QByteArray("1 9223372036854775808") << true << false << true;
    QTest::newRow("uuids") << QByteArray("\"550e8400-e29b-41d4-a716-446655440000\"") << false << true
                           << false;
    QTest::newRow("nil uuid") << QByteArray("\"00000000-0000-0000-0000-000000000000\"") << false << true
                              << false;
    QTest::newRow("mixed") << QByteArray("7 \"550e8400-e29b-41d4-a716-446655440000\"") << true << true
                           << false;
    QTest::newRow("mixed beyond") << QByteArray(
        "18446744073709551615 \"550e8400-e29b-41d4-a716-446655440000\"")
                                  << true << true << true;
}

void SourceFactsTest::kindsOfIds()
{
    QFETCH(QByteArray, ids);
    QFETCH(bool, numbers);
    QFETCH(bool, uuids);
    QFETCH(bool, beyond);
    QByteArrayList points;
    for (const QByteArray& id : ids.split(' '))
        points << "{\"id\":" + id + ",\"vector\":{}}";
    create("{}", ("[" + points.join(',') + "]").toStdString());
    const auto read = facts();
    QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().toText()));
    QCOMPARE(read->ids.hasNumbers, numbers);
    QCOMPARE(read->ids.hasUuids, uuids);
    QCOMPARE(read->ids.hasNumbersBeyondInt64.value_or(false), beyond);
}

void SourceFactsTest::idPassFindsTheGreatest()
{
    std::string points;
    for (int i = 0; i < 50; ++i)
        points += (i ? "," : "[") + std::string("{\"id\":") + std::to_string(i * 1000) + ",\"vector\":{}}";
    create("{}", points + "]");
    FactOptions options;
    options.idPass = true;
    options.samplePoints = 0;
    const auto read = facts(options);
    QVERIFY(read->ids.maxNumberExact);
    QCOMPARE(read->ids.maxNumber, std::optional<std::uint64_t>(49'000));
    QCOMPARE(read->sampledPoints, qint64(0));
}

void SourceFactsTest::emptyCollection()
{
    create(R"({"vectors":{"size":2,"distance":"Dot"}})", {});
    const auto read = facts();
    QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().toText()));
    QCOMPARE(read->bestCount(), qint64(0));
    QVERIFY(!read->ids.hasNumbers && !read->ids.hasUuids);
}

void SourceFactsTest::strictModeForbidsExactCounts()
{
    create(R"({"strict_mode_config":{"enabled":true,"search_allow_exact":false}})",
        R"([{"id":1,"vector":{}},{"id":2,"vector":{}}])");
    const auto read = facts();
    QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().toText()));
    QVERIFY(!read->exactCount);
    QVERIFY2(read->countNote.contains(QStringLiteral("strict mode")), qPrintable(read->countNote));
    QCOMPARE(read->bestCount(), qint64(2));
}

void SourceFactsTest::timedOutCountFallsBack()
{
    create("{}", R"([{"id":1,"vector":{}}])");
    demo::FaultRule rule;
    rule.operation = "count";
    rule.fault = demo::Fault::readTimeout();
    m_server->faults().add(rule);
    const auto read = facts();
    QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().toText()));
    QVERIFY(!read->exactCount);
    QVERIFY2(read->countNote.contains(QStringLiteral("longer than the server allows")),
        qPrintable(read->countNote));
}

void SourceFactsTest::strictPageLimit()
{
    std::string points;
    for (int i = 0; i < 60; ++i)
        points += (i ? "," : "[") + std::string("{\"id\":") + std::to_string(i) + ",\"vector\":{}}";
    create(R"({"strict_mode_config":{"enabled":true,"max_query_limit":7}})", points + "]");
    FactOptions options;
    options.idPass = true;
    options.rateTime = std::chrono::milliseconds(20);
    const auto read = facts(options);
    QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().toText()));
    QCOMPARE(read->ids.maxNumber, std::optional<std::uint64_t>(59));
    QVERIFY(read->sampledPoints >= 7);
}

void SourceFactsTest::olderServersAreSpread()
{
    m_server->setVersion(demo::ServerVersion{1, 9, 7});
    std::string points;
    for (int i = 0; i < 400; ++i)
        points += (i ? "," : "[") + std::string("{\"id\":") + std::to_string(i)
            + R"(,"vector":{},"payload":{"quarter":)" + std::to_string(i / 100) + "}}";
    create("{}", points + "]");
    FactOptions options;
    options.samplePoints = 40;
    const auto read = facts(options);
    QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().toText()));
    QVERIFY(!read->sampleIsRandom);
    QVERIFY(read->sampledPoints >= 28);
    QCOMPARE(read->payload.path(QStringLiteral("quarter"))->distinct, qint64(4));
}

void SourceFactsTest::shardKeysAreCountedEach()
{
    const auto collection = create(R"({"sharding_method":"custom"})", {});
    const auto store = [&](const std::string& key, const std::string& points) {
        collection->write([&](demo::CollectionState& state) {
            if (!state.shardOf(key)) {
                state.shardKeys.push_back(key);
                state.shards.push_back({state.shards.size() + 1, key, std::nullopt});
            }
        });
        const auto stored = collection->upload(*demo::Json::parse(points), key);
        if (!stored)
            qFatal("%s", stored.error().c_str());
    };
    store("\"eu\"", R"([{"id":1,"vector":{}},{"id":2,"vector":{}}])");
    store("7", R"([{"id":1,"vector":{}}])");
    const auto read = facts();
    QVERIFY2(read.has_value(), qPrintable(read ? QString() : read.error().toText()));
    QCOMPARE(read->shardKeys.size(), std::size_t(2));
    QCOMPARE(read->exactCount, std::optional<qint64>(3));
}

void SourceFactsTest::aliases()
{
    create("{}", {});
    m_server->store().setAlias("live", "docs");
    m_server->store().setAlias("backup", "docs");
    QCOMPARE(facts()->aliases, (QStringList{QStringLiteral("backup"), QStringLiteral("live")}));
}

void SourceFactsTest::wrongKeyIsAnError()
{
    create("{}", {});
    m_server->setApiKeys("secret-canary");
    const auto read = facts();
    QVERIFY(!read);
    QVERIFY(read.error().kind == ErrorKind::Authentication);
}

void SourceFactsTest::stopEndsIt()
{
    create("{}", {});
    SourceOptions source;
    source.url = QUrl(QString::fromStdString(m_server->url()));
    QdrantClient client(source);
    std::stop_source stop;
    stop.request_stop();
    const auto read = readCollectionFacts(client, QStringLiteral("docs"), {}, stop.get_token());
    QVERIFY(!read);
    QVERIFY(read.error().kind == ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(SourceFactsTest)
#include "sourcefactstest.moc"
