// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/identifiers.h"
#include "core/postgres/tablespec.h"

#include <QTest>

using namespace qdrant2pg;

class SqlTextTest : public QObject {
    Q_OBJECT

private:
    static TableSpec gameTable()
    {
        TableSpec table;
        table.schema = QStringLiteral("public");
        table.name = QStringLiteral("game.collection");
        ColumnSpec id;
        id.name = QStringLiteral("id");
        id.type = ColumnType::Text;
        id.notNull = true;
        id.collation = QStringLiteral("C");
        ColumnSpec embedding;
        embedding.name = QStringLiteral("embedding");
        embedding.type = ColumnType::Vector;
        embedding.dimensions = 3;
        embedding.storage = QStringLiteral("external");
        ColumnSpec payload;
        payload.name = QStringLiteral("pay\"load");
        payload.type = ColumnType::Jsonb;
        payload.defaultSql = QStringLiteral("'{}'");
        payload.notNull = true;
        ColumnSpec game;
        game.name = QStringLiteral("game_id");
        game.type = ColumnType::Uuid;
        game.references = QStringLiteral("games(id) ON DELETE CASCADE");
        table.columns = {id, embedding, payload, game};
        table.primaryKey = {QStringLiteral("id")};
        table.comment = QStringLiteral("Where it's from");
        return table;
    }

private slots:
    void quoting()
    {
        QCOMPARE(quoteIdentifier(QStringLiteral("a.b\"c")), QStringLiteral("\"a.b\"\"c\""));
        QCOMPARE(qualifiedName(QStringLiteral("s"), QStringLiteral("T t")), QStringLiteral("\"s\".\"T t\""));
        QCOMPARE(qualifiedName(QString(), QStringLiteral("t")), QStringLiteral("\"t\""));
        QCOMPARE(quoteLiteral(QStringLiteral("it's")), QStringLiteral("'it''s'"));
        QCOMPARE(quoteLiteral(QStringLiteral("a\\'b")), QStringLiteral("E'a\\\\''b'"));
    }

    void longNamesAreCut()
    {
        const QString fits(63, QLatin1Char('x'));
        QCOMPARE(fittingIdentifier(fits), fits);
        const QString a = fittingIdentifier(QString(64, QLatin1Char('x')));
        const QString b = fittingIdentifier(QString(65, QLatin1Char('x')));
        QCOMPARE(a.size(), 63);
        QVERIFY(a != b);
        QCOMPARE(a, fittingIdentifier(QString(64, QLatin1Char('x'))));
        // Characters of 2 bytes: 53 bytes remain, an odd place.
        const QString umlauts = fittingIdentifier(QStringLiteral("a") + QString(40, QChar(u'\u00e4')));
        QVERIFY(umlauts.toUtf8().size() <= 63);
        QVERIFY(!umlauts.contains(QChar(QChar::ReplacementCharacter)));
        QVERIFY(umlauts.startsWith(QStringLiteral("a") + QString(20, QChar(u'\u00e4'))));
    }

