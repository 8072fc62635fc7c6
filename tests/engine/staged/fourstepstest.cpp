// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/converter.h"
#include "core/staged/durablefile.h"
#include "core/staged/exporter.h"
#include "core/staged/folderfacts.h"
#include "core/staged/importer.h"
#include "demo/source/recordings.h"
#include "tests/engine/support/migrationbench.h"
#include "tests/support/recordings.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;
using qdrant2pg::test::Recordings;
using qdrant2pg::test::TestPostgres;

namespace {

/// Every row of a table as text, ordered; columns that a default fills at the moment of loading are left out.
QStringList rowsOf(const TestPostgres& database, const QString& table)
{
    const auto columns = database.rows("SELECT string_agg(quote_ident(column_name) || '::text', ', ' ORDER "
                                       "BY ordinal_position) FROM information_schema.columns "
                                       "WHERE table_schema = 'public' AND table_name = '"
        + table.toUtf8() + "' AND column_name <> 'updated_at'");
    const QByteArray sql = "SELECT md5(ROW(" + columns.front().front().toUtf8() + ")::text), id::text FROM "
        + table.toUtf8() + " ORDER BY 2";
    QStringList rows;
    for (const QStringList& row : database.rows(sql))
        rows << row.join(QLatin1Char(' '));
    return rows;
}

} // namespace

/// The guide's four steps give exactly what the streamed run gives, through files that nothing escapes.
class FourStepsTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void sameAsStreamed_data();
    void sameAsStreamed();
    void recordedGameCollection_data();
    void recordedGameCollection();
    void everyVectorKind_data();
    void everyVectorKind();
    void conversionIsRepeatable();
    void rejectsGoToTheirFile();
    void duplicatesAreRejected();
    void brokenBatchesStopTheConversion();
    void oldFolderIsTakenOver();

private:
    ExportRequest exportRequest(const MigrationBench& bench, const QString& collection) const;
    ConvertRequest convertRequest(const MigrationPlan& plan, DataFormat format) const;
    ImportRequest importRequest(const MigrationPlan& plan, const TestPostgres& target) const;
    /// All four but the last; the imported rows.
    void runSteps(MigrationBench& bench, const QString& collection, const MigrationPlan& plan,
        DataFormat format, const TestPostgres& target, qint64 points);
    std::unique_ptr<QTemporaryDir> m_dir;
};

void FourStepsTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
}

ExportRequest FourStepsTest::exportRequest(const MigrationBench& bench, const QString& collection) const
{
    ExportRequest request;
    request.source = bench.source();
    request.collection = collection;
    request.folder = m_dir->filePath(QStringLiteral("export"));
    return request;
}

ConvertRequest FourStepsTest::convertRequest(const MigrationPlan& plan, DataFormat format) const
{
    ConvertRequest request;
    request.folder = m_dir->filePath(QStringLiteral("export"));
    request.output = m_dir->filePath(
        format == DataFormat::Csv ? QStringLiteral("data.csv") : QStringLiteral("data.pgcopy"));
    request.format = format;
    request.plan = plan;
    return request;
}

ImportRequest FourStepsTest::importRequest(const MigrationPlan& plan, const TestPostgres& target) const
{
    ImportRequest request;
    request.file = m_dir->filePath(QFile::exists(m_dir->filePath(QStringLiteral("data.csv")))
            ? QStringLiteral("data.csv")
            : QStringLiteral("data.pgcopy"));
    request.plan = plan;
    request.target = target.options();
    request.transactionBytes = 50'000;
    return request;
}

void FourStepsTest::runSteps(MigrationBench& bench, const QString& collection, const MigrationPlan& plan,
    DataFormat format, const TestPostgres& target, qint64 points)
{
    const auto exported = exportCollection(exportRequest(bench, collection), {});
    QVERIFY2(exported, exported ? "" : qPrintable(exported.error().toText()));
    QCOMPARE(exported->points, points);
    const auto converted = convertBatches(convertRequest(plan, format), {});
    QVERIFY2(converted, converted ? "" : qPrintable(converted.error().toText()));
    QCOMPARE(converted->points, points);
    QCOMPARE(converted->rows + converted->rejected, points);
    const auto imported = importFile(importRequest(plan, target), {});
    QVERIFY2(imported, imported ? "" : qPrintable(imported.error().toText()));
    QCOMPARE(imported->stored, converted->rows);
    QCOMPARE(imported->tableRows, converted->rows);
    QCOMPARE(imported->rejected, 0);
}

