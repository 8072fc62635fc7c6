// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/targetcheck.h"

#include "core/postgres/serverprofile.h"

#include <QCoreApplication>

namespace qdrant2pg {

namespace {

constexpr int oldestVersion = 140000;
constexpr int oldestTestedVersion = 160000;

QString tr(const char* text)
{
    return QCoreApplication::translate("TargetCheck", text);
}

CheckLine line(const char* id, const QString& title)
{
    CheckLine made;
    made.id = QLatin1String(id);
    made.title = title;
    return made;
}

/// Which line an error of connecting belongs to; the lines before it went well.
QString lineOf(const Error& error)
{
    switch (error.kind) {
    case ErrorKind::Tls:
        return QStringLiteral("tls");
    case ErrorKind::Authentication:
    case ErrorKind::Permission:
    case ErrorKind::NotFound:
        return QStringLiteral("authentication");
    case ErrorKind::Schema:
        // "database does not exist"
        return QStringLiteral("authentication");
    default:
        return QStringLiteral("handshake");
    }
}

/// A blocker ends the check; the first one counts, all get their line.
class Judge {
public:
    Judge(CheckRun& run, const ServerProfile& server, const SchemaRights& rights, QString schema)
        : m_run(run)
        , m_server(server)
        , m_rights(rights)
        , m_schema(std::move(schema))
    {
    }

    void version()
    {
        const QString id = QStringLiteral("version");
        const QString text = tr("PostgreSQL %1").arg(m_server.versionText);
        if (m_server.versionNumber < oldestVersion)
            block(id, ErrorKind::Unsupported, tr("PostgreSQL %1 is too old.").arg(m_server.versionText),
                tr("Versions from 14 on work; 16 and later are tested. Upgrade the server or choose "
                   "another."));
        else if (m_server.versionNumber < oldestTestedVersion)
            m_run.end(id, Status::Warning, text, tr("It works, but the tests cover 16 to 18."));
        else
            m_run.end(id, Status::Ok, text);
    }

    void server()
    {
        const QString id = QStringLiteral("server");
        const QString text =
            tr("user %1, database %2, encoding %3").arg(m_server.user, m_server.database, m_server.encoding);
        if (m_server.inRecovery)
            block(id, ErrorKind::Permission, tr("This server is a standby and read-only."),
                tr("Connect to the primary server."));
        else if (m_server.readOnlyDefault)
            block(id, ErrorKind::Permission, tr("Transactions are read-only on this server by default."),
                tr("Set default_transaction_read_only to off for this user or database."));
        else if (m_server.encoding != QLatin1String("UTF8"))
            m_run.end(id, Status::Warning, text,
                tr("Some text cannot be stored in this encoding; a database with UTF8 can hold all."));
        else
            m_run.end(id, Status::Ok, text);
    }

    void vector()
    {
        const QString id = QStringLiteral("vector");
        if (!m_server.vectorVersion) {
            if (!m_server.vectorAvailable)
                block(id, ErrorKind::Unsupported,
                    tr("The extension vector (pgvector) is not on this server."),
                    tr("Install pgvector there (Debian: postgresql-NN-pgvector), or use a server that has "
                       "it, then check again."));
            else if (!m_server.superuser && !m_server.mayCreateInDatabase)
                block(id, ErrorKind::Permission,
                    tr("The extension vector is not installed in this database and this user may not install "
                       "it."),
                    tr("Ask an administrator to run: CREATE EXTENSION vector"));
            else
                m_run.end(id, Status::Note,
                    tr("version %1 is available and will be installed by the migration")
                        .arg(m_server.vectorAvailableVersion),
                    tr("Review shows the statement before anything runs."));
            return;
        }
        const QString version = m_server.vectorVersion->toString();
        QString text = tr("version %1 in schema %2").arg(version, m_server.vectorSchema);
        if (!m_server.vectorOnSearchPath)
            text = tr("%1, not on the search path; names are qualified").arg(text);
        if (*m_server.vectorVersion < QVersionNumber(0, 8, 2))
            m_run.end(id, Status::Warning, text,
                tr("Versions before 0.8.2 have a fault in parallel builds of HNSW indexes. Upgrade it if you "
                   "can: ALTER EXTENSION vector UPDATE"));
        else
            m_run.end(id, Status::Ok, text);
    }

    void rights()
    {
        const QString id = QStringLiteral("rights");
        if (m_rights.exists && !m_rights.mayCreate)
            block(id, ErrorKind::Permission,
                tr("The user %1 may not create tables in the schema %2.").arg(m_server.user, m_schema),
                tr("Ask for: GRANT CREATE, USAGE ON SCHEMA %1 TO %2, or choose another schema.")
                    .arg(m_schema, m_server.user));
        else if (!m_rights.exists && !m_server.mayCreateInDatabase)
            block(id, ErrorKind::Permission,
                tr("The schema %1 does not exist and the user %2 may not create it.")
                    .arg(m_schema, m_server.user),
                tr("Choose an existing schema, or ask an administrator to create it."));
        else if (!m_rights.exists)
            m_run.end(
                id, Status::Note, tr("The schema %1 does not exist yet and will be created.").arg(m_schema));
        else
            m_run.end(id, Status::Ok,
                m_server.mayCreateInDatabase ? tr("may create tables in %1, and schemas").arg(m_schema)
                                             : tr("may create tables in %1").arg(m_schema));
    }

