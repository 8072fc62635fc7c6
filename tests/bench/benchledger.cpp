// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/rowencoder.h"
#include "core/engine/schemarunner.h"
#include "core/plan/targetschema.h"
#include "core/postgres/ledger.h"
#include "core/postgres/rowdigest.h"
#include "core/qdrant/pagedecoder.h"
#include "tests/engine/support/migrationbench.h"
#include "tests/support/postgresserver.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <numeric>
#include <random>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;
using qdrant2pg::test::PostgresServer;
using namespace Qt::StringLiterals;

namespace {

constexpr int dimensions = 768;
constexpr int ranges = 48;
/// As for 100,000 points and two lanes.
constexpr int rangesPlannedTogether = 16;
/// The engine renews every ten seconds; a lane that is slower than 2,500 points a second does it as often.
constexpr int rangesPerRenewal = 4;
/// Pages that are measured together.
constexpr int pagesPerBlock = 8;

/// What a lane stores at a time by default: 2.5 MB over REST, 1.5 MB over gRPC.
struct PageKind {
    const char* name;
    int points;
    /// Of a range, which has 6,250 points when the engine divides 100,000 for two lanes.
    int blocks;
    /// Over gRPC decoding takes under 1 us a point. It is left out there: the share of the ledger comes out
    /// too high rather than too low.
    bool decodes;
};
constexpr PageKind pageKinds[] = {
    {"REST pages, decoded", 250, 3, true}, {"gRPC pages, not decoded", 420, 2, false}};

/// A page as Qdrant sends it: 768 dimensions and about 500 bytes of payload.
QByteArray makePage(int points)
{
    std::mt19937_64 random(768);
    std::normal_distribution<float> normal;
    QByteArray body = R"({"result":{"points":[)";
    for (int k = 0; k < points; ++k) {
        body += QByteArray(k ? "," : "") + R"({"id":")" + QByteArray::number(0x10000000 + k, 16)
            + R"(-425d-40de-944b-e07fc1f90ae7","payload":{"content":")"
            + QByteArray("adventure ").repeated(48) + R"("},"vector":[)";
        for (int element = 0; element < dimensions; ++element)
            body +=
                (element ? "," : "") + QByteArray::number(static_cast<double>(normal(random)) / 28, 'g', 8);
        body += "]}";
    }
    return body + R"(],"next_page_offset":null},"status":"ok","time":0.003})";
}

