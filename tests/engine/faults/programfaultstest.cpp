// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/faults/programcase.h"
#include "tests/engine/faults/readonlyfolder.h"

#include <QTest>

using namespace qdrant2pg::test;

/// Faults of this computer, met by the program itself: killed processes, folders, disks, clocks, damaged
/// files; what the same command does afterwards, and the rows at the end. The second table of docs/faults.md.
class ProgramFaultsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void fault_data();
    void fault();

private:
    const QList<ProgramCase> m_cases = fileFaults() + stagedFaults();
};

void ProgramFaultsTest::initTestCase()
{
    if (builtProgram(QStringLiteral("qdrant2pg")).isEmpty())
        QSKIP("the program qdrant2pg is not built");
    qInfo("read-only folders %s", qPrintable(ReadOnlyFolder::means()));
    qInfo("full disks %s",
        SmallDisk::available() ? "by a small tmpfs" : "by an injected error, a limit on the size of files");
}

void ProgramFaultsTest::fault_data()
{
    QTest::addColumn<int>("number");
    for (int i = 0; i < m_cases.size(); ++i)
        QTest::newRow(qPrintable(m_cases[i].stage + QStringLiteral(": ") + m_cases[i].fault)) << i;
}

void ProgramFaultsTest::fault()
{
    QFETCH(int, number);
    const ProgramCase& fault = m_cases[number];
    ProgramRun run;
    QDRANT2PG_REQUIRE_POSTGRES(run.bench.database);
    run.begin();
    fault.prepare(run);
    ProcessResult result;
    {
        TestProcess process(run.request(fault.command));
        run.started(process.processId());
        if (fault.strike)
            fault.strike(run, process);
        result = process.waitForEnd();
    }
    QByteArray said = result.description();
    QVERIFY2(result.exited == (fault.exitCode >= 0) && !result.timedOut, said.constData());
    if (result.exited)
        QVERIFY2(result.exitCode == fault.exitCode, said.constData());
    QVERIFY2(said.contains(fault.says.toUtf8()), said.constData());
    run.disarm();
    if (fault.repair)
        fault.repair(run);
    said.clear();
    for (const QStringList& step : fault.then) {
        const ProcessResult next = run.run(step);
        QVERIFY2(next.ok(), next.description().constData());
        said += next.description();
    }
    QVERIFY2(said.contains(fault.thenSays.toUtf8()), said.constData());
    if (fault.exact)
        QCOMPARE(run.bench.difference(QStringLiteral("things"), QStringLiteral("things")), QString());
    if (fault.check)
        QCOMPARE(fault.check(run), QString());
}

QTEST_GUILESS_MAIN(ProgramFaultsTest)
#include "programfaultstest.moc"
