// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "core/qdrant/errormapping.h"
#include "core/qdrant/grpc/grpcpagedecoder.h"
#include "core/qdrant/grpc/grpcpointsource.h"
#include "core/qdrant/qdrantclient.h"
#include "core/qdrant/restpointsource.h"
#include "core/qdrant/transport.h"
#include "demo/source/generator.h"
#include "demo/source/recordings.h"
#include "tests/engine/transport/twodoors.h"
#include "tests/support/recordings.h"
#include "tests/unit/qdrant/grpccompare.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

/// Pages of both transports side by side until both end; what differs first, empty when nothing does.
std::string scanDifference(
    const SourceOptions& options, const QString& collection, const std::string& shardKey, std::size_t& points)
{
    GrpcPointSource overGrpc(options, collection);
    RestPointSource overRest(options, collection);
    PointPage left;
    PointPage right;
    PageRequest request;
    request.limit = 37;
    request.shardKeyJson = shardKey;
    for (;;) {
        overGrpc.request(request);
        overRest.request(request);
        if (auto received = overGrpc.await(left, {}); !received)
            return "gRPC: " + received.error().toText().toStdString();
        if (auto received = overRest.await(right, {}); !received)
            return "REST: " + received.error().toText().toStdString();
        if (auto words = pageDifference(left, right); !words.empty())
            return words;
        points += left.points().size();
        if (left.points().empty())
            return {};
        request.from = left.points().back().id.successor();
        if (!request.from)
            return {};
    }
}

} // namespace

/// Both transports give the same points, for everything that was recorded of a real Qdrant; what gRPC cannot
/// carry comes over REST; faults have the same kinds; the choice of a transport is a safe one.
class TransportTest : public QObject {
    Q_OBJECT

private slots:
    void answersAsRecorded_data();
    void answersAsRecorded();
    void givesTheRecordedPoints_data();
    void givesTheRecordedPoints();
    void givesGeneratedPoints_data();
    void givesGeneratedPoints();
    void fetchesInexactPointsAgain();
    void givesUpWhereMostIsInexact();
    void outlivesADeletionBetween();
    void readsDeepPayloads();
    void leavesPartsOut();
    void namesErrors_data();
    void namesErrors();
    void limitsTheReply();
    void givesUpInTime();
    void stopsAtOnce();
    void reportsACutConnection();
    void connectsAgain();
    void speaksTls();
    void showsItsCertificate();
    void sendsTheKey();
    void choosesGrpc();
    void choosesRest_data();
    void choosesRest();
};

void TransportTest::answersAsRecorded_data()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    QTest::addColumn<QJsonObject>("call");
    const QJsonArray calls =
        QJsonDocument::fromJson(Recordings::read(QStringLiteral("grpc/exchanges-grpc.json"))).array();
    QVERIFY(!calls.isEmpty());
    for (const QJsonValue call : calls) {
        // Configurations are read over REST.
        if (call[u"method"].toString() != QLatin1String("/qdrant.Collections/Get"))
            QTest::newRow(qPrintable(call[u"name"].toString())) << call.toObject();
    }
}

