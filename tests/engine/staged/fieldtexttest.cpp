// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/fieldtext.h"
#include "core/postgres/copyrow.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <deque>
#include <random>

using namespace qdrant2pg;

namespace {

ColumnSpec column(ColumnType type, qint64 dimensions = 0)
{
    ColumnSpec spec;
    spec.name = QStringLiteral("c");
    spec.type = type;
    spec.dimensions = dimensions;
    return spec;
}

/// The only field of a row.
std::string fieldOf(const CopyBuffer& buffer)
{
    std::vector<CopyField> fields;
    if (!splitCopyRow(buffer.lastRow(), fields) || fields.size() != 1 || !fields[0])
        return "<no field>";
    return std::string(*fields[0]);
}

std::string textOf(ColumnType type, const std::string& field)
{
    std::string text;
    return appendFieldText(text, type, field) ? text : "<no text>";
}

} // namespace

/// Every value survives binary -> text -> binary without a bit lost: what makes a CSV file lossless.
class FieldTextTest : public QObject {
    Q_OBJECT
private slots:
    void roundTrip_data();
    void roundTrip();
    void floatsKeepTheirBits();
    void doublesKeepTheirBits();
    void timesKeepTheirMicroseconds();
    void arrays();
    void refusals_data();
    void refusals();
    void bracesAreNoted();
    void splitterCutsAnyPortions();
};

void FieldTextTest::roundTrip_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("written");
    const auto row = [](const char* name, ColumnType type, const char* text, const char* written = nullptr,
                         int dimensions = 0) {
        QTest::newRow(name) << int(type) << dimensions << QByteArray(text)
                            << QByteArray(written ? written : text);
    };
    row("uuid", ColumnType::Uuid, "018bc6df-febf-4d2c-88d2-2072a2da502e");
    row("uuid, other spelling", ColumnType::Uuid, "{018BC6DFFEBF4D2C88D22072A2DA502E}",
        "018bc6df-febf-4d2c-88d2-2072a2da502e");
    row("bigint", ColumnType::Bigint, "-9223372036854775808");
    row("numeric u64", ColumnType::Numeric, "18446744073709551615", nullptr, 20);
    row("numeric zero", ColumnType::Numeric, "0", nullptr, 20);
    row("numeric scale", ColumnType::Numeric, "-12.500");
    row("numeric small", ColumnType::Numeric, "0.00012");
    row("numeric groups", ColumnType::Numeric, "100000000.00010");
    row("numeric exponent", ColumnType::Numeric, "1e10", "10000000000");
    row("double", ColumnType::Double, "0.1");
    row("double NaN", ColumnType::Double, "NaN");
    row("double infinite", ColumnType::Double, "-Infinity");
    row("text", ColumnType::Text, "a \"quoted\", line\nbreak \xC3\xBC");
    row("empty text", ColumnType::Text, "");
    row("boolean", ColumnType::Boolean, "true");
    row("boolean, short", ColumnType::Boolean, "f", "false");
    row("time", ColumnType::Timestamptz, "2025-06-17T18:42:45.765687+02:00", "2025-06-17 16:42:45.765687+00");
    row("time, BC", ColumnType::Timestamptz, "0044-03-15 00:00:00+00 BC");
    row("time, far", ColumnType::Timestamptz, "294246-12-31 23:59:59.999999+00");
    row("jsonb", ColumnType::Jsonb, R"({"b":18446744073709551615,"a":[1.10,null,"\u00fc"]})");
    row("point", ColumnType::Point, "(10.5,-0.25)");
    row("vector", ColumnType::Vector, "[1,-0,0.1,1e-45,3.4028235e+38]", nullptr, 5);
    row("vector, spaces", ColumnType::Vector, " [ 1 , 2.0 ] ", "[1,2]");
    row("halfvec", ColumnType::Halfvec, "[0.099975586,65504,-0,6e-08]",
        "[0.099975586,65504,-0,5.9604645e-08]", 4);
    row("sparsevec", ColumnType::Sparsevec, "{1:0.5,1000000000:-2}/1000000000", nullptr, 1'000'000'000);
    row("sparsevec empty", ColumnType::Sparsevec, "{}/5", nullptr, 5);
}

