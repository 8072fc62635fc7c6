// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <random>
#include <vector>

#include <QTest>

#include "core/qdrant/pointid.h"

using namespace qdrant2pg;

class PointIdTest : public QObject {
    Q_OBJECT

private slots:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void takesOnlyTheCanonicalSpellingFromTheServer();
    void successor_data();
    void successor();
    void ordersAsQdrantScrolls();
    void uuidOrderIsTextOrder();
    void survivesARoundTrip();
};

void PointIdTest::parses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("canonical");
    QTest::addColumn<bool>("number");

    const QString uuid = QStringLiteral("5c56c793-69f3-4fbf-87e6-c4bf54c28c26");
    QTest::newRow("zero") << QByteArray("0") << QStringLiteral("0") << true;
    QTest::newRow("largest") << QByteArray("18446744073709551615") << QStringLiteral("18446744073709551615")
                             << true;
    QTest::newRow("2^63") << QByteArray("9223372036854775808") << QStringLiteral("9223372036854775808")
                          << true;
    QTest::newRow("hyphenated") << uuid.toLatin1() << uuid << false;
    QTest::newRow("upper case") << uuid.toUpper().toLatin1() << uuid << false;
    QTest::newRow("compact") << uuid.toLatin1().replace('-', "") << uuid << false;
    QTest::newRow("compact, decimal digits alone")
        << QByteArray(32, '1') << QStringLiteral("11111111-1111-1111-1111-111111111111") << false;
    QTest::newRow("urn") << QByteArray("urn:uuid:") + uuid.toLatin1() << uuid << false;
    QTest::newRow("braces") << '{' + uuid.toLatin1() + '}' << uuid << false;
    QTest::newRow("nil") << QByteArray("00000000-0000-0000-0000-000000000000")
                         << QStringLiteral("00000000-0000-0000-0000-000000000000") << false;
    QTest::newRow("all ones") << QByteArray("FFFFFFFF-ffff-ffff-ffff-ffffffffffff")
                              << QStringLiteral("ffffffff-ffff-ffff-ffff-ffffffffffff") << false;
}

void PointIdTest::parses()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, canonical);
    QFETCH(bool, number);

    const auto id = PointId::parse(text.toStdString());
    QVERIFY(id.has_value());
    QCOMPARE(id->isNumber(), number);
    QCOMPARE(id->isUuid(), !number);
    QCOMPARE(id->toString(), canonical);
    QCOMPARE(QString::fromStdString(id->toJson()), number ? canonical : u'"' + canonical + u'"');
}

void PointIdTest::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* text : {"", " ", "-1", "+1", "1.0", "1e3", " 1", "1 ", "0x10", "18446744073709551616",
             "99999999999999999999", "123456789012345678901", "abc", "5c56c793-69f3-4fbf-87e6-c4bf54c28c2",
             "5c56c793-69f3-4fbf-87e6-c4bf54c28c2g", "5c56c793-69f3-4fbf-87e6-c4bf54c28c266",
             "5c56c79369f3-4fbf-87e6-c4bf54c28c26-", "5c56c793x69f3-4fbf-87e6-c4bf54c28c26",
             "{5c56c793-69f3-4fbf-87e6-c4bf54c28c26", "urn:uuid:5c56c793",
             "{5c56c79369f34fbf87e6c4bf54c28c26}", "5c56c79369f34fbf87e6c4bf54c28c2x"})
        QTest::newRow(text) << QByteArray(text);
}

void PointIdTest::refuses()
{
    QFETCH(QByteArray, text);
    QVERIFY(!PointId::parse(text.toStdString()).has_value());
}