void TransportTest::answersAsRecorded()
{
    QFETCH(QJsonObject, call);
    demo::StandInServer server;
    QVERIFY(demo::loadRecordings(server.store(), Recordings::directory().toStdString()).has_value());
    demo::GrpcCalls calls(server.api(), server.store());
    const QByteArray request = Recordings::read(QStringLiteral("grpc/") + call[u"requestFile"].toString());
    const demo::GrpcAnswer answer =
        calls.handle(call[u"method"].toString().toStdString(), {}, request.toStdString());
    const std::map<QString, int> codes{
        {QStringLiteral("OK"), 0}, {QStringLiteral("INVALID_ARGUMENT"), 3}, {QStringLiteral("NOT_FOUND"), 5}};
    QCOMPARE(answer.code, codes.at(call[u"status"].toString()));
    QCOMPARE(QString::fromStdString(answer.message), call[u"details"].toString());
    if (answer.code != 0)
        return;
    const QByteArray recorded = Recordings::read(QStringLiteral("grpc/") + call[u"responseFile"].toString());
    const QByteArray ours = QByteArray::fromStdString(answer.body);
    const QString method = call[u"method"].toString();
    if (method == QLatin1String("/qdrant.Qdrant/HealthCheck")) {
        QCOMPARE(ours, recorded);
    } else if (method == QLatin1String("/qdrant.Points/Count")) {
        // Without the time, which is the last field.
        QCOMPARE(ours.chopped(9), recorded.chopped(9));
    } else if (method == QLatin1String("/qdrant.Collections/List")) {
        // The recorded server held fewer collections.
        QVERIFY(ours.contains("ids_sparse"));
    } else {
        GrpcPageDecoder decoder;
        PointPage left;
        PointPage right;
        QVERIFY(decoder.decode(recorded, left).has_value());
        QVERIFY(decoder.decode(ours, right).has_value());
        // Of two collections the recorded calls show points that came later than the answers over REST.
        std::size_t compared = 0;
        for (PointView& point : left.m_points) {
            const auto other = std::ranges::find(right.m_points, point.id, &PointView::id);
            if (other == right.m_points.end())
                continue;
            QCOMPARE(other->inexact, point.inexact);
            other->inexact = false;
            point.inexact = false;
            const std::string words = pointDifference(left, point, right, *other);
            QVERIFY2(words.empty(), words.c_str());
            ++compared;
        }
        QCOMPARE(compared, right.points().size());
        QVERIFY(compared + 2 >= left.points().size());
        QCOMPARE(right.nextOffset(), left.nextOffset());
    }
}

void TransportTest::givesTheRecordedPoints_data()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("version");
    for (const QString& folder : Recordings::folders()) {
        // Its calls are compared one by one above.
        if (folder == QLatin1String("grpc"))
            continue;
        QTest::newRow(qPrintable(folder)) << folder << QStringLiteral("1.18.3");
        QTest::newRow(qPrintable(folder + QStringLiteral(", 1.16"))) << folder << QStringLiteral("1.16");
    }
}

void TransportTest::givesTheRecordedPoints()
{
    QFETCH(QString, folder);
    QFETCH(QString, version);
    TwoDoors doors;
    doors.server.setVersion(*demo::ServerVersion::parse(version.toStdString()));
    const auto names = demo::loadRecordings(
        doors.server.store(), (Recordings::directory() + QLatin1Char('/') + folder).toStdString());
    QVERIFY2(names.has_value(), names ? "" : names.error().c_str());
    QVERIFY(doors.open());
    QdrantClient client(doors.options());
    std::size_t points = 0;
    for (const std::string& name : *names) {
        const QString collection = QString::fromStdString(name);
        doors.server.store().find(name)->write([](demo::CollectionState& state) {
            return state.config.setMember("strict_mode_config", std::nullopt).has_value();
        });
        auto keys = client.shardKeys(collection);
        QVERIFY(keys.has_value());
        keys->emplace_back();
        for (const std::string& key : *keys) {
            const std::string words = scanDifference(doors.options(), collection, key, points);
            QVERIFY2(words.empty(), (name + ", shard key '" + key + "': " + words).c_str());
        }
    }
    qInfo("%d collections, %d points", static_cast<int>(names->size()), static_cast<int>(points));
}

void TransportTest::givesGeneratedPoints_data()
{
    QTest::addColumn<QString>("version");
    QTest::newRow("1.18") << QStringLiteral("1.18.3");
    QTest::newRow("1.16") << QStringLiteral("1.16");
    QTest::newRow("1.9") << QStringLiteral("1.9");
}

