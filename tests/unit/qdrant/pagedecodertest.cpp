// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <bit>
#include <cmath>
#include <random>

#include <simdjson.h>

#include <QTest>

#include "core/qdrant/pagedecoder.h"
#include "core/qdrant/rest/jsonscanner.h"

using namespace qdrant2pg;

namespace {

/// A scroll reply around the text of its points.
QByteArray reply(const QByteArray& points, const QByteArray& next = "null")
{
    return R"({"result":{"points":[)" + points + R"(],"next_page_offset":)" + next
        + R"(},"status":"ok","time":0.1})";
}

/// One vector in words: kind, values, indices, rows.
QString words(const VectorView& vector)
{
    QStringList parts;
    for (const float value : vector.values)
        parts << (std::isnan(value)                 ? QStringLiteral("nan")
                : value == 0 && std::signbit(value) ? QStringLiteral("-0")
                                                    : QString::number(static_cast<double>(value)));
    QString text = QStringLiteral("%1:").arg(
        QString::fromUtf8(vector.name.data(), static_cast<qsizetype>(vector.name.size())));
    if (vector.kind == VectorKind::Sparse) {
        QStringList indices;
        for (const std::uint32_t index : vector.indices)
            indices << QString::number(index);
        text += QStringLiteral("sparse[%1]").arg(indices.join(QLatin1Char(' ')));
    } else if (vector.kind == VectorKind::Multi) {
        text += QStringLiteral("multi%1").arg(vector.rows);
    }
    return text + QStringLiteral("(%1)").arg(parts.join(QLatin1Char(' ')))
        + QLatin1String(vector.hasNonFinite ? "!" : "");
}

QString vectorsInWords(const PointPage& page, const PointView& point)
{
    QStringList parts;
    for (const VectorView& vector : page.vectorsOf(point))
        parts << words(vector);
    return parts.join(QLatin1Char(' '));
}

} // namespace

class PageDecoderTest : public QObject {
    Q_OBJECT

private slots:
    void readsVectorShapes_data();
    void readsVectorShapes();
    void readsPayloads_data();
    void readsPayloads();
    void leavesOutAPayloadThatWasNotAsked();
    void readsIds_data();
    void readsIds();
    void readsEnvelopes_data();
    void readsEnvelopes();
    void readsScores();
    void readsShardKeys();
    void handsOutTheRawRecord();
    void takesWhiteSpaceAnywhere();
    void growsItsArrays();
    void reusesAPage();
    void refusesBrokenJson_data();
    void refusesBrokenJson();
    void refusesWhatQdrantDoesNotSend_data();
    void refusesWhatQdrantDoesNotSend();
    void tellsTheServersError();
    void agreesWithSimdjsonAboutWhatIsJson();
};

void PageDecoderTest::readsVectorShapes_data()
{
    QTest::addColumn<QByteArray>("vector");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const char* vector, const QString& expected) {
        QTest::newRow(name) << QByteArray(vector) << expected;
    };
    row("unnamed", "[0.5,-1.25,3.0]", QStringLiteral(":(0.5 -1.25 3)"));
    row("unnamed multi", "[[0.5,1.0],[2.0,3.0]]", QStringLiteral(":multi2(0.5 1 2 3)"));
    row("multi with one row", "[[0.5]]", QStringLiteral(":multi1(0.5)"));
    row("nothing", "{}", QString());
    row("null", "null", QString());
    row("named", R"({"b":[1.0],"a":[2.0,3.0]})", QStringLiteral("b:(1) a:(2 3)"));
    row("default and sparse", R"({"":[1.0],"s":{"indices":[1,7],"values":[0.5,-0.0]}})",
        QStringLiteral(":(1) s:sparse[1 7](0.5 -0)"));
    row("values before indices", R"({"s":{"values":[0.5],"indices":[4294967295]}})",
        QStringLiteral("s:sparse[4294967295](0.5)"));
    row("empty sparse", R"({"s":{"indices":[],"values":[]}})", QStringLiteral("s:sparse[]()"));
    row("unsorted sparse", R"({"s":{"indices":[9,0,4],"values":[9.0,0.1,4.0]}})",
        QStringLiteral("s:sparse[0 4 9](0.1 4 9)"));
    row("vectors called indices and values", R"({"indices":[1.0],"values":[2.0,3.0]})",
        QStringLiteral("indices:(1) values:(2 3)"));
    row("a named vector that is null", R"({"a":null,"b":[1.0]})", QStringLiteral("b:(1)"));
    row("nulls in a dense vector", "[null,1.0,null]", QStringLiteral(":(nan 1 nan)!"));
    row("only nulls", "[null]", QStringLiteral(":(nan)!"));
    row("nulls in a row", R"({"m":[[1.0,null],[2.0,3.0]]})", QStringLiteral("m:multi2(1 nan 2 3)!"));
    row("null in sparse weights", R"({"s":{"indices":[1,2],"values":[null,2.0]}})",
        QStringLiteral("s:sparse[1 2](nan 2)!"));
    row("beyond the floats", "[1e39,-1e39]", QStringLiteral(":(inf -inf)!"));
    row("below the floats", "[1e-60]", QStringLiteral(":(0)"));
    row("whole numbers", "[1,2,-3]", QStringLiteral(":(1 2 -3)"));
    row("escaped name", R"({"a\"\u00e9\\":[1.0]})", QStringLiteral("a\"é\\:(1)"));
    row("name beyond ASCII", "{\"\xc3\x9cn\xc3\xaf\":[1.0]}", QStringLiteral("Ünï:(1)"));
}

