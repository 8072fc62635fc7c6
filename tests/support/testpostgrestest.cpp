// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/testpostgres.h"

#include <libpq-fe.h>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The server that the PostgreSQL tests stand on: real, with pgvector, every database its own and gone
/// afterwards.
class TestPostgresTest : public QObject {
    Q_OBJECT
private slots:
    void databaseHasVector()
    {
        TestPostgres database;
        QDRANT2PG_REQUIRE_POSTGRES(database);
        QCOMPARE(database.scalar("SELECT '[1,2]'::vector <-> '[1,3]'::vector"), u"1"_s);
        QVERIFY(database.scalar("SELECT current_setting('server_version_num')").toInt() >= 160000);
        QVERIFY(database.rows("SELECT NULL::text").front().front().isNull());
    }

    void databasesAreApartAndDropped()
    {
        TestPostgres outer;
        QDRANT2PG_REQUIRE_POSTGRES(outer);
        QString name;
        {
            TestPostgres inner;
            name = inner.databaseName();
            QVERIFY(inner.execute("CREATE TABLE t (a int)"));
            QCOMPARE(outer.scalar("SELECT to_regclass('t')"), QString());
            QCOMPARE(outer.scalar("SELECT count(*) FROM pg_database WHERE datname = '" + name.toUtf8() + "'"),
                u"1"_s);
        }
        QCOMPARE(
            outer.scalar("SELECT count(*) FROM pg_database WHERE datname = '" + name.toUtf8() + "'"), u"0"_s);
    }

    void extensionCanBeLeftOut()
    {
        TestPostgres database(TestPostgres::Extension::Leave);
        QDRANT2PG_REQUIRE_POSTGRES(database);
        QCOMPARE(database.scalar("SELECT count(*) FROM pg_extension WHERE extname = 'vector'"), u"0"_s);
    }

    void optionsHoldThePasswordApart()
    {
        TestPostgres database;
        QDRANT2PG_REQUIRE_POSTGRES(database);
        const TargetOptions options = database.options();
        if (!options.password.isEmpty()) {
            QVERIFY(!options.conninfo.contains(QString::fromUtf8(options.password)));
        }
        QVERIFY(options.conninfo.contains(database.databaseName()));
    }

    void backendsCanBeKilled()
    {
        TestPostgres database;
        QDRANT2PG_REQUIRE_POSTGRES(database);
        PGconn* connection =
            PQconnectdb((database.url() + u"?application_name=victim"_s).toUtf8().constData());
        QCOMPARE(PQstatus(connection), CONNECTION_OK);
        QCOMPARE(database.killBackends(u"somebody else"_s), 0);
        QCOMPARE(database.killBackends(u"victim"_s), 1);
        PQclear(PQexec(connection, "SELECT 1"));
        QCOMPARE(PQstatus(connection), CONNECTION_BAD);
        PQfinish(connection);
    }

    void ownServerSurvivesARestart_data()
    {
        QTest::addColumn<int>("mode");
        QTest::newRow("fast") << static_cast<int>(PostgresServer::Stop::Fast);
        QTest::newRow("immediate") << static_cast<int>(PostgresServer::Stop::Immediate);
    }

    void ownServerSurvivesARestart()
    {
        QFETCH(int, mode);
        TestPostgres shared;
        QDRANT2PG_REQUIRE_POSTGRES(shared);
        if (qEnvironmentVariableIsSet("DATABASE_URL")) {
            QSKIP("DATABASE_URL's server is not ours to restart");
        }
        QString why;
        const std::unique_ptr<PostgresServer> server =
            PostgresServer::start({.settings = {u"work_mem=5MB"_s}}, &why);
        QVERIFY2(server, qPrintable(why));
        TestPostgres database(*server);
        QVERIFY2(database.isValid(), qPrintable(database.problem()));
        QVERIFY(database.execute("CREATE TABLE kept AS SELECT 7 AS a"));
        QVERIFY(server->stop(static_cast<PostgresServer::Stop>(mode)));
        PGconn* connection = PQconnectdb(database.url().toUtf8().constData());
        QCOMPARE(PQstatus(connection), CONNECTION_BAD);
        PQfinish(connection);
        QVERIFY(server->startAgain());
        QCOMPARE(database.scalar("SELECT a FROM kept"), u"7"_s);
        QCOMPARE(database.scalar("SHOW work_mem"), u"5MB"_s);
    }
};

QTEST_GUILESS_MAIN(TestPostgresTest)
#include "testpostgrestest.moc"