void TransportTest::givesGeneratedPoints()
{
    QFETCH(QString, version);
    TwoDoors doors;
    doors.server.setVersion(*demo::ServerVersion::parse(version.toStdString()));
    demo::Recipe recipe;
    recipe.points = 300;
    recipe.dimensions = 24;
    recipe.ids = demo::IdKind::Mixed;
    recipe.dense = {"", "text", "\xc3\x9cn\xc3\xaf \"x\""};
    recipe.sparse = {"words"};
    recipe.multi = {"tokens"};
    recipe.missing = 0.3;
    QVERIFY(demo::generateCollection(doors.server.store(), "mixed", recipe).has_value());
    QVERIFY(demo::generateGameCollection(doors.server.store(), "game", 200, 1, 16).has_value());
    QVERIFY(doors.open());
    std::size_t points = 0;
    for (const char* name : {"mixed", "game"}) {
        const std::string words = scanDifference(doors.options(), QString::fromLatin1(name), {}, points);
        QVERIFY2(words.empty(), words.c_str());
    }
    QCOMPARE(points, std::size_t{500});
}

void TransportTest::fetchesInexactPointsAgain()
{
    TwoDoors doors;
    std::string points = "[";
    for (int id = 0; id < 40; ++id)
        points += (id ? ",{\"id\":" : "{\"id\":") + std::to_string(id)
            + R"(,"vector":{"a":[1,2],"s":{"indices":[3,9],"values":[1,2]}},"payload":{"n":)"
            + (id % 10 == 3 ? "18446744073709551615" : std::to_string(id)) + R"(,"d":0.5}})";
    points += ']';
    const bool uploaded = uploadInto(doors.server, "big",
        R"({"vectors":{"a":{"size":2,"distance":"Dot"}},"sparse_vectors":{"s":{}}})", points);
    QVERIFY(uploaded);
    QVERIFY(doors.open());
    GrpcPointSource source(doors.options(), QStringLiteral("big"));
    RestPointSource rest(doors.options(), QStringLiteral("big"));
    PageRequest request;
    // Twice with one page, whose memory is used again.
    PointPage page;
    for (int round = 0; round < 2; ++round) {
        source.request(request);
        QVERIFY(source.await(page, {}).has_value());
        const auto expected = onePage(rest, request);
        QVERIFY(expected.has_value());
        const std::string words = pageDifference(page, *expected);
        QVERIFY2(words.empty(), words.c_str());
        QVERIFY(page.points()[3].payload.find("18446744073709551615") != std::string_view::npos);
    }
    QCOMPARE(source.fetchedAgain(), qint64(8));
    QCOMPARE(page.m_floats.size(), std::size_t{1 + 2 * 4});
}

void TransportTest::givesUpWhereMostIsInexact()
{
    TwoDoors doors;
    std::string points = "[";
    for (int id = 0; id < 60; ++id)
        points += (id ? ",{\"id\":" : "{\"id\":") + std::to_string(id)
            + R"(,"vector":[1,2],"payload":{"hash":)" + std::to_string(9223372036854775808U + unsigned(id))
            + "}}";
    const bool uploaded =
        uploadInto(doors.server, "hashes", R"({"vectors":{"size":2,"distance":"Dot"}})", points + ']');
    QVERIFY(uploaded);
    QVERIFY(doors.open());
    GrpcPointSource source(doors.options(), QStringLiteral("hashes"));
    PageRequest request;
    request.limit = 20;
    for (int number = 0; number < 3; ++number) {
        const auto page = onePage(source, request);
        QVERIFY(page.has_value());
        QCOMPARE(page->points().size(), std::size_t{20});
        for (const PointView& point : page->points())
            QVERIFY(point.payload.find(std::to_string(9223372036854775808U + point.id.number()))
                != std::string_view::npos);
        request.from = page->points().back().id.successor();
    }
    QCOMPARE(doors.door.calls(), std::uint64_t{1});
    QCOMPARE(source.fetchedAgain(), qint64(20));
}

void TransportTest::outlivesADeletionBetween()
{
    TwoDoors doors;
    const bool uploaded = uploadInto(doors.server, "live", R"({"vectors":{"size":2,"distance":"Dot"}})",
        R"([{"id":1,"vector":[1,2],"payload":{"n":18446744073709551615}},{"id":2,"vector":[3,4],"payload":{}}])");
    QVERIFY(uploaded);
    // Before the point is fetched again over REST.
    doors.server.setObserver([&doors](const demo::HttpRequest&) {
        doors.server.store().find("live")->remove({demo::PointId::number(1)});
    });
    QVERIFY(doors.open());
    GrpcPointSource source(doors.options(), QStringLiteral("live"));
    PageRequest request;
    request.limit = 1;
    const auto page = onePage(source, request);
    QVERIFY(page.has_value());
    // An empty page would say that the collection ends here.
    QCOMPARE(page->points().size(), std::size_t{1});
    QCOMPARE(page->points()[0].id.number(), std::uint64_t{2});
}

