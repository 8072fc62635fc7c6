// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/tablecopy.h"
#include "core/postgres/copybuffer.h"
#include "tests/support/testpostgres.h"

#include <QTest>

#include <array>
#include <initializer_list>

using namespace qdrant2pg;
using qdrant2pg::test::TestPostgres;

/// Rows reach their table whatever else the session has copied before, straight and by merging.
class TableCopyTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void tablesTakeTurns();
    void rolledBack();
    void anySession();
    void piecesOfAPage();
    void aborted();

private:
    /// The ids go into the first column; the other is filled with something of its type.
    Result<qint64> copy(Connection& connection, const TableCopy& into, ColumnType second,
        std::initializer_list<std::int64_t> ids);
    /// Tables numbers(id, amount) and vectors(id, embedding).
    static TargetSchema schema(const QString& name, ColumnType second);
    QString idsOf(const QString& table) const;

    std::unique_ptr<TestPostgres> m_database;
};

void TableCopyTest::init()
{
    m_database = std::make_unique<TestPostgres>();
    QDRANT2PG_REQUIRE_POSTGRES(*m_database);
    QVERIFY(m_database->execute("CREATE TABLE numbers (id bigint PRIMARY KEY, amount double precision); "
                                "CREATE TABLE vectors (id bigint PRIMARY KEY, embedding vector(2))"));
}

TargetSchema TableCopyTest::schema(const QString& name, ColumnType second)
{
    ColumnSpec id;
    id.name = QStringLiteral("id");
    id.type = ColumnType::Bigint;
    ColumnSpec other;
    other.name = second == ColumnType::Vector ? QStringLiteral("embedding") : QStringLiteral("amount");
    other.type = second;
    other.dimensions = second == ColumnType::Vector ? 2 : 0;
    TargetSchema made;
    made.table.schema = QStringLiteral("public");
    made.table.name = name;
    made.table.columns = {id, other};
    made.loadName = name;
    return made;
}

Result<qint64> TableCopyTest::copy(
    Connection& connection, const TableCopy& into, ColumnType second, std::initializer_list<std::int64_t> ids)
{
    CopyBuffer buffer;
    std::vector<CopyRow> rows;
    for (const std::int64_t id : ids) {
        CopyRow row;
        row.begin = buffer.bytes().size();
        buffer.beginRow(2);
        buffer.addBigint(id);
        if (second == ColumnType::Vector)
            (void)buffer.addVector(std::array{1.0F, static_cast<float>(id)});
        else
            buffer.addDouble(static_cast<double>(id));
        buffer.endRow();
        row.end = buffer.bytes().size();
        rows.push_back(row);
    }
    return into.copy(connection, buffer.bytes(), rows);
}

QString TableCopyTest::idsOf(const QString& table) const
{
    return m_database->scalar(
        QStringLiteral("SELECT string_agg(id::text, ',' ORDER BY id) FROM %1").arg(table).toUtf8());
}

void TableCopyTest::tablesTakeTurns()
{
    const TableCopy numbers(schema(QStringLiteral("numbers"), ColumnType::Double), TableMode::Merge);
    const TableCopy vectors(schema(QStringLiteral("vectors"), ColumnType::Vector), TableMode::Merge);
    auto connection = Connection::open(m_database->options());
    QVERIFY(connection);
    for (int turn = 0; turn < 3; ++turn) {
        QVERIFY(connection->begin());
        const auto some = copy(*connection, numbers, ColumnType::Double, {turn, turn + 1});
        QVERIFY2(some, some ? "" : qPrintable(some.error().toText()));
        QCOMPARE(*some, turn == 0 ? 2 : 1);
        QVERIFY(connection->commit());
        QVERIFY(connection->begin());
        const auto others = copy(*connection, vectors, ColumnType::Vector, {10 + turn});
        QVERIFY2(others, others ? "" : qPrintable(others.error().toText()));
        QCOMPARE(*others, 1);
        QVERIFY(connection->commit());
    }
    QCOMPARE(idsOf(QStringLiteral("numbers")), QStringLiteral("0,1,2,3"));
    QCOMPARE(idsOf(QStringLiteral("vectors")), QStringLiteral("10,11,12"));
    QCOMPARE(connection->takeNotices(), QStringList());
}

void TableCopyTest::rolledBack()
{
    const TableCopy numbers(schema(QStringLiteral("numbers"), ColumnType::Double), TableMode::Merge);
    auto connection = Connection::open(m_database->options());
    QVERIFY(connection);
    QVERIFY(connection->begin());
    QVERIFY(copy(*connection, numbers, ColumnType::Double, {1}));
    connection->rollback();
    QVERIFY(connection->begin());
    const auto again = copy(*connection, numbers, ColumnType::Double, {2});
    QVERIFY2(again, again ? "" : qPrintable(again.error().toText()));
    QVERIFY(connection->commit());
    QCOMPARE(idsOf(QStringLiteral("numbers")), QStringLiteral("2"));
}

/// As behind a pooler in transaction mode.
void TableCopyTest::anySession()
{
    const TableCopy numbers(schema(QStringLiteral("numbers"), ColumnType::Double), TableMode::Merge);
    for (std::int64_t id = 1; id <= 2; ++id) {
        auto connection = Connection::open(m_database->options());
        QVERIFY(connection);
        QVERIFY(connection->begin());
        QVERIFY(copy(*connection, numbers, ColumnType::Double, {id}));
        QVERIFY(connection->commit());
    }
    QCOMPARE(idsOf(QStringLiteral("numbers")), QStringLiteral("1,2"));
}

/// What was copied for a look only must not be taken over with what follows it in the transaction.
void TableCopyTest::piecesOfAPage()
{
    const TableCopy numbers(schema(QStringLiteral("numbers"), ColumnType::Double), TableMode::Merge);
    auto connection = Connection::open(m_database->options());
    QVERIFY(connection);
    QVERIFY(connection->begin());
    QCOMPARE(copy(*connection, numbers, ColumnType::Double, {1, 2}).value_or(-1), 2);
    QVERIFY(numbers.clear(*connection));
    QVERIFY(connection->execute("DELETE FROM numbers"));
    QCOMPARE(copy(*connection, numbers, ColumnType::Double, {3}).value_or(-1), 1);
    QVERIFY(connection->commit());
    QCOMPARE(idsOf(QStringLiteral("numbers")), QStringLiteral("3"));
}

void TableCopyTest::aborted()
{
    const TableCopy numbers(schema(QStringLiteral("numbers"), ColumnType::Double), TableMode::Create);
    auto connection = Connection::open(m_database->options());
    QVERIFY(connection);
    QVERIFY(connection->begin());
    CopyBuffer buffer;
    buffer.beginRow(2);
    buffer.addBigint(1);
    buffer.addDouble(1);
    buffer.endRow();
    const std::array rows{CopyRow{0, buffer.bytes().size(), 0, {}}};
    const auto stored = numbers.copy(*connection, buffer.bytes(), rows, [] { return true; });
    QVERIFY(!stored);
    QCOMPARE(stored.error().kind, ErrorKind::Cancelled);
    connection->rollback();
    QVERIFY(connection->isUsable());
    QCOMPARE(m_database->scalar("SELECT count(*) FROM numbers"), QStringLiteral("0"));
}

QTEST_GUILESS_MAIN(TableCopyTest)
#include "tablecopytest.moc"
