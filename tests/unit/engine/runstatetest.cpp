// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/runstate.h"

#include <QSet>
#include <QTest>

using namespace qdrant2pg;

class RunStateTest : public QObject {
    Q_OBJECT
private slots:
    void wholeTable();
    void namesAreUnique();
    void everyStateIsReachedAndEnds();
};

void RunStateTest::wholeTable()
{
    using enum RunState;
    // The table as a person reads it; whatever is not here is forbidden.
    const QMap<RunState, QList<RunState>> allowed{
        {Idle, {Preflight}},
        {Preflight, {CreatingSchema, Copying, Cancelling, Failed}},
        {CreatingSchema, {Copying, Cancelling, Failed}},
        {Copying, {Pausing, BuildingIndexes, Cancelling, Failed}},
        {Pausing, {Paused, Copying, BuildingIndexes, Cancelling, Failed}},
        {Paused, {Copying, BuildingIndexes, Cancelling, Failed}},
        {BuildingIndexes, {Pausing, Verifying, Finishing, Cancelling, Failed}},
        {Verifying, {Finishing, Cancelling, Failed}},
        {Finishing, {Completed, CompletedWithRejects, Cancelling, Failed}},
        {Cancelling, {Cancelled, Failed}},
        {Completed, {}},
        {CompletedWithRejects, {}},
        {Cancelled, {}},
        {Failed, {}},
    };
    QCOMPARE(allowed.size(), allRunStates().size());
    for (const RunState from : allRunStates()) {
        for (const RunState to : allRunStates()) {
            QVERIFY2(mayFollow(from, to) == allowed.value(from).contains(to),
                qPrintable(runStateName(from) + QStringLiteral(" -> ") + runStateName(to)));
        }
        QCOMPARE(isTerminal(from), from != Idle && allowed.value(from).isEmpty());
    }
}

void RunStateTest::namesAreUnique()
{
    QSet<QString> names;
    for (const RunState state : allRunStates())
        names << runStateName(state);
    QCOMPARE(names.size(), allRunStates().size());
    QVERIFY(!names.contains(QString()));
}

void RunStateTest::everyStateIsReachedAndEnds()
{
    QSet<int> reached{static_cast<int>(RunState::Idle)};
    for (bool grown = true; grown;) {
        grown = false;
        for (const RunState from : allRunStates()) {
            for (const RunState to : allRunStates()) {
                if (reached.contains(static_cast<int>(from)) && mayFollow(from, to)
                    && !reached.contains(static_cast<int>(to))) {
                    reached << static_cast<int>(to);
                    grown = true;
                }
            }
        }
    }
    QCOMPARE(reached.size(), allRunStates().size());
}

QTEST_GUILESS_MAIN(RunStateTest)
#include "runstatetest.moc"
