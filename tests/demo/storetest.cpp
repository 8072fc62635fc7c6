// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/numbers.h"
#include "demo/server/standinserver.h"
#include "demo/source/generator.h"
#include "demo/store/filter.h"
#include "tests/demo/testclient.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <set>

using namespace qdrant2pg::demo;

Q_DECLARE_METATYPE(qdrant2pg::demo::IdKind)

namespace {

/// Everything a scan returns, page by page, as one text of ids and one of all pages.
struct Scan {
    std::vector<std::string> ids;
    std::string text;
    int pages = 0;
};

Scan scan(StandInServer& server, const std::string& collection, const std::string& limit, bool contents)
{
    Scan result;
    TestClient client(server.port());
    std::string offset = "null";
    do {
        const ClientReply reply = client.request("POST", "/collections/" + collection + "/points/scroll",
            R"({"limit":)" + limit + R"(,"offset":)" + offset
                + (contents ? R"(,"with_vector":true})" : R"(,"with_payload":false})"));
        const auto answer = Json::parse(reply.body);
        if (!answer || answer->at({"result", "points"}) == nullptr)
            return result;
        for (const Json& point : answer->at({"result", "points"})->items())
            result.ids.emplace_back(point.find("id")->raw());
        result.text += answer->find("result")->raw();
        offset = answer->at({"result", "next_page_offset"})->raw();
        ++result.pages;
    } while (offset != "null");
    return result;
}

Point point(std::uint64_t id, const std::string& payload = "{}")
{
    Point result;
    result.id = PointId::number(id);
    result.payload = payload;
    result.vectors.push_back(StoredVector::dense({}, {1.0F, 2.0F}));
    return result;
}

} // namespace

/// Generated collections, points from tests, changes while it runs, numbers and ids.
class StoreTest : public QObject {
    Q_OBJECT

private slots:
    void printsFloats_data();
    void printsFloats();
    void roundsLikeHalfPrecision();
    void readsEverySpellingOfAUuid();
    void hashesSlicesAsPublished();
    void generatesTheSameTwice();
    void scansEveryGeneratedIdOnce_data();
    void scansEveryGeneratedIdOnce();
    void generatesUnitVectors();
    void generatesEveryVectorKind();
    void searchesGeneratedVectors();
    void keepsRawTextOfPayloads();
    void changesWhileItRuns();
    void letsATestChangePointsBetweenPages();
    void hidesDeferredPoints();
    void dropsAndRecreates();
    void keepsOneIdUnderTwoShardKeys();
    void limitsInStrictMode();
};

void StoreTest::printsFloats_data()
{
    QTest::addColumn<float>("value");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](float value, const char* text) {
        QTest::newRow(text) << value << QByteArray(text);
    };
    row(1.0F, "1.0");
    row(-0.0F, "-0.0");
    row(0.16169041F, "0.16169041");
    row(1e-6F, "0.000001");
    row(1.5e-6F, "0.0000015");
    row(1.5e-7F, "1.5e-7");
    row(1234567800000.0F, "1234567800000.0");
    row(1e13F, "1e+13");
    row(std::numeric_limits<float>::max(), "3.4028235e+38");
    row(std::numeric_limits<float>::denorm_min(), "1e-45");
    row(INFINITY, "null");
    row(NAN, "null");
}

void StoreTest::printsFloats()
{
    QFETCH(float, value);
    QFETCH(QByteArray, text);
    std::string out;
    appendFloat(out, value);
    QCOMPARE(QByteArray::fromStdString(out), text);
}

void StoreTest::roundsLikeHalfPrecision()
{
    QCOMPARE(roundToHalf(65519.0F), 65504.0F);
    QVERIFY(std::isinf(roundToHalf(65520.0F)));
    QCOMPARE(roundToHalf(0.1F), 0.0999755859375F);
    QCOMPARE(roundToHalf(5.9604645e-8F), 5.9604645e-8F);
    QCOMPARE(roundToHalf(2.0e-8F), 0.0F);
    QCOMPARE(roundToUint8(-3.0F), 0.0F);
    QCOMPARE(roundToUint8(12.9F), 12.0F);
    QCOMPARE(roundToUint8(300.0F), 255.0F);
}

