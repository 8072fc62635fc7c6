// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/cli/clibench.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QTcpServer>
#include <QTcpSocket>

#include <future>

namespace qdrant2pg::test {

StandIn::StandIn(const QStringList& arguments)
{
    ProcessRequest request{QStringLiteral("qdrant2pg-demo")};
    request.arguments = QStringList{QStringLiteral("--port"), QStringLiteral("0")} + arguments;
    m_process = std::make_unique<TestProcess>(request);
    const QByteArray ready = "listening on ";
    if (!m_process->waitForOutput(ready))
        return;
    const QByteArray output = m_process->standardOutput();
    m_url = QString::fromUtf8(output.mid(output.indexOf(ready) + ready.size()).split('\n').first().trimmed());
}

StrangeServer::StrangeServer(const QByteArray& answer)
{
    std::promise<quint16> port;
    std::future<quint16> listening = port.get_future();
    m_thread = std::jthread([&port, answer](const std::stop_token& stop) {
        QTcpServer server;
        server.listen(QHostAddress::LocalHost);
        port.set_value(server.serverPort());
        while (!stop.stop_requested()) {
            if (!server.waitForNewConnection(50))
                continue;
            const std::unique_ptr<QTcpSocket> socket(server.nextPendingConnection());
            if (!socket->waitForReadyRead(5'000))
                continue;
            socket->readAll();
            socket->write(answer);
            socket->waitForBytesWritten(5'000);
            socket->disconnectFromHost();
        }
    });
    m_port = listening.get();
}

CliBench::CliBench()
{
    setEnvironment(QStringLiteral("XDG_STATE_HOME"), path(QStringLiteral("state")));
    setEnvironment(QStringLiteral("XDG_CONFIG_HOME"), path(QStringLiteral("config")));
    setEnvironment(QStringLiteral("HOME"), folder());
    // No keychain of a person who happens to run the tests.
    m_environment << QStringLiteral("DBUS_SESSION_BUS_ADDRESS");
}

void CliBench::setEnvironment(const QString& name, const QString& value)
{
    m_environment << name + QLatin1Char('=') + value;
}

ProcessRequest CliBench::request(const QStringList& arguments, const QStringList& moreEnvironment) const
{
    ProcessRequest request{QStringLiteral("qdrant2pg")};
    request.arguments = arguments;
    request.environment = m_environment + moreEnvironment;
    request.workingDirectory = folder();
    return request;
}

ProcessResult CliBench::run(const QStringList& arguments, const QStringList& moreEnvironment) const
{
    return runProcess(request(arguments, moreEnvironment));
}

QString CliBench::write(const QString& name, const QByteArray& content) const
{
    QFile file(path(name));
    if (file.open(QIODevice::WriteOnly))
        file.write(content);
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    return file.fileName();
}

QStringList CliBench::files() const
{
    QStringList found;
    QDirIterator it(folder(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (it.hasNext())
        found << it.next();
    return found;
}

QList<QJsonObject> jsonLines(const QByteArray& output)
{
    QList<QJsonObject> objects;
    for (const QByteArray& line : output.split('\n')) {
        if (line.trimmed().isEmpty())
            continue;
        const QJsonDocument document = QJsonDocument::fromJson(line);
        if (!document.isObject())
            return {};
        objects << document.object();
    }
    return objects;
}

QJsonObject eventOf(const QByteArray& output, const char* event)
{
    QJsonObject found;
    for (const QJsonObject& object : jsonLines(output)) {
        if (object.value(QStringLiteral("event")).toString() == QLatin1String(event))
            found = object;
    }
    return found;
}

QByteArray readAll(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace qdrant2pg::test
