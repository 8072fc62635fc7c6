// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/connection.h"
#include "tests/support/postgresserver.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <memory>
#include <vector>

namespace qdrant2pg::test {

/// A fresh database with the extension `vector` on a real PostgreSQL, dropped with the object. The server is,
/// in this order: the one given, DATABASE_URL's, the one of the ctest run, one that this test program starts
/// and shares among its instances. Begin with QDRANT2PG_REQUIRE_POSTGRES(database).
class TestPostgres {
public:
    enum class Extension { Create, Leave };

    explicit TestPostgres(Extension extension = Extension::Create);
    /// In that server, which must outlive this object.
    explicit TestPostgres(PostgresServer& server, Extension extension = Extension::Create);
    ~TestPostgres();
    TestPostgres(const TestPostgres&) = delete;
    TestPostgres& operator=(const TestPostgres&) = delete;

    bool isValid() const { return m_problem.isEmpty(); }
    /// Why there is no database, in words.
    QString problem() const { return m_problem; }
    /// True when a missing PostgreSQL must fail the test (QDRANT2PG_REQUIRE_PG=1).
    static bool isRequired();

    QString databaseName() const { return m_database; }
    /// URL of the database, with user and password.
    QString url() const { return m_url; }
    /// The same for core's Connection: conninfo without the password, which travels apart.
    TargetOptions options() const;

    /// Runs SQL on a connection of its own; an error fails the running test (QTest) and gives false or
    /// nothing.
    bool execute(const QByteArray& sql) const;
    /// Rows of texts; NULL is a null QString.
    std::vector<QStringList> rows(const QByteArray& sql) const;
    /// First column of the first row.
    QString scalar(const QByteArray& sql) const;

    /// Ends the other connections to this database, as an administrator would; only those with that
    /// application_name, if given. Returns how many there were.
    int killBackends(const QString& applicationName = {}) const;

private:
    void create(const QString& serverUrl, Extension extension);

    QString m_serverUrl;
    QString m_url;
    QString m_database;
    QString m_problem;
};

} // namespace qdrant2pg::test

/// First use of a TestPostgres in a test function or in initTestCase(): skips without a server, or fails
/// where one is required.
#define QDRANT2PG_REQUIRE_POSTGRES(database)                                                                 \
    do {                                                                                                     \
        if (!(database).isValid()) {                                                                         \
            const QByteArray problem = (database).problem().toUtf8();                                        \
            if (qdrant2pg::test::TestPostgres::isRequired()) {                                               \
                QFAIL(problem.constData());                                                                  \
            }                                                                                                \
            QSKIP(problem.constData());                                                                      \
        }                                                                                                    \
    } while (false)
