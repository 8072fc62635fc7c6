// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/connection.h"

#include "core/common/redaction.h"
#include "core/postgres/abandonment.h"
#include "core/postgres/bytekernels.h"
#include "core/postgres/connecterror.h"
#include "core/postgres/copyrow.h"

#include <QRegularExpression>

#include <libpq-fe.h>
#include <locale.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <mutex>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

/// Small enough to fit into a socket that is ready for writing: when libpq has to wait inside a write, it
/// reads what the server says and keeps it to itself.
constexpr std::size_t copyPieceBytes = 64 * 1024;
constexpr qsizetype keptNotices = 1000;
constexpr std::size_t copyHeaderBytes = 19;

struct ConnectionDeleter {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
using ConnectionPointer = std::unique_ptr<PGconn, ConnectionDeleter>;

struct ResultDeleter {
    void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPointer = std::unique_ptr<PGresult, ResultDeleter>;

/// libpq and the C library word their messages in this thread's language; the table of connect errors knows
/// English.
class MessagesInEnglish {
public:
    MessagesInEnglish()
        : m_english(newlocale(LC_MESSAGES_MASK, "C", duplocale(uselocale(nullptr))))
        , m_before(m_english != nullptr ? uselocale(m_english) : nullptr)
    {
    }
    ~MessagesInEnglish()
    {
        if (m_english == nullptr)
            return;
        uselocale(m_before);
        freelocale(m_english);
    }
    MessagesInEnglish(const MessagesInEnglish&) = delete;
    MessagesInEnglish& operator=(const MessagesInEnglish&) = delete;

private:
    locale_t m_english;
    locale_t m_before;
};

QString field(const PGresult* result, int code)
{
    return QString::fromUtf8(PQresultErrorField(result, code));
}

QString placeName(const QString& host, const QString& port)
{
    if (host.isEmpty())
        return QStringLiteral("the local socket, port %1").arg(port);
    if (host.startsWith(QLatin1Char('/')) || host.startsWith(QLatin1Char('@')))
        return QStringLiteral("the socket in %1, port %2").arg(host, port);
    return host.contains(QLatin1Char(':')) ? QStringLiteral("[%1]:%2").arg(host, port)
                                           : QStringLiteral("%1:%2").arg(host, port);
}

std::chrono::seconds connectTimeout(const TargetOptions& options)
{
    bool given = false;
    const int seconds = conninfoValue(options.conninfo, "connect_timeout").toInt(&given);
    return std::chrono::seconds(given ? seconds : options.connectTimeoutSeconds);
}

/// How often an attempt to connect looks whether it is still wanted.
constexpr int wantedInterval = 100;

/// Milliseconds for poll(); -1 without a deadline.
int remaining(const std::optional<Clock::time_point>& deadline, const std::stop_token& abandon)
{
    const std::int64_t most = abandon.stop_possible() ? wantedInterval : 1'000'000;
    if (!deadline)
        return abandon.stop_possible() ? wantedInterval : -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, most));
}

