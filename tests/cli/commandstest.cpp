// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/cli/clibench.h"
#include "tests/support/recordings.h"
#include "tests/support/testpostgres.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QtTest>

using namespace qdrant2pg::test;

namespace {

const QString collection = QStringLiteral("--collection");
const QString game = QStringLiteral("game_collection");
constexpr int points = 1'500;

} // namespace

/// Each sub-command once, the real program between a stand-in and a real PostgreSQL.
class CommandsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void inspect();
    void planAndCheck();
    void checkFixesThePlan();
    void migrateReportsAndProves();
    void jsonOutputParses();
    void presetOfTheGuide();
    void severalCollectionsAndTables();
    void filter();
    void planFileRunsAgain();
    void existingTables();
    void runsAndForget();
    void reportForms();
    void verifyFindsAChange();
    void searchesAreCompared();
    void rejectsAreExported();
    void rejectsAreReplayed();
    void sqlRuns();
    void rollbackNeedsItsConfirmation();
    void fourStepsEqualTheStream_data();
    void fourStepsEqualTheStream();
    void moreRowsThanEveryPreview();

private:
    QStringList migrate(const QStringList& more = {}) const
    {
        return QStringList{QStringLiteral("migrate"), collection, game} + more;
    }

    std::unique_ptr<StandIn> m_source;
    std::unique_ptr<TestPostgres> m_database;
    std::unique_ptr<CliBench> m_bench;
};

void CommandsTest::initTestCase()
{
    m_source = std::make_unique<StandIn>(QStringList{QStringLiteral("--points"), QString::number(points),
        QStringLiteral("--dimensions"), QStringLiteral("32"), QStringLiteral("--generate"),
        QStringLiteral("shop:points=200,dim=8,ids=sequential"), QStringLiteral("--generate"),
        QStringLiteral("mixed.name:points=50,dim=4,ids=mixed,distance=dot"), QStringLiteral("--generate"),
        QStringLiteral("empty:points=0,dim=4")});
    QVERIFY(!m_source->url().isEmpty());
}

void CommandsTest::init()
{
    m_database = std::make_unique<TestPostgres>();
    QDRANT2PG_REQUIRE_POSTGRES(*m_database);
    m_bench = std::make_unique<CliBench>();
    m_bench->setEnvironment(QStringLiteral("QDRANT_URL"), m_source->url());
    m_bench->setEnvironment(QStringLiteral("DATABASE_URL"), m_database->url());
}

void CommandsTest::inspect()
{
    const ProcessResult list = m_bench->run({QStringLiteral("inspect")});
    QDRANT2PG_EXIT(list, 0);
    for (const char* name : {"game_collection", "shop", "mixed.name", "empty"})
        QVERIFY2(list.standardOutput.contains(name), name);
    const ProcessResult one = m_bench->run({QStringLiteral("inspect"), game, QStringLiteral("--json")});
    QDRANT2PG_EXIT(one, 0);
    const QList<QJsonObject> objects = jsonLines(one.standardOutput);
    QCOMPARE(objects.size(), 1);
    QCOMPARE(objects.first().value(QStringLiteral("points")).toInteger(), points);
}

void CommandsTest::planAndCheck()
{
    const ProcessResult plan = m_bench->run(
        {QStringLiteral("plan"), collection, game, QStringLiteral("--save-plan"), QStringLiteral("p.json")});
    QDRANT2PG_EXIT(plan, 0);
    QVERIFY(plan.standardOutput.contains("CREATE TABLE"));
    QVERIFY(plan.standardOutput.contains("hnsw"));
    const QJsonObject saved =
        QJsonDocument::fromJson(readAll(m_bench->path(QStringLiteral("p.json")))).object();
    QCOMPARE(saved.value(QStringLiteral("version")).toInt(), 1);
    QVERIFY(!readAll(m_bench->path(QStringLiteral("p.json"))).contains("password"));
    const ProcessResult check = m_bench->run({QStringLiteral("check"), QStringLiteral("--plan"),
        QStringLiteral("p.json"), QStringLiteral("--json")});
    QDRANT2PG_EXIT(check, 0);
    QVERIFY(eventOf(check.standardOutput, "checked").value(QStringLiteral("canRun")).toBool());
    // Neither of them wrote anything.
    QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'qdrant2pg')"),
        QStringLiteral("0"));
}