void TransportTest::readsDeepPayloads()
{
    TwoDoors doors;
    std::string deep;
    for (int level = 0; level < 60; ++level)
        deep += R"({"k":[)";
    deep += '1';
    for (int level = 0; level < 60; ++level)
        deep += "]}";
    const bool uploaded = uploadInto(doors.server, "deep", R"({"vectors":{"size":2,"distance":"Dot"}})",
        R"([{"id":1,"vector":[1,2],"payload":)" + deep + "}]");
    QVERIFY(uploaded);
    QVERIFY(doors.open());
    std::size_t points = 0;
    const std::string words = scanDifference(doors.options(), QStringLiteral("deep"), {}, points);
    QVERIFY2(words.empty(), words.c_str());
    QCOMPARE(points, std::size_t{1});
}

void TransportTest::leavesPartsOut()
{
    TwoDoors doors;
    QVERIFY(demo::generateGameCollection(doors.server.store(), "game", 20, 1, 16).has_value());
    QVERIFY(doors.open());
    GrpcPointSource source(doors.options(), QStringLiteral("game"));
    PageRequest request;
    request.withPayload = false;
    request.withVectors = false;
    const auto ids = onePage(source, request);
    QVERIFY(ids.has_value());
    QCOMPARE(ids->points().size(), std::size_t{20});
    QVERIFY(ids->points()[0].payload.empty());
    QCOMPARE(ids->points()[0].vectorCount, 0U);
}

void TransportTest::namesErrors_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("retryAfter");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<bool>("retryable");
    const auto row = [](const char* name, int code, const char* message, const char* kind, bool retryable,
                         const char* retryAfter = "") {
        QTest::newRow(name) << code << QString::fromLatin1(message) << QString::fromLatin1(retryAfter)
                            << QString::fromLatin1(kind) << retryable;
    };
    row("no key", 16, "Must provide an API key or an Authorization bearer token", "authentication", false);
    row("wrong key", 16, "Invalid API key or JWT", "authentication", false);
    row("wrong key, old server", 7, "Invalid api-key", "authentication", false);
    row("expired", 7, "ExpiredSignature", "authentication", false);
    row("not allowed", 7, "Forbidden: Access to collection a is required", "permission", false);
    row("no collection", 5, "Not found: Collection `a` doesn't exist!", "not-found", false);
    row("strict limit", 3, "Bad request: Limit exceeded 5000 > 1000 for \"limit\". Help: x", "capacity",
        false);
    row("strict index", 3, "Bad request: Index required but not found for \"a\"", "unsupported", false);
    row("timeout of the server", 13, "Service internal error: scroll timed out after 1s", "timeout", true);
    row("failure of the server", 13, "Service internal error: task panicked", "network", true);
    row("not available", 14, "Service unavailable: shard 0 is not available", "network", true);
    row("rate limit", 8, "Rate limiting exceeded: retry in 3s", "network", true, "3");
    row("rate limit for ever", 8, "Rate limiting exceeded: never", "capacity", false);
    row("another service", 12, "unknown service qdrant.Points", "unsupported", false);
}

void TransportTest::namesErrors()
{
    QFETCH(int, code);
    QFETCH(QString, message);
    QFETCH(QString, retryAfter);
    QFETCH(QString, kind);
    QFETCH(bool, retryable);
    TwoDoors doors;
    doors.door.setInterceptor([&](const std::string&) {
        demo::GrpcAnswer answer;
        answer.code = code;
        answer.message = message.toStdString();
        if (!retryAfter.isEmpty())
            answer.retryAfter = retryAfter.toStdString();
        return answer;
    });
    QVERIFY(doors.open());
    GrpcPointSource source(doors.options(), QStringLiteral("a"));
    const auto page = onePage(source, {});
    QVERIFY(!page.has_value());
    QCOMPARE(errorKindName(page.error().kind), kind);
    QCOMPARE(page.error().retryable, retryable);
    QCOMPARE(page.error().where.collection, QStringLiteral("a"));
    QCOMPARE(page.error().retryAfterSeconds, retryAfter.toInt());
    QVERIFY(page.error().summary.endsWith(QLatin1Char('.')));
}

