// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/ledger.h"
#include "core/postgres/ledgersql.h"
#include "tests/support/testpostgres.h"

#include <QTest>

#include <thread>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

class LedgerTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<TestPostgres> m_database;
    const Ledger m_ledger{QStringLiteral("qdrant2pg")};
    const QString m_run = QStringLiteral("run-1");
    const QString m_me = QStringLiteral("me");
    const QString m_other = QStringLiteral("other");

    Connection open() const
    {
        auto connection = Connection::open(m_database->options());
        if (!connection)
            qFatal("%s", qPrintable(connection.error().toText()));
        return std::move(*connection);
    }

    static LedgerRange rangeOf(int number, const char* lower, const char* upper)
    {
        LedgerRange range;
        range.collection = QStringLiteral("game");
        range.number = number;
        range.lower = QString::fromLatin1(lower);
        range.upper = QString::fromLatin1(upper);
        range.state = QStringLiteral("open");
        range.expected = 100;
        return range;
    }

    /// A ledger with one run of three ranges.
    Connection prepared()
    {
        Connection connection = open();
        if (!connection.execute("DROP SCHEMA IF EXISTS qdrant2pg CASCADE") || !m_ledger.ensure(connection))
            qFatal("no ledger");
        LedgerRun run;
        run.id = m_run;
        run.planJson = "{\"version\": 1}";
        run.planHash = QStringLiteral("abc");
        run.factsJson = "{}";
        run.toolVersion = QStringLiteral("0.1.0");
        run.state = QStringLiteral("copying");
        run.expected = 300;
        const auto created = m_ledger.createRun(connection, run);
        const auto added = m_ledger.addRanges(
            connection, m_run, {rangeOf(0, "", "100"), rangeOf(1, "100", "200"), rangeOf(2, "200", "")});
        if (!created || !added)
            qFatal("no run");
        return connection;
    }

    static RangeProgress progressOf(const char* cursor, qint64 rows, bool done = false)
    {
        RangeProgress progress;
        progress.newCursor = QString::fromLatin1(cursor);
        progress.rows = rows;
        progress.bytes = rows * 10;
        progress.digest = {0xFFFFFFFFFFFFFFFFU, 0xFFFFFFFFFFFFFFFFU};
        progress.done = done;
        return progress;
    }