    void namesFromPaths_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("name");
        QTest::newRow("plain") << "user_id"
                               << "user_id";
        QTest::newRow("nested") << "meta.Author Name"
                                << "meta_author_name";
        QTest::newRow("array") << "tags[].name"
                               << "tags_name";
        QTest::newRow("accents") << QStringLiteral("Gr\u00f6\u00dfe") << QStringLiteral("gro\u00dfe");
        QTest::newRow("digits first") << "3d"
                                      << "_3d";
        QTest::newRow("nothing left") << "$.-"
                                      << "field";
        QTest::newRow("empty") << ""
                               << "field";
        QTest::newRow("other script") << QStringLiteral("\u540d\u524d") << QStringLiteral("\u540d\u524d");
        QTest::newRow("quotes") << "\"a\""
                                << "a";
    }

    void namesFromPaths()
    {
        QFETCH(QString, path);
        QFETCH(QString, name);
        QCOMPARE(identifierFromPath(path), name);
    }

    void types_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("dimensions");
        QTest::addColumn<QString>("schema");
        QTest::addColumn<QString>("sql");
        const auto row = [](ColumnType type, int dimensions, const char* schema, const char* sql) {
            QTest::newRow(sql) << static_cast<int>(type) << dimensions << QString::fromLatin1(schema)
                               << QString::fromLatin1(sql);
        };
        row(ColumnType::Vector, 768, "", "vector(768)");
        row(ColumnType::Vector, 768, "extensions", "\"extensions\".vector(768)");
        row(ColumnType::Vector, 0, "", "vector");
        row(ColumnType::VectorArray, 128, "", "vector(128)[]");
        row(ColumnType::VectorArray, 0, "e", "\"e\".vector[]");
        row(ColumnType::Numeric, 20, "", "numeric(20,0)");
        row(ColumnType::Numeric, 0, "", "numeric");
        row(ColumnType::SmallintArray, 16, "e", "smallint[]");
        row(ColumnType::Timestamptz, 0, "", "timestamptz");
    }

    void types()
    {
        QFETCH(int, type);
        QFETCH(int, dimensions);
        QFETCH(QString, schema);
        QFETCH(QString, sql);
        ColumnSpec column;
        column.type = static_cast<ColumnType>(type);
        column.dimensions = dimensions;
        QCOMPARE(column.sqlType(schema), sql);
    }

    void statements()
    {
        const TableSpec table = gameTable();
        QCOMPARE(createTableSql(table, QString(), true),
            QStringLiteral("CREATE TABLE \"public\".\"game.collection\" (\n"
                           "    \"id\" text COLLATE \"C\" NOT NULL,\n"
                           "    \"embedding\" vector(3) STORAGE EXTERNAL,\n"
                           "    \"pay\"\"load\" jsonb NOT NULL DEFAULT '{}',\n"
                           "    \"game_id\" uuid REFERENCES games(id) ON DELETE CASCADE,\n"
                           "    PRIMARY KEY (\"id\")\n)"));
        QVERIFY(!createTableSql(table, QString(), false).contains(QLatin1String("PRIMARY KEY")));
        QCOMPARE(addPrimaryKeySql(table),
            QStringLiteral("ALTER TABLE \"public\".\"game.collection\" ADD PRIMARY KEY (\"id\")"));
        QCOMPARE(copyInSql(table),
            QStringLiteral("COPY \"public\".\"game.collection\" (\"id\", \"embedding\", \"pay\"\"load\", "
                           "\"game_id\") FROM "
                           "STDIN (FORMAT binary)"));
        QCOMPARE(copyOutSql(table, QStringLiteral("id > 'a'"), QStringLiteral("id")),
            QStringLiteral(
                "COPY (SELECT \"id\", \"embedding\", \"pay\"\"load\", \"game_id\" FROM "
                "\"public\".\"game.collection\" WHERE id > 'a' ORDER BY id) TO STDOUT (FORMAT binary)"));
        QCOMPARE(commentOnTableSql(table),
            QStringLiteral("COMMENT ON TABLE \"public\".\"game.collection\" IS 'Where it''s from'"));
        QCOMPARE(table.column(QStringLiteral("embedding")), &table.columns[1]);
        QCOMPARE(table.column(QStringLiteral("x")), nullptr);
    }

    void indexes()
    {
        const TableSpec table = gameTable();
        IndexSpec index;
        index.name = QStringLiteral("game_embedding_idx");
        index.method = QStringLiteral("hnsw");
        index.expression = QStringLiteral("\"embedding\" vector_cosine_ops");
        index.with = QStringLiteral("m=16, ef_construction=64");
        index.where = QStringLiteral("\"embedding\" IS NOT NULL");
        QCOMPARE(createIndexSql(table, index, true),
            QStringLiteral("CREATE INDEX IF NOT EXISTS \"game_embedding_idx\" ON "
                           "\"public\".\"game.collection\" USING hnsw "
                           "(\"embedding\" vector_cosine_ops) WITH (m=16, ef_construction=64) WHERE "
                           "\"embedding\" IS NOT NULL"));
        IndexSpec plain;
        plain.method = QStringLiteral("btree");
        plain.expression = QStringLiteral("\"id\"");
        plain.unique = true;
        QCOMPARE(createIndexSql(table, plain, true),
            QStringLiteral("CREATE UNIQUE INDEX ON \"public\".\"game.collection\" USING btree (\"id\")"));
    }
};

QTEST_GUILESS_MAIN(SqlTextTest)
#include "sqltexttest.moc"
