// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <limits>
#include <map>
#include <string>

#include <protozero/pbf_writer.hpp>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "core/qdrant/grpc/grpcmessages.h"
#include "core/qdrant/grpc/grpcpagedecoder.h"
#include "core/qdrant/pagedecoder.h"
#include "core/qdrant/pointsource.h"
#include "tests/support/recordings.h"
#include "tests/unit/qdrant/grpccompare.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;
using protozero::pbf_writer;

namespace {

QByteArray bytes(const std::string& text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

/// A reply with one point; `fill` adds what it holds besides the id 7.
template <class Fill> QByteArray onePoint(const Fill& fill)
{
    std::string reply;
    {
        pbf_writer message(reply);
        pbf_writer point(message, 2);
        {
            pbf_writer id(point, 1);
            id.add_uint64(1, 7);
        }
        fill(point);
    }
    return bytes(reply);
}

template <class Fill> QByteArray onePayloadValue(const Fill& fill)
{
    return onePoint([&fill](pbf_writer& point) {
        pbf_writer entry(point, 2);
        entry.add_string(1, "k");
        pbf_writer value(entry, 2);
        fill(value);
    });
}

} // namespace

/// Pages over gRPC: recorded answers of a real Qdrant against its answers over REST, and the forms that the
/// recordings do not have.
class GrpcDecoderTest : public QObject {
    Q_OBJECT

private slots:
    void readsRecordings_data();
    void readsRecordings();
    void survivesEveryCut();
    void writesTheRecordedRequest();
    void readsTheHealthCheck();
    void readsBothVectorLayouts();
    void printsDoubles_data();
    void printsDoubles();
    void marksWhatIsNotExact_data();
    void marksWhatIsNotExact();
    void escapesStrings();
    void readsShardKeys();
    void refusesNonsense();
};

void GrpcDecoderTest::readsRecordings_data()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    QTest::addColumn<QString>("collection");
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("inexact");
    const QJsonArray calls =
        QJsonDocument::fromJson(Recordings::read(QStringLiteral("grpc/exchanges-grpc.json"))).array();
    for (const QJsonValue call : calls) {
        const QString name = call[u"name"].toString();
        const QString file = call[u"responseFile"].toString();
        if (call[u"method"].toString() != QLatin1String("/qdrant.Points/Scroll") || file.isEmpty())
            continue;
        const QString collection = name.mid(static_cast<int>(qstrlen("scroll-")));
        QTest::newRow(qPrintable(collection))
            << collection << file << (collection == QLatin1String("payload_types") ? 1 : 0);
    }
}

void GrpcDecoderTest::readsRecordings()
{
    QFETCH(QString, collection);
    QFETCH(QString, file);
    QFETCH(int, inexact);
    GrpcPageDecoder decoder;
    PointPage page;
    const QByteArray body = Recordings::read(QStringLiteral("grpc/") + file);
    const auto decoded = decoder.decode(body, page);
    QVERIFY2(decoded.has_value(), qPrintable(decoded ? QString() : decoded.error().toText()));
    QCOMPARE(page.wireBytes(), static_cast<std::size_t>(body.size()));
    QVERIFY(!page.points().empty());

    // Every point of the same collection that was recorded whole over REST.
    const QString folder =
        collection.startsWith(QLatin1String("nan_")) ? QStringLiteral("vec_nan") : collection;
    std::vector<PointPage> recorded;
    std::map<std::string, std::pair<std::size_t, std::size_t>> found;
    const QByteArray scroll = "/collections/" + collection.toUtf8() + "/points/scroll";
    for (const QString& name : Recordings::exchanges(folder)) {
        const auto exchange = Recordings::exchange(name);
        if (!exchange || exchange->status != 200 || exchange->path.split('?').front() != scroll
            || !QByteArray(exchange->requestBody).replace(' ', "").contains("\"with_payload\":true"))
            continue;
        PointPage overRest;
        RestPageDecoder restDecoder;
        QVERIFY(restDecoder.decode(exchange->body, overRest).has_value());
        for (std::size_t k = 0; k < overRest.points().size(); ++k)
            found.try_emplace(overRest.points()[k].id.toJson(), recorded.size(), k);
        recorded.push_back(std::move(overRest));
    }
    int compared = 0;
    int marked = 0;
    for (const PointView& point : page.points()) {
        const auto at = found.find(point.id.toJson());
        if (at == found.end())
            continue;
        if (point.inexact) {
            ++marked;
            continue;
        }
        const PointPage& other = recorded[at->second.first];
        // Of this collection only payloads were recorded over REST.
        PointView compare = point;
        if (folder == QLatin1String("payload_types"))
            compare.vectorCount = 0;
        const std::string words = pointDifference(page, compare, other, other.points()[at->second.second]);
        QVERIFY2(words.empty(), words.c_str());
        ++compared;
    }
    qInfo("%d compared, %d marked, of %d", compared, marked, static_cast<int>(page.points().size()));
    QVERIFY(compared > 0);
    QVERIFY(inexact > 0 ? marked > 0 : marked == 0);
}

