// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/payloadvalues.h"
#include "core/common/jsontext.h"
#include "tests/support/recordings.h"

#include <QTest>

#include <map>

using namespace qdrant2pg;

class PayloadValuesTest : public QObject {
    Q_OBJECT

private slots:
    void datetimesAsTheServerReadsThem();
    void datetimeForms_data();
    void datetimeForms();
    void earliestTimestamp();
    void geoAsTheServerReadsIt();
    void uuidSpellings_data();
    void uuidSpellings();
    void integers_data();
    void integers();
    void pathsRoundTrip_data();
    void pathsRoundTrip();
    void brokenPaths_data();
    void brokenPaths();
    void pathsFindValues_data();
    void pathsFindValues();
};

namespace {

/// Members of every point of a recorded scroll body, by id.
std::map<int, std::string> memberOfPoints(const QByteArray& body, std::string_view name)
{
    std::map<int, std::string> members;
    std::vector<std::string_view> points;
    parsePayloadPath(QStringLiteral("result.points[]"))
        ->find({body.constData(), static_cast<std::size_t>(body.size())}, points);
    for (const std::string_view point : points) {
        int id = -1;
        std::string value;
        jsontext::forEachMember(point, [&](std::string_view key, std::string_view member) {
            if (key == "id")
                id = QByteArray(member.data(), static_cast<qsizetype>(member.size())).toInt();
            else if (key == name)
                value = member;
            return true;
        });
        members[id] = value;
    }
    return members;
}

} // namespace

void PayloadValuesTest::datetimesAsTheServerReadsThem()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    const auto payloads =
        memberOfPoints(test::Recordings::read(QStringLiteral("payload_datetime/003-scroll.body")), "payload");
    const auto truth = memberOfPoints(
        test::Recordings::read(QStringLiteral("payload_datetime/005-order-by.body")), "order_value");
    QVERIFY(payloads.size() > 40);
    QVERIFY(truth.size() > 20);
    const auto path = parsePayloadPath(QStringLiteral("t"));
    for (const auto& [id, payload] : payloads) {
        std::vector<std::string_view> found;
        path->find(payload, found);
        std::optional<std::int64_t> parsed;
        // An array counts its fitting items; the recording has one such point.
        if (!found.empty() && found.front().front() == '[') {
            const std::string array(found.front());
            found.clear();
            parsePayloadPath(QStringLiteral("t[]"))->find(payload, found);
        }
        for (const std::string_view value : found) {
            const auto text = stringFromJson(value);
            if (!parsed && text)
                parsed = parseQdrantDatetime(*text);
        }
        const auto expected = truth.find(id);
        const QByteArray label = QByteArray::number(id) + ' ' + QByteArray::fromStdString(payload);
        QVERIFY2(parsed.has_value() == (expected != truth.end()), label.constData());
        if (parsed)
            QCOMPARE(QByteArray::number(static_cast<qint64>(*parsed)),
                QByteArray::fromStdString(expected->second));
    }
}

void PayloadValuesTest::datetimeForms_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("understood");
    QTest::addColumn<qint64>("micros");

    const auto good = [](const char* text, qint64 micros) {
        QTest::newRow(text) << QByteArray(text) << true << micros;
    };
    const auto bad = [](const char* text) {
        QTest::newRow(text) << QByteArray(text) << false << qint64(0);
    };
    good("1970-01-01", 0);
    good("1970-01-01T00:00:00.0000019Z", 1);
    good("1969-12-31T23:59:59.999999Z", -1);
    good("1970-1-1", 0);
    good("1970-01-01T01:00:00+01:00", 0);
    good("1970-01-01T01:00:00+01", 0);
    good("1969-12-31T19:00:00 -0500", 0);
    good("1970-01-01T00:00:00 utc", 0);
    good("1970-01-01T00:00:00Z ", 0);
    good("1970-01-01T00:00:60", 60'000'000);
    good("2000-02-29", 951782400000000);
    good("-0400-02-29", -74784902400000000);
    bad("1900-02-29");
    bad("12024-01-01");
    bad("1970-01-01T");
    bad("1970-01-01T00");
    bad("1970-01-01T00:00:00.");
    bad("1970-01-01T00:00:00.5 ");
    bad("1970-01-01T00:00:00+24:00");
    bad("1970-01-01T00:00:00+01:60");
    bad("1970-01-01T00:00:00+1");
    bad("1970-01-01t00:00:00");
    bad("1970-01-01t00:00:00+01");
    bad("1970-00-01");
    bad("1970-13-01");
    bad("1970-01-01T00:60:00Z");
    bad("1970-01-01T00:00:61Z");
    bad("+-0001-01-01");
    bad("999999999-01-01");
    bad("1970-01-01T00:00:00Zx");
    bad("\xE2\x88\x92");
}

