// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "tests/support/testprocess.h"

#include <QJsonObject>
#include <QList>
#include <QTemporaryDir>

#include <memory>
#include <thread>

namespace qdrant2pg::test {

/// The stand-in as a program of its own on a free port; ends with the object.
class StandIn {
public:
    explicit StandIn(const QStringList& arguments);
    /// Empty when it did not start.
    QString url() const { return m_url; }

private:
    std::unique_ptr<TestProcess> m_process;
    QString m_url;
};

/// Something on a port that is no Qdrant: answers whatever comes with the same bytes and closes.
class StrangeServer {
public:
    explicit StrangeServer(const QByteArray& answer);
    QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }

private:
    quint16 m_port = 0;
    std::jthread m_thread;
};

/// The real program in a folder of its own, with its state and configuration there.
class CliBench {
public:
    CliBench();
    /// NAME=VALUE for every later call.
    void setEnvironment(const QString& name, const QString& value);
    ProcessResult run(const QStringList& arguments, const QStringList& moreEnvironment = {}) const;
    ProcessRequest request(const QStringList& arguments, const QStringList& moreEnvironment = {}) const;

    QString folder() const { return m_folder.path(); }
    QString path(const QString& name) const { return m_folder.filePath(name); }
    /// Writes a file into the folder; its path.
    QString write(const QString& name, const QByteArray& content) const;
    /// All files below the folder (state, reports, exports).
    QStringList files() const;

private:
    QTemporaryDir m_folder;
    QStringList m_environment;
};

/// The JSON objects of an output, one a line; a line that is none gives an empty list.
QList<QJsonObject> jsonLines(const QByteArray& output);
/// The last object of that event, or an empty one.
QJsonObject eventOf(const QByteArray& output, const char* event);
QByteArray readAll(const QString& path);

} // namespace qdrant2pg::test

/// Compares the exit code and shows the whole output when it is another.
#define QDRANT2PG_EXIT(result, code)                                                                         \
    do {                                                                                                     \
        const auto& exitResult = (result);                                                                   \
        QVERIFY2(exitResult.exited&& exitResult.exitCode == (code), exitResult.description().constData());   \
    } while (false)

/// The text must occur in what the program said on stderr.
#define QDRANT2PG_SAYS(result, text)                                                                         \
    QVERIFY2((result).standardError.contains(text),                                                          \
        (QByteArray("does not say: ") + (text) + "\n" + (result).description()).constData())
