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

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <random>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;
using qdrant2pg::test::PostgresServer;
using namespace Qt::StringLiterals;

namespace {

constexpr int dimensions = 768;
constexpr int rounds = 15;
/// Of 100,000 points for two lanes, as the engine divides them.
constexpr int pointsPerRange = 6250;

/// What a lane stores at a time by default: 2 MB over REST, 1 MB over gRPC.
struct PageKind {
    const char* name;
    int points;
    /// Over gRPC decoding takes under 1 us a point. It is left out there: the share of the ledger comes out
    /// too high rather than too low.
    bool decodes;
};
constexpr PageKind pageKinds[] = {
    {"REST pages, decoded", 200, true}, {"gRPC pages, not decoded", 280, false}};

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

QByteArray parentOf(const QString& pid)
{
    QFile file(u"/proc/%1/stat"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray text = file.readAll();
    return text.mid(text.lastIndexOf(')') + 2).split(' ').value(1);
}

/// CPU time of all processes of a PostgreSQL server of this computer, so also of its WAL writer and
/// checkpointer; schedstat counts nanoseconds, stat only ticks.
double serverSeconds(const QByteArray& postmaster)
{
    double sum = 0;
    for (const QString& pid : QDir(u"/proc"_s).entryList(QDir::Dirs)) {
        if (pid.front().isDigit() && parentOf(pid) == postmaster) {
            QFile file(u"/proc/%1/schedstat"_s.arg(pid));
            if (file.open(QIODevice::ReadOnly))
                sum += file.readAll().split(' ').value(0).toDouble() * 1e-9;
        }
    }
    return sum;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// The middle half of the values, as "+1.2 to +1.9".
QByteArray middleHalf(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return QByteArray::number(values[values.size() / 4], 'f', 2) + " to "
        + QByteArray::number(values[values.size() * 3 / 4], 'f', 2);
}

} // namespace

/// What the ledger and its leases cost: CPU per point of client and PostgreSQL together, the same pages
/// stored with and without them, in transactions of the same size, rounds interleaved. Without: BEGIN and
/// COPY in one message, the rows, COMMIT. With: that, and each range planned, leased, its lease renewed once
/// (the engine does so every ten seconds), each page's update of its range, and the synchronous commit of the
/// last.
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
    std::vector<ColumnType> types;
    for (const ColumnSpec& column : schema->table.columns)
        types.push_back(column.type);
    RowDigest digest(types);
    const QByteArray copySql = copyInSql(schema->table).toUtf8();

    const Ledger ledger(u"qdrant2pg"_s);
    LedgerRun run;
    run.id = QString::fromLatin1(kind.name);
    run.state = u"copying"_s;
    QVERIFY(ledger.createRun(connection, run));
    const QString owner = u"bench-1-0"_s;
    QVERIFY(ledger.announceOwner(connection, owner));

    const QByteArray postmaster = parentOf(QString::number(connection.backendPid()));
    const QByteArray body = makePage(kind.points);
    const int pages = (pointsPerRange + kind.points - 1) / kind.points;
    RestPageDecoder decoder;
    PointPage page;
    QVERIFY(decoder.decode(body, page));
    CopyBuffer buffer;
    int number = 0;
    const auto round = [&](bool withLedger) -> double {
        const double server = serverSeconds(postmaster);
        const double client = threadSeconds();
        std::optional<LedgerRange> range;
        if (withLedger) {
            LedgerRange planned;
            planned.collection = u"things"_s;
            planned.number = number++;
            if (!ledger.addRanges(connection, run.id, {planned}))
                qFatal("no range");
            auto leased = ledger.leaseRange(connection, run.id, owner, 30);
            if (!leased || !*leased || !ledger.renewLeases(connection, run.id, owner, 30))
                qFatal("no lease");
            range = **leased;
        }
        for (int k = 0; k < pages; ++k) {
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
                progress.done = k + 1 == pages;
                const auto begun = ledger.beginPage(connection, run.id, *range, owner, progress, 30, copySql);
                good = begun && *begun;
                range->cursor = progress.newCursor;
            } else {
                good = connection.copyInBegin("BEGIN; " + copySql).has_value();
            }
            good = good && connection.copyInWrite(CopyBuffer::header())
                && connection.copyInWrite(buffer.bytes()) && connection.copyInWrite(CopyBuffer::trailer())
                && connection.copyInEnd() && connection.commit();
            if (!good)
                qFatal("a page could not be stored");
        }
        const double used = threadSeconds() - client + serverSeconds(postmaster) - server;
        if (!connection.execute("TRUNCATE things"))
            qFatal("not emptied");
        return used / (pages * kind.points);
    };
    round(false);
    round(true);
    std::vector<double> with;
    std::vector<double> without;
    std::vector<double> percents;
    for (int k = 0; k < rounds; ++k) {
        without.push_back(round(false));
        with.push_back(round(true));
        percents.push_back(100 * (with.back() / without.back() - 1));
    }
    std::printf(
        "%s, %d points a page: %.2f us a point without ledger and leases, %.2f us with; %+.2f %% (median "
        "of %zu pairs %+.2f %%, the middle half %s)\n",
        kind.name, kind.points, 1e6 * median(without), 1e6 * median(with),
        100 * (median(with) / median(without) - 1), percents.size(), median(percents),
        middleHalf(percents).constData());
    QVERIFY(connection.execute("DROP TABLE things"));
}

QTEST_GUILESS_MAIN(BenchLedger)
#include "benchledger.moc"