void GrpcDecoderTest::survivesEveryCut()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    GrpcPageDecoder decoder;
    PointPage page;
    for (const char* file :
        {"grpc/006-scroll-vec_multi.response.pb", "grpc/008-scroll-vec_default_sparse.response.pb"}) {
        const QByteArray body = Recordings::read(QString::fromLatin1(file));
        QVERIFY(!body.isEmpty());
        int refused = 0;
        for (qsizetype length = 0; length < body.size(); ++length) {
            // A cut between two fields of the answer itself is a shorter answer; all others are faults.
            if (!decoder.decode(body.first(length), page).has_value()) {
                ++refused;
                QVERIFY(page.points().empty());
            }
        }
        QVERIFY(refused > static_cast<int>(body.size()) * 9 / 10);
    }
}

void GrpcDecoderTest::writesTheRecordedRequest()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    SourceOptions options;
    options.serverTimeoutSeconds = 0;
    PageRequest request;
    request.limit = 60;
    const auto message = scrollMessage(options, "ids_sparse", request);
    QVERIFY(message.has_value());
    QCOMPARE(bytes(*message), Recordings::read(QStringLiteral("grpc/001-scroll-ids_sparse.request.pb")));
}

void GrpcDecoderTest::readsTheHealthCheck()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    const QByteArray body = Recordings::read(QStringLiteral("grpc/015-health.response.pb"));
    const auto health = readHealth({body.constData(), static_cast<std::size_t>(body.size())});
    QVERIFY(health.has_value());
    QCOMPARE(health->version, std::string("1.18.3"));
    QVERIFY(!readHealth("\x0a\x7f").has_value());
    QVERIFY(!readHealth({}).has_value());
}

void GrpcDecoderTest::readsBothVectorLayouts()
{
    const std::vector<float> values{1.5F, -0.0F, 3.0F, 4.0F};
    const std::vector<std::uint32_t> indices{1, 70000, 4294967295U};
    const auto packed = [](pbf_writer& message, int tag, const float* from, std::size_t count) {
        message.add_bytes(static_cast<protozero::pbf_tag_type>(tag), reinterpret_cast<const char*>(from),
            count * sizeof(float));
    };
    const auto named = [](pbf_writer& map, const char* name, const auto& fill) {
        pbf_writer entry(map, 1);
        entry.add_string(1, name);
        pbf_writer vector(entry, 2);
        fill(vector);
    };
    PointPage pages[2];
    for (const bool legacy : {false, true}) {
        const QByteArray body = onePoint([&](pbf_writer& point) {
            pbf_writer vectors(point, 4);
            pbf_writer map(vectors, 2);
            named(map, "dense", [&](pbf_writer& vector) {
                if (legacy)
                    return packed(vector, 1, values.data(), 4);
                pbf_writer dense(vector, 101);
                packed(dense, 1, values.data(), 4);
            });
            named(map, "multi", [&](pbf_writer& vector) {
                if (legacy) {
                    packed(vector, 1, values.data(), 4);
                    return vector.add_uint32(3, 2);
                }
                pbf_writer multi(vector, 103);
                for (int row = 0; row < 2; ++row) {
                    pbf_writer dense(multi, 1);
                    packed(dense, 1, values.data() + 2 * row, 2);
                }
            });
            named(map, "sparse", [&](pbf_writer& vector) {
                if (legacy) {
                    packed(vector, 1, values.data(), 3);
                    pbf_writer list(vector, 2);
                    return list.add_packed_uint32(1, indices.begin(), indices.end());
                }
                pbf_writer sparse(vector, 102);
                packed(sparse, 1, values.data(), 3);
                sparse.add_packed_uint32(2, indices.begin(), indices.end());
            });
            named(map, "empty", [&](pbf_writer& vector) { vector.add_message(legacy ? 2 : 102, "", 0); });
        });
        GrpcPageDecoder decoder;
        const auto decoded = decoder.decode(body, pages[legacy ? 1 : 0]);
        QVERIFY2(decoded.has_value(), qPrintable(decoded ? QString() : decoded.error().toText()));
    }
    const std::string words = pageDifference(pages[0], pages[1]);
    QVERIFY2(words.empty(), words.c_str());
    const PointView& point = pages[0].points()[0];
    QCOMPARE(pages[0].vectorOf(point, "multi")->rows, 2U);
    QCOMPARE(pages[0].vectorOf(point, "sparse")->indices[2], 4294967295U);
    QCOMPARE(pages[0].vectorOf(point, "empty")->kind, VectorKind::Sparse);
    QCOMPARE(pages[0].vectorOf(point, "dense")->values.size(), 4U);
    QVERIFY(std::signbit(pages[0].vectorOf(point, "dense")->values[1]));
}

