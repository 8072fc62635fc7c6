// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/testpostgres.h"
#include "tests/support/testprocess.h"

#include <csignal>

#include <libpq-fe.h>

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
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

    void serverEndsWithItsOwner()
    {
        TestPostgres shared;
        QDRANT2PG_REQUIRE_POSTGRES(shared);
        TestProcess owner({.program = u"sleep"_s, .arguments = {u"100"_s}});
        QTRY_VERIFY(owner.isRunning());
        const QString directory =
            u"%1/qdrant2pg-owned-%2"_s.arg(QDir::tempPath()).arg(QCoreApplication::applicationPid());
        const ProcessResult started = runProcess({.program = script,
            .arguments = {u"start"_s, u"--embedded"_s, u"--no-fsync"_s, u"--dir"_s, directory, u"--owner"_s,
                QString::number(owner.processId())}});
        QVERIFY2(started.ok(), started.description().constData());
        QVERIFY(owner.sendSignal(SIGKILL));
        owner.waitForEnd();
        QTRY_VERIFY_WITH_TIMEOUT(!QFileInfo::exists(directory), 30000);
        const QByteArray url = started.standardOutput.trimmed();
        PGconn* connection = PQconnectdb(url.constData());
        QCOMPARE(PQstatus(connection), CONNECTION_BAD);
        PQfinish(connection);
    }

    void databaseUrlReplacesTheServer()
    {
        const QString url = u"postgres://user@host/db"_s;
        const QString directory = QDir::tempPath() + u"/qdrant2pg-never"_s;
        const ProcessResult started = runProcess({.program = script,
            .arguments = {u"start"_s, u"--dir"_s, directory},
            .environment = {u"DATABASE_URL="_s + url}});
        QVERIFY2(started.ok(), started.description().constData());
        QCOMPARE(QString::fromUtf8(started.standardOutput).trimmed(), url);
        QVERIFY(!QFileInfo::exists(directory));
    }

    void scriptRefusesAFolderOfSomethingElse()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(u"precious"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        const ProcessResult started = runProcess({.program = script,
            .arguments = {u"start"_s, u"--embedded"_s, u"--no-download"_s, u"--dir"_s, folder.path()}});
        QVERIFY(started.exited && started.exitCode != 0);
        const ProcessResult stopped =
            runProcess({.program = script, .arguments = {u"stop"_s, u"--dir"_s, folder.path()}});
        QVERIFY(stopped.ok());
        QVERIFY(file.exists());
    }

private:
    const QString script = QStringLiteral(QDRANT2PG_SOURCE_DIR "/scripts/postgres.sh");
};

QTEST_GUILESS_MAIN(TestPostgresTest)
#include "testpostgrestest.moc"
