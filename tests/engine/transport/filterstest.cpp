// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <QTest>

#include <atomic>
#include <map>

#include "core/common/jsontext.h"
#include "core/plan/transportchoice.h"
#include "core/qdrant/grpc/grpcmessages.h"
#include "core/qdrant/grpc/grpcpagedecoder.h"
#include "core/qdrant/grpc/grpcpointsource.h"
#include "core/qdrant/pagedecoder.h"
#include "core/qdrant/restpointsource.h"
#include "core/qdrant/transport.h"
#include "demo/source/recordings.h"
#include "tests/engine/transport/filterpoints.h"
#include "tests/engine/transport/twodoors.h"
#include "tests/support/recordings.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

std::vector<PointId> allIds(PointSource& source, const std::string& filter, QString& error)
{
    std::vector<PointId> ids;
    PageRequest request;
    request.limit = 7;
    request.filterJson = filter;
    for (;;) {
        const auto page = onePage(source, request);
        if (!page) {
            error = page.error().toText();
            return ids;
        }
        for (const PointView& point : page->points())
            ids.push_back(point.id);
        if (page->points().empty())
            return ids;
        request.from = page->points().back().id.successor();
    }
}

} // namespace

/// Filters find the same points over both transports; one that gRPC does not carry exactly stays on REST, as
/// the plan says before the run.
class FiltersTest : public QObject {
    Q_OBJECT

private slots:
    void findsTheSame_data();
    void findsTheSame();
    void staysOnRest_data();
    void staysOnRest();
    void findsAsRecorded_data();
    void findsAsRecorded();
    void decidesForEachCollection();
    void decidesByVersion();
    void looksWhatTheFilterFinds();
};

void FiltersTest::findsTheSame_data()
{
    QTest::addColumn<QByteArray>("filter");
    const auto must = [](const char* name, const char* condition) {
        QTest::newRow(name) << QByteArray(R"({"must":[)") + condition + "]}";
    };
    const auto field = [](const char* name, const char* key, const char* demand) {
        QTest::newRow(name) << QByteArray(R"({"must":[{"key":")") + key + "\"," + demand + "}]}";
    };
    field("keyword", "color", R"("match":{"value":"red"})");
    field("integer", "size", R"("match":{"value":17})");
    field("boolean", "good", R"("match":{"value":true})");
    field("any keyword", "color", R"("match":{"any":["red","blue"]})");
    field("any integer", "size", R"("match":{"any":[1,2,3,50]})");
    field("except keywords", "color", R"("match":{"except":["red"]})");
    field("except integers", "size", R"("match":{"except":[1,2]})");
    field("text", "words", R"("match":{"text":"red fox"})");
    field("phrase", "words", R"("match":{"phrase":"quick green cat"})");
    field("any word", "words", R"("match":{"text_any":"fox blue"})");
    field("range", "size", R"("range":{"gt":3,"lte":31})");
    field("range of floats", "weight", R"("range":{"gte":0.5,"lt":3.125})");
    field("moments", "when",
        R"("range":{"gt":"2024-01-05T12:00:00.25Z","lte":"2024-01-20 13:00:00.25+01:00"})");
    field("values_count", "parts", R"("values_count":{"gte":2,"lt":4})");
    field("radius", "at", R"("geo_radius":{"center":{"lon":10,"lat":5},"radius":1500000})");
    field("box", "at",
        R"("geo_bounding_box":{"top_left":{"lon":4.5,"lat":20},"bottom_right":{"lon":30,"lat":1}})");
    field("polygon", "at",
        R"("geo_polygon":{"exterior":{"points":[{"lon":-1,"lat":-1},{"lon":-1,"lat":25},{"lon":40,"lat":25},)"
        R"({"lon":40,"lat":-1},{"lon":-1,"lat":-1}]},"interiors":[{"points":[{"lon":9,"lat":3},)"
        R"({"lon":9,"lat":9},{"lon":17,"lat":9},{"lon":17,"lat":3},{"lon":9,"lat":3}]}]})");
    field("empty field", "parts", R"("is_empty":true)");
    field("field not empty", "parts", R"("is_empty":false)");
    field("null field", "gone", R"("is_null":true)");
    field("two demands", "size", R"("match":{"any":[1,2,3,50]},"range":{"gt":2})");
    must("is_empty", R"({"is_empty":{"key":"parts"}})");
    must("is_null", R"({"is_null":{"key":"gone"}})");
    must("has_id", R"({"has_id":[3,5,1000,"00000000-0000-4000-8000-000000000044"]})");
    must("has_vector", R"({"has_vector":"b"})");
    must("nested",
        R"({"nested":{"key":"parts[]","filter":{"must":[{"key":"kind","match":{"value":1}},)"
        R"({"key":"on","match":{"value":true}}]}}})");
    must("filter in a filter",
        R"({"should":[{"key":"color","match":{"value":"red"}},{"has_id":[1]}],"must_not":[{"has_id":[3]}]})");
    QTest::newRow("should") << QByteArray(
        R"({"should":[{"key":"size","range":{"lt":4}},{"key":"color","match":{"value":"blue"}}]})");
    QTest::newRow("must_not") << QByteArray(R"({"must_not":[{"key":"good","match":{"value":true}}]})");
    QTest::newRow("min_should") << QByteArray(
        R"({"min_should":{"min_count":2,"conditions":[{"key":"size","range":{"lt":30}},)"
        R"({"key":"color","match":{"value":"blue"}},{"key":"good","match":{"value":true}}]}})");
    QTest::newRow("all clauses") << QByteArray(
        R"({"must":{"key":"size","range":{"lt":50}},"should":[{"has_vector":"b"},{"has_id":[1,2]}],)"
        R"("must_not":[{"is_null":{"key":"gone"}}]})");
}