void TransportTest::limitsTheReply()
{
    TwoDoors doors;
    QVERIFY(demo::generateGameCollection(doors.server.store(), "game", 100, 1, 768).has_value());
    QVERIFY(doors.open());
    GrpcPointSource source(doors.options(), QStringLiteral("game"));
    PageRequest request;
    request.limit = 100;
    request.maxReplyBytes = 20'000;
    const auto tooLarge = onePage(source, request);
    QVERIFY(!tooLarge.has_value());
    QVERIFY(isReplyTooLarge(tooLarge.error()));
    request.limit = 2;
    const auto page = onePage(source, request);
    QVERIFY2(page.has_value(), page ? "" : qPrintable(page.error().toText()));
    // Beyond the library's own limit of 4 MiB.
    QVERIFY(demo::generateGameCollection(doors.server.store(), "large", 1000, 1, 1536).has_value());
    GrpcPointSource large(doors.options(), QStringLiteral("large"));
    request.limit = 1000;
    request.maxReplyBytes = 0;
    const auto all = onePage(large, request);
    QVERIFY2(all.has_value(), all ? "" : qPrintable(all.error().toText()));
    QVERIFY(all->wireBytes() > 6'000'000);
}

void TransportTest::givesUpInTime()
{
    TwoDoors doors;
    doors.door.setInterceptor([](const std::string&) {
        demo::GrpcAnswer answer;
        answer.never = true;
        return answer;
    });
    QVERIFY(doors.open());
    SourceOptions options = doors.options();
    options.stallTimeout = std::chrono::milliseconds(200);
    GrpcPointSource source(options, QStringLiteral("a"));
    const auto page = onePage(source, {});
    QVERIFY(!page.has_value());
    QCOMPARE(page.error().kind, ErrorKind::Timeout);
    QVERIFY(page.error().retryable);
}

void TransportTest::stopsAtOnce()
{
    TwoDoors doors;
    std::stop_source stop;
    doors.door.setInterceptor([&stop](const std::string&) {
        stop.request_stop();
        demo::GrpcAnswer answer;
        answer.never = true;
        return answer;
    });
    QVERIFY(doors.open());
    GrpcPointSource source(doors.options(), QStringLiteral("a"));
    PointPage page;
    source.request({});
    const auto received = source.await(page, stop.get_token());
    QVERIFY(!received.has_value());
    QCOMPARE(received.error().kind, ErrorKind::Cancelled);
}

void TransportTest::reportsACutConnection()
{
    TwoDoors doors;
    std::mutex mutex;
    std::condition_variable reached;
    bool inside = false;
    doors.door.setInterceptor([&](const std::string&) {
        const std::scoped_lock lock(mutex);
        inside = true;
        reached.notify_all();
        demo::GrpcAnswer answer;
        answer.never = true;
        return answer;
    });
    QVERIFY(doors.open());
    GrpcPointSource source(doors.options(), QStringLiteral("a"));
    PointPage page;
    source.request({});
    {
        std::unique_lock lock(mutex);
        reached.wait(lock, [&] { return inside; });
    }
    doors.door.stop();
    const auto received = source.await(page, {});
    QVERIFY(!received.has_value());
    QCOMPARE(received.error().kind, ErrorKind::Network);
    QVERIFY(received.error().retryable);
    const auto refused = onePage(source, {});
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().kind, ErrorKind::Network);
    QVERIFY(refused.error().retryable);
}

