// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/rowdigest.h"
#include "tests/postgres/copyhelpers.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

/// Random values that are as nasty as a payload may be and still be stored.
class Values {
public:
    explicit Values(unsigned seed)
        : m_random(seed)
    {
    }

    unsigned below(unsigned limit) { return std::uniform_int_distribution<unsigned>(0, limit - 1)(m_random); }
    std::uint64_t bits() { return std::uniform_int_distribution<std::uint64_t>()(m_random); }

    float finite()
    {
        while (true) {
            const float value = std::bit_cast<float>(static_cast<std::uint32_t>(bits()));
            if (std::isfinite(value))
                return value;
        }
    }

    std::vector<float> floats(std::size_t count, float limit = 0.0F)
    {
        std::vector<float> values(count);
        for (float& value : values)
            value = limit > 0.0F ? std::fmod(finite(), limit) : finite();
        return values;
    }

    std::string text(unsigned most)
    {
        static const std::vector<std::string> pieces{"a", "Z", " ", "'", "\"", "\\", "\n", "\t", "\x01",
            "\x1f", "\x7f", "/", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "lorem ipsum dolor sit amet",
            "%", "\xef\xbf\xbf"};
        std::string text;
        for (unsigned n = below(most + 1); n > 0; --n)
            text += pieces[below(static_cast<unsigned>(pieces.size()))];
        return text;
    }

    std::string number()
    {
        static const std::vector<std::string> special{"0", "-0", "0.0", "-0.00", "1.10", "1.1", "1e5",
            "100000", "1E+05", "1e-7", "18446744073709551615", "-9223372036854775808",
            "123456789012345678901234567890", "1e400", "-1.5e-300", "0e9", "10", "1.000", "0.1",
            "99999999999999999999e-20", "9007199254740993"};
        if (below(3) == 0)
            return special[below(static_cast<unsigned>(special.size()))];
        std::string token = below(2) != 0 ? "-" : "";
        token += std::to_string(bits() >> below(64));
        if (below(2) != 0)
            token += '.' + std::to_string(bits() >> below(64));
        if (below(4) == 0)
            token += (below(2) != 0 ? "e-" : "E+") + std::to_string(below(300));
        return token;
    }

    /// The same text written in one of many ways.
    std::string quoted(const std::string& text)
    {
        static const char* const hex = "0123456789abcdefABCDEF";
        std::string out = "\"";
        for (const char c : text) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < 0x20 || ((c == 'a' || c == '"' || c == '\\') && below(2) == 0)) {
                const unsigned low = byte & 0xFU;
                const char digit = low > 9 && below(2) != 0 ? hex[low + 6] : hex[low];
                out += "\\u00";
                out += hex[byte >> 4U];
                out += digit;
            } else if (c == '"' || c == '\\' || (c == '/' && below(2) == 0)) {
                out += '\\';
                out += c;
            } else {
                out += c;
            }
        }
        if (below(8) == 0)
            out += below(2) != 0 ? "\\ud83d\\ude00" : "\\u00E9\\n";
        return out + '"';
    }

    std::string space()
    {
        static const char* const spaces[]{"", "", "", " ", "\n", "\t ", "\r\n"};
        return spaces[below(7)];
    }

    std::string json(unsigned depth)
    {
        switch (below(depth > 0 ? 8 : 5)) {
        case 0:
            return number();
        case 1:
            return quoted(text(12));
        case 2:
            return "true";
        case 3:
            return "null";
        case 4:
            return number();
        case 5: {
            std::string out = "[" + space();
            const unsigned count = below(6);
            for (unsigned i = 0; i < count; ++i)
                out += (i > 0 ? "," + space() : "") + json(depth - 1) + space();
            return out + "]";
        }
        default: {
            // Few different keys, so that they meet.
            static const std::vector<std::string> keys{
                "", "a", "b", "aa", "ab", "a b", "key", "\xc3\xa4", "\"", "a\\b", "z/z", "\n"};
            std::string out = "{" + space();
            const unsigned count = below(9);
            for (unsigned i = 0; i < count; ++i) {
                out += i > 0 ? "," + space() : "";
                out += quoted(keys[below(static_cast<unsigned>(keys.size()))]) + space() + ":" + space()
                    + json(depth - 1) + space();
            }
            return out + "}";
        }
        }
    }

