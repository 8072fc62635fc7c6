// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/copybuffer.h"
#include "core/postgres/ledger.h"
#include "tests/support/testpostgres.h"

#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// Ledger::beginPage(): the update of a range and the rows of its page are one transaction, however the
/// statements travel.
class LedgerPageTest : public QObject {
    Q_OBJECT

private:
    enum class Statements { Plain, Prepared, Forgotten };

    std::unique_ptr<TestPostgres> m_database;
    const Ledger m_ledger{QStringLiteral("qdrant2pg")};
    const QString m_run = QStringLiteral("run \"1\"");
    const QString m_me = QStringLiteral("me\\'; DROP TABLE t; --");
    const QByteArray m_copy = "COPY t (id) FROM STDIN (FORMAT binary)";

    static void addStatements()
    {
        QTest::addColumn<int>("statements");
        QTest::newRow("plain") << static_cast<int>(Statements::Plain);
        QTest::newRow("prepared") << static_cast<int>(Statements::Prepared);
        QTest::newRow("forgotten by the server") << static_cast<int>(Statements::Forgotten);
    }

    Connection open() const
    {
        auto connection = Connection::open(m_database->options());
        if (!connection || !connection->execute("SET synchronous_commit = off"))
            qFatal("no connection");
        return std::move(*connection);
    }

    Result<bool> beginPage(Connection& connection, const LedgerRange& range, const QString& owner,
        const char* cursor, bool done = false) const
    {
        RangeProgress progress;
        progress.newCursor = QString::fromLatin1(cursor);
        progress.rows = 1;
        progress.digest = {7, 5};
        progress.done = done;
        return m_ledger.beginPage(connection, m_run, range, owner, progress, 60, m_copy);
    }

    static Result<qint64> sendRow(Connection& connection, std::int64_t id)
    {
        CopyBuffer buffer;
        buffer.beginRow(1);
        buffer.addBigint(id);
        buffer.endRow();
        if (!connection.copyInWrite(CopyBuffer::header()) || !connection.copyInWrite(buffer.bytes())
            || !connection.copyInWrite(CopyBuffer::trailer()))
            return fail(ErrorKind::Internal, QStringLiteral("not sent"));
        return connection.copyInEnd();
    }

    QString rows() const { return m_database->scalar("SELECT count(*) FROM t"); }

    /// A page has been stored on it, so that what is to be prepared is.
    LedgerRange started(Connection& connection)
    {
        QFETCH(int, statements);
        connection.allowPreparing(statements != static_cast<int>(Statements::Plain));
        LedgerRange range = **m_ledger.leaseRange(connection, m_run, m_me, 60);
        const auto begun = beginPage(connection, range, m_me, "1");
        if (!begun || !*begun || !sendRow(connection, 1) || !connection.commit())
            qFatal("no page");
        range.cursor = QStringLiteral("1");
        if (statements == static_cast<int>(Statements::Forgotten) && !connection.execute("DEALLOCATE ALL"))
            qFatal("not forgotten");
        return range;
    }

private slots:
    void initTestCase()
    {
        m_database = std::make_unique<TestPostgres>();
        QDRANT2PG_REQUIRE_POSTGRES(*m_database);
    }

    void cleanupTestCase() { m_database.reset(); }

    void init()
    {
        Connection connection = open();
        QVERIFY(
            connection.execute("SET client_min_messages = warning; DROP SCHEMA IF EXISTS qdrant2pg "
                               "CASCADE; DROP TABLE IF EXISTS t; CREATE TABLE t (id bigint PRIMARY KEY)"));
        QVERIFY(m_ledger.ensure(connection));
        LedgerRun run;
        run.id = m_run;
        run.state = QStringLiteral("copying");
        QVERIFY(m_ledger.createRun(connection, run));
        LedgerRange range;
        range.collection = QStringLiteral("ga\\m'e \u00e9");
        QVERIFY(m_ledger.addRanges(connection, m_run, {range}));
    }