void TransportTest::connectsAgain()
{
    TwoDoors doors;
    QVERIFY(demo::generateGameCollection(doors.server.store(), "game", 20, 1, 16).has_value());
    QVERIFY(doors.open());
    {
        GrpcPointSource source(doors.options(), QStringLiteral("game"));
        QVERIFY(onePage(source, {}).has_value());
        doors.door.stop();
        QVERIFY(!onePage(source, {}).has_value());
    }
    QVERIFY(doors.door.start().has_value());
    // As a lane does after an error: a source of its own.
    GrpcPointSource fresh(doors.options(), QStringLiteral("game"));
    const auto page = onePage(fresh, {});
    QVERIFY2(page.has_value(), page ? "" : qPrintable(page.error().toText()));
}

void TransportTest::speaksTls()
{
    QTemporaryDir folder;
    const QString key = folder.filePath(QStringLiteral("key.pem"));
    const QString certificate = folder.filePath(QStringLiteral("cert.pem"));
    QProcess openssl;
    openssl.start(QStringLiteral("openssl"),
        {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"),
            QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:prime256v1"),
            QStringLiteral("-nodes"), QStringLiteral("-days"), QStringLiteral("2"), QStringLiteral("-subj"),
            QStringLiteral("/CN=localhost"), QStringLiteral("-addext"),
            QStringLiteral("subjectAltName=DNS:localhost"), QStringLiteral("-keyout"), key,
            QStringLiteral("-out"), certificate});
    if (!openssl.waitForFinished() || openssl.exitCode() != 0)
        QSKIP("openssl is not here to make a certificate");
    const auto read = [](const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    };
    demo::GrpcDoor::Options door;
    door.certificate = read(certificate);
    door.key = read(key);
    TwoDoors doors(door);
    QVERIFY(demo::generateGameCollection(doors.server.store(), "game", 20, 1, 16).has_value());
    QVERIFY(doors.open());
    SourceOptions options = doors.options();
    const auto ask = [&options] {
        GrpcPointSource source(options, QStringLiteral("game"));
        return onePage(source, {});
    };
    const auto inClear = ask();
    QVERIFY(!inClear.has_value());

    options.url = QUrl(QStringLiteral("https://localhost:%1").arg(options.url.port()));
    const auto untrusted = ask();
    QVERIFY(!untrusted.has_value());
    QCOMPARE(untrusted.error().kind, ErrorKind::Tls);
    options.tls.caFile = certificate;
    const auto trusted = ask();
    QVERIFY2(trusted.has_value(), trusted ? "" : qPrintable(trusted.error().toText()));
    options.url.setHost(QStringLiteral("127.0.0.1"));
    const auto otherName = ask();
    QVERIFY(!otherName.has_value());
    QCOMPARE(otherName.error().kind, ErrorKind::Tls);
    options.tls.skipVerification = true;
    const auto unverified = ask();
    QVERIFY2(unverified.has_value(), unverified ? "" : qPrintable(unverified.error().toText()));
    options.tls.caFile = folder.filePath(QStringLiteral("missing.pem"));
    const auto noFile = ask();
    QVERIFY(!noFile.has_value());
    QCOMPARE(noFile.error().kind, ErrorKind::File);
}

void TransportTest::showsItsCertificate()
{
    const auto path = [](const char* name) {
        return QStringLiteral(QDRANT2PG_SOURCE_DIR "/tests/data/tls/") + QLatin1String(name);
    };
    const auto read = [&path](const char* name) {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    };
    demo::GrpcDoor::Options door;
    door.certificate = read("server.pem");
    door.key = read("server.key");
    door.clientAuthority = read("ca.pem");
    TwoDoors doors(door);
    QVERIFY(demo::generateGameCollection(doors.server.store(), "game", 20, 1, 16).has_value());
    QVERIFY(doors.open());
    SourceOptions options = doors.options();
    options.url = QUrl(QStringLiteral("https://localhost:%1").arg(options.url.port()));
    options.tls.caFile = path("ca.pem");
    const auto ask = [&options] {
        GrpcPointSource source(options, QStringLiteral("game"));
        return onePage(source, {});
    };
    QVERIFY(!ask().has_value());
    options.tls.certificateFile = path("client.pem");
    options.tls.keyFile = path("client.key");
    const auto known = ask();
    QVERIFY2(known.has_value(), known ? "" : qPrintable(known.error().toText()));
    options.tls.skipVerification = true;
    const auto unverified = ask();
    QVERIFY2(unverified.has_value(), unverified ? "" : qPrintable(unverified.error().toText()));
}