void FourStepsTest::sameAsStreamed_data()
{
    QTest::addColumn<int>("ids");
    QTest::addColumn<bool>("csv");
    QTest::newRow("uuid, csv") << int(demo::IdKind::Uuid) << true;
    QTest::newRow("sparse u64, csv") << int(demo::IdKind::Sparse) << true;
    QTest::newRow("mixed, csv") << int(demo::IdKind::Mixed) << true;
    QTest::newRow("uuid, pgcopy") << int(demo::IdKind::Uuid) << false;
    QTest::newRow("sequential, pgcopy") << int(demo::IdKind::Sequential) << false;
}

void FourStepsTest::sameAsStreamed()
{
    QFETCH(int, ids);
    QFETCH(bool, csv);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::Recipe recipe;
    recipe.points = 1'230;
    recipe.ids = static_cast<demo::IdKind>(ids);
    recipe.dimensions = 24;
    recipe.payloadBytes = 150;
    bench.generate("things", recipe);
    const RunRequest request = bench.request(QStringLiteral("things"));
    const RunOutcome streamed = bench.run(request);
    QVERIFY2(streamed.state == RunState::Completed,
        qPrintable(streamed.error ? streamed.error->toText() : QString()));
    TestPostgres second;
    runSteps(bench, QStringLiteral("things"), request.plan, csv ? DataFormat::Csv : DataFormat::PgCopy,
        second, 1'230);
    if (QTest::currentTestFailed())
        return;
    QCOMPARE(rowsOf(second, QStringLiteral("things")), rowsOf(bench.database, QStringLiteral("things")));
    // The ledger's sum counts the same rows, however they came.
    const QByteArray sum =
        "SELECT sum(digest) % 340282366920938463463374607431768211456::numeric FROM qdrant2pg.range";
    QCOMPARE(second.scalar(sum), bench.database.scalar(sum));
}

void FourStepsTest::recordedGameCollection_data()
{
    QTest::addColumn<bool>("csv");
    QTest::newRow("csv") << true;
    QTest::newRow("pgcopy") << false;
}

void FourStepsTest::recordedGameCollection()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    QFETCH(bool, csv);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY(demo::loadRecordings(
        bench.server.store(), (Recordings::directory() + QStringLiteral("/game_collection")).toStdString()));
    const RunRequest request =
        bench.request(QStringLiteral("game_collection"), QStringLiteral("context_items"));
    const RunOutcome streamed = bench.run(request);
    QVERIFY2(streamed.state == RunState::Completed,
        qPrintable(streamed.error ? streamed.error->toText() : QString()));
    TestPostgres second;
    runSteps(bench, QStringLiteral("game_collection"), request.plan,
        csv ? DataFormat::Csv : DataFormat::PgCopy, second, 350);
    if (QTest::currentTestFailed())
        return;
    if (csv) {
        QFile file(m_dir->filePath(QStringLiteral("data.csv")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readLine().startsWith("id,game_id,user_id,content,embedding,metadata,created_at"));
    }
    const QStringList rows = rowsOf(second, QStringLiteral("context_items"));
    QCOMPARE(rows.size(), 350);
    QCOMPARE(rows, rowsOf(bench.database, QStringLiteral("context_items")));
    for (const char* table : {"games", "characters", "locations", "quests"}) {
        const QByteArray names =
            QByteArray("SELECT string_agg(id::text || ' ' || name, ',' ORDER BY id) FROM ") + table;
        QCOMPARE(second.scalar(names), bench.database.scalar(names));
    }
    QCOMPARE(second.scalar("SELECT count(*) FROM pg_indexes WHERE tablename = 'context_items'"),
        bench.database.scalar("SELECT count(*) FROM pg_indexes WHERE tablename = 'context_items'"));
}

void FourStepsTest::everyVectorKind_data()
{
    QTest::addColumn<bool>("csv");
    QTest::newRow("csv") << true;
    QTest::newRow("pgcopy") << false;
}

void FourStepsTest::everyVectorKind()
{
    QFETCH(bool, csv);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::Recipe recipe;
    recipe.points = 400;
    recipe.dimensions = 12;
    recipe.dense = {"title", "body"};
    recipe.sparse = {"words"};
    recipe.multi = {"tokens"};
    recipe.missing = 0.3;
    recipe.datatype = demo::Datatype::Float16;
    bench.generate("kinds", recipe);
    const RunRequest request = bench.request(QStringLiteral("kinds"));
    const RunOutcome streamed = bench.run(request);
    QVERIFY2(streamed.state == RunState::Completed,
        qPrintable(streamed.error ? streamed.error->toText() : QString()));
    TestPostgres second;
    // Another OID of the type vector: files must not depend on the server they were made beside.
    QVERIFY(second.execute("DROP EXTENSION vector; CREATE TYPE pad1 AS (a int); CREATE TYPE pad2 AS (a int); "
                           "CREATE EXTENSION vector"));
    runSteps(bench, QStringLiteral("kinds"), request.plan, csv ? DataFormat::Csv : DataFormat::PgCopy, second,
        400);
    if (QTest::currentTestFailed())
        return;
    QCOMPARE(rowsOf(second, QStringLiteral("kinds")), rowsOf(bench.database, QStringLiteral("kinds")));
}

void FourStepsTest::conversionIsRepeatable()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY(demo::generateGameCollection(bench.server.store(), "game_collection", 250, 3, 16));
    const RunRequest request =
        bench.request(QStringLiteral("game_collection"), QStringLiteral("context_items"));
    QVERIFY(exportCollection(exportRequest(bench, QStringLiteral("game_collection")), {}));
    for (const DataFormat format : {DataFormat::Csv, DataFormat::PgCopy}) {
        const ConvertRequest convert = convertRequest(request.plan, format);
        QVERIFY(convertBatches(convert, {}));
        const auto first = fileSha256(convert.output);
        QVERIFY(convertBatches(convert, {}));
        const auto again = fileSha256(convert.output);
        QVERIFY(first && again);
        QCOMPARE(*again, *first);
        const auto manifest = readDataManifest(convert.output);
        QVERIFY(manifest && *manifest);
        QCOMPARE((*manifest)->sha256, *first);
        QCOMPARE((*manifest)->rows, 250);
        const auto plan = planOfDataFile(convert.output);
        QVERIFY(plan && *plan);
        QCOMPARE(**plan, request.plan);
    }
}

