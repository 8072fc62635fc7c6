// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/faults/faultmatrix.h"

#include "app/cli/enginerun.h"
#include "app/cli/exitcodes.h"
#include "core/report/reportbuilder.h"
#include "tests/engine/faults/programcase.h"
#include "tests/engine/faults/smalldisk.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;

namespace qdrant2pg::test {

namespace {

QString rowsText(const FaultCase& fault)
{
    switch (fault.rows) {
    case FaultCase::Rows::Exact:
        return u"all, once, bit for bit"_s;
    case FaultCase::Rows::Once:
        return u"each once"_s;
    case FaultCase::Rows::Untouched:
        return u"nothing was written"_s;
    case FaultCase::Rows::Kept:
        return u"left as they are"_s;
    }
    return {};
}

QString resumeText(const FaultCase& fault)
{
    switch (fault.resume) {
    case FaultCase::Resume::NotNeeded:
        return u"not needed"_s;
    case FaultCase::Resume::Completes:
        return fault.resumeSays.isEmpty() ? u"completes"_s : u"completes: \"%1\""_s.arg(fault.resumeSays);
    case FaultCase::Resume::Refused:
        return u"refused: \"%1\""_s.arg(fault.resumeSays);
    case FaultCase::Resume::NoRun:
        return u"nothing to resume"_s;
    }
    return {};
}

/// What the table holds, in one text.
QString contents(const TestPostgres& database)
{
    if (database.scalar("SELECT to_regclass('things') IS NULL") == u"t"_s)
        return u"no table"_s;
    return database.scalar(
        "SELECT count(*) || ' ' || md5(string_agg(t::text, ';' ORDER BY t::text)) FROM things t");
}

int exitCodeOf(const RunOutcome& outcome)
{
    return static_cast<int>(cli::exitCodeFor(buildReport(outcome)));
}

} // namespace

FaultMatrix::FaultMatrix(const QList<FaultCase>& rows)
    : m_cases(rows)
{
}

FaultMatrix::~FaultMatrix() = default;

void FaultMatrix::initTestCase()
{
    qInfo("disk full: %s",
        SmallDisk::available() ? "on a small tmpfs and by an injected error"
                               : "by an injected error alone, no tmpfs may be mounted here");
}

void FaultMatrix::fault_data()
{
    QTest::addColumn<int>("number");
    for (int i = 0; i < m_cases.size(); ++i)
        QTest::newRow(qPrintable(m_cases[i].place + u": "_s + m_cases[i].fault + u", "_s + m_cases[i].stage))
            << i;
}

QString FaultMatrix::words(const FaultRun& run, const RunOutcome& outcome)
{
    QStringList all = run.bench->messages + outcome.warnings;
    if (outcome.error)
        all << outcome.error->toText();
    for (const CollectionOutcome& collection : outcome.collections)
        all << collection.notes;
    return all.join(u'\n');
}

void FaultMatrix::checkRows(FaultRun& run, const FaultCase& fault)
{
    const TestPostgres& database = run.database();
    if (fault.rows == FaultCase::Rows::Untouched)
        QCOMPARE(database.scalar("SELECT to_regclass('things') IS NULL"), u"t"_s);
    if (fault.rows != FaultCase::Rows::Exact && fault.rows != FaultCase::Rows::Once)
        return;
    if (fault.rows == FaultCase::Rows::Exact) {
        QCOMPARE(run.bench->difference(u"things"_s, u"things"_s), QString());
    }
    QCOMPARE(database.scalar("SELECT count(*) - count(DISTINCT id) FROM things"), u"0"_s);
    QCOMPARE(
        database.scalar("SELECT sum(rows) - (SELECT count(*) FROM things) FROM qdrant2pg.range"), u"0"_s);
    QCOMPARE(database.scalar("SELECT count(*) FROM qdrant2pg.range WHERE state <> 'done'"), u"0"_s);
    QCOMPARE(database.scalar("SELECT count(*) FROM qdrant2pg.reject"), u"0"_s);
}

void FaultMatrix::fault()
{
    QFETCH(int, number);
    const FaultCase& fault = m_cases[number];
    if (fault.ownServer && !m_server) {
        QString why;
        m_server = PostgresServer::start({}, &why);
        if (!m_server && TestPostgres::isRequired())
            QFAIL(qPrintable(why));
        if (!m_server)
            QSKIP(qPrintable(why));
    }
    FaultRun run(fault.ownServer ? m_server.get() : nullptr);
    QDRANT2PG_REQUIRE_POSTGRES(run.database());
    run.begin();
    fault.prepare(run);
    const auto progressed = [&](MigrationEngine& engine, const RunProgress& progress) {
        if (fault.progressed)
            fault.progressed(run, engine, progress);
    };
    QString before = contents(run.database());
    RunOutcome outcome = run.bench->run(run.request, progressed);
    QString said = words(run, outcome);
    QVERIFY2(outcome.state == fault.state, qPrintable(runStateName(outcome.state) + u": "_s + said));
    QCOMPARE(exitCodeOf(outcome), fault.exitCode);
    QVERIFY2(said.contains(fault.says), qPrintable(said));
    QCOMPARE(outcome.runId.isEmpty(), fault.resume == FaultCase::Resume::NoRun);
    if (fault.repair)
        fault.repair(run);
    if (fault.resume == FaultCase::Resume::Refused)
        before = contents(run.database());
    if (fault.resume == FaultCase::Resume::Completes || fault.resume == FaultCase::Resume::Refused) {
        const bool completes = fault.resume == FaultCase::Resume::Completes;
        outcome = run.bench->resume(outcome.runId, run.request);
        said = words(run, outcome);
        QVERIFY2(outcome.state == (completes ? RunState::Completed : RunState::Failed), qPrintable(said));
        QVERIFY2(said.contains(fault.resumeSays), qPrintable(said));
        if (completes)
            QCOMPARE(exitCodeOf(outcome), 0);
    }
    if (fault.rows == FaultCase::Rows::Kept)
        QCOMPARE(contents(run.database()), before);
    checkRows(run, fault);
    if (fault.check)
        QCOMPARE(fault.check(run), QString());
}

void FaultMatrix::documentation()
{
    QString text = QStringLiteral(
        "# Faults and what becomes of a run\n\n"
        "Made by the tests `engine_faults_source`, `engine_faults_target` and `engine_faults_program` from "
        "their own\n"
        "tables; change those, not this file (`QDRANT2PG_UPDATE_DOCS=1 engine_faults_source documentation`). "
        "Each row is\n"
        "run against the stand-in Qdrant and a real PostgreSQL. \"Says\" is a part of what the user reads. "
        "Rows are compared\n"
        "bit for bit at the end. What stands behind it: [reliability.md](reliability.md).\n\n"
        "## Faults of the servers and of the run\n\n"
        "| where | fault | stage | ends as | exit code | says | resume | rows afterwards |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n");
    const QList<FaultCase> all = sourceFaults() + targetFaults() + indexFaults() + localFaults();
    for (const FaultCase& fault : all) {
        // Whether it runs depends on the rights of whoever runs the test; the injected one always does.
        if (fault.fault.contains(u"tmpfs"_s))
            continue;
        text += u"| %1 | %2 | %3 | %4 | %5 | %6 | %7 | %8 |\n"_s.arg(fault.place, fault.fault, fault.stage,
            runStateName(fault.state), QString::number(fault.exitCode),
            fault.says.isEmpty() ? QString() : u"\"%1\""_s.arg(fault.says), resumeText(fault),
            rowsText(fault));
    }
    text += QStringLiteral(
        "\n## Faults of this computer, and the staged flow\n\n"
        "Met by the program itself. \"Afterwards\" are the commands that are run then, the interrupted one "
        "first, and a\n"
        "part of what they say.\n\n"
        "| fault | stage | exit code | says | afterwards | rows at the end |\n"
        "| --- | --- | --- | --- | --- | --- |\n");
    for (const ProgramCase& fault : fileFaults() + stagedFaults())
        text += stagedRow(fault);
    QFile file(QStringLiteral(QDRANT2PG_SOURCE_DIR "/docs/faults.md"));
    if (qEnvironmentVariableIntValue("QDRANT2PG_UPDATE_DOCS") != 0) {
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text.toUtf8());
        return;
    }
    QVERIFY2(file.open(QIODevice::ReadOnly), "docs/faults.md is missing");
    QCOMPARE(QString::fromUtf8(file.readAll()), text);
}

void FaultMatrix::cleanupTestCase()
{
    m_server.reset();
}

} // namespace qdrant2pg::test