/// Drives a started connection until it stands, fails, is late or no longer wanted. Asynchronous, because
/// only so can the verbosity be set before the server refuses: a refusal carries its SQLSTATE in verbose
/// messages alone.
bool finishConnecting(PGconn* connection, std::chrono::seconds timeout, const std::stop_token& abandon)
{
    std::optional<Clock::time_point> deadline;
    if (timeout.count() > 0)
        deadline = Clock::now() + timeout;
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    while (status == PGRES_POLLING_READING || status == PGRES_POLLING_WRITING) {
        pollfd waitFor{
            PQsocket(connection), static_cast<short>(status == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
        const int ready = poll(&waitFor, 1, remaining(deadline, abandon));
        if (abandon.stop_requested() || (ready == 0 && deadline && Clock::now() >= *deadline))
            return false;
        if (ready < 0 && errno != EINTR)
            return true;
        if (ready > 0)
            status = PQconnectPoll(connection);
    }
    return true;
}

} // namespace

struct Connection::State {
    ConnectionPointer connection;
    std::unique_ptr<Abandonment> abandonment;
    QString place;
    QStringList notices;
    /// Counts also those that were not kept.
    std::size_t noticeCount = 0;
    bool copyingIn = false;
    bool mayPrepare = false;
    QByteArrayList prepared;

    static void noticeReceiver(void* self, const PGresult* result)
    {
        auto* const state = static_cast<State*>(self);
        ++state->noticeCount;
        if (state->notices.size() < keptNotices)
            state->notices << redacted(field(result, PG_DIAG_MESSAGE_PRIMARY));
    }

    bool isLost() const { return PQstatus(connection.get()) != CONNECTION_OK; }

    Error lostError(const QString& words) const
    {
        Error error = errorFromSqlState("08006", words.trimmed(), {}, {}, {}, {}, {});
        error.sqlState.clear();
        error.where.host = place;
        return error;
    }

    /// The result's error, or libpq's own when the server had no say.
    Error errorOf(const PGresult* result) const
    {
        const QString words = result != nullptr ? QString::fromUtf8(PQresultErrorMessage(result)) : QString();
        const QByteArray sqlState(result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr);
        if (sqlState.isEmpty())
            return lostError(words.isEmpty() ? QString::fromUtf8(PQerrorMessage(connection.get())) : words);
        QString table = field(result, PG_DIAG_TABLE_NAME);
        if (const QString schema = field(result, PG_DIAG_SCHEMA_NAME); !table.isEmpty() && !schema.isEmpty())
            table = schema + QLatin1Char('.') + table;
        Error error = errorFromSqlState(sqlState, field(result, PG_DIAG_MESSAGE_PRIMARY),
            field(result, PG_DIAG_MESSAGE_DETAIL), field(result, PG_DIAG_MESSAGE_HINT),
            field(result, PG_DIAG_CONTEXT), table, field(result, PG_DIAG_COLUMN_NAME));
        if (const QString constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
            !constraint.isEmpty() && !error.summary.isEmpty())
            error.detail += QStringLiteral("\nconstraint ") + constraint;
        error.where.host = place;
        error.poisonsConnection |= isLost();
        return error;
    }

    Result<void> ready() const
    {
        if (!connection || isLost())
            return fail(lostError(QStringLiteral("the connection is closed")));
        if (copyingIn)
            return fail(
                ErrorKind::Internal, QStringLiteral("A statement was sent while a COPY was going on."));
        return {};
    }

    /// Takes all results that are left, so that the connection can be used again. The first error counts:
    /// what follows it is its consequence.
    Result<ResultPointer> drain()
    {
        std::optional<Error> error;
        ResultPointer last;
        while (PGresult* next = PQgetResult(connection.get())) {
            ResultPointer result(next);
            const ExecStatusType status = PQresultStatus(next);
            if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
                if (!error)
                    error = errorOf(next);
            } else if (status == PGRES_COPY_IN) {
                PQputCopyEnd(connection.get(), "no data");
            } else if (status == PGRES_COPY_OUT) {
                char* buffer = nullptr;
                while (PQgetCopyData(connection.get(), &buffer, 0) > 0)
                    PQfreemem(buffer);
            }
            last = std::move(result);
            if (isLost())
                break;
        }
        if (!error && isLost())
            error = errorOf(nullptr);
        if (error)
            return fail(std::move(*error));
        return last;
    }

    Result<QueryResult> toQueryResult(ResultPointer result) const
    {
        const PGresult* const answer = result.get();
        switch (PQresultStatus(answer)) {
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
        case PGRES_EMPTY_QUERY:
            break;
        default:
            return fail(errorOf(answer));
        }
        QueryResult query;
        query.m_affected = QByteArray(PQcmdTuples(result.get())).toLongLong();
        const int rows = PQntuples(answer);
        const int columns = PQnfields(answer);
        query.m_rows.resize(static_cast<std::size_t>(rows));
        for (int row = 0; row < rows; ++row) {
            auto& values = query.m_rows[static_cast<std::size_t>(row)];
            values.resize(static_cast<std::size_t>(columns));
            for (int column = 0; column < columns; ++column) {
                if (PQgetisnull(answer, row, column) == 0)
                    values[static_cast<std::size_t>(column)] =
                        QByteArray(PQgetvalue(answer, row, column), PQgetlength(answer, row, column));
            }
        }
        return query;
    }

    /// Ends the COPY from our side and tells the server's reason, which is the original error when it had
    /// one.
    Error endCopyWithError(const char* reason)
    {
        copyingIn = false;
        PQputCopyEnd(connection.get(), reason);
        auto rest = drain();
        return rest ? lostError(QString::fromLatin1(reason)) : rest.error();
    }

    /// Waits until more data can be sent. True when the server has said something before that: during a COPY
    /// this is an error or a notice, and what is not a notice ends the COPY.
    bool serverComplains()
    {
        while (true) {
            pollfd look{PQsocket(connection.get()), POLLIN | POLLOUT, 0};
            if (poll(&look, 1, -1) < 0 && errno == EINTR)
                continue;
            if ((look.revents & POLLIN) == 0)
                return false;
            const std::size_t before = noticeCount;
            if (PQconsumeInput(connection.get()) == 0)
                return true;
            PQisBusy(connection.get());
            if (noticeCount == before)
                return true;
        }
    }
};

