// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/bytekernels.h"

#include <QTest>

#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace qdrant2pg;

class ByteKernelsTest : public QObject {
    Q_OBJECT

private slots:
    void everyHalfSurvives()
    {
        for (std::uint32_t i = 0; i <= 0xFFFF; ++i) {
            const auto half = static_cast<std::uint16_t>(i);
            if ((half & 0x7C00U) == 0x7C00U && (half & 0x3FFU) != 0)
                continue;
            QCOMPARE(bytes::toHalf(bytes::fromHalf(half)), half);
        }
    }

    /// Between two neighbours: below the middle down, above it up, on it to the even one.
    void roundsHalfToEven()
    {
        for (std::uint16_t half = 0; half < 0x7BFF; ++half) {
            const auto next = static_cast<std::uint16_t>(half + 1);
            const float middle = (bytes::fromHalf(half) + bytes::fromHalf(next)) / 2.0F;
            const std::uint16_t even = (half & 1U) == 0 ? half : next;
            QCOMPARE(bytes::toHalf(middle), even);
            QCOMPARE(bytes::toHalf(std::nextafterf(middle, 0.0F)), half);
            QCOMPARE(bytes::toHalf(std::nextafterf(middle, 1e9F)), next);
            QCOMPARE(bytes::toHalf(-middle), static_cast<std::uint16_t>(even | 0x8000U));
        }
        QCOMPARE(bytes::toHalf(65519.996F), std::uint16_t{0x7BFF});
        QCOMPARE(bytes::toHalf(65520.0F), std::uint16_t{0x7C00});
        QCOMPARE(bytes::toHalf(std::numeric_limits<float>::max()), std::uint16_t{0x7C00});
        QCOMPARE(bytes::toHalf(std::numeric_limits<float>::denorm_min()), std::uint16_t{0});
    }

    /// The wide version that this processor uses agrees with the plain one, element by element, for every
    /// length.
    void wideVersionsAgree()
    {
        std::mt19937 random(42);
        std::uniform_int_distribution<std::uint32_t> bits;
        for (std::size_t count = 0; count < 70; ++count) {
            std::vector<float> values(count);
            for (float& value : values) {
                do {
                    value = std::bit_cast<float>(bits(random));
                } while (!std::isfinite(value) || std::fabs(value) > 65000.0F);
            }
            std::vector<char> floats(4 * count + 1, 'x');
            QVERIFY(bytes::storeFloats(floats.data(), values.data(), count));
            std::vector<char> halves(2 * count + 1, 'x');
            bool changed = false;
            QVERIFY(bytes::storeHalves(halves.data(), values.data(), count, &changed));
            bool expectedChange = false;
            for (std::size_t i = 0; i < count; ++i) {
                QCOMPARE(bytes::load32(floats.data() + 4 * i), std::bit_cast<std::uint32_t>(values[i]));
                QCOMPARE(bytes::load16(halves.data() + 2 * i), bytes::toHalf(values[i]));
                expectedChange |= bytes::fromHalf(bytes::toHalf(values[i])) != values[i];
            }
            QCOMPARE(changed, expectedChange);
            QCOMPARE(floats.back(), 'x');
            QCOMPARE(halves.back(), 'x');
        }
    }

    /// A value that cannot be stored is noticed at every position.
    void noticesNonFinite()
    {
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(),
                 std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
            for (std::size_t at = 0; at < 21; ++at) {
                std::vector<float> values(21, 1.0F);
                values[at] = bad;
                std::vector<char> out(4 * 21);
                bool changed = false;
                QVERIFY(!bytes::storeFloats(out.data(), values.data(), values.size()));
                QVERIFY(!bytes::storeHalves(out.data(), values.data(), values.size(), &changed));
                values[at] = 65520.0F;
                QVERIFY(bytes::storeFloats(out.data(), values.data(), values.size()));
                QVERIFY(!bytes::storeHalves(out.data(), values.data(), values.size(), &changed));
            }
        }
    }
};

QTEST_GUILESS_MAIN(ByteKernelsTest)
#include "bytekernelstest.moc"
