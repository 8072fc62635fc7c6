// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/json.h"
#include "demo/server/standinserver.h"
#include "tests/demo/testclient.h"

#include <QtTest>

using namespace qdrant2pg::demo;

/// What differs between the imitated versions (reference/qdrant.md section 9).
class VersionsTest : public QObject {
    Q_OBJECT

private slots:
    void knowsItsVersions();
    void differsByVersion_data();
    void differsByVersion();
    void asksForKeysByVersion_data();
    void asksForKeysByVersion();
    void leavesOutLabelsUpTo18();
    void showsInfoByVersion_data();
    void showsInfoByVersion();
};

void VersionsTest::knowsItsVersions()
{
    QCOMPARE(ServerVersion::parse("1.7")->text(), std::string("1.7.4"));
    QCOMPARE(ServerVersion::parse("1.12.5")->text(), std::string("1.12.5"));
    QCOMPARE(ServerVersion().text(), std::string("1.18.3"));
    for (const char* wrong : {"", "1", "2.0", "1.99", "one", "1.7.4.1"})
        QVERIFY(!ServerVersion::parse(wrong));
}

void VersionsTest::differsByVersion_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<bool>("nulls");
    QTest::addColumn<bool>("query");
    QTest::addColumn<bool>("facet");
    QTest::addColumn<bool>("shards");
    QTest::addColumn<bool>("slice");
    QTest::newRow("1.7") << QByteArray("1.7") << true << false << false << false << false;
    QTest::newRow("1.9") << QByteArray("1.9") << true << false << false << false << false;
    QTest::newRow("1.10") << QByteArray("1.10") << false << true << false << false << false;
    QTest::newRow("1.13") << QByteArray("1.13") << false << true << true << false << false;
    QTest::newRow("1.16") << QByteArray("1.16") << false << true << true << false << false;
    QTest::newRow("1.17") << QByteArray("1.17") << false << true << true << true << false;
    QTest::newRow("1.18") << QByteArray("1.18") << false << true << true << true << false;
    QTest::newRow("1.19") << QByteArray("1.19") << false << true << true << true << true;
}

void VersionsTest::differsByVersion()
{
    QFETCH(QByteArray, version);
    QFETCH(bool, nulls);
    QFETCH(bool, query);
    QFETCH(bool, facet);
    QFETCH(bool, shards);
    QFETCH(bool, slice);
    StandInServer server;
    const auto collection = server.store().create("c", R"({"vectors":{"size":2,"distance":"Dot"}})");
    QVERIFY(collection);
    const std::string points = R"([{"id":1,"vector":[1,2],"payload":{"k":"a"}}])";
    QVERIFY((*collection)->upload(*Json::parse(points)));
    const std::string keyword = "\"keyword\"";
    (*collection)->createIndex("k", *Json::parse(keyword));
    server.setVersion(*ServerVersion::parse(version.toStdString()));
    QVERIFY(server.start());
    TestClient client(server.port());
    const auto post = [&client](const char* what, const std::string& body) {
        return client.request("POST", std::string("/collections/c/") + what, body);
    };
    QVERIFY(
        client.request("GET", "/").body.find(R"("version":")" + version.toStdString()) != std::string::npos);
    const std::string ids = post("points/scroll", R"({"with_payload":false})").body;
    QCOMPARE(ids.find(R"({"id":1,"payload":null,"vector":null})") != std::string::npos, nulls);
    QCOMPARE(ids.find(R"({"id":1})") != std::string::npos, !nulls);
    QCOMPARE(post("points/query", R"({"query":[1,2]})").status, query ? 200 : 404);
    QCOMPARE(post("points/search", R"({"vector":[1,2],"limit":1})").status, 200);
    QCOMPARE(post("facet", R"({"key":"k"})").status, facet ? 200 : 404);
    QCOMPARE(client.request("GET", "/collections/c/shards").status, shards ? 200 : 404);
    QCOMPARE(post("points/scroll", R"({"filter":{"must":[{"slice":{"total":2,"index":0}}]}})").status,
        slice ? 200 : 400);
}

void VersionsTest::asksForKeysByVersion_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("1.7") << QByteArray("1.7") << 403 << QByteArray("Invalid api-key");
    QTest::newRow("1.9") << QByteArray("1.9") << 401 << QByteArray("Invalid API key or JWT");
    QTest::newRow("1.18") << QByteArray("1.18") << 401 << QByteArray("Invalid API key or JWT");
}

void VersionsTest::asksForKeysByVersion()
{
    QFETCH(QByteArray, version);
    QFETCH(int, status);
    QFETCH(QByteArray, text);
    StandInServer server;
    server.setApiKeys("right");
    server.setVersion(*ServerVersion::parse(version.toStdString()));
    QVERIFY(server.start());
    const ClientReply reply =
        TestClient(server.port()).request("GET", "/collections", {}, {{"api-key", "wrong"}});
    QCOMPARE(reply.status, status);
    QCOMPARE(QByteArray::fromStdString(reply.body), text);
}

void VersionsTest::leavesOutLabelsUpTo18()
{
    StandInServer server;
    QVERIFY(server.start());
    TestClient client(server.port());
    QVERIFY(
        client.request("GET", "/collections/x").body.find("Not found: Collection `x`") != std::string::npos);
    server.setVersion(*ServerVersion::parse("1.8"));
    QVERIFY(
        client.request("GET", "/collections/x").body.find(R"("error":"Collection `x`)") != std::string::npos);
}

void VersionsTest::showsInfoByVersion_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<bool>("vectorsCount");
    QTest::addColumn<bool>("strict");
    QTest::addColumn<bool>("metadata");
    QTest::addColumn<bool>("queue");
    QTest::newRow("1.7") << QByteArray("1.7") << true << false << false << false;
    QTest::newRow("1.13") << QByteArray("1.13") << true << true << false << false;
    QTest::newRow("1.16") << QByteArray("1.16") << false << true << true << false;
    QTest::newRow("1.19") << QByteArray("1.19") << false << true << true << true;
}

void VersionsTest::showsInfoByVersion()
{
    QFETCH(QByteArray, version);
    QFETCH(bool, vectorsCount);
    QFETCH(bool, strict);
    QFETCH(bool, metadata);
    QFETCH(bool, queue);
    StandInServer server;
    QVERIFY(server.store().create("c",
        R"({"vectors":{"size":2,"distance":"Dot"},"strict_mode_config":{"enabled":true,"max_query_limit":9},"metadata":{"a":1}})"));
    server.setVersion(*ServerVersion::parse(version.toStdString()));
    QVERIFY(server.start());
    const ClientReply reply = TestClient(server.port()).request("GET", "/collections/c");
    const auto info = Json::parse(reply.body);
    const Json& result = *info->find("result");
    QCOMPARE(result.find("vectors_count") != nullptr, vectorsCount);
    QCOMPARE(result.at({"config", "strict_mode_config"}) != nullptr, strict);
    QCOMPARE(result.at({"config", "metadata"}) != nullptr, metadata);
    QCOMPARE(result.find("update_queue") != nullptr, queue);
}

QTEST_GUILESS_MAIN(VersionsTest)
#include "versionstest.moc"