void CommandsTest::checkFixesThePlan()
{
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("migrate"), collection, QStringLiteral("shop")}), 0);
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("plan"), collection, QStringLiteral("shop"),
                       QStringLiteral("--save-plan"), QStringLiteral("p.json")}),
        0);
    const QStringList check{QStringLiteral("check"), QStringLiteral("--plan"), QStringLiteral("p.json")};
    const ProcessResult blocked = m_bench->run(check);
    QDRANT2PG_EXIT(blocked, 3);
    QDRANT2PG_SAYS(blocked, QByteArray("--fix:"));
    const QByteArray before = readAll(m_bench->path(QStringLiteral("p.json")));
    const ProcessResult fixed = m_bench->run(check + QStringList{QStringLiteral("--fix")});
    QDRANT2PG_EXIT(fixed, 0);
    QDRANT2PG_SAYS(fixed, QByteArray("Fixed: "));
    const QByteArray after = readAll(m_bench->path(QStringLiteral("p.json")));
    QVERIFY(after != before);
    // The changed file alone passes, and runs without doubling anything.
    QDRANT2PG_EXIT(m_bench->run(check), 0);
    QDRANT2PG_EXIT(
        m_bench->run({QStringLiteral("migrate"), QStringLiteral("--plan"), QStringLiteral("p.json")}), 0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM shop"), QStringLiteral("200"));
}

void CommandsTest::migrateReportsAndProves()
{
    const ProcessResult result = m_bench->run(migrate({QStringLiteral("--out"), QStringLiteral("out")}));
    QDRANT2PG_EXIT(result, 0);
    QVERIFY2(result.standardOutput.startsWith(
                 "1,500 of 1,500 points are in PostgreSQL and every row was compared: identical."),
        result.description().constData());
    QCOMPARE(m_database->scalar("SELECT count(*) FROM game_collection"), QString::number(points));
    for (const char* name : {"report.json", "report.md", "report.html", "plan.json", "run.log"}) {
        const QString path = m_bench->path(QStringLiteral("out/") + QLatin1String(name));
        QVERIFY2(QFile::exists(path), name);
        QVERIFY2(
            !QFile::permissions(path).testAnyFlags(QFileDevice::ReadGroup | QFileDevice::ReadOther), name);
    }
    QVERIFY(!m_database->scalar("SELECT report FROM qdrant2pg.run").isEmpty());
    // What it will need was said before it began.
    QVERIFY(result.standardError.contains("rows, about"));
    QVERIFY(result.standardError.contains("by the pages just read"));
    // Progress went to stderr, so that stdout can be piped.
    QVERIFY(result.standardError.contains("Copying"));
    QVERIFY(!result.standardOutput.contains("Copying"));
}

void CommandsTest::jsonOutputParses()
{
    const ProcessResult result = m_bench->run(migrate({QStringLiteral("--json")}));
    QDRANT2PG_EXIT(result, 0);
    const QList<QJsonObject> lines = jsonLines(result.standardOutput);
    QVERIFY2(lines.size() > 3, result.standardOutput.constData());
    QStringList states;
    for (const QJsonObject& line : lines) {
        QVERIFY2(line.contains(QStringLiteral("event")), result.standardOutput.constData());
        if (line.value(QStringLiteral("event")).toString() == QStringLiteral("state"))
            states << line.value(QStringLiteral("state")).toString();
    }
    QCOMPARE(states,
        (QStringList{QStringLiteral("preflight"), QStringLiteral("creating-schema"),
            QStringLiteral("copying"), QStringLiteral("building-indexes"), QStringLiteral("verifying"),
            QStringLiteral("finishing"), QStringLiteral("completed")}));
    const QJsonObject finished = eventOf(result.standardOutput, "finished");
    QCOMPARE(lines.last(), finished);
    QCOMPARE(finished.value(QStringLiteral("state")).toString(), QStringLiteral("completed"));
    QCOMPARE(finished.value(QStringLiteral("exitCode")).toInt(), 0);
    QCOMPARE(finished.value(QStringLiteral("report"))
                 .toObject()
                 .value(QStringLiteral("totals"))
                 .toObject()
                 .value(QStringLiteral("stored"))
                 .toInteger(),
        points);
    QVERIFY(
        QFile::exists(finished.value(QStringLiteral("folder")).toString() + QStringLiteral("/report.html")));
}