private slots:
    void initTestCase()
    {
        m_database = std::make_unique<TestPostgres>();
        QDRANT2PG_REQUIRE_POSTGRES(*m_database);
        // Notices of dropped schemas.
        QVERIFY(m_database->execute(
            "ALTER DATABASE " + m_database->databaseName().toUtf8() + " SET client_min_messages = warning"));
    }

    void cleanupTestCase() { m_database.reset(); }

    void ensureIsIdempotent()
    {
        Connection connection = open();
        QVERIFY(connection.execute("DROP SCHEMA IF EXISTS qdrant2pg CASCADE"));
        QCOMPARE(*m_ledger.exists(connection), false);
        QVERIFY(m_ledger.ensure(connection));
        QVERIFY(m_ledger.ensure(connection));
        QCOMPARE(*m_ledger.exists(connection), true);
        QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'qdrant2pg'"),
            QStringLiteral("5"));
    }

    void ensureAtTheSameTime()
    {
        for (int round = 0; round < 5; ++round) {
            QVERIFY(open().execute("DROP SCHEMA IF EXISTS qdrant2pg CASCADE"));
            std::atomic_int failures = 0;
            {
                std::vector<std::jthread> threads;
                for (int i = 0; i < 6; ++i) {
                    threads.emplace_back([this, &failures] {
                        Connection connection = open();
                        if (!m_ledger.ensure(connection))
                            ++failures;
                    });
                }
            }
            QCOMPARE(failures.load(), 0);
            QCOMPARE(m_database->scalar("SELECT count(*) FROM qdrant2pg.meta"), QStringLiteral("1"));
        }
    }

    void ensureInsideATransaction()
    {
        Connection connection = open();
        QVERIFY(connection.execute("DROP SCHEMA IF EXISTS qdrant2pg CASCADE"));
        QVERIFY(connection.begin());
        QVERIFY(m_ledger.ensure(connection));
        connection.rollback();
        QCOMPARE(*m_ledger.exists(connection), false);
    }

    void newerLayoutIsRefused()
    {
        Connection connection = prepared();
        QVERIFY(connection.execute("UPDATE qdrant2pg.meta SET layout = 2"));
        const auto ensured = m_ledger.ensure(connection);
        QVERIFY(!ensured);
        QCOMPARE(ensured.error().kind, ErrorKind::Unsupported);
        QVERIFY(!m_ledger.exists(connection));
    }

    void roleWithoutRights()
    {
        const QByteArray role = "q2p_role_" + m_database->databaseName().toUtf8();
        QVERIFY(m_database->execute("CREATE ROLE " + role));
        Connection connection = open();
        QVERIFY(connection.execute(
            "DROP SCHEMA IF EXISTS qdrant2pg CASCADE; CREATE SCHEMA allowed AUTHORIZATION " + role));
        QVERIFY(connection.execute("SET ROLE " + role));
        const auto refused = m_ledger.ensure(connection);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Permission);
        // The transaction that failed is gone: a schema of its own serves.
        const Ledger inside(QStringLiteral("allowed"));
        QVERIFY(inside.ensure(connection));
        QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_tables WHERE schemaname = 'allowed' AND "
                                    "tablename LIKE 'qdrant2pg\\_%'"),
            QStringLiteral("5"));
        LedgerRun run;
        run.id = m_run;
        QVERIFY(inside.createRun(connection, run));
        QVERIFY(inside.forgetRun(connection, m_run));
        QCOMPARE(*inside.exists(connection), false);
        // The schema was there before us.
        QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_namespace WHERE nspname = 'allowed'"),
            QStringLiteral("1"));
        QVERIFY(connection.execute("RESET ROLE; DROP SCHEMA allowed; DROP ROLE " + role));
    }

    void runsAreRemembered()
    {
        Connection connection = prepared();
        auto run = m_ledger.run(connection, m_run);
        QVERIFY(run && *run);
        QCOMPARE((*run)->planJson, QByteArray("{\"version\": 1}"));
        QCOMPARE((*run)->planHash, QStringLiteral("abc"));
        QCOMPARE((*run)->expected, qint64{300});
        QCOMPARE((*run)->state, QStringLiteral("copying"));
        QVERIFY((*run)->startedAt.isValid());
        QVERIFY(!(*run)->finishedAt.isValid());
        QCOMPARE((*run)->rows, qint64{0});
        QVERIFY(m_ledger.setRunFacts(connection, m_run, "{\"points\":300}"));
        QVERIFY(m_ledger.setRunReport(connection, m_run, "{\"done\":true}"));
        QVERIFY(m_ledger.setRunState(connection, m_run, QStringLiteral("completed"), QStringLiteral("well")));
        run = m_ledger.run(connection, m_run);
        QCOMPARE((*run)->factsJson, QByteArray("{\"points\":300}"));
        QCOMPARE((*run)->reportJson, QByteArray("{\"done\":true}"));
        QCOMPARE((*run)->reason, QStringLiteral("well"));
        QVERIFY((*run)->finishedAt.isValid());
        // Resumed: no longer finished.
        QVERIFY(m_ledger.setRunState(connection, m_run, QStringLiteral("copying"), QString()));
        QVERIFY(!(*m_ledger.run(connection, m_run))->finishedAt.isValid());
        QVERIFY(!*m_ledger.run(connection, QStringLiteral("nobody")));
        QVERIFY(
            !m_ledger.setRunState(connection, QStringLiteral("nobody"), QStringLiteral("failed"), QString()));

        LedgerRun second;
        second.id = QStringLiteral("run-2");
        QVERIFY(m_ledger.createRun(connection, second));
        const auto runs = m_ledger.runs(connection);
        QVERIFY(runs);
        QCOMPARE(runs->size(), 2);
        QCOMPARE(runs->first().id, QStringLiteral("run-2"));
        QVERIFY(!m_ledger.createRun(connection, second));
    }

    void rangesAreLeasedOnce()
    {
        Connection connection = prepared();
        Connection second = open();
        const auto a = m_ledger.leaseRange(connection, m_run, m_me, 60);
        const auto b = m_ledger.leaseRange(second, m_run, m_other, 60);
        const auto c = m_ledger.leaseRange(connection, m_run, m_me, 60);
        QVERIFY(a && *a && b && *b && c && *c);
        QCOMPARE((*a)->number, 0);
        QCOMPARE((*b)->number, 1);
        QCOMPARE((*c)->number, 2);
        QCOMPARE((*a)->upper, QStringLiteral("100"));
        QCOMPARE((*a)->owner, m_me);
        QCOMPARE((*a)->expected, qint64{100});
        QVERIFY(!*m_ledger.leaseRange(connection, m_run, m_me, 60));
        const auto open = m_ledger.openRanges(connection, m_run);
        QCOMPARE(open->open, 3);
        QCOMPARE(open->leased, 3);
        QCOMPARE(*m_ledger.renewLeases(connection, m_run, m_me, 60), qint64{2});

        QVERIFY(m_ledger.releaseRange(connection, m_run, **b, m_me));
        QVERIFY2(!*m_ledger.leaseRange(connection, m_run, m_me, 60), "only its owner gives a range back");
        QVERIFY(m_ledger.releaseRange(connection, m_run, **b, m_other));
        QCOMPARE((*m_ledger.leaseRange(connection, m_run, m_me, 60))->number, 1);
        QVERIFY(m_ledger.releaseOwner(connection, m_run, m_me));
        QCOMPARE(m_ledger.openRanges(connection, m_run)->leased, 0);
    }

    /// A row that another session is just taking is skipped, not waited for.
    void leasingDoesNotWait()
    {
        Connection connection = prepared();
        Connection second = open();
        QVERIFY(second.execute("SET lock_timeout = '1s'"));
        QVERIFY(connection.begin());
        QCOMPARE((*m_ledger.leaseRange(connection, m_run, m_me, 60))->number, 0);
        QCOMPARE((*m_ledger.leaseRange(second, m_run, m_other, 60))->number, 1);
        QCOMPARE(*m_ledger.renewLeases(second, m_run, m_other, 60), qint64{1});
        QVERIFY(connection.commit());
        // Renewing leaves out the page that is on its way.
        QVERIFY(connection.begin());
        auto range = m_ledger.range(connection, m_run, QStringLiteral("game"), 1);
        QVERIFY(range);
        QCOMPARE(*m_ledger.renewLeases(second, m_run, m_other, 60), qint64{0});
        QVERIFY(connection.commit());
    }

    void everyRangeGoesToExactlyOneOfMany()
    {
        Connection connection = prepared();
        QList<LedgerRange> ranges;
        for (int i = 3; i < 203; ++i)
            ranges << rangeOf(i, "", "");
        QVERIFY(m_ledger.addRanges(connection, m_run, ranges));
        std::atomic_int taken = 0;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 4; ++i) {
                threads.emplace_back([this, i, &taken] {
                    Connection mine = open();
                    while (true) {
                        const auto range = m_ledger.leaseRange(mine, m_run, QString::number(i), 60);
                        if (!range || !*range)
                            break;
                        ++taken;
                    }
                });
            }
        }
        QCOMPARE(taken.load(), 203);
    }

    void expiredLeaseGoesToAnother()
    {
        Connection connection = prepared();
        auto mine = *m_ledger.leaseRange(connection, m_run, m_me, 60);
        QVERIFY(*m_ledger.advanceRange(connection, m_run, *mine, m_me, progressOf("10", 10), 60));
        mine->cursor = QStringLiteral("10");
        // Time passes.
        QVERIFY(connection.execute(
            "UPDATE qdrant2pg.range SET lease_until = clock_timestamp() - interval '1 second' WHERE no = 0"));
        QCOMPARE(m_ledger.openRanges(connection, m_run)->leased, 0);
        const auto theirs = *m_ledger.leaseRange(connection, m_run, m_other, 60);
        QVERIFY(theirs);
        QCOMPARE(theirs->number, 0);
        QCOMPARE(theirs->cursor, QStringLiteral("10"));
        QCOMPARE(theirs->rows, qint64{10});
        // The first owner wakes up late: its page must not count.
        QCOMPARE(*m_ledger.advanceRange(connection, m_run, *mine, m_me, progressOf("20", 10), 60), false);
        QCOMPARE(*m_ledger.advanceRange(connection, m_run, *theirs, m_other, progressOf("20", 10), 60), true);
        QCOMPARE(m_ledger.range(connection, m_run, QStringLiteral("game"), 0)->rows, qint64{20});
    }

    void movedCursorIsNoticed()
    {
        Connection connection = prepared();
        auto range = *m_ledger.leaseRange(connection, m_run, m_me, 60);
        QVERIFY(*m_ledger.lockRange(connection, m_run, *range, m_me));
        QVERIFY(!*m_ledger.lockRange(connection, m_run, *range, m_other));
        QVERIFY(*m_ledger.advanceRange(connection, m_run, *range, m_me, progressOf("10", 10), 60));
        // The same page again, as after a COMMIT whose answer got lost.
        QCOMPARE(*m_ledger.advanceRange(connection, m_run, *range, m_me, progressOf("10", 10), 60), false);
        QVERIFY(!*m_ledger.lockRange(connection, m_run, *range, m_me));
        const auto present = m_ledger.range(connection, m_run, QStringLiteral("game"), 0);
        QCOMPARE(present->cursor, QStringLiteral("10"));
        QCOMPARE(present->rows, qint64{10});
        QCOMPARE(present->bytes, qint64{100});
        QVERIFY(!m_ledger.range(connection, m_run, QStringLiteral("game"), 99));
    }

    void progressAddsUp()
    {
        Connection connection = prepared();
        auto range = *m_ledger.leaseRange(connection, m_run, m_me, 60);
        DigestSum expected;
        for (int page = 1; page <= 3; ++page) {
            RangeProgress progress = progressOf(QByteArray::number(page).constData(), page, page == 3);
            progress.rejected = 1;
            progress.skipped = 2;
            progress.digest = {0xFFFFFFFFFFFFFFFFU, static_cast<std::uint64_t>(page)};
            expected += progress.digest;
            QVERIFY(*m_ledger.advanceRange(connection, m_run, *range, m_me, progress, 60));
            range->cursor = progress.newCursor;
        }
        const auto present = m_ledger.range(connection, m_run, QStringLiteral("game"), 0);
        QCOMPARE(present->rows, qint64{6});
        QCOMPARE(present->rejected, qint64{3});
        QCOMPARE(present->skipped, qint64{6});
        QCOMPARE(present->digest.toHex(), expected.toHex());
        QCOMPARE(present->state, QStringLiteral("done"));
        // A range that is done is neither advanced nor leased nor counted as open.
        QCOMPARE(*m_ledger.advanceRange(connection, m_run, *range, m_me, progressOf("9", 1), 60), false);
        QCOMPARE(m_ledger.openRanges(connection, m_run)->open, 2);
        QCOMPARE(m_ledger.openRanges(connection, m_run)->leased, 0);
        QCOMPARE((*m_ledger.leaseRange(connection, m_run, m_me, 60))->number, 1);
        QCOMPARE((*m_ledger.run(connection, m_run))->rows, qint64{6});
        const auto ranges = m_ledger.ranges(connection, m_run);
        QCOMPARE(ranges->size(), 3);
        QCOMPARE(ranges->at(2).number, 2);
        QCOMPARE(ranges->at(0).digest, expected);
    }

    /// Rows and ledger in one transaction: together or not at all.
    void rollbackTakesTheProgressBack()
    {
        Connection connection = prepared();
        auto range = *m_ledger.leaseRange(connection, m_run, m_me, 60);
        QVERIFY(connection.begin());
        QVERIFY(*m_ledger.advanceRange(connection, m_run, *range, m_me, progressOf("10", 10), 60));
        connection.rollback();
        QCOMPARE(m_ledger.range(connection, m_run, QStringLiteral("game"), 0)->cursor, QString());
        QVERIFY(*m_ledger.advanceRange(connection, m_run, *range, m_me, progressOf("10", 10), 60));
    }

    void digestsAsDecimals()
    {
        for (const auto& [high, low, text] : {std::tuple{std::uint64_t{0}, std::uint64_t{0}, "0"},
                 std::tuple{std::uint64_t{1}, std::uint64_t{0}, "18446744073709551616"},
                 std::tuple{
                     ~std::uint64_t{0}, ~std::uint64_t{0}, "340282366920938463463374607431768211455"}}) {
            QCOMPARE(ledgersql::decimalFromDigest(high, low), QByteArray(text));
            std::uint64_t gotHigh = 5;
            std::uint64_t gotLow = 5;
            QVERIFY(ledgersql::digestFromDecimal(text, gotHigh, gotLow));
            QCOMPARE(gotHigh, high);
            QCOMPARE(gotLow, low);
        }
        std::uint64_t high = 0;
        std::uint64_t low = 0;
        for (const char* bad : {"", "-1", "1.5", "340282366920938463463374607431768211456",
                 "9999999999999999999999999999999999999999"})
            QVERIFY(!ledgersql::digestFromDecimal(bad, high, low));
    }

    void rejects()
    {
        Connection connection = prepared();
        QList<RejectRow> rows;
        for (int i = 0; i < 1203; ++i) {
            RejectRow row;
            row.collection = QStringLiteral("game");
            row.pointId = QString::number(i);
            row.stage = QStringLiteral("encode");
            row.column = QStringLiteral("embedding");
            row.sqlState = "22000";
            row.reason = QStringLiteral("the vector holds NaN");
            row.rawPoint = QStringLiteral("{\"id\":%1,\"payload\":{\"a\":\"x").arg(i) + QChar(u'\0')
                + QStringLiteral("y\\u0000\"}}");
            rows << row;
        }
        QVERIFY(m_ledger.addRejects(connection, m_run, rows));
        QVERIFY(m_ledger.addRejects(connection, m_run, {}));
        QCOMPARE(*m_ledger.countRejects(connection, m_run), qint64{1203});
        int visited = 0;
        QVERIFY(m_ledger.visitRejects(connection, m_run, [&](const RejectRow& row) {
            if (row.pointId != QString::number(visited) || row.sqlState != "22000"
                || !row.rawPoint.endsWith(QLatin1String("x\\u0000y\\u0000\"}}")))
                return false;
            ++visited;
            return true;
        }));
        QCOMPARE(visited, 1203);
        visited = 0;
        QVERIFY(m_ledger.visitRejects(connection, m_run, [&](const RejectRow&) { return ++visited < 5; }));
        QCOMPARE(visited, 5);
        QVERIFY(m_ledger.removeReject(connection, m_run, QStringLiteral("game"), QStringLiteral("7")));
        QCOMPARE(*m_ledger.countRejects(connection, m_run), qint64{1202});
    }

    void events()
    {
        Connection connection = prepared();
        QVERIFY(m_ledger.addEvent(connection, m_run, QStringLiteral("started"), QStringLiteral("by hand")));
        QVERIFY(m_ledger.addEvent(connection, m_run, QStringLiteral("resumed"), QString()));
        const auto events = m_ledger.events(connection, m_run);
        QVERIFY(events);
        QCOMPARE(events->size(), 2);
        QCOMPARE(events->at(0).kind, QStringLiteral("started"));
        QCOMPARE(events->at(0).text, QStringLiteral("by hand"));
        QVERIFY(qAbs(events->at(0).at.secsTo(QDateTime::currentDateTimeUtc())) < 3600);
    }

    void forget()
    {
        Connection connection = prepared();
        LedgerRun second;
        second.id = QStringLiteral("run-2");
        QVERIFY(m_ledger.createRun(connection, second));
        auto range = *m_ledger.leaseRange(connection, m_run, m_me, 60);
        const auto busy = m_ledger.forgetRun(connection, m_run);
        QVERIFY(!busy);
        QCOMPARE(busy.error().kind, ErrorKind::Conflict);
        QVERIFY(m_ledger.releaseOwner(connection, m_run, m_me));
        QVERIFY(m_ledger.forgetRun(connection, m_run));
        QVERIFY(!*m_ledger.run(connection, m_run));
        QCOMPARE(*m_ledger.exists(connection), true);
        QCOMPARE(m_database->scalar("SELECT count(*) FROM qdrant2pg.range"), QStringLiteral("0"));
        const auto again = m_ledger.forgetRun(connection, m_run);
        QVERIFY(!again);
        QCOMPARE(again.error().kind, ErrorKind::NotFound);
        QVERIFY(m_ledger.forgetRun(connection, second.id));
        QCOMPARE(m_database->scalar("SELECT count(*) FROM pg_namespace WHERE nspname = 'qdrant2pg'"),
            QStringLiteral("0"));
    }

    void forgetLeavesWhatIsNotOurs()
    {
        Connection connection = prepared();
        QVERIFY(connection.execute("CREATE TABLE qdrant2pg.mine (a int)"));
        QVERIFY(m_ledger.forgetRun(connection, m_run));
        QCOMPARE(m_database->scalar(
                     "SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'qdrant2pg'"),
            QStringLiteral("mine"));
        QCOMPARE(*m_ledger.exists(connection), false);
        QVERIFY(connection.execute("DROP SCHEMA qdrant2pg CASCADE"));
    }
};

QTEST_GUILESS_MAIN(LedgerTest)
#include "ledgertest.moc"