void FieldTextTest::roundTrip()
{
    QFETCH(int, type);
    QFETCH(int, dimensions);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, written);
    const auto columnType = static_cast<ColumnType>(type);
    CopyBuffer buffer;
    buffer.beginRow(1);
    const auto problem = addFieldText(buffer, column(columnType, dimensions),
        std::string_view(text.constData(), static_cast<std::size_t>(text.size())), 16'400);
    QVERIFY2(!problem, problem ? qPrintable(problem->reason) : "");
    buffer.endRow();
    const std::string field = fieldOf(buffer);
    const std::string again = textOf(columnType, field);
    QCOMPARE(QByteArray::fromStdString(again), written);
    buffer.clear();
    buffer.beginRow(1);
    QVERIFY(!addFieldText(buffer, column(columnType, dimensions), again, 16'400));
    buffer.endRow();
    QVERIFY(fieldOf(buffer) == field);
}

void FieldTextTest::floatsKeepTheirBits()
{
    std::mt19937 random(1);
    CopyBuffer buffer;
    for (int round = 0; round < 2'000; ++round) {
        std::vector<float> values;
        while (values.size() < 64) {
            const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
            if (std::isfinite(value))
                values.push_back(value);
        }
        buffer.clear();
        buffer.beginRow(1);
        QVERIFY(!buffer.addVector(values));
        buffer.endRow();
        const std::string field = fieldOf(buffer);
        const std::string text = textOf(ColumnType::Vector, field);
        buffer.clear();
        buffer.beginRow(1);
        QVERIFY(!addFieldText(buffer, column(ColumnType::Vector, 64), text, 0));
        buffer.endRow();
        QVERIFY2(fieldOf(buffer) == field, text.c_str());
    }
}

void FieldTextTest::doublesKeepTheirBits()
{
    std::mt19937_64 random(2);
    CopyBuffer buffer;
    for (int round = 0; round < 20'000; ++round) {
        const auto value = std::bit_cast<double>(random());
        if (std::isnan(value))
            continue;
        buffer.clear();
        buffer.beginRow(1);
        buffer.addDouble(value);
        buffer.endRow();
        const std::string field = fieldOf(buffer);
        const std::string text = textOf(ColumnType::Double, field);
        buffer.clear();
        buffer.beginRow(1);
        QVERIFY(!addFieldText(buffer, column(ColumnType::Double), text, 0));
        buffer.endRow();
        QVERIFY2(fieldOf(buffer) == field, text.c_str());
    }
}

void FieldTextTest::timesKeepTheirMicroseconds()
{
    std::mt19937_64 random(3);
    std::uniform_int_distribution<std::int64_t> any(-210'866'803'200'000'000, 9'223'371'331'199'999'999);
    for (int round = 0; round < 50'000; ++round) {
        const std::int64_t micros = any(random);
        std::string text;
        appendTimestamptz(text, micros);
        std::int64_t back = 0;
        QVERIFY2(parseTimestamptz(text, back), text.c_str());
        QVERIFY2(back == micros, text.c_str());
    }
}

void FieldTextTest::arrays()
{
    const std::vector<std::optional<std::string_view>> texts{"plain", "", std::nullopt, "NULL", "a\"b\\c,{}"};
    CopyBuffer buffer;
    buffer.beginRow(1);
    QVERIFY(!buffer.addTextArray(texts));
    buffer.endRow();
    std::string field = fieldOf(buffer);
    std::string text = textOf(ColumnType::TextArray, field);
    QCOMPARE(text, std::string(R"({"plain","",NULL,"NULL","a\"b\\c,{}"})"));
    buffer.clear();
    buffer.beginRow(1);
    QVERIFY(!addFieldText(buffer, column(ColumnType::TextArray), text, 0));
    buffer.endRow();
    QVERIFY(fieldOf(buffer) == field);

    const std::vector<float> rows{1, 2, 3, 4, 5, 6};
    buffer.clear();
    buffer.beginRow(1);
    QVERIFY(!buffer.addVectorArray(16'400, 2, rows));
    buffer.endRow();
    field = fieldOf(buffer);
    text = textOf(ColumnType::VectorArray, field);
    QCOMPARE(text, std::string(R"({"[1,2,3]","[4,5,6]"})"));
    buffer.clear();
    buffer.beginRow(1);
    QVERIFY(!addFieldText(buffer, column(ColumnType::VectorArray, 3), text, 16'400));
    buffer.endRow();
    QVERIFY(fieldOf(buffer) == field);

    for (const auto& [type, literal] :
        {std::pair(ColumnType::BigintArray, "{1,NULL,-3}"), std::pair(ColumnType::DoubleArray, "{0.5,NaN}"),
            std::pair(ColumnType::BooleanArray, "{true,NULL,false}"),
            std::pair(ColumnType::SmallintArray, "{0,255}"), std::pair(ColumnType::BigintArray, "{}")}) {
        buffer.clear();
        buffer.beginRow(1);
        QVERIFY2(!addFieldText(buffer, column(type), literal, 0), literal);
        buffer.endRow();
        QCOMPARE(textOf(type, fieldOf(buffer)), std::string(literal));
    }
}

void FieldTextTest::refusals_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("dimensions");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, ColumnType type, int dimensions, const char* text,
                         const char* words) {
        QTest::newRow(name) << int(type) << dimensions << QByteArray(text) << QString::fromLatin1(words);
    };
    row("uuid too short", ColumnType::Uuid, 0, "018bc6df", "UUID");
    row("bigint too large", ColumnType::Bigint, 0, "9223372036854775808", "bigint");
    row("negative id", ColumnType::Numeric, 20, "-1", "18446744073709551615");
    row("dimension", ColumnType::Vector, 3, "[1,2]", "takes 3");
    row("element", ColumnType::Vector, 0, "[1,x,3]", "element 2");
    row("NaN in a vector", ColumnType::Vector, 0, "[1,NaN]", "element 2");
    row("vector cut off", ColumnType::Vector, 0, "[1,2", "[ and ]");
    row("empty vector", ColumnType::Vector, 0, "[]", "element 1");
    row("json", ColumnType::Jsonb, 0, "{\"a\":}", "");
    row("json NUL", ColumnType::Jsonb, 0, R"({"a":"\u0000"})", "NUL");
    row("month 13", ColumnType::Timestamptz, 0, "2024-13-01", "date");
    row("sparse index 0", ColumnType::Sparsevec, 5, "{0:1}/5", "count from 1");
    row("array of words", ColumnType::BigintArray, 0, "{a}", "array");
    row("boolean", ColumnType::Boolean, 0, "perhaps", "true or false");
}

void FieldTextTest::refusals()
{
    QFETCH(int, type);
    QFETCH(int, dimensions);
    QFETCH(QByteArray, text);
    QFETCH(QString, words);
    CopyBuffer buffer;
    buffer.beginRow(1);
    const auto before = buffer.bytes().size();
    const auto problem = addFieldText(buffer, column(static_cast<ColumnType>(type), dimensions),
        std::string_view(text.constData(), static_cast<std::size_t>(text.size())), 16'400);
    QVERIFY(problem);
    QVERIFY2(problem->reason.contains(words), qPrintable(problem->reason));
    QCOMPARE(buffer.bytes().size(), before);
}

void FieldTextTest::bracesAreNoted()
{
    CopyBuffer buffer;
    buffer.beginRow(1);
    FieldTextNotes notes;
    QVERIFY(!addFieldText(buffer, column(ColumnType::Vector, 2), "{0.031171,0.040673}", 0, &notes));
    QVERIFY(notes.bracedVector);
}

void FieldTextTest::splitterCutsAnyPortions()
{
    CopyBuffer buffer;
    std::vector<std::string> rows;
    for (int i = 0; i < 50; ++i) {
        buffer.beginRow(2);
        buffer.addBigint(i);
        if (i % 3 == 0)
            buffer.addNull();
        else
            QVERIFY(!buffer.addText(std::string(static_cast<std::size_t>(i * 7), 'x')));
        buffer.endRow();
        rows.emplace_back(buffer.lastRow());
    }
    const std::string stream =
        std::string(CopyBuffer::header()) + std::string(buffer.bytes()) + std::string(CopyBuffer::trailer());
    for (const std::size_t portion : {std::size_t{1}, std::size_t{7}, std::size_t{100}, stream.size()}) {
        CopyRowSplitter splitter;
        std::deque<std::string> portions;
        std::vector<std::string> found;
        bool ended = false;
        for (std::size_t at = 0; at < stream.size(); at += portion) {
            // Looked at until the next portion comes.
            portions.push_back(stream.substr(at, portion));
            splitter.feed(portions.back());
            std::string_view row;
            CopyRowSplitter::Status status = splitter.next(row);
            while (status == CopyRowSplitter::Status::Row) {
                found.emplace_back(row);
                status = splitter.next(row);
            }
            QVERIFY(status != CopyRowSplitter::Status::Damaged);
            ended = status == CopyRowSplitter::Status::End;
        }
        QVERIFY(ended);
        QVERIFY(found == rows);
        QCOMPARE(splitter.consumed(), stream.size());
    }
}

QTEST_APPLESS_MAIN(FieldTextTest)
#include "fieldtexttest.moc"