void FiltersTest::findsTheSame()
{
    QFETCH(QByteArray, filter);
    TwoDoors doors;
    QVERIFY(uploadInto(doors.server, "things", filterConfig, filterPoints()));
    std::atomic<int> overRest{0};
    doors.server.setObserver([&overRest](const demo::HttpRequest&) { ++overRest; });
    QVERIFY(doors.open());
    QString error;
    GrpcPointSource grpc(doors.options(), QStringLiteral("things"));
    const auto left = allIds(grpc, filter.toStdString(), error);
    QVERIFY2(error.isEmpty(), qPrintable(error));
    QCOMPARE(overRest.load(), 0);
    QVERIFY(doors.door.calls() > 0);
    RestPointSource rest(doors.options(), QStringLiteral("things"));
    const auto right = allIds(rest, filter.toStdString(), error);
    QVERIFY2(error.isEmpty(), qPrintable(error));
    QVERIFY(overRest > 0);
    QVERIFY(left == right);
    // Else a filter that was lost on the way would not show.
    QVERIFY(!left.empty());
    QVERIFY(left.size() < std::size_t{filterPointCount});
}

void FiltersTest::staysOnRest_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::newRow("radius") << QByteArray(
        R"({"must":[{"key":"at","geo_radius":{"center":{"lon":10,"lat":5},"radius":1500000.1}}]})");
    QTest::newRow("moment") << QByteArray(
        R"({"must":[{"key":"when","range":{"gt":"2024-01-05T12:00:00+0100"}}]})");
    QTest::newRow("empty list") << QByteArray(
        R"({"must":[{"key":"color","match":{"value":"red"}}],"should":[]})");
}

void FiltersTest::staysOnRest()
{
    QFETCH(QByteArray, filter);
    TwoDoors doors;
    QVERIFY(uploadInto(doors.server, "things", filterConfig, filterPoints()));
    QVERIFY(doors.open());
    QString error;
    GrpcPointSource grpc(doors.options(), QStringLiteral("things"));
    const auto left = allIds(grpc, filter.toStdString(), error);
    QVERIFY2(error.isEmpty(), qPrintable(error));
    QCOMPARE(doors.door.calls(), std::uint64_t{0});
    RestPointSource rest(doors.options(), QStringLiteral("things"));
    QVERIFY(left == allIds(rest, filter.toStdString(), error));
    QVERIFY(!left.empty());
    const auto choice =
        chooseTransport(doors.options(), {{QStringLiteral("things"), filter.toStdString()}}, true);
    QVERIFY(choice.has_value());
    QCOMPARE(choice->transport, Transport::Rest);
    QVERIFY2(choice->reason.startsWith(QLatin1String("Points are read over REST: The filter ")),
        qPrintable(choice->reason));
}

void FiltersTest::findsAsRecorded_data()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    QTest::addColumn<QString>("name");
    for (const QString& folder : Recordings::folders()) {
        // Of strict mode there are refusals; what was deleted in between is not in the store any more.
        if (folder == QLatin1String("strict_mode") || folder == QLatin1String("live_changes"))
            continue;
        for (const QString& name : Recordings::exchanges(folder)) {
            const auto exchange = Recordings::exchange(name);
            if (exchange && exchange->status == 200 && exchange->path.contains("/points/scroll")
                && exchange->requestBody.contains("\"filter\""))
                QTest::newRow(qPrintable(name)) << name;
        }
    }
}

