// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/runreport.h"

namespace qdrant2pg::test {

/// A collection of `source` points of which `stored` arrived, compared at level digest.
inline ReportCollection sampleCollection(
    const QString& name, qint64 source, qint64 stored, qint64 rejected = 0, qint64 skipped = 0)
{
    ReportCollection collection;
    collection.name = name;
    collection.schema = QStringLiteral("public");
    collection.table = name;
    collection.preset = QStringLiteral("generic");
    collection.mode = QStringLiteral("create");
    collection.source = {source, QStringLiteral("exact count")};
    collection.read = {source, QStringLiteral("counted while reading")};
    collection.stored = {stored, QStringLiteral("ledger")};
    collection.rejected = {rejected, QStringLiteral("reject table")};
    collection.skipped = {skipped, QStringLiteral("ids that were there")};
    collection.targetNow = {stored + skipped, QStringLiteral("SELECT count(*)")};
    collection.verification.level = QStringLiteral("digest");
    collection.verification.result = QStringLiteral("identical");
    collection.verification.comparedRows = stored;
    collection.verification.algorithm = QStringLiteral("xxh3-128/1");
    collection.verification.sourceDigest = QStringLiteral("00ff");
    collection.verification.targetDigest = QStringLiteral("00ff");
    return collection;
}

inline RunReport sampleReport()
{
    RunReport report;
    report.runId = QStringLiteral("20260102-030405-beef");
    report.state = QStringLiteral("completed");
    report.startedAt = QDateTime(QDate(2026, 1, 2), QTime(3, 4, 5), Qt::UTC);
    report.finishedAt = report.startedAt.addMSecs(12'500);
    report.dataTime = std::chrono::milliseconds(7'000);
    report.indexTime = std::chrono::milliseconds(4'000);
    report.verifyTime = std::chrono::milliseconds(1'000);
    report.sourceUrl = QStringLiteral("http://localhost:6333");
    report.sourceVersion = QStringLiteral("1.18.3");
    report.transport = QStringLiteral("REST");
    report.target = QStringLiteral("host=db dbname=app user=app");
    report.serverVersion = QStringLiteral("16.14");
    report.vectorVersion = QStringLiteral("0.8.5");
    report.toolVersion = QStringLiteral("0.1.0");
    report.planHash = QString(64, QLatin1Char('a'));
    report.planJson = "{\n    \"version\": 1\n}\n"; // as plans are written
    report.lanes = 2;
    report.collections = {sampleCollection(QStringLiteral("game_collection"), 350, 350)};
    return report;
}

} // namespace qdrant2pg::test
