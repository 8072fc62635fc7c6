// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/json.h"
#include "demo/server/standinserver.h"
#include "demo/source/generator.h"
#include "tests/demo/testclient.h"

#include <QtTest>

using namespace qdrant2pg::demo;

namespace {

const std::string scrollPath = "/collections/c/points/scroll";

} // namespace

/// Every fault strikes where its rule says, and only there.
class FaultsTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_server.reset(); }
    void strikesTheNthRequestOfItsKind();
    void strikesSeveralInARow();
    void strikesByPredicate();
    void closesBeforeTheAnswer();
    void truncatesTheBody();
    void resetsWithinTheBody();
    void stallsUntilReleased();
    void stallsForATime();
    void stallEndsWhenTheClientLeaves();
    void stallEndsWhenTheServerStops();
    void announcesAWrongLength_data();
    void announcesAWrongLength();
    void sendsNoJson();
    void endsAScanTooEarly();
    void sendsErrorsOfChoice();
    void sendsAnEmpty408AndCloses();
    void closesAfterARightAnswer();
    void refusesAtAccept();
    void readsTheProgramsGrammar_data();
    void readsTheProgramsGrammar();
    void refusesBadGrammar_data();
    void refusesBadGrammar();

private:
    std::size_t add(Fault fault, std::uint64_t first = 1, std::uint64_t times = 1)
    {
        FaultRule rule;
        rule.operation = "scroll";
        rule.first = first;
        rule.times = times;
        rule.fault = std::move(fault);
        return m_server->faults().add(std::move(rule));
    }
    ClientReply scroll(TestClient& client)
    {
        return client.request("POST", scrollPath, R"({"limit":20,"with_vector":true})");
    }

    std::unique_ptr<StandInServer> m_server;
};

void FaultsTest::init()
{
    m_server = std::make_unique<StandInServer>();
    Recipe recipe;
    recipe.points = 100;
    recipe.ids = IdKind::Sequential;
    recipe.dimensions = 16;
    QVERIFY(generateCollection(m_server->store(), "c", recipe));
    QVERIFY(m_server->start());
}

void FaultsTest::strikesTheNthRequestOfItsKind()
{
    const std::size_t rule = add(Fault::error(503, "Service internal error: away"), 3);
    TestClient client(m_server->port());
    QCOMPARE(scroll(client).status, 200);
    QCOMPARE(client.request("GET", "/collections/c").status, 200);
    QCOMPARE(scroll(client).status, 200);
    QCOMPARE(scroll(client).status, 503);
    QCOMPARE(scroll(client).status, 200);
    QCOMPARE(m_server->faults().hits(rule), std::uint64_t(1));
}

void FaultsTest::strikesSeveralInARow()
{
    add(Fault::readTimeout(), 2, 2);
    TestClient client(m_server->port());
    QCOMPARE(scroll(client).status, 200);
    const ClientReply timeout = scroll(client);
    QCOMPARE(timeout.status, 500);
    QVERIFY(timeout.body.find("timed out after 1s") != std::string::npos);
    QCOMPARE(scroll(client).status, 500);
    QCOMPARE(scroll(client).status, 200);
    m_server->faults().clear();
    add(Fault::readTimeout(), 1, 0);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(scroll(client).status, 500);
}

void FaultsTest::strikesByPredicate()
{
    FaultRule rule;
    rule.times = 0;
    rule.predicate = [](const HttpRequest& request) {
        return request.body.find("\"offset\"") != std::string::npos;
    };
    rule.fault = Fault::error(503, "no");
    m_server->faults().add(std::move(rule));
    TestClient client(m_server->port());
    QCOMPARE(scroll(client).status, 200);
    QCOMPARE(client.request("POST", scrollPath, R"({"offset":7})").status, 503);
}

void FaultsTest::closesBeforeTheAnswer()
{
    add(Fault::closeAt(-1));
    TestClient client(m_server->port());
    const ClientReply reply = scroll(client);
    QCOMPARE(reply.status, 0);
    QVERIFY(reply.closed && !reply.reset);
}

void FaultsTest::truncatesTheBody()
{
    add(Fault::closeAt(1000));
    TestClient client(m_server->port());
    const ClientReply reply = scroll(client);
    QCOMPARE(reply.status, 200);
    QVERIFY(!reply.complete && reply.closed && !reply.reset);
    QCOMPARE(reply.body.size(), std::size_t(1000));
}

