// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"

#include <QByteArray>
#include <QFile>
#include <QJsonObject>
#include <QList>
#include <QMutex>
#include <QString>
#include <QStringList>

namespace qdrant2pg::cli {

/// Everything that the program prints goes through here: results on stdout, talk on stderr, both without
/// secrets. A copy of the talk goes into the run's log file once one is open; what was said before that is
/// kept and written then. Thread-safe (the log's message handler may be called from any thread).
class Console {
public:
    enum class Verbosity { Quiet, Normal, Verbose };

    Console();
    ~Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;

    void setVerbosity(Verbosity verbosity) { m_verbosity = verbosity; }
    void setJson(bool json) { m_json = json; }
    bool json() const { return m_json; }
    bool isTerminal() const { return m_terminal; }

    /// Result for people, on stdout; nothing with --json.
    void result(const QString& text);
    /// As it is, also with --json: a document that was asked for (a plan, a report).
    void document(const QByteArray& bytes);
    /// One compact JSON line on stdout; nothing without --json.
    void jsonLine(const QJsonObject& object);
    /// Talk on stderr; not with --quiet.
    void say(const QString& text);
    /// Talk on stderr that is too much for most people: only with --verbose, always in the log.
    void detail(const QString& text);
    /// Always on stderr.
    void warn(const QString& text);
    /// On stderr in full, and as an object on stdout with --json.
    void error(const Error& error);
    /// The one line that is drawn over itself on a terminal; an empty text removes it.
    void status(const QString& text);

    /// From now on this value is masked wherever it stands. Short values are left to redacted(), they would
    /// hit plain words.
    void addSecret(const QByteArray& value);
    QString clean(const QString& text) const;
    QByteArray clean(const QByteArray& bytes) const;

    /// Opens the log (mode 0600) and writes what was said so far. An error is said and ignored: the log is a
    /// convenience.
    void openLog(const QString& path);
    QString logPath() const { return m_log.fileName(); }

private:
    void writeError(const QString& text);
    void log(const QString& text);
    void clearStatus();
    void checkLog();

    mutable QRecursiveMutex m_mutex;
    Verbosity m_verbosity = Verbosity::Normal;
    bool m_json = false;
    bool m_terminal = false;
    bool m_statusShown = false;
    QList<QByteArray> m_secrets;
    QFile m_log;
    QStringList m_early;
};

QJsonObject errorToJson(const Error& error);

} // namespace qdrant2pg::cli
