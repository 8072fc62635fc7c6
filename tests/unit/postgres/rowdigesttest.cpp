// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/rowdigest.h"
#include "core/postgres/copybuffer.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <string>
#include <vector>

using namespace qdrant2pg;

namespace {

std::string canonical(std::string_view json)
{
    std::string out;
    RowDigest::appendCanonicalJson(out, json);
    return out;
}

QByteArray hex(std::string_view bytes)
{
    return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())).toHex();
}

} // namespace

class RowDigestTest : public QObject {
    Q_OBJECT

private slots:
    void canonicalJson_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("form");
        const auto row = [](const char* name, const QByteArray& json, const QByteArray& form) {
            QTest::newRow(name) << json << form;
        };
        row("object", R"( { "a" : 1 , "b" : [ true , null , "x" ] } )", R"({"a":1,"b":[true,null,"x"]})");
        row("empty", "{}", "{}");
        row("empty with space", "{ }", "{}");
        row("empty array", "[ ]", "[]");
        row("nested empty", R"([{},[],{"a":{}}])", R"([{},[],{"a":{}}])");
        row("keys by length, then bytes", R"({"b":1,"aa":2,"a":3,"":4})", R"({"":4,"a":3,"b":1,"aa":2})");
        row("last of equal keys", R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})");
        row("last of equal keys, escaped", R"({"a":1,"\u0061":[2]})", R"({"a":[2]})");
        row("first is doubled", R"({"a":1,"a":2,"a":3})", R"({"a":3})");
        row("nested sort", R"({"b":{"d":1,"c":2},"a":[{"z":1,"y":2}]})",
            R"({"a":[{"y":2,"z":1}],"b":{"c":2,"d":1}})");
        row("sort after shrinking", R"({"b":{"x":1,"x":22},"a":0})", R"({"a":0,"b":{"x":22}})");
        row("escapes", R"("\u0041\/\u00e9\ud83d\ude00\u000a\u001F\u0022\u005c\b\u007f")",
            "\"A/\xc3\xa9\xf0\x9f\x98\x80\\n\\u001f\\\"\\\\\\b\x7f\"");
        row("long string with an escape far in",
            "\"" + QByteArray(50, 'x') + "\\n" + QByteArray(50, 'y') + "\"",
            "\"" + QByteArray(50, 'x') + "\\n" + QByteArray(50, 'y') + "\"");
        row("long keys that begin alike", R"({"prefix_b":1,"prefix_a":2,"prefix":3,"prefix_a":4})",
            R"({"prefix":3,"prefix_a":4,"prefix_b":1})");
        row("not JSON", "{\"a\":}", "{\"a\":}");
        row("not JSON, cut", R"({"a":1)", R"({"a":1)");
        row("not JSON, more", "1 2", "1 2");
        row("deep", QByteArray(3000, '[') + QByteArray(3000, ']'),
            QByteArray(3000, '[') + QByteArray(3000, ']'));
    }

    void canonicalJson()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, form);
        const std::vector<char> exact(json.begin(), json.end());
        QCOMPARE(QByteArray::fromStdString(canonical({exact.data(), exact.size()})), form);
        // The canonical form is its own canonical form.
        QCOMPARE(QByteArray::fromStdString(canonical(form.toStdString())), form);
    }

    void canonicalNumbers_data()
    {
        QTest::addColumn<QByteArray>("form");
        const auto row = [](const char* token, const char* form) {
            QTest::newRow(token) << QByteArray(form);
        };
        row("0", "0");
        row("-0", "0");
        row("0.000", "0");
        row("-0.0e5", "0");
        row("0e200000", "0");
        row("7", "7");
        row("-17", "-17");
        row("10", "1e1");
        row("100000", "1e5");
        row("1e5", "1e5");
        row("1E+05", "1e5");
        row("1000e2", "1e5");
        row("1.10", "11e-1");
        row("1.1", "11e-1");
        row("11e-1", "11e-1");
        row("0.00120", "12e-4");
        row("-0.5", "-5e-1");
        row("120.0", "12e1");
        row("120.50", "1205e-1");
        row("18446744073709551615", "18446744073709551615");
        row("1e400", "1e400");
        row("1.5e-7", "15e-8");
    }

    void canonicalNumbers()
    {
        QFETCH(QByteArray, form);
        const std::string token = QTest::currentDataTag();
        std::string out;
        RowDigest::appendCanonicalNumber(out, token);
        QCOMPARE(QByteArray::fromStdString(out), form);
        QCOMPARE(QByteArray::fromStdString(canonical(token)), form);
        // A numeric column says the same in its own way.
        CopyBuffer buffer;
        buffer.beginRow(1);
        if (buffer.addNumericText(token))
            QSKIP("numeric cannot hold it");
        buffer.endRow();
        const std::vector<ColumnType> columns{ColumnType::Numeric};
        RowDigest digest(columns);
        QCOMPARE(
            QByteArray::fromStdString(std::string(digest.canonicalRow(buffer.lastRow()).substr(6))), form);
    }

    void sumsModulo()
    {
        DigestSum sum{0xFFFFFFFFFFFFFFFFU, 0xFFFFFFFFFFFFFFFFU};
        sum += DigestSum{0, 1};
        QCOMPARE(sum, (DigestSum{0, 0}));
        sum -= DigestSum{0, 1};
        QCOMPARE(sum.toHex(), QByteArray(32, 'f'));
        QCOMPARE(DigestSum::fromHex(sum.toHex()), sum);
        const DigestSum other{0x0123456789abcdefU, 0xfedcba9876543210U};
        QCOMPARE(other.toHex(), QByteArray("0123456789abcdeffedcba9876543210"));
        sum += other;
        sum -= other;
        QCOMPARE(sum.toHex(), QByteArray(32, 'f'));
        QCOMPARE(DigestSum::fromHex("not hex"), DigestSum());
    }

    void sameValueSameDigest()
    {
        const std::vector<ColumnType> columns{ColumnType::Bigint, ColumnType::Jsonb, ColumnType::Text};
        RowDigest digest(columns);
        const auto hashOf = [&](std::string_view json, std::string_view text) {
            CopyBuffer buffer;
            buffer.beginRow(3);
            buffer.addBigint(1);
            buffer.addJsonbUnchecked(json);
            if (buffer.addText(text))
                qFatal("text refused");
            buffer.endRow();
            return digest.hash(buffer.lastRow()).toHex();
        };
        QCOMPARE(hashOf(R"({"a":1.0,"b":"A"})", "x"), hashOf(R"({"b": "\u0041", "a": 1})", "x"));
        QVERIFY(hashOf(R"({"a":1})", "x") != hashOf(R"({"a":2})", "x"));
        QVERIFY(hashOf(R"({"a":1})", "x") != hashOf(R"({"a":"1"})", "x"));
        QVERIFY(hashOf("[1,2]", "x") != hashOf("[2,1]", "x"));
        QVERIFY(hashOf("{}", "x") != hashOf("{}", "y"));
        // The border between two fields counts.
        QVERIFY(hashOf("\"a\"", "b") != hashOf("\"ab\"", ""));
    }

    void nullsAndStrangeRows()
    {
        const std::vector<ColumnType> columns{ColumnType::Jsonb, ColumnType::Numeric};
        RowDigest digest(columns);
        CopyBuffer buffer;
        buffer.beginRow(2);
        buffer.addNull();
        buffer.addNull();
        buffer.endRow();
        QCOMPARE(hex(digest.canonicalRow(buffer.lastRow())), QByteArray("0002ffffffffffffffff"));
        // Cut or of another table: hashed as it is, read nowhere outside.
        for (const std::string_view row : {std::string_view(), std::string_view("\0", 1),
                 std::string_view("\0\2\0\0\0\5x", 7), std::string_view("\0\1\xff\xff\xff\xff", 6),
                 std::string_view("\0\2\xff\xff\xff\xff\xff\xff\xff\xffz", 11)}) {
            const std::vector<char> exact(row.begin(), row.end());
            QCOMPARE(hex(digest.canonicalRow({exact.data(), exact.size()})), hex(row));
        }
    }

    /// The worked examples that somebody else would check an implementation against.
    void examplesOfTheDocument()
    {
        CopyBuffer buffer;
        const std::array<std::uint8_t, 16> uuid{
            0x5c, 0x56, 0xc7, 0x93, 0x69, 0xf3, 0x4f, 0xbf, 0x87, 0xe6, 0xc4, 0xbf, 0x54, 0xc2, 0x8c, 0x26};

        const std::vector<ColumnType> first{ColumnType::Uuid, ColumnType::Vector};
        buffer.beginRow(2);
        buffer.addUuid(uuid);
        QVERIFY(!buffer.addVector(std::vector{1.0F, -2.0F, 0.5F}));
        buffer.endRow();
        checkExample(1, first, buffer.lastRow());

        const std::vector<ColumnType> second{ColumnType::Bigint, ColumnType::Jsonb};
        buffer.beginRow(2);
        buffer.addBigint(17);
        QVERIFY(!buffer.addJsonb(
            R"({"title": "Gr\u00fc\u00dfe", "n": 1.50, "a/b": [1e3, true, null], "n": 2.50})"));
        buffer.endRow();
        checkExample(2, second, buffer.lastRow());

        const std::vector<ColumnType> third{
            ColumnType::Numeric, ColumnType::Sparsevec, ColumnType::Text, ColumnType::Jsonb};
        buffer.beginRow(4);
        buffer.addNumeric(18446744073709551615U);
        QVERIFY(!buffer.addSparsevec(10, std::vector<std::uint32_t>{0, 4}, std::vector{1.0F, -2.0F}));
        buffer.addNull();
        QVERIFY(!buffer.addJsonb("\"a\\nb\""));
        buffer.endRow();
        checkExample(3, third, buffer.lastRow());
    }

private:
    /// docs/digest.md shows for each example the canonical row and its hash, both in hex.
    void checkExample(int number, const std::vector<ColumnType>& columns, std::string_view row)
    {
        RowDigest digest(columns);
        const QByteArray bytes = hex(digest.canonicalRow(row));
        const QByteArray hash = digest.hash(row).toHex();
        QFile document(QStringLiteral(QDRANT2PG_SOURCE_DIR "/docs/digest.md"));
        QVERIFY(document.open(QIODevice::ReadOnly));
        const QString text = QString::fromUtf8(document.readAll());
        const QRegularExpression pattern(
            QStringLiteral("### Example %1.*?row\\s+([0-9a-f\\s]+?)\\nhash\\s+([0-9a-f]{32})").arg(number),
            QRegularExpression::DotMatchesEverythingOption);
        const QRegularExpressionMatch match = pattern.match(text);
        QVERIFY2(match.hasMatch(), (bytes + " " + hash).constData());
        QCOMPARE(match.captured(1).remove(QRegularExpression(QStringLiteral("\\s"))).toLatin1(), bytes);
        QCOMPARE(match.captured(2).toLatin1(), hash);
    }
};

QTEST_GUILESS_MAIN(RowDigestTest)
#include "rowdigesttest.moc"