void FaultsTest::resetsWithinTheBody()
{
    add(Fault::resetAt(1000));
    add(Fault::resetAt(-1), 2);
    TestClient client(m_server->port());
    const ClientReply reply = scroll(client);
    QVERIFY(!reply.complete && reply.reset);
    TestClient again(m_server->port());
    const ClientReply none = scroll(again);
    QCOMPARE(none.status, 0);
    QVERIFY(none.reset);
}

void FaultsTest::stallsUntilReleased()
{
    add(Fault::stallAt(500));
    TestClient client(m_server->port());
    client.sendRequest("POST", scrollPath, R"({"limit":20})");
    QTRY_COMPARE(m_server->stalled(), std::size_t(1));
    m_server->releaseStalls();
    const ClientReply reply = client.read();
    QVERIFY(reply.complete);
    QVERIFY(Json::parse(reply.body));
    QCOMPARE(m_server->stalled(), std::size_t(0));
}

void FaultsTest::stallsForATime()
{
    add(Fault::stallAt(-1, std::chrono::milliseconds(30)));
    TestClient client(m_server->port());
    const auto started = std::chrono::steady_clock::now();
    QVERIFY(scroll(client).complete);
    QVERIFY(std::chrono::steady_clock::now() - started >= std::chrono::milliseconds(30));
}

void FaultsTest::stallEndsWhenTheClientLeaves()
{
    add(Fault::stallAt(500));
    TestClient client(m_server->port());
    client.sendRequest("POST", scrollPath, "{}");
    QTRY_COMPARE(m_server->stalled(), std::size_t(1));
    client.close();
    QTRY_COMPARE(m_server->connections(), std::size_t(0));
}

void FaultsTest::stallEndsWhenTheServerStops()
{
    add(Fault::stallAt(-1));
    TestClient client(m_server->port());
    client.sendRequest("POST", scrollPath, "{}");
    QTRY_COMPARE(m_server->stalled(), std::size_t(1));
    m_server->stop();
    QCOMPARE(m_server->stalled(), std::size_t(0));
    QVERIFY(client.read().closed);
}

void FaultsTest::announcesAWrongLength_data()
{
    QTest::addColumn<int>("delta");
    QTest::newRow("too large") << 10;
    QTest::newRow("too small") << -10;
}

void FaultsTest::announcesAWrongLength()
{
    QFETCH(int, delta);
    TestClient client(m_server->port());
    const std::size_t right = client.request("GET", "/collections").body.size();
    FaultRule rule;
    rule.operation = "collections";
    rule.fault = Fault::wrongLength(delta);
    m_server->faults().add(std::move(rule));
    const ClientReply reply = client.request("GET", "/collections");
    QCOMPARE(reply.complete, delta < 0);
    // The number of digits of `time` varies.
    const auto announced = static_cast<long>(std::stoul(reply.headers.at("content-length")));
    QVERIFY(std::labs(announced - static_cast<long>(right) - delta) < 6);
}

void FaultsTest::sendsNoJson()
{
    add(Fault::malformed());
    TestClient client(m_server->port());
    const ClientReply reply = scroll(client);
    QVERIFY(reply.complete);
    QVERIFY(!Json::parse(reply.body));
    QVERIFY(Json::parse(scroll(client).body));
}

void FaultsTest::endsAScanTooEarly()
{
    add(Fault::prematureEnd());
    add(Fault::prematureEnd(5), 2);
    TestClient client(m_server->port());
    const ClientReply whole = scroll(client);
    const auto first = Json::parse(whole.body);
    QVERIFY(first->at({"result", "next_page_offset"})->isNull());
    QCOMPARE(first->at({"result", "points"})->items().size(), std::size_t(20));
    const ClientReply shorter = scroll(client);
    const auto second = Json::parse(shorter.body);
    QVERIFY(second->at({"result", "next_page_offset"})->isNull());
    QCOMPARE(second->at({"result", "points"})->items().size(), std::size_t(5));
}

