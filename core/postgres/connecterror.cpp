// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/connecterror.h"

#include "core/common/redaction.h"
#include "core/postgres/connection.h"

#include <QRegularExpression>

namespace qdrant2pg {

namespace {

/// A piece of libpq's own words and what it means. The first match counts; %1 is the place.
struct ClientFault {
    const char* words;
    ErrorKind kind;
    bool retryable;
    const char* summary;
    const char* hint;
};

constexpr ClientFault clientFaults[] = {
    {"no password supplied", ErrorKind::Authentication, false,
        "PostgreSQL at %1 asks for a password and none was given.",
        "Give the password, or put it into PGPASSWORD or ~/.pgpass."},
    {"server does not support SSL", ErrorKind::Tls, false,
        "PostgreSQL at %1 does not offer TLS, but it was asked for.",
        "Switch TLS on at the server, or choose sslmode=prefer or disable where the network can be trusted."},
    {"does not match host name", ErrorKind::Tls, false,
        "The certificate of PostgreSQL at %1 belongs to another host name.",
        "Use the name in the certificate, or sslmode=verify-ca if the name does not matter."},
    {"root certificate file", ErrorKind::Tls, false,
        "The file with the trusted certificates for PostgreSQL at %1 is missing.",
        "Name the authority's certificate with sslrootcert."},
    {"certificate verify failed", ErrorKind::Tls, false,
        "The certificate of PostgreSQL at %1 is not trusted.",
        "Name the authority's certificate with sslrootcert."},
    {"certificate", ErrorKind::Tls, false, "The certificates for PostgreSQL at %1 cannot be used.",
        "Check sslcert, sslkey and sslrootcert."},
    {"private key file", ErrorKind::Tls, false,
        "The client's private key for PostgreSQL at %1 cannot be used.",
        "Check sslkey and the file's permissions."},
    {"SSL error", ErrorKind::Tls, false, "TLS with PostgreSQL at %1 failed.",
        "Check sslmode and the server's certificate."},
    {"SSL SYSCALL error", ErrorKind::Tls, true, "TLS with PostgreSQL at %1 broke off.",
        "Check the network and the server."},
    {"Temporary failure in name resolution", ErrorKind::Network, true,
        "The host name of %1 cannot be looked up now.", "Check the network's name service."},
    {"could not translate host name", ErrorKind::Network, false, "The host name of %1 is not known.",
        "Check the spelling of the host name."},
    {"could not parse network address", ErrorKind::Usage, false,
        "The address of %1 is not a network address.", "Write hostaddr as numbers."},
    {"Connection refused", ErrorKind::Network, true, "PostgreSQL does not answer at %1.",
        "Is it running, and is this its port?"},
    {"No such file or directory", ErrorKind::Network, true, "PostgreSQL does not answer at %1.",
        "Is it running here? To reach it over the network name its host."},
    {"timeout expired", ErrorKind::Timeout, true, "PostgreSQL at %1 did not answer in time.",
        "Check host, port and the firewall in between."},
    {"Connection timed out", ErrorKind::Timeout, true, "PostgreSQL at %1 did not answer in time.",
        "Check host, port and the firewall in between."},
    {"Network is unreachable", ErrorKind::Network, true, "There is no way through the network to %1.",
        "Check the network; some providers offer IPv6 alone on their direct address."},
    {"No route to host", ErrorKind::Network, true, "There is no way through the network to %1.",
        "Check the network and the firewall."},
    {"expected authentication request", ErrorKind::Protocol, false, "What answers at %1 is not PostgreSQL.",
        "Check the port; PostgreSQL usually listens on 5432."},
    {"received invalid response to SSL negotiation", ErrorKind::Protocol, false,
        "What answers at %1 is not PostgreSQL.", "Check the port; PostgreSQL usually listens on 5432."},
    {"session is read-only", ErrorKind::Permission, false, "The server at %1 is read-only.",
        "Connect to the primary server, not to a standby."},
    {"server is in hot standby mode", ErrorKind::Permission, false,
        "The server at %1 is a standby and read-only.", "Connect to the primary server."},
    {"closed the connection unexpectedly", ErrorKind::Network, true,
        "The server at %1 closed the connection at once.",
        "Is it PostgreSQL that listens there, and is it healthy?"},
    {"Connection reset", ErrorKind::Network, true, "The server at %1 closed the connection at once.",
        "Is it PostgreSQL that listens there, and is it healthy?"},
    {"invalid port number", ErrorKind::Usage, false, "The port of %1 is not a port number.",
        "Write a number from 1 to 65535."},
    {"definition of service", ErrorKind::Usage, false, "The connection service is not defined.",
        "Check the service's name and the file pg_service.conf."},
    {"invalid", ErrorKind::Usage, false, "The connection string for %1 holds a wrong value.",
        "Correct the value that libpq names."},
};

void describeServerRefusal(
    Error& error, const QString& message, const QString& place, const QString& user, const QString& database)
{
    const QByteArray& state = error.sqlState;
    if (state == "28P01") {
        error.summary = QStringLiteral("PostgreSQL at %1 refused the password of \"%2\".").arg(place, user);
    } else if (message.contains(QLatin1String("pg_hba.conf"))) {
        error.summary =
            QStringLiteral("PostgreSQL at %1 does not let \"%2\" in from this machine.").arg(place, user);
        error.hint = message.contains(QLatin1String("no encryption"))
            ? QStringLiteral(
                "The server may want TLS: try sslmode=require. Otherwise its pg_hba.conf needs an entry.")
            : QStringLiteral("The server's pg_hba.conf needs an entry for this user, database and address.");
    } else if (state == "28000") {
        error.summary = QStringLiteral("PostgreSQL at %1 refused the user \"%2\".").arg(place, user);
    } else if (state == "3D000") {
        error.summary = QStringLiteral("The database \"%1\" does not exist at %2.").arg(database, place);
    } else if (state == "42501") {
        error.summary =
            QStringLiteral("The user \"%1\" may not connect to the database \"%2\".").arg(user, database);
    } else if (state == "57P03") {
        error.summary =
            QStringLiteral("PostgreSQL at %1 does not accept connections at the moment.").arg(place);
    } else if (state == "53300") {
        error.summary = QStringLiteral("PostgreSQL at %1 has no free connection left.").arg(place);
    }
}

} // namespace

Error connectError(const QString& message, const QString& place, const QString& user, const QString& database)
{
    // "... failed: FATAL:  28P01: password authentication failed", whatever language the severity is in.
    static const QRegularExpression verboseState(QStringLiteral(":  ([0-9A-Z]{5}): (.*)"));
    static const QRegularExpression sourcePlace(
        QStringLiteral("\\n(?:LOCATION|[^\\n:]+):  [^\\n]+, [a-z_]+\\.c:\\d+"));
    // Several attempts (hosts, IPv6 and IPv4, with and without TLS) are listed one after another; the last
    // one counts, unless an earlier one got an answer from the server.
    const QString text = QString(message).remove(sourcePlace).trimmed();
    Error error;
    if (const QRegularExpressionMatch match = verboseState.match(text); match.hasMatch()) {
        error = errorFromSqlState(match.captured(1).toLatin1(), match.captured(2), {}, {}, {}, {}, {});
        describeServerRefusal(error, text, place, user, database);
    } else {
        error = makeError(ErrorKind::Network,
            QStringLiteral("The connection to PostgreSQL at %1 failed.").arg(place), {},
            QStringLiteral("Check host, port, database and user."));
        for (const ClientFault& fault : clientFaults) {
            if (!text.contains(QLatin1String(fault.words)))
                continue;
            error.kind = fault.kind;
            error.retryable = fault.retryable;
            error.summary = QString::fromUtf8(fault.summary).contains(QLatin1String("%1"))
                ? QString::fromUtf8(fault.summary).arg(place)
                : QString::fromUtf8(fault.summary);
            error.hint = QString::fromUtf8(fault.hint);
            break;
        }
    }
    error.detail = redacted(text);
    error.where.host = place;
    error.poisonsConnection = true;
    return error;
}

} // namespace qdrant2pg