void TransportTest::sendsTheKey()
{
    TwoDoors doors;
    doors.server.setApiKeys("the-key", "the-reading-key");
    QVERIFY(demo::generateGameCollection(doors.server.store(), "game", 20, 1, 16).has_value());
    QVERIFY(doors.open());
    SourceOptions options = doors.options();
    for (const char* key : {"the-key", "the-reading-key"}) {
        options.apiKey = key;
        GrpcPointSource source(options, QStringLiteral("game"));
        QVERIFY(onePage(source, {}).has_value());
    }
    for (const char* key : {"", "another-key"}) {
        options.apiKey = key;
        GrpcPointSource source(options, QStringLiteral("game"));
        const auto page = onePage(source, {});
        QVERIFY(!page.has_value());
        QCOMPARE(page.error().kind, ErrorKind::Authentication);
        QVERIFY(!page.error().retryable);
        QVERIFY(!page.error().toText().contains(QLatin1String("another-key")));
    }
    options.apiKey = "two\nlines";
    GrpcPointSource source(options, QStringLiteral("game"));
    const auto page = onePage(source, {});
    QVERIFY(!page.has_value());
    QCOMPARE(page.error().kind, ErrorKind::Usage);
}

void TransportTest::choosesGrpc()
{
    TwoDoors doors;
    doors.server.setApiKeys("the-key");
    QVERIFY(demo::generateGameCollection(doors.server.store(), "game", 20, 1, 16).has_value());
    QVERIFY(doors.open());
    SourceOptions options = doors.options();
    options.apiKey = "the-key";
    const auto choice = chooseTransport(options, QStringLiteral("game"), true);
    QVERIFY(choice.has_value());
    QVERIFY2(choice->transport == Transport::Grpc, qPrintable(choice->reason));
    const auto source = makePointSource(choice->transport, options, QStringLiteral("game"));
    QVERIFY(source.has_value());
    QCOMPARE((*source)->transportName(), QStringLiteral("gRPC"));
    QVERIFY(onePage(**source, {}).has_value());
}

void TransportTest::choosesRest_data()
{
    QTest::addColumn<QString>("trouble");
    for (const char* trouble : {"closed", "http", "other version", "other points", "hidden"})
        QTest::newRow(trouble) << QString::fromLatin1(trouble);
}

void TransportTest::choosesRest()
{
    QFETCH(QString, trouble);
    TwoDoors doors;
    TwoDoors others;
    QVERIFY(demo::generateGameCollection(doors.server.store(), "game", 20, 1, 16).has_value());
    QVERIFY(demo::generateGameCollection(others.server.store(), "game", 20, 2, 16).has_value());
    QVERIFY(doors.open());
    QVERIFY(others.open());
    SourceOptions options = doors.options();
    if (trouble == QLatin1String("closed")) {
        doors.door.stop();
    } else if (trouble == QLatin1String("http")) {
        options.grpcPort = others.server.port();
    } else if (trouble == QLatin1String("other version")) {
        others.server.setVersion(*demo::ServerVersion::parse("1.13"));
        options.grpcPort = others.door.port();
    } else if (trouble == QLatin1String("other points")) {
        options.grpcPort = others.door.port();
    } else {
        others.server.store().drop("game");
        options.grpcPort = others.door.port();
    }
    const auto choice = chooseTransport(options, QStringLiteral("game"), true);
    QVERIFY2(choice.has_value(), choice ? "" : qPrintable(choice.error().toText()));
    QCOMPARE(choice->transport, Transport::Rest);
    QVERIFY(choice->reason.startsWith(QLatin1String("Points are read over REST: ")));
    QVERIFY(!chooseTransport(options, QStringLiteral("game"), false).has_value());
}

QTEST_GUILESS_MAIN(TransportTest)
#include "transporttest.moc"
