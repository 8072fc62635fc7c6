// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/source/recordings.h"
#include "demo/server/standinserver.h"
#include "tests/demo/answercompare.h"
#include "tests/demo/testclient.h"
#include "tests/support/recordings.h"

#include <QtTest>

#include <functional>
#include <map>

using namespace qdrant2pg;
using namespace qdrant2pg::demo;

namespace {

/// What is not replayed, by name or by the beginning of names, and why. Everything else must match.
const std::vector<std::pair<QString, const char*>>& unclaimed()
{
    static const std::vector<std::pair<QString, const char*>> list{
        {QStringLiteral("snapshots/"), "the stand-in makes no snapshots"},
        {QStringLiteral("auth/031-"), "no snapshots"},
        {QStringLiteral("auth/032-"), "no snapshots"},
        {QStringLiteral("server/033-"), "no snapshots"},
        {QStringLiteral("auth/036-"), "no JWT"},
        {QStringLiteral("auth/037-"), "no JWT"},
        {QStringLiteral("auth/038-"), "no JWT"},
        {QStringLiteral("auth/039-"), "no JWT"},
        {QStringLiteral("auth/04"), "no JWT"},
        {QStringLiteral("auth/05"), "no JWT"},
        {QStringLiteral("auth/06"), "no JWT"},
        {QStringLiteral("http_compression/002-"), "answers are never compressed"},
        {QStringLiteral("http_compression/003-"), "answers are never compressed"},
        {QStringLiteral("http_compression/004-"), "answers are never compressed"},
        {QStringLiteral("http_compression/005-"), "answers are never compressed"},
        {QStringLiteral("http_compression/006-"), "answers are never compressed"},
        {QStringLiteral("http_compression/008-"), "answers are never compressed"},
        {QStringLiteral("errors/080-"),
            "the server's own words for a wrong configuration; collections are made by tests"},
        {QStringLiteral("errors/085-"), "no shard keys are created over HTTP"},
        {QStringLiteral("errors/086-"), "no recommendations"},
        {QStringLiteral("timeouts/001-"), "the request was not kept; a fault gives the answer (faulttest)"},
        {QStringLiteral("timeouts/002-"), "the request was not kept"},
        {QStringLiteral("timeouts/003-"), "the request was not kept"},
        {QStringLiteral("timeouts/004-"), "the request was not kept"},
        {QStringLiteral("timeouts/005-"), "the request was not kept"},
        {QStringLiteral("timeouts/006-"), "the request was not kept"},
        {QStringLiteral("timeouts/011-"), "the vectors of these points were not recorded"},
        {QStringLiteral("timeouts/015-"), "updates are applied at once, there is no queue"},
        {QStringLiteral("timeouts/016-"), "updates are applied at once, there is no queue"},
        {QStringLiteral("cluster/026-"), "which shard holds a point was not recorded"},
        {QStringLiteral("deferred_points/006-"), "the vectors of these points were not recorded"},
        {QStringLiteral("deferred_points/007-"), "the optimizer is not imitated"},
        {QStringLiteral("hardware_reporting/004-"), "the vectors of these points were not recorded"},
    };
    return list;
}

const char* reasonToSkip(const QString& name)
{
    for (const auto& [start, reason] : unclaimed()) {
        if (name.startsWith(start))
            return reason;
    }
    return nullptr;
}

std::string textOf(const QByteArray& bytes)
{
    return bytes.toStdString();
}

/// The body as it was sent, without the white space of the description: error texts count columns.
std::string compacted(const std::string& text)
{
    std::string out;
    bool inString = false;
    const bool indented = text.find("\n   ") != std::string::npos;
    for (std::size_t i = 0; indented && i < text.size(); ++i) {
        if (text[i] == '"')
            inString = !inString;
        if (inString || (text[i] != ' ' && text[i] != '\n'))
            out += text[i];
        if (inString && text[i] == '\\')
            out += text[++i];
    }
    return indented ? out : text;
}

/// Points of which the recordings tell the ids alone.
std::vector<Point> pointsWithIds(std::uint64_t first, std::uint64_t end, const std::string& payloadKey = {})
{
    std::vector<Point> points;
    for (std::uint64_t i = first; i < end; ++i) {
        Point point;
        point.id = PointId::number(i);
        if (!payloadKey.empty())
            point.payload = '{' + jsonString(payloadKey) + ':' + std::to_string(i) + '}';
        points.push_back(std::move(point));
    }
    return points;
}

} // namespace

/// Sends every recorded request to the stand-in, loaded with what the recorded server held, and compares the
/// answers.
class RecordingsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QDRANT2PG_REQUIRE_RECORDINGS(); }
    void answersLikeTheRecordedServer_data();
    void answersLikeTheRecordedServer();
    void everyReasonIsUsed();
    void frameworksAnswerToo_data();
    void frameworksAnswerToo();

