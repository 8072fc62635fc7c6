// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/connection.h"

#include <QTest>

using namespace qdrant2pg;

class ConninfoTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        for (const char* name :
            {"PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGSERVICE", "PGCONNECT_TIMEOUT"})
            qunsetenv(name);
    }

    void splits_data()
    {
        QTest::addColumn<QString>("conninfo");
        QTest::addColumn<QString>("open");
        QTest::addColumn<QByteArray>("password");
        const auto row = [](const char* name, const char* conninfo, const char* open, const char* password) {
            QTest::newRow(name) << QString::fromUtf8(conninfo) << QString::fromUtf8(open)
                                << QByteArray(password);
        };
        row("empty", "", "", "");
        row("keywords", "host=localhost dbname=game user=rpg password=secret port=5432",
            "host=localhost port=5432 dbname=game user=rpg", "secret");
        row("escaped password", R"(host=h password='it\'s \\ here' dbname=d)", "host=h dbname=d",
            R"(it's \ here)");
        row("spaces around =", "host = h password = s3 dbname = d", "host=h dbname=d", "s3");
        row("values that need quotes", R"(dbname='my db' options='-c a=\'x\'')",
            R"(dbname='my db' options='-c a=\'x\'')", "");
        row("no password", "host=h", "host=h", "");
        row("URL", "postgres://rpg:secret@localhost:5432/gamedb", "postgres://rpg@localhost:5432/gamedb",
            "secret");
        row("URL, other scheme", "postgresql://rpg:secret@localhost/gamedb?sslmode=require",
            "postgresql://rpg@localhost/gamedb?sslmode=require", "secret");
        row("URL, escaped password", "postgres://u:p%40s%3As@h/d", "postgres://u@h/d", "p@s:s");
        row("URL, password with colon", "postgres://u:a:b@h/d", "postgres://u@h/d", "a:b");
        row("URL, password in the query", "postgres://u@h/d?password=geheim&sslmode=disable",
            "postgres://u@h/d?sslmode=disable", "geheim");
        row("URL, only password in the query", "postgres://u@h/d?password=geheim", "postgres://u@h/d",
            "geheim");
        row("URL without user", "postgres://h:5433/d", "postgres://h:5433/d", "");
        row("URL, IPv6", "postgres://u:s@[::1]:5433/d", "postgres://u@[::1]:5433/d", "s");
        row("URL, two hosts", "postgres://u:s@a:1,b:2/d", "postgres://u@a:1,b:2/d", "s");
        row("space around", "  postgres://u:s@h/d\n", "postgres://u@h/d", "s");
    }

    void splits()
    {
        QFETCH(QString, conninfo);
        QFETCH(QString, open);
        QFETCH(QByteArray, password);
        const auto split = splitConninfo(conninfo);
        QVERIFY(split);
        QCOMPARE(split->withoutPassword, open);
        QCOMPARE(split->password, password);
        QVERIFY(conninfoHoldsNoSecret(split->withoutPassword));
        if (!password.isEmpty())
            QVERIFY(!conninfoHoldsNoSecret(conninfo));
        // What is left means the same.
        for (const char* keyword : {"host", "port", "dbname", "user", "sslmode", "options"})
            QCOMPARE(conninfoValue(split->withoutPassword, keyword), conninfoValue(conninfo, keyword));
    }

    void sslPasswordIsSplitToo()
    {
        const auto split = splitConninfo(QStringLiteral("host=h sslpassword=keyphrase password=a"));
        QVERIFY(split);
        QCOMPARE(split->withoutPassword, QStringLiteral("host=h"));
        QCOMPARE(split->sslPassword, QByteArray("keyphrase"));
        QCOMPARE(split->password, QByteArray("a"));
    }

    void brokenTextIsNotRepeated_data()
    {
        QTest::addColumn<QString>("conninfo");
        QTest::newRow("no =") << "host=h hunter2";
        QTest::newRow("open quote") << "host=h password='hunter2";
        QTest::newRow("unknown keyword") << "pasword=hunter2";
        QTest::newRow("bad escape in a URL") << "postgres://u:hunter2%zz@h/d";
        QTest::newRow("unknown parameter") << "postgres://u@h/d?hunter2=1";
    }

    void brokenTextIsNotRepeated()
    {
        QFETCH(QString, conninfo);
        const auto split = splitConninfo(conninfo);
        QVERIFY(!split);
        QCOMPARE(split.error().kind, ErrorKind::Usage);
        QVERIFY2(
            !split.error().toText().contains(QLatin1String("hunter2")), qPrintable(split.error().toText()));
        const auto opened = Connection::open({.conninfo = conninfo});
        QVERIFY(!opened);
        QCOMPARE(opened.error().kind, ErrorKind::Usage);
    }

    void valuesComeWithDefaults()
    {
        QCOMPARE(conninfoValue(QStringLiteral("postgres://u@h/d"), "port"), QStringLiteral("5432"));
        QCOMPARE(conninfoValue(QStringLiteral("user=u"), "dbname"), QStringLiteral("u"));
        QCOMPARE(conninfoValue(QStringLiteral("password=x"), "password"), QString());
        qputenv("PGDATABASE", "fromenv");
        QCOMPARE(conninfoValue(QStringLiteral("user=u"), "dbname"), QStringLiteral("fromenv"));
        QCOMPARE(conninfoValue(QStringLiteral("dbname=given"), "dbname"), QStringLiteral("given"));
        qunsetenv("PGDATABASE");
    }
};

QTEST_GUILESS_MAIN(ConninfoTest)
#include "conninfotest.moc"
