// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/support/migrationbench.h"

#include <QTest>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <vector>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

constexpr std::uint64_t points = 100'000;
constexpr std::uint64_t poison = 54'321;
constexpr int runsEach = 5;

std::uint16_t sourcePort = 0;

/// The stand-in in a process of its own, so that its CPU time is not counted as ours.
std::uint16_t startSource(pid_t& child)
{
    int ends[2];
    if (::pipe(ends) != 0)
        return 0;
    child = ::fork();
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        demo::StandInServer server;
        demo::Recipe recipe;
        recipe.points = points;
        recipe.ids = demo::IdKind::Sequential;
        recipe.dimensions = 128;
        recipe.payloadBytes = 300;
        const bool made = demo::generateCollection(server.store(), "clean", recipe).has_value();
        auto poisoned = demo::generateCollection(server.store(), "poisoned", recipe);
        const bool changed = poisoned && (*poisoned)->read([](const demo::CollectionState& state) {
            return state.points.size() == points;
        });
        std::string vector = "[1";
        for (std::size_t i = 1; i < recipe.dimensions; ++i)
            vector += ",0";
        const std::string text = R"X([{"id":)X" + std::to_string(poison)
            + R"X(,"payload":{"t":"a\u0000b"},"vector":)X" + vector + "]}]";
        const bool poured = changed && (*poisoned)->upload(*demo::Json::parse(text)).has_value();
        std::uint16_t port = made && poured && server.start() ? server.port() : 0;
        if (::write(ends[1], &port, sizeof port) != sizeof port || port == 0)
            ::_exit(1);
        for (;;)
            ::pause();
    }
    ::close(ends[1]);
    std::uint16_t port = 0;
    if (::read(ends[0], &port, sizeof port) != sizeof port)
        port = 0;
    ::close(ends[0]);
    return port;
}

double cpuSeconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

/// What one bad point among 100,000 costs: nothing but itself.
class BenchPoison : public QObject {
    Q_OBJECT
private slots:
    void onePointAmongMany();
};

void BenchPoison::onePointAmongMany()
{
    QVERIFY(sourcePort != 0);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.remote = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(sourcePort));
    std::vector<double> cpu[2];
    const QString names[] = {QStringLiteral("clean"), QStringLiteral("poisoned")};
    for (int run = 0; run < 2 * runsEach; ++run) {
        // Clean, poisoned, poisoned, clean: neither is always the first of a pair.
        const int which = (run + 1) / 2 % 2;
        RunRequest request = bench.request(names[which]);
        CollectionPlan& plan = request.plan.collections.first();
        plan.table = QStringLiteral("run_%1").arg(run);
        plan.indexes.clear();
        plan.searchFunctions = false;
        const double before = cpuSeconds();
        const RunOutcome outcome = bench.run(request);
        cpu[which].push_back((cpuSeconds() - before) * 1e6 / points);
        QVERIFY2(!outcome.error, qPrintable(outcome.error ? outcome.error->toText() : QString()));
        QCOMPARE(outcome.collections.first().rejected, which);
        QCOMPARE(outcome.collections.first().targetNow, qint64(points) - which);
        QVERIFY(bench.database.execute("DROP TABLE " + plan.table.toUtf8()));
    }
    const double clean = median(cpu[0]);
    const double poisoned = median(cpu[1]);
    qInfo("CPU per point: clean %.2f us, with one bad point %.2f us, ratio %.3f (medians of %d interleaved "
          "runs)",
        clean, poisoned, poisoned / clean, runsEach);
}

int main(int argc, char** argv)
{
    pid_t source = 0;
    sourcePort = startSource(source);
    QCoreApplication application(argc, argv);
    BenchPoison bench;
    const int result = QTest::qExec(&bench, argc, argv);
    ::kill(source, SIGKILL);
    ::waitpid(source, nullptr, 0);
    return result;
}

#include "benchpoison.moc"
