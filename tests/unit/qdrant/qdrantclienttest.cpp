// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <QTest>

#include "core/qdrant/pointsource.h"
#include "core/qdrant/qdrantclient.h"
#include "core/qdrant/restpointsource.h"
#include "tests/unit/qdrant/scriptedserver.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

/// A server with one answer per path, that keeps what it was asked.
class AnswerServer {
public:
    struct Answer {
        std::string body;
        int status = 200;
    };

    explicit AnswerServer(const char* version = "1.18.3")
        : m_server([this](ScriptedConnection& connection, int) { serve(connection); })
    {
        set("/", std::string(R"({"title":"qdrant - vector search engine","version":")") + version + "\"}");
    }

    void set(const std::string& path, const std::string& body, int status = 200)
    {
        const std::scoped_lock lock(m_mutex);
        m_answers[path] = {body, status};
    }
    /// The result in Qdrant's envelope.
    void setResult(const std::string& path, const std::string& result)
    {
        set(path, R"({"result":)" + result + R"(,"status":"ok","time":0.001})");
    }
    SourceOptions options() const
    {
        SourceOptions options;
        options.url = m_server.url();
        return options;
    }
    /// "POST /path?query body" of the last request.
    QString lastRequest() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_requests.empty() ? QString() : QString::fromStdString(m_requests.back());
    }
    std::size_t requestCount() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_requests.size();
    }

private:
    void serve(ScriptedConnection& connection)
    {
        for (std::string request = connection.readRequest(); !request.empty();
             request = connection.readRequest()) {
            const std::size_t lineEnd = request.find(" HTTP/1.1\r\n");
            const std::string line = request.substr(0, lineEnd);
            const std::size_t pathStart = line.find(' ') + 1;
            const std::string path = line.substr(pathStart, line.find('?') - pathStart);
            Answer answer{"", 404};
            {
                const std::scoped_lock lock(m_mutex);
                m_requests.push_back(line + ' ' + request.substr(request.find("\r\n\r\n") + 4));
                if (const auto found = m_answers.find(path); found != m_answers.end())
                    answer = found->second;
            }
            connection.reply(answer.body, answer.status);
        }
    }

    mutable std::mutex m_mutex;
    std::map<std::string, Answer> m_answers;
    std::vector<std::string> m_requests;
    ScriptedServer m_server;
};

const QString game = QStringLiteral("game");

} // namespace

class QdrantClientTest : public QObject {
    Q_OBJECT

private slots:
    void readsTheVersion();
    void noticesAnotherService();
    void listsCollectionsSorted();
    void readsCollectionInfo();
    void tellsAMissingCollection();
    void readsAliases();
    void encodesNames_data();
    void encodesNames();
    void readsClusterInfo();
    void readsShardKeys_data();
    void readsShardKeys();
    void counts();
    void scrolls();
    void retrieves();
    void samplesAtRandom();
    void searches_data();
    void searches();
    void refusesWhatOldServersCannot();
    void facets();
    void tellsBrokenAnswers();
    void stops();
    void pointSourceReadsAhead();
    void pointSourceReportsErrors();
    void pointSourceCancels();
};

void QdrantClientTest::readsTheVersion()
{
    AnswerServer server("1.18.3-dev");
    QdrantClient client(server.options());
    const auto version = client.version();
    QVERIFY(version.has_value());
    QCOMPARE(version->version, QVersionNumber(1, 18, 3));
    QVERIFY(version->commit.isEmpty());
}

void QdrantClientTest::noticesAnotherService()
{
    AnswerServer server;
    QdrantClient client(server.options());
    for (const char* body :
        {"<html>hello</html>", "{}", R"({"title":"elastic","version":"8.1"})", R"({"title":"qdrant"})"}) {
        server.set("/", body);
        const auto version = client.version();
        QVERIFY2(!version.has_value(), body);
        QCOMPARE(version.error().kind, ErrorKind::Protocol);
        QVERIFY(version.error().summary.contains(u"is not a Qdrant server"));
    }
    server.set("/collections", R"(["a"])");
    QVERIFY(client.collections().error().summary.contains(u"is not a Qdrant server"));
}

void QdrantClientTest::listsCollectionsSorted()
{
    AnswerServer server;
    server.setResult("/collections", R"({"collections":[{"name":"b"},{"name":"ünï"},{"name":"a"}]})");
    QdrantClient client(server.options());
    QCOMPARE(*client.collections(),
        (QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("ünï")}));
    server.set("/collections", "Must provide an API key or an Authorization bearer token", 401);
    QCOMPARE(client.collections().error().kind, ErrorKind::Authentication);
}