    void settings()
    {
        const QString id = QStringLiteral("settings");
        const QString text = tr("maintenance_work_mem %1, max_wal_size %2")
                                 .arg(m_server.maintenanceWorkMem, m_server.maxWalSize);
        if (m_server.transactionPooler)
            m_run.end(id, Status::Warning,
                m_server.poolerReason.isEmpty() ? tr("A pooler in transaction mode answers here.")
                                                : m_server.poolerReason,
                tr("Prefer the direct or session address of this database."));
        else if (m_server.statementTimeoutMs > 0)
            m_run.end(id, Status::Note, text,
                tr("statement_timeout is set here; the migration switches it off for its own connections."));
        else
            m_run.end(id, Status::Ok, text);
    }

    const std::optional<Error>& blocker() const { return m_blocker; }

private:
    void block(const QString& id, ErrorKind kind, const QString& summary, const QString& hint)
    {
        m_run.end(id, Status::Problem, summary, hint);
        if (!m_blocker)
            m_blocker = makeError(kind, summary, {}, hint);
    }

    CheckRun& m_run;
    const ServerProfile& m_server;
    const SchemaRights& m_rights;
    QString m_schema;
    std::optional<Error> m_blocker;
};

std::optional<Error> reachServer(CheckRun& run, const TargetOptions& options)
{
    const QString host = conninfoValue(options.conninfo, "host");
    const QString hostAddress = conninfoValue(options.conninfo, "hostaddr");
    const bool socket = hostAddress.isEmpty()
        && (host.isEmpty() || host.startsWith(QLatin1Char('/')) || host.startsWith(QLatin1Char('@')));
    // Several hosts are libpq's business: it tries one after another.
    if (socket || host.contains(QLatin1Char(','))) {
        const QString why = socket ? tr("not used: local socket") : tr("several hosts, tried in turn");
        run.end(QStringLiteral("resolve"), Status::Skipped, why);
        run.end(QStringLiteral("tcp"), Status::Skipped, why);
        return std::nullopt;
    }
    const auto port = conninfoValue(options.conninfo, "port").toUShort();
    return checkReachable(run, hostAddress.isEmpty() ? host : hostAddress, port == 0 ? 5432 : port,
        std::chrono::seconds(options.connectTimeoutSeconds));
}

} // namespace

QList<CheckLine> targetCheckLines()
{
    return {line("resolve", tr("Resolve name")), line("tcp", tr("TCP")), line("tls", tr("TLS")),
        line("handshake", tr("PostgreSQL")), line("authentication", tr("Authentication")),
        line("version", tr("Version")), line("server", tr("Server")), line("vector", tr("pgvector")),
        line("rights", tr("Rights")), line("probe", tr("Write probe")), line("settings", tr("Settings"))};
}

TargetCheckResult checkTarget(
    const TargetOptions& options, const QString& schema, const CheckRun::Report& report, std::stop_token stop)
{
    CheckRun run(targetCheckLines(), report, stop);
    TargetCheckResult result;
    const auto cancelled = [] {
        return makeError(ErrorKind::Cancelled, tr("The check was cancelled."));
    };
    if ((result.error = reachServer(run, options)))
        return result;

    const QString handshake = QStringLiteral("handshake");
    run.begin(handshake);
    auto connection = Connection::open(options);
    const auto latency = run.elapsed();
    if (stop.stop_requested())
        return {std::nullopt, cancelled(), false};
    if (!connection) {
        const QString where = lineOf(connection.error());
        if (where == QLatin1String("authentication"))
            run.end(handshake, Status::Ok, tr("PostgreSQL answers"));
        run.fail(where, connection.error());
        result.error = connection.error();
        return result;
    }
    run.end(handshake, Status::Ok, tr("PostgreSQL answers"));

    const auto give = [&](const QString& id, Error error) {
        run.fail(id, error);
        return TargetCheckResult{std::nullopt, std::move(error), false};
    };
    run.begin(QStringLiteral("authentication"));
    auto server = readServerProfile(*connection);
    if (!server)
        return give(QStringLiteral("authentication"), server.error());
    run.end(QStringLiteral("tls"), Status::Ok, server->tls ? tr("in use") : tr("not in use"));
    run.end(QStringLiteral("authentication"), Status::Ok, tr("as %1").arg(server->user));
    auto rights = readSchemaRights(*connection, schema);
    if (!rights)
        return give(QStringLiteral("rights"), rights.error());

    Judge judge(run, *server, *rights, schema);
    judge.version();
    judge.server();
    judge.vector();
    judge.rights();
    judge.settings();
    if (stop.stop_requested())
        return {std::nullopt, cancelled(), false};
    result.overview = TargetOverview{*server, *rights, latency};
    if (judge.blocker()) {
        result.error = judge.blocker();
        result.blocked = true;
        run.skipRest();
        return result;
    }

    const QString probe = QStringLiteral("probe");
    run.begin(probe);
    if (auto written = probeWrite(*connection, schema, *server); !written) {
        run.fail(probe, written.error());
        result.error = written.error();
        result.blocked = written.error().kind == ErrorKind::Permission;
        return result;
    }
    run.end(probe, Status::Ok, tr("a scratch table was created, filled and taken back"));
    return result;
}

} // namespace qdrant2pg
