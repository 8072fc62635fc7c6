// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/copybuffer.h"

#include <QTest>

#include <functional>
#include <limits>
#include <vector>

using namespace qdrant2pg;

namespace {

using Add = std::function<EncodeResult(CopyBuffer&)>;

/// The field that `add` appends, length included, as hex.
QByteArray fieldHex(const Add& add)
{
    CopyBuffer buffer;
    buffer.beginRow(1);
    if (const EncodeResult bad = add(buffer))
        return "refused: " + bad->reason.toUtf8();
    buffer.endRow();
    const std::string_view row = buffer.lastRow().substr(2);
    return QByteArray(row.data(), static_cast<qsizetype>(row.size())).toHex();
}

/// An encoder that cannot refuse.
template <class F> Add plain(F f)
{
    return [f](CopyBuffer& buffer) -> EncodeResult {
        f(buffer);
        return std::nullopt;
    };
}

} // namespace

Q_DECLARE_METATYPE(Add)

class CopyBufferTest : public QObject {
    Q_OBJECT

private slots:
    void streamFrame()
    {
        const std::string_view header = CopyBuffer::header();
        QCOMPARE(QByteArray(header.data(), static_cast<qsizetype>(header.size())).toHex(),
            QByteArray("5047434f50590aff0d0a000000000000000000"));
        QCOMPARE(CopyBuffer::trailer(), std::string_view("\xff\xff"));
    }

