// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/planjson.h"
#include "core/staged/converter.h"
#include "core/staged/csvreader.h"
#include "core/staged/durablefile.h"
#include "core/staged/exporter.h"
#include "core/staged/importer.h"
#include "tests/engine/support/migrationbench.h"

#include <QTemporaryDir>
#include <QTest>

using namespace qdrant2pg;
using qdrant2pg::test::MigrationBench;
using qdrant2pg::test::TestPostgres;

/// The import is exactly once, also when it is stopped or cut off anywhere, and names what is wrong in a
/// file.
class ImportTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void stopAndContinue_data();
    void stopAndContinue();
    void connectionIsKilled();
    void sameFileTwice();
    void changedFileIsRefused();
    void cutOffFile();
    void badLines_data();
    void badLines();
    void stopAtTheFirstBadLine();
    void postgresRefusesARow_data();
    void postgresRefusesARow();
    void missingAndUnknownColumns();
    void oldConvertersFile();
    void modes();

private:
    /// Converts 3,000 generated points; the request that imports them.
    ImportRequest prepared(MigrationBench& bench, DataFormat format = DataFormat::Csv);
    /// A hand-written CSV for a table of id bigint, vector(2), payload.
    ImportRequest written(MigrationBench& bench, const QByteArray& csv);
    std::unique_ptr<QTemporaryDir> m_dir;
};

void ImportTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
}

ImportRequest ImportTest::prepared(MigrationBench& bench, DataFormat format)
{
    demo::Recipe recipe;
    recipe.points = 3'000;
    recipe.dimensions = 16;
    recipe.payloadBytes = 100;
    bench.generate("things", recipe);
    const RunRequest planned = bench.request(QStringLiteral("things"));
    ExportRequest exporting;
    exporting.source = bench.source();
    exporting.collection = QStringLiteral("things");
    exporting.folder = m_dir->filePath(QStringLiteral("export"));
    exporting.batchPoints = 1'000;
    if (auto exported = exportCollection(exporting, {}); !exported)
        qFatal("%s", qPrintable(exported.error().toText()));
    ConvertRequest converting;
    converting.folder = exporting.folder;
    converting.output = m_dir->filePath(QStringLiteral("data"));
    converting.format = format;
    converting.plan = planned.plan;
    if (auto converted = convertBatches(converting, {}); !converted)
        qFatal("%s", qPrintable(converted.error().toText()));
    ImportRequest request;
    request.file = converting.output;
    request.plan = planned.plan;
    request.target = bench.database.options();
    request.transactionBytes = 20'000;
    request.retry = {
        .attempts = 6, .first = std::chrono::milliseconds(5), .cap = std::chrono::milliseconds(50)};
    return request;
}

ImportRequest ImportTest::written(MigrationBench& bench, const QByteArray& csv)
{
    bench.create("things", R"X({"vectors":{"size":2,"distance":"Dot"}})X",
        R"X([{"id":1,"vector":[1,2],"payload":{"a":1}}])X");
    ImportRequest request;
    request.plan = bench.request(QStringLiteral("things")).plan;
    request.target = bench.database.options();
    request.file = m_dir->filePath(QStringLiteral("data.csv"));
    if (!writeDurably(request.file, std::string_view(csv)))
        qFatal("cannot write the test's file");
    return request;
}

void ImportTest::stopAndContinue_data()
{
    QTest::addColumn<bool>("csv");
    QTest::newRow("csv") << true;
    QTest::newRow("pgcopy") << false;
}

