// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/connection.h"
#include "core/postgres/copybuffer.h"
#include "tests/support/testpostgres.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <limits>
#include <optional>
#include <thread>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

class ConnectionTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<TestPostgres> m_database;

    Connection open(const QString& application = QStringLiteral("qdrant2pg-test")) const
    {
        TargetOptions options = m_database->options();
        options.applicationName = application;
        auto connection = Connection::open(options);
        if (!connection)
            qFatal("%s", qPrintable(connection.error().toText()));
        return std::move(*connection);
    }

    static std::string rowsOf(std::int64_t first, int count, const std::string& text)
    {
        CopyBuffer buffer;
        for (int i = 0; i < count; ++i) {
            buffer.beginRow(2);
            buffer.addBigint(first + i);
            if (buffer.addText(text))
                qFatal("text refused");
            buffer.endRow();
        }
        return std::string(buffer.bytes());
    }

    static constexpr const char* copyIn = "COPY c (id, t) FROM STDIN (FORMAT binary)";

private slots:
    void initTestCase()
    {
        m_database = std::make_unique<TestPostgres>();
        QDRANT2PG_REQUIRE_POSTGRES(*m_database);
    }

    void cleanupTestCase() { m_database.reset(); }

    void init()
    {
        if (m_database->isValid())
            QVERIFY(m_database->execute(
                "DROP TABLE IF EXISTS c; CREATE TABLE c (id bigint PRIMARY KEY, t text)"));
    }

    void settingsApply()
    {
        TargetOptions options = m_database->options();
        options.settings = {{QStringLiteral("synchronous_commit"), QStringLiteral("off")},
            {QStringLiteral("maintenance_work_mem"), QStringLiteral("70MB")}};
        auto connection = Connection::open(options);
        QVERIFY(connection);
        QVERIFY(connection->isUsable());
        QCOMPARE(connection->execute("SHOW synchronous_commit")->text(0, 0), QStringLiteral("off"));
        QCOMPARE(connection->execute("SHOW maintenance_work_mem")->text(0, 0), QStringLiteral("70MB"));
        QCOMPARE(connection->execute("SHOW client_encoding")->text(0, 0), QStringLiteral("UTF8"));
        QCOMPARE(connection->execute("SHOW application_name")->text(0, 0), QStringLiteral("qdrant2pg"));
        QCOMPARE(
            connection->execute("SELECT pg_backend_pid()")->integer(0, 0), qint64{connection->backendPid()});
        QVERIFY(connection->serverVersion() >= 160000);

        options.settings = {{QStringLiteral("no_such_setting"), QStringLiteral("1")}};
        QVERIFY(!Connection::open(options));
    }

    void queriesAndParameters()
    {
        Connection connection = open();
        auto result = connection.execute("SELECT $1::text, $2::bigint + 1, NULL::text, $3::text IS NULL",
            {QByteArray("\xc3\xa4'\\"), QByteArray("41"), std::nullopt});
        QVERIFY(result);
        QCOMPARE(result->rowCount(), 1);
        QCOMPARE(result->text(0, 0), QString::fromUtf8("\xc3\xa4'\\"));
        QCOMPARE(result->integer(0, 1), qint64{42});
        QVERIFY(result->isNull(0, 2));
        QVERIFY(result->boolean(0, 3));
        QCOMPARE(
            connection.execute("INSERT INTO c SELECT g, 'x' FROM generate_series(1, 5) g")->affectedRows(),
            qint64{5});
        QCOMPARE(connection.execute("UPDATE c SET t = $1 WHERE id > $2", {QByteArray("y"), QByteArray("2")})
                     ->affectedRows(),
            qint64{3});
        QCOMPARE(connection.execute("SELECT 1; SELECT 2")->integer(0, 0), qint64{2});
    }

    void errorsAreMapped()
    {
        Connection connection = open();
        const auto missing = connection.execute("SELECT * FROM no_such_table");
        QVERIFY(!missing);
        QCOMPARE(missing.error().sqlState, QByteArray("42P01"));
        QCOMPARE(missing.error().kind, ErrorKind::Schema);
        QVERIFY(!missing.error().poisonsConnection);
        const auto null = connection.execute("INSERT INTO c VALUES (NULL, 'x')");
        QVERIFY(!null);
        QCOMPARE(null.error().kind, ErrorKind::Constraint);
        QCOMPARE(null.error().where.table, QStringLiteral("public.c"));
        QCOMPARE(null.error().where.column, QStringLiteral("id"));
        const auto slow = connection.execute("SET statement_timeout = 20; SELECT pg_sleep(20)");
        QVERIFY(!slow);
        QCOMPARE(slow.error().kind, ErrorKind::Timeout);
        QVERIFY(slow.error().retryable);
        QVERIFY(connection.isUsable());
    }

    void commitOfABrokenTransactionIsAnError()
    {
        Connection connection = open();
        QVERIFY(connection.begin());
        QVERIFY(connection.execute("INSERT INTO c VALUES (1, 'x')"));
        QVERIFY(!connection.execute("SELECT 1/0"));
        QVERIFY(!connection.commit());
        QCOMPARE(m_database->scalar("SELECT count(*) FROM c"), QStringLiteral("0"));
        QVERIFY(connection.begin());
        QVERIFY(connection.execute("INSERT INTO c VALUES (1, 'x')"));
        connection.rollback();
        QVERIFY(connection.begin());
        QVERIFY(connection.execute("INSERT INTO c VALUES (2, 'x')"));
        QVERIFY(connection.commit());
        QCOMPARE(m_database->scalar("SELECT min(id) || '/' || count(*) FROM c"), QStringLiteral("2/1"));
    }

    void copyGoesInAndOut()
    {
        Connection connection = open();
        QVERIFY(connection.begin());
        QVERIFY(connection.copyInBegin(copyIn));
        QVERIFY(connection.copyInWrite(CopyBuffer::header()));
        const std::string rows = rowsOf(0, 3000, std::string(300, 'x'));
        // Borders of chunks mean nothing.
        QVERIFY(connection.copyInWrite(std::string_view(rows).substr(0, 7)));
        QVERIFY(connection.copyInWrite(std::string_view(rows).substr(7)));
        QVERIFY(connection.copyInWrite(CopyBuffer::trailer()));
        const auto stored = connection.copyInEnd();
        QVERIFY(stored);
        QCOMPARE(*stored, qint64{3000});
        QVERIFY(connection.commit());

        std::string stream;
        auto count = connection.copyOut(
            "COPY (SELECT id, t FROM c ORDER BY id) TO STDOUT (FORMAT binary)", [&](std::string_view m) {
                stream += m;
                return true;
            });
        QVERIFY(count);
        QCOMPARE(*count, qint64{3000});
        QCOMPARE(
            stream == std::string(CopyBuffer::header()) + rows + std::string(CopyBuffer::trailer()), true);

        std::string again;
        int rowCalls = 0;
        count = connection.copyOutRows(
            "COPY (SELECT id, t FROM c ORDER BY id) TO STDOUT (FORMAT binary)", [&](std::string_view row) {
                again += row;
                ++rowCalls;
                return true;
            });
        QVERIFY(count);
        QCOMPARE(rowCalls, 3000);
        QVERIFY(again == rows);

        // Stopped early, the connection goes on working.
        count = connection.copyOutRows(
            "COPY (SELECT id, t FROM c, generate_series(1, 100)) TO STDOUT (FORMAT binary)",
            [](std::string_view) { return false; });
        QVERIFY(count);
        QCOMPARE(*count, qint64{1});
        QCOMPARE(connection.execute("SELECT 1")->integer(0, 0), qint64{1});
    }

    void emptyCopyOut()
    {
        Connection connection = open();
        int calls = 0;
        const auto count = connection.copyOutRows("COPY c TO STDOUT (FORMAT binary)", [&](std::string_view) {
            ++calls;
            return true;
        });
        QVERIFY(count);
        QCOMPARE(*count, qint64{0});
        QCOMPARE(calls, 0);
    }

    void errorsAtTheBeginningOfACopy()
    {
        Connection connection = open();
        const auto missing = connection.copyInBegin("COPY nowhere (id) FROM STDIN (FORMAT binary)");
        QVERIFY(!missing);
        QCOMPARE(missing.error().sqlState, QByteArray("42P01"));
        const auto wrong = connection.copyInBegin("SELECT 1");
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().kind, ErrorKind::Internal);
        QVERIFY(!connection.copyInEnd());
        QCOMPARE(connection.execute("SELECT 1")->integer(0, 0), qint64{1});
    }

    /// A duplicate key in the first chunk is seen long before the data ends.
    void errorIsSeenEarly()
    {
        Connection connection = open();
        QVERIFY(connection.begin());
        QVERIFY(connection.copyInBegin(copyIn));
        QVERIFY(connection.copyInWrite(CopyBuffer::header()));
        const std::string rows = rowsOf(0, 1000, std::string(1000, 'x'));
        std::optional<Error> error;
        int chunks = 0;
        for (; chunks < 400 && !error; ++chunks) {
            if (auto written = connection.copyInWrite(rows); !written)
                error = written.error();
        }
        QVERIFY(error);
        QCOMPARE(error->sqlState, QByteArray("23505"));
        QVERIFY(blamesRow(*error));
        QVERIFY(chunks < 400);
        QVERIFY(!error->poisonsConnection);
        connection.rollback();
        QCOMPARE(connection.execute("SELECT count(*) FROM c")->integer(0, 0), qint64{0});
    }

    void errorIsSeenLate()
    {
        Connection connection = open();
        QVERIFY(connection.copyInBegin(copyIn));
        QVERIFY(connection.copyInWrite(CopyBuffer::header()));
        QVERIFY(connection.copyInWrite(rowsOf(0, 2, "x")));
        QVERIFY(connection.copyInWrite(rowsOf(1, 1, "x")));
        QVERIFY(connection.copyInWrite(CopyBuffer::trailer()));
        const auto stored = connection.copyInEnd();
        QVERIFY(!stored);
        QCOMPARE(stored.error().sqlState, QByteArray("23505"));
        QCOMPARE(stored.error().where.table, QStringLiteral("public.c"));
        QVERIFY(stored.error().detail.contains(QLatin1String("line 3")));
        QCOMPARE(connection.execute("SELECT count(*) FROM c")->integer(0, 0), qint64{0});
    }

    /// A trigger that talks during the COPY is no error.
    void noticesDoNotEndACopy()
    {
        QVERIFY(m_database->execute(
            "CREATE OR REPLACE FUNCTION talk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE NOTICE 'row %', NEW.id; RETURN NEW; END $$;"
            "CREATE TRIGGER talk BEFORE INSERT ON c FOR EACH ROW EXECUTE FUNCTION talk()"));
        Connection connection = open();
        QVERIFY(connection.copyInBegin(copyIn));
        QVERIFY(connection.copyInWrite(CopyBuffer::header()));
        for (int i = 0; i < 50; ++i) {
            const auto written = connection.copyInWrite(rowsOf(i * 100, 100, std::string(2000, 'x')));
            QVERIFY2(written, written ? "" : qPrintable(written.error().toText()));
        }
        QVERIFY(connection.copyInWrite(CopyBuffer::trailer()));
        const auto stored = connection.copyInEnd();
        QVERIFY(stored);
        QCOMPARE(*stored, qint64{5000});
        const QStringList notices = connection.takeNotices();
        QCOMPARE(notices.first(), QStringLiteral("row 0"));
        QVERIFY(notices.size() <= 1000);
        QVERIFY(connection.takeNotices().isEmpty());
    }

    void abortLeavesNothing()
    {
        Connection connection = open();
        QVERIFY(connection.begin());
        QVERIFY(connection.copyInBegin(copyIn));
        QVERIFY(connection.copyInWrite(CopyBuffer::header()));
        QVERIFY(connection.copyInWrite(rowsOf(0, 100, "x")));
        QVERIFY(!connection.execute("SELECT 1"));
        connection.copyInAbort();
        connection.rollback();
        QCOMPARE(connection.execute("SELECT count(*) FROM c")->integer(0, 0), qint64{0});
        // rollback() ends an open COPY by itself.
        QVERIFY(connection.begin());
        QVERIFY(connection.copyInBegin(copyIn));
        connection.rollback();
        QCOMPARE(connection.execute("SELECT 1")->integer(0, 0), qint64{1});
    }

    void lostConnection()
    {
        Connection connection = open(QStringLiteral("victim"));
        QCOMPARE(m_database->killBackends(QStringLiteral("victim")), 1);
        const auto answer = connection.execute("SELECT 1");
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Network);
        QVERIFY(answer.error().retryable);
        QVERIFY(answer.error().poisonsConnection);
        QVERIFY(!connection.isUsable());
        const auto again = connection.execute("SELECT 1");
        QVERIFY(!again);
        QVERIFY(again.error().poisonsConnection);
        QVERIFY(!connection.commit());
        connection.rollback();
    }

    void lostConnectionInsideACopy()
    {
        Connection connection = open(QStringLiteral("victim"));
        QVERIFY(connection.begin());
        QVERIFY(connection.copyInBegin(copyIn));
        QVERIFY(connection.copyInWrite(CopyBuffer::header()));
        QVERIFY(connection.copyInWrite(rowsOf(0, 10, "x")));
        QCOMPARE(m_database->killBackends(QStringLiteral("victim")), 1);
        std::optional<Error> error;
        for (int i = 1; i < 1000 && !error; ++i) {
            if (auto written = connection.copyInWrite(rowsOf(i * 1000, 1000, std::string(500, 'x')));
                !written)
                error = written.error();
        }
        QVERIFY(error);
        QCOMPARE(error->kind, ErrorKind::Network);
        QVERIFY(error->retryable);
        QVERIFY(error->poisonsConnection);
        connection.rollback();
        QCOMPARE(m_database->scalar("SELECT count(*) FROM c"), QStringLiteral("0"));
    }

    void cancelFromAnotherThread()
    {
        Connection connection = open();
        const Connection::Canceller canceller = connection.canceller();
        std::atomic_bool done = false;
        // The request may overtake the statement, so it is repeated until the statement has ended.
        std::jthread other([&] {
            while (!done) {
                canceller.cancel();
                std::this_thread::yield();
            }
        });
        const auto answer = connection.execute("SELECT pg_sleep(100)");
        done = true;
        other.join();
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Cancelled);
        QCOMPARE(answer.error().sqlState, QByteArray("57014"));
        QVERIFY(!Connection::Canceller().cancel());
    }

    void openRefusals_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<ErrorKind>("kind");
        QTest::newRow("port") << "port=1" << ErrorKind::Network;
        QTest::newRow("database") << "dbname=no_such_database" << ErrorKind::NotFound;
        QTest::newRow("role") << "user=no_such_role" << ErrorKind::Authentication;
        QTest::newRow("host") << "host=no-such-host.invalid" << ErrorKind::Network;
        QTest::newRow("socket") << "host=/no/such/folder" << ErrorKind::Network;
        QTest::newRow("sslmode") << "sslmode=nonsense" << ErrorKind::Usage;
    }

    void openRefusals()
    {
        QFETCH(QString, change);
        QFETCH(ErrorKind, kind);
        TargetOptions options = m_database->options();
        const auto part = [&](const char* keyword) {
            const QString value = conninfoValue(options.conninfo, keyword);
            return value.isEmpty()
                ? QString()
                : QString::fromLatin1(keyword) + QLatin1Char('=') + value + QLatin1Char(' ');
        };
        options.conninfo = part("host") + part("port") + part("dbname") + part("user") + change;
        options.connectTimeoutSeconds = 5;
        const auto connection = Connection::open(options);
        QVERIFY(!connection);
        QVERIFY2(connection.error().kind == kind, qPrintable(connection.error().toText()));
        QVERIFY(!connection.error().summary.isEmpty());
        QVERIFY(!connection.error().where.host.isEmpty());
        if (!options.password.isEmpty())
            QVERIFY(!connection.error().toText().contains(QString::fromUtf8(options.password)));
    }

    void wrongPassword()
    {
        TargetOptions options = m_database->options();
        if (options.password.isEmpty())
            QSKIP("This server asks for no password.");
        options.password = "certainly-not-it";
        const auto connection = Connection::open(options);
        QVERIFY(!connection);
        QCOMPARE(connection.error().kind, ErrorKind::Authentication);
        QCOMPARE(connection.error().sqlState, QByteArray("28P01"));
        QVERIFY(!connection.error().retryable);
        QVERIFY(!connection.error().toText().contains(QLatin1String("certainly-not-it")));
    }
};

QTEST_GUILESS_MAIN(ConnectionTest)
#include "connectiontest.moc"