void FiltersTest::findsAsRecorded()
{
    QFETCH(QString, name);
    const auto exchange = Recordings::exchange(name);
    QVERIFY(exchange.has_value());
    // Qt's JSON would round numbers.
    std::map<std::string, std::string> body;
    jsontext::forEachMember(exchange->requestBody.toStdString(), [&body](auto key, auto value) {
        body.emplace(key, value);
        return true;
    });
    demo::StandInServer server;
    const QString folder = Recordings::directory() + QLatin1Char('/') + name.section(QLatin1Char('/'), 0, 0);
    QVERIFY(demo::loadRecordings(server.store(), folder.toStdString()).has_value());
    PageRequest request;
    request.limit = body.contains("limit") ? static_cast<std::uint32_t>(std::stoul(body["limit"])) : 10;
    request.withPayload = false;
    request.withVectors = false;
    request.filterJson = body["filter"];
    const auto message = scrollMessage({}, exchange->path.split('/').at(2).toStdString(), request);
    if (!message) {
        // Its limit of -1e+308 is left to REST.
        QCOMPARE(name, QStringLiteral("payload_index_values/005-float-range"));
        return;
    }
    demo::GrpcCalls calls(server.api(), server.store());
    const demo::GrpcAnswer answer = calls.handle("/qdrant.Points/Scroll", {}, *message);
    QVERIFY2(answer.code == 0, answer.message.c_str());
    GrpcPageDecoder decoder;
    PointPage page;
    QVERIFY(decoder.decode(QByteArray::fromStdString(answer.body), page, false).has_value());
    RestPageDecoder restDecoder;
    PointPage recorded;
    QVERIFY(restDecoder.decode(exchange->body, recorded).has_value());
    QCOMPARE(page.points().size(), recorded.points().size());
    for (std::size_t k = 0; k < recorded.points().size(); ++k)
        QCOMPARE(page.points()[k].id.toString(), recorded.points()[k].id.toString());
}

void FiltersTest::decidesForEachCollection()
{
    TwoDoors doors;
    QVERIFY(uploadInto(doors.server, "things", filterConfig, filterPoints()));
    QVERIFY(uploadInto(doors.server, "others", filterConfig, filterPoints()));
    QVERIFY(doors.open());
    MigrationPlan plan;
    for (const char* name : {"things", "others"}) {
        CollectionPlan collection;
        collection.name = QString::fromLatin1(name);
        collection.vectors.append(VectorPlan{});
        collection.filterJson = name[0] == 't'
            ? R"({"must":[{"key":"size","match":{"value":17}}]})"
            : R"({"must":[{"key":"at","geo_radius":{"center":{"lon":10,"lat":5},"radius":0.1}}]})";
        plan.collections << collection;
    }
    const auto decision = decideTransport(plan, doors.options());
    QVERIFY2(decision.has_value(), decision ? "" : qPrintable(decision.error().toText()));
    QCOMPARE(decision->transport, Transport::Grpc);
    QCOMPARE(decision->of(QStringLiteral("things")), Transport::Grpc);
    QCOMPARE(decision->of(QStringLiteral("others")), Transport::Rest);
    QCOMPARE(decision->label(), QStringLiteral("gRPC, REST for others"));
    QVERIFY2(decision->reason.contains(
                 QLatin1String("Collection others is read over REST: The filter has a radius that gRPC would "
                               "round.")),
        qPrintable(decision->reason));
}

void FiltersTest::decidesByVersion()
{
    const std::string filter = R"({"must":[{"key":"words","match":{"phrase":"quick red"}}]})";
    for (const auto& [version, transport] :
        {std::pair{"1.14", Transport::Rest}, std::pair{"1.15", Transport::Grpc}}) {
        TwoDoors doors;
        doors.server.setVersion(*demo::ServerVersion::parse(version));
        QVERIFY(uploadInto(doors.server, "things", filterConfig, filterPoints()));
        QVERIFY(doors.open());
        const auto choice = chooseTransport(doors.options(), {{QStringLiteral("things"), filter}}, true);
        QVERIFY(choice.has_value());
        QVERIFY2(choice->transport == transport, qPrintable(choice->reason));
    }
}

void FiltersTest::looksWhatTheFilterFinds()
{
    TwoDoors doors;
    QVERIFY(uploadInto(doors.server, "things", filterConfig, filterPoints()));
    // As a server that passes over a field it does not know.
    demo::GrpcCalls calls(doors.server.api(), doors.server.store());
    std::atomic<int> scrolls{0};
    doors.door.setInterceptor([&](const std::string& method) -> std::optional<demo::GrpcAnswer> {
        if (!method.ends_with("Scroll") || ++scrolls == 1)
            return std::nullopt;
        PageRequest all;
        all.limit = 8;
        return calls.handle(method, {}, *scrollMessage({}, "things", all));
    });
    QVERIFY(doors.open());
    const auto choice = chooseTransport(doors.options(),
        {{QStringLiteral("things"), R"({"must":[{"key":"color","match":{"value":"blue"}}]})"}}, true);
    QVERIFY(choice.has_value());
    QCOMPARE(choice->transport, Transport::Rest);
    QVERIFY2(choice->reason.contains(QLatin1String("finds other points")), qPrintable(choice->reason));
}

QTEST_GUILESS_MAIN(FiltersTest)
#include "filterstest.moc"