void ImportTest::stopAndContinue()
{
    QFETCH(bool, csv);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    ImportRequest request = prepared(bench, csv ? DataFormat::Csv : DataFormat::PgCopy);
    request.transactionBytes = 60'000;
    int sessions = 0;
    qint64 before = 0;
    for (;; ++sessions) {
        QVERIFY2(sessions < 100, "the import does not come to an end");
        // Stopped from the start: one transaction each time.
        std::stop_source stop;
        bool loading = false;
        const auto outcome = importFile(
            request,
            [&](const StagedProgress& progress) {
                loading = loading || progress.stage == QLatin1String("import");
                if (progress.stage == QLatin1String("import"))
                    stop.request_stop();
            },
            stop.get_token());
        if (outcome) {
            QCOMPARE(outcome->storedBefore, before);
            QCOMPARE(outcome->stored, 3'000);
            QCOMPARE(outcome->tableRows, 3'000);
            break;
        }
        QVERIFY2(outcome.error().kind == ErrorKind::Cancelled, qPrintable(outcome.error().toText()));
        const qint64 now = bench.database.scalar("SELECT count(*) FROM things").toLongLong();
        QVERIFY(now >= before);
        before = now;
        QCOMPARE(bench.database.scalar("SELECT sum(rows) FROM qdrant2pg.range").toLongLong(), now);
        QCOMPARE(bench.database.scalar("SELECT state FROM qdrant2pg.run"), QStringLiteral("cancelled"));
    }
    QVERIFY(sessions >= 1);
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM qdrant2pg.run"), QStringLiteral("1"));
    QCOMPARE(bench.difference(QStringLiteral("things"), QStringLiteral("things")), QString());
}

void ImportTest::connectionIsKilled()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    ImportRequest request = prepared(bench);
    request.target.applicationName = QStringLiteral("import-under-test");
    int kills = 0;
    const auto outcome = importFile(request, [&](const StagedProgress& progress) {
        if (progress.stage == QLatin1String("import") && kills < 3) {
            // The load's connection alone: the other holds the table's lock and is idle.
            kills += bench.database
                         .scalar("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
                                 "application_name = 'import-under-test' "
                                 "AND (query ILIKE '%COMMIT%' OR query ILIKE '%COPY%' OR query ILIKE "
                                 "'%range%') AND pid <> pg_backend_pid()")
                         .toInt();
        }
    });
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QCOMPARE(outcome->stored, 3'000);
    QCOMPARE(bench.difference(QStringLiteral("things"), QStringLiteral("things")), QString());
}

void ImportTest::sameFileTwice()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const ImportRequest request = prepared(bench);
    const auto first = importFile(request, {});
    QVERIFY2(first, first ? "" : qPrintable(first.error().toText()));
    const auto second = importFile(request, {});
    QVERIFY2(second, second ? "" : qPrintable(second.error().toText()));
    QVERIFY(second->alreadyImported);
    QCOMPARE(second->runId, first->runId);
    QCOMPARE(second->tableRows, 3'000);
    // The guide's rollback: drop the table, try again.
    QVERIFY(bench.database.execute("DROP TABLE things"));
    const auto third = importFile(request, {});
    QVERIFY2(third, third ? "" : qPrintable(third.error().toText()));
    QVERIFY(!third->alreadyImported);
    QCOMPARE(third->tableRows, 3'000);
}

void ImportTest::changedFileIsRefused()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const ImportRequest request = prepared(bench);
    QFile file(request.file);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(5'000));
    file.write("7");
    file.close();
    auto outcome = importFile(request, {});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::File);
    QVERIFY2(outcome.error().summary.contains(QStringLiteral("changed or damaged")),
        qPrintable(outcome.error().summary));
    QCOMPARE(bench.database.scalar("SELECT to_regclass('things') IS NULL"), QStringLiteral("t"));
}

void ImportTest::cutOffFile()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    ImportRequest request = prepared(bench, DataFormat::PgCopy);
    QVERIFY(QFile::resize(request.file, QFileInfo(request.file).size() - 100));
    QVERIFY(QFile::remove(DataManifest::pathFor(request.file)));
    const auto outcome = importFile(request, {});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Data);
    QVERIFY2(
        outcome.error().summary.contains(QStringLiteral("cut off")), qPrintable(outcome.error().summary));
}

