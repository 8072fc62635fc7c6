// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/bytekernels.h"
#include "tests/postgres/copyhelpers.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <random>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

using Add = std::function<EncodeResult(CopyBuffer&)>;

template <class F> Add plain(F f)
{
    return [f](CopyBuffer& buffer) -> EncodeResult {
        f(buffer);
        return std::nullopt;
    };
}

} // namespace

Q_DECLARE_METATYPE(Add)

/// What we write is what PostgreSQL itself would send, byte for byte.
class EncoderTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<TestPostgres> m_database;
    std::optional<Connection> m_connection;

private slots:
    void initTestCase()
    {
        m_database = std::make_unique<TestPostgres>();
        QDRANT2PG_REQUIRE_POSTGRES(*m_database);
        m_connection.emplace(openConnection(*m_database));
        QVERIFY(m_connection->execute("SET TimeZone = 'UTC'"));
    }

    void cleanupTestCase()
    {
        m_connection.reset();
        m_database.reset();
    }

    void everyType_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<Add>("add");
        const auto row = [](const char* sql, Add add) {
            QTest::newRow(sql) << QByteArray(sql) << add;
        };
        static const std::vector<float> three{1.0F, -2.0F, 0.5F};
        row("'[1,-2,0.5]'::vector", [](CopyBuffer& b) { return b.addVector(three); });
        row("'[-0,1e-45,3.4028235e38]'::vector", [](CopyBuffer& b) {
            return b.addVector(std::vector{
                -0.0F, std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::max()});
        });
        row("'[1,-2,0.5]'::halfvec", [](CopyBuffer& b) { return b.addHalfvec(three); });
        row("'[65504,-65504,6e-8,-0]'::halfvec", [](CopyBuffer& b) {
            return b.addHalfvec(std::vector{65504.0F, -65504.0F, 6e-8F, -0.0F});
        });
        row("'{1:1,5:-2}/10'::sparsevec", [](CopyBuffer& b) {
            return b.addSparsevec(10, std::vector<std::uint32_t>{0, 4}, std::vector{1.0F, -2.0F});
        });
        row("'{1:1,2:0,5:-2}/10'::sparsevec", [](CopyBuffer& b) {
            return b.addSparsevec(10, std::vector<std::uint32_t>{0, 1, 4}, std::vector{1.0F, 0.0F, -2.0F});
        });
        row("'{}/7'::sparsevec", [](CopyBuffer& b) { return b.addSparsevec(7, {}, {}); });
        row("'{1000000000:1}/1000000000'::sparsevec", [](CopyBuffer& b) {
            return b.addSparsevec(1'000'000'000, std::vector<std::uint32_t>{999'999'999}, std::vector{1.0F});
        });
        row("'00010203-0405-0607-0809-0a0b0c0d0eff'::uuid", plain([](CopyBuffer& b) {
            b.addUuid({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255});
        }));
        row("(-2)::bigint", plain([](CopyBuffer& b) { b.addBigint(-2); }));
        row("'-9223372036854775808'::bigint",
            plain([](CopyBuffer& b) { b.addBigint(std::numeric_limits<std::int64_t>::min()); }));
        row("'1.7976931348623157e308'::float8",
            plain([](CopyBuffer& b) { b.addDouble(std::numeric_limits<double>::max()); }));
        row("'-0'::float8", plain([](CopyBuffer& b) { b.addDouble(-0.0); }));
        row("'-Infinity'::float8",
            plain([](CopyBuffer& b) { b.addDouble(-std::numeric_limits<double>::infinity()); }));
        row("true", plain([](CopyBuffer& b) { b.addBoolean(true); }));
        row("false", plain([](CopyBuffer& b) { b.addBoolean(false); }));
        row("NULL::text", plain([](CopyBuffer& b) { b.addNull(); }));
        row("''::text", [](CopyBuffer& b) { return b.addText(""); });
        row("U&'\\00e4\\+01F600'::text", [](CopyBuffer& b) { return b.addText("\xc3\xa4\xf0\x9f\x98\x80"); });
        row("'1970-01-01 00:00:00Z'::timestamptz", plain([](CopyBuffer& b) { b.addTimestamptz(0); }));
        row("'2024-02-29 12:34:56.789012Z'::timestamptz",
            plain([](CopyBuffer& b) { b.addTimestamptz(1709210096789012); }));
        row("'4714-11-24 00:00:00Z BC'::timestamptz",
            plain([](CopyBuffer& b) { b.addTimestamptz(-210'866'803'200'000'000); }));
        row("'{\"a\": 1}'::jsonb", [](CopyBuffer& b) { return b.addJsonb(R"({"a": 1})"); });
        row("'(13.4,-1)'::point", plain([](CopyBuffer& b) { b.addPoint(13.4, -1); }));
        row("0::numeric", plain([](CopyBuffer& b) { b.addNumeric(0); }));
        row("9999::numeric", plain([](CopyBuffer& b) { b.addNumeric(9999); }));
        row("100000000::numeric", plain([](CopyBuffer& b) { b.addNumeric(100000000); }));
        row("18446744073709551615::numeric(20,0)",
            plain([](CopyBuffer& b) { b.addNumeric(std::numeric_limits<std::uint64_t>::max()); }));
        row("'{0,255,-1,-32768,32767}'::smallint[]", [](CopyBuffer& b) {
            return b.addSmallintArray(std::vector{0.0F, 255.0F, -1.0F, -32768.0F, 32767.0F});
        });
        row("'{}'::smallint[]", [](CopyBuffer& b) { return b.addSmallintArray({}); });
        row("'{x,NULL,\"\"}'::text[]", [](CopyBuffer& b) {
            return b.addTextArray(std::vector<std::optional<std::string_view>>{"x", std::nullopt, ""});
        });
        row("'{}'::text[]", [](CopyBuffer& b) { return b.addTextArray({}); });
        row("'{1,NULL,-3}'::bigint[]", plain([](CopyBuffer& b) {
            b.addBigintArray(std::vector<std::optional<std::int64_t>>{1, std::nullopt, -3});
        }));
        row("'{1,2}'::bigint[]", plain([](CopyBuffer& b) {
            b.addBigintArray(std::vector<std::optional<std::int64_t>>{1, 2});
        }));
        row("'{0.5,NULL}'::float8[]", plain([](CopyBuffer& b) {
            b.addDoubleArray(std::vector<std::optional<double>>{0.5, std::nullopt});
        }));
        row("'{t,f,NULL}'::boolean[]", plain([](CopyBuffer& b) {
            b.addBooleanArray(std::vector<std::optional<bool>>{true, false, std::nullopt});
        }));
        row("NULL::uuid", plain([](CopyBuffer& b) { b.addNull(); }));
    }

    void everyType()
    {
        QFETCH(QByteArray, sql);
        QFETCH(Add, add);
        CopyBuffer buffer;
        buffer.beginRow(1);
        QVERIFY(!add(buffer));
        buffer.endRow();
        const auto rows = rowsOut(*m_connection, "SELECT " + sql);
        QCOMPARE(rows.size(), std::size_t{1});
        QCOMPARE(hexOf(buffer.lastRow()), hexOf(rows.front()));
    }

    /// Needs the OID that CREATE EXTENSION gave out.
    void vectorArray()
    {
        const auto oid =
            static_cast<std::uint32_t>(m_connection->execute("SELECT 'vector'::regtype::oid")->integer(0, 0));
        CopyBuffer buffer;
        buffer.beginRow(2);
        QVERIFY(!buffer.addVectorArray(oid, 2, std::vector{1.0F, 2.0F, 3.0F, 4.0F}));
        QVERIFY(!buffer.addVectorArray(oid, 0, {}));
        buffer.endRow();
        const auto rows = rowsOut(*m_connection, "SELECT ARRAY['[1,2]','[3,4]']::vector[], '{}'::vector[]");
        QCOMPARE(hexOf(buffer.lastRow()), hexOf(rows.front()));
    }

    /// Decimal texts of all shapes become the very bytes that numeric's own input makes of them.
    void numericTexts()
    {
        std::mt19937 random(7);
        const auto below = [&random](unsigned limit) {
            return std::uniform_int_distribution<unsigned>(0, limit - 1)(random);
        };
        std::vector<std::string> tokens{"0", "-0", "0.0", "-0.000", "1", "10000", "0.0001", "0.00001",
            "9999.9999", "1e131071", "1e-16383", "0e200000", "123e-16383",
            "12345678901234567890123456789012345678901234567890.5"};
        for (int i = 0; i < 3000; ++i) {
            std::string token = below(2) != 0 ? "-" : "";
            const unsigned whole = 1 + below(below(10) == 0 ? 60 : 9);
            for (unsigned d = 0; d < whole; ++d)
                token += static_cast<char>('0' + (below(3) == 0 ? 0 : below(10)));
            if (below(2) != 0) {
                token += '.';
                const unsigned fraction = 1 + below(below(10) == 0 ? 60 : 9);
                for (unsigned d = 0; d < fraction; ++d)
                    token += static_cast<char>('0' + (below(3) == 0 ? 0 : below(10)));
            }
            if (below(3) == 0)
                token += (below(2) != 0 ? "e-" : "E+") + std::to_string(below(40));
            tokens.push_back(token);
        }
        CopyBuffer buffer;
        QByteArray list;
        std::vector<std::string> ours;
        for (const std::string& token : tokens) {
            buffer.beginRow(1);
            QVERIFY2(!buffer.addNumericText(token), token.c_str());
            buffer.endRow();
            ours.emplace_back(buffer.lastRow());
            list += (list.isEmpty() ? "" : ",") + QByteArray::fromStdString(token);
        }
        const auto theirs = rowsOut(*m_connection,
            "SELECT t::numeric FROM unnest('{" + list + "}'::text[]) WITH ORDINALITY u (t, n) ORDER BY n");
        QCOMPARE(theirs.size(), ours.size());
        for (std::size_t i = 0; i < ours.size(); ++i)
            QVERIFY2(ours[i] == theirs[i],
                (tokens[i] + " " + hexOf(ours[i]).toStdString() + " " + hexOf(theirs[i]).toStdString())
                    .c_str());
    }

    /// pgvector rounds to halfvec as we do.
    void halfRounding()
    {
        std::mt19937 random(11);
        std::uniform_int_distribution<std::uint32_t> bits;
        std::vector<float> values;
        while (values.size() < 16000) {
            const float value = std::bit_cast<float>(bits(random));
            if (std::isfinite(value) && std::fabs(value) < 65519.0F)
                values.push_back(value);
        }
        // Halves between two neighbours, where the rule decides.
        for (std::size_t i = 0; i < 8000; ++i) {
            const auto half = static_cast<std::uint16_t>(bits(random) % 0x7BFFU);
            values[i] =
                (bytes::fromHalf(half) + bytes::fromHalf(static_cast<std::uint16_t>(half + 1))) / 2.0F;
        }
        QVERIFY(m_connection->execute("DROP TABLE IF EXISTS h; CREATE TABLE h (v vector)"));
        CopyBuffer full;
        full.beginRow(1);
        QVERIFY(!full.addVector(values));
        full.endRow();
        QCOMPARE(copyIn(*m_connection, "h", full.bytes()), QByteArray(""));
        CopyBuffer half;
        half.beginRow(1);
        QVERIFY(!half.addHalfvec(values));
        half.endRow();
        const auto rows = rowsOut(*m_connection, "SELECT v::halfvec FROM h");
        QVERIFY(rows.front() == half.lastRow());
    }
};

QTEST_GUILESS_MAIN(EncoderTest)
#include "encodertest.moc"
