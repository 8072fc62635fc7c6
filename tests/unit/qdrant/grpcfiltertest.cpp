// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <QTest>

#include <array>
#include <bit>

#include "core/qdrant/grpc/exactvalues.h"
#include "core/qdrant/grpc/grpcfilter.h"
#include "core/qdrant/grpc/grpcmessages.h"

using namespace qdrant2pg;

namespace {

/// The wire by hand, apart from the library that the product uses. Numbers and lengths stay below 128.
std::string message(int tag, const std::string& body)
{
    return std::string{static_cast<char>(tag << 3 | 2), static_cast<char>(body.size())} + body;
}

std::string small(int tag, int value)
{
    return {static_cast<char>(tag << 3), static_cast<char>(value)};
}

template <class Bits, class Value> std::string fixed(int tag, int wireType, Value value)
{
    const auto bytes = std::bit_cast<std::array<char, sizeof(Bits)>>(value);
    return static_cast<char>(tag << 3 | wireType) + std::string(bytes.data(), bytes.size());
}

std::string number(int tag, double value)
{
    return fixed<std::uint64_t>(tag, 1, value);
}

std::string number32(int tag, float value)
{
    return fixed<std::uint32_t>(tag, 5, value);
}

std::string key(const std::string& name)
{
    return message(1, name);
}

/// must of one field condition on key "k".
std::string field(const std::string& rest)
{
    return message(2, message(1, key("k") + rest));
}

std::string place(double lon, double lat)
{
    return number(1, lon) + number(2, lat);
}

} // namespace

/// Filters in bytes of the wire; what gRPC does not carry exactly is refused with the reason.
class GrpcFilterTest : public QObject {
    Q_OBJECT

private slots:
    void writesBytes_data();
    void writesBytes();
    void refuses_data();
    void refuses();
    void standsInTheScroll();
    void readsMoments_data();
    void readsMoments();
    void readsNumbers_data();
    void readsNumbers();
};

