// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/testprocess.h"
#include "tests/support/recordings.h"

#include <csignal>

#include <QTest>

using namespace Qt::StringLiterals;
using namespace qdrant2pg::test;

/// Running programs and reading recordings: what the tests of the programs rely on.
class TestProcessTest : public QObject {
    Q_OBJECT
private slots:
    void capturesBothChannelsAndTheExitCode()
    {
        const ProcessResult result = runProcess({.program = u"sh"_s,
            .arguments = {u"-c"_s, u"cat; echo $GIVEN >&2; exit 3"_s},
            .environment = {u"GIVEN=x y"_s},
            .standardInput = "in"});
        QVERIFY(result.exited);
        QCOMPARE(result.exitCode, 3);
        QCOMPARE(result.standardOutput, "in");
        QCOMPARE(result.standardError, "x y\n");
    }

    void doesNotInheritOtherServers()
    {
        qputenv("QDRANT_URL", "http://elsewhere");
        qputenv("PGHOST", "elsewhere");
        const ProcessResult result = runProcess({.program = u"env"_s});
        qunsetenv("QDRANT_URL");
        qunsetenv("PGHOST");
        QVERIFY(result.ok());
        QVERIFY(!result.standardOutput.contains("elsewhere"));
    }

    void endsAtTheTimeLimit()
    {
        const ProcessResult result = runProcess(
            {.program = u"sleep"_s, .arguments = {u"100"_s}, .timeout = std::chrono::milliseconds(50)});
        QVERIFY(result.timedOut);
        QVERIFY(!result.exited);
    }

    void reportsAProgramThatIsNotThere()
    {
        const ProcessResult result = runProcess({.program = u"/nowhere/program"_s});
        QVERIFY(!result.exited);
        QVERIFY(!result.standardError.isEmpty());
    }

    void waitsForOutputAndSignals()
    {
        TestProcess process({.program = u"sh"_s,
            .arguments = {u"-c"_s, u"trap 'exit 9' TERM; echo ready >&2; while :; do sleep 0.05; done"_s}});
        QVERIFY(process.waitForOutput("ready"));
        QVERIFY(process.sendSignal(SIGTERM));
        const ProcessResult result = process.waitForEnd();
        QVERIFY2(result.exited, result.description().constData());
        QCOMPARE(result.exitCode, 9);
    }

    void largeOutputIsComplete()
    {
        const ProcessResult result =
            runProcess({.program = u"sh"_s, .arguments = {u"-c"_s, u"seq 1 300000"_s}});
        QVERIFY(result.ok());
        QCOMPARE(result.standardOutput.count('\n'), 300000);
        QVERIFY(result.standardOutput.endsWith("\n300000\n"));
    }

    void recordingsAreRead()
    {
        QDRANT2PG_REQUIRE_RECORDINGS();
        QVERIFY(Recordings::folders().contains(u"game_collection"_s));
        const QStringList names = Recordings::exchanges(u"game_collection"_s);
        QVERIFY(names.size() > 3);
        const std::optional<Exchange> count = Recordings::exchange(u"game_collection/002-count-exact"_s);
        QVERIFY(count.has_value());
        QCOMPARE(count->method, "POST");
        QCOMPARE(count->path, "/collections/game_collection/points/count");
        QCOMPARE(QByteArray(count->requestBody).replace('\n', "").replace(' ', ""), "{\"exact\":true}");
        QCOMPARE(count->status, 200);
        QVERIFY(count->body.startsWith("{\"result\":{\"count\":"));
        QVERIFY(!Recordings::expectedPoints(u"game_collection"_s).empty());
    }
};

QTEST_GUILESS_MAIN(TestProcessTest)
#include "testprocesstest.moc"
