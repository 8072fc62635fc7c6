// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/bytekernels.h"
#include "core/postgres/textcheck.h"
#include "tests/postgres/copyhelpers.h"
#include "tests/unit/postgres/jsoncases.h"

#include <QTest>

#include <bit>
#include <limits>
#include <numeric>
#include <random>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

/// A row of one field, past all checks.
std::string rawRow(std::string_view field)
{
    std::string row(6, '\0');
    bytes::store16(row.data(), 1);
    bytes::store32(row.data() + 2, static_cast<std::uint32_t>(field.size()));
    return row.append(field);
}

std::string int16(unsigned value)
{
    std::string out(2, '\0');
    bytes::store16(out.data(), static_cast<std::uint16_t>(value));
    return out;
}

std::string int32(std::uint32_t value)
{
    std::string out(4, '\0');
    bytes::store32(out.data(), value);
    return out;
}

std::string vectorField(const std::vector<float>& values)
{
    std::string field = int16(static_cast<unsigned>(values.size())) + int16(0);
    for (const float value : values)
        field += int32(std::bit_cast<std::uint32_t>(value));
    return field;
}

std::string halfvecField(const std::vector<float>& values)
{
    std::string field = int16(static_cast<unsigned>(values.size())) + int16(0);
    for (const float value : values)
        field += int16(bytes::toHalf(value));
    return field;
}

std::string sparsevecField(
    std::uint32_t dimensions, const std::vector<std::uint32_t>& indices, const std::vector<float>& values)
{
    std::string field = int32(dimensions) + int32(static_cast<std::uint32_t>(indices.size())) + int32(0);
    for (const std::uint32_t index : indices)
        field += int32(index);
    for (const float value : values)
        field += int32(std::bit_cast<std::uint32_t>(value));
    return field;
}

/// Our verdict in the server's words: "" or the SQLSTATE.
template <class F> QByteArray verdict(F add)
{
    CopyBuffer buffer;
    buffer.beginRow(1);
    const EncodeResult bad = add(buffer);
    return bad ? QByteArray(bad->sqlState) : QByteArray("");
}

} // namespace