void PayloadValuesTest::datetimeForms()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, understood);
    QFETCH(qint64, micros);
    const auto parsed = parseQdrantDatetime(text.toStdString());
    QCOMPARE(parsed.has_value(), understood);
    if (parsed)
        QCOMPARE(static_cast<qint64>(*parsed), micros);
}

void PayloadValuesTest::earliestTimestamp()
{
    // SELECT extract(epoch FROM '4714-11-24 BC'::timestamptz) gives -210866803200.
    QVERIFY(fitsTimestamptz(-210866803200000000));
    QVERIFY(!fitsTimestamptz(-210866803200000001));
    QVERIFY(fitsTimestamptz(*parseQdrantDatetime("+262142-12-31")));
}

void PayloadValuesTest::geoAsTheServerReadsIt()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    const auto payloads =
        memberOfPoints(test::Recordings::read(QStringLiteral("payload_geo/003-scroll.body")), "payload");
    const auto understood = memberOfPoints(
        test::Recordings::read(QStringLiteral("payload_geo/005-understood-world-radius.body")), "id");
    QVERIFY(payloads.size() >= 16);
    for (const auto& [id, payload] : payloads) {
        std::vector<std::string_view> found;
        parsePayloadPath(QStringLiteral("g"))->find(payload, found);
        QCOMPARE(found.size(), std::size_t(1));
        const bool isArray = found.front().front() == '[';
        const bool geo = isArray
            ? parseGeoObject(found.front().substr(1, found.front().find('}'))).has_value()
            : parseGeoObject(found.front()).has_value();
        QVERIFY2(geo == understood.contains(id), payload.c_str());
    }
}

void PayloadValuesTest::uuidSpellings_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("understood");
    for (const char* text : {"550e8400-e29b-41d4-a716-446655440000", "550E8400E29B41D4A716446655440000",
             "urn:uuid:550e8400-e29b-41d4-a716-446655440000", "{550e8400-e29b-41d4-a716-446655440000}"})
        QTest::newRow(text) << QByteArray(text) << true;
    for (const char* text :
        {"", "550e8400-e29b-41d4-a716-44665544000", "550e8400-e29b-41d4-a716-44665544000g",
            "550e8400e-29b-41d4-a716-446655440000", "{550e8400e29b41d4a716446655440000", "42"})
        QTest::newRow(text) << QByteArray(text) << false;
}

void PayloadValuesTest::uuidSpellings()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, understood);
    const auto uuid = parseUuidSpelling(text.toStdString());
    QCOMPARE(uuid.has_value(), understood);
    if (uuid)
        QCOMPARE(QByteArray(reinterpret_cast<const char*>(uuid->data()), 16).toHex(),
            QByteArray("550e8400e29b41d4a716446655440000"));
}

void PayloadValuesTest::integers_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<bool>("understood");
    QTest::addColumn<qint64>("value");
    QTest::newRow("zero") << QByteArray("0") << true << qint64(0);
    QTest::newRow("max") << QByteArray("9223372036854775807") << true << std::numeric_limits<qint64>::max();
    QTest::newRow("min") << QByteArray("-9223372036854775808") << true << std::numeric_limits<qint64>::min();
    QTest::newRow("over") << QByteArray("9223372036854775808") << false << qint64(0);
    QTest::newRow("integral float") << QByteArray("5.0") << true << qint64(5);
    QTest::newRow("exponent") << QByteArray("1e3") << true << qint64(1000);
    QTest::newRow("negative zero") << QByteArray("-0.0") << true << qint64(0);
    QTest::newRow("2^63 as float") << QByteArray("9.223372036854775808e18") << false << qint64(0);
    QTest::newRow("fraction") << QByteArray("1.5") << false << qint64(0);
    QTest::newRow("text") << QByteArray("\"1\"") << false << qint64(0);
    QTest::newRow("null") << QByteArray("null") << false << qint64(0);
    QTest::newRow("nothing") << QByteArray() << false << qint64(0);
}

