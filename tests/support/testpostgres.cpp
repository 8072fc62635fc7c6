// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/testpostgres.h"

#include <utility>

#include <libpq-fe.h>

#include <QCoreApplication>
#include <QFile>
#include <QRandomGenerator>
#include <QTest>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace qdrant2pg::test {

namespace {

struct Closer {
    void operator()(PGconn* connection) const { PQfinish(connection); }
    void operator()(PGresult* result) const { PQclear(result); }
};
using Handle = std::unique_ptr<PGconn, Closer>;
using Answer = std::unique_ptr<PGresult, Closer>;

Handle connectTo(const QString& url)
{
    return Handle(PQconnectdb(url.toUtf8().constData()));
}

/// The answer, or nothing and the server's words.
Answer ask(const QString& url, const QByteArray& sql, QString& problem)
{
    const Handle connection = connectTo(url);
    if (PQstatus(connection.get()) != CONNECTION_OK) {
        problem = QString::fromUtf8(PQerrorMessage(connection.get())).trimmed();
        return nullptr;
    }
    Answer answer(PQexec(connection.get(), sql.constData()));
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        problem = QString::fromUtf8(PQerrorMessage(connection.get())).trimmed();
        return nullptr;
    }
    return answer;
}

/// Written by the ctest fixture (fixture.sh): folder, then URL.
QString urlOfTestRun()
{
    QFile file(QStringLiteral(QDRANT2PG_BINARY_DIR) + u"/tests/postgres-server"_s);
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const QString url = QString::fromUtf8(file.readAll()).section(u'\n', 1, 1).trimmed();
    // A killed run leaves its file behind.
    return PQstatus(connectTo(url).get()) == CONNECTION_OK ? url : QString();
}

/// The server that this program started for all of its tests; stopped with the application object.
std::unique_ptr<PostgresServer>& ownServer()
{
    static std::unique_ptr<PostgresServer> server;
    return server;
}

QString sharedServerUrl(QString& problem)
{
    static QString url;
    if (!url.isEmpty()) {
        return url;
    }
    url = qEnvironmentVariable("DATABASE_URL");
    if (url.isEmpty()) {
        url = urlOfTestRun();
    }
    if (url.isEmpty()) {
        ownServer() = PostgresServer::start({.settings = {u"max_connections=200"_s}}, &problem);
        if (ownServer()) {
            qAddPostRoutine([] { ownServer().reset(); });
            url = ownServer()->url();
        }
    }
    return url;
}

} // namespace

bool TestPostgres::isRequired()
{
    return qEnvironmentVariableIntValue("QDRANT2PG_REQUIRE_PG") != 0;
}

TestPostgres::TestPostgres(Extension extension)
{
    const QString url = sharedServerUrl(m_problem);
    if (!url.isEmpty()) {
        create(url, extension);
    } else if (m_problem.isEmpty()) {
        m_problem = u"no PostgreSQL with pgvector"_s;
    }
}

TestPostgres::TestPostgres(PostgresServer& server, Extension extension)
{
    create(server.url(), extension);
}

TestPostgres::~TestPostgres()
{
    QString problem;
    if (!m_database.isEmpty()
        && !ask(m_serverUrl, "DROP DATABASE IF EXISTS " + m_database.toUtf8() + " WITH (FORCE)", problem)) {
        qWarning("%s", qPrintable(problem));
    }
}

void TestPostgres::create(const QString& serverUrl, Extension extension)
{
    m_problem.clear();
    m_serverUrl = serverUrl;
    const QString name = u"q2p_%1_%2"_s.arg(QCoreApplication::applicationPid())
                             .arg(QRandomGenerator::global()->generate(), 8, 16, QChar(u'0'));
    QString problem;
    if (!ask(
            serverUrl, "CREATE DATABASE " + name.toUtf8() + " TEMPLATE template0 ENCODING 'UTF8'", problem)) {
        m_problem = problem;
        return;
    }
    m_database = name;
    QUrl url(serverUrl);
    url.setPath(u'/' + name);
    m_url = url.toString(QUrl::FullyEncoded);
    if (extension == Extension::Create && !ask(m_url, "CREATE EXTENSION vector", problem)) {
        m_problem = problem;
    }
}

TargetOptions TestPostgres::options() const
{
    QUrl url(m_url);
    TargetOptions options;
    options.password = url.password(QUrl::FullyDecoded).toUtf8();
    url.setPassword({});
    options.conninfo = url.toString(QUrl::FullyEncoded);
    return options;
}

bool TestPostgres::execute(const QByteArray& sql) const
{
    QString problem;
    const Answer answer = ask(m_url, sql, problem);
    return QTest::qVerify(answer != nullptr, sql.constData(), qPrintable(problem), __FILE__, __LINE__);
}

std::vector<QStringList> TestPostgres::rows(const QByteArray& sql) const
{
    std::vector<QStringList> rows;
    QString problem;
    const Answer answer = ask(m_url, sql, problem);
    if (!QTest::qVerify(answer != nullptr, sql.constData(), qPrintable(problem), __FILE__, __LINE__)) {
        return rows;
    }
    for (int row = 0; row < PQntuples(answer.get()); ++row) {
        QStringList& cells = rows.emplace_back();
        for (int column = 0; column < PQnfields(answer.get()); ++column) {
            cells << (PQgetisnull(answer.get(), row, column) != 0
                    ? QString()
                    : QString::fromUtf8(
                        PQgetvalue(answer.get(), row, column), PQgetlength(answer.get(), row, column)));
        }
    }
    return rows;
}

QString TestPostgres::scalar(const QByteArray& sql) const
{
    const std::vector<QStringList> all = rows(sql);
    return all.empty() || all.front().isEmpty() ? QString() : all.front().front();
}

int TestPostgres::killBackends(const QString& applicationName) const
{
    QByteArray sql = "SELECT count(*) FROM (SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                     " WHERE datname = current_database() AND pid <> pg_backend_pid()";
    if (!applicationName.isEmpty()) {
        sql += " AND application_name = '" + applicationName.toUtf8().replace('\'', "''") + '\'';
    }
    return scalar(sql + ") AS ended").toInt();
}

} // namespace qdrant2pg::test