double threadSeconds()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// CPU time of a process of this computer that waits; schedstat counts nanoseconds, stat only ticks.
double processSeconds(int pid)
{
    QFile file(u"/proc/%1/schedstat"_s.arg(pid));
    return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(0).toDouble() * 1e-9 : 0;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

double mean(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double quartile(std::vector<double> values, std::size_t which)
{
    std::sort(values.begin(), values.end());
    return values[values.size() * which / 4];
}

} // namespace

/// What the ledger and its leases cost: CPU per point of client and PostgreSQL's backend together, the same
/// pages stored with and without them, in transactions of the same size, in turns of eight pages. Without:
/// BEGIN and COPY in one message, the rows, COMMIT. With: that and each page's update of its range. What
/// comes once a range is measured apart and added: planning and leasing it, renewing the lease, and what its
/// last, synchronous commit takes more than another.
class BenchLedger : public QObject {
    Q_OBJECT
private slots:
    void ledgerCost();

private:
    void measure(MigrationBench& bench, Connection& connection, const PageKind& kind);
};

void BenchLedger::ledgerCost()
{
    QString why;
    // Autovacuum comes and goes by the clock and would fall into one round or another.
    const auto server = PostgresServer::start(
        {.fsync = true, .settings = {u"max_wal_size=4GB"_s, u"autovacuum=off"_s}}, &why);
    if (!server)
        QSKIP(qPrintable(u"no PostgreSQL: "_s + why));
    MigrationBench bench(*server);
    QVERIFY2(bench.database.isValid(), qPrintable(bench.database.problem()));
    demo::Recipe recipe;
    recipe.points = 1;
    recipe.dimensions = dimensions;
    bench.generate("things", recipe);
    auto connection = Connection::open(bench.database.options());
    QVERIFY(connection);
    QVERIFY(connection->execute("SET synchronous_commit = off"));
    connection->allowPreparing(true);
    QVERIFY(Ledger(u"qdrant2pg"_s).ensure(*connection));
    for (const PageKind& kind : pageKinds)
        measure(bench, *connection, kind);
}

void BenchLedger::measure(MigrationBench& bench, Connection& connection, const PageKind& kind)
{
    const RunRequest request = bench.request(u"things"_s);
    const CollectionPlan& plan = request.plan.collections.first();
    auto profile = readServerProfile(connection);
    QVERIFY(profile);
    auto schema = targetSchema(request.plan, plan, *profile);
    QVERIFY(schema);
    QVERIFY(SchemaRunner::before(connection, *schema));
    RowEncoder::Options options;
    options.vectorOid = profile->vectorOid;
    auto encoder = RowEncoder::create(plan, *schema, options);
    QVERIFY(encoder);
    RowDigest digest(schema->table.columnTypes());
    const QByteArray copySql = copyInSql(schema->table).toUtf8();

    const Ledger ledger(u"qdrant2pg"_s);
    LedgerRun run;
    run.id = QString::fromLatin1(kind.name);
    run.state = u"copying"_s;
    QVERIFY(ledger.createRun(connection, run));
    const QString owner = u"bench-1-0"_s;
    QVERIFY(ledger.announceOwner(connection, owner));

    const QByteArray body = makePage(kind.points);
    RestPageDecoder decoder;
    PointPage page;
    QVERIFY(decoder.decode(body, page));
    CopyBuffer buffer;
    LedgerRange range;
    int number = 0;
    const auto measured = [&](const auto& work) {
        const double server = processSeconds(connection.backendPid());
        const double client = threadSeconds();
        work();
        return threadSeconds() - client + processSeconds(connection.backendPid()) - server;
    };
    const auto takeRange = [&] {
        if (number % rangesPlannedTogether == 0) {
            QList<LedgerRange> planned(rangesPlannedTogether);
            for (int k = 0; k < rangesPlannedTogether; ++k) {
                planned[k].collection = u"things"_s;
                planned[k].number = number + k;
            }
            if (!ledger.addRanges(connection, run.id, planned))
                qFatal("no ranges");
        }
        if (number++ % rangesPerRenewal == 0 && !ledger.renewLeases(connection, run.id, owner, 30))
            qFatal("no lease renewed");
        auto leased = ledger.leaseRange(connection, run.id, owner, 30);
        if (!leased || !*leased)
            qFatal("no range");
        range = **leased;
    };
    const auto storePage = [&](bool withLedger, bool done) {
        if (kind.decodes && !decoder.decode(body, page))
            qFatal("no page");
        buffer.clear();
        RangeProgress progress;
        for (const PointView& point : page.points()) {
            const std::size_t begin = buffer.bytes().size();
            if (encoder->encode(page, point, buffer))
                qFatal("a reject");
            progress.digest += digest.hash(buffer.bytes().substr(begin));
        }
        bool good = false;
        if (withLedger) {
            progress.rows = kind.points;
            progress.newCursor = page.points().back().id.toString();
            progress.done = done;
            const auto begun = ledger.beginPage(connection, run.id, range, owner, progress, 30, copySql);
            good = begun && *begun;
            range.cursor = progress.newCursor;
        } else {
            good = connection.copyInBegin("BEGIN; " + copySql).has_value();
        }
        good = good && connection.copyInWrite(CopyBuffer::header()) && connection.copyInWrite(buffer.bytes())
            && connection.copyInWrite(CopyBuffer::trailer()) && connection.copyInEnd() && connection.commit();
        if (!good)
            qFatal("a page could not be stored");
    };
    const auto block = [&](bool withLedger) {
        return measured([&] {
            for (int k = 0; k < pagesPerBlock; ++k)
                storePage(withLedger, false);
        });
    };
    std::vector<double> without;
    std::vector<double> more;
    std::vector<double> taking;
    std::vector<double> ending;
    takeRange();
    block(true);
    for (int r = 0; r < ranges; ++r) {
        taking.push_back(measured(takeRange));
        for (int k = 0; k < kind.blocks; ++k) {
            const bool first = (r + k) % 2 == 0;
            const double one = block(first);
            const double other = block(!first);
            without.push_back(first ? other : one);
            more.push_back(first ? one - other : other - one);
        }
        ending.push_back(
            measured([&] { storePage(true, true); }) - (without.back() + more.back()) / pagesPerBlock);
        if (!connection.execute("TRUNCATE things; CHECKPOINT"))
            qFatal("not emptied");
    }
    const double points = kind.points * pagesPerBlock;
    const double plain = median(without) / points;
    const double pages = median(more) / points;
    const double perRange = (mean(taking) + median(ending)) / (points * kind.blocks);
    std::printf(
        "%s, %d points a page: %.2f us a point without ledger and leases; %+.2f %% with: pages %+.2f %% "
        "(middle half of %zu pairs %+.2f to %+.2f), taking and ending ranges %+.2f %%\n",
        kind.name, kind.points, 1e6 * plain, 100 * (pages + perRange) / plain, 100 * pages / plain,
        more.size(), 100 * quartile(more, 1) / points / plain, 100 * quartile(more, 3) / points / plain,
        100 * perRange / plain);
    QVERIFY(connection.execute("DROP TABLE things"));
}

QTEST_GUILESS_MAIN(BenchLedger)
#include "benchledger.moc"
