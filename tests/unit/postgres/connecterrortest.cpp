// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/connecterror.h"

#include <QTest>

using namespace qdrant2pg;

/// Messages as libpq 15 and 17 and PostgreSQL 16 and 17 word them (verbose).
class ConnectErrorTest : public QObject {
    Q_OBJECT

private slots:
    void table_data()
    {
        QTest::addColumn<QString>("message");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<bool>("retryable");
        QTest::addColumn<QString>("summary");
        QTest::addColumn<QByteArray>("sqlState");
        const auto row = [](const char* name, const char* message, ErrorKind kind, bool retryable,
                             const char* summary, const char* sqlState = "") {
            QTest::newRow(name) << QString::fromUtf8(message) << kind << retryable
                                << QString::fromUtf8(summary) << QByteArray(sqlState);
        };
        const char* const at = "connection to server at \"db\" (127.0.0.1), port 5432 failed: ";
        const auto server = [&](const char* words) {
            return QByteArray(at) + words;
        };
        row("refused",
            server("Connection refused\n\tIs the server running on that host and accepting TCP/IP "
                   "connections?\n"),
            ErrorKind::Network, true, "PostgreSQL does not answer at db:5432.");
        row("no socket",
            "connection to server on socket \"/x/.s.PGSQL.5432\" failed: No such file or directory\n\tIs the "
            "server running "
            "locally and accepting connections on that socket?\n",
            ErrorKind::Network, true, "PostgreSQL does not answer at db:5432.");
        row("late", "timeout expired", ErrorKind::Timeout, true,
            "PostgreSQL at db:5432 did not answer in time.");
        row("late, by the network", server("Connection timed out\n"), ErrorKind::Timeout, true,
            "PostgreSQL at db:5432 did not answer in time.");
        row("host unknown", "could not translate host name \"db\" to address: Name or service not known\n",
            ErrorKind::Network, false, "The host name of db:5432 is not known.");
        row("name service away",
            "could not translate host name \"db\" to address: Temporary failure in name resolution\n",
            ErrorKind::Network, true, "The host name of db:5432 cannot be looked up now.");
        row("no route", server("No route to host\n"), ErrorKind::Network, true,
            "There is no way through the network to db:5432.");
        row("no IPv6", server("Network is unreachable\n"), ErrorKind::Network, true,
            "There is no way through the network to db:5432.");
        row("closed",
            server(
                "server closed the connection unexpectedly\n\tThis probably means the server terminated\n"),
            ErrorKind::Network, true, "The server at db:5432 closed the connection at once.");
        row("not PostgreSQL", server("expected authentication request from server, but received H\n"),
            ErrorKind::Protocol, false, "What answers at db:5432 is not PostgreSQL.");
        row("not PostgreSQL, TLS", server("received invalid response to SSL negotiation: H\n"),
            ErrorKind::Protocol, false, "What answers at db:5432 is not PostgreSQL.");
        row("no password", server("fe_sendauth: no password supplied\n"), ErrorKind::Authentication, false,
            "PostgreSQL at db:5432 asks for a password and none was given.");
        row("wrong password",
            server("FATAL:  28P01: password authentication failed for user \"rpg\"\nLOCATION:  auth_failed, "
                   "auth.c:293\n"),
            ErrorKind::Authentication, false, "PostgreSQL at db:5432 refused the password of \"rpg\".",
            "28P01");
        row("wrong password, in German",
            server("FATAL:  28P01: Passwort-Authentifizierung f\xc3\xbcr Benutzer \"rpg\" "
                   "fehlgeschlagen\nORT:  auth_failed, "
                   "auth.c:293\n"),
            ErrorKind::Authentication, false, "PostgreSQL at db:5432 refused the password of \"rpg\".",
            "28P01");
        row("no role", server("FATAL:  28000: role \"rpg\" does not exist\n"), ErrorKind::Authentication,
            false, "PostgreSQL at db:5432 refused the user \"rpg\".", "28000");
        row("pg_hba",
            server("FATAL:  28000: no pg_hba.conf entry for host \"10.0.0.1\", user \"rpg\", database \"g\", "
                   "no encryption\n"),
            ErrorKind::Authentication, false,
            "PostgreSQL at db:5432 does not let \"rpg\" in from this machine.", "28000");
        row("no database", server("FATAL:  3D000: database \"gamedb\" does not exist\n"), ErrorKind::NotFound,
            false, "The database \"gamedb\" does not exist at db:5432.", "3D000");
        row("may not connect", server("FATAL:  42501: permission denied for database \"gamedb\"\n"),
            ErrorKind::Permission, false, "The user \"rpg\" may not connect to the database \"gamedb\".",
            "42501");
        row("starting", server("FATAL:  57P03: the database system is starting up\n"), ErrorKind::Network,
            true, "PostgreSQL at db:5432 does not accept connections at the moment.", "57P03");
        row("full", server("FATAL:  53300: sorry, too many clients already\n"), ErrorKind::Capacity, false,
            "PostgreSQL at db:5432 has no free connection left.", "53300");
        row("TLS not offered", server("server does not support SSL, but SSL was required\n"), ErrorKind::Tls,
            false, "PostgreSQL at db:5432 does not offer TLS, but it was asked for.");
        row("TLS not trusted", server("SSL error: certificate verify failed\n"), ErrorKind::Tls, false,
            "The certificate of PostgreSQL at db:5432 is not trusted.");
        row("TLS name", server("server certificate for \"other\" does not match host name \"db\"\n"),
            ErrorKind::Tls, false, "The certificate of PostgreSQL at db:5432 belongs to another host name.");
        row("TLS no root",
            server("root certificate file \"/root/.postgresql/root.crt\" does not exist\nEither provide the "
                   "file"),
            ErrorKind::Tls, false,
            "The file with the trusted certificates for PostgreSQL at db:5432 is missing.");
        row("TLS version", server("SSL error: tlsv1 alert protocol version\n"), ErrorKind::Tls, false,
            "TLS with PostgreSQL at db:5432 failed.");
        row("wrong sslmode", "invalid sslmode value: \"always\"\n", ErrorKind::Usage, false,
            "The connection string for db:5432 holds a wrong value.");
        row("wrong port", "invalid port number: \"99999\"\n", ErrorKind::Usage, false,
            "The port of db:5432 is not a port number.");
        row("standby", server("session is read-only\n"), ErrorKind::Permission, false,
            "The server at db:5432 is read-only.");
        row("anything else", server("flux capacitor empty\n"), ErrorKind::Network, false,
            "The connection to PostgreSQL at db:5432 failed.");
    }