void GrpcDecoderTest::printsDoubles_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](double number, const char* text) {
        QTest::newRow(text) << number << QByteArray(text);
    };
    row(0, "0.0");
    row(-0.0, "-0.0");
    row(1, "1.0");
    row(-1.5, "-1.5");
    row(0.1, "0.1");
    row(0.00001, "0.00001");
    row(0.000001, "1e-6");
    row(-2.5e-7, "-2.5e-7");
    row(1234567.125, "1234567.125");
    row(1e15, "1000000000000000.0");
    row(9007199254740994.0, "9007199254740994.0");
    row(1e16, "1e+16");
    row(-1.25e300, "-1.25e+300");
    row(5e-324, "5e-324");
    row(std::numeric_limits<double>::max(), "1.7976931348623157e+308");
}

void GrpcDecoderTest::printsDoubles()
{
    QFETCH(double, number);
    QFETCH(QByteArray, text);
    GrpcPageDecoder decoder;
    PointPage page;
    QVERIFY(
        decoder.decode(onePayloadValue([number](pbf_writer& value) { value.add_double(2, number); }), page));
    QCOMPARE(bytes(std::string(page.points()[0].payload)), "{\"k\":" + text + '}');
    QVERIFY(!page.points()[0].inexact);
}

void GrpcDecoderTest::marksWhatIsNotExact_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<bool>("inexact");
    QTest::newRow("below 2^63") << 9223372036854774784.0 << false;
    QTest::newRow("2^63") << 9223372036854775808.0 << true;
    QTest::newRow("2^64") << 18446744073709551616.0 << true;
    QTest::newRow("above 2^64") << 18446744073709555712.0 << false;
    QTest::newRow("-2^63") << -9223372036854775808.0 << false;
}

void GrpcDecoderTest::marksWhatIsNotExact()
{
    QFETCH(double, number);
    QFETCH(bool, inexact);
    GrpcPageDecoder decoder;
    PointPage page;
    QVERIFY(decoder.decode(onePayloadValue([number](pbf_writer& value) {
        pbf_writer list(value, 7);
        pbf_writer item(list, 1);
        item.add_double(2, number);
    }),
        page));
    QCOMPARE(page.points()[0].inexact, inexact);
}

void GrpcDecoderTest::escapesStrings()
{
    const std::string text("a\"b\\c\b\f\n\r\t\x01\x1f/\x7f\xc3\xa9\0z", 18);
    GrpcPageDecoder decoder;
    PointPage page;
    QVERIFY(decoder.decode(onePayloadValue([&text](pbf_writer& value) { value.add_string(4, text); }), page));
    const QByteArray expected = "{\"k\":\"a\\\"b\\\\c\\b\\f\\n\\r\\t\\u0001\\u001f/\x7f\xc3\xa9\\u0000z\"}";
    QCOMPARE(bytes(std::string(page.points()[0].payload)), expected);
}

void GrpcDecoderTest::readsShardKeys()
{
    GrpcPageDecoder decoder;
    PointPage page;
    QVERIFY(decoder.decode(onePoint([](pbf_writer& point) {
        pbf_writer key(point, 5);
        key.add_string(1, "e\"u");
    }),
        page));
    QCOMPARE(bytes(std::string(page.points()[0].shardKey)), QByteArray("\"e\\\"u\""));
    QVERIFY(decoder.decode(onePoint([](pbf_writer& point) {
        pbf_writer key(point, 5);
        key.add_uint64(2, 18446744073709551615U);
    }),
        page));
    QCOMPARE(bytes(std::string(page.points()[0].shardKey)), QByteArray("18446744073709551615"));
    QCOMPARE(bytes(std::string(page.points()[0].payload)), QByteArray("{}"));
}

void GrpcDecoderTest::refusesNonsense()
{
    GrpcPageDecoder decoder;
    PointPage page;
    std::string noId;
    {
        pbf_writer message(noId);
        pbf_writer point(message, 2);
        point.add_string(9, "x");
    }
    const auto decoded = decoder.decode(bytes(noId), page);
    QVERIFY(!decoded.has_value());
    QCOMPARE(decoded.error().kind, ErrorKind::Protocol);
    QVERIFY(!decoded.error().retryable);
    const auto html = decoder.decode("<html>Bad gateway</html>", page);
    QVERIFY(!html.has_value());
    QVERIFY(html.error().retryable);
    const auto halfFloat = decoder.decode(onePoint([](pbf_writer& point) {
        pbf_writer vectors(point, 4);
        pbf_writer vector(vectors, 1);
        vector.add_bytes(1, "abcdef", 6);
    }),
        page);
    QVERIFY(!halfFloat.has_value());
    QVERIFY(page.points().empty());
}

QTEST_GUILESS_MAIN(GrpcDecoderTest)

#include "grpcdecodertest.moc"
