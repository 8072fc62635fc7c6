// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/rowencoder.h"
#include "core/engine/schemarunner.h"
#include "core/plan/targetschema.h"
#include "core/postgres/ledger.h"
#include "core/postgres/rowdigest.h"
#include "core/qdrant/pagedecoder.h"
#include "tests/engine/support/migrationbench.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;
using namespace Qt::StringLiterals;

namespace {

constexpr int dimensions = 768;
constexpr int pointsPerPage = 200;
constexpr int pagesPerRange = 10;
constexpr int rangesPerRound = 2;
constexpr int rounds = 9;

/// A page as Qdrant sends it: 768 dimensions and about 500 bytes of payload.
QByteArray makePage()
{
    std::mt19937_64 random(768);
    std::normal_distribution<float> normal;
    QByteArray body = R"({"result":{"points":[)";
    for (int k = 0; k < pointsPerPage; ++k) {
        body += QByteArray(k ? "," : "") + R"({"id":)" + QByteArray::number(k + 1)
            + R"(,"payload":{"content":")" + QByteArray("adventure ").repeated(48) + R"("},"vector":[)";
        for (int element = 0; element < dimensions; ++element)
            body +=
                (element ? "," : "") + QByteArray::number(static_cast<double>(normal(random)) / 28, 'g', 8);
        body += "]}";
    }
    return body + R"(],"next_page_offset":100000},"status":"ok","time":0.003})";
}

double threadSeconds()
{
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// CPU time of a process of this computer; schedstat counts nanoseconds, stat only ticks.
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

} // namespace

/// What the ledger and its leases cost: CPU per point of client and PostgreSQL backend together, the same
/// pages stored with and without them, rounds interleaved.
class BenchLedger : public QObject {
    Q_OBJECT
private slots:
    void ledgerCost();
};

void BenchLedger::ledgerCost()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::Recipe recipe;
    recipe.points = 1;
    recipe.ids = demo::IdKind::Sequential;
    recipe.dimensions = dimensions;
    bench.generate("things", recipe);
    const RunRequest request = bench.request(u"things"_s);
    const CollectionPlan& plan = request.plan.collections.first();
    auto connection = Connection::open(request.target);
    QVERIFY(connection);
    auto profile = readServerProfile(*connection);
    QVERIFY(profile);
    auto schema = targetSchema(request.plan, plan, *profile);
    QVERIFY(schema);
    QVERIFY(SchemaRunner::before(*connection, *schema));
    RowEncoder::Options options;
    options.vectorOid = profile->vectorOid;
    auto encoder = RowEncoder::create(plan, *schema, options);
    QVERIFY(encoder);
    std::vector<ColumnType> types;
    for (const ColumnSpec& column : schema->table.columns)
        types.push_back(column.type);
    RowDigest digest(types);
    const QByteArray copySql = copyInSql(schema->table).toUtf8();

    const Ledger ledger(u"qdrant2pg"_s);
    QVERIFY(ledger.ensure(*connection));
    LedgerRun run;
    run.id = u"bench"_s;
    run.state = u"copying"_s;
    QVERIFY(ledger.createRun(*connection, run));
    QList<LedgerRange> ranges;
    for (int number = 0; number < (rounds + 1) * rangesPerRound; ++number) {
        LedgerRange range;
        range.collection = u"things"_s;
        range.number = number;
        ranges << range;
    }
    QVERIFY(ledger.addRanges(*connection, run.id, ranges));
    QVERIFY(connection->execute("SET synchronous_commit = off"));
    const QString owner = u"bench-1-0"_s;
    QVERIFY(ledger.announceOwner(*connection, owner));

    const QByteArray body = makePage();
    RestPageDecoder decoder;
    PointPage page;
    CopyBuffer buffer;
    int cursor = 0;
    const auto round = [&](bool withLedger) -> double {
        const double client = threadSeconds();
        const double server = processSeconds(connection->backendPid());
        for (int number = 0; number < rangesPerRound; ++number) {
            std::optional<LedgerRange> range;
            if (withLedger) {
                auto leased = ledger.leaseRange(*connection, run.id, owner, 30);
                if (!leased || !*leased)
                    qFatal("no range");
                range = **leased;
                if (!ledger.renewLeases(*connection, run.id, owner, 30))
                    qFatal("no lease");
            }
            for (int k = 0; k < pagesPerRange; ++k) {
                if (!decoder.decode(body, page))
                    qFatal("no page");
                buffer.clear();
                RangeProgress progress;
                for (const PointView& point : page.points()) {
                    const std::size_t begin = buffer.bytes().size();
                    if (encoder->encode(page, point, buffer))
                        qFatal("a reject");
                    progress.digest += digest.hash(buffer.bytes().substr(begin));
                }
                progress.rows = pointsPerPage;
                progress.newCursor = QString::number(++cursor);
                progress.done = k + 1 == pagesPerRange;
                bool good = connection->begin().has_value();
                if (withLedger) {
                    auto advanced = ledger.advanceRange(*connection, run.id, *range, owner, progress, 30);
                    good = good && advanced && *advanced;
                    range->cursor = progress.newCursor;
                }
                good = good && connection->copyInBegin(copySql)
                    && connection->copyInWrite(CopyBuffer::header())
                    && connection->copyInWrite(buffer.bytes())
                    && connection->copyInWrite(CopyBuffer::trailer()) && connection->copyInEnd()
                    && connection->commit();
                if (!good)
                    qFatal("a page could not be stored");
            }
        }
        const double used = threadSeconds() - client + processSeconds(connection->backendPid()) - server;
        if (!connection->execute("TRUNCATE things"))
            qFatal("not emptied");
        return used / (rangesPerRound * pagesPerRange * pointsPerPage);
    };
    round(false);
    round(true);
    std::vector<double> with;
    std::vector<double> without;
    std::vector<double> ratios;
    for (int k = 0; k + 1 < rounds; ++k) {
        without.push_back(round(false));
        with.push_back(round(true));
        ratios.push_back(with.back() / without.back());
    }
    std::printf("ledger and leases: %.2f us a point without, %.2f us with, %+.2f %% (median of %zu pairs: "
                "%+.2f %%)\n",
        1e6 * median(without), 1e6 * median(with), 100 * (median(with) / median(without) - 1), ratios.size(),
        100 * (median(ratios) - 1));
}

QTEST_GUILESS_MAIN(BenchLedger)
#include "benchledger.moc"
