// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/progresstext.h"

#include <QJsonArray>
#include <QtTest>

using namespace qdrant2pg;

/// The progress line and its JSON twin, from snapshots: nothing runs.
class ProgressTest : public QObject {
    Q_OBJECT

private slots:
    void line_data();
    void line();
    void everyStateHasWords();
    void json();
    void jsonSaysWhatIsNotKnown();
    void counting_data();
    void counting();
};

namespace {

RunProgress copying(qint64 stored, qint64 expected)
{
    RunProgress progress;
    progress.state = RunState::Copying;
    CollectionProgress collection;
    collection.collection = QStringLiteral("shop");
    collection.table = QStringLiteral("goods");
    collection.stored = stored;
    collection.expected = expected;
    progress.collections << collection;
    return progress;
}

} // namespace

void ProgressTest::line_data()
{
    QTest::addColumn<RunProgress>("progress");
    QTest::addColumn<QString>("expected");
    QTest::newRow("nothing is known yet") << copying(0, -1) << QStringLiteral("0");
    QTest::newRow("begun") << copying(0, 2'000) << QStringLiteral("  0 %  0 of 2,000");
    // 100 % is said when everything is in, not before.
    QTest::newRow("almost") << copying(99'999, 100'000) << QStringLiteral(" 99 %  99,999 of 100,000");
    QTest::newRow("all") << copying(2'000, 2'000) << QStringLiteral("100 %  2,000 of 2,000");
    QTest::newRow("more than was counted")
        << copying(2'100, 2'000) << QStringLiteral("100 %  2,100 of 2,000");

    RunProgress progress = copying(21'500, 50'000);
    progress.rowsPerSecond = 12'345.4;
    progress.bytesPerSecond = 48.2 * 1024 * 1024;
    progress.remaining = std::chrono::seconds(12);
    progress.bottleneck = Bottleneck::Qdrant;
    QTest::newRow("everything")
        << progress
        << QStringLiteral(
               " 43 %  21,500 of 50,000  12,345 points/s  48.2 MiB/s  ≈ 12 s left  limited by Qdrant");
    progress.bottleneck = Bottleneck::PostgreSql;
    progress.collections.first().rejected = 3;
    progress.remaining.reset();
    QTest::newRow("rejected, time not known")
        << progress
        << QStringLiteral(
               " 43 %  21,503 of 50,000  12,345 points/s  48.2 MiB/s  limited by PostgreSQL  3 rejected");
    progress = copying(100, 1'000);
    progress.collections.first().skipped = 400;
    QTest::newRow("skipped points are dealt with") << progress << QStringLiteral(" 50 %  500 of 1,000");
    progress = copying(100, 1'000);
    progress.collections << copying(300, 3'000).collections;
    QTest::newRow("two collections") << progress << QStringLiteral(" 10 %  400 of 4,000");
    progress = copying(100, 1'000);
    progress.state = RunState::Paused;
    progress.bottleneck = Bottleneck::ThisComputer;
    QTest::newRow("paused") << progress << QStringLiteral(" 10 %  100 of 1,000  paused");
    progress = copying(100, 1'000);
    progress.waiting = QStringLiteral("no answer from Qdrant, attempt 3 of 10");
    QTest::newRow("waiting") << progress
                             << QStringLiteral(" 10 %  100 of 1,000  no answer from Qdrant, attempt 3 of 10");

    progress = copying(1'000, 1'000);
    progress.state = RunState::BuildingIndexes;
    QTest::newRow("between two stages") << progress << QStringLiteral("Building indexes");
    StageProgress done;
    done.stage = QStringLiteral("primary-key");
    done.state = StageProgress::State::Done;
    StageProgress index;
    index.stage = QStringLiteral("index");
    index.name = QStringLiteral("hnsw on embedding");
    index.state = StageProgress::State::Running;
    index.fraction = 0.456;
    index.elapsed = std::chrono::seconds(75);
    progress.stages << done << index;
    QTest::newRow("index") << progress
                           << QStringLiteral("Building indexes  hnsw on embedding   45 %  1 min 15 s");
    progress.stages.last().fraction = -1;
    progress.stages.last().note = QStringLiteral("waiting for a lock");
    QTest::newRow("index without a share")
        << progress << QStringLiteral("Building indexes  hnsw on embedding  1 min 15 s  waiting for a lock");
}

void ProgressTest::line()
{
    QFETCH(RunProgress, progress);
    QFETCH(QString, expected);
    QCOMPARE(cli::progressLine(progress), expected);
}

void ProgressTest::everyStateHasWords()
{
    QStringList seen;
    for (int state = 0; state <= static_cast<int>(RunState::Failed); ++state) {
        const QString words = cli::stateText(static_cast<RunState>(state));
        QVERIFY(!words.isEmpty());
        QVERIFY2(!seen.contains(words), qPrintable(words));
        seen << words;
    }
}

void ProgressTest::json()
{
    RunProgress progress = copying(21'500, 50'000);
    progress.runId = QStringLiteral("r1");
    progress.rowsPerSecond = 12'345.4;
    progress.remaining = std::chrono::milliseconds(1'500);
    progress.bottleneck = Bottleneck::PostgreSql;
    progress.collections.first().skipped = 7;
    progress.lanes = 2;
    const QJsonObject object = cli::progressToJson(progress);
    QCOMPARE(object.value(QStringLiteral("event")).toString(), QStringLiteral("progress"));
    QCOMPARE(object.value(QStringLiteral("state")).toString(), QStringLiteral("copying"));
    QCOMPARE(object.value(QStringLiteral("runId")).toString(), QStringLiteral("r1"));
    QCOMPARE(object.value(QStringLiteral("rowsPerSecond")).toInteger(), 12'345);
    QCOMPARE(object.value(QStringLiteral("remainingMs")).toInteger(), 1'500);
    QCOMPARE(object.value(QStringLiteral("bottleneck")).toString(), QStringLiteral("limited by PostgreSQL"));
    const QJsonArray collections = object.value(QStringLiteral("collections")).toArray();
    QCOMPARE(collections.size(), 1);
    const QJsonObject shop = collections.first().toObject();
    QCOMPARE(shop.value(QStringLiteral("table")).toString(), QStringLiteral("goods"));
    QCOMPARE(shop.value(QStringLiteral("stored")).toInteger(), 21'500);
    QCOMPARE(shop.value(QStringLiteral("skipped")).toInteger(), 7);
    QVERIFY(!object.contains(QStringLiteral("stage")));
}

void ProgressTest::jsonSaysWhatIsNotKnown()
{
    RunProgress progress = copying(0, -1);
    progress.state = RunState::Verifying;
    StageProgress stage;
    stage.stage = QStringLiteral("verify");
    stage.state = StageProgress::State::Running;
    progress.stages << stage;
    const QJsonObject object = cli::progressToJson(progress);
    QVERIFY(object.value(QStringLiteral("remainingMs")).isNull());
    const QJsonObject shop = object.value(QStringLiteral("collections")).toArray().first().toObject();
    QVERIFY(shop.value(QStringLiteral("expected")).isNull());
    const QJsonObject running = object.value(QStringLiteral("stage")).toObject();
    QCOMPARE(running.value(QStringLiteral("stage")).toString(), QStringLiteral("verify"));
    QVERIFY(running.value(QStringLiteral("fraction")).isNull());
}

void ProgressTest::counting_data()
{
    QTest::addColumn<qint64>("done");
    QTest::addColumn<qint64>("total");
    QTest::addColumn<double>("perSecond");
    QTest::addColumn<QString>("expected");
    QTest::newRow("total not known") << qint64{5} << qint64{-1} << 0.0 << QStringLiteral("export  5");
    QTest::newRow("no speed yet") << qint64{500} << qint64{1'000} << 0.0
                                  << QStringLiteral("export   50 %  500 of 1,000");
    QTest::newRow("speed") << qint64{500} << qint64{1'000} << 50.0
                           << QStringLiteral(
                                  "export   50 %  500 of 1,000  50 points/s  1.0 MiB/s  ≈ 10 s left");
    QTest::newRow("done") << qint64{1'000} << qint64{1'000} << 50.0
                          << QStringLiteral("export  100 %  1,000 of 1,000  50 points/s  1.0 MiB/s");
}

void ProgressTest::counting()
{
    QFETCH(qint64, done);
    QFETCH(qint64, total);
    QFETCH(double, perSecond);
    QFETCH(QString, expected);
    QCOMPARE(cli::countLine(QStringLiteral("export"), done, total, perSecond, 1024 * 1024), expected);
}

QTEST_GUILESS_MAIN(ProgressTest)
#include "progresstest.moc"
