// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cstdio>

#include "tests/bench/benchcopyfloor.h"
#include "tests/bench/benchendtoendcost.h"
#include "tests/support/postgresserver.h"
#include "tests/support/testpostgres.h"
#include "tests/support/testprocess.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;
using namespace qdrant2pg::bench;

namespace {

int numberFrom(const char* variable, int otherwise)
{
    bool good = false;
    const int number = qEnvironmentVariableIntValue(variable, &good);
    return good && number > 0 ? number : otherwise;
}

qint64 postmasterOf(const QString& directory)
{
    for (const QString& path : {QStringLiteral("/postmaster.pid"), QStringLiteral("/data/postmaster.pid")}) {
        QFile file(directory + path);
        if (file.open(QIODevice::ReadOnly))
            return file.readLine().trimmed().toLongLong();
    }
    return 0;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// What one cell cost, round by round.
struct Cell {
    std::vector<double> rate;
    std::vector<double> client;
    std::vector<double> qdrant;
    std::vector<double> postgres;
    double peak = 0;

    void add(const Cost& cost, qint64 points)
    {
        const auto count = static_cast<double>(points);
        rate.push_back(count / cost.wall);
        client.push_back(1e6 * cost.client / count);
        qdrant.push_back(1e6 * cost.qdrant / count);
        postgres.push_back(1e6 * cost.postgres / count);
    }
    QJsonObject json() const
    {
        QJsonObject object{{QStringLiteral("pointsPerSecond"), median(rate)},
            {QStringLiteral("clientMicrosPerPoint"), median(client)},
            {QStringLiteral("qdrantMicrosPerPoint"), median(qdrant)},
            {QStringLiteral("postgresMicrosPerPoint"), median(postgres)}};
        if (peak > 0)
            object.insert(QStringLiteral("peakMiB"), peak);
        return object;
    }
    void print(const char* name) const
    {
        std::printf("%-22s %8.0f points/s, CPU us/point: client %5.1f  stand-in %5.1f  PostgreSQL %5.1f",
            name, median(rate), median(client), median(qdrant), median(postgres));
        if (peak > 0)
            std::printf("   peak %.0f MiB", peak);
        std::printf("\n");
    }
};

} // namespace

/// The whole way, over both transports, against its floors in the same run: scrolling the source without
/// looking at the answers, and copying rows that were encoded before. The source is the stand-in, not
/// Qdrant; it never prints or makes a float while it answers, so its own cost says nothing of Qdrant's.
/// CPU end to end is of whole programs: it has the pages that the pre-flight check reads over REST, whatever
/// the transport. QDRANT2PG_BENCH_POINTS, _DIMENSIONS, _PAYLOAD and _ROUNDS change the cell; _JSON names the
/// result file.
class BenchEndToEnd : public QObject {
    Q_OBJECT

private slots:
    void wholeWay();

private:
    bool migrate(Transport transport, Cell& cell);
    bool writePlan(const QString& transport) const;
    QString planFile(const QString& transport) const;