void QdrantClientTest::readsCollectionInfo()
{
    AnswerServer server;
    server.setResult("/collections/game",
        R"({"status":"green","config":{"params":{"vectors":{"size":4,"distance":"Dot"}}}})");
    QdrantClient client(server.options());
    const auto info = client.collectionInfo(game);
    QVERIFY(info.has_value());
    QCOMPARE(info->name, game);
    QCOMPARE(info->vectors[0].size, 4);
}

void QdrantClientTest::tellsAMissingCollection()
{
    AnswerServer server;
    server.set("/collections/game",
        R"({"status":{"error":"Not found: Collection `game` doesn't exist!"},"time":0.1})", 404);
    QdrantClient client(server.options());
    const auto info = client.collectionInfo(game);
    QVERIFY(!info.has_value());
    QCOMPARE(info.error().kind, ErrorKind::NotFound);
    QCOMPARE(info.error().where.collection, game);
    QVERIFY(!info.error().where.host.isEmpty());
}

void QdrantClientTest::readsAliases()
{
    AnswerServer server;
    server.setResult("/aliases",
        R"({"aliases":[{"alias_name":"y","collection_name":"b"},{"alias_name":"x","collection_name":"a"}]})");
    server.setResult("/collections/game/aliases", R"({"aliases":[]})");
    QdrantClient client(server.options());
    const auto all = client.aliases();
    QCOMPARE(all->size(), 2);
    QCOMPARE(all->at(0).alias, QStringLiteral("x"));
    QCOMPARE(all->at(0).collection, QStringLiteral("a"));
    QVERIFY(client.aliases(game)->isEmpty());
}

void QdrantClientTest::encodesNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("path");
    QTest::newRow("space") << QStringLiteral("with space")
                           << QStringLiteral("/collections/with%20space/aliases");
    QTest::newRow("percent") << QStringLiteral("per%cent")
                             << QStringLiteral("/collections/per%25cent/aliases");
    QTest::newRow("query") << QStringLiteral("hash#tag?q&r")
                           << QStringLiteral("/collections/hash%23tag%3Fq%26r/aliases");
    QTest::newRow("slash") << QStringLiteral("a/b\"c'+")
                           << QStringLiteral("/collections/a%2Fb%22c%27%2B/aliases");
    QTest::newRow("beyond ASCII") << QStringLiteral("名🚀")
                                  << QStringLiteral("/collections/%E5%90%8D%F0%9F%9A%80/aliases");
}

void QdrantClientTest::encodesNames()
{
    QFETCH(QString, name);
    QFETCH(QString, path);
    AnswerServer server;
    QdrantClient client(server.options());
    (void)client.aliases(name);
    QCOMPARE(server.lastRequest(), QStringLiteral("GET %1 ").arg(path));
}

void QdrantClientTest::readsClusterInfo()
{
    AnswerServer server;
    server.setResult("/collections/game/cluster",
        R"({"peer_id":1,"local_shards":[{"shard_id":1,"shard_key":"eu","points_count":4,"state":"Active"},{"shard_id":2,"points_count":4,"state":"Partial"}],)"
        R"("remote_shards":[{"shard_id":1,"shard_key":18446744073709551615,"peer_id":2,"state":"Dead"}],"shard_transfers":[{}],"resharding_operations":[{},{}]})");
    QdrantClient client(server.options());
    const auto cluster = client.clusterInfo(game);
    QVERIFY(cluster.has_value());
    QCOMPARE(cluster->shards.size(), 3);
    QCOMPARE(cluster->shards[0].shardKeyJson, std::string("\"eu\""));
    QVERIFY(cluster->shards[1].shardKeyJson.empty());
    QCOMPARE(cluster->shards[1].state, QStringLiteral("Partial"));
    QCOMPARE(cluster->shards[2].shardKeyJson, std::string("18446744073709551615"));
    QVERIFY(cluster->shards[2].remote && !cluster->shards[0].remote);
    QCOMPARE(cluster->transfers, 1);
    QCOMPARE(cluster->reshardings, 2);
}