void FourStepsTest::rejectsGoToTheirFile()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X",
        R"X([{"id":1,"vector":[1,2],"payload":{"a":"good"}},{"id":2,"vector":[1,2],"payload":{"a":"x\u0000y"}},{"id":3,"vector":[3,4],"payload":{"a":"good, too"}}])X");
    const RunRequest request = bench.request(QStringLiteral("things"));
    QVERIFY(exportCollection(exportRequest(bench, QStringLiteral("things")), {}));
    ConvertRequest convert = convertRequest(request.plan, DataFormat::Csv);
    auto converted = convertBatches(convert, {});
    QVERIFY2(converted, converted ? "" : qPrintable(converted.error().toText()));
    QCOMPARE(converted->rows, 2);
    QCOMPARE(converted->rejected, 1);
    const auto lines = readWholeFile(converted->rejectsFile, 100'000);
    QVERIFY(lines);
    const QJsonObject reject = QJsonDocument::fromJson(*lines).object();
    QCOMPARE(reject.value(QStringLiteral("id")).toString(), QStringLiteral("2"));
    QCOMPARE(reject.value(QStringLiteral("sqlState")).toString(), QStringLiteral("22P05"));
    convert.plan.run.onReject = OnReject::Stop;
    converted = convertBatches(convert, {});
    QVERIFY(!converted);
    QCOMPARE(converted.error().kind, ErrorKind::Data);
    QCOMPARE(converted.error().where.pointId, QStringLiteral("2"));
}

void FourStepsTest::duplicatesAreRejected()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X",
        R"X([{"id":1,"vector":[1,2],"payload":{}},{"id":2,"vector":[1,2],"payload":{}},{"id":3,"vector":[3,4],"payload":{}}])X");
    const RunRequest request = bench.request(QStringLiteral("things"));
    QVERIFY(exportCollection(exportRequest(bench, QStringLiteral("things")), {}));
    const QDir folder(m_dir->filePath(QStringLiteral("export")));
    QVERIFY(QFile::copy(folder.filePath(QStringLiteral("batch_000001.json")),
        folder.filePath(QStringLiteral("batch_000002.json"))));
    // The manifest does not list it: named.
    ConvertRequest convert = convertRequest(request.plan, DataFormat::Csv);
    auto converted = convertBatches(convert, {});
    QVERIFY(!converted);
    QVERIFY(converted.error().summary.contains(QStringLiteral("batch_000002.json")));
    // Without a manifest both are read, and each id once.
    QVERIFY(QFile::remove(folder.filePath(QStringLiteral("manifest.json"))));
    converted = convertBatches(convert, {});
    QVERIFY2(converted, converted ? "" : qPrintable(converted.error().toText()));
    QCOMPARE(converted->points, 6);
    QCOMPARE(converted->rows, 3);
    QCOMPARE(converted->rejected, 3);
    const auto lines = readWholeFile(converted->rejectsFile, 100'000);
    QVERIFY(lines && lines->contains("batch_000001.json"));
}