void FaultsTest::sendsErrorsOfChoice()
{
    add(Fault::rateLimited(7), 1);
    add(Fault::rateLimited(std::nullopt), 2);
    Fault proxy;
    proxy.kind = Fault::Kind::Reply;
    proxy.reply.status = 502;
    proxy.reply.contentType = "text/html";
    proxy.reply.headers.emplace_back("server", "a proxy");
    proxy.reply.body = "<html>";
    add(proxy, 3);
    TestClient client(m_server->port());
    const ClientReply limited = scroll(client);
    QCOMPARE(limited.status, 429);
    QCOMPARE(limited.headers.at("retry-after"), std::string("7"));
    const ClientReply never = scroll(client);
    QCOMPARE(never.status, 429);
    QVERIFY(!never.headers.contains("retry-after"));
    const ClientReply html = scroll(client);
    QCOMPARE(html.headers.at("server"), std::string("a proxy"));
    QCOMPARE(html.body, std::string("<html>"));
    QCOMPARE(scroll(client).status, 200);
}

void FaultsTest::sendsAnEmpty408AndCloses()
{
    add(Fault::emptyTimeout());
    TestClient client(m_server->port());
    const ClientReply reply = scroll(client);
    QCOMPARE(reply.status, 408);
    QVERIFY(reply.body.empty());
    QCOMPARE(reply.headers.at("connection"), std::string("close"));
    QVERIFY(client.closesSilently(std::chrono::seconds(10)));
}

void FaultsTest::closesAfterARightAnswer()
{
    add(Fault::closeAfter());
    TestClient client(m_server->port());
    const ClientReply reply = scroll(client);
    QVERIFY(reply.complete);
    QVERIFY(!reply.headers.contains("connection"));
    QVERIFY(client.closesSilently(std::chrono::seconds(10)));
}

void FaultsTest::refusesAtAccept()
{
    FaultRule rule;
    rule.operation = "connect";
    rule.first = 2;
    rule.fault = Fault::resetAt(-1);
    m_server->faults().add(std::move(rule));
    TestClient first(m_server->port());
    QCOMPARE(first.request("GET", "/").status, 200);
    TestClient second(m_server->port());
    QVERIFY(second.read().closed);
    TestClient third(m_server->port());
    QCOMPARE(third.request("GET", "/").status, 200);
}

void FaultsTest::readsTheProgramsGrammar_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("kind");
    QTest::addColumn<qulonglong>("first");
    QTest::addColumn<qulonglong>("times");
    const auto row = [](const char* text, Fault::Kind kind, qulonglong first, qulonglong times) {
        QTest::newRow(text) << QString::fromLatin1(text) << static_cast<int>(kind) << first << times;
    };
    row("scroll:5:reset", Fault::Kind::Reset, 5, 1);
    row("scroll:1+:reset=100", Fault::Kind::Reset, 1, 0);
    row("any:2x3:status=503", Fault::Kind::Reply, 2, 3);
    row("count:1:timeout", Fault::Kind::Reply, 1, 1);
    row("connect:4:close", Fault::Kind::Close, 4, 1);
    row("scroll:1:truncate=77", Fault::Kind::Close, 1, 1);
    row("scroll:1:stall=200@1000", Fault::Kind::Stall, 1, 1);
    row("scroll:1:stall", Fault::Kind::Stall, 1, 1);
    row("scroll:1:length=-4", Fault::Kind::WrongLength, 1, 1);
    row("scroll:1:malformed", Fault::Kind::Malformed, 1, 1);
    row("scroll:1:null=3", Fault::Kind::PrematureEnd, 1, 1);
    row("scroll:1:429=9", Fault::Kind::Reply, 1, 1);
    row("scroll:1:408", Fault::Kind::Reply, 1, 1);
    row("scroll:1:close-after", Fault::Kind::CloseAfter, 1, 1);
}

void FaultsTest::readsTheProgramsGrammar()
{
    QFETCH(QString, text);
    QFETCH(int, kind);
    QFETCH(qulonglong, first);
    QFETCH(qulonglong, times);
    const auto rule = FaultPlan::parse(text.toStdString());
    QVERIFY2(rule, rule ? "" : rule.error().c_str());
    QCOMPARE(static_cast<int>(rule->fault.kind), kind);
    QCOMPARE(rule->first, std::uint64_t(first));
    QCOMPARE(rule->times, std::uint64_t(times));
}

void FaultsTest::refusesBadGrammar_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "scroll", "scroll:1", "scroll:0:reset", "scroll:x:reset", "scroll:1:nothing",
             "scroll:1:truncate", "scroll:1:stall=a@b", "scroll:1x0:reset"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void FaultsTest::refusesBadGrammar()
{
    QFETCH(QString, text);
    QVERIFY(!FaultPlan::parse(text.toStdString()));
}

QTEST_GUILESS_MAIN(FaultsTest)
#include "faultstest.moc"
