// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/catalogue.h"
#include "core/postgres/serverprofile.h"
#include "tests/support/testpostgres.h"

#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

class CatalogueTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<TestPostgres> m_database;

    static Connection openIn(const TestPostgres& database)
    {
        auto connection = Connection::open(database.options());
        if (!connection)
            qFatal("%s", qPrintable(connection.error().toText()));
        return std::move(*connection);
    }

private slots:
    void initTestCase()
    {
        m_database = std::make_unique<TestPostgres>();
        QDRANT2PG_REQUIRE_POSTGRES(*m_database);
    }

    void cleanupTestCase() { m_database.reset(); }

    void profile()
    {
        Connection connection = openIn(*m_database);
        QVERIFY(connection.execute("SET maintenance_work_mem = '96MB'; SET statement_timeout = '90s'"));
        const auto profile = readServerProfile(connection);
        QVERIFY2(profile, profile ? "" : qPrintable(profile.error().toText()));
        QCOMPARE(profile->versionNumber, connection.serverVersion());
        QCOMPARE(profile->database, m_database->databaseName());
        QCOMPARE(profile->encoding, QStringLiteral("UTF8"));
        QCOMPARE(profile->maintenanceWorkMem, QStringLiteral("96MB"));
        QCOMPARE(profile->maintenanceWorkMemBytes, qint64{96} * 1024 * 1024);
        QCOMPARE(profile->statementTimeoutMs, qint64{90000});
        QVERIFY(profile->sharedBuffersBytes > 0);
        QVERIFY(profile->maxParallelWorkers >= 0);
        QVERIFY(profile->mayCreateInDatabase);
        QVERIFY(!profile->inRecovery);
        QVERIFY(!profile->readOnlyDefault);
        QVERIFY(profile->vectorAvailable);
        QVERIFY(profile->vectorVersion && *profile->vectorVersion >= QVersionNumber(0, 5));
        QCOMPARE(profile->vectorSchema, QStringLiteral("public"));
        QVERIFY(profile->vectorOnSearchPath);
        QCOMPARE(QString::number(profile->vectorOid), m_database->scalar("SELECT 'vector'::regtype::oid"));
        QVERIFY(!profile->transactionPooler);

        QVERIFY(connection.execute("SET default_transaction_read_only = on"));
        QVERIFY(readServerProfile(connection)->readOnlyDefault);
    }

    void extensionMissingOrElsewhere()
    {
        TestPostgres bare(TestPostgres::Extension::Leave);
        QVERIFY(bare.isValid());
        Connection connection = openIn(bare);
        auto profile = readServerProfile(connection);
        QVERIFY(profile && profile->vectorAvailable && !profile->vectorVersion);
        QVERIFY(!profile->vectorAvailableVersion.isEmpty());
        QVERIFY(probeWrite(connection, QStringLiteral("public"), *profile));

        QVERIFY(bare.execute("CREATE SCHEMA extensions; CREATE EXTENSION vector SCHEMA extensions"));
        profile = readServerProfile(connection);
        QVERIFY(profile && profile->vectorVersion);
        QCOMPARE(profile->vectorSchema, QStringLiteral("extensions"));
        QVERIFY(!profile->vectorOnSearchPath);
        QVERIFY(profile->vectorOid != 0);
        const auto probed = probeWrite(connection, QStringLiteral("public"), *profile);
        QVERIFY2(probed, probed ? "" : qPrintable(probed.error().toText()));
        QVERIFY(bare.execute("CREATE TABLE t (v extensions.halfvec(7))"));
        const auto table = readTable(connection, QStringLiteral("public"), QStringLiteral("t"));
        QCOMPARE(**&(*table)->columns[0].type, ColumnType::Halfvec);
        QCOMPARE((*table)->columns[0].dimensions, qint64{7});
    }

    void poolersAreRecognisedByName_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("port");
        QTest::addColumn<bool>("pooler");
        QTest::newRow("Neon") << "ep-cool-fog-123-pooler.eu-central-1.aws.neon.tech"
                              << "5432" << true;
        QTest::newRow("Neon direct") << "ep-cool-fog-123.eu-central-1.aws.neon.tech"
                                     << "5432" << false;
        QTest::newRow("Supabase") << "aws-0-eu-central-1.pooler.supabase.com"
                                  << "6543" << true;
        QTest::newRow("Supabase, session mode") << "aws-0-eu-central-1.pooler.supabase.com"
                                                << "5432" << false;
        QTest::newRow("PgBouncer") << "db"
                                   << "6432" << true;
        QTest::newRow("plain") << "localhost"
                               << "5432" << false;
    }

    void poolersAreRecognisedByName()
    {
        QFETCH(QString, host);
        QFETCH(QString, port);
        QFETCH(bool, pooler);
        QCOMPARE(!transactionPoolerReason(host, port).isEmpty(), pooler);
    }

    void probeLeavesNothing()
    {
        Connection connection = openIn(*m_database);
        const auto profile = readServerProfile(connection);
        QVERIFY(profile);
        for (const char* schema : {"public", "a new schema"}) {
            const auto probed = probeWrite(connection, QString::fromLatin1(schema), *profile);
            QVERIFY2(probed, probed ? "" : qPrintable(probed.error().toText()));
        }
        QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_class WHERE relname LIKE 'qdrant2pg%'"),
            QStringLiteral("0"));
        QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_namespace WHERE nspname = 'a new schema'"),
            QStringLiteral("0"));
    }

    void rightsOfARole()
    {
        const QByteArray role = "q2p_role_" + m_database->databaseName().toUtf8();
        QVERIFY(m_database->execute("CREATE ROLE " + role
            + "; CREATE SCHEMA closed; CREATE TABLE closed.t (a int); "
              "INSERT INTO closed.t VALUES (1); CREATE TABLE public.shown (a int); "
              "GRANT SELECT ON public.shown TO "
            + role));
        Connection connection = openIn(*m_database);
        auto profile = readServerProfile(connection);
        QVERIFY(connection.execute("SET ROLE " + role));
        QCOMPARE(readSchemaRights(connection, QStringLiteral("closed"))->mayUse, false);
        QCOMPARE(readSchemaRights(connection, QStringLiteral("public"))->mayUse, true);
        QCOMPARE(readSchemaRights(connection, QStringLiteral("public"))->mayCreate, false);
        QCOMPARE(readSchemaRights(connection, QStringLiteral("nowhere"))->exists, false);
        const auto probed = probeWrite(connection, QStringLiteral("public"), *profile);
        QVERIFY(!probed);
        QCOMPARE(probed.error().kind, ErrorKind::Permission);
        QVERIFY(connection.execute("SELECT 1"));
        auto shown = readTable(connection, QStringLiteral("public"), QStringLiteral("shown"));
        QVERIFY(shown && *shown);
        QVERIFY((*shown)->maySelect);
        QVERIFY(!(*shown)->mayInsert);
        auto closed = readTable(connection, QStringLiteral("closed"), QStringLiteral("t"));
        QVERIFY(closed && *closed);
        QVERIFY(!(*closed)->maySelect);
        QVERIFY2((*closed)->hasRows, "by its size");
        QVERIFY(connection.execute(
            "RESET ROLE; DROP SCHEMA closed CASCADE; DROP TABLE public.shown; DROP ROLE " + role));
    }

    void table()
    {
        QVERIFY(m_database->execute(
            "CREATE SCHEMA \"my schema\";"
            "CREATE TABLE \"my schema\".\"game.collection\" (id uuid, part bigint GENERATED ALWAYS AS "
            "IDENTITY, embedding "
            "vector(3) NOT NULL, loose vector, parts vector(5)[], name varchar(10), n numeric(20,0) DEFAULT "
            "7, twice bigint "
            "GENERATED ALWAYS AS (part * 2) STORED, at timestamptz, old int, PRIMARY KEY (part, id));"
            "ALTER TABLE \"my schema\".\"game.collection\" DROP COLUMN old;"
            "CREATE INDEX nearest ON \"my schema\".\"game.collection\" USING hnsw (embedding "
            "vector_cosine_ops) WITH (m = 8);"
            "CREATE UNIQUE INDEX one_name ON \"my schema\".\"game.collection\" (name)"));
        Connection connection = openIn(*m_database);
        auto read = readTable(connection, QStringLiteral("my schema"), QStringLiteral("game.collection"));
        QVERIFY2(read, read ? "" : qPrintable(read.error().toText()));
        QVERIFY(*read);
        const ExistingTable& table = **read;
        QCOMPARE(table.kind, QChar(u'r'));
        QCOMPARE(table.columns.size(), 9);
        QCOMPARE(table.primaryKey, QStringList({QStringLiteral("part"), QStringLiteral("id")}));
        QCOMPARE(table.column(QStringLiteral("embedding"))->dimensions, qint64{3});
        QCOMPARE(table.column(QStringLiteral("embedding"))->notNull, true);
        QCOMPARE(table.column(QStringLiteral("embedding"))->sqlType, QStringLiteral("vector(3)"));
        QCOMPARE(table.column(QStringLiteral("loose"))->dimensions, qint64{0});
        QCOMPARE(table.column(QStringLiteral("parts"))->dimensions, qint64{5});
        QCOMPARE(table.column(QStringLiteral("parts"))->type, std::optional(ColumnType::VectorArray));
        QCOMPARE(table.column(QStringLiteral("name"))->type, std::optional(ColumnType::Text));
        QCOMPARE(table.column(QStringLiteral("name"))->sqlType, QStringLiteral("character varying(10)"));
        QCOMPARE(table.column(QStringLiteral("n"))->sqlType, QStringLiteral("numeric(20,0)"));
        QCOMPARE(table.column(QStringLiteral("n"))->hasDefault, true);
        QCOMPARE(table.column(QStringLiteral("part"))->hasDefault, true);
        QCOMPARE(table.column(QStringLiteral("twice"))->generated, true);
        QCOMPARE(table.column(QStringLiteral("twice"))->hasDefault, false);
        QCOMPARE(table.column(QStringLiteral("at"))->type, std::optional(ColumnType::Timestamptz));
        QCOMPARE(table.column(QStringLiteral("old")), nullptr);
        QCOMPARE(table.indexes.size(), 3);
        const ExistingIndex& nearest = table.indexes[1];
        QCOMPARE(nearest.name, QStringLiteral("nearest"));
        QCOMPARE(nearest.method, QStringLiteral("hnsw"));
        QVERIFY(nearest.valid && !nearest.unique && !nearest.primary);
        QVERIFY(nearest.definition.contains(QLatin1String("vector_cosine_ops")));
        QVERIFY(table.indexes[0].primary);
        QVERIFY(table.indexes[2].unique);
        QVERIFY(!table.hasRows && table.mayInsert && table.maySelect && !table.rowSecurity
            && !table.hasRowTriggers);

        QVERIFY(m_database->execute(
            "INSERT INTO \"my schema\".\"game.collection\" (id, embedding) VALUES (gen_random_uuid(), "
            "'[1,2,3]');"
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = '\"my schema\".nearest'::regclass;"
            "CREATE FUNCTION pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            "CREATE TRIGGER pass BEFORE INSERT ON \"my schema\".\"game.collection\" FOR EACH ROW EXECUTE "
            "FUNCTION pass()"));
        read = readTable(connection, QStringLiteral("my schema"), QStringLiteral("game.collection"));
        QVERIFY((*read)->hasRows);
        QVERIFY((*read)->hasRowTriggers);
        QVERIFY(!(*read)->indexes[1].valid);
        QCOMPARE(*countRows(connection, QStringLiteral("my schema"), QStringLiteral("game.collection")),
            qint64{1});
    }

    void otherKindsAndNone()
    {
        QVERIFY(m_database->execute(
            "CREATE VIEW seen AS SELECT 1 AS id; CREATE TABLE parts (id bigint) PARTITION BY RANGE (id)"));
        Connection connection = openIn(*m_database);
        const auto kind = [&](const char* name) {
            const auto read = readTable(connection, QStringLiteral("public"), QString::fromLatin1(name));
            return read && *read ? QString((*read)->kind) : QString();
        };
        QCOMPARE(kind("seen"), QStringLiteral("v"));
        QCOMPARE(kind("parts"), QStringLiteral("p"));
        QCOMPARE(kind("nothing"), QString());
        QVERIFY(!countRows(connection, QStringLiteral("public"), QStringLiteral("nothing")));
    }
};

QTEST_GUILESS_MAIN(CatalogueTest)
#include "cataloguetest.moc"