void StoreTest::readsEverySpellingOfAUuid()
{
    const std::string canonical = "550e8400-e29b-41d4-a716-446655440000";
    for (const char* text : {"550e8400-e29b-41d4-a716-446655440000", "550E8400E29B41D4A716446655440000",
             "urn:uuid:550e8400-e29b-41d4-a716-446655440000", "{550e8400-e29b-41d4-a716-446655440000}"}) {
        const auto id = PointId::fromUuidText(text);
        QVERIFY(id);
        QCOMPARE(id->text(), canonical);
    }
    QVERIFY(!PointId::fromUuidText("550e8400-e29b-41d4-a716-44665544000"));
    QVERIFY(PointId::number(std::numeric_limits<std::uint64_t>::max()) < PointId::uuid(0, 0));
}

void StoreTest::hashesSlicesAsPublished()
{
    QCOMPARE(sliceHash(PointId::number(0)), std::uint64_t(0xe849e8bb6ffe2567U));
    QCOMPARE(sliceHash(PointId::number(42)), std::uint64_t(0x0fc2553f07619dd3U));
    QCOMPARE(sliceHash(*PointId::fromUuidText("550e8400-e29b-41d4-a716-446655440000")),
        std::uint64_t(0xf5d0ca21ba34d504U));
}

void StoreTest::generatesTheSameTwice()
{
    StandInServer one;
    StandInServer two;
    QVERIFY(generateGameCollection(one.store(), "g", 300, 5, 32));
    QVERIFY(generateGameCollection(two.store(), "g", 300, 5, 32));
    QVERIFY(generateGameCollection(two.store(), "other", 300, 6, 32));
    QVERIFY(one.start());
    QVERIFY(two.start());
    const Scan first = scan(one, "g", "100", true);
    QCOMPARE(first.ids.size(), std::size_t(300));
    QVERIFY(first.text == scan(two, "g", "100", true).text);
    QVERIFY(first.text != scan(two, "other", "100", true).text);
}

void StoreTest::scansEveryGeneratedIdOnce_data()
{
    QTest::addColumn<IdKind>("kind");
    QTest::addColumn<QByteArray>("first");
    QTest::newRow("uuid") << IdKind::Uuid << QByteArray();
    QTest::newRow("sequential") << IdKind::Sequential << QByteArray("1");
    QTest::newRow("sparse") << IdKind::Sparse << QByteArray("0");
    QTest::newRow("mixed") << IdKind::Mixed << QByteArray("0");
}

void StoreTest::scansEveryGeneratedIdOnce()
{
    QFETCH(IdKind, kind);
    QFETCH(QByteArray, first);
    StandInServer server;
    Recipe recipe;
    recipe.points = 1000;
    recipe.ids = kind;
    recipe.dimensions = 4;
    QVERIFY(generateCollection(server.store(), "c", recipe));
    QVERIFY(server.start());
    const Scan result = scan(server, "c", "125", false);
    QCOMPARE(result.pages, 8);
    QCOMPARE(std::set<std::string>(result.ids.begin(), result.ids.end()).size(), std::size_t(1000));
    if (!first.isEmpty())
        QCOMPARE(QByteArray::fromStdString(result.ids.front()), first);
    if (kind == IdKind::Sparse)
        QCOMPARE(result.ids.back(), std::string("18446744073709551615"));
    if (kind == IdKind::Mixed)
        QVERIFY(result.ids.back().starts_with('"'));
}

void StoreTest::generatesUnitVectors()
{
    Store store;
    const auto collection = generateGameCollection(store, "g", 200, 1, 768);
    QVERIFY(collection);
    std::set<std::vector<float>> different;
    (*collection)->read([&](const CollectionState& state) {
        StoredVector scratch;
        for (const StoredPoint& stored : state.points) {
            const StoredVector* vector = state.reader(stored).vector({}, scratch);
            double square = 0;
            for (const float value : vector->values)
                square += static_cast<double>(value) * static_cast<double>(value);
            QVERIFY(std::fabs(square - 1) < 1e-6);
            different.insert(vector->values);
        }
    });
    QCOMPARE(different.size(), std::size_t(200));
}

