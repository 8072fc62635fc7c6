// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/console.h"

#include "core/common/redaction.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QMutexLocker>

#include <atomic>
#include <cstdio>

#include <sys/ioctl.h>
#include <unistd.h>

namespace qdrant2pg::cli {

namespace {

constexpr qsizetype shortestMaskedSecret = 8;
constexpr qsizetype earlyLines = 2000;

// Qt's message handler is a plain function, so the console that is alive is known by this pointer alone.
std::atomic<Console*> activeConsole{nullptr};

void handleMessage(QtMsgType type, const QMessageLogContext& context, const QString& text)
{
    Console* console = activeConsole.load();
    if (!console)
        return;
    const QString line =
        QStringLiteral("%1: %2").arg(QLatin1String(context.category ? context.category : "default"), text);
    const bool ours = context.category && QByteArray(context.category).startsWith("qdrant2pg");
    if (ours && type != QtDebugMsg && type != QtInfoMsg)
        console->warn(line);
    else
        console->detail(line);
}

void writeAll(std::FILE* stream, const QByteArray& bytes)
{
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stream);
    std::fflush(stream);
}

QJsonValue cleanJson(const Console& console, const QJsonValue& value)
{
    if (value.isString())
        return console.clean(value.toString());
    if (value.isArray()) {
        QJsonArray out;
        for (const QJsonValue& element : value.toArray())
            out.append(cleanJson(console, element));
        return out;
    }
    if (value.isObject()) {
        QJsonObject out;
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            out.insert(it.key(), cleanJson(console, it.value()));
        return out;
    }
    return value;
}

int terminalWidth()
{
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

} // namespace

Console::Console()
    : m_terminal(isatty(STDERR_FILENO) == 1)
{
    activeConsole.store(this);
    qInstallMessageHandler(handleMessage);
}

Console::~Console()
{
    qInstallMessageHandler(nullptr);
    activeConsole.store(nullptr);
    clearStatus();
}

void Console::result(const QString& text)
{
    const QMutexLocker lock(&m_mutex);
    log(text);
    if (m_json)
        return;
    clearStatus();
    writeAll(stdout, clean(text).toUtf8() + '\n');
}

void Console::document(const QByteArray& bytes)
{
    const QMutexLocker lock(&m_mutex);
    clearStatus();
    writeAll(stdout, clean(bytes.endsWith('\n') ? bytes : bytes + '\n'));
}

void Console::jsonLine(const QJsonObject& object)
{
    const QMutexLocker lock(&m_mutex);
    if (!m_json)
        return;
    clearStatus();
    writeAll(
        stdout, QJsonDocument(cleanJson(*this, object).toObject()).toJson(QJsonDocument::Compact) + '\n');
}

void Console::say(const QString& text)
{
    const QMutexLocker lock(&m_mutex);
    log(text);
    if (m_verbosity != Verbosity::Quiet)
        writeError(text);
}

void Console::detail(const QString& text)
{
    const QMutexLocker lock(&m_mutex);
    log(text);
    if (m_verbosity == Verbosity::Verbose)
        writeError(text);
}

void Console::warn(const QString& text)
{
    const QMutexLocker lock(&m_mutex);
    log(text);
    writeError(text);
}

void Console::error(const Error& error)
{
    const QMutexLocker lock(&m_mutex);
    const QString text = QStringLiteral("Error: ") + error.toText();
    log(text);
    writeError(text);
    jsonLine(QJsonObject{
        {QStringLiteral("event"), QStringLiteral("error")}, {QStringLiteral("error"), errorToJson(error)}});
}

void Console::status(const QString& text)
{
    const QMutexLocker lock(&m_mutex);
    if (!m_terminal || m_verbosity == Verbosity::Quiet)
        return;
    if (text.isEmpty()) {
        clearStatus();
        return;
    }
    // A line that wraps could not be drawn over itself.
    writeAll(stderr, "\r\033[K" + clean(text).left(terminalWidth() - 1).toUtf8());
    m_statusShown = true;
}

void Console::addSecret(const QByteArray& value)
{
    const QMutexLocker lock(&m_mutex);
    if (value.size() >= shortestMaskedSecret && !m_secrets.contains(value))
        m_secrets.append(value);
}

QString Console::clean(const QString& text) const
{
    const QMutexLocker lock(&m_mutex);
    QString out = text;
    for (const QByteArray& secret : m_secrets)
        out.replace(QString::fromUtf8(secret), QStringLiteral("***"));
    return redacted(out);
}

QByteArray Console::clean(const QByteArray& bytes) const
{
    const QMutexLocker lock(&m_mutex);
    QByteArray out = bytes;
    for (const QByteArray& secret : m_secrets)
        out.replace(secret, "***");
    return out;
}

void Console::openLog(const QString& path)
{
    const QMutexLocker lock(&m_mutex);
    if (m_log.isOpen())
        return;
    m_log.setFileName(path);
    if (!m_log.open(QIODevice::WriteOnly | QIODevice::Append)) {
        writeError(QStringLiteral("The log %1 cannot be written: %2").arg(path, m_log.errorString()));
        return;
    }
    m_log.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    for (const QString& line : std::as_const(m_early))
        m_log.write(clean(line).toUtf8() + '\n');
    m_early.clear();
    checkLog();
}

/// A full disk costs the log, not the run, and is told once.
void Console::checkLog()
{
    if (m_log.flush())
        return;
    const QString reason = m_log.errorString();
    const QString path = m_log.fileName();
    m_log.close();
    writeError(QStringLiteral("The log %1 cannot be written: %2").arg(path, reason));
}

void Console::writeError(const QString& text)
{
    clearStatus();
    writeAll(stderr, clean(text).toUtf8() + '\n');
}

void Console::log(const QString& text)
{
    const QString line =
        QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs) + QLatin1Char(' ') + text;
    if (m_log.isOpen()) {
        m_log.write(clean(line).toUtf8() + '\n');
        checkLog();
    } else if (m_early.size() < earlyLines) {
        m_early << line;
    }
}

void Console::clearStatus()
{
    if (m_statusShown) {
        writeAll(stderr, QByteArrayLiteral("\r\033[K"));
        m_statusShown = false;
    }
}

QJsonObject errorToJson(const Error& error)
{
    QJsonObject object{
        {QStringLiteral("kind"), errorKindName(error.kind)}, {QStringLiteral("summary"), error.summary}};
    const auto add = [&object](const char* key, const QString& value) {
        if (!value.isEmpty())
            object.insert(QLatin1String(key), value);
    };
    add("detail", error.detail);
    add("hint", error.hint);
    add("where", error.where.toString());
    add("sqlState", QString::fromLatin1(error.sqlState));
    if (error.httpStatus != 0)
        object.insert(QStringLiteral("httpStatus"), error.httpStatus);
    return object;
}

} // namespace qdrant2pg::cli