    /// Layouts and examples of pgvector.md 1.2.
    void layout_data()
    {
        QTest::addColumn<Add>("add");
        QTest::addColumn<QByteArray>("hex");
        const auto row = [](const char* name, Add add, const char* hex) {
            QTest::newRow(name) << add << QByteArray(hex).replace(" ", "");
        };
        static const std::vector<float> three{1.0F, -2.0F, 0.5F};
        row("null", plain([](CopyBuffer& b) { b.addNull(); }), "ffffffff");
        row(
            "vector", [](CopyBuffer& b) { return b.addVector(three); },
            "00000010 0003 0000 3f800000 c0000000 3f000000");
        row(
            "vector -0 and subnormal",
            [](CopyBuffer& b) {
                return b.addVector(std::vector{-0.0F, std::numeric_limits<float>::denorm_min()});
            },
            "0000000c 0002 0000 80000000 00000001");
        row(
            "halfvec", [](CopyBuffer& b) { return b.addHalfvec(three); },
            "0000000a 0003 0000 3c00 c000 3800");
        row(
            "sparsevec",
            [](CopyBuffer& b) {
                return b.addSparsevec(10, std::vector<std::uint32_t>{0, 4}, std::vector{1.0F, -2.0F});
            },
            "0000001c 0000000a 00000002 00000000 00000000 00000004 3f800000 c0000000");
        row(
            "sparsevec, zeros dropped",
            [](CopyBuffer& b) {
                int dropped = 0;
                const EncodeResult bad = b.addSparsevec(
                    10, std::vector<std::uint32_t>{0, 2, 4}, std::vector{1.0F, -0.0F, -2.0F}, &dropped);
                return dropped == 1 ? bad : EncodeResult(EncodeProblem{"", QStringLiteral("count")});
            },
            "0000001c 0000000a 00000002 00000000 00000000 00000004 3f800000 c0000000");
        row(
            "sparsevec, empty", [](CopyBuffer& b) { return b.addSparsevec(7, {}, {}); },
            "0000000c 00000007 00000000 00000000");
        row("uuid", plain([](CopyBuffer& b) {
            b.addUuid({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255});
        }),
            "00000010 000102030405060708090a0b0c0d0eff");
        row("bigint", plain([](CopyBuffer& b) { b.addBigint(-2); }), "00000008 fffffffffffffffe");
        row("double", plain([](CopyBuffer& b) { b.addDouble(-2.5); }), "00000008 c004000000000000");
        row("true", plain([](CopyBuffer& b) { b.addBoolean(true); }), "00000001 01");
        row("false", plain([](CopyBuffer& b) { b.addBoolean(false); }), "00000001 00");
        row(
            "text", [](CopyBuffer& b) { return b.addText("\xc3\xa4\x62"); }, "00000003 c3a462");
        row(
            "text, empty", [](CopyBuffer& b) { return b.addText(""); }, "00000000");
        row("timestamptz", plain([](CopyBuffer& b) { b.addTimestamptz(946684801000000); }),
            "00000008 00000000000f4240");
        row(
            "jsonb", [](CopyBuffer& b) { return b.addJsonb(R"({"a": 1})"); }, "00000009 01 7b2261223a20317d");
        row("point", plain([](CopyBuffer& b) { b.addPoint(13.4, -1); }),
            "00000010 402acccccccccccd bff0000000000000");
        row(
            "numeric text", [](CopyBuffer& b) { return b.addNumericText("12345.678"); },
            "0000000e 0003 0001 0000 0003 0001 0929 1a7c");
        row(
            "numeric zero", [](CopyBuffer& b) { return b.addNumericText("0"); }, "00000008 0000000000000000");
        row(
            "numeric -0.00", [](CopyBuffer& b) { return b.addNumericText("-0.00"); },
            "00000008 0000 0000 0000 0002");
        row(
            "numeric -0.0001", [](CopyBuffer& b) { return b.addNumericText("-0.0001"); },
            "0000000a 0001 ffff 4000 0004 0001");
        row(
            "numeric 1e-6", [](CopyBuffer& b) { return b.addNumericText("1e-6"); },
            "0000000a 0001 fffe 0000 0006 0064");
        row(
            "numeric 1e5", [](CopyBuffer& b) { return b.addNumericText("1E+5"); },
            "0000000a 0001 0001 0000 0000 000a");
        row("numeric id 0", plain([](CopyBuffer& b) { b.addNumeric(0); }), "00000008 0000000000000000");
        row("numeric id 10000", plain([](CopyBuffer& b) { b.addNumeric(10000); }),
            "0000000a 0001 0001 0000 0000 0001");
        row("numeric id max",
            plain([](CopyBuffer& b) { b.addNumeric(std::numeric_limits<std::uint64_t>::max()); }),
            "00000012 0005 0004 0000 0000 0734 1a58 02e1 03bb 064f");
        row(
            "smallint[]",
            [](CopyBuffer& b) {
                return b.addSmallintArray(std::vector{0.0F, 255.0F, -1.0F});
            },
            "00000026 00000001 00000000 00000015 00000003 00000001 00000002 0000 00000002 00ff 00000002 "
            "ffff");
        row(
            "text[]",
            [](CopyBuffer& b) {
                return b.addTextArray(std::vector<std::optional<std::string_view>>{"x", std::nullopt, ""});
            },
            "00000021 00000001 00000001 00000019 00000003 00000001 00000001 78 ffffffff 00000000");
        row(
            "text[], empty", [](CopyBuffer& b) { return b.addTextArray({}); },
            "0000000c 00000000 00000000 00000019");
        row("bigint[]", plain([](CopyBuffer& b) {
            b.addBigintArray(std::vector<std::optional<std::int64_t>>{1, std::nullopt});
        }),
            "00000024 00000001 00000001 00000014 00000002 00000001 00000008 0000000000000001 ffffffff");
        row("double[]",
            plain([](CopyBuffer& b) { b.addDoubleArray(std::vector<std::optional<double>>{1.0}); }),
            "00000020 00000001 00000000 000002bd 00000001 00000001 00000008 3ff0000000000000");
        row("boolean[]", plain([](CopyBuffer& b) {
            b.addBooleanArray(std::vector<std::optional<bool>>{true, false});
        }),
            "0000001e 00000001 00000000 00000010 00000002 00000001 00000001 01 00000001 00");
        row(
            "vector[]",
            [](CopyBuffer& b) {
                return b.addVectorArray(0x4001, 2, std::vector{1.0F, 2.0F});
            },
            "0000002c 00000001 00000000 00004001 00000002 00000001 00000008 0001 0000 3f800000 00000008 0001 "
            "0000 40000000");
        row(
            "vector[], empty", [](CopyBuffer& b) { return b.addVectorArray(0x4001, 0, {}); },
            "0000000c 00000000 00000000 00004001");
    }

    void layout()
    {
        QFETCH(Add, add);
        QFETCH(QByteArray, hex);
        QCOMPARE(fieldHex(add), hex);
    }

