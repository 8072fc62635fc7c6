// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/postgresserver.h"

#include "tests/support/testprocess.h"

#include <QCoreApplication>
#include <QDir>
#include <QRandomGenerator>

using namespace Qt::StringLiterals;

namespace qdrant2pg::test {

namespace {

ProcessResult runScript(const QStringList& arguments)
{
    ProcessRequest request;
    request.program = QStringLiteral(QDRANT2PG_SOURCE_DIR) + u"/scripts/postgres.sh"_s;
    request.arguments = arguments;
    request.timeout = std::chrono::minutes(4);
    return runProcess(request);
}

} // namespace

PostgresServer::PostgresServer(QString directory, QString url)
    : m_directory(std::move(directory))
    , m_url(std::move(url))
{
}

std::unique_ptr<PostgresServer> PostgresServer::start(const Options& options, QString* why)
{
    // The script makes the folder itself: QTemporaryDir's would be closed to the server's user.
    const QString directory = u"%1/qdrant2pg-test-%2-%3"_s.arg(QDir::tempPath())
                                  .arg(QCoreApplication::applicationPid())
                                  .arg(QRandomGenerator::global()->generate(), 8, 16, QChar(u'0'));
    QStringList arguments{u"start"_s, u"--embedded"_s, u"--dir"_s, directory, u"--owner"_s,
        QString::number(QCoreApplication::applicationPid())};
    const int version =
        options.version != 0 ? options.version : qEnvironmentVariableIntValue("QDRANT2PG_PG_VERSION");
    if (version != 0) {
        arguments << u"--version"_s << QString::number(version);
    }
    if (!options.fsync) {
        arguments << u"--no-fsync"_s;
    }
    for (const QString& setting : options.settings) {
        arguments << u"--set"_s << setting;
    }
    if (qEnvironmentVariableIntValue("QDRANT2PG_REQUIRE_PG") == 0) {
        arguments << u"--no-download"_s;
    }
    const ProcessResult result = runScript(arguments);
    if (!result.ok()) {
        if (why != nullptr) {
            *why = QString::fromUtf8(result.standardError).trimmed();
        }
        return nullptr;
    }
    return std::unique_ptr<PostgresServer>(
        new PostgresServer(directory, QString::fromUtf8(result.standardOutput).trimmed()));
}

PostgresServer::~PostgresServer()
{
    runScript({u"stop"_s, u"--embedded"_s, u"--dir"_s, m_directory, u"--mode"_s, u"immediate"_s});
}

bool PostgresServer::stop(Stop mode)
{
    const QString name = mode == Stop::Fast ? u"fast"_s : u"immediate"_s;
    const ProcessResult result =
        runScript({u"stop"_s, u"--embedded"_s, u"--keep"_s, u"--dir"_s, m_directory, u"--mode"_s, name});
    if (!result.ok()) {
        qWarning("%s", result.standardError.constData());
    }
    return result.ok();
}

bool PostgresServer::startAgain()
{
    const ProcessResult result = runScript({u"start"_s, u"--embedded"_s, u"--dir"_s, m_directory});
    if (!result.ok()) {
        qWarning("%s", result.standardError.constData());
    }
    return result.ok();
}

} // namespace qdrant2pg::test
