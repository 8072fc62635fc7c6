// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;

namespace qdrant2pg {

/// How to reach PostgreSQL. `conninfo` is a libpq keyword string or a postgres:// URL; the password travels
/// apart, so that the conninfo can be shown and stored. libpq's own sources (PG*, .pgpass, service files)
/// apply.
struct TargetOptions {
    QString conninfo = {};
    /// A secret; empty to let libpq find one.
    QByteArray password = {};
    /// A secret: passphrase of the client certificate's key (libpq's sslpassword); empty for none.
    QByteArray sslPassword = {};
    QString applicationName = QStringLiteral("qdrant2pg");
    /// For the whole attempt; connect_timeout in the conninfo or PGCONNECT_TIMEOUT wins.
    int connectTimeoutSeconds = 15;
    /// SET after connecting, for example {"synchronous_commit", "off"}.
    QList<QPair<QString, QString>> settings = {};
    /// When it stops, nobody waits for this server any longer: an attempt to connect ends, statements are
    /// cancelled, and a connection whose server does not obey within two seconds is cut. Usable afterwards
    /// only for what the server answers at once, if at all.
    std::stop_token abandon = {};

    /// The same server, with sessions whose transactions refuse to write.
    TargetOptions readOnly() const;
};

/// conninfo without its password, for plans, logs and reports; the password that it held, if any, in
/// `password`.
struct SplitConninfo {
    QString withoutPassword;
    QByteArray password;
    /// Of the client key, when the conninfo held one.
    QByteArray sslPassword;
};
/// Understands keyword strings and URLs; a malformed one is a Usage error that quotes nothing secret.
[[nodiscard]] Result<SplitConninfo> splitConninfo(const QString& conninfo);
/// True when the conninfo can be read and no keyword in it is a secret: it may be shown and stored.
bool conninfoHoldsNoSecret(const QString& conninfo);
/// One keyword of a conninfo (host, port, dbname, user ...) as libpq would use it, defaults and environment
/// included. Empty when it has no default (host: the local socket) and for secrets.
QString conninfoValue(const QString& conninfo, const char* keyword);

/// Text result of a query: rows of optional texts. For small answers.
class QueryResult {
public:
    int rowCount() const { return static_cast<int>(m_rows.size()); }
    bool isNull(int row, int column) const
    {
        return !m_rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
    }
    /// Empty for NULL.
    QString text(int row, int column) const;
    qint64 integer(int row, int column) const { return text(row, column).toLongLong(); }
    bool boolean(int row, int column) const { return text(row, column) == QLatin1String("t"); }
    /// Rows touched by INSERT, UPDATE, DELETE, COPY.
    qint64 affectedRows() const { return m_affected; }

    std::vector<std::vector<std::optional<QByteArray>>> m_rows;
    qint64 m_affected = 0;
};

/// A parameter: nothing is NULL.
using SqlParameter = std::optional<QByteArray>;

/// Any number of PostgreSQL connections may exist; each belongs to one thread at a time. Blocking. Owns its
/// PGconn. Reports errors mapped by SQLSTATE (design.md section 8), never retries, keeps notices for
/// takeNotices(). Nothing is prepared unless that is allowed, so that a pooler in transaction mode may sit in
/// between.
class Connection {
public:
    /// Opens a connection, client_encoding UTF8, and applies the settings.
    [[nodiscard]] static Result<Connection> open(const TargetOptions& options);
    ~Connection();
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&& other) noexcept;

    /// One statement or several without parameters; the last result counts.
    [[nodiscard]] Result<QueryResult> execute(const QByteArray& sql);
    /// One statement with text parameters ($1 ...).
    [[nodiscard]] Result<QueryResult> execute(
        const QByteArray& sql, const std::vector<SqlParameter>& parameters);
    [[nodiscard]] Result<void> begin();
    /// An error also when the server answered a COMMIT of a broken transaction with ROLLBACK. After a lost
    /// connection (poisonsConnection) the outcome is open: look into the ledger.
    [[nodiscard]] Result<void> commit();
    /// Best effort: an error closes the transaction anyway.
    void rollback();

    /// For servers that are reached without a pooler in transaction mode; off at first.
    void allowPreparing(bool allowed);
    /// Whether EXECUTE of that name works here: the statement is prepared when this connection has not
    /// done so before. `types` in brackets, or empty. False where preparing is not allowed, or where somebody
    /// else's statement has the name, as behind a pooler.
    [[nodiscard]] Result<bool> prepare(
        const QByteArray& name, const QByteArray& types, const QByteArray& statement);

    /// COPY ... FROM STDIN (FORMAT binary): starts, takes any number of chunks, ends with the number of rows
    /// stored. Other statements may stand before the COPY, separated by semicolons: all travel in one
    /// message. The number of rows that the last of them touched.
    [[nodiscard]] Result<qint64> copyInBegin(const QByteArray& copySql);
    /// Looks for an early server error between chunks. An error here ends the COPY.
    [[nodiscard]] Result<void> copyInWrite(std::string_view bytes);
    [[nodiscard]] Result<qint64> copyInEnd();
    /// Makes the server fail the COPY; the transaction is then broken until rollback().
    void copyInAbort();
    /// COPY ... TO STDOUT (FORMAT binary): the callback gets each CopyData message and returns false to stop
    /// early. The number of rows, or of messages after an early stop, which cancels the statement and so
    /// breaks an open transaction.
    [[nodiscard]] Result<qint64> copyOut(
        const QByteArray& copySql, const std::function<bool(std::string_view)>& message);
    /// The same without the stream's header and trailer: the callback gets each row (int16 field count,
    /// fields), as RowDigest wants it.
    [[nodiscard]] Result<qint64> copyOutRows(
        const QByteArray& copySql, const std::function<bool(std::string_view)>& row);

    bool isUsable() const;
    int serverVersion() const;
    int backendPid() const;
    /// Ends what this connection is doing, from any thread (CREATE INDEX, lock waits; not a COPY that waits
    /// for data).
    class Canceller {
    public:
        Canceller() = default;
        /// False when no request could be sent.
        bool cancel() const;
        std::shared_ptr<void> m_handle;
    };
    /// To be asked for by the thread that owns the connection; may outlive it.
    Canceller canceller() const;
    /// Server notices since the last call, for example "hnsw graph no longer fits into maintenance_work_mem".
    QStringList takeNotices();
    PGconn* handle() const;

private:
    struct State;
    explicit Connection(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

/// Error of a libpq result (SQLSTATE table of design.md section 8); used by everything that talks libpq.
/// `table` and `column` are taken from a COPY's context when the server names none.
Error errorFromSqlState(const QByteArray& sqlState, const QString& primary, const QString& detail,
    const QString& hint, const QString& context, const QString& table, const QString& column);
/// The server refused a row, not the work as a whole (classes 22, 23, 44 and 54, what a trigger raises, and
/// 08P01, which a field's receive function says of bytes that it cannot read): the page can be bisected and
/// the row rejected.
bool blamesRow(const Error& error);

} // namespace qdrant2pg
