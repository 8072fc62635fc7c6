// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/server/standinserver.h"
#include "demo/source/generator.h"
#include "tests/demo/testclient.h"

#include <QtTest>

#include <thread>

using namespace qdrant2pg::demo;

namespace {

const std::string scrollPath = "/collections/c/points/scroll";

void makeCollection(StandInServer& server, std::uint64_t points = 50)
{
    Recipe recipe;
    recipe.points = points;
    recipe.ids = IdKind::Sequential;
    recipe.dimensions = 8;
    recipe.payloadBytes = 60;
    QVERIFY(generateCollection(server.store(), "c", recipe));
}

} // namespace

/// Connections: framing, keep-alive, time limits, stop and restart, the log.
class ServerTest : public QObject {
    Q_OBJECT

private slots:
    void sendsExactlyTheRecordedHeaders();
    void keepsTheConnectionOpen();
    void closesWhenAskedTo();
    void answersPipelinedRequestsInOrder();
    void readsAChunkedBody();
    void asksForABodyThatWaits();
    void closesAnIdleConnectionSilently();
    void answersAnUnusedConnectionWith408();
    void refusesRubbish();
    void servesManyClientsAtOnce();
    void restartsOnTheSamePort();
    void refusesConnectionsWhileItDoesNotListen();
    void resetsConnections();
    void runsBesideOthers();
    void logsRequests();
    void asksForTheKey();
    void expiresKeys();
};

void ServerTest::sendsExactlyTheRecordedHeaders()
{
    StandInServer server;
    QVERIFY(server.start());
    TestClient client(server.port());
    const ClientReply reply = client.request("GET", "/healthz");
    QCOMPARE(reply.status, 200);
    const std::size_t date = reply.head.find("date: ");
    QVERIFY(date != std::string::npos);
    QCOMPARE(QByteArray::fromStdString(reply.head.substr(0, date)),
        QByteArray("HTTP/1.1 200 OK\r\ncontent-length: 20\r\ncontent-type: text/plain; charset=utf-8\r\n"
                   "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\r\n"));
}

void ServerTest::keepsTheConnectionOpen()
{
    StandInServer server;
    makeCollection(server);
    QVERIFY(server.start());
    TestClient client(server.port());
    for (int i = 0; i < 20; ++i)
        QCOMPARE(client.request("POST", scrollPath, "{}").status, 200);
    QCOMPARE(server.connectionsAccepted(), std::uint64_t(1));
}

void ServerTest::closesWhenAskedTo()
{
    StandInServer server;
    QVERIFY(server.start());
    TestClient client(server.port());
    const ClientReply reply = client.request("GET", "/", {}, {{"Connection", "close"}});
    QCOMPARE(reply.headers.at("connection"), std::string("close"));
    QVERIFY(client.closesSilently(std::chrono::seconds(5)));
    TestClient old(server.port());
    old.send("GET / HTTP/1.0\r\n\r\n");
    QCOMPARE(old.read().status, 200);
    QVERIFY(old.closesSilently(std::chrono::seconds(5)));
}

void ServerTest::answersPipelinedRequestsInOrder()
{
    StandInServer server;
    makeCollection(server);
    QVERIFY(server.start());
    TestClient client(server.port());
    client.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /collections HTTP/1.1\r\nHost: x\r\n\r\n"
                "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    QCOMPARE(client.read().body, std::string("healthz check passed"));
    QVERIFY(client.read().body.starts_with(R"({"result":{"collections":[{"name":"c"}]})"));
    QCOMPARE(client.read(true).status, 404);
}