void ImportTest::badLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("column");
    QTest::addColumn<QString>("words");
    QTest::newRow("too few fields") << QByteArray("2,\"[1,2]\"") << QString() << QStringLiteral("2 fields");
    QTest::newRow("too many fields") << QByteArray("2,\"[1,2]\",\"{}\",x") << QString()
                                     << QStringLiteral("4 fields");
    QTest::newRow("no number") << QByteArray("two,\"[1,2]\",\"{}\"") << QStringLiteral("id")
                               << QStringLiteral("\"two\"");
    QTest::newRow("dimension") << QByteArray("2,\"[1,2,3]\",\"{}\"") << QStringLiteral("embedding")
                               << QStringLiteral("3 elements");
    QTest::newRow("bad float") << QByteArray("2,\"[1,zwei]\",\"{}\"") << QStringLiteral("embedding")
                               << QStringLiteral("element 2");
    QTest::newRow("bad JSON") << QByteArray("2,\"[1,2]\",\"{a}\"") << QStringLiteral("payload") << QString();
    QTest::newRow("id empty") << QByteArray(",\"[1,2]\",\"{}\"") << QStringLiteral("id")
                              << QStringLiteral("must have a value");
    QTest::newRow("stray quote") << QByteArray("2\"x,\"[1,2]\",\"{}\"") << QString()
                                 << QStringLiteral("quote");
}

void ImportTest::badLines()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, column);
    QFETCH(QString, words);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const ImportRequest request = written(
        bench, "id,embedding,payload\n1,\"[1,2]\",\"{\"\"a\"\":\n1}\"\n" + line + "\n3,\"[5,6]\",\"{}\"\n");
    const auto outcome = importFile(request, {});
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QCOMPARE(outcome->stored, 2);
    QCOMPARE(outcome->rejected, 1);
    QCOMPARE(outcome->firstRejects.size(), 1);
    const RejectRow& reject = outcome->firstRejects.first();
    // The first row takes two lines.
    QVERIFY2(reject.reason.contains(QStringLiteral("row 2, line 4 of data.csv")), qPrintable(reject.reason));
    QVERIFY2(reject.reason.contains(words), qPrintable(reject.reason));
    QCOMPARE(reject.column, column);
    QCOMPARE(bench.database.scalar("SELECT string_agg(id::text, ',' ORDER BY id) FROM things"),
        QStringLiteral("1,3"));
    QCOMPARE(
        bench.database.scalar("SELECT state FROM qdrant2pg.run"), QStringLiteral("completed-with-rejects"));
}

void ImportTest::stopAtTheFirstBadLine()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    ImportRequest request = written(bench, "id,embedding,payload\n1,\"[1,2]\",{}\n2,\"[1,x]\",{}\n");
    request.plan.run.onReject = OnReject::Stop;
    const auto outcome = importFile(request, {});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Data);
    QVERIFY2(outcome.error().summary.contains(QStringLiteral("row 2, line 3")),
        qPrintable(outcome.error().summary));
    QVERIFY2(outcome.error().summary.contains(QStringLiteral("column embedding")),
        qPrintable(outcome.error().summary));
}

void ImportTest::postgresRefusesARow_data()
{
    QTest::addColumn<QByteArray>("refusal");
    QTest::addColumn<QString>("sqlState");
    QTest::newRow("check") << QByteArray("ALTER TABLE things ADD CHECK (id <> 3)") << QStringLiteral("23514");
    QTest::newRow("trigger") << QByteArray(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 3 "
        "THEN RAISE EXCEPTION 'not this one'; END IF; RETURN NEW; END $$; CREATE TRIGGER "
        "refuse BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION refuse()")
                             << QStringLiteral("P0001");
}

void ImportTest::postgresRefusesARow()
{
    QFETCH(const QByteArray, refusal);
    QFETCH(const QString, sqlState);
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    ImportRequest request = written(
        bench, "id,embedding,payload\n1,\"[1,2]\",{}\n2,\"[3,4]\",{}\n3,\"[5,6]\",{}\n4,\"[7,8]\",{}\n");
    request.plan.collections.first().mode = TableMode::Append;
    QVERIFY(bench.database.execute(
        "CREATE TABLE things (id bigint PRIMARY KEY, embedding vector(2), payload jsonb)"));
    QVERIFY(bench.database.execute(refusal));
    const auto outcome = importFile(request, {});
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QCOMPARE(outcome->stored, 3);
    QCOMPARE(outcome->rejected, 1);
    QCOMPARE(bench.database.scalar("SELECT point_id || ' ' || sql_state FROM qdrant2pg.reject"),
        QStringLiteral("3 ") + sqlState);
}