/// What we refuse PostgreSQL refuses, for the same reason, and what we let through it takes.
class RefusalTest : public QObject {
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
        QVERIFY(m_connection->execute("CREATE TABLE vectors (v vector); CREATE TABLE three (v vector(3)); "
                                      "CREATE TABLE halves (v halfvec); CREATE TABLE sparse (v sparsevec); "
                                      "CREATE TABLE texts (v text); CREATE TABLE json (v jsonb); CREATE "
                                      "TABLE times (v timestamptz); CREATE TABLE numbers (v numeric)"));
    }

    void cleanupTestCase()
    {
        m_connection.reset();
        m_database.reset();
    }

    void jsonb_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArray>("sqlState");
        for (const JsonCase& row : jsonCases())
            QTest::newRow(row.name) << QByteArray::fromStdString(row.json) << QByteArray(row.sqlState);
    }

    void jsonb()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArray, sqlState);
        QCOMPARE(copyIn(*m_connection, "json", rawRow("\1" + json.toStdString())), sqlState);
    }

    /// Valid texts with bytes changed, left out or doubled.
    void jsonbByAccident()
    {
        const std::vector<std::string> seeds = validJson();
        static constexpr std::string_view alphabet = "{}[]:,\"\\/ud08eE+-.19atfn \t\n\x01";
        std::mt19937 random(4);
        const auto below = [&random](std::size_t limit) {
            return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
        };
        int accepted = 0;
        for (int i = 0; i < 6000; ++i) {
            std::string text = seeds[below(seeds.size())];
            for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
                const std::size_t at = below(text.size());
                switch (below(3)) {
                case 0:
                    text[at] = alphabet[below(alphabet.size())];
                    break;
                case 1:
                    text.erase(at, 1 + below(3));
                    break;
                default:
                    text.insert(at, 1, alphabet[below(alphabet.size())]);
                    break;
                }
                if (text.empty())
                    break;
            }
            const EncodeResult bad = checkJsonb(text);
            if (bad && qstrcmp(bad->sqlState, "22021") == 0)
                continue;
            const auto answer =
                m_connection->execute("SELECT (pg_input_error_info($1, 'jsonb')).sql_error_code",
                    {QByteArray::fromStdString(text)});
            QVERIFY2(answer, answer ? "" : qPrintable(answer.error().toText()));
            const QByteArray theirs = answer->text(0, 0).toLatin1();
            const QByteArray ours(bad ? bad->sqlState : "");
            // Several faults in one text: which one is told first may differ.
            QVERIFY2(ours == theirs || (!ours.isEmpty() && !theirs.isEmpty()),
                (text + "\nours " + ours.toStdString() + " theirs " + theirs.toStdString()).c_str());
            accepted += ours.isEmpty() ? 1 : 0;
        }
        QVERIFY(accepted > 300);
        QVERIFY(accepted < 5700);
    }

    void texts_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto row = [](const char* name, const QByteArray& text) {
            QTest::newRow(name) << text;
        };
        row("plain", "abc");
        row("empty", "");
        row("NUL", QByteArray("a\0b", 3));
        row("alone", "\x80");
        row("cut", "\xe2\x82");
        row("overlong 2", "\xc0\xaf");
        row("overlong 3", "\xe0\x80\xaf");
        row("overlong 4", "\xf0\x80\x80\xaf");
        row("surrogate", "\xed\xa0\x80");
        row("last", "\xf4\x8f\xbf\xbf");
        row("too large", "\xf4\x90\x80\x80");
        row("five bytes", "\xf8\x88\x80\x80\x80");
        row("noncharacter", "\xef\xbf\xbf");
        row("BOM", "\xef\xbb\xbf");
    }

    void texts()
    {
        QFETCH(QByteArray, text);
        const std::string bytes = text.toStdString();
        QCOMPARE(verdict([&](CopyBuffer& b) { return b.addText(bytes); }),
            copyIn(*m_connection, "texts", rawRow(bytes)));
    }

    void vectors()
    {
        constexpr float nan = std::numeric_limits<float>::quiet_NaN();
        constexpr float inf = std::numeric_limits<float>::infinity();
        for (const std::vector<float>& values :
            {std::vector{1.0F}, std::vector{nan}, std::vector{1.0F, inf}, std::vector{-inf},
                std::vector<float>(), std::vector<float>(16000, 1.0F), std::vector<float>(16001, 1.0F)})
            QCOMPARE(verdict([&](CopyBuffer& b) { return b.addVector(values); }),
                copyIn(*m_connection, "vectors", rawRow(vectorField(values))));
        for (const std::size_t count : {2U, 3U, 4U}) {
            const EncodeResult bad = CopyBuffer::checkDimensions(3, static_cast<std::int64_t>(count));
            QCOMPARE(QByteArray(bad ? bad->sqlState : ""),
                copyIn(*m_connection, "three", rawRow(vectorField(std::vector<float>(count, 1.0F)))));
        }
        for (const std::vector<float>& values :
            {std::vector{65504.0F}, std::vector{65519.99F}, std::vector{65520.0F}, std::vector{nan},
                std::vector{-inf}, std::vector<float>(), std::vector<float>(16001, 1.0F)})
            QCOMPARE(verdict([&](CopyBuffer& b) { return b.addHalfvec(values); }),
                copyIn(*m_connection, "halves", rawRow(halfvecField(values))));
    }

    void sparse_data()
    {
        QTest::addColumn<qint64>("dimensions");
        QTest::addColumn<QList<quint32>>("indices");
        QTest::addColumn<QList<float>>("values");
        constexpr float nan = std::numeric_limits<float>::quiet_NaN();
        const auto row = [](const char* name, qint64 dimensions, const QList<quint32>& indices,
                             const QList<float>& values) {
            QTest::newRow(name) << dimensions << indices << values;
        };
        row("good", 10, {0, 9}, {1, 2});
        row("empty", 10, {}, {});
        row("order", 10, {3, 2}, {1, 1});
        row("twice", 10, {3, 3}, {1, 1});
        row("outside", 10, {10}, {1});
        row("far outside", 10, {4294967295U}, {1});
        row("NaN", 10, {1}, {nan});
        row("infinite", 10, {1}, {std::numeric_limits<float>::infinity()});
        row("no dimensions", 0, {}, {});
        row("largest", 1'000'000'000, {999'999'999}, {1});
        row("too large", 1'000'000'001, {1}, {1});
        QList<quint32> many(16001);
        std::iota(many.begin(), many.end(), 0U);
        row("16000 elements", 20000, many.first(16000), QList<float>(16000, 1.0F));
        row("16001 elements", 20000, many, QList<float>(16001, 1.0F));
    }

    void sparse()
    {
        QFETCH(qint64, dimensions);
        QFETCH(QList<quint32>, indices);
        QFETCH(QList<float>, values);
        const std::vector<std::uint32_t> i(indices.begin(), indices.end());
        const std::vector<float> v(values.begin(), values.end());
        QCOMPARE(verdict([&](CopyBuffer& b) { return b.addSparsevec(dimensions, i, v); }),
            copyIn(*m_connection, "sparse",
                rawRow(sparsevecField(static_cast<std::uint32_t>(dimensions), i, v))));
    }

    void times()
    {
        for (const std::int64_t unixMicros : {std::int64_t{0}, std::int64_t{-210'866'803'200'000'000},
                 std::int64_t{-210'866'803'200'000'001}, std::numeric_limits<std::int64_t>::max()}) {
            CopyBuffer buffer;
            buffer.beginRow(1);
            buffer.addTimestamptz(unixMicros);
            buffer.endRow();
            const EncodeResult bad = CopyBuffer::checkTimestamptz(unixMicros);
            QCOMPARE(QByteArray(bad ? bad->sqlState : ""), copyIn(*m_connection, "times", buffer.bytes()));
        }
    }

    void numericTexts()
    {
        for (const char* token : {"1", "-1.5e3", "1e131071", "1e131072", "1e-16383", "1e-16384", "0e-16384",
                 "0e200000", "12a", "", "1e", "--1", ".5", "1.", "+7", "007", "1e2000000000"}) {
            const auto answer = m_connection->execute(
                "SELECT (pg_input_error_info($1, 'numeric')).sql_error_code", {QByteArray(token)});
            QVERIFY(answer);
            QVERIFY2(verdict([&](CopyBuffer& b) { return b.addNumericText(token); })
                    == answer->text(0, 0).toLatin1(),
                token);
        }
    }

    /// What the bisection of a page relies on: the row's fault names table and column.
    void faultNamesItsPlace()
    {
        QVERIFY(m_connection->copyInBegin("COPY three FROM STDIN (FORMAT binary)"));
        QVERIFY(m_connection->copyInWrite(CopyBuffer::header()));
        QVERIFY(m_connection->copyInWrite(rawRow(vectorField({1, 2, 3}))));
        QVERIFY(m_connection->copyInWrite(rawRow(vectorField({1, 2, 3, 4}))));
        QVERIFY(m_connection->copyInWrite(CopyBuffer::trailer()));
        const auto stored = m_connection->copyInEnd();
        QVERIFY(!stored);
        QCOMPARE(stored.error().where.table, QStringLiteral("three"));
        QCOMPARE(stored.error().where.column, QStringLiteral("v"));
        QVERIFY(stored.error().detail.contains(QLatin1String("expected 3 dimensions, not 4")));
        QVERIFY(stored.error().detail.contains(QLatin1String("line 2")));
        QVERIFY(blamesRow(stored.error()));
    }
};

QTEST_GUILESS_MAIN(RefusalTest)
#include "refusaltest.moc"