QString QueryResult::text(int row, int column) const
{
    const auto& value = m_rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
    return value ? QString::fromUtf8(*value) : QString();
}

Connection::Connection(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}

Connection::~Connection() = default;
Connection::Connection(Connection&& other) noexcept = default;
Connection& Connection::operator=(Connection&& other) noexcept = default;

TargetOptions TargetOptions::readOnly() const
{
    TargetOptions options = *this;
    options.settings.append({QStringLiteral("default_transaction_read_only"), QStringLiteral("on")});
    return options;
}

Result<Connection> Connection::open(const TargetOptions& options)
{
    // Says what is wrong with the text without quoting it.
    if (auto split = splitConninfo(options.conninfo); !split)
        return fail(std::move(split.error()));

    const MessagesInEnglish english;
    const QByteArray conninfo = options.conninfo.trimmed().toUtf8();
    const QByteArray application = options.applicationName.toUtf8();
    // Later keywords win: ours before the conninfo are defaults, ours behind it are law.
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    const auto add = [&](const char* keyword, const char* value) {
        keywords.push_back(keyword);
        values.push_back(value);
    };
    add("keepalives_idle", "30");
    add("keepalives_interval", "10");
    add("keepalives_count", "3");
    // Unsent data on a dead network would otherwise keep a lane waiting for a quarter of an hour.
    add("tcp_user_timeout", "60000");
    add("fallback_application_name", application.constData());
    if (!conninfo.isEmpty())
        add("dbname", conninfo.constData());
    if (!options.password.isEmpty())
        add("password", options.password.constData());
    if (!options.sslPassword.isEmpty())
        add("sslpassword", options.sslPassword.constData());
    add("client_encoding", "UTF8");
    add(nullptr, nullptr);

    auto state = std::make_unique<State>();
    state->connection.reset(PQconnectStartParams(keywords.data(), values.data(), 1));
    PGconn* const connection = state->connection.get();
    if (connection == nullptr)
        return fail(ErrorKind::Internal, QStringLiteral("No memory is left for a connection."));
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    PQsetNoticeReceiver(connection, &State::noticeReceiver, state.get());
    const bool inTime = PQstatus(connection) == CONNECTION_BAD
        || finishConnecting(connection, connectTimeout(options), options.abandon);

    const auto nameOr = [](const char* given, const QString& otherwise) {
        return given != nullptr && *given != '\0' ? QString::fromUtf8(given) : otherwise;
    };
    const QString host = nameOr(PQhost(connection), conninfoValue(options.conninfo, "host"));
    state->place = placeName(host, nameOr(PQport(connection), conninfoValue(options.conninfo, "port")));
    if (!inTime || PQstatus(connection) != CONNECTION_OK) {
        QString words = QString::fromUtf8(PQerrorMessage(connection));
        if (!inTime)
            words += QStringLiteral("timeout expired");
        return fail(connectError(words, state->place,
            nameOr(PQuser(connection), conninfoValue(options.conninfo, "user")),
            nameOr(PQdb(connection), conninfoValue(options.conninfo, "dbname"))));
    }
    PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
    PQsetnonblocking(connection, 0);

    Connection opened(std::move(state));
    if (options.abandon.stop_possible())
        opened.m_state->abandonment =
            std::make_unique<Abandonment>(opened.canceller(), PQsocket(connection), options.abandon);
    if (!options.settings.isEmpty()) {
        QByteArrayList calls;
        std::vector<SqlParameter> parameters;
        for (const auto& [name, value] : options.settings) {
            parameters.emplace_back(name.toUtf8());
            parameters.emplace_back(value.toUtf8());
            calls << "set_config($" + QByteArray::number(parameters.size() - 1) + ", $"
                    + QByteArray::number(parameters.size()) + ", false)";
        }
        if (auto set = opened.execute("SELECT " + calls.join(", "), parameters); !set)
            return fail(std::move(set.error()));
    }
    return opened;
}

Result<QueryResult> Connection::execute(const QByteArray& sql)
{
    if (auto ready = m_state->ready(); !ready)
        return fail(std::move(ready.error()));
    ResultPointer result(PQexec(m_state->connection.get(), sql.constData()));
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
        if (status == PGRES_COPY_IN)
            PQputCopyEnd(m_state->connection.get(), "not a plain statement");
        (void)m_state->drain();
        return fail(ErrorKind::Internal, QStringLiteral("A COPY was run as a plain statement."));
    }
    return m_state->toQueryResult(std::move(result));
}