private:
    void replay(StandInServer& server, const QString& folder, const QStringList& names);
    void prepare(StandInServer& server, const test::Exchange& exchange);
    void compare(const test::Exchange& recorded, const ClientReply& got);

    QStringList m_differences;
    int m_replayed = 0;
};

void RecordingsTest::answersLikeTheRecordedServer_data()
{
    QTest::addColumn<QString>("folder");
    for (const QString& folder : test::Recordings::folders()) {
        if (folder != QStringLiteral("frameworks") && folder != QStringLiteral("grpc"))
            QTest::newRow(qPrintable(folder)) << folder;
    }
}

void RecordingsTest::answersLikeTheRecordedServer()
{
    QFETCH(QString, folder);
    StandInServer server;
    const std::string path = (test::Recordings::directory() + QLatin1Char('/') + folder).toStdString();
    const auto loaded = loadRecordings(server.store(), path);
    QVERIFY2(loaded, loaded ? "" : loaded.error().c_str());
    replay(server, folder, test::Recordings::exchanges(folder));
    QVERIFY2(m_differences.isEmpty(), qPrintable(m_differences.join(QLatin1Char('\n'))));
}

void RecordingsTest::replay(StandInServer& server, const QString& folder, const QStringList& names)
{
    m_differences.clear();
    m_replayed = 0;
    const auto started = server.start();
    QVERIFY2(started, started ? "" : started.error().c_str());
    for (const QString& name : names) {
        if (reasonToSkip(name) != nullptr)
            continue;
        const auto recorded = test::Recordings::exchange(name);
        QVERIFY2(recorded, qPrintable(name));
        prepare(server, *recorded);
        std::map<std::string, std::string> headers;
        for (const auto& [key, value] : recorded->requestHeaders)
            headers[textOf(key)] = textOf(value);
        std::string body = compacted(textOf(recorded->requestBody));
        if (name == QStringLiteral("errors/011-invalid-utf8"))
            body = "{\"limit\":1,\"x\":\"\xff\"}";
        if (name == QStringLiteral("errors/083-body-too-large"))
            body = "{\"x\":\"" + std::string(34603026 - 8, 'x') + "\"}";
        TestClient client(server.port());
        compare(*recorded, client.request(textOf(recorded->method), textOf(recorded->path), body, headers));
        ++m_replayed;
    }
    QVERIFY2(m_replayed > 0 || folder == QStringLiteral("snapshots"), qPrintable(folder));
}

void RecordingsTest::prepare(StandInServer& server, const test::Exchange& exchange)
{
    const QString& name = exchange.name;
    const auto collection = [&server](const char* wanted) {
        return server.store().find(wanted);
    };
    ServerSettings settings = server.settings();
    if (name == QStringLiteral("auth/001-no-key-root")) {
        settings.apiKey = "recording-master-key-not-a-secret-0001";
        settings.altApiKey = "recording-alternative-key-not-a-secret-0002";
        settings.readOnlyApiKey = "recording-read-only-key-not-a-secret-0003";
        server.setSettings(settings);
    } else if (name == QStringLiteral("errors/001-malformed-json")) {
        // The index of the setup came after the first refusals.
        collection("errors")->write([](CollectionState& state) { state.indexes.clear(); });
    } else if (name == QStringLiteral("errors/039-order-by-and-offset")) {
        const std::string integer = "\"integer\"";
        collection("errors")->createIndex("n", *Json::parse(integer));
    } else if (name == QStringLiteral("server/005-collections")
        || name == QStringLiteral("errors/067-double-slash")
        || name == QStringLiteral("server/006-collections-trailing-slash")) {
        // The recorded server held the collections of other topics as well.
        const std::string body = textOf(exchange.body);
        const auto listed = Json::parse(body);
        for (const Json& item : listed->at({"result", "collections"})->items()) {
            const std::string other = item.find("name")->text();
            if (server.store().find(other) == nullptr)
                QVERIFY(server.store().create(other, "{}"));
        }
    } else if (name == QStringLiteral("cluster/001-shards-none")) {
        settings.clusterMode = true;
        settings.peerId = 8720849964018744U;
        server.setSettings(settings);
        collection("custom_sharded")->write([](CollectionState& state) {
            state.points.clear();
            state.shardKeys.clear();
        });
    } else if (name == QStringLiteral("cluster/003-info")) {
        QVERIFY(loadRecordings(
            server.store(), (test::Recordings::directory() + QStringLiteral("/cluster")).toStdString()));
        collection("auto_sharded")->upsert(pointsWithIds(0, 30));
    } else if (name == QStringLiteral("deferred_points/001-info")) {
        collection("deferred_points")->upsert(pointsWithIds(0, 400, "n"));
        collection("deferred_points")->setDeferred(300);
    } else if (name == QStringLiteral("deferred_points/008-count-after")) {
        collection("deferred_points")->setDeferred(0);
    } else if (name == QStringLiteral("hardware_reporting/001-info")) {
        settings.hardwareReporting = true;
        server.setSettings(settings);
        collection("hw")->upsert(pointsWithIds(3, 20));
    } else if (name == QStringLiteral("timeouts/007-info-during-update")) {
        collection("timeouts")->upsert(pointsWithIds(0, 4000));
    } else if (name == QStringLiteral("timeouts/012-upsert-no-wait-1")) {
        collection("timeouts")->write([](CollectionState& state) { state.operation = 12; });
    } else if (name == QStringLiteral("strict_mode/028-rate-scroll-after-wait")) {
        collection("strict_rate")->refillReadTokens();
    } else if (name == QStringLiteral("metadata_collection/003-info-patched")) {
        QVERIFY(collection("metadata_collection")->write([](CollectionState& state) {
            return state.config.setMember("metadata",
                R"({"team":"new","model":{"name":"text-embedding-3-small","dims":1536},"tags":["a","b"],)"
                R"("big":18446744073709551615,"one":1.0,"none":null,"nul":"a\u0000b","added":true})");
        }));
    } else if (name == QStringLiteral("vec_unnamed_plus_named/007-scroll-after-upsert")) {
        // The uploads before this moment are not among the exchanges.
        QVERIFY(loadRecordings(server.store(),
            (test::Recordings::directory() + QStringLiteral("/vec_unnamed_plus_named")).toStdString(), 7));
    }
}