void CommandsTest::presetOfTheGuide()
{
    QDRANT2PG_EXIT(m_bench->run(migrate({QStringLiteral("--preset"), QStringLiteral("context_items")})), 0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM context_items"), QString::number(points));
    QVERIFY(m_database->scalar("SELECT count(*) FROM games").toInt() > 0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_indexes WHERE indexname = 'idx_context_embedding'"),
        QStringLiteral("1"));
}

void CommandsTest::severalCollectionsAndTables()
{
    const ProcessResult result =
        m_bench->run({QStringLiteral("migrate"), collection, QStringLiteral("shop"), collection,
            QStringLiteral("mixed.name"), collection, QStringLiteral("empty"), QStringLiteral("--table"),
            QStringLiteral("shop=Goods for sale"), QStringLiteral("--schema"), QStringLiteral("other")});
    QDRANT2PG_EXIT(result, 0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM other.\"Goods for sale\""), QStringLiteral("200"));
    QCOMPARE(m_database->scalar("SELECT count(*) FROM other.\"mixed.name\""), QStringLiteral("50"));
    QCOMPARE(m_database->scalar("SELECT count(*) FROM other.empty"), QStringLiteral("0"));
    // One plan, one run, one report that names all three.
    QCOMPARE(m_database->scalar("SELECT count(*) FROM qdrant2pg.run"), QStringLiteral("1"));
    const ProcessResult report =
        m_bench->run({QStringLiteral("report"), QStringLiteral("--format"), QStringLiteral("json")});
    QCOMPARE(QJsonDocument::fromJson(report.standardOutput)
                 .object()
                 .value(QStringLiteral("collections"))
                 .toArray()
                 .size(),
        3);
    const ProcessResult unclear = m_bench->run({QStringLiteral("migrate"), collection, QStringLiteral("shop"),
        collection, QStringLiteral("empty"), QStringLiteral("--table"), QStringLiteral("x")});
    QDRANT2PG_EXIT(unclear, 2);
    QDRANT2PG_SAYS(unclear, QByteArray("--table COLLECTION=x"));
}

void CommandsTest::filter()
{
    m_bench->write(
        QStringLiteral("f.json"), R"({"filter": {"must": [{"has_id": [1, 2, 3, 18446744073709551615]}]}})");
    const ProcessResult result = m_bench->run({QStringLiteral("migrate"), collection, QStringLiteral("shop"),
        QStringLiteral("--filter"), QStringLiteral("f.json")});
    QDRANT2PG_EXIT(result, 0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM shop WHERE id IN (1, 2, 3)"), QStringLiteral("3"));
    QCOMPARE(m_database->scalar("SELECT count(*) FROM shop"), QStringLiteral("3"));
    // The filter holds for every collection that is named, and the proof is about the same points.
    const ProcessResult several = m_bench->run({QStringLiteral("migrate"), collection, QStringLiteral("shop"),
        collection, QStringLiteral("mixed.name"), QStringLiteral("--schema"), QStringLiteral("filtered"),
        QStringLiteral("--filter"), QStringLiteral("f.json"), QStringLiteral("--verify"),
        QStringLiteral("full")});
    QDRANT2PG_EXIT(several, 0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM filtered.shop"), QStringLiteral("3"));
    QVERIFY(m_database->scalar("SELECT count(*) FROM filtered.\"mixed.name\"").toInt() <= 3);
    m_bench->write(QStringLiteral("unknown.json"), R"({"must": [{"nonsense": 1}]})");
    const ProcessResult unknown = m_bench->run(
        {QStringLiteral("migrate"), collection, QStringLiteral("shop"), QStringLiteral("--table"),
            QStringLiteral("never"), QStringLiteral("--filter"), QStringLiteral("unknown.json")});
    QVERIFY2(unknown.exited && unknown.exitCode > 1, unknown.description().constData());
    m_bench->write(QStringLiteral("bad.json"), "[]");
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("migrate"), collection, QStringLiteral("shop"),
                       QStringLiteral("--filter"), QStringLiteral("bad.json")}),
        2);
}