Result<QueryResult> Connection::execute(const QByteArray& sql, const std::vector<SqlParameter>& parameters)
{
    if (auto ready = m_state->ready(); !ready)
        return fail(std::move(ready.error()));
    std::vector<const char*> values;
    values.reserve(parameters.size());
    for (const SqlParameter& parameter : parameters)
        values.push_back(parameter ? parameter->constData() : nullptr);
    return m_state->toQueryResult(ResultPointer(PQexecParams(m_state->connection.get(), sql.constData(),
        static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0)));
}

Result<void> Connection::begin()
{
    if (auto begun = execute("BEGIN"); !begun)
        return fail(std::move(begun.error()));
    return {};
}

Result<void> Connection::commit()
{
    if (auto ready = m_state->ready(); !ready)
        return ready;
    ResultPointer result(PQexec(m_state->connection.get(), "COMMIT"));
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
        return fail(m_state->errorOf(result.get()));
    if (qstrcmp(PQcmdStatus(result.get()), "COMMIT") != 0)
        return fail(ErrorKind::Internal,
            QStringLiteral("The transaction was rolled back instead of committed."),
            QStringLiteral("An earlier statement of it had failed."));
    return {};
}

void Connection::rollback()
{
    if (!isUsable())
        return;
    if (m_state->copyingIn)
        copyInAbort();
    if (!m_state->isLost() && PQtransactionStatus(m_state->connection.get()) != PQTRANS_IDLE)
        ResultPointer(PQexec(m_state->connection.get(), "ROLLBACK"));
}

void Connection::allowPreparing(bool allowed)
{
    m_state->mayPrepare = allowed;
}

Result<bool> Connection::prepare(const QByteArray& name, const QByteArray& types, const QByteArray& statement)
{
    if (!m_state->mayPrepare)
        return false;
    if (m_state->prepared.contains(name))
        return true;
    if (auto prepared = execute("PREPARE " + name + ' ' + types + " AS " + statement); !prepared) {
        if (prepared.error().sqlState != "42P05")
            return fail(std::move(prepared.error()));
        m_state->mayPrepare = false;
        return false;
    }
    m_state->prepared << name;
    return true;
}

Result<qint64> Connection::copyInBegin(const QByteArray& copySql)
{
    if (auto ready = m_state->ready(); !ready)
        return fail(std::move(ready.error()));
    PGconn* const connection = m_state->connection.get();
    if (PQsendQuery(connection, copySql.constData()) == 0)
        return fail(m_state->errorOf(nullptr));
    qint64 touched = 0;
    while (PGresult* const next = PQgetResult(connection)) {
        const ResultPointer result(next);
        const ExecStatusType status = PQresultStatus(next);
        if (status == PGRES_COPY_IN) {
            m_state->copyingIn = true;
            return touched;
        }
        if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) {
            // Whether the connection went with it shows only behind the last result.
            (void)m_state->drain();
            return fail(m_state->errorOf(next));
        }
        if (status == PGRES_COPY_OUT)
            break;
        touched = QByteArray(PQcmdTuples(next)).toLongLong();
    }
    if (auto rest = m_state->drain(); !rest)
        return fail(std::move(rest.error()));
    return fail(ErrorKind::Internal, QStringLiteral("The statement is no COPY FROM STDIN."));
}

Result<void> Connection::copyInWrite(std::string_view bytes)
{
    if (!m_state->copyingIn)
        return fail(ErrorKind::Internal, QStringLiteral("Data was sent without a COPY."));
    while (!bytes.empty()) {
        if (m_state->serverComplains())
            return fail(m_state->endCopyWithError("ended because of an error"));
        const std::string_view piece = bytes.substr(0, copyPieceBytes);
        if (PQputCopyData(m_state->connection.get(), piece.data(), static_cast<int>(piece.size())) != 1)
            return fail(m_state->endCopyWithError("the connection broke"));
        bytes.remove_prefix(piece.size());
    }
    return {};
}

Result<qint64> Connection::copyInEnd()
{
    if (!m_state->copyingIn)
        return fail(ErrorKind::Internal, QStringLiteral("A COPY was ended that had not begun."));
    m_state->copyingIn = false;
    PQputCopyEnd(m_state->connection.get(), nullptr);
    auto result = m_state->drain();
    if (!result)
        return fail(std::move(result.error()));
    return QByteArray(PQcmdTuples(result->get())).toLongLong();
}

