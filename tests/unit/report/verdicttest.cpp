// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/unit/report/samplereport.h"

#include <QtTest>

#include <functional>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The sentence that a report opens with, for every way in which a run can end.
class VerdictTest : public QObject {
    Q_OBJECT

private slots:
    void sentence_data();
    void sentence();
    void reconciliation_data();
    void reconciliation();
    void neverGoodWhileSomethingIsMissing();
};

using Change = std::function<void(RunReport&)>;
Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(qdrant2pg::ReportMood)

void VerdictTest::sentence_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<ReportMood>("mood");
    QTest::addColumn<bool>("good");
    const auto row = [](const char* name, Change change, const char* verdict, ReportMood mood, bool good) {
        QTest::newRow(name) << change << QString::fromLatin1(verdict) << mood << good;
    };
    row(
        "identical", [](RunReport&) {},
        "350 of 350 points are in PostgreSQL and every row was compared: identical.", ReportMood::Good, true);
    row(
        "one point", [](RunReport& r) { r.collections = {sampleCollection(QStringLiteral("one"), 1, 1)}; },
        "1 of 1 point is in PostgreSQL and every row was compared: identical.", ReportMood::Good, true);
    row(
        "several collections",
        [](RunReport& r) { r.collections << sampleCollection(QStringLiteral("b"), 1000, 1000); },
        "1,350 of 1,350 points are in PostgreSQL and every row was compared: identical.", ReportMood::Good,
        true);
    row(
        "rejects",
        [](RunReport& r) {
            r.state = QStringLiteral("completed-with-rejects");
            r.collections = {sampleCollection(QStringLiteral("a"), 350, 348, 2)};
        },
        "348 of 350 points are in PostgreSQL, 2 were rejected, and every stored row was compared: identical.",
        ReportMood::Attention, true);
    row(
        "skipped",
        [](RunReport& r) {
            r.collections = {sampleCollection(QStringLiteral("a"), 350, 340, 0, 10)};
            r.collections.first().mode = QStringLiteral("merge");
        },
        "350 of 350 points are in PostgreSQL and every row was compared: identical. 10 rows were there "
        "already and were left "
        "alone.",
        ReportMood::Good, true);
    row(
        "counts only",
        [](RunReport& r) { r.collections.first().verification.level = QStringLiteral("counts"); },
        "350 of 350 points are in PostgreSQL and the counts agree. The rows themselves were not compared "
        "(level counts).",
        ReportMood::Good, true);
    row(
        "no verification", [](RunReport& r) { r.collections.first().verification = {}; },
        "350 of 350 points are in PostgreSQL. The rows were not compared: no verification ran.",
        ReportMood::Good, true);
    row(
        "verification did not run",
        [](RunReport& r) { r.collections.first().verification.result = QStringLiteral("not-run"); },
        "350 of 350 points are in PostgreSQL. The rows were not compared: no verification ran.",
        ReportMood::Attention, false);
    row(
        "verification failed",
        [](RunReport& r) { r.collections.first().verification.result = QStringLiteral("failed"); },
        "350 of 350 points are in PostgreSQL. The verification could not be finished, so nothing is proved "
        "yet.",
        ReportMood::Attention, false);
    row(
        "different",
        [](RunReport& r) {
            r.collections.first().verification.result = QStringLiteral("different");
            r.collections.first().verification.mismatchCount = 3;
        },
        "PostgreSQL does not hold what Qdrant returned: 3 rows differ in game_collection.", ReportMood::Bad,
        false);
    row(
        "empty", [](RunReport& r) { r.collections = {sampleCollection(QStringLiteral("e"), 0, 0)}; },
        "The collection is empty: its table was made, with no rows.", ReportMood::Good, true);
    row(
        "missing", [](RunReport& r) { r.collections = {sampleCollection(QStringLiteral("a"), 350, 349)}; },
        "The numbers of a do not add up: 1 point counted in the source is neither stored nor rejected.",
        ReportMood::Attention, false);
    row(
        "cancelled",
        [](RunReport& r) {
            r.state = QStringLiteral("cancelled");
            r.collections = {sampleCollection(QStringLiteral("a"), 350, 120)};
        },
        "Stopped at 120 of 350 points. What is stored stays, and `qdrant2pg resume 20260102-030405-beef` "
        "continues from there.",
        ReportMood::Stopped, false);
    row(
        "failed",
        [](RunReport& r) {
            r.state = QStringLiteral("failed");
            r.error = makeError(ErrorKind::Capacity, QStringLiteral("The disk of the database is full."));
            r.collections = {sampleCollection(QStringLiteral("a"), 350, 120)};
        },
        "Failed at 120 of 350 points. The disk of the database is full. What is stored stays, and `qdrant2pg "
        "resume "
        "20260102-030405-beef` continues from there.",
        ReportMood::Bad, false);
    row(
        "not started",
        [](RunReport& r) {
            r.state = QStringLiteral("failed");
            r.runId.clear();
            r.error = makeError(ErrorKind::Network, QStringLiteral("Qdrant does not answer."));
            r.collections.clear();
        },
        "Nothing was moved. Qdrant does not answer.", ReportMood::Bad, false);
}

