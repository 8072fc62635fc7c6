// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/payloadprofile.h"
#include "tests/unit/plan/recordedfacts.h"

#include <QTest>

using namespace qdrant2pg;

class PayloadProfileTest : public QObject {
    Q_OBJECT

private slots:
    void countsTypes();
    void nestedAndQuotedPaths();
    void words_data();
    void words();
    void recordedTypes();
    void boundsItsMemory();
};

void PayloadProfileTest::countsTypes()
{
    PayloadProfile profile;
    profile.add(
        R"({"n":1,"u":"550e8400-e29b-41d4-a716-446655440000","d":"2024-02-29T12:34:56Z","g":{"lon":1,"lat":2},"b":true})");
    profile.add(R"({"n":18446744073709551615,"u":"x","d":null,"g":{"lon":1},"b":[true,null,false]})");
    profile.add(R"({"n":1.5,"u":"a\u0000b"})");
    QCOMPARE(profile.points(), qint64(3));
    QCOMPARE(profile.pointsWithNul(), qint64(1));
    const PathProfile& n = *profile.path(QStringLiteral("n"));
    QCOMPARE(n.present, qint64(3));
    QCOMPARE(n.integers, qint64(2));
    QCOMPARE(n.bigIntegers, qint64(1));
    QCOMPARE(n.floats, qint64(1));
    QCOMPARE(n.distinct, qint64(3));
    QCOMPARE(n.examples.first(), QStringLiteral("1"));
    const PathProfile& u = *profile.path(QStringLiteral("u"));
    QCOMPARE(u.uuidStrings, qint64(1));
    QCOMPARE(u.nulStrings, qint64(1));
    const PathProfile& d = *profile.path(QStringLiteral("d"));
    QCOMPARE(d.present, qint64(2));
    QCOMPARE(d.nulls, qint64(1));
    QCOMPARE(d.datetimeStrings, qint64(1));
    QCOMPARE(profile.path(QStringLiteral("g"))->objects, qint64(2));
    QCOMPARE(profile.path(QStringLiteral("g"))->geoObjects, qint64(1));
    const PathProfile& b = *profile.path(QStringLiteral("b"));
    QCOMPARE(b.arrays, qint64(1));
    QCOMPARE(b.booleans, qint64(3));
    QCOMPARE(profile.path(QStringLiteral("missing")), nullptr);
}

void PayloadProfileTest::nestedAndQuotedPaths()
{
    PayloadProfile profile;
    profile.add(
        R"({"a":{"b":{"c":{"d":{"too":"deep"}}}},"odd.key":{"x":1},"list":[{"v":1},{"v":2},{"w":"x"}],"":0})");
    QStringList paths;
    for (const PathProfile& path : profile.paths())
        paths << path.path;
    QVERIFY(paths.contains(QStringLiteral("a.b.c.d")));
    QVERIFY(!paths.contains(QStringLiteral("a.b.c.d.too")));
    QVERIFY(paths.contains(QStringLiteral("\"odd.key\".x")));
    QVERIFY(paths.contains(QStringLiteral("\"\"")));
    // Two elements of one point: present in one point.
    QCOMPARE(profile.path(QStringLiteral("list[].v"))->present, qint64(1));
    QCOMPARE(profile.path(QStringLiteral("list[].v"))->integers, qint64(2));
}

void PayloadProfileTest::words_data()
{
    QTest::addColumn<QByteArrayList>("values");
    QTest::addColumn<QString>("words");
    QTest::newRow("text") << QByteArrayList{"\"a\"", "\"b\""} << QStringLiteral("text");
    QTest::newRow("integer") << QByteArrayList{"1", "2"} << QStringLiteral("integer");
    QTest::newRow("number") << QByteArrayList{"1", "2.5"} << QStringLiteral("number");
    QTest::newRow("uuid") << QByteArrayList{"\"550e8400-e29b-41d4-a716-446655440000\""}
                          << QStringLiteral("uuid");
    QTest::newRow("datetime") << QByteArrayList{"\"2024-01-01\""} << QStringLiteral("datetime");
    QTest::newRow("geo") << QByteArrayList{"{\"lon\":1,\"lat\":2}"} << QStringLiteral("geo point");
    QTest::newRow("array") << QByteArrayList{"[1]", "[2,3]"} << QStringLiteral("integer array");
    QTest::newRow("some arrays") << QByteArrayList{"[1]", "2"} << QStringLiteral("integer, some in arrays");
    QTest::newRow("mixed") << QByteArrayList{"\"a\"", "\"b\"", "1"} << QStringLiteral("mixed: text, integer");
    QTest::newRow("null") << QByteArrayList{"null"} << QStringLiteral("null");
    QTest::newRow("empty array") << QByteArrayList{"[]"} << QStringLiteral("empty array");
}

void PayloadProfileTest::words()
{
    QFETCH(QByteArrayList, values);
    QFETCH(QString, words);
    PayloadProfile profile;
    for (const QByteArray& value : values)
        profile.add("{\"k\":" + value.toStdString() + "}");
    QCOMPARE(PayloadProfile::typeWords(*profile.path(QStringLiteral("k"))), words);
}

void PayloadProfileTest::recordedTypes()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    const auto facts = test::recordedFacts(QStringLiteral("payload_types/001-info"));
    QVERIFY(facts.has_value());
    QVERIFY(facts->payload.points() > 15);
    QVERIFY(facts->payload.pointsWithNul() >= 1);
    QCOMPARE(facts->payload.path(QStringLiteral("u64"))->bigIntegers, qint64(1));
    QVERIFY(facts->payload.path(QStringLiteral("\"a.b\"")));
    QVERIFY(facts->payload.path(QStringLiteral("a.b")));
}

void PayloadProfileTest::boundsItsMemory()
{
    PayloadProfile profile;
    std::string payload = "{";
    for (int i = 0; i < 5000; ++i)
        payload += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":\"" + std::string(100, 'x') + "\"";
    profile.add(payload + "}");
    QCOMPARE(profile.paths().size(), 2000);
    QVERIFY(profile.paths().first().examples.first().size() <= 80);
    profile.add("not json");
    profile.add("");
    QCOMPARE(profile.points(), qint64(3));
}

QTEST_GUILESS_MAIN(PayloadProfileTest)
#include "payloadprofiletest.moc"
