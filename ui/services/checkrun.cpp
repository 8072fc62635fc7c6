// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/checkrun.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QHostInfo>
#include <QTcpSocket>

#include <algorithm>

namespace qdrant2pg {

namespace {

/// Waits are cut into pieces so that Esc is noticed.
constexpr int waitSliceMs = 100;

QString tr(const char* text)
{
    return QCoreApplication::translate("ConnectionCheck", text);
}

Error cancelled()
{
    return makeError(ErrorKind::Cancelled, tr("The check was cancelled."));
}

} // namespace

CheckRun::CheckRun(QList<CheckLine> lines, Report report, std::stop_token stop)
    : m_lines(std::move(lines))
    , m_report(std::move(report))
    , m_stop(std::move(stop))
{
    m_clock.start();
}

CheckLine* CheckRun::find(const QString& id)
{
    const auto found =
        std::find_if(m_lines.begin(), m_lines.end(), [&](const CheckLine& line) { return line.id == id; });
    return found == m_lines.end() ? nullptr : &*found;
}

void CheckRun::begin(const QString& id)
{
    m_clock.restart();
    if (CheckLine* line = find(id)) {
        line->status = Status::Checking;
        m_report(*line);
    }
}

void CheckRun::end(
    const QString& id, Status status, const QString& result, const QString& advice, const QString& detail)
{
    CheckLine* line = find(id);
    if (!line)
        return;
    // Lines that are answered by one and the same request carry its time once.
    if (line->status == Status::Checking)
        line->time = elapsed();
    line->status = status;
    line->result = result;
    line->advice = advice;
    line->detail = detail;
    m_report(*line);
}

void CheckRun::fail(const QString& id, const Error& error)
{
    CheckLine* line = find(id);
    if (!line)
        return;
    const auto time = line->status == Status::Checking ? std::optional(elapsed()) : std::nullopt;
    *line = CheckLine::fromError(id, line->title, error);
    line->time = time;
    m_report(*line);
    skipRest();
}

void CheckRun::add(const CheckLine& line)
{
    m_lines.append(line);
    m_report(line);
}

void CheckRun::skipRest()
{
    for (CheckLine& line : m_lines) {
        if (line.status != Status::Waiting && line.status != Status::Checking)
            continue;
        line.status = Status::Skipped;
        line.result.clear();
        m_report(line);
    }
}

std::optional<Error> checkReachable(
    CheckRun& run, const QString& host, quint16 port, std::chrono::milliseconds timeout, const QString& what)
{
    const auto named = [&what](const QString& text) {
        return what.isEmpty() ? text : tr("%1: %2").arg(what, text);
    };
    const QString resolve = QStringLiteral("resolve");
    const QString tcp = QStringLiteral("tcp");
    run.begin(resolve);
    QList<QHostAddress> addresses;
    if (const QHostAddress literal(host); !literal.isNull()) {
        addresses = {literal};
        run.end(resolve, Status::Ok, named(tr("%1 is an address").arg(host)));
    } else {
        const QHostInfo info = QHostInfo::fromName(host);
        if (run.stopped())
            return cancelled();
        addresses = info.addresses();
        if (addresses.isEmpty()) {
            Error error = makeError(ErrorKind::NotFound,
                tr("The name %1 is not known to this computer's name service.").arg(host), info.errorString(),
                tr("Check the spelling. Inside a private network, check that the VPN is connected."));
            error.where.host = host;
            run.fail(resolve, error);
            return error;
        }
        QStringList names;
        for (const QHostAddress& address : std::as_const(addresses))
            names << address.toString();
        run.end(resolve, Status::Ok, named(names.join(QStringLiteral(", "))));
    }

    run.begin(tcp);
    QString words;
    bool refused = false;
    for (const QHostAddress& address : std::as_const(addresses)) {
        QTcpSocket socket;
        socket.connectToHost(address, port);
        while (!run.stopped() && run.elapsed() < timeout && socket.state() != QAbstractSocket::ConnectedState
            && socket.state() != QAbstractSocket::UnconnectedState)
            socket.waitForConnected(waitSliceMs);
        if (run.stopped())
            return cancelled();
        if (socket.state() == QAbstractSocket::ConnectedState) {
            run.end(tcp, Status::Ok, named(tr("%1 answers on port %2").arg(address.toString()).arg(port)));
            return std::nullopt;
        }
        refused = refused || socket.error() == QAbstractSocket::ConnectionRefusedError;
        words = socket.errorString();
    }
    Error error = refused
        ? makeError(ErrorKind::Network, tr("Nothing listens on port %1 of %2.").arg(port).arg(host), words,
            tr("Is the server running, and is this its port?"))
        : makeError(ErrorKind::Timeout, tr("Port %1 of %2 cannot be reached.").arg(port).arg(host), words,
            tr("A firewall may be in the way; check host, port and the network."));
    error.where.host = host;
    run.fail(tcp, error);
    return error;
}

} // namespace qdrant2pg