void PageDecoderTest::readsVectorShapes()
{
    QFETCH(QByteArray, vector);
    QFETCH(QString, expected);
    RestPageDecoder decoder;
    PointPage page;
    const auto decoded = decoder.decode(
        reply(R"({"id":1,"payload":{},"vector":)" + vector + R"(},{"id":2,"vector":[7.0]})"), page);
    QVERIFY2(decoded.has_value(), qPrintable(decoded ? QString() : decoded.error().toText()));
    QCOMPARE(page.points().size(), 2U);
    QCOMPARE(vectorsInWords(page, page.points()[0]), expected);
    QCOMPARE(vectorsInWords(page, page.points()[1]), QStringLiteral(":(7)"));
}

void PageDecoderTest::readsPayloads_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("object") << QByteArray(R"("payload": {"a" : 1.0, "b":18446744073709551615} ,)")
                            << QByteArray(R"({"a" : 1.0, "b":18446744073709551615})");
    QTest::newRow("empty") << QByteArray(R"("payload":{},)") << QByteArray("{}");
    QTest::newRow("null") << QByteArray(R"("payload":null,)") << QByteArray("{}");
    QTest::newRow("absent") << QByteArray() << QByteArray("{}");
    QTest::newRow("braces in strings") << QByteArray(R"("payload":{"}":"]{\"}","\\":"\\\\"},)")
                                       << QByteArray(R"({"}":"]{\"}","\\":"\\\\"})");
    QTest::newRow("NUL") << QByteArray(R"("payload":{"a\u0000":"\u0000"},)")
                         << QByteArray(R"({"a\u0000":"\u0000"})");
    QTest::newRow("emoji") << QByteArray("\"payload\":{\"\xf0\x9f\x9a\x80\":\"\xe2\x80\xa8\"},")
                           << QByteArray("{\"\xf0\x9f\x9a\x80\":\"\xe2\x80\xa8\"}");
    const QByteArray deep = R"({"a":)" + QByteArray(500, '[') + QByteArray(500, ']') + '}';
    QTest::newRow("deep") << QByteArray(R"("payload":)" + deep + ',') << deep;
}

void PageDecoderTest::readsPayloads()
{
    QFETCH(QByteArray, members);
    QFETCH(QByteArray, expected);
    RestPageDecoder decoder;
    PointPage page;
    const auto decoded = decoder.decode(reply(R"({"id":1,)" + members + R"("vector":[1.0]})"), page);
    QVERIFY2(decoded.has_value(), qPrintable(decoded ? QString() : decoded.error().toText()));
    QCOMPARE(QByteArray::fromStdString(std::string(page.points()[0].payload)), expected);
}

void PageDecoderTest::leavesOutAPayloadThatWasNotAsked()
{
    RestPageDecoder decoder;
    PointPage page;
    QVERIFY(
        decoder.decode(reply(R"({"id":1},{"id":2,"payload":null,"vector":null})"), page, false).has_value());
    QVERIFY(page.points()[0].payload.empty());
    QVERIFY(page.points()[1].payload.empty());
}

