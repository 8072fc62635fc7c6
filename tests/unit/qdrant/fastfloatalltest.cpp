// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <cstdint>
#include <thread>
#include <vector>

#include <QTest>

#include "tests/unit/qdrant/floatsweep.h"

using namespace qdrant2pg;

/// All 4,278,190,080 finite floats, printed as Qdrant does and read back. About ten minutes on two cores.
class FastFloatAllTest : public QObject {
    Q_OBJECT

private slots:
    void readsEveryFloat_data();
    void readsEveryFloat();
};

void FastFloatAllTest::readsEveryFloat_data()
{
    QTest::addColumn<quint64>("upperByte");
    for (quint64 upperByte = 0; upperByte < 256; ++upperByte)
        QTest::addRow("bits %02llx......", upperByte) << upperByte;
}

void FastFloatAllTest::readsEveryFloat()
{
    QFETCH(quint64, upperByte);
    const std::uint64_t first = upperByte << 24;
    constexpr std::uint64_t count = 1ULL << 24;
    const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::uint64_t> wrong(threads);
    std::vector<std::uint32_t> examples(threads);
    std::vector<std::thread> workers;
    for (unsigned k = 0; k < threads; ++k) {
        workers.emplace_back([&, k] {
            wrong[k] =
                test::countWrong(first + count * k / threads, first + count * (k + 1) / threads, examples[k]);
        });
    }
    for (std::thread& worker : workers)
        worker.join();
    for (unsigned k = 0; k < threads; ++k)
        QVERIFY2(wrong[k] == 0,
            qPrintable(QStringLiteral("%1 wrong, 0x%2").arg(wrong[k]).arg(examples[k], 8, 16)));
}

QTEST_GUILESS_MAIN(FastFloatAllTest)
#include "fastfloatalltest.moc"