    void rowsAndRangeTogether_data() { addStatements(); }
    void rowsAndRangeTogether()
    {
        Connection connection = open();
        LedgerRange range = started(connection);
        QCOMPARE(rows(), QStringLiteral("1"));
        QVERIFY(*beginPage(connection, range, m_me, "2"));
        QCOMPARE(*sendRow(connection, 2), qint64{1});
        QCOMPARE(connection.execute("SHOW synchronous_commit")->text(0, 0), QStringLiteral("off"));
        QCOMPARE(rows(), QStringLiteral("1"));
        QVERIFY(connection.commit());
        range.cursor = QStringLiteral("2");
        QVERIFY(*beginPage(connection, range, m_me, "3", true));
        QCOMPARE(*sendRow(connection, 3), qint64{1});
        // The end of a range waits for the disk.
        QCOMPARE(connection.execute("SHOW synchronous_commit")->text(0, 0), QStringLiteral("on"));
        QVERIFY(connection.commit());
        QCOMPARE(rows(), QStringLiteral("3"));
        const auto present = m_ledger.range(connection, m_run, range.collection, 0);
        QVERIFY(present);
        QCOMPARE(present->cursor, QStringLiteral("3"));
        QCOMPARE(present->rows, qint64{3});
        QCOMPARE(present->digest, (DigestSum{21, 15}));
        QCOMPARE(present->state, QStringLiteral("done"));
    }

    void aRefusedRowTakesTheRangeBack_data() { addStatements(); }
    void aRefusedRowTakesTheRangeBack()
    {
        Connection connection = open();
        const LedgerRange range = started(connection);
        QVERIFY(*beginPage(connection, range, m_me, "2"));
        const auto stored = sendRow(connection, 1);
        QVERIFY(!stored);
        QCOMPARE(stored.error().sqlState, QByteArray("23505"));
        connection.rollback();
        QCOMPARE(m_ledger.range(connection, m_run, range.collection, 0)->cursor, QStringLiteral("1"));
        QVERIFY(*beginPage(connection, range, m_me, "2"));
        QCOMPARE(*sendRow(connection, 2), qint64{1});
        QVERIFY(connection.commit());
        QCOMPARE(rows(), QStringLiteral("2"));
    }

    void aLostRangeStoresNothing_data() { addStatements(); }
    void aLostRangeStoresNothing()
    {
        Connection connection = open();
        LedgerRange range = started(connection);
        QCOMPARE(*beginPage(connection, range, QStringLiteral("another"), "2"), false);
        connection.rollback();
        range.cursor = QStringLiteral("0");
        QCOMPARE(*beginPage(connection, range, m_me, "2"), false);
        connection.rollback();
        QCOMPARE(rows(), QStringLiteral("1"));
        range.cursor = QStringLiteral("1");
        QVERIFY(*beginPage(connection, range, m_me, "2"));
        connection.rollback();
        QCOMPARE(m_ledger.range(connection, m_run, range.collection, 0)->cursor, QStringLiteral("1"));
        QCOMPARE(rows(), QStringLiteral("1"));
    }

    void errorsBeforeTheRows_data() { addStatements(); }
    void errorsBeforeTheRows()
    {
        Connection connection = open();
        const LedgerRange range = started(connection);
        QVERIFY(m_database->execute("DROP TABLE t"));
        const auto noTable = beginPage(connection, range, m_me, "2");
        QVERIFY(!noTable);
        QCOMPARE(noTable.error().sqlState, QByteArray("42P01"));
        connection.rollback();
        QCOMPARE(m_ledger.range(connection, m_run, range.collection, 0)->cursor, QStringLiteral("1"));
        QVERIFY(m_database->execute("DROP SCHEMA qdrant2pg CASCADE"));
        const auto noLedger = beginPage(connection, range, m_me, "2");
        QVERIFY(!noLedger);
        QCOMPARE(noLedger.error().sqlState, QByteArray("42P01"));
        connection.rollback();
        QCOMPARE(connection.execute("SELECT 1")->integer(0, 0), qint64{1});
    }

    /// Behind a pooler in transaction mode another session may own the statement of that name.
    void aNameThatIsTaken()
    {
        Connection connection = open();
        connection.allowPreparing(true);
        QVERIFY(connection.execute("PREPARE mine AS SELECT 1"));
        QCOMPARE(*connection.prepare("mine", {}, "SELECT 2"), false);
        QCOMPARE(*connection.prepare("other", {}, "SELECT 2"), false);
        connection.allowPreparing(true);
        QCOMPARE(*connection.prepare("other", {}, "SELECT 2"), true);
        QCOMPARE(connection.execute("EXECUTE other")->integer(0, 0), qint64{2});
        QVERIFY(!connection.prepare("broken", {}, "SELECT nothing"));
    }
};

QTEST_GUILESS_MAIN(LedgerPageTest)
#include "ledgerpagetest.moc"
