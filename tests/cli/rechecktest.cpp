// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/cli/clibench.h"
#include "tests/support/testpostgres.h"

#include <QtTest>

using namespace qdrant2pg::test;

/// verify --recheck: after a full comparison only what it named is compared again.
class CliRecheckTest : public QObject {
    Q_OBJECT

private slots:
    void comparesNamedPointsAgain();
};

void CliRecheckTest::comparesNamedPointsAgain()
{
    TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
    const StandIn source({QStringLiteral("--no-demo"), QStringLiteral("--generate"),
        QStringLiteral("shop:points=200,dim=8,ids=sequential")});
    QVERIFY(!source.url().isEmpty());
    CliBench bench;
    bench.setEnvironment(QStringLiteral("QDRANT_URL"), source.url());
    bench.setEnvironment(QStringLiteral("DATABASE_URL"), database.url());
    QDRANT2PG_EXIT(
        bench.run({QStringLiteral("migrate"), QStringLiteral("--collection"), QStringLiteral("shop")}), 0);
    const QStringList recheck{QStringLiteral("verify"), QStringLiteral("--recheck")};
    // Nothing was named yet.
    const ProcessResult early = bench.run(recheck);
    QDRANT2PG_EXIT(early, 2);
    QDRANT2PG_SAYS(early, "--level full");

    QVERIFY(database.execute("CREATE TABLE kept AS SELECT * FROM shop WHERE id IN (5, 6);"
                             "DELETE FROM shop WHERE id IN (5, 6)"));
    QDRANT2PG_EXIT(
        bench.run({QStringLiteral("verify"), QStringLiteral("--level"), QStringLiteral("full")}), 6);
    QVERIFY(database.execute("INSERT INTO shop SELECT * FROM kept WHERE id = 5"));
    const ProcessResult one = bench.run(recheck);
    QDRANT2PG_EXIT(one, 6);
    QVERIFY(one.standardOutput.contains("one still differs"));
    QVERIFY(database.execute("INSERT INTO shop SELECT * FROM kept WHERE id = 6"));
    const ProcessResult both = bench.run(recheck + QStringList{QStringLiteral("--json")});
    QDRANT2PG_EXIT(both, 0);
    // The report says so from now on.
    const ProcessResult report =
        bench.run({QStringLiteral("report"), QStringLiteral("--format"), QStringLiteral("json")});
    QDRANT2PG_EXIT(report, 0);
    QVERIFY(report.standardOutput.contains("it is identical now"));
    QDRANT2PG_EXIT(bench.run(recheck), 2);
}

QTEST_GUILESS_MAIN(CliRecheckTest)
#include "rechecktest.moc"