void GrpcFilterTest::writesBytes_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("minor");
    const auto row = [](const char* name, const char* json, const std::string& bytes, int minor = 7) {
        QTest::newRow(name) << QByteArray(json) << QByteArray::fromStdString(bytes) << minor;
    };
    const auto fieldRow = [&row](
                              const char* name, const char* inside, const std::string& bytes, int minor = 7) {
        const QByteArray json = QByteArray(R"({"must":[{"key":"k",)") + inside + "}]}";
        row(name, json.constData(), field(bytes), minor);
    };
    const std::string isNull = message(5, key("a"));
    row("nothing", "{}", "");
    row("nothing but null", R"({"must":null})", "");
    row("must", R"({"must":[{"is_null":{"key":"a"}}]})", message(2, isNull));
    row("must without brackets", R"({"must":{"is_null":{"key":"a"}}})", message(2, isNull));
    row("should", R"({"should":[{"is_null":{"key":"a"}},{"is_empty":{"key":"b"}}]})",
        message(1, isNull) + message(1, message(2, key("b"))));
    row("must_not", R"({"must_not":[{"is_null":{"key":"a"}}]})", message(3, isNull));
    row("min_should", R"({"min_should":{"conditions":[{"is_null":{"key":"a"}}],"min_count":1}})",
        message(4, message(1, isNull) + small(2, 1)), 8);
    row("filter in a filter", R"({"must":[{"must_not":[{"is_null":{"key":"a"}}]}]})",
        message(2, message(4, message(3, isNull))));
    row("nested", R"({"must":[{"nested":{"key":"a[].b","filter":{"must":[{"is_null":{"key":"a"}}]}}}]})",
        message(2, message(6, key("a[].b") + message(2, message(2, isNull)))));
    row("has_id", R"({"must":[{"has_id":[7,"550E8400e29b41d4a716446655440000"]}]})",
        message(2,
            message(3,
                message(1, small(1, 7)) + message(1, message(2, "550e8400-e29b-41d4-a716-446655440000")))));
    row("has_id of none", R"({"must":[{"has_id":[]}]})", message(2, message(3, {})));
    row("has_vector", R"({"must":[{"has_vector":""}]})", message(2, message(7, message(1, {}))), 13);
    fieldRow("keyword", R"("match":{"value":"a\u00e9\n"})", message(2, message(1, "a\xc3\xa9\n")));
    fieldRow("empty keyword", R"("match":{"value":""})", message(2, message(1, {})));
    fieldRow("integer", R"("match":{"value":5})", message(2, small(2, 5)));
    fieldRow("negative integer", R"("match":{"value":-1})",
        message(2, std::string("\x10") + std::string(9, '\xff') + '\x01'));
    fieldRow("boolean", R"("match":{"value":false})", message(2, small(3, 0)));
    fieldRow("text", R"("match":{"text":"t"})", message(2, message(4, "t")));
    fieldRow("phrase", R"("match":{"phrase":"t u"})", message(2, message(9, "t u")), 15);
    fieldRow("any word", R"("match":{"text_any":"t u"})", message(2, message(10, "t u")), 16);
    fieldRow("any keyword", R"("match":{"any":["a","b"]})",
        message(2, message(5, message(1, "a") + message(1, "b"))));
    fieldRow("any of none", R"("match":{"any":[]})", message(2, message(5, {})));
    fieldRow("any integer", R"("match":{"any":[1,2]})", message(2, message(6, message(1, "\x01\x02"))));
    fieldRow("except integers", R"("match":{"except":[1]})", message(2, message(7, message(1, "\x01"))));
    fieldRow("except keywords", R"("match":{"except":["a"]})", message(2, message(8, message(1, "a"))));
    fieldRow("range", R"("range":{"gte":1.5,"lt":3,"gt":null})", message(3, number(1, 3) + number(3, 1.5)));
    fieldRow("all limits", R"("range":{"lte":4,"gte":3,"gt":2,"lt":1})",
        message(3, number(1, 1) + number(2, 2) + number(3, 3) + number(4, 4)));
    fieldRow("moments", R"("range":{"gt":"1970-01-01T00:01:00.000000005Z"})",
        message(8, message(2, small(1, 60) + small(2, 5))), 8);
    fieldRow("values_count", R"("values_count":{"gte":2,"lt":9})", message(6, small(1, 9) + small(3, 2)));
    fieldRow("radius", R"("geo_radius":{"center":{"lon":1,"lat":-2.5},"radius":1000.5})",
        message(5, message(1, place(1, -2.5)) + number32(2, 1000.5F)));
    fieldRow("box", R"("geo_bounding_box":{"bottom_right":{"lon":2,"lat":1},"top_left":{"lat":2,"lon":1}})",
        message(4, message(1, place(1, 2)) + message(2, place(2, 1))));
    const char* polygon = R"("geo_polygon":{"exterior":{"points":[{"lon":0,"lat":0},{"lon":0,"lat":1}]},)"
                          R"("interiors":[{"points":[{"lon":2,"lat":2}]}]})";
    fieldRow("polygon", polygon,
        message(7,
            message(1, message(1, place(0, 0)) + message(1, place(0, 1)))
                + message(2, message(1, place(2, 2)))));
    fieldRow("empty field", R"("is_empty":true)", small(9, 1), 16);
    fieldRow("no null field", R"("is_null":false)", small(10, 0), 16);
    fieldRow("two demands", R"("match":{"value":5},"values_count":{"lt":2})",
        message(2, small(2, 5)) + message(6, small(1, 2)));
}

void GrpcFilterTest::writesBytes()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, bytes);
    QFETCH(int, minor);
    const auto filter = grpcFilter(json.toStdString());
    QVERIFY2(filter.has_value(), filter ? "" : qPrintable(filter.error().toText()));
    QCOMPARE(QByteArray::fromStdString(filter->message).toHex(' '), bytes.toHex(' '));
    QCOMPARE(filter->since, QVersionNumber(1, minor));
}