void StoreTest::generatesEveryVectorKind()
{
    StandInServer server;
    Recipe recipe;
    recipe.points = 200;
    recipe.dimensions = 6;
    recipe.dense = {"a", "b"};
    recipe.sparse = {"s"};
    recipe.multi = {"m"};
    recipe.missing = 0.5;
    QVERIFY(generateCollection(server.store(), "c", recipe));
    QVERIFY(server.start());
    TestClient client(server.port());
    const ClientReply reply =
        client.request("POST", "/collections/c/points/scroll", R"({"limit":200,"with_vector":true})");
    const auto answer = Json::parse(reply.body);
    std::set<std::size_t> sizes;
    for (const Json& item : answer->at({"result", "points"})->items()) {
        const Json& vector = *item.find("vector");
        QVERIFY(vector.isObject());
        sizes.insert(vector.members().size());
        if (const Json* sparse = vector.find("s"))
            QCOMPARE(sparse->find("indices")->items().size(), sparse->find("values")->items().size());
        if (const Json* multi = vector.find("m"))
            QCOMPARE(multi->items().front().items().size(), std::size_t(6));
    }
    QVERIFY(sizes.size() >= 4);
}

void StoreTest::searchesGeneratedVectors()
{
    StandInServer server;
    Recipe recipe;
    recipe.points = 500;
    recipe.ids = IdKind::Sequential;
    recipe.dimensions = 32;
    QVERIFY(generateCollection(server.store(), "c", recipe));
    QVERIFY(server.start());
    TestClient client(server.port());
    const ClientReply one = client.request("GET", "/collections/c/points/77");
    const auto stored = Json::parse(one.body);
    const ClientReply found = client.request("POST", "/collections/c/points/query",
        R"({"limit":1,"query":)" + std::string(stored->at({"result", "vector"})->raw()) + '}');
    const auto answer = Json::parse(found.body);
    QCOMPARE(answer->at({"result", "points"})->items().front().find("id")->raw(), std::string_view("77"));
}

void StoreTest::keepsRawTextOfPayloads()
{
    StandInServer server;
    const auto collection = server.store().create("c", R"({"vectors":{"size":2,"distance":"Dot"}})");
    QVERIFY(collection);
    const std::string payload = R"({"b":1.0,"a":18446744073709551615,"x":1e+300,"nul":"a\u0000b","":-0.0})";
    (*collection)->upsert({point(1, payload)});
    QVERIFY(server.start());
    TestClient client(server.port());
    const ClientReply reply = client.request("POST", "/collections/c/points/scroll", "{}");
    QVERIFY(reply.body.find(payload) != std::string::npos);
    server.setVersion(*ServerVersion::parse("1.10"));
    const ClientReply sorted = client.request("POST", "/collections/c/points/scroll", "{}");
    QVERIFY(sorted.body.find(R"({"":-0.0,"a":18446744073709551615,"b":1.0,"nul":"a\u0000b","x":1e+300})")
        != std::string::npos);
}

void StoreTest::changesWhileItRuns()
{
    StandInServer server;
    const auto created = server.store().create("c", R"({"vectors":{"size":2,"distance":"Dot"}})");
    QVERIFY(created);
    Collection& collection = **created;
    for (std::uint64_t i = 0; i < 100; i += 2)
        collection.upsert({point(i)});
    QVERIFY(server.start());
    QCOMPARE(scan(server, "c", "10", false).ids.size(), std::size_t(50));
    collection.upsert({point(11), point(13)});
    QCOMPARE(collection.remove({PointId::number(10), PointId::number(999)}), std::size_t(1));
    const Scan after = scan(server, "c", "10", false);
    QCOMPARE(after.ids.size(), std::size_t(51));
    QCOMPARE(after.ids[5], std::string("11"));
    collection.upsert({point(20, R"({"v":2})")});
    TestClient client(server.port());
    QVERIFY(client.request("GET", "/collections/c/points/20").body.find(R"("payload":{"v":2})")
        != std::string::npos);
}

void StoreTest::letsATestChangePointsBetweenPages()
{
    StandInServer server;
    const auto created = server.store().create("c", R"({"vectors":{"size":2,"distance":"Dot"}})");
    QVERIFY(created);
    std::vector<Point> points;
    for (std::uint64_t i = 0; i < 60; ++i)
        points.push_back(point(i));
    (*created)->upsert(points);
    int pages = 0;
    server.setObserver([&](const HttpRequest&) {
        if (++pages == 2)
            (*created)->remove({PointId::number(3), PointId::number(20), PointId::number(59)});
    });
    QVERIFY(server.start());
    const Scan result = scan(server, "c", "20", false);
    // 3 was read before it went; the deleted cursor 20 does no harm.
    QCOMPARE(result.ids.size(), std::size_t(58));
    QCOMPARE(result.ids[20], std::string("21"));
    QCOMPARE(server.log().of("scroll").front().headers.at("host"), std::string("127.0.0.1"));
}