void FourStepsTest::brokenBatchesStopTheConversion()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    demo::Recipe recipe;
    recipe.points = 500;
    recipe.dimensions = 4;
    bench.generate("things", recipe);
    const RunRequest request = bench.request(QStringLiteral("things"));
    QVERIFY(exportCollection(exportRequest(bench, QStringLiteral("things")), {}));
    const QDir folder(m_dir->filePath(QStringLiteral("export")));
    QVERIFY(QFile::resize(folder.filePath(QStringLiteral("batch_000002.json")), 1'000));
    QVERIFY(QFile::remove(folder.filePath(QStringLiteral("batch_000004.json"))));
    ConvertRequest convert = convertRequest(request.plan, DataFormat::Csv);
    auto converted = convertBatches(convert, {});
    QVERIFY(!converted);
    QCOMPARE(converted.error().kind, ErrorKind::File);
    for (const char* words : {"batch_000002.json was changed or damaged", "batch_000004.json is missing"})
        QVERIFY2(
            converted.error().detail.contains(QLatin1String(words)), qPrintable(converted.error().toText()));
    QVERIFY(!QFile::exists(convert.output));
    QVERIFY(!QFile::exists(convert.output + QStringLiteral(".part")));
    convert.allowBroken = true;
    converted = convertBatches(convert, {});
    QVERIFY2(converted, converted ? "" : qPrintable(converted.error().toText()));
    QCOMPARE(converted->rows, 300);
    QCOMPARE(converted->problems.size(), 2);
}

void FourStepsTest::oldFolderIsTakenOver()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY(demo::loadRecordings(
        bench.server.store(), (Recordings::directory() + QStringLiteral("/game_collection")).toStdString()));
    const RunRequest request =
        bench.request(QStringLiteral("game_collection"), QStringLiteral("context_items"));
    const RunOutcome streamed = bench.run(request);
    QCOMPARE(streamed.state, RunState::Completed);
    // The recorded answers are what the old script wrote: bare scroll replies.
    const QDir folder(m_dir->filePath(QStringLiteral("export")));
    QVERIFY(folder.mkpath(QStringLiteral(".")));
    int number = 0;
    for (const char* name :
        {"004-scroll-page-1", "005-scroll-page-2", "006-scroll-page-3", "007-scroll-page-4"}) {
        const QByteArray body =
            Recordings::read(QStringLiteral("game_collection/%1.body").arg(QLatin1String(name)));
        QVERIFY(!body.isEmpty());
        QVERIFY(writeDurably(
            folder.filePath(QStringLiteral("batch_%1.json").arg(++number)), std::string_view(body)));
    }
    TestPostgres second;
    const auto converted = convertBatches(convertRequest(request.plan, DataFormat::Csv), {});
    QVERIFY2(converted, converted ? "" : qPrintable(converted.error().toText()));
    QVERIFY(!converted->warnings.isEmpty());
    const auto imported = importFile(importRequest(request.plan, second), {});
    QVERIFY2(imported, imported ? "" : qPrintable(imported.error().toText()));
    QCOMPARE(rowsOf(second, QStringLiteral("context_items")),
        rowsOf(bench.database, QStringLiteral("context_items")));
    // Ended early, as the old script did with UUID cursors: refused, and said why.
    QVERIFY(QFile::remove(folder.filePath(QStringLiteral("batch_4.json"))));
    const auto early = convertBatches(convertRequest(request.plan, DataFormat::Csv), {});
    QVERIFY(!early);
    QVERIFY2(early.error().summary.contains(QStringLiteral("the export ended early")),
        qPrintable(early.error().summary));
}

QTEST_GUILESS_MAIN(FourStepsTest)
#include "fourstepstest.moc"