void QdrantClientTest::readsShardKeys_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QString>("path");
    QTest::newRow("list") << QByteArray("1.17.0") << QStringLiteral("/shards");
    QTest::newRow("cluster info") << QByteArray("1.16.3") << QStringLiteral("/cluster");
}

void QdrantClientTest::readsShardKeys()
{
    QFETCH(QByteArray, version);
    QFETCH(QString, path);
    AnswerServer server(version.constData());
    server.setResult("/collections/game/shards", R"({"shard_keys":[{"key":"us"},{"key":7},{"key":"7"}]})");
    server.setResult("/collections/game/cluster",
        R"({"local_shards":[{"shard_id":1,"shard_key":"us"},{"shard_id":2,"shard_key":"us"},{"shard_id":3,"shard_key":7},{"shard_id":4}],)"
        R"("remote_shards":[{"shard_id":5,"shard_key":"7"}]})");
    QdrantClient client(server.options());
    QCOMPARE(*client.shardKeys(game), (std::vector<std::string>{"\"7\"", "\"us\"", "7"}));
    QVERIFY(server.lastRequest().startsWith(QStringLiteral("GET /collections/game") + path));
    server.setResult("/collections/game/shards", "{}");
    server.setResult("/collections/game/cluster", R"({"local_shards":[{"shard_id":0}]})");
    QVERIFY(client.shardKeys(game)->empty());
}

