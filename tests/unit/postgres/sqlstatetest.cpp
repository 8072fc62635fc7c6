// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/connection.h"

#include <QTest>

using namespace qdrant2pg;

class SqlStateTest : public QObject {
    Q_OBJECT

private slots:
    /// design.md section 8, a row each.
    void meaning_data()
    {
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<bool>("retryable");
        QTest::addColumn<bool>("poisons");
        QTest::addColumn<bool>("row");
        const auto row = [](const char* state, ErrorKind kind, const char* properties = "") {
            const QByteArray words(properties);
            QTest::newRow(state) << kind << words.contains("retry") << words.contains("poison")
                                 << words.contains("row");
        };
        row("08000", ErrorKind::Network, "retry poison");
        row("08003", ErrorKind::Network, "retry poison");
        row("08006", ErrorKind::Network, "retry poison");
        row("57P01", ErrorKind::Network, "retry poison");
        row("57P02", ErrorKind::Network, "retry poison");
        row("57P03", ErrorKind::Network, "retry poison");
        row("57P04", ErrorKind::NotFound, "poison");
        row("57P05", ErrorKind::Network, "retry poison");
        row("25P03", ErrorKind::Network, "retry poison");
        row("40001", ErrorKind::Conflict, "retry");
        row("40P01", ErrorKind::Conflict, "retry");
        row("53100", ErrorKind::Capacity);
        row("53200", ErrorKind::Capacity);
        row("53300", ErrorKind::Capacity, "poison");
        row("53400", ErrorKind::Capacity);
        row("55P03", ErrorKind::Timeout, "retry");
        row("57014", ErrorKind::Timeout, "retry");
        row("25006", ErrorKind::Permission);
        row("42501", ErrorKind::Permission);
        row("22000", ErrorKind::Data, "row");
        row("22001", ErrorKind::Data, "row");
        row("22003", ErrorKind::Data, "row");
        row("22021", ErrorKind::Data, "row");
        row("22P02", ErrorKind::Data, "row");
        row("22P05", ErrorKind::Data, "row");
        row("23502", ErrorKind::Constraint, "row");
        row("23503", ErrorKind::Constraint, "row");
        row("23505", ErrorKind::Constraint, "row");
        row("23514", ErrorKind::Constraint, "row");
        row("23P01", ErrorKind::Constraint, "row");
        row("44000", ErrorKind::Constraint, "row");
        row("P0001", ErrorKind::Constraint, "row");
        row("54000", ErrorKind::Capacity, "row");
        row("54001", ErrorKind::Capacity, "row");
        row("28000", ErrorKind::Authentication, "poison");
        row("28P01", ErrorKind::Authentication, "poison");
        row("3D000", ErrorKind::NotFound, "poison");
        row("3F000", ErrorKind::Schema);
        row("42P01", ErrorKind::Schema);
        row("42703", ErrorKind::Schema);
        row("42704", ErrorKind::Schema);
        row("42883", ErrorKind::Schema);
        row("42P07", ErrorKind::Schema);
        row("42601", ErrorKind::Schema);
        row("0A000", ErrorKind::Unsupported);
        row("55000", ErrorKind::Conflict);
        row("55006", ErrorKind::Conflict);
        row("26000", ErrorKind::Unsupported);
        row("58030", ErrorKind::Capacity);
        row("25P02", ErrorKind::Internal);
        row("XX000", ErrorKind::Internal);
    }

    void meaning()
    {
        QFETCH(ErrorKind, kind);
        QFETCH(bool, retryable);
        QFETCH(bool, poisons);
        QFETCH(bool, row);
        const QByteArray state = QTest::currentDataTag();
        const Error error = errorFromSqlState(state, QStringLiteral("statement timeout"), {}, {}, {}, {}, {});
        QCOMPARE(error.kind, kind);
        QCOMPARE(error.retryable, retryable);
        QCOMPARE(error.poisonsConnection, poisons);
        QCOMPARE(blamesRow(error), row);
        QCOMPARE(error.sqlState, state);
        QVERIFY(error.summary.endsWith(QLatin1Char('.')));
        QVERIFY(!error.summary.contains(QLatin1Char('%')));
        QCOMPARE(error.detail, QStringLiteral("statement timeout"));
    }

    void cancelIsNoTimeout()
    {
        const Error error = errorFromSqlState(
            "57014", QStringLiteral("canceling statement due to user request"), {}, {}, {}, {}, {});
        QCOMPARE(error.kind, ErrorKind::Cancelled);
        QVERIFY(error.retryable);
    }

    void placeComesFromCopyContext_data()
    {
        QTest::addColumn<QString>("context");
        QTest::addColumn<QString>("table");
        QTest::addColumn<QString>("column");
        QTest::addColumn<QString>("line");
        QTest::newRow("binary") << "COPY game, line 3, column embedding"
                                << "game"
                                << "embedding"
                                << "COPY game, line 3, column embedding";
        QTest::newRow("no column") << "COPY game, line 3"
                                   << "game"
                                   << ""
                                   << "COPY game, line 3";
        QTest::newRow("text format") << "COPY game, line 1, column embedding: \"[1,NaN,3]\""
                                     << "game"
                                     << "embedding"
                                     << "COPY game, line 1, column embedding";
        QTest::newRow("JSON first")
            << "JSON data, line 1: {\"secret name\":...\nCOPY game, line 7, column payload"
            << "game"
            << "payload"
            << "COPY game, line 7, column payload";
        QTest::newRow("none") << "PL/pgSQL function f() line 3 at RAISE"
                              << ""
                              << ""
                              << "";
    }

    void placeComesFromCopyContext()
    {
        QFETCH(QString, context);
        QFETCH(QString, table);
        QFETCH(QString, column);
        QFETCH(QString, line);
        const Error error = errorFromSqlState("22000", QStringLiteral("NaN not allowed in vector"),
            QStringLiteral("the detail"), QStringLiteral("the hint"), context, {}, {});
        QCOMPARE(error.where.table, table);
        QCOMPARE(error.where.column, column);
        QString expected = QStringLiteral("NaN not allowed in vector\nthe detail\nthe hint");
        if (!line.isEmpty())
            expected += QLatin1Char('\n') + line;
        QCOMPARE(error.detail, expected);
    }

    void fieldsOfTheServerWin()
    {
        const Error error = errorFromSqlState("23502", QStringLiteral("null"), {}, {},
            QStringLiteral("COPY t, line 1"), QStringLiteral("public.t"), QStringLiteral("c"));
        QCOMPARE(error.where.table, QStringLiteral("public.t"));
        QCOMPARE(error.where.column, QStringLiteral("c"));
    }

    void secretsAreRemoved()
    {
        const Error error =
            errorFromSqlState("XX000", QStringLiteral("dblink password=hunter2 failed"), {}, {}, {}, {}, {});
        QVERIFY(!error.detail.contains(QLatin1String("hunter2")));
    }
};

QTEST_GUILESS_MAIN(SqlStateTest)
#include "sqlstatetest.moc"
