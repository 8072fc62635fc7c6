// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <string>

#include <QTest>

#include "core/qdrant/rest/fastfloat.h"
#include "tests/unit/qdrant/floatsweep.h"
#include "tests/unit/qdrant/qdranttext.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

std::uint32_t bitsOf(float value)
{
    return std::bit_cast<std::uint32_t>(value);
}

/// Reads `token` as an element of a list with enough text around it for the fast ways, in both of them.
const char* readInList(const std::string& token, float& value)
{
    static thread_local std::string list;
    list = "[0.12345678,0.12345678,";
    const std::size_t before = list.size();
    list += token;
    list += ",0.12345678,0.12345678,0.12345678]";
    const char* const begin = list.data();
    const char* const end = begin + list.size();
    float again = 0;
    const char* const stop = readFloat(begin + before, end, value);
    const char* const stopAgain = readFloatInList(begin, begin + before, end, again);
    // The last of its list, which a comma follows later.
    const std::string last = list.substr(0, before) + token + "]," + list;
    float third = 0;
    const char* const stopLast =
        readFloatInList(last.data(), last.data() + before, last.data() + last.size(), third);
    const auto same = [](float a, float b) {
        return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
    };
    if (stop != stopAgain || (stop == nullptr) != (stopLast == nullptr)
        || (stop != nullptr && (!same(value, again) || !same(value, third))))
        qFatal("the ways differ: %s", token.c_str());
    return stop == begin + before + token.size() ? stop : nullptr;
}

/// What std::from_chars makes of it.
float expectedFor(const std::string& token)
{
    float value = 0;
    const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (error == std::errc())
        return value;
    // Beyond the floats, on one side or the other.
    double wide = 0;
    std::from_chars(token.data(), token.data() + token.size(), wide);
    return static_cast<float>(wide);
}

/// Empty when `token` is read as from_chars reads it, with and without text behind it.
QByteArray differenceFor(const std::string& token)
{
    const float expected = expectedFor(token);
    float value = -77;
    if (!readInList(token, value) || bitsOf(value) != bitsOf(expected))
        return "in a list: " + QByteArray::fromStdString(token);
    // Exactly as long as the text, so that a sanitizer sees a read past its end.
    const auto exact = std::make_unique<char[]>(token.size());
    std::memcpy(exact.get(), token.data(), token.size());
    const char* const end = exact.get() + token.size();
    if (readFloat(exact.get(), end, value) != end || bitsOf(value) != bitsOf(expected))
        return "alone: " + QByteArray::fromStdString(token);
    return {};
}

} // namespace

class FastFloatTest : public QObject {
    Q_OBJECT

private slots:
    void readsWhatQdrantPrints_data();
    void readsWhatQdrantPrints();
    void refuses_data();
    void refuses();
    void readsRandomFloats();
    void readsAllMagnitudesOfUnitVectors();
    void readsTheMiddlesBetweenFloats();
    void readsRandomDigits();
};

void FastFloatTest::readsWhatQdrantPrints_data()
{
    QTest::addColumn<QByteArray>("token");
    for (const char* token :
        {"0.0", "-0.0", "1.0", "-1.0", "0.16169041", "-0.036084413", "0.0000015", "1234567800000.0", "1.5e-7",
            "1e+13", "3.4028235e+38", "-3.4028235e+38", "1e-45", "1.1754944e-38", "1.1754942e-38", "255.0",
            "65504.0", "12.0", "16777216.0", "16777217.0", "16777219.0", "7.038531e-26", "-7.038531e-26",
            "0.1", "0.00001", "1e16", "1E5", "12", "-7", "0", "-0", "0.30000001192092896",
            "0.000000000000001", "9999999.0", "99999999.0", "1.00000005960464477539",
            "1.00000005960464477540", "1.00000017881393432617187499", "1.00000017881393432617187500",
            "1.00000017881393432617187501", "0.500000029802322387695312", "0.50000002980232239", "33554431.0",
            "1e39", "-1e39", "1e-46", "1e-50", "123456789012345678901234567890.0"})
        QTest::newRow(token) << QByteArray(token);
}

void FastFloatTest::readsWhatQdrantPrints()
{
    QFETCH(QByteArray, token);
    QCOMPARE(differenceFor(token.toStdString()), QByteArray());
}