void QdrantClientTest::counts()
{
    AnswerServer server;
    server.setResult("/collections/game/points/count", R"({"count":12345678901})");
    SourceOptions options = server.options();
    options.serverTimeoutSeconds = 7;
    QdrantClient client(options);
    QCOMPARE(*client.count(game, true), 12'345'678'901);
    QCOMPARE(server.lastRequest(),
        QStringLiteral("POST /collections/game/points/count?timeout=7 {\"exact\":true}"));
    QCOMPARE(*client.count(game, false, R"({"must":[]})", "\"eu\""), 12'345'678'901);
    QVERIFY(
        server.lastRequest().endsWith(u"{\"exact\":false,\"filter\":{\"must\":[]},\"shard_key\":\"eu\"}"));
    server.setResult("/collections/game/points/count", "{}");
    QVERIFY(!client.count(game, true).has_value());
}

void QdrantClientTest::scrolls()
{
    AnswerServer server;
    server.setResult(
        "/collections/game/points/scroll", R"({"points":[{"id":4},{"id":5}],"next_page_offset":6})");
    SourceOptions options = server.options();
    options.consistency = QStringLiteral("majority");
    QdrantClient client(options);
    PageRequest request;
    request.limit = 2;
    request.withPayload = false;
    request.withVectors = false;
    const auto first = client.scroll(game, request);
    QCOMPARE(first->points().size(), 2U);
    QCOMPARE(first->nextOffset(), std::optional(PointId::fromNumber(6)));
    QCOMPARE(server.lastRequest(),
        QStringLiteral("POST /collections/game/points/scroll?timeout=60&consistency=majority "
                       "{\"limit\":2,\"with_payload\":false,\"with_vector\":false}"));
    request.from = PointId::firstUuid();
    request.withPayload = true;
    request.withVectors = true;
    request.filterJson = R"({"must":[]})";
    request.shardKeyJson = "7";
    QVERIFY(client.scroll(game, request).has_value());
    QVERIFY(server.lastRequest().endsWith(u"{\"limit\":2,\"offset\":\"00000000-0000-0000-0000-000000000000\","
                                          u"\"with_payload\":true,\"with_vector\":true,"
                                          u"\"filter\":{\"must\":[]},\"shard_key\":7}"));
}

void QdrantClientTest::retrieves()
{
    AnswerServer server;
    server.setResult("/collections/game/points", R"([{"id":5,"payload":{"a":1}}])");
    QdrantClient client(server.options());
    const auto page = client.retrieve(
        game, {PointId::fromNumber(4), PointId::fromNumber(5), PointId::firstUuid()}, true, false);
    QCOMPARE(page->points().size(), 1U);
    QCOMPARE(std::string(page->points()[0].payload), std::string(R"({"a":1})"));
    QVERIFY(server.lastRequest().endsWith(u"{\"ids\":[4,5,\"00000000-0000-0000-0000-000000000000\"],\"with_"
                                          u"payload\":true,\"with_vector\":false}"));
}

void QdrantClientTest::samplesAtRandom()
{
    AnswerServer server("1.11.0");
    server.setResult("/collections/game/points/query", R"({"points":[{"id":5,"version":0,"score":1.0}]})");
    QdrantClient client(server.options());
    QCOMPARE(client.randomSample(game, 10, false, true)->points().size(), 1U);
    QVERIFY(server.lastRequest().contains(u"{\"query\":{\"sample\":\"random\"},\"limit\":10,"));
    AnswerServer old("1.10.1");
    QdrantClient oldClient(old.options());
    const auto refused = oldClient.randomSample(game, 10, false, true);
    QCOMPARE(refused.error().kind, ErrorKind::Unsupported);
    QVERIFY(refused.error().summary.contains(u"1.11") && refused.error().summary.contains(u"1.10.1"));
}

void QdrantClientTest::searches_data()
{
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("vectorName");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("body");
    QTest::newRow("unnamed") << QByteArray("1.10.0") << QByteArray("[0.5,1]") << QString()
                             << QStringLiteral("query")
                             << QStringLiteral("{\"query\":[0.5,1],\"limit\":3,\"params\":{\"exact\":true},");
    QTest::newRow("named") << QByteArray("1.19.0") << QByteArray("[0.5]") << QStringLiteral("a\"b")
                           << QStringLiteral("query")
                           << QStringLiteral("{\"query\":[0.5],\"using\":\"a\\\"b\",\"limit\":3,");
    QTest::newRow("unnamed, before 1.10")
        << QByteArray("1.9.7") << QByteArray("[0.5,1]") << QString() << QStringLiteral("search")
        << QStringLiteral("{\"vector\":[0.5,1],\"limit\":3,\"params\":{\"exact\":true},");
    QTest::newRow("sparse, before 1.10")
        << QByteArray("1.7.4") << QByteArray(R"({"indices":[1],"values":[2.0]})") << QStringLiteral("s")
        << QStringLiteral("search")
        << QStringLiteral("{\"vector\":{\"name\":\"s\",\"vector\":{\"indices\":[1],\"values\":[2.0]}},");
}

void QdrantClientTest::searches()
{
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, query);
    QFETCH(QString, vectorName);
    QFETCH(QString, path);
    QFETCH(QString, body);
    AnswerServer server(version.constData());
    const std::string points = R"([{"id":2,"version":1,"score":0.9},{"id":1,"version":7,"score":null}])";
    server.setResult("/collections/game/points/query", R"({"points":)" + points + "}");
    server.setResult("/collections/game/points/search", points);
    QdrantClient client(server.options());
    QueryOptions options;
    options.vectorName = vectorName;
    options.limit = 3;
    const auto hits = client.query(game, query.toStdString(), options);
    QVERIFY(hits.has_value());
    QCOMPARE(hits->size(), 2U);
    QCOMPARE(hits->at(0).id, PointId::fromNumber(2));
    QCOMPARE(hits->at(0).score, std::optional(0.9));
    QCOMPARE(hits->at(1).score, std::nullopt);
    QVERIFY2(server.lastRequest().startsWith(QStringLiteral("POST /collections/game/points/") + path + u'?'),
        qPrintable(server.lastRequest()));
    QVERIFY2(server.lastRequest().contains(body), qPrintable(server.lastRequest()));
    QVERIFY(server.lastRequest().contains(u"\"with_vector\":false"));
}

void QdrantClientTest::refusesWhatOldServersCannot()
{
    AnswerServer server("1.9.7");
    QdrantClient client(server.options());
    for (const char* query :
        {"[[0.5],[1.0]]", " [ [0.5]]", "17", "\"5c56c793-69f3-4fbf-87e6-c4bf54c28c26\""}) {
        const auto hits = client.query(game, query, {});
        QVERIFY2(!hits.has_value(), query);
        QCOMPARE(hits.error().kind, ErrorKind::Unsupported);
    }
    QCOMPARE(client.facet(game, QStringLiteral("city"), 5, true).error().kind, ErrorKind::Unsupported);
    // The version was asked for once, nothing else was sent.
    QCOMPARE(server.requestCount(), 1U);
}

void QdrantClientTest::facets()
{
    AnswerServer server;
    server.setResult("/collections/game/facet",
        R"({"hits":[{"value":"Os\"lo","count":3},{"value":18446744073709551615,"count":2},{"value":true,"count":1}]})");
    QdrantClient client(server.options());
    const auto hits = client.facet(game, QStringLiteral("a.\"b\""), 5, true);
    QVERIFY(hits.has_value());
    QCOMPARE(hits->size(), 3U);
    QCOMPARE(hits->at(0).valueJson, std::string(R"("Os\"lo")"));
    QCOMPARE(hits->at(0).count, 3);
    QCOMPARE(hits->at(1).valueJson, std::string("18446744073709551615"));
    QVERIFY(server.lastRequest().endsWith(u"{\"key\":\"a.\\\"b\\\"\",\"limit\":5,\"exact\":true}"));
}