    qint64 m_points = 0;
    QString m_url;
    int m_grpcPort = 0;
    qint64 m_standIn = 0;
    qint64 m_postmaster = 0;
    QString m_targetUrl;
    QTemporaryDir m_folder;
};

QString BenchEndToEnd::planFile(const QString& transport) const
{
    return m_folder.filePath(QStringLiteral("plan-") + transport + QStringLiteral(".json"));
}

/// The proposed plan without indexes but the primary key: they are another finish line.
bool BenchEndToEnd::writePlan(const QString& transport) const
{
    const ProcessResult result = runProcess({.program = QStringLiteral("qdrant2pg"),
        .arguments = {QStringLiteral("plan"), QStringLiteral("--source"), m_url,
            QStringLiteral("--grpc-port"), QString::number(m_grpcPort), QStringLiteral("--transport"),
            transport, QStringLiteral("--collection"), QStringLiteral("bench"), QStringLiteral("--table"),
            QStringLiteral("bench_") + transport, QStringLiteral("--save-plan"), planFile(transport)},
        .environment = {QStringLiteral("DATABASE_URL=") + m_targetUrl}});
    QFile file(planFile(transport));
    if (!file.open(QIODevice::ReadWrite)) {
        qWarning("%s", result.description().constData());
        return false;
    }
    QJsonObject plan = QJsonDocument::fromJson(file.readAll()).object();
    QJsonArray collections = plan[u"collections"].toArray();
    QJsonObject collection = collections.first().toObject();
    collection[u"indexes"] = QJsonArray();
    collections[0] = collection;
    plan[u"collections"] = collections;
    return file.resize(0) && file.seek(0) && file.write(QJsonDocument(plan).toJson()) > 0;
}

bool BenchEndToEnd::migrate(Transport transport, Cell& cell)
{
    const QString name = transportLabel(transport).toLower();
    const QString out = m_folder.filePath(name);
    QDir(out).removeRecursively();
    if (!writePlan(name))
        return false;
    const ProcessRequest request{.program = QStringLiteral("qdrant2pg"),
        .arguments = {QStringLiteral("migrate"), QStringLiteral("--plan"), planFile(name),
            QStringLiteral("--verify"), QStringLiteral("none"), QStringLiteral("--out"), out},
        .environment = {QStringLiteral("DATABASE_URL=") + m_targetUrl},
        .timeout = std::chrono::minutes(5)};
    const Stretch stretch(m_standIn, m_postmaster);
    const double before = endedChildrenSeconds();
    TestProcess program(request);
    double peak = 0;
    while (program.isRunning()) {
        peak = std::max(peak, peakMiB(program.processId()));
        QTest::qWait(10);
    }
    const ProcessResult result = program.waitForEnd();
    const Cost whole = stretch.end(endedChildrenSeconds() - before);
    if (!result.ok()) {
        qWarning("%s", result.description().constData());
        return false;
    }
    QFile report(out + QStringLiteral("/report.json"));
    if (!report.open(QIODevice::ReadOnly)) {
        qWarning("there is no %s", qPrintable(report.fileName()));
        return false;
    }
    const QJsonObject json = QJsonDocument::fromJson(report.readAll()).object();
    Cost cost = whole;
    // Until the last row was stored; indexes and start-up are other finish lines.
    cost.wall = json[u"times"][u"dataMs"].toDouble() / 1000;
    cell.add(cost, m_points);
    cell.peak = std::max(cell.peak, peak);
    return json[u"source"][u"transport"].toString() == transportLabel(transport) && cost.wall > 0;
}

void BenchEndToEnd::wholeWay()
{
    m_points = numberFrom("QDRANT2PG_BENCH_POINTS", 100'000);
    const int dimensions = numberFrom("QDRANT2PG_BENCH_DIMENSIONS", 768);
    const int payload = numberFrom("QDRANT2PG_BENCH_PAYLOAD", 500);
    const int rounds = numberFrom("QDRANT2PG_BENCH_ROUNDS", 3);

    QString why;
    const auto server = PostgresServer::start(
        {.settings = {QStringLiteral("max_wal_size=4GB"), QStringLiteral("shared_buffers=256MB")}}, &why);
    if (!server)
        QSKIP(qPrintable(QStringLiteral("no PostgreSQL: ") + why));
    m_postmaster = postmasterOf(server->directory());
    QVERIFY(m_postmaster > 0);
    TestPostgres database(*server);
    QVERIFY2(database.isValid(), qPrintable(database.problem()));
    m_targetUrl = database.url();

    TestProcess standIn({.program = QStringLiteral("qdrant2pg-demo"),
        .arguments = {QStringLiteral("--port"), QStringLiteral("0"), QStringLiteral("--grpc-port"),
            QStringLiteral("0"), QStringLiteral("--no-demo"), QStringLiteral("--generate"),
            QStringLiteral("bench:points=%1,dim=%2,payload=%3").arg(m_points).arg(dimensions).arg(payload)}});
    QVERIFY(standIn.waitForOutput("gRPC on "));
    QVERIFY(standIn.waitForOutput("listening on "));
    QTest::qWait(100);
    for (const QByteArray& line : standIn.standardOutput().split('\n')) {
        if (line.startsWith("listening on "))
            m_url = QString::fromUtf8(line.mid(13).trimmed());
        if (line.startsWith("gRPC on "))
            m_grpcPort = line.mid(line.lastIndexOf(':') + 1).trimmed().toInt();
    }
    QVERIFY(m_grpcPort > 0 && !m_url.isEmpty());
    m_standIn = standIn.processId();
    SourceOptions source;
    source.url = QUrl(m_url);
    source.grpcPort = m_grpcPort;

    const auto encoded = encodeRows(source, database.options(), QStringLiteral("bench"),
        QStringLiteral("bench_floor"), std::min<qint64>(m_points, 8'000));
    QVERIFY2(encoded.has_value(), encoded ? "" : qPrintable(encoded.error().toText()));
    QVERIFY(database.execute("CREATE TABLE floor_template (LIKE bench_floor INCLUDING ALL)"));

    Cell scroll[2];
    Cell whole[2];
    Cell copy;
    for (int round = 0; round < rounds; ++round) {
        for (const Transport transport : {Transport::Grpc, Transport::Rest}) {
            const auto k = static_cast<std::size_t>(transport == Transport::Grpc);
            {
                const Stretch stretch(m_standIn, 0);
                const auto bytes = scrollFloor(transport, source, QStringLiteral("bench"));
                QVERIFY2(bytes.has_value(), bytes ? "" : qPrintable(bytes.error().toText()));
                scroll[k].add(stretch.end(), m_points);
                QVERIFY(*bytes > m_points * dimensions * 4);
            }
            QVERIFY(migrate(transport, whole[k]));
            const QByteArray table = transport == Transport::Grpc ? "bench_grpc" : "bench_rest";
            QCOMPARE(database.scalar("SELECT count(*) FROM " + table).toLongLong(), m_points);
            QVERIFY(database.execute("DROP TABLE " + table));
        }
        QVERIFY(database.execute(
            "DROP TABLE bench_floor; CREATE TABLE bench_floor (LIKE floor_template INCLUDING ALL)"));
        const Stretch stretch(0, m_postmaster);
        const auto stored = copyFloor(*encoded, database.options(), m_points);
        QVERIFY2(stored.has_value(), stored ? "" : qPrintable(stored.error().toText()));
        copy.add(stretch.end(), *stored);
        QVERIFY(database.execute("CHECKPOINT"));
    }

    std::printf(
        "%lld points of %d dimensions, %d bytes of payload, medians of %d rounds; source: the stand-in\n",
        static_cast<long long>(m_points), dimensions, payload, rounds);
    scroll[1].print("scroll floor, gRPC");
    scroll[0].print("scroll floor, REST");
    copy.print("COPY floor");
    whole[1].print("end to end, gRPC");
    whole[0].print("end to end, REST");
    const double floorRate = median(copy.rate);
    std::printf("ratio to the COPY floor: gRPC %.2f, REST %.2f\n", median(whole[1].rate) / floorRate,
        median(whole[0].rate) / floorRate);
    const QString path = qEnvironmentVariable(
        "QDRANT2PG_BENCH_JSON", QStringLiteral(QDRANT2PG_BINARY_DIR "/bench-endtoend.json"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QJsonDocument(
        QJsonObject{{QStringLiteral("points"), m_points}, {QStringLiteral("dimensions"), dimensions},
            {QStringLiteral("payloadBytes"), payload}, {QStringLiteral("rounds"), rounds},
            {QStringLiteral("source"), QStringLiteral("stand-in")},
            {QStringLiteral("copyFloor"), copy.json()},
            {QStringLiteral("grpc"),
                QJsonObject{{QStringLiteral("scrollFloor"), scroll[1].json()},
                    {QStringLiteral("endToEnd"), whole[1].json()},
                    {QStringLiteral("ratioToCopyFloor"), median(whole[1].rate) / floorRate}}},
            {QStringLiteral("rest"),
                QJsonObject{{QStringLiteral("scrollFloor"), scroll[0].json()},
                    {QStringLiteral("endToEnd"), whole[0].json()},
                    {QStringLiteral("ratioToCopyFloor"), median(whole[0].rate) / floorRate}}}})
                   .toJson());
}

QTEST_GUILESS_MAIN(BenchEndToEnd)
#include "benchendtoend.moc"