    void table()
    {
        QFETCH(QString, message);
        QFETCH(ErrorKind, kind);
        QFETCH(bool, retryable);
        QFETCH(QString, summary);
        QFETCH(QByteArray, sqlState);
        const Error error =
            connectError(message, QStringLiteral("db:5432"), QStringLiteral("rpg"), QStringLiteral("gamedb"));
        QCOMPARE(error.summary, summary);
        QCOMPARE(error.kind, kind);
        QCOMPARE(error.retryable, retryable);
        QCOMPARE(error.sqlState, sqlState);
        QVERIFY(error.poisonsConnection);
        QVERIFY(!error.hint.isEmpty());
        QVERIFY(!error.detail.contains(QLatin1String("auth.c")));
        QCOMPARE(error.where.host, QStringLiteral("db:5432"));
    }

    void suggestsTls()
    {
        const QString entry = QStringLiteral(
            "FATAL:  28000: no pg_hba.conf entry for host \"h\", user \"u\", database \"d\", ");
        QVERIFY(connectError(entry + QStringLiteral("no encryption"), {}, {}, {})
                    .hint.contains(QLatin1String("sslmode")));
        QVERIFY(!connectError(entry + QStringLiteral("SSL encryption"), {}, {}, {})
                     .hint.contains(QLatin1String("sslmode")));
    }
};

QTEST_GUILESS_MAIN(ConnectErrorTest)
#include "connecterrortest.moc"