void QdrantClientTest::tellsBrokenAnswers()
{
    AnswerServer server;
    QdrantClient client(server.options());
    for (const char* body : {R"({"result":{"collections":[)", R"({"result":{"collections":[]}} x)",
             R"({"result":{"collections":[]},})"}) {
        server.set("/collections", body);
        const auto names = client.collections();
        QVERIFY2(!names.has_value(), body);
        QCOMPARE(names.error().kind, ErrorKind::Protocol);
        QVERIFY(names.error().retryable);
    }
    server.set("/collections/game/points/scroll", R"({"result":{"points":[{"id":1,"vector":["x"]}]}})");
    const auto page = client.scroll(game, {});
    QCOMPARE(page.error().where.pointId, QStringLiteral("1"));
    QCOMPARE(page.error().where.collection, game);
    QVERIFY(!page.error().where.host.isEmpty());
}

void QdrantClientTest::stops()
{
    std::stop_source stop;
    AnswerServer server;
    QdrantClient client(server.options(), stop.get_token());
    QVERIFY(client.version().has_value());
    stop.request_stop();
    QCOMPARE(client.collectionInfo(game).error().kind, ErrorKind::Cancelled);
    QdrantClient moved = std::move(client);
    QCOMPARE(moved.version().error().kind, ErrorKind::Cancelled);
}

void QdrantClientTest::pointSourceReadsAhead()
{
    AnswerServer server;
    server.setResult("/collections/game/points/scroll",
        R"({"points":[{"id":4,"payload":{},"vector":[1.0]}],"next_page_offset":6})");
    const auto source = makeRestPointSource(server.options(), game);
    QCOMPARE(source->transportName(), QStringLiteral("REST"));
    PageRequest request;
    request.from = PointId::fromNumber(4);
    source->request(request);
    // The request leaves while this thread does something else.
    QTRY_COMPARE(server.requestCount(), 1U);
    PointPage page;
    QVERIFY(source->await(page, {}).has_value());
    QCOMPARE(page.points()[0].id, PointId::fromNumber(4));
    QVERIFY(server.lastRequest().contains(u"\"offset\":4,"));
    QVERIFY(source->takeTimes().decoding.count() > 0);
    QCOMPARE(source->takeTimes().decoding.count(), 0);
    QCOMPARE(source->await(page, {}).error().kind, ErrorKind::Internal);
}

void QdrantClientTest::pointSourceReportsErrors()
{
    AnswerServer server;
    const auto source = makeRestPointSource(server.options(), game);
    PointPage page;
    server.set("/collections/game/points/scroll",
        R"({"status":{"error":"Service internal error: 1 of 1 read operations failed:\n  Timeout error: Operation 'scroll_by_id' timed out after 1s"}})",
        500);
    source->request({});
    const auto late = source->await(page, {});
    QCOMPARE(late.error().kind, ErrorKind::Timeout);
    QVERIFY(late.error().retryable);
    QCOMPARE(late.error().where.collection, game);
    PageRequest small;
    small.maxReplyBytes = 10;
    source->request(small);
    QVERIFY(source->await(page, {}).has_value() == false);
    server.setResult("/collections/game/points/scroll", R"({"points":[]})");
    source->request({});
    QVERIFY(source->await(page, {}).has_value());
}

void QdrantClientTest::pointSourceCancels()
{
    AnswerServer server;
    server.setResult("/collections/game/points/scroll", R"({"points":[{"id":1}]})");
    const auto source = makeRestPointSource(server.options(), game);
    source->cancel();
    source->request({});
    source->cancel();
    PointPage page;
    source->request({});
    QVERIFY(source->await(page, {}).has_value());
    std::stop_source stop;
    stop.request_stop();
    source->request({});
    (void)source->await(page, stop.get_token());
    source->request({});
    QVERIFY(source->await(page, {}).has_value());
}

QTEST_GUILESS_MAIN(QdrantClientTest)
#include "qdrantclienttest.moc"