void ImportTest::missingAndUnknownColumns()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    auto outcome = importFile(written(bench, "payload,id\n{},1\n"), {});
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QVERIFY(outcome->warnings.join(QLatin1Char(' ')).contains(QStringLiteral("no column embedding")));
    QCOMPARE(bench.database.scalar("SELECT embedding IS NULL FROM things"), QStringLiteral("t"));

    MigrationBench other;
    outcome = importFile(written(other, "id,colour\n1,red\n"), {});
    QVERIFY(!outcome);
    QVERIFY2(outcome.error().summary.contains(QStringLiteral("colour")), qPrintable(outcome.error().summary));
    outcome = importFile(written(other, "embedding,payload\n\"[1,2]\",{}\n"), {});
    QVERIFY(!outcome);
    QVERIFY2(outcome.error().summary.contains(QStringLiteral("lacks the column id")),
        qPrintable(outcome.error().summary));
    // No header: taken by position.
    outcome = importFile(written(other, "7,\"[1,2]\",{}\n"), {});
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QCOMPARE(other.database.scalar("SELECT id FROM things"), QStringLiteral("7"));
}

void ImportTest::oldConvertersFile()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY(demo::generateGameCollection(bench.server.store(), "game_collection", 10, 1, 3));
    ImportRequest request;
    request.plan = bench.request(QStringLiteral("game_collection"), QStringLiteral("context_items")).plan;
    request.target = bench.database.options();
    request.file = m_dir->filePath(QStringLiteral("data.csv"));
    QVERIFY(writeDurably(request.file,
        "id,game_id,user_id,content,embedding,metadata,created_at\n"
        "018bc6df-febf-4d2c-88d2-2072a2da502e,60973af4-e709-4e9c-8e3b-7512175dbc22,11,\"Sword, of the "
        "moon\",\"{0.031171,0.040673,-0.005773}\",\"{\"\"turn\"\":293}\",2025-06-17T16:42:45.765687+00:"
        "00\n"));
    const auto outcome = importFile(request, {});
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QCOMPARE(outcome->stored, 1);
    QVERIFY2(outcome->warnings.join(QLatin1Char('\n')).contains(QStringLiteral("six decimals")),
        qPrintable(outcome->warnings.join(QLatin1Char('\n'))));
    QCOMPARE(
        bench.database.scalar("SELECT embedding::text || content || (metadata->>'turn') FROM context_items"),
        QStringLiteral("[0.031171,0.040673,-0.005773]Sword, of the moon293"));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM games"), QStringLiteral("1"));
}

void ImportTest::modes()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    ImportRequest request = written(bench, "id,embedding,payload\n1,\"[1,2]\",{}\n2,\"[3,4]\",{}\n");
    QVERIFY(bench.database.execute("CREATE TABLE things (id bigint PRIMARY KEY, embedding vector(2), payload "
                                   "jsonb); INSERT INTO things VALUES (1, '[9,9]', '{}')"));
    auto outcome = importFile(request, {});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Conflict);
    request.plan.collections.first().mode = TableMode::Merge;
    outcome = importFile(request, {});
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QCOMPARE(outcome->stored, 1);
    QCOMPARE(outcome->skipped, 1);
    QCOMPARE(bench.database.scalar("SELECT string_agg(embedding::text, ' ' ORDER BY id) FROM things"),
        QStringLiteral("[9,9] [3,4]"));
    request.plan.collections.first().mode = TableMode::Replace;
    outcome = importFile(request, {});
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().toText()));
    QCOMPARE(outcome->stored, 2);
    QCOMPARE(
        bench.database.scalar("SELECT embedding::text FROM things WHERE id = 1"), QStringLiteral("[9,9]"));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM \"" + outcome->loadedTable.toUtf8() + "\""),
        QStringLiteral("2"));
}

QTEST_GUILESS_MAIN(ImportTest)
#include "importtest.moc"