void StoreTest::hidesDeferredPoints()
{
    StandInServer server;
    Recipe recipe;
    recipe.points = 40;
    recipe.ids = IdKind::Sequential;
    recipe.dimensions = 4;
    const auto collection = generateCollection(server.store(), "c", recipe);
    QVERIFY(collection);
    (*collection)->setDeferred(30);
    QVERIFY(server.start());
    QCOMPARE(scan(server, "c", "100", false).ids.size(), std::size_t(10));
    TestClient client(server.port());
    QVERIFY(client.request("GET", "/collections/c").body.find(R"("points_count":40)") != std::string::npos);
    QVERIFY(client.request("POST", "/collections/c/points/count", "{}").body.find(R"({"count":10})")
        != std::string::npos);
    (*collection)->setDeferred(0);
    QCOMPARE(scan(server, "c", "100", false).ids.size(), std::size_t(40));
}

void StoreTest::dropsAndRecreates()
{
    StandInServer server;
    QVERIFY(server.store().create("c", R"({"vectors":{"size":2,"distance":"Dot"}})"));
    server.store().setAlias("other", "c");
    QVERIFY(server.start());
    TestClient client(server.port());
    QCOMPARE(client.request("GET", "/collections/other").status, 200);
    QVERIFY(server.store().drop("c"));
    QCOMPARE(client.request("GET", "/collections/other").status, 404);
    QVERIFY(server.store().create("c", R"({"vectors":{"size":3,"distance":"Cosine"}})"));
    QVERIFY(client.request("GET", "/collections/c").body.find(R"("size":3)") != std::string::npos);
}

void StoreTest::keepsOneIdUnderTwoShardKeys()
{
    StandInServer server;
    const auto collection =
        server.store().create("c", R"({"vectors":{"size":2,"distance":"Dot"},"sharding_method":"custom"})");
    QVERIFY(collection);
    Point eu = point(9, R"({"copy":"eu"})");
    eu.shardKey = "\"eu\"";
    Point seven = point(9, R"({"copy":7})");
    seven.shardKey = "7";
    (*collection)->upsert({eu, seven});
    QVERIFY(server.start());
    QCOMPARE(scan(server, "c", "10", false).ids.size(), std::size_t(1));
    TestClient client(server.port());
    QVERIFY(client.request("POST", "/collections/c/points/count", "{}").body.find(R"({"count":2})")
        != std::string::npos);
    const ClientReply only = client.request("POST", "/collections/c/points/scroll", R"({"shard_key":7})");
    QVERIFY(only.body.find(R"("payload":{"copy":7},"shard_key":7)") != std::string::npos);
}

void StoreTest::limitsInStrictMode()
{
    StandInServer server;
    Recipe recipe;
    recipe.dimensions = 4;
    const auto collection = generateCollection(server.store(), "c", recipe);
    QVERIFY(collection);
    QVERIFY((*collection)->write([](CollectionState& state) {
        return state.config.setMember(
            "strict_mode_config", R"({"enabled":true,"max_query_limit":50,"read_rate_limit":2})");
    }));
    QVERIFY(server.start());
    TestClient client(server.port());
    const auto scroll = [&client](const char* body) {
        return client.request("POST", "/collections/c/points/scroll", body);
    };
    QCOMPARE(scroll(R"({"limit":51})").status, 400);
    QCOMPARE(scroll(R"({"limit":50})").status, 200);
    QCOMPARE(scroll(R"({"limit":50})").status, 200);
    const ClientReply limited = scroll(R"({"limit":50})");
    QCOMPARE(limited.status, 429);
    QVERIFY(std::stoi(limited.headers.at("retry-after")) > 0);
    (*collection)->refillReadTokens();
    QCOMPARE(scroll(R"({"limit":50})").status, 200);
    server.setVersion(*ServerVersion::parse("1.13"));
    QCOMPARE(scroll(R"({"limit":51})").status, 403);
}

QTEST_GUILESS_MAIN(StoreTest)
#include "storetest.moc"