void PayloadValuesTest::integers()
{
    QFETCH(QByteArray, token);
    QFETCH(bool, understood);
    QFETCH(qint64, value);
    const auto integer = integerFromJson(token.toStdString());
    QCOMPARE(integer.has_value(), understood);
    if (integer)
        QCOMPARE(static_cast<qint64>(*integer), value);
}

void PayloadValuesTest::pathsRoundTrip_data()
{
    QTest::addColumn<QString>("path");
    for (const char* path : {"a", "a.b", "a[].b", "a[0]", "a[1][50].bar-baz[].\"qux[.]quux\"",
             "\"odd.key\".x", "\"\"", "ünï", "\"a\\\"b\"", "\"a\\\\b\".c", "deep.list[].inner.name"})
        QTest::newRow(path) << QString::fromUtf8(path);
}

void PayloadValuesTest::pathsRoundTrip()
{
    QFETCH(QString, path);
    const auto parsed = parsePayloadPath(path);
    QVERIFY2(parsed.has_value(), qPrintable(parsed ? QString() : parsed.error().summary));
    QCOMPARE(parsed->toString(), path);
}

void PayloadValuesTest::brokenPaths_data()
{
    QTest::addColumn<QString>("path");
    for (const char* path :
        {"", ".a", "a.", "a..b", "a b", "a[", "a[x]", "a[1", "a]", "\"a", "[0]", "a[]b", "a[99999999999]"})
        QTest::newRow(path) << QString::fromUtf8(path);
}

void PayloadValuesTest::brokenPaths()
{
    QFETCH(QString, path);
    const auto parsed = parsePayloadPath(path);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().kind, ErrorKind::Usage);
}

void PayloadValuesTest::pathsFindValues_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArrayList>("found");
    QTest::newRow("scalar") << QStringLiteral("n") << QByteArrayList{"18446744073709551615"};
    QTest::newRow("nested") << QStringLiteral("a.b") << QByteArrayList{"\"x\""};
    QTest::newRow("dot in key") << QStringLiteral("\"a.b\"") << QByteArrayList{"1.50"};
    QTest::newRow("every") << QStringLiteral("list[].v") << QByteArrayList{"1", "2"};
    QTest::newRow("index") << QStringLiteral("list[2].v") << QByteArrayList{"2"};
    QTest::newRow("index of another shape") << QStringLiteral("list[1].v") << QByteArrayList{};
    QTest::newRow("array itself") << QStringLiteral("tags") << QByteArrayList{"[\"p\", null]"};
    QTest::newRow("elements") << QStringLiteral("tags[]") << QByteArrayList{"\"p\"", "null"};
    QTest::newRow("index past the end") << QStringLiteral("tags[2]") << QByteArrayList{};
    QTest::newRow("through a scalar") << QStringLiteral("n.x") << QByteArrayList{};
    QTest::newRow("key of an array") << QStringLiteral("list.v") << QByteArrayList{};
    QTest::newRow("escaped key") << QStringLiteral("ünï") << QByteArrayList{"true"};
    QTest::newRow("missing") << QStringLiteral("zz") << QByteArrayList{};
    QTest::newRow("null is a value") << QStringLiteral("nil") << QByteArrayList{"null"};
}

void PayloadValuesTest::pathsFindValues()
{
    QFETCH(QString, path);
    QFETCH(QByteArrayList, found);
    static constexpr std::string_view payload =
        R"({"n":18446744073709551615,"a": {"b":"x"},"a.b":1.50,)"
        R"("list":[{"v":1},{"w":0},{"v":2}],"tags":["p", null],"\u00fcn\u00ef":true,"nil":null})";
    std::vector<std::string_view> slices;
    parsePayloadPath(path)->find(payload, slices);
    QByteArrayList texts;
    for (const std::string_view slice : slices)
        texts << QByteArray(slice.data(), static_cast<qsizetype>(slice.size()));
    QCOMPARE(texts, found);
}

QTEST_GUILESS_MAIN(PayloadValuesTest)
#include "payloadvaluestest.moc"