void PageDecoderTest::readsIds_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QString>("expected");
    QTest::newRow("zero") << QByteArray("0") << QStringLiteral("0");
    QTest::newRow("largest") << QByteArray("18446744073709551615") << QStringLiteral("18446744073709551615");
    QTest::newRow("uuid") << QByteArray(R"("5c56c793-69f3-4fbf-87e6-c4bf54c28c26")")
                          << QStringLiteral("5c56c793-69f3-4fbf-87e6-c4bf54c28c26");
    QTest::newRow("other spelling") << QByteArray(R"("5C56C79369F34FBF87E6C4BF54C28C26")")
                                    << QStringLiteral("5c56c793-69f3-4fbf-87e6-c4bf54c28c26");
}

void PageDecoderTest::readsIds()
{
    QFETCH(QByteArray, id);
    QFETCH(QString, expected);
    RestPageDecoder decoder;
    PointPage page;
    QVERIFY(decoder.decode(reply(R"({"id":)" + id + "}", id), page).has_value());
    QCOMPARE(page.points()[0].id.toString(), expected);
    QCOMPARE(page.nextOffset()->toString(), expected);
}

void PageDecoderTest::readsEnvelopes_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("points");
    QTest::addColumn<bool>("hasNext");
    QTest::newRow("empty") << QByteArray(
        R"({"result":{"points":[],"next_page_offset":null},"status":"ok","time":0.0})")
                           << 0 << false;
    QTest::newRow("no next") << QByteArray(R"({"result":{"points":[{"id":1}]}})") << 1 << false;
    QTest::newRow("next first") << QByteArray(R"({"result":{"next_page_offset":5,"points":[{"id":1}]}})") << 1
                                << true;
    QTest::newRow("bare list") << QByteArray(R"({"result":[{"id":1},{"id":2}],"status":"ok"})") << 2 << false;
    QTest::newRow("usage and more") << QByteArray(
        R"({"usage":{"hardware":{"cpu":1}},"result":{"more":[{}],"points":[{"id":1,"order_value":2.5,"new":{"x":[]}}]},"status":"ok","time":1e-7})")
                                    << 1 << false;
}

void PageDecoderTest::readsEnvelopes()
{
    QFETCH(QByteArray, body);
    QFETCH(int, points);
    QFETCH(bool, hasNext);
    RestPageDecoder decoder;
    PointPage page;
    const auto decoded = decoder.decode(body, page);
    QVERIFY2(decoded.has_value(), qPrintable(decoded ? QString() : decoded.error().toText()));
    QCOMPARE(static_cast<int>(page.points().size()), points);
    QCOMPARE(page.nextOffset().has_value(), hasNext);
}

void PageDecoderTest::readsScores()
{
    RestPageDecoder decoder;
    PointPage page;
    QVERIFY(
        decoder
            .decode(
                R"({"result":{"points":[{"id":1,"version":3,"score":1.0000001},{"id":2,"score":null},{"id":3},{"id":4,"score":-2e-7}]}})",
                page, false)
            .has_value());
    QCOMPARE(decoder.scores().size(), 4U);
    QCOMPARE(decoder.scores()[0], std::optional(1.0000001));
    QCOMPARE(decoder.scores()[1], std::nullopt);
    QCOMPARE(decoder.scores()[2], std::nullopt);
    QCOMPARE(decoder.scores()[3], std::optional(-2e-7));
    QVERIFY(decoder.decode(reply(R"({"id":1})"), page).has_value());
    QVERIFY(decoder.scores().empty());
}

void PageDecoderTest::readsShardKeys()
{
    RestPageDecoder decoder;
    PointPage page;
    QVERIFY(
        decoder
            .decode(
                reply(
                    R"({"id":1,"shard_key":"e\"u"},{"id":2,"shard_key":7},{"id":3,"shard_key":null},{"id":4})"),
                page)
            .has_value());
    QCOMPARE(std::string(page.points()[0].shardKey), std::string(R"("e\"u")"));
    QCOMPARE(std::string(page.points()[1].shardKey), std::string("7"));
    QVERIFY(page.points()[2].shardKey.empty());
    QVERIFY(page.points()[3].shardKey.empty());
}

void PageDecoderTest::handsOutTheRawRecord()
{
    const QByteArray record = R"({ "id":1, "payload":{"a":"\u0000"}, "vector":{"x":[1.0]}, "later":[{}] })";
    RestPageDecoder decoder;
    PointPage page;
    QVERIFY(decoder.decode(reply(record + " , " + record.trimmed().replace("\"id\":1", "\"id\":2")), page)
                .has_value());
    QCOMPARE(QByteArray::fromStdString(std::string(page.points()[0].raw)), record);
}