void FastFloatTest::refuses_data()
{
    QTest::addColumn<QByteArray>("token");
    for (const char* token : {"", "-", "+1.0", ".5", "1.", "01.0", "00.1", "-01.5", "1.e5", "1.5e", "1.5e+",
             "--1.0", "NaN", "Infinity", "inf", "-inf", "null", "\"1.0\"", "e5", " 1.0", "1e999", "1e-999"})
        QTest::newRow(token) << QByteArray(token);
}

void FastFloatTest::refuses()
{
    QFETCH(QByteArray, token);
    float value = 0;
    QVERIFY(!readFloat(token.constData(), token.constData() + token.size(), value));
    QVERIFY(!readInList(token.toStdString(), value));
}

void FastFloatTest::readsRandomFloats()
{
    std::mt19937_64 random(std::random_device{}());
    for (int k = 0; k < 600; ++k) {
        const std::uint64_t from = random() & 0xffff'ffff;
        std::uint32_t example = 0;
        const std::uint64_t wrong =
            countWrong(from, std::min<std::uint64_t>(from + 5'000, 1ULL << 32), example);
        QVERIFY2(wrong == 0, qPrintable(QStringLiteral("0x%1").arg(example, 8, 16)));
    }
}

void FastFloatTest::readsAllMagnitudesOfUnitVectors()
{
    // 1e-6 to 16, both signs: what the fast way has to do with, one float in 61.
    std::mt19937_64 random(std::random_device{}());
    const std::uint32_t smallest = bitsOf(1e-6F);
    const std::uint32_t largest = bitsOf(16.0F);
    std::string token;
    for (std::uint32_t bits = smallest + static_cast<std::uint32_t>(random() % 61); bits < largest;
         bits += 61) {
        const auto value = std::bit_cast<float>(bits | static_cast<std::uint32_t>((bits & 1) << 31));
        token.clear();
        appendQdrantFloat(token, value);
        float read = 0;
        QVERIFY2(readInList(token, read) && bitsOf(read) == bitsOf(value), token.c_str());
    }
}

void FastFloatTest::readsTheMiddlesBetweenFloats()
{
    // The decimal text of the exact middle, its neighbours in the last digit, and all of them cut to every
    // length: where rounding twice, to double and then to float, goes wrong.
    std::mt19937_64 random(std::random_device{}());
    std::uniform_real_distribution<double> exponent(-7, 8);
    for (int k = 0; k < 20'000; ++k) {
        const auto low = static_cast<float>(std::pow(10.0, exponent(random)));
        const float high = std::nextafter(low, std::numeric_limits<float>::infinity());
        const double middle = (static_cast<double>(low) + static_cast<double>(high)) / 2;
        std::array<char, 128> buffer;
        const auto end =
            std::to_chars(buffer.data(), buffer.data() + buffer.size(), middle, std::chars_format::fixed, 40)
                .ptr;
        const std::string digits(buffer.data(), end);
        const std::size_t point = digits.find('.');
        for (std::size_t length = point + 2; length < std::min(digits.size(), point + 22); ++length) {
            std::string token = digits.substr(0, length);
            for (const int step : {0, 1, -1}) {
                std::string neighbour = token;
                neighbour.back() = static_cast<char>(std::clamp(neighbour.back() + step, int{'0'}, int{'9'}));
                const QByteArray difference = differenceFor(neighbour);
                QVERIFY2(difference.isEmpty(), difference.constData());
            }
        }
    }
}

void FastFloatTest::readsRandomDigits()
{
    std::mt19937_64 random(std::random_device{}());
    const auto digits = [&random](std::size_t count) {
        std::string text;
        while (text.size() < count)
            text += static_cast<char>('0' + random() % 10);
        return text;
    };
    for (int k = 0; k < 300'000; ++k) {
        std::string token = random() % 2 ? "-" : "";
        std::string whole = random() % 3 ? "0" : digits(1 + random() % 9);
        whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
        token += whole;
        if (random() % 8)
            token += '.' + digits(1 + random() % 20);
        if (random() % 8 == 0)
            token += (random() % 2 ? "e-" : "e+") + std::to_string(random() % 45);
        const QByteArray difference = differenceFor(token);
        QVERIFY2(difference.isEmpty(), difference.constData());
    }
}

QTEST_GUILESS_MAIN(FastFloatTest)
#include "fastfloattest.moc"
