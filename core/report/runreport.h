// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"

#include <QByteArray>
#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace qdrant2pg {

/// A number with how and when it was obtained.
struct ReportNumber {
    std::optional<qint64> value;
    QString origin;
};

struct ReportMismatch {
    /// missing, extra, content, changed-in-source.
    QString type;
    QString pointId;
    QString column;
    QString sourceValue;
    QString targetValue;
};

struct ReportVerification {
    /// none, counts, digest, full.
    QString level;
    /// identical, different, not-run, failed.
    QString result;
    QString sentence;
    qint64 comparedRows = 0;
    QString sourceDigest;
    QString targetDigest;
    QString algorithm;
    QList<ReportMismatch> mismatches;
    qint64 mismatchCount = 0;
    /// Rules by which legitimately different values were compared.
    QStringList rules;
};

struct ReportCollection {
    QString name;
    QString table;
    QString mode;
    ReportNumber source;
    ReportNumber read;
    ReportNumber stored;
    ReportNumber rejected;
    ReportNumber skipped;
    ReportNumber targetNow;
    ReportVerification verification;
    qint64 sourceBytes = 0;
    /// Statements worth copying: example queries, hnsw.ef_search.
    QStringList nextSteps;
    QStringList notes;

    /// source = stored + rejected + skipped, and the target holds what it should.
    bool reconciles() const;
    /// Empty when it reconciles, else the difference in words.
    QString differenceText() const;
};

struct ReportStage {
    QString collection;
    QString stage;
    QString name;
    std::chrono::milliseconds elapsed {};
    QString state;
    QString note;
};

struct ReportRejectGroup {
    QString collection;
    QString column;
    QString sqlState;
    QString reason;
    qint64 count = 0;
    QStringList exampleIds;
};

struct ReportSample {
    std::chrono::milliseconds at {};
    double rowsPerSecond = 0;
    double bytesPerSecond = 0;
    /// "retry", "pause" or empty.
    QString mark;
};

/// Everything a report says, as one value; writers only render it. Holds no secret.
struct RunReport {
    static constexpr int currentVersion = 1;
    QString runId;
    /// Word of the terminal RunState.
    QString state;
    QString reason;
    QDateTime startedAt;
    QDateTime finishedAt;
    std::chrono::milliseconds dataTime {};
    std::chrono::milliseconds indexTime {};
    std::chrono::milliseconds verifyTime {};
    QString sourceUrl;
    QString sourceVersion;
    bool sourceIsStandIn = false;
    QString transport;
    QString target;
    QString serverVersion;
    QString vectorVersion;
    QString toolVersion;
    QString planHash;
    QByteArray planJson;
    int lanes = 0;
    int sessions = 1;
    int retries = 0;
    QList<ReportCollection> collections;
    QList<ReportStage> stages;
    QList<ReportRejectGroup> rejects;
    QList<ReportSample> throughput;
    QStringList warnings;
    QStringList rollback;
    std::optional<Error> error;

    /// The one sentence that the report opens with.
    QString verdict() const;
    /// Everything reconciles and verification (as far as asked for) found no difference.
    bool isGood() const;
};

} // namespace qdrant2pg