void GrpcFilterTest::refuses_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const char* json, const char* words = "not known to be the same") {
        QTest::newRow(name) << QByteArray(json) << QString::fromLatin1(words);
    };
    const auto fieldRow = [](const char* name, const char* inside,
                              const char* words = "not known to be the same") {
        QTest::newRow(name) << QByteArray(R"({"must":[{"key":"k",)") + inside + "}]}"
                            << QString::fromLatin1(words);
    };
    row("no JSON", "{", "no JSON object");
    row("a list", "[]", "no JSON object");
    row("unknown clause", R"({"mustt":[]})");
    row("empty list", R"({"should":[]})", "empty list");
    row("empty condition", R"({"must":[{}]})");
    row("unknown condition", R"({"must":[{"is_odd":{"key":"a"}}]})");
    row("twice the same clause", R"({"must":[{"has_id":[1]}],"must":[{"has_id":[2]}]})");
    row("slice", R"({"must":[{"slice":{"total":8,"index":3}}]})", "slice");
    row("id that is none", R"({"must":[{"has_id":["a"]}]})");
    row("negative id", R"({"must":[{"has_id":[-1]}]})");
    row("empty nested filter", R"({"must":[{"nested":{"key":"a","filter":{}}}]})");
    fieldRow("nothing asked", R"("match":null)");
    fieldRow("unknown demand", R"("size":1)");
    fieldRow("unknown match", R"("match":{"prefix":"a"})");
    fieldRow("two matches", R"("match":{"value":1,"any":[2]})");
    fieldRow("float", R"("match":{"value":1.0})", "no integer of 64 bits");
    fieldRow("large integer", R"("match":{"value":9223372036854775808})", "no integer of 64 bits");
    fieldRow("mixed list", R"("match":{"any":["a",1]})");
    fieldRow("minus zero", R"("match":{"any":[-0]})", "no integer of 64 bits");
    fieldRow("long limit", R"("range":{"gte":0.12345678901234567})", "more digits");
    fieldRow("spelling of a moment", R"("range":{"gte":"2024-01-01T10:00Z"})", "spelling");
    fieldRow("mixed limits", R"("range":{"gte":"2024-01-01","lt":5})", "spelling");
    fieldRow("empty range", R"("range":{})");
    fieldRow("count with a point", R"("values_count":{"gt":1.0})");
    fieldRow(
        "radius of a double", R"("geo_radius":{"center":{"lon":1,"lat":2},"radius":1000.1})", "would round");
    fieldRow("place off the globe", R"("geo_radius":{"center":{"lon":1,"lat":91},"radius":1})");
    fieldRow("name of the wire", R"("datetime_range":{"gt":{"seconds":1}})");
    QByteArray deep = R"({"has_id":[1]})";
    for (int level = 0; level < 25; ++level)
        deep = R"({"must":[)" + deep + "]}";
    QTest::newRow("deep") << deep << QStringLiteral("deeper");
}

void GrpcFilterTest::refuses()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, words);
    const auto filter = grpcFilter(json.toStdString());
    QVERIFY(!filter.has_value());
    QCOMPARE(filter.error().kind, ErrorKind::Unsupported);
    QVERIFY2(filter.error().summary.contains(words), qPrintable(filter.error().summary));
    QVERIFY(filter.error().summary.startsWith(QLatin1String("The filter ")));
    QVERIFY(filter.error().summary.endsWith(QLatin1Char('.')));
}