void RecordingsTest::compare(const test::Exchange& recorded, const ClientReply& got)
{
    const auto differs = [&](const std::string& how) {
        m_differences << recorded.name + QStringLiteral(": ") + QString::fromStdString(how);
    };
    if (got.status != recorded.status)
        return differs("status " + std::to_string(recorded.status) + " expected, got "
            + std::to_string(got.status) + ' ' + got.body.substr(0, 200));
    std::map<std::string, std::string> headers = got.headers;
    headers.erase("date");
    std::map<std::string, std::string> expected;
    for (const auto& [key, value] : recorded.headers)
        expected[textOf(key)] = textOf(value);
    if (!got.complete)
        return differs("the answer is shorter than announced");
    // Bodies differ in length by the digits of `time` alone, if at all.
    headers.erase("content-length");
    expected.erase("content-length");
    if (recorded.name == QStringLiteral("errors/083-body-too-large"))
        headers.erase("connection");
    for (const auto& [key, value] : headers) {
        if (expected[key] != value)
            return differs("header " + key + ": `" + expected[key] + "` expected, got `" + value + '`');
        expected.erase(key);
    }
    for (const auto& [key, value] : expected) {
        if (!value.empty())
            return differs("header " + key + " is missing");
    }
    const std::string body = textOf(recorded.body);
    const auto wanted = Json::parse(body);
    const auto answered = Json::parse(got.body);
    if (!wanted || !answered) {
        if (body != got.body)
            differs("body `" + body.substr(0, 200) + "` expected, got `" + got.body.substr(0, 200) + '`');
        return;
    }
    if (recorded.path.contains("points/query") && recorded.requestBody.contains("sample")) {
        const auto count = [](const Json& json) {
            return json.at({"result", "points"})->items().size();
        };
        if (count(*wanted) != count(*answered))
            differs("a random sample of another size");
        for (const Json& hit : answered->at({"result", "points"})->items()) {
            if (hit.find("version")->raw() != "0" || hit.find("score")->raw() != "1.0")
                differs("a random sample with version or score");
        }
        return;
    }
    const std::string difference = differenceOfAnswers(*wanted, *answered);
    if (!difference.empty())
        differs(difference);
}

void RecordingsTest::everyReasonIsUsed()
{
    for (const auto& [start, reason] : unclaimed()) {
        const QStringList names = test::Recordings::exchanges(start.section(QLatin1Char('/'), 0, 0));
        const bool used = std::any_of(names.begin(), names.end(),
            [&start = start](const QString& name) { return name.startsWith(start); });
        QVERIFY2(used, qPrintable(start));
    }
}

void RecordingsTest::frameworksAnswerToo_data()
{
    QTest::addColumn<QString>("folder");
    for (const char* folder : {"frameworks/langchain/qdrant_dense", "frameworks/langchain/qdrant_hybrid",
             "frameworks/langchain/qdrant_named", "frameworks/langchain/qdrant_custom_keys",
             "frameworks/llamaindex/qdrant_dense", "frameworks/llamaindex/qdrant_hybrid"})
        QTest::newRow(folder) << QString::fromUtf8(folder);
}

void RecordingsTest::frameworksAnswerToo()
{
    QFETCH(QString, folder);
    const QStringList names = test::Recordings::exchanges(folder);
    if (names.isEmpty())
        QSKIP("this framework's recordings are not here");
    StandInServer server;
    QVERIFY(loadRecordings(
        server.store(), (test::Recordings::directory() + QLatin1Char('/') + folder).toStdString()));
    replay(server, folder, names);
    QVERIFY2(m_differences.isEmpty(), qPrintable(m_differences.join(QLatin1Char('\n'))));
}

QTEST_GUILESS_MAIN(RecordingsTest)
#include "recordingstest.moc"