    /// pgvector.md 1.3; that PostgreSQL agrees is tested in tests/postgres.
    void refuses_data()
    {
        QTest::addColumn<Add>("add");
        QTest::addColumn<QByteArray>("sqlState");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* name, Add add, const char* sqlState, const char* words) {
            QTest::newRow(name) << add << QByteArray(sqlState) << QString::fromLatin1(words);
        };
        constexpr float nan = std::numeric_limits<float>::quiet_NaN();
        constexpr float inf = std::numeric_limits<float>::infinity();
        using Floats = std::vector<float>;
        using Indices = std::vector<std::uint32_t>;
        row(
            "vector NaN",
            [](CopyBuffer& b) {
                return b.addVector(Floats{1.0F, nan});
            },
            "22000", "NaN at element 2");
        row(
            "vector Inf", [](CopyBuffer& b) { return b.addVector(Floats{-inf}); }, "22000", "infinite");
        row(
            "vector empty", [](CopyBuffer& b) { return b.addVector({}); }, "22000", "empty");
        row(
            "vector long", [](CopyBuffer& b) { return b.addVector(Floats(16001)); }, "54000", "16001");
        row(
            "halfvec overflow",
            [](CopyBuffer& b) {
                return b.addHalfvec(Floats{1.0F, 65520.0F});
            },
            "22000", "65504");
        row(
            "halfvec NaN", [](CopyBuffer& b) { return b.addHalfvec(Floats{nan}); }, "22000", "NaN");
        row(
            "halfvec empty", [](CopyBuffer& b) { return b.addHalfvec({}); }, "22000", "empty");
        row(
            "halfvec long", [](CopyBuffer& b) { return b.addHalfvec(Floats(16001)); }, "54000", "halfvec");
        row(
            "sparse order",
            [](CopyBuffer& b) {
                return b.addSparsevec(9, Indices{3, 2}, Floats{1, 1});
            },
            "22000", "order");
        row(
            "sparse twice",
            [](CopyBuffer& b) {
                return b.addSparsevec(9, Indices{3, 3}, Floats{1, 1});
            },
            "22000", "twice");
        row(
            "sparse bound", [](CopyBuffer& b) { return b.addSparsevec(9, Indices{9}, Floats{1}); }, "22000",
            "outside");
        row(
            "sparse NaN", [](CopyBuffer& b) { return b.addSparsevec(9, Indices{1}, Floats{nan}); }, "22000",
            "NaN");
        row(
            "sparse dim 0", [](CopyBuffer& b) { return b.addSparsevec(0, {}, {}); }, "22000", "dimension");
        row(
            "sparse dim large", [](CopyBuffer& b) { return b.addSparsevec(1'000'000'001, {}, {}); }, "54000",
            "1000000000");
        row(
            "sparse uneven", [](CopyBuffer& b) { return b.addSparsevec(9, Indices{1}, {}); }, "22000",
            "values");
        row(
            "sparse many",
            [](CopyBuffer& b) {
                Indices indices(16001);
                for (std::uint32_t i = 0; i < indices.size(); ++i)
                    indices[i] = i;
                return b.addSparsevec(20000, indices, Floats(16001, 1.0F));
            },
            "54000", "16001");
        row(
            "smallint fraction", [](CopyBuffer& b) { return b.addSmallintArray(Floats{0.5F}); }, "22003",
            "whole number");
        row(
            "smallint range", [](CopyBuffer& b) { return b.addSmallintArray(Floats{32768.0F}); }, "22003",
            "32768");
        row(
            "smallint NaN", [](CopyBuffer& b) { return b.addSmallintArray(Floats{nan}); }, "22003", "nan");
        row(
            "vectors uneven",
            [](CopyBuffer& b) {
                return b.addVectorArray(1, 2, Floats{1, 2, 3});
            },
            "22000", "differ");
        row(
            "vectors NaN",
            [](CopyBuffer& b) {
                return b.addVectorArray(1, 2, Floats{1, nan});
            },
            "22000", "NaN");
        row(
            "vectors empty rows", [](CopyBuffer& b) { return b.addVectorArray(1, 2, {}); }, "22000", "empty");
        row(
            "text NUL", [](CopyBuffer& b) { return b.addText(std::string_view("a\0b", 3)); }, "22021", "NUL");
        row(
            "text UTF-8", [](CopyBuffer& b) { return b.addText("\xc0\xaf"); }, "22021", "UTF-8");
        row(
            "text surrogate", [](CopyBuffer& b) { return b.addText("\xed\xa0\x80"); }, "22021", "UTF-8");
        row(
            "text[] NUL",
            [](CopyBuffer& b) {
                return b.addTextArray(
                    std::vector<std::optional<std::string_view>>{std::string_view("\0", 1)});
            },
            "22021", "NUL");
        row(
            "numeric words", [](CopyBuffer& b) { return b.addNumericText("12a"); }, "22P02", "12a");
        row(
            "numeric empty", [](CopyBuffer& b) { return b.addNumericText(""); }, "22P02", "not a number");
        row(
            "numeric large", [](CopyBuffer& b) { return b.addNumericText("1e131072"); }, "22003", "digits");
        row(
            "numeric small", [](CopyBuffer& b) { return b.addNumericText("1e-16384"); }, "22003", "digits");
        row(
            "jsonb NUL", [](CopyBuffer& b) { return b.addJsonb("\"\\u0000\""); }, "22P05", "NUL");
    }

    void refuses()
    {
        QFETCH(Add, add);
        QFETCH(QByteArray, sqlState);
        QFETCH(QString, words);
        CopyBuffer buffer;
        buffer.beginRow(1);
        buffer.addBigint(7);
        const std::string before(buffer.bytes());
        const EncodeResult bad = add(buffer);
        QVERIFY(bad);
        QCOMPARE(QByteArray(bad->sqlState), sqlState);
        QVERIFY2(bad->reason.contains(words), bad->reason.toUtf8().constData());
        QCOMPARE(std::string(buffer.bytes()), before);
    }

    void acceptsLimits()
    {
        CopyBuffer buffer;
        buffer.beginRow(6);
        QVERIFY(!buffer.addVector(std::vector<float>(16000, 1.0F)));
        bool lossy = false;
        QVERIFY(!buffer.addHalfvec(std::vector{65504.0F, -65504.0F, 0.25F}, &lossy));
        QVERIFY(!lossy);
        QVERIFY(!buffer.addHalfvec(std::vector{65519.0F}, &lossy));
        QVERIFY(lossy);
        QVERIFY(
            !buffer.addSparsevec(1'000'000'000, std::vector<std::uint32_t>{999'999'999}, std::vector{1.0F}));
        QVERIFY(!buffer.addNumericText("1e131071"));
        QVERIFY(!buffer.addNumericText("1e-16383"));
        QVERIFY(!CopyBuffer::checkDimensions(3, 3));
        QVERIFY(!CopyBuffer::checkDimensions(0, 3));
        QCOMPARE(CopyBuffer::checkDimensions(3, 4)->sqlState, "22000");
        QVERIFY(!CopyBuffer::checkTimestamptz(std::numeric_limits<std::int64_t>::max()));
        QCOMPARE(CopyBuffer::checkTimestamptz(-210'866'803'200'000'001)->sqlState, "22008");
        QVERIFY(!CopyBuffer::checkTimestamptz(-210'866'803'200'000'000));
    }

    void rowsComeAndGo()
    {
        CopyBuffer buffer;
        QVERIFY(buffer.bytes().empty());
        buffer.beginRow(1);
        buffer.addBigint(1);
        buffer.endRow();
        const std::string first(buffer.bytes());
        QCOMPARE(first.size(), std::size_t{14});
        QCOMPARE(std::string(buffer.lastRow()), first);

        buffer.beginRow(2);
        buffer.addBigint(2);
        buffer.rollbackRow();
        QCOMPARE(std::string(buffer.bytes()), first);
        QCOMPARE(buffer.rows(), std::size_t{1});

        buffer.beginRow(1);
        buffer.addNull();
        buffer.endRow();
        QCOMPARE(buffer.rows(), std::size_t{2});
        QCOMPARE(std::string(buffer.lastRow()), std::string("\0\1\xff\xff\xff\xff", 6));
        buffer.rollbackRow();
        QCOMPARE(std::string(buffer.bytes()), first);
        QCOMPARE(buffer.rows(), std::size_t{1});

        CopyBuffer moved = std::move(buffer);
        QCOMPARE(std::string(moved.bytes()), first);
        moved.clear();
        QVERIFY(moved.bytes().empty());
        QCOMPARE(moved.rows(), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(CopyBufferTest)
#include "copybuffertest.moc"
