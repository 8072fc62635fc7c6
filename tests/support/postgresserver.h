// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>
#include <QStringList>

#include <memory>

namespace qdrant2pg::test {

/// A PostgreSQL server that belongs to one test, started through scripts/postgres.sh and deleted with the
/// object. For tests that restart, stop or configure a server; all others share one through TestPostgres. It
/// ends also when the test is killed.
class PostgresServer {
public:
    struct Options {
        /// Major version; 0 for the default one.
        int version = 0;
        /// False is faster and right for everything but crash tests of the server's machine.
        bool fsync = false;
        /// name=value
        QStringList settings = {};
    };
    enum class Stop { Fast, Immediate };

    /// Null when no server can be had; `why`, if given, then says so in words.
    static std::unique_ptr<PostgresServer> start(const Options& options, QString* why = nullptr);
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// Of its database `postgres`, with the password; the same after a restart.
    QString url() const { return m_url; }
    QString directory() const { return m_directory; }
    /// False when the script failed; its words are in the test's log.
    bool stop(Stop mode);
    bool startAgain();
    bool restart(Stop mode) { return stop(mode) && startAgain(); }

private:
    PostgresServer(QString directory, QString url);

    QString m_directory;
    QString m_url;
};

} // namespace qdrant2pg::test