void PointIdTest::takesOnlyTheCanonicalSpellingFromTheServer()
{
    QVERIFY(PointId::parseUuid("5c56c793-69f3-4fbf-87e6-c4bf54c28c26").has_value());
    QVERIFY(!PointId::parseUuid("5C56c793-69f3-4fbf-87e6-c4bf54c28c26").has_value());
    QVERIFY(!PointId::parseUuid("5c56c79369f34fbf87e6c4bf54c28c26").has_value());
    QVERIFY(!PointId::parseUuid("42").has_value());
    QVERIFY(!PointId::parseUuid("").has_value());
    QVERIFY(!PointId::parseUuid("5c56c793-69f3-4fbf-87e6-c4bf54c28c2\xff").has_value());
}

void PointIdTest::successor_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::newRow("number") << QByteArray("41") << QByteArray("42");
    QTest::newRow("last number") << QByteArray("18446744073709551615")
                                 << QByteArray("00000000-0000-0000-0000-000000000000");
    QTest::newRow("nil") << QByteArray("00000000-0000-0000-0000-000000000000")
                         << QByteArray("00000000-0000-0000-0000-000000000001");
    QTest::newRow("carry") << QByteArray("5c56c793-69f3-4fbf-87e6-ffffffffffff")
                           << QByteArray("5c56c793-69f3-4fbf-87e7-000000000000");
    QTest::newRow("carry to the front") << QByteArray("0fffffff-ffff-ffff-ffff-ffffffffffff")
                                        << QByteArray("10000000-0000-0000-0000-000000000000");
    QTest::newRow("last uuid") << QByteArray("ffffffff-ffff-ffff-ffff-ffffffffffff") << QByteArray();
}

void PointIdTest::successor()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    const auto next = PointId::parse(from.toStdString())->successor();
    QCOMPARE(next.has_value(), !to.isEmpty());
    if (next)
        QCOMPARE(next->toString(), QString::fromLatin1(to));
}

void PointIdTest::ordersAsQdrantScrolls()
{
    const std::vector<const char*> ascending{"0", "1", "9", "10", "4294967296", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "00000000-0000-0000-0000-000000000000",
        "00000000-0000-0000-0000-000000000001", "7fffffff-ffff-ffff-ffff-ffffffffffff",
        "80000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"};
    for (std::size_t i = 0; i < ascending.size(); ++i) {
        for (std::size_t k = 0; k < ascending.size(); ++k) {
            const PointId a = *PointId::parse(ascending[i]);
            const PointId b = *PointId::parse(ascending[k]);
            QCOMPARE(a < b, i < k);
            QCOMPARE(a == b, i == k);
        }
    }
    QCOMPARE(PointId(), PointId::fromNumber(0));
    QCOMPARE(PointId::firstUuid(), *PointId::parse("00000000-0000-0000-0000-000000000000"));
}

void PointIdTest::uuidOrderIsTextOrder()
{
    std::mt19937_64 random(20260801);
    std::vector<PointId> ids(500);
    for (PointId& id : ids) {
        PointId::UuidBytes bytes;
        std::generate(
            bytes.begin(), bytes.end(), [&random] { return static_cast<std::uint8_t>(random() & 0xff); });
        id = PointId::fromUuid(bytes);
    }
    std::sort(ids.begin(), ids.end());
    QVERIFY(std::is_sorted(ids.begin(), ids.end(),
        [](const PointId& a, const PointId& b) { return a.toStdString() < b.toStdString(); }));
}

void PointIdTest::survivesARoundTrip()
{
    std::mt19937_64 random(7);
    for (int k = 0; k < 2000; ++k) {
        PointId::UuidBytes bytes;
        std::generate(
            bytes.begin(), bytes.end(), [&random] { return static_cast<std::uint8_t>(random() & 0xff); });
        const PointId uuid = PointId::fromUuid(bytes);
        QCOMPARE(PointId::parse(uuid.toStdString()), std::optional(uuid));
        QCOMPARE(PointId::parseUuid(uuid.toStdString()), std::optional(uuid));
        const PointId number = PointId::fromNumber(random() >> (random() % 64));
        QCOMPARE(PointId::parse(number.toStdString()), std::optional(number));
    }
}

QTEST_GUILESS_MAIN(PointIdTest)
#include "pointidtest.moc"