void CommandsTest::planFileRunsAgain()
{
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("plan"), collection, QStringLiteral("shop"),
                       QStringLiteral("--save-plan"), QStringLiteral("p.json")}),
        0);
    // The plan names both ends; only the password comes from the environment.
    const ProcessResult result =
        m_bench->run({QStringLiteral("migrate"), QStringLiteral("--plan"), QStringLiteral("p.json"),
                         QStringLiteral("--table"), QStringLiteral("again")},
            {QStringLiteral("QDRANT_URL=http://127.0.0.1:1"), QStringLiteral("DATABASE_URL"),
                QStringLiteral("PGPASSWORD=") + QString::fromUtf8(m_database->options().password)});
    QDRANT2PG_EXIT(result, 0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM again"), QStringLiteral("200"));
    m_bench->write(QStringLiteral("typo.json"),
        readAll(m_bench->path(QStringLiteral("p.json"))).replace("\"collections\"", "\"colections\""));
    const ProcessResult typo =
        m_bench->run({QStringLiteral("migrate"), QStringLiteral("--plan"), QStringLiteral("typo.json")});
    QDRANT2PG_EXIT(typo, 2);
    QDRANT2PG_SAYS(typo, QByteArray("colections"));
    QDRANT2PG_SAYS(typo, QByteArray("typo.json"));
}

void CommandsTest::existingTables()
{
    const QStringList shop{QStringLiteral("migrate"), collection, QStringLiteral("shop")};
    QDRANT2PG_EXIT(m_bench->run(shop), 0);
    // create: blocked; merge: nothing doubled; replace: only with the table's name.
    const ProcessResult again = m_bench->run(shop);
    QDRANT2PG_EXIT(again, 3);
    QDRANT2PG_SAYS(again, QByteArray("shop"));
    const ProcessResult merged = m_bench->run(
        shop + QStringList{QStringLiteral("--mode"), QStringLiteral("merge"), QStringLiteral("--json")});
    QDRANT2PG_EXIT(merged, 0);
    QCOMPARE(eventOf(merged.standardOutput, "finished")
                 .value(QStringLiteral("report"))
                 .toObject()
                 .value(QStringLiteral("totals"))
                 .toObject()
                 .value(QStringLiteral("skipped"))
                 .toInteger(),
        200);
    const ProcessResult unconfirmed =
        m_bench->run(shop + QStringList{QStringLiteral("--mode"), QStringLiteral("replace")});
    QDRANT2PG_EXIT(unconfirmed, 3);
    QDRANT2PG_SAYS(unconfirmed, QByteArray("--confirm shop"));
    QVERIFY(m_database->execute("DELETE FROM shop WHERE id < 100"));
    QDRANT2PG_EXIT(m_bench->run(shop
                       + QStringList{QStringLiteral("--mode"), QStringLiteral("replace"),
                           QStringLiteral("--confirm"), QStringLiteral("shop")}),
        0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM shop"), QStringLiteral("200"));
}

void CommandsTest::runsAndForget()
{
    const ProcessResult none = m_bench->run({QStringLiteral("runs")});
    QDRANT2PG_EXIT(none, 2);
    QDRANT2PG_SAYS(none, QByteArray("holds no runs"));
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("migrate"), collection, QStringLiteral("shop")}), 0);
    const ProcessResult list = m_bench->run({QStringLiteral("runs"), QStringLiteral("--json")});
    QDRANT2PG_EXIT(list, 0);
    const QList<QJsonObject> runs = jsonLines(list.standardOutput);
    QCOMPARE(runs.size(), 1);
    QCOMPARE(runs.first().value(QStringLiteral("state")).toString(), QStringLiteral("completed"));
    QCOMPARE(runs.first().value(QStringLiteral("rows")).toInteger(), 200);
    const QString id = runs.first().value(QStringLiteral("id")).toString();
    const ProcessResult finished = m_bench->run({QStringLiteral("resume"), id});
    QDRANT2PG_EXIT(finished, 0);
    QVERIFY(finished.standardOutput.contains("is finished"));
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("resume")}), 2);
    QDRANT2PG_EXIT(
        m_bench->run({QStringLiteral("runs"), QStringLiteral("--forget"), QStringLiteral("nothing")}), 2);
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("runs"), QStringLiteral("--forget"), id}), 0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_namespace WHERE nspname = 'qdrant2pg'"),
        QStringLiteral("0"));
    QCOMPARE(m_database->scalar("SELECT count(*) FROM shop"), QStringLiteral("200"));
}

