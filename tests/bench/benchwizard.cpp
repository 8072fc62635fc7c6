// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"

#include <QElapsedTimer>
#include <QMap>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

int numberFrom(const char* variable, int otherwise)
{
    bool good = false;
    const int number = qEnvironmentVariableIntValue(variable, &good);
    return good && number > 0 ? number : otherwise;
}

/// A timer of one millisecond in the GUI thread: what lies between two of its ticks, nothing else could do.
class Heartbeat : public QObject {
public:
    explicit Heartbeat(std::function<QString()> place)
        : m_place(std::move(place))
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] { beat(); });
        m_since.start();
        m_timer.start(1);
    }

    /// Longest gap in milliseconds by place.
    const QMap<QString, double>& gaps() const { return m_gaps; }
    double longest() const { return m_gaps.isEmpty() ? 0 : *std::max_element(m_gaps.begin(), m_gaps.end()); }

private:
    void beat()
    {
        const double gap = static_cast<double>(m_since.nsecsElapsed()) / 1e6;
        m_since.start();
        double& known = m_gaps[m_place()];
        known = std::max(known, gap);
    }

    std::function<QString()> m_place;
    QTimer m_timer;
    QElapsedTimer m_since;
    QMap<QString, double> m_gaps;
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

/// The longest time for which the window could not answer while it leads from the first page to the report of
/// a migration under load: stand-in, engine and PostgreSQL share the processors with it. The walk is driven
/// by QTest, whose pauses of 10 ms are part of the gaps. QDRANT2PG_BENCH_POINTS, _DIMENSIONS and _ROUNDS
/// change the cell.
class BenchWizard : public QObject {
    Q_OBJECT

private slots:
    void longestGap();
};

void BenchWizard::longestGap()
{
    const int points = numberFrom("QDRANT2PG_BENCH_POINTS", 100'000);
    const int dimensions = numberFrom("QDRANT2PG_BENCH_DIMENSIONS", 64);
    const int rounds = numberFrom("QDRANT2PG_BENCH_ROUNDS", 3);
    QMap<QString, std::vector<double>> byPage;
    std::vector<double> longest;
    for (int round = 0; round < rounds; ++round) {
        WizardBench bench;
        QDRANT2PG_REQUIRE_POSTGRES(bench.database);
        bench.addGameCollection(
            "bench", static_cast<std::uint64_t>(points), static_cast<std::size_t>(dimensions));
        bench.open();
        const Heartbeat heart([&bench] { return bench.current()->objectName(); });
        QElapsedTimer watch;
        watch.start();
        QVERIFY2(bench.goTo(PageId::Report, 600'000), qPrintable(bench.trouble()));
        QTest::qWait(1'000);
        std::printf("round %d: %.1f s, longest gap %.1f ms\n", round + 1,
            static_cast<double>(watch.elapsed()) / 1e3 - 1, heart.longest());
        longest.push_back(heart.longest());
        for (auto page = heart.gaps().begin(); page != heart.gaps().end(); ++page)
            byPage[page.key()].push_back(page.value());
        QCOMPARE(bench.database.scalar("SELECT count(*) FROM bench"), QString::number(points));
    }
    for (auto page = byPage.begin(); page != byPage.end(); ++page)
        std::printf("%-18s median of longest gaps %6.1f ms\n", qPrintable(page.key()), median(page.value()));
    std::printf(
        "%d points, %d dimensions, %d rounds: the event loop's longest gap is %.1f ms in the median\n",
        points, dimensions, rounds, median(longest));
}

QTEST_MAIN(BenchWizard)
#include "benchwizard.moc"