void VerdictTest::sentence()
{
    QFETCH(Change, change);
    QFETCH(QString, verdict);
    QFETCH(ReportMood, mood);
    QFETCH(bool, good);
    RunReport report = sampleReport();
    change(report);
    QCOMPARE(report.verdict(), verdict);
    QCOMPARE(report.mood(), mood);
    QCOMPARE(report.isGood(), good);
}

void VerdictTest::reconciliation_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<qint64>("source");
    QTest::addColumn<qint64>("stored");
    QTest::addColumn<qint64>("rejected");
    QTest::addColumn<qint64>("targetNow");
    QTest::addColumn<QString>("difference");
    const QString create = QStringLiteral("create");
    const QString append = QStringLiteral("append");
    QTest::newRow("adds up") << create << qint64(10) << qint64(9) << qint64(1) << qint64(9) << QString();
    QTest::newRow("one lost") << create << qint64(10) << qint64(9) << qint64(0) << qint64(9)
                              << QStringLiteral(
                                     "1 point counted in the source is neither stored nor rejected.");
    QTest::newRow("two more")
        << create << qint64(10) << qint64(12) << qint64(0) << qint64(12)
        << QStringLiteral(
               "2 points more arrived than were counted in the source; it was written to meanwhile.");
    QTest::newRow("table short") << create << qint64(10) << qint64(10) << qint64(0) << qint64(7)
                                 << QStringLiteral("The table holds 3 rows fewer than were stored.");
    QTest::newRow("table long") << create << qint64(10) << qint64(10) << qint64(0) << qint64(11)
                                << QStringLiteral("The table holds 1 row more than were stored.");
    QTest::newRow("shared table may be long")
        << append << qint64(10) << qint64(10) << qint64(0) << qint64(999) << QString();
    QTest::newRow("shared table short") << append << qint64(10) << qint64(10) << qint64(0) << qint64(9)
                                        << QStringLiteral("The table holds 1 row fewer than were stored.");
}

void VerdictTest::reconciliation()
{
    QFETCH(QString, mode);
    QFETCH(qint64, source);
    QFETCH(qint64, stored);
    QFETCH(qint64, rejected);
    QFETCH(qint64, targetNow);
    QFETCH(QString, difference);
    ReportCollection collection = sampleCollection(QStringLiteral("c"), source, stored, rejected);
    collection.mode = mode;
    collection.targetNow.value = targetNow;
    QCOMPARE(collection.differenceText(), difference);
    QCOMPARE(collection.reconciles(), difference.isEmpty());
}

void VerdictTest::neverGoodWhileSomethingIsMissing()
{
    RunReport report = sampleReport();
    report.collections.first().source.value.reset();
    QVERIFY(!report.isGood());
    QCOMPARE(report.mood(), ReportMood::Attention);
    report = sampleReport();
    report.collections.first().targetNow.value = 349;
    QVERIFY(!report.isGood());
    QVERIFY(!report.verdict().contains(QStringLiteral("identical")));
}

QTEST_GUILESS_MAIN(VerdictTest)
#include "verdicttest.moc"