void ServerTest::readsAChunkedBody()
{
    StandInServer server;
    makeCollection(server);
    QVERIFY(server.start());
    TestClient client(server.port());
    client.send("POST " + scrollPath + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    client.send("5\r\n{\"lim\r\n");
    client.send("6\r\nit\":1}\r\n0\r\n\r\n");
    const ClientReply reply = client.read();
    QCOMPARE(reply.status, 200);
    QVERIFY(reply.body.find("\"next_page_offset\":2") != std::string::npos);
}

void ServerTest::asksForABodyThatWaits()
{
    StandInServer server;
    makeCollection(server);
    QVERIFY(server.start());
    TestClient client(server.port());
    client.send(
        "POST " + scrollPath + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    QCOMPARE(client.read(true).status, 100);
    client.send("{}");
    QCOMPARE(client.read().status, 200);
}

void ServerTest::closesAnIdleConnectionSilently()
{
    StandInServer::Options options;
    options.idleTimeout = std::chrono::milliseconds(50);
    StandInServer server(options);
    QVERIFY(server.start());
    TestClient client(server.port());
    QCOMPARE(client.request("GET", "/").status, 200);
    QVERIFY(client.closesSilently(std::chrono::seconds(10)));
}

void ServerTest::answersAnUnusedConnectionWith408()
{
    StandInServer::Options options;
    options.idleTimeout = std::chrono::milliseconds(50);
    StandInServer server(options);
    QVERIFY(server.start());
    TestClient unused(server.port());
    const ClientReply reply = unused.read();
    QCOMPARE(reply.status, 408);
    QCOMPARE(reply.headers.at("connection"), std::string("close"));
    QVERIFY(reply.body.empty());
    TestClient slow(server.port());
    slow.send("GET / HT");
    QCOMPARE(slow.read().status, 408);
}

void ServerTest::refusesRubbish()
{
    StandInServer server;
    QVERIFY(server.start());
    TestClient rubbish(server.port());
    rubbish.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    QCOMPARE(rubbish.read().status, 400);
    TestClient huge(server.port());
    huge.send("GET / HTTP/1.1\r\nx: " + std::string(200000, 'x') + "\r\n\r\n");
    QCOMPARE(huge.read().status, 431);
}

void ServerTest::servesManyClientsAtOnce()
{
    StandInServer server;
    makeCollection(server);
    QVERIFY(server.start());
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&] {
            TestClient client(server.port());
            for (int i = 0; i < 25; ++i) {
                if (client.request("POST", scrollPath, R"({"limit":7,"with_vector":true})").status == 200)
                    ++good;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(good.load(), 200);
    QCOMPARE(server.log().count("scroll"), std::uint64_t(200));
}

void ServerTest::restartsOnTheSamePort()
{
    StandInServer server;
    makeCollection(server);
    QVERIFY(server.start());
    const std::uint16_t port = server.port();
    TestClient before(port);
    QCOMPARE(before.request("GET", "/").status, 200);
    QVERIFY(server.restart());
    QCOMPARE(server.port(), port);
    QVERIFY(before.closesSilently(std::chrono::seconds(10)));
    TestClient after(port);
    QCOMPARE(after.request("POST", scrollPath, "{}").status, 200);
}

void ServerTest::refusesConnectionsWhileItDoesNotListen()
{
    StandInServer server;
    QVERIFY(server.start());
    TestClient open(server.port());
    QCOMPARE(open.request("GET", "/").status, 200);
    server.stopListening();
    QVERIFY(!TestClient(server.port()).connected());
    QCOMPARE(open.request("GET", "/").status, 200);
    QVERIFY(server.start());
    QVERIFY(TestClient(server.port()).connected());
}

void ServerTest::resetsConnections()
{
    StandInServer server;
    QVERIFY(server.start());
    TestClient client(server.port());
    QCOMPARE(client.request("GET", "/").status, 200);
    server.resetConnections();
    const ClientReply reply = client.read();
    QVERIFY(reply.reset);
    QCOMPARE(server.connections(), std::size_t(0));
}

void ServerTest::runsBesideOthers()
{
    StandInServer one;
    StandInServer two;
    makeCollection(one);
    QVERIFY(one.start());
    QVERIFY(two.start());
    QVERIFY(one.port() != two.port());
    QCOMPARE(TestClient(one.port()).request("GET", "/collections/c").status, 200);
    QCOMPARE(TestClient(two.port()).request("GET", "/collections/c").status, 404);
}

void ServerTest::logsRequests()
{
    StandInServer server;
    makeCollection(server);
    QVERIFY(server.start());
    TestClient client(server.port());
    QCOMPARE(client.request("GET", "/collections/c").status, 200);
    QCOMPARE(client.request("POST", scrollPath, R"({"limit":3})").status, 200);
    QCOMPARE(client.request("POST", "/collections/missing/points/count", "{}").status, 404);
    const auto scrolls = server.log().of("scroll");
    QCOMPARE(scrolls.size(), std::size_t(1));
    QCOMPARE(scrolls.front().body, std::string(R"({"limit":3})"));
    QCOMPARE(scrolls.front().status, 200);
    QCOMPARE(server.log().of("count").front().status, 404);
    QCOMPARE(server.log().count(), std::uint64_t(3));
    server.log().clear();
    QCOMPARE(server.log().count(), std::uint64_t(0));
}

void ServerTest::asksForTheKey()
{
    StandInServer server;
    makeCollection(server);
    server.setApiKeys("the-key", "the-reading-key");
    QVERIFY(server.start());
    TestClient client(server.port());
    QCOMPARE(client.request("GET", "/").status, 200);
    const ClientReply refused = client.request("GET", "/collections/c");
    QCOMPARE(refused.status, 401);
    QVERIFY(!refused.headers.contains("content-type"));
    QCOMPARE(refused.body, std::string("Must provide an API key or an Authorization bearer token"));
    QCOMPARE(client.request("POST", scrollPath, "{}", {{"api-key", "the-reading-key"}}).status, 200);
    QCOMPARE(client.request("DELETE", "/collections/c", {}, {{"api-key", "the-reading-key"}}).status, 403);
    QCOMPARE(
        client.request("DELETE", "/collections/c", {}, {{"Authorization", "Bearer the-key"}}).status, 200);
}

void ServerTest::expiresKeys()
{
    StandInServer server;
    makeCollection(server);
    server.setApiKeys("the-key");
    QVERIFY(server.start());
    TestClient client(server.port());
    QCOMPARE(client.request("POST", scrollPath, "{}", {{"api-key", "the-key"}}).status, 200);
    ServerSettings settings = server.settings();
    settings.keysExpired = true;
    server.setSettings(settings);
    const ClientReply expired = client.request("POST", scrollPath, "{}", {{"api-key", "the-key"}});
    QCOMPARE(expired.status, 403);
    QCOMPARE(expired.body, std::string("ExpiredSignature"));
    QVERIFY(!expired.headers.contains("content-type"));
}

QTEST_GUILESS_MAIN(ServerTest)
#include "servertest.moc"