private:
    std::mt19937_64 m_random;
};

} // namespace

class RoundTripTest : public QObject {
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
    }

    void cleanupTestCase()
    {
        m_connection.reset();
        m_database.reset();
    }

    /// Every JSON value has the same digest before and after jsonb has rewritten it.
    void jsonByValue()
    {
        constexpr int count = 8000;
        QVERIFY(m_connection->execute("DROP TABLE IF EXISTS j; CREATE TABLE j (id bigint, payload jsonb)"));
        Values values(20240229);
        CopyBuffer buffer;
        std::vector<std::string> texts;
        const std::vector<ColumnType> columns{ColumnType::Bigint, ColumnType::Jsonb};
        RowDigest digest(columns);
        std::vector<DigestSum> hashes;
        DigestSum sum;
        for (int i = 0; i < count; ++i) {
            texts.push_back(values.space() + values.json(5) + values.space());
            buffer.beginRow(2);
            buffer.addBigint(i);
            const EncodeResult bad = buffer.addJsonb(texts.back());
            QVERIFY2(!bad, (texts.back() + " " + (bad ? bad->reason.toStdString() : "")).c_str());
            buffer.endRow();
            hashes.push_back(digest.hash(buffer.lastRow()));
            sum += hashes.back();
        }
        QCOMPARE(copyIn(*m_connection, "j", buffer.bytes()), QByteArray(""));
        const auto rows = rowsOut(*m_connection, "SELECT id, payload FROM j ORDER BY id");
        QCOMPARE(rows.size(), std::size_t{count});
        DigestSum back;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const DigestSum hash = digest.hash(rows[i]);
            back += hash;
            if (hash != hashes[i]) {
                std::string ours;
                RowDigest::appendCanonicalJson(ours, texts[i]);
                std::string theirs;
                RowDigest::appendCanonicalJson(theirs, std::string_view(rows[i]).substr(2 + 12 + 4 + 1));
                QFAIL((texts[i] + "\nours   " + ours + "\ntheirs " + theirs).c_str());
            }
        }
        QCOMPARE(back, sum);
    }

    /// And values that jsonb holds to be different have different forms, equal ones the same.
    void canonicalFormAgreesWithEquality()
    {
        Values values(5);
        QByteArrayList list;
        std::vector<std::string> forms;
        for (int i = 0; i < 250; ++i) {
            const std::string text = values.json(1);
            forms.emplace_back();
            RowDigest::appendCanonicalJson(forms.back(), text);
            QByteArray literal = QByteArray::fromStdString(text);
            list << "('" + literal.replace("'", "''") + "'::jsonb)";
        }
        QVERIFY(m_connection->execute(
            "DROP TABLE IF EXISTS e; CREATE TABLE e (id bigint GENERATED ALWAYS AS IDENTITY, v jsonb)"));
        QVERIFY(m_connection->execute("INSERT INTO e (v) VALUES " + list.join(',')));
        const auto pairs = m_connection->execute("SELECT a.id, b.id FROM e a JOIN e b ON a.v = b.v");
        QVERIFY(pairs);
        qint64 equalForms = 0;
        for (const std::string& a : forms)
            equalForms += std::count(forms.begin(), forms.end(), a);
        QCOMPARE(qint64{pairs->rowCount()}, equalForms);
        for (int row = 0; row < pairs->rowCount(); ++row)
            QCOMPARE(forms[static_cast<std::size_t>(pairs->integer(row, 0) - 1)],
                forms[static_cast<std::size_t>(pairs->integer(row, 1) - 1)]);
    }

    void everyTypeByBits()
    {
        constexpr int count = 500;
        QVERIFY(
            m_connection->execute("DROP TABLE IF EXISTS r; CREATE TABLE r (id bigint, u uuid, n numeric, d "
                                  "double precision, t text, b boolean, at timestamptz, p point, "
                                  "v vector(9) STORAGE plain, h halfvec(9), s sparsevec(1000), i smallint[], "
                                  "m vector(3)[], ts text[], bs bigint[], ds double precision[], bo "
                                  "boolean[], nothing text)"));
        const std::vector<ColumnType> columns{ColumnType::Bigint, ColumnType::Uuid, ColumnType::Numeric,
            ColumnType::Double, ColumnType::Text, ColumnType::Boolean, ColumnType::Timestamptz,
            ColumnType::Point, ColumnType::Vector, ColumnType::Halfvec, ColumnType::Sparsevec,
            ColumnType::SmallintArray, ColumnType::VectorArray, ColumnType::TextArray,
            ColumnType::BigintArray, ColumnType::DoubleArray, ColumnType::BooleanArray, ColumnType::Text};
        const auto oid =
            static_cast<std::uint32_t>(m_connection->execute("SELECT 'vector'::regtype::oid")->integer(0, 0));
        Values values(99);
        RowDigest digest(columns);
        CopyBuffer buffer;
        std::vector<std::string> sent;
        for (int i = 0; i < count; ++i) {
            buffer.beginRow(static_cast<std::uint16_t>(columns.size()));
            buffer.addBigint(i);
            std::array<std::uint8_t, 16> uuid{};
            for (std::uint8_t& byte : uuid)
                byte = static_cast<std::uint8_t>(values.bits());
            buffer.addUuid(uuid);
            QVERIFY(!buffer.addNumericText(values.number()));
            buffer.addDouble(std::bit_cast<double>(values.bits()));
            QVERIFY(!buffer.addText(values.text(2000)));
            buffer.addBoolean(values.below(2) != 0);
            buffer.addTimestamptz(static_cast<std::int64_t>(values.bits() >> 8U));
            buffer.addPoint(std::bit_cast<double>(values.bits()), -1.5);
            QVERIFY(!buffer.addVector(values.floats(9)));
            QVERIFY(!buffer.addHalfvec(values.floats(9, 60000.0F)));
            std::vector<std::uint32_t> indices;
            for (std::uint32_t at = values.below(50); at < 1000; at += 1 + values.below(100))
                indices.push_back(at);
            QVERIFY(!buffer.addSparsevec(1000, indices, values.floats(indices.size())));
            QVERIFY(
                !buffer.addSmallintArray(std::vector{1.0F, -3.0F, static_cast<float>(values.below(30000))}));
            QVERIFY(!buffer.addVectorArray(oid, 2, values.floats(6)));
            const std::string text = values.text(3);
            QVERIFY(!buffer.addTextArray(std::vector<std::optional<std::string_view>>{text, std::nullopt}));
            buffer.addBigintArray(
                std::vector<std::optional<std::int64_t>>{static_cast<std::int64_t>(values.bits())});
            buffer.addDoubleArray(std::vector<std::optional<double>>{std::nullopt, 0.1});
            buffer.addBooleanArray({});
            buffer.addNull();
            buffer.endRow();
            sent.emplace_back(buffer.lastRow());
        }
        QCOMPARE(copyIn(*m_connection, "r", buffer.bytes()), QByteArray(""));
        const auto rows = rowsOut(*m_connection, "SELECT * FROM r ORDER BY id");
        QCOMPARE(rows.size(), sent.size());
        for (std::size_t i = 0; i < rows.size(); ++i) {
            QVERIFY2(rows[i] == sent[i], (hexOf(sent[i]) + "\n" + hexOf(rows[i])).constData());
            QCOMPARE(digest.hash(rows[i]), digest.hash(sent[i]));
        }
    }

    /// The widest vector that pgvector holds, out of line.
    void widestVector()
    {
        QVERIFY(m_connection->execute("DROP TABLE IF EXISTS w; CREATE TABLE w (v vector(16000))"));
        Values values(3);
        CopyBuffer buffer;
        buffer.beginRow(1);
        QVERIFY(!buffer.addVector(values.floats(16000)));
        buffer.endRow();
        QCOMPARE(copyIn(*m_connection, "w", buffer.bytes()), QByteArray(""));
        QVERIFY(rowsOut(*m_connection, "SELECT v FROM w").front() == buffer.lastRow());
    }
};

QTEST_GUILESS_MAIN(RoundTripTest)
#include "roundtriptest.moc"