void CommandsTest::reportForms()
{
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("migrate"), collection, QStringLiteral("shop"),
                       QStringLiteral("--out"), QStringLiteral("out")}),
        0);
    const auto form = [this](const char* format) {
        return m_bench->run({QStringLiteral("report"), QStringLiteral("--format"), QLatin1String(format)});
    };
    QVERIFY(form("text").standardOutput.contains("200 of 200 points"));
    QVERIFY(form("md").standardOutput.startsWith("# Done"));
    QVERIFY(form("html").standardOutput.startsWith("<!doctype html>"));
    QVERIFY(QJsonDocument::fromJson(form("json").standardOutput).isObject());
    // From the ledger and from the folder: the same report.
    const ProcessResult fromFile = m_bench->run({QStringLiteral("report"), QStringLiteral("out"),
        QStringLiteral("--format"), QStringLiteral("json")});
    QDRANT2PG_EXIT(fromFile, 0);
    QCOMPARE(fromFile.standardOutput, form("json").standardOutput);
    QDRANT2PG_EXIT(
        m_bench->run({QStringLiteral("report"), m_bench->write(QStringLiteral("x.json"), "{}")}), 2);
}

void CommandsTest::verifyFindsAChange()
{
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("migrate"), collection, QStringLiteral("shop")}), 0);
    for (const char* level : {"counts", "digest", "full"})
        QDRANT2PG_EXIT(
            m_bench->run({QStringLiteral("verify"), QStringLiteral("--level"), QLatin1String(level)}), 0);
    QVERIFY(m_database->execute("UPDATE shop SET payload = payload || '{\"changed\": true}' WHERE id = 7"));
    QDRANT2PG_EXIT(
        m_bench->run({QStringLiteral("verify"), QStringLiteral("--level"), QStringLiteral("counts")}), 0);
    QDRANT2PG_EXIT(
        m_bench->run({QStringLiteral("verify"), QStringLiteral("--level"), QStringLiteral("digest")}), 6);
    const ProcessResult full = m_bench->run({QStringLiteral("verify"), QStringLiteral("--level"),
        QStringLiteral("full"), QStringLiteral("--json")});
    QDRANT2PG_EXIT(full, 6);
    const QJsonObject verified = eventOf(full.standardOutput, "verified");
    QCOMPARE(verified.value(QStringLiteral("mismatchCount")).toInteger(), 1);
    const QJsonObject mismatch = verified.value(QStringLiteral("mismatches")).toArray().first().toObject();
    QCOMPARE(mismatch.value(QStringLiteral("pointId")).toString(), QStringLiteral("7"));
    QCOMPARE(mismatch.value(QStringLiteral("column")).toString(), QStringLiteral("payload"));
    // From now on the run's report says so too.
    const ProcessResult report = m_bench->run({QStringLiteral("report")});
    QDRANT2PG_EXIT(report, 6);
    QVERIFY(report.standardOutput.contains("does not hold what Qdrant returned"));
}

void CommandsTest::searchesAreCompared()
{
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("migrate"), collection, QStringLiteral("shop")}), 0);
    const QStringList compare{QStringLiteral("compare-search"), QStringLiteral("--samples"),
        QStringLiteral("20"), QStringLiteral("-k"), QStringLiteral("5"), QStringLiteral("--json")};
    const ProcessResult same = m_bench->run(compare);
    QDRANT2PG_EXIT(same, 0);
    QVERIFY2(!eventOf(same.standardOutput, "search-compared").isEmpty(), same.description().constData());
    QVERIFY(m_bench->run({QStringLiteral("report")}).standardOutput.contains("ef_search"));
    // Other vectors give other neighbours: the exact answers tell.
    QVERIFY(m_database->execute("UPDATE shop SET embedding = '[9,9,9,9,9,9,9,9]'::vector WHERE id < 100"));
    QDRANT2PG_EXIT(m_bench->run(compare), 6);
}

