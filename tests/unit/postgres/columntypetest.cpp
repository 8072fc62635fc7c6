// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/columntype.h"

#include <QTest>

using namespace qdrant2pg;

class ColumnTypeTest : public QObject {
    Q_OBJECT

private slots:
    void namesRoundTrip()
    {
        for (int i = 0; i <= static_cast<int>(ColumnType::BooleanArray); ++i) {
            const auto type = static_cast<ColumnType>(i);
            QVERIFY(!columnTypeName(type).isEmpty());
            QCOMPARE(columnTypeFromName(columnTypeName(type)), std::optional(type));
        }
    }

    void understandsSpellings_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("type");
        const auto row = [](const char* name, ColumnType type) {
            QTest::newRow(name) << QString::fromLatin1(name) << static_cast<int>(type);
        };
        row("int8", ColumnType::Bigint);
        row("INT8", ColumnType::Bigint);
        row("vector(3)", ColumnType::Vector);
        row("extensions.vector(768)", ColumnType::Vector);
        row("\"My Schema\".halfvec(3)", ColumnType::Halfvec);
        row("vector(3)[]", ColumnType::VectorArray);
        row("numeric(20,0)", ColumnType::Numeric);
        row("numeric( 20 , 0 )", ColumnType::Numeric);
        row("timestamp with time zone", ColumnType::Timestamptz);
        row("timestamp(6) with time zone", ColumnType::Timestamptz);
        row("timestamptz(3)", ColumnType::Timestamptz);
        row("double  precision", ColumnType::Double);
        row("character varying(10)", ColumnType::Text);
        row("float8[]", ColumnType::DoubleArray);
        row("bool []", ColumnType::BooleanArray);
    }

    void understandsSpellings()
    {
        QFETCH(QString, name);
        QFETCH(int, type);
        QCOMPARE(columnTypeFromName(name), std::optional(static_cast<ColumnType>(type)));
    }

    void refusesOthers_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"", "integer", "json", "timestamp", "timestamp without time zone",
                 "varchar[]", "vector(3", "vectors", "real", "text[][]"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void refusesOthers()
    {
        QFETCH(QString, name);
        QVERIFY(!columnTypeFromName(name));
    }
};

QTEST_GUILESS_MAIN(ColumnTypeTest)
#include "columntypetest.moc"