void Connection::copyInAbort()
{
    if (m_state->copyingIn)
        (void)m_state->endCopyWithError("stopped by the client");
}

Result<qint64> Connection::copyOut(
    const QByteArray& copySql, const std::function<bool(std::string_view)>& message)
{
    if (auto ready = m_state->ready(); !ready)
        return fail(std::move(ready.error()));
    PGconn* const connection = m_state->connection.get();
    {
        const ResultPointer result(PQexec(connection, copySql.constData()));
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE)
            return fail(m_state->errorOf(result.get()));
        if (status != PGRES_COPY_OUT) {
            (void)m_state->drain();
            return fail(ErrorKind::Internal, QStringLiteral("The statement is no COPY TO STDOUT."));
        }
    }
    qint64 messages = 0;
    bool wanted = true;
    while (true) {
        char* buffer = nullptr;
        const int size = PQgetCopyData(connection, &buffer, 0);
        if (size <= 0)
            break;
        const std::unique_ptr<char, void (*)(void*)> owner(buffer, &PQfreemem);
        if (!wanted)
            continue;
        ++messages;
        wanted = message(std::string_view(buffer, static_cast<std::size_t>(size)));
        if (!wanted)
            canceller().cancel();
    }
    auto result = m_state->drain();
    if (!wanted && !m_state->isLost())
        return messages;
    if (!result)
        return fail(std::move(result.error()));
    return QByteArray(PQcmdTuples(result->get())).toLongLong();
}

Result<qint64> Connection::copyOutRows(
    const QByteArray& copySql, const std::function<bool(std::string_view)>& row)
{
    bool headerSeen = false;
    bool broken = false;
    auto count = copyOut(copySql, [&](std::string_view message) {
        if (!headerSeen) {
            if (message.size() < copyHeaderBytes) {
                broken = true;
                return false;
            }
            const std::size_t extension = bytes::load32(message.data() + copyHeaderBytes - 4);
            headerSeen = true;
            message.remove_prefix(std::min(message.size(), copyHeaderBytes + extension));
        }
        while (!message.empty() && message != std::string_view("\xFF\xFF", 2)) {
            const std::optional<std::size_t> length = copyRowLength(message);
            if (!length) {
                broken = true;
                return false;
            }
            if (!row(message.substr(0, *length)))
                return false;
            message.remove_prefix(*length);
        }
        return true;
    });
    if (broken)
        return fail(ErrorKind::Protocol, QStringLiteral("PostgreSQL sent a row that cannot be read."));
    return count;
}

bool Connection::isUsable() const
{
    return m_state && m_state->connection && !m_state->isLost();
}

int Connection::serverVersion() const
{
    return PQserverVersion(m_state->connection.get());
}

int Connection::backendPid() const
{
    return PQbackendPID(m_state->connection.get());
}

namespace {

struct CancelHandle {
    std::mutex mutex;
#ifdef LIBPQ_HAS_ASYNC_CANCEL
    PGcancelConn* request = nullptr;
    ~CancelHandle()
    {
        PQcancelFinish(request);
    }
#else
    PGcancel* request = nullptr;
    ~CancelHandle()
    {
        PQfreeCancel(request);
    }
#endif
};

} // namespace

Connection::Canceller Connection::canceller() const
{
    auto handle = std::make_shared<CancelHandle>();
#ifdef LIBPQ_HAS_ASYNC_CANCEL
    handle->request = PQcancelCreate(m_state->connection.get());
#else
    handle->request = PQgetCancel(m_state->connection.get());
#endif
    Canceller canceller;
    canceller.m_handle = std::move(handle);
    return canceller;
}

bool Connection::Canceller::cancel() const
{
    auto* const handle = static_cast<CancelHandle*>(m_handle.get());
    if (handle == nullptr || handle->request == nullptr)
        return false;
    const std::scoped_lock lock(handle->mutex);
#ifdef LIBPQ_HAS_ASYNC_CANCEL
    const bool sent = PQcancelBlocking(handle->request) == 1;
    PQcancelReset(handle->request);
    return sent;
#else
    char words[256];
    return PQcancel(handle->request, words, sizeof words) == 1;
#endif
}

QStringList Connection::takeNotices()
{
    return std::exchange(m_state->notices, {});
}

PGconn* Connection::handle() const
{
    return m_state->connection.get();
}

} // namespace qdrant2pg