void GrpcFilterTest::standsInTheScroll()
{
    SourceOptions options;
    options.serverTimeoutSeconds = 0;
    PageRequest request;
    request.limit = 3;
    request.filterJson = R"({"must":[{"has_id":[7]}]})";
    const auto bytes = scrollMessage(options, "c", request);
    QVERIFY(bytes.has_value());
    const std::string filter = message(2, message(2, message(3, message(1, small(1, 7)))));
    const std::string rest = small(4, 3) + message(6, small(1, 1)) + message(7, small(1, 1));
    QCOMPARE(QByteArray::fromStdString(*bytes).toHex(' '),
        QByteArray::fromStdString(message(1, "c") + filter + rest).toHex(' '));
    request.filterJson = R"({"must":[]})";
    QVERIFY(!scrollMessage(options, "c", request).has_value());
}

void GrpcFilterTest::readsMoments_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("exact");
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<int>("nanos");
    const auto row = [](const char* text, qint64 seconds, int nanos = 0) {
        QTest::newRow(text) << QByteArray(text) << true << seconds << nanos;
    };
    row("1970-01-01", 0);
    row("1970-01-01T00:00:00Z", 0);
    row("1970-01-01 00:00:01", 1);
    row("2024-02-29T12:34:56.5", 1709210096, 500'000'000);
    row("2024-02-29T12:34:56.123456789+01:30", 1709204696, 123'456'789);
    row("1969-12-31T23:59:59.9-00:30", 1799, 900'000'000);
    row("0001-01-01T00:00:00Z", -62135596800);
    row("9999-12-31T23:59:59Z", 253402300799);
    for (const char* text :
        {"", "2023-02-29", "2024-02", "2024-02-29T12:34", "2024-02-29T12:34Z", "2024-02-29T12:34:60Z",
            "2024-02-29T24:00:00Z", "2024-02-29t12:34:56z", " 2024-02-29", "2024-02-29 ",
            "2024-02-29T12:34:56.", "2024-02-29T12:34:56.1234567890Z", "2024-02-29T12:34:56 UTC",
            "2024-02-29T12:34:56+0130", "0000-01-01", "+12024-01-01", "1709210096"})
        QTest::newRow(qPrintable(QStringLiteral("not '%1'").arg(QLatin1String(text))))
            << QByteArray(text) << false << qint64(0) << 0;
}

void GrpcFilterTest::readsMoments()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, exact);
    QFETCH(qint64, seconds);
    QFETCH(int, nanos);
    const auto moment = exactTimestamp(text.toStdString());
    QCOMPARE(moment.has_value(), exact);
    if (!moment)
        return;
    QCOMPARE(qint64(moment->seconds), seconds);
    QCOMPARE(moment->nanos, nanos);
}

void GrpcFilterTest::readsNumbers_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<bool>("exact");
    QTest::addColumn<double>("value");
    const auto row = [](const char* token, double value) {
        QTest::newRow(token) << QByteArray(token) << true << value;
    };
    row("0", 0);
    row("-0.0", -0.0);
    row("1.25", 1.25);
    row("-1e3", -1000);
    row("1E+22", 1e22);
    row("123456789012.345", 123456789012.345);
    row("0.000000000000000000001", 1e-21);
    row("9223372036854775807", 9223372036854775807.0);
    row("18446744073709551615", 18446744073709551615.0);
    for (const char* token :
        {"18446744073709551616", "1234567890.1234567", "1e23", "1e-23", "1e999999999999", "", "x"})
        QTest::newRow(qPrintable(QStringLiteral("not '%1'").arg(QLatin1String(token))))
            << QByteArray(token) << false << 0.0;
}

void GrpcFilterTest::readsNumbers()
{
    QFETCH(QByteArray, token);
    QFETCH(bool, exact);
    QFETCH(double, value);
    const auto number = exactDouble(token.toStdString());
    QCOMPARE(number.has_value(), exact);
    if (number)
        QCOMPARE(std::bit_cast<quint64>(*number), std::bit_cast<quint64>(value));
}

QTEST_GUILESS_MAIN(GrpcFilterTest)
#include "grpcfiltertest.moc"