void CommandsTest::rejectsAreExported()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    const StandIn source(
        {QStringLiteral("--no-demo"), QStringLiteral("--recordings"), Recordings::directory()});
    const QStringList run{QStringLiteral("migrate"), QStringLiteral("--source"), source.url(), collection,
        QStringLiteral("payload_types"), QStringLiteral("--out"), QStringLiteral("out")};
    const ProcessResult result = m_bench->run(run);
    QDRANT2PG_EXIT(result, 1);
    QVERIFY(result.standardOutput.contains("2 were rejected"));
    const QList<QJsonObject> rejects = jsonLines(readAll(m_bench->path(QStringLiteral("out/rejects.jsonl"))));
    QCOMPARE(rejects.size(), 2);
    for (const QJsonObject& reject : rejects) {
        QCOMPARE(reject.value(QStringLiteral("sqlState")).toString(), QStringLiteral("22P05"));
        QVERIFY(!reject.value(QStringLiteral("reason")).toString().isEmpty());
        QVERIFY(!reject.value(QStringLiteral("point")).toString().isEmpty());
    }
    // More than allowed: the run ends, and says how to go on.
    const ProcessResult stopped = m_bench->run(run
        + QStringList{QStringLiteral("--table"), QStringLiteral("t2"), QStringLiteral("--max-rejects"),
            QStringLiteral("1")});
    QDRANT2PG_EXIT(stopped, 5);
    QDRANT2PG_SAYS(stopped, QByteArray("qdrant2pg resume"));
}

void CommandsTest::rejectsAreReplayed()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    const StandIn source(
        {QStringLiteral("--no-demo"), QStringLiteral("--recordings"), Recordings::directory()});
    const QString from = QStringLiteral("--source");
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("migrate"), from, source.url(), collection,
                       QStringLiteral("payload_types"), QStringLiteral("--out"), QStringLiteral("out")}),
        1);
    const qint64 before = m_database->scalar("SELECT count(*) FROM payload_types").toLongLong();
    const QStringList replay{QStringLiteral("replay"), QStringLiteral("out/rejects.jsonl"), from,
        source.url(), QStringLiteral("--nul"), QStringLiteral("replace"), QStringLiteral("--json")};
    const auto storedBy = [](const ProcessResult& result) {
        return eventOf(result.standardOutput, "replayed").value(QStringLiteral("stored")).toInteger();
    };
    // One chosen point, and one that is not in the file.
    const QString one = m_database->scalar("SELECT point_id FROM qdrant2pg.reject ORDER BY no LIMIT 1");
    const ProcessResult chosen = m_bench->run(replay
        + QStringList{QStringLiteral("--id"), one, QStringLiteral("--id"), QStringLiteral("123456789")});
    QDRANT2PG_EXIT(chosen, 0);
    QCOMPARE(storedBy(chosen), qint64(1));
    QVERIFY2(chosen.standardError.contains("123456789"), chosen.standardError.constData());
    QCOMPARE(m_database->scalar("SELECT count(*) FROM payload_types").toLongLong(), before + 1);
    // The report knows: one is stored, one is left, and the comparison did not see the new row.
    const ProcessResult report = m_bench->run({QStringLiteral("report"), QStringLiteral("--json")});
    const QJsonObject numbers = QJsonDocument::fromJson(report.standardOutput)
                                    .object()
                                    .value(QStringLiteral("collections"))
                                    .toArray()
                                    .first()
                                    .toObject();
    const auto value = [&numbers](const char* name) {
        return numbers.value(QLatin1String(name)).toObject().value(QStringLiteral("value")).toInteger();
    };
    QCOMPARE(value("stored"), before + 1);
    QCOMPARE(value("targetNow"), before + 1);
    QCOMPARE(value("rejected"), qint64(1));
    QCOMPARE(
        numbers.value(QStringLiteral("verification")).toObject().value(QStringLiteral("result")).toString(),
        QStringLiteral("not-run"));

    const ProcessResult replayed = m_bench->run(replay);
    QDRANT2PG_EXIT(replayed, 0);
    QCOMPARE(storedBy(replayed), qint64(1));
    QCOMPARE(m_database->scalar("SELECT count(*) FROM payload_types").toLongLong(), before + 2);
    QCOMPARE(m_database->scalar("SELECT state FROM qdrant2pg.run"), QStringLiteral("completed"));
    // A second time there is nothing left to do.
    QDRANT2PG_EXIT(m_bench->run(replay), 0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM payload_types").toLongLong(), before + 2);
}