void PageDecoderTest::takesWhiteSpaceAnywhere()
{
    RestPageDecoder decoder;
    PointPage page;
    const auto decoded =
        decoder.decode(" { \"result\" :\n{ \"points\" : [ { \"id\" : 1 , \"vector\" : { \"a\" : [ 1.0 ,\t2.0 "
                       ", null , 3.0\r\n] , \"m\" : [ [ 1.0 ] , [ 2.0 ] ] , "
                       "\"s\" : { \"indices\" : [ 1 , 2 ] , \"values\" : [ 1.0 , 2.0 ] } } } ] , "
                       "\"next_page_offset\" : 2 } } \n",
            page);
    QVERIFY2(decoded.has_value(), qPrintable(decoded ? QString() : decoded.error().toText()));
    QCOMPARE(vectorsInWords(page, page.points()[0]),
        QStringLiteral("a:(1 2 nan 3)! m:multi2(1 2) s:sparse[1 2](1 2)"));
    QCOMPARE(page.nextOffset(), std::optional(PointId::fromNumber(2)));
}

void PageDecoderTest::growsItsArrays()
{
    // Short numbers: more elements than the size of the text suggests.
    QByteArray list;
    constexpr int count = 50'000;
    for (int k = 0; k < count; ++k)
        list += (k ? "," : "") + QByteArray::number(k % 10) + (k % 3 ? ".0" : "");
    RestPageDecoder decoder;
    PointPage page;
    QVERIFY(decoder.decode(reply(R"({"id":1,"vector":{"a":[)" + list + R"(],"b":[)" + list + "]}}"), page)
                .has_value());
    for (const char* name : {"a", "b"}) {
        const VectorView* const vector = page.vectorOf(page.points()[0], name);
        QCOMPARE(static_cast<int>(vector->values.size()), count);
        for (int k = 0; k < count; ++k)
            QCOMPARE(vector->values[static_cast<std::size_t>(k)], static_cast<float>(k % 10));
    }
}

void PageDecoderTest::reusesAPage()
{
    RestPageDecoder decoder;
    PointPage page;
    QVERIFY(
        decoder
            .decode(
                reply(R"({"id":1,"vector":{"a\n":[1.0,2.0],"s":{"indices":[1],"values":[1.0]}}})", "9"), page)
            .has_value());
    QVERIFY(decoder.decode(reply(R"({"id":2,"vector":[5.0]})"), page).has_value());
    QCOMPARE(page.points().size(), 1U);
    QCOMPARE(vectorsInWords(page, page.points()[0]), QStringLiteral(":(5)"));
    QVERIFY(!page.nextOffset());
    const PointPage moved = std::move(page);
    QCOMPARE(vectorsInWords(moved, moved.points()[0]), QStringLiteral(":(5)"));
}

