// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/redaction.h"
#include "core/postgres/connection.h"

#include <QRegularExpression>

namespace qdrant2pg {

namespace {

/// What an SQLSTATE means for us. `code` is a whole SQLSTATE or a prefix of one; the first match counts.
struct Meaning {
    const char* code;
    ErrorKind kind;
    bool retryable;
    /// The session is over.
    bool poisons;
    const char* summary;
    const char* hint;
};

constexpr Meaning meanings[] = {
    {"08", ErrorKind::Network, true, true, "The connection to PostgreSQL was lost.",
        "It is tried again; if it stays away, look at the server and at the network in between."},
    {"57P01", ErrorKind::Network, true, true,
        "PostgreSQL was shut down or an administrator ended the connection.",
        "Start the server again; the run continues where it was."},
    {"57P02", ErrorKind::Network, true, true,
        "PostgreSQL ended all connections because one of its processes crashed.",
        "It recovers by itself; look into the server's log for the cause."},
    {"57P03", ErrorKind::Network, true, true, "PostgreSQL does not accept connections at the moment.",
        "It is starting up, shutting down or recovering; wait a moment."},
    {"57P04", ErrorKind::NotFound, false, true, "The database was dropped.",
        "Create it again or name another one."},
    {"57P", ErrorKind::Network, true, true, "PostgreSQL ended the connection.", "It is tried again."},
    {"57014", ErrorKind::Timeout, true, false,
        "PostgreSQL ended the statement because it took longer than allowed.",
        "Raise statement_timeout for this role or set it to 0."},
    {"55P03", ErrorKind::Timeout, true, false, "Another session holds a lock on the table.",
        "End the other session or wait until it is done."},
    {"25P03", ErrorKind::Network, true, true,
        "PostgreSQL ended the connection because it was idle in a transaction.",
        "Raise idle_in_transaction_session_timeout for this role or set it to 0."},
    {"40", ErrorKind::Conflict, true, false, "PostgreSQL rolled the transaction back because of another one.",
        "It is tried again."},
    {"53100", ErrorKind::Capacity, false, false, "The disk of the PostgreSQL server is full.",
        "Make room on the server, then resume the run."},
    {"53200", ErrorKind::Capacity, false, false, "The PostgreSQL server ran out of memory.",
        "Lower maintenance_work_mem or the number of lanes, then resume the run."},
    {"53300", ErrorKind::Capacity, false, true, "PostgreSQL has no free connection left.",
        "Use fewer lanes, close other clients or raise max_connections, then resume the run."},
    {"53", ErrorKind::Capacity, false, false, "The PostgreSQL server ran out of a resource.",
        "See to the resource that the server names, then resume the run."},
    {"25006", ErrorKind::Permission, false, false, "The database is read-only.",
        "Connect to the primary server, not to a standby, and look at default_transaction_read_only."},
    {"42501", ErrorKind::Permission, false, false, "The role may not do this.",
        "Ask the owner or an administrator to grant the right that the server names, or connect with another "
        "role."},
    {"22P05", ErrorKind::Data, false, false, "A text holds a character that PostgreSQL cannot store.", ""},
    {"22003", ErrorKind::Data, false, false, "A number is out of range for its column.", ""},
    {"22001", ErrorKind::Data, false, false, "A text is too long for its column.", ""},
    {"22021", ErrorKind::Data, false, false, "A text holds bytes that are no valid characters.", ""},
    {"22", ErrorKind::Data, false, false, "PostgreSQL refused a value.", ""},
    {"23502", ErrorKind::Constraint, false, false, "A column that must have a value has none.", ""},
    {"23503", ErrorKind::Constraint, false, false, "A row refers to another one that does not exist.", ""},
    {"23505", ErrorKind::Constraint, false, false, "A row with the same key exists already.",
        "Empty the table, choose another one, or use the mode that merges."},
    {"23514", ErrorKind::Constraint, false, false, "A row breaks a CHECK rule of the table.", ""},
    {"23", ErrorKind::Constraint, false, false, "A row breaks a rule of the table.", ""},
    {"44", ErrorKind::Constraint, false, false, "A row breaks the rule of a view.", ""},
    {"P0", ErrorKind::Constraint, false, false, "A trigger or function of the database refused a row.",
        "Look at the triggers of the table."},
    {"54001", ErrorKind::Capacity, false, false, "A value is nested too deeply for this PostgreSQL server.",
        "Raise max_stack_depth on the server."},
    {"54", ErrorKind::Capacity, false, false, "A value or a row is larger than PostgreSQL can hold.", ""},
    {"28P01", ErrorKind::Authentication, false, true, "PostgreSQL refused the password.",
        "Check user and password."},
    {"28", ErrorKind::Authentication, false, true, "PostgreSQL refused the user.",
        "Check the user's name, its right to log in and the server's pg_hba.conf."},
    {"3D000", ErrorKind::NotFound, false, true, "The database does not exist.",
        "Check its name, or create it with createdb."},
    {"3F000", ErrorKind::Schema, false, false, "The schema does not exist.", "Check its name, or create it."},
    {"42P01", ErrorKind::Schema, false, false, "The table does not exist.", "Check schema and name."},
    {"42703", ErrorKind::Schema, false, false, "The table has no such column.",
        "Compare the plan's columns with the table's."},
    {"42704", ErrorKind::Schema, false, false, "PostgreSQL does not know a type or an operator class.",
        "Check that the extension vector is installed in this database and that its version is recent "
        "enough."},
    {"42883", ErrorKind::Schema, false, false, "PostgreSQL does not know a function or an operator.",
        "Check that the extension vector is installed in this database and that its version is recent "
        "enough."},
    {"42P07", ErrorKind::Schema, false, false, "A table or an index of that name exists already.",
        "Choose another name or another mode."},
    {"42P06", ErrorKind::Schema, false, false, "A schema of that name exists already.",
        "Choose another name."},
    {"42804", ErrorKind::Schema, false, false, "A value's type does not match its column's.",
        "Compare the plan's columns with the table's."},
    {"42", ErrorKind::Schema, false, false, "The table or the statement does not fit this database.",
        "Compare the plan with the database."},
    {"0A000", ErrorKind::Unsupported, false, false, "This PostgreSQL server cannot do that.", ""},
    {"55", ErrorKind::Conflict, false, false,
        "An object in the database is in use or in another state than needed.", ""},
    {"26000", ErrorKind::Unsupported, false, false, "A prepared statement got lost between the statements.",
        "Connect directly or through a pooler in session mode."},
    {"58", ErrorKind::Capacity, false, false,
        "The PostgreSQL server could not read or write one of its files.",
        "Look into the server's log, then resume the run."},
};

constexpr Meaning otherwise{
    "", ErrorKind::Internal, false, false, "PostgreSQL reported an error.", "The server's log may say more."};

const Meaning& meaningOf(const QByteArray& sqlState)
{
    for (const Meaning& meaning : meanings) {
        if (sqlState.startsWith(meaning.code))
            return meaning;
    }
    return otherwise;
}

struct CopyPlace {
    QString line;
    QString table;
    QString column;
};

/// "COPY t, line 3, column embedding": the last line of that kind, since JSON errors put lines of their own
/// before it.
CopyPlace copyPlace(const QString& context)
{
    static const QRegularExpression pattern(
        QStringLiteral("^COPY (.+?), line \\d+(?:, column ([^:\\n]+?))?(?::.*)?$"));
    CopyPlace place;
    const QStringList lines = context.split(QLatin1Char('\n'));
    for (const QString& line : lines) {
        const QRegularExpressionMatch match = pattern.match(line);
        if (!match.hasMatch())
            continue;
        place.table = match.captured(1);
        place.column = match.captured(2);
        // Text formats quote the whole value behind the column.
        place.line =
            place.column.isEmpty() ? line.section(QLatin1Char(':'), 0, 0) : line.left(match.capturedEnd(2));
    }
    return place;
}

} // namespace

Error errorFromSqlState(const QByteArray& sqlState, const QString& primary, const QString& detail,
    const QString& hint, const QString& context, const QString& table, const QString& column)
{
    const Meaning& meaning = meaningOf(sqlState);
    Error error;
    error.kind = meaning.kind;
    error.summary = QString::fromUtf8(meaning.summary);
    error.hint = QString::fromUtf8(meaning.hint);
    error.retryable = meaning.retryable;
    error.poisonsConnection = meaning.poisons;
    error.sqlState = sqlState;
    // The same code for a timeout, a user's cancel and a COPY that the client gave up.
    if (sqlState == "57014" && !primary.contains(QLatin1String("timeout"))) {
        error.kind = ErrorKind::Cancelled;
        error.summary = QStringLiteral("The statement was cancelled.");
        error.hint = QString();
    }

    const CopyPlace place = copyPlace(context);
    error.where.table = table.isEmpty() ? place.table : table;
    error.where.column = column.isEmpty() ? place.column : column;

    QStringList words{primary};
    if (!detail.isEmpty())
        words << detail;
    if (!hint.isEmpty())
        words << hint;
    if (!place.line.isEmpty())
        words << place.line;
    error.detail = redacted(words.join(QLatin1Char('\n')));
    return error;
}

bool blamesRow(const Error& error)
{
    for (const char* prefix : {"22", "23", "44", "54", "P0"}) {
        if (error.sqlState.startsWith(prefix))
            return true;
    }
    return error.sqlState == "08P01";
}

} // namespace qdrant2pg