void CommandsTest::sqlRuns()
{
    QDRANT2PG_EXIT(m_bench->run(migrate()), 0);
    const ProcessResult queries = m_bench->run({QStringLiteral("sql")});
    QDRANT2PG_EXIT(queries, 0);
    QVERIFY(queries.standardOutput.contains("hnsw.ef_search"));
    QVERIFY(m_database->execute(queries.standardOutput));
    const ProcessResult ddl =
        m_bench->run({QStringLiteral("sql"), QStringLiteral("--kind"), QStringLiteral("ddl")});
    QDRANT2PG_EXIT(ddl, 0);
    QVERIFY(ddl.standardOutput.contains("CREATE TABLE"));
}

void CommandsTest::rollbackNeedsItsConfirmation()
{
    QDRANT2PG_EXIT(m_bench->run(migrate({QStringLiteral("--preset"), QStringLiteral("context_items")})), 0);
    const ProcessResult asked = m_bench->run({QStringLiteral("rollback")});
    QDRANT2PG_EXIT(asked, 3);
    QVERIFY(asked.standardOutput.contains("DROP"));
    QCOMPARE(m_database->scalar("SELECT count(*) FROM context_items"), QString::number(points));
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("rollback"), QStringLiteral("--confirm"),
                       QStringLiteral("context_items")}),
        0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_tables WHERE tablename = 'context_items'"),
        QStringLiteral("0"));
}

void CommandsTest::fourStepsEqualTheStream_data()
{
    QTest::addColumn<bool>("recorded");
    QTest::newRow("generated") << false;
    QTest::newRow("recorded from a real Qdrant") << true;
}

void CommandsTest::fourStepsEqualTheStream()
{
    QFETCH(bool, recorded);
    std::unique_ptr<StandIn> source;
    if (recorded) {
        QDRANT2PG_REQUIRE_RECORDINGS();
        source = std::make_unique<StandIn>(QStringList{
            QStringLiteral("--no-demo"), QStringLiteral("--recordings"), Recordings::directory()});
        m_bench->setEnvironment(QStringLiteral("QDRANT_URL"), source->url());
    }
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("export")}), 0);
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("convert")}), 0);
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("import")}), 0);
    QDRANT2PG_EXIT(m_bench->run({QStringLiteral("validate")}), 0);
    QVERIFY(QFile::exists(m_bench->path(QStringLiteral("migrations/export/batch_000001.json"))));
    QVERIFY(readAll(m_bench->path(QStringLiteral("migrations/data.csv")))
                .startsWith("id,game_id,user_id,content,embedding,metadata,created_at"));
    QDRANT2PG_EXIT(m_bench->run(migrate({QStringLiteral("--preset"), QStringLiteral("context_items"),
                       QStringLiteral("--schema"), QStringLiteral("streamed")})),
        0);
    const char* columns = "id, game_id, user_id, character_id, location_id, quest_id, content, "
                          "vector_send(embedding), metadata, created_at";
    QCOMPARE(
        m_database->scalar(QByteArray("SELECT count(*) FROM (SELECT ") + columns
            + " FROM public.context_items EXCEPT SELECT " + columns + " FROM streamed.context_items) AS d"),
        QStringLiteral("0"));
    const QString rows = m_database->scalar("SELECT count(*) FROM streamed.context_items");
    QVERIFY(rows.toInt() > 0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM public.context_items"), rows);
}

void CommandsTest::moreRowsThanEveryPreview()
{
    // The sample that a plan is made from never limits what moves.
    QDRANT2PG_EXIT(m_bench->run(migrate({QStringLiteral("--sample"), QStringLiteral("5"),
                       QStringLiteral("--page-bytes"), QStringLiteral("20000")})),
        0);
    QCOMPARE(m_database->scalar("SELECT count(*) FROM game_collection"), QString::number(points));
}

QTEST_GUILESS_MAIN(CommandsTest)
#include "commandstest.moc"