void PageDecoderTest::refusesBrokenJson_data()
{
    QTest::addColumn<QByteArray>("body");
    const auto row = [](const char* name, const QByteArray& points) {
        QTest::newRow(name) << reply(points);
    };
    row("comma at the end of the points", R"({"id":1},)");
    row("no comma between points", R"({"id":1}{"id":2})");
    row("comma at the end of a vector", R"({"id":1,"vector":[1.0,]})");
    row("two commas", R"({"id":1,"vector":[1.0,,2.0]})");
    row("no comma between numbers", R"({"id":1,"vector":[1.0 2.0]})");
    row("leading zero", R"({"id":1,"vector":[01.0]})");
    row("plus", R"({"id":1,"vector":[+1.0]})");
    row("no digits behind the point", R"({"id":1,"vector":[1.,2.0]})");
    row("letters behind a number", R"({"id":1,"vector":[1.0x]})");
    row("NaN", R"({"id":1,"vector":[NaN]})");
    row("half a null", R"({"id":1,"vector":[nul]})");
    row("comma in a payload", R"({"id":1,"payload":{"a":1,}})");
    row("bracket for a brace", R"({"id":1,"payload":{"a":[1}})");
    row("string that does not end", R"({"id":1,"payload":{"a":"x}})");
    row("control character", "{\"id\":1,\"payload\":{\"a\":\"x\ny\"}}");
    row("control character behind eight bytes", "{\"id\":1,\"payload\":{\"a\":\"12345678\x01y\"}}");
    row("bad escape", R"({"id":1,"payload":{"a":"\x41"}})");
    row("short escape", R"({"id":1,"payload":{"a":"\u12"}})");
    row("not UTF-8", "{\"id\":1,\"payload\":{\"a\":\"\xff\"}}");
    row("overlong UTF-8", "{\"id\":1,\"payload\":{\"a\":\"12345678\xc0\xaf\"}}");
    row("surrogate in UTF-8", "{\"id\":1,\"payload\":{\"a\":\"\xed\xa0\x80\"}}");
    row("key without quotes", R"({"id":1,"payload":{a:1}})");
    row("no colon", R"({"id":1,"payload":{"a" 1}})");
    row("number in a skipped value", R"({"id":1,"later":[1.2.3]})");
    row("nested beyond reason",
        R"({"id":1,"payload":{"a":)" + QByteArray(5000, '[') + QByteArray(5000, ']') + "}}");
    QTest::newRow("something behind it") << QByteArray(reply({}) + "x");
    QTest::newRow("a second answer") << QByteArray(reply({}) + reply({}));
    QTest::newRow("a NUL byte") << QByteArray(reply({}) + QByteArray(1, '\0'));
    QTest::newRow("two results and no comma") << QByteArray(R"({"result":[] "status":"ok"})");
}

void PageDecoderTest::refusesBrokenJson()
{
    QFETCH(QByteArray, body);
    RestPageDecoder decoder;
    PointPage page;
    const auto decoded = decoder.decode(body, page);
    QVERIFY(!decoded.has_value());
    QCOMPARE(decoded.error().kind, ErrorKind::Protocol);
    QVERIFY2(decoded.error().retryable, qPrintable(decoded.error().toText()));
    QVERIFY(!decoded.error().detail.isEmpty());
    QVERIFY(page.points().empty());
}

void PageDecoderTest::refusesWhatQdrantDoesNotSend_data()
{
    QTest::addColumn<QByteArray>("point");
    QTest::addColumn<bool>("named");
    const auto row = [](const char* name, const char* point, bool named = true) {
        QTest::newRow(name) << QByteArray(point) << named;
    };
    row("more indices than values", R"({"id":17,"vector":{"s":{"indices":[1,2],"values":[1.0]}}})");
    row("no indices", R"({"id":17,"vector":{"s":{"values":[1.0]}}})");
    row("no values", R"({"id":17,"vector":{"s":{"indices":[1]}}})");
    row("null for indices", R"({"id":17,"vector":{"s":{"indices":null,"values":[]}}})");
    row("an index twice", R"({"id":17,"vector":{"s":{"indices":[3,3],"values":[1.0,2.0]}}})");
    row("negative index", R"({"id":17,"vector":{"s":{"indices":[-1],"values":[1.0]}}})");
    row("index beyond 32 bits", R"({"id":17,"vector":{"s":{"indices":[4294967296],"values":[1.0]}}})");
    row("fractional index", R"({"id":17,"vector":{"s":{"indices":[1.0],"values":[1.0]}}})");
    row("word as index", R"({"id":17,"vector":{"s":{"indices":["1"],"values":[1.0]}}})");
    row("string in a vector", R"({"id":17,"vector":[1.0,"2.0"]})");
    row("true in a vector", R"({"id":17,"vector":[true]})");
    row("object in a vector", R"({"id":17,"vector":[{}]})");
    row("list behind a number", R"({"id":17,"vector":[1.0,[2.0]]})");
    row("number behind a row", R"({"id":17,"vector":[[1.0],2.0]})");
    row("null for a row", R"({"id":17,"vector":[[1.0],null]})");
    row("rows of two lengths", R"({"id":17,"vector":{"m":[[1.0,2.0],[1.0]]}})");
    row("beyond the doubles", R"({"id":17,"vector":[1e999]})");
    row("word as vector", R"({"id":17,"vector":"1.0"})");
    row("number as named vector", R"({"id":17,"vector":{"a":1.0}})");
    row("one name twice", R"({"id":17,"vector":{"a":[1.0],"a":[2.0]}})");
    row("one name in two spellings", R"({"id":17,"vector":{"a":[1.0],"\u0061":[2.0]}})");
    row("half a surrogate pair as name", R"({"id":17,"vector":{"\ud800":[1.0]}})");
    row("vectors twice", R"({"id":17,"vector":[1.0],"vector":[2.0]})");
    row("list as payload", R"({"id":17,"payload":[]})");
    row("word as payload", R"({"id":17,"payload":"{}"})");
    row("payload twice", R"({"id":17,"payload":{"a":1},"payload":{"a":2}})");
    row("two ids", R"({"id":17,"id":18})");
    row("object as shard key", R"({"id":17,"shard_key":{}})");
    row("no id", R"({"payload":{}})", false);
    row("word as id", R"({"id":"17"})", false);
    row("negative id", R"({"id":-1})", false);
    row("fractional id", R"({"id":1.0})", false);
    row("id beyond 64 bits", R"({"id":18446744073709551616})", false);
    row("null as id", R"({"id":null})", false);
    row("list as point", "[]", false);
    row("null as point", "null", false);
}

void PageDecoderTest::refusesWhatQdrantDoesNotSend()
{
    QFETCH(QByteArray, point);
    QFETCH(bool, named);
    RestPageDecoder decoder;
    PointPage page;
    const auto decoded = decoder.decode(reply(R"({"id":16,"vector":[1.0]},)" + point), page);
    QVERIFY(!decoded.has_value());
    const Error& error = decoded.error();
    QCOMPARE(error.kind, ErrorKind::Protocol);
    QVERIFY2(!error.retryable, qPrintable(error.toText()));
    if (named)
        QCOMPARE(error.where.pointId, QStringLiteral("17"));
    else
        QVERIFY2(error.detail.contains(u"The point before it is 16"), qPrintable(error.toText()));
    QVERIFY(page.points().empty());
}

void PageDecoderTest::tellsTheServersError()
{
    RestPageDecoder decoder;
    PointPage page;
    const auto decoded =
        decoder.decode(R"({"status":{"error":"Not found: Collection `x` doesn't exist!"},"time":0.1})", page);
    QVERIFY(!decoded.has_value());
    QVERIFY(decoded.error().detail.contains(u"doesn't exist"));
    for (const char* other :
        {"<html></html>", "[]", "", "null", R"({"result":null})", R"({"result":true,"status":"ok"})",
            R"({"result":{}})", R"({"result":{"points":null}})", R"({"result":{"points":[],"points":[]}})"}) {
        const auto wrong = decoder.decode(other, page);
        QVERIFY2(!wrong.has_value(), other);
        QCOMPARE(wrong.error().kind, ErrorKind::Protocol);
    }
}

void PageDecoderTest::agreesWithSimdjsonAboutWhatIsJson()
{
    // Random damage to a valid text: the scanner takes it exactly when simdjson's full parser does.
    const std::string valid =
        R"({"a":[1,-0.5e+3,true,false,null,"x\u00e9\n\"",{"":{}},[[]]],"b":"0123456789\\","c":{"d":[0,1E2,"\ud83d\ude80"]} } )";
    const std::string_view alphabet = "{}[]\",:\\ \n0123456789eE+-.tfnulrsa\x01\x7f\xc3\xa9";
    std::mt19937 random(20260801);
    simdjson::dom::parser parser;
    int taken = 0;
    for (int round = 0; round < 200'000; ++round) {
        std::string text = valid;
        for (auto change = random() % 3; change > 0; --change) {
            const std::size_t at = random() % text.size();
            const char character = alphabet[random() % alphabet.size()];
            switch (random() % 3) {
            case 0:
                text[at] = character;
                break;
            case 1:
                text.erase(at, 1);
                break;
            default:
                text.insert(at, 1, character);
                break;
            }
        }
        const bool expected = parser.parse(text).error() == simdjson::SUCCESS;
        JsonScanner scanner(text.data(), text.data() + text.size());
        const bool got = scanner.skip() && scanner.atEnd();
        if (got != expected) {
            // Differences by design: simdjson wants surrogates in pairs and numbers that fit its types.
            const bool byDesign = got
                && (text.find("\\u") != std::string::npos
                    || parser.parse(text).error() == simdjson::NUMBER_ERROR);
            QVERIFY2(byDesign, text.c_str());
        }
        taken += got ? 1 : 0;
    }
    QVERIFY(taken > 10'000);
}

QTEST_GUILESS_MAIN(PageDecoderTest)
#include "pagedecodertest.moc"
