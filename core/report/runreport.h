// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"
#include "core/compare/searchcomparison.h"

#include <QByteArray>
#include <QDateTime>
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
    bool operator==(const ReportNumber&) const = default;
};

struct ReportMismatch {
    /// missing, extra, content, changed-in-source.
    QString type;
    QString pointId;
    QString column;
    QString sourceValue;
    QString targetValue;
    bool operator==(const ReportMismatch&) const = default;
};

struct ReportVerification {
    /// none, counts, digest, full.
    QString level = QStringLiteral("none");
    /// identical, different, not-run, failed.
    QString result = QStringLiteral("not-run");
    /// In words, with what this level does not prove.
    QString sentence;
    qint64 comparedRows = 0;
    QString sourceDigest;
    QString targetDigest;
    QString algorithm;
    QList<ReportMismatch> mismatches;
    qint64 mismatchCount = 0;
    /// File with all mismatches; empty when none was written.
    QString mismatchFile;
    /// Rules by which legitimately different values were compared.
    QStringList rules;
    bool operator==(const ReportVerification&) const = default;

    /// The rows themselves were compared, not only counted.
    bool comparesRows() const { return level == QLatin1String("digest") || level == QLatin1String("full"); }
};

struct ReportCollection {
    QString name;
    QString schema;
    QString table;
    QString preset;
    /// create, append, merge, replace.
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
    bool operator==(const ReportCollection&) const = default;

    /// source = stored + rejected + skipped, and the target holds what it should.
    bool reconciles() const;
    /// Empty when it reconciles, else the difference in words.
    QString differenceText() const;
    /// "350 = 348 stored + 2 rejected + 0 skipped", with a question mark for a number that is not known.
    QString equation() const;
};

struct ReportStage {
    QString collection;
    QString stage;
    QString name;
    std::chrono::milliseconds elapsed{};
    /// waiting, running, done, failed, skipped.
    QString state;
    QString note;
    bool operator==(const ReportStage&) const = default;
};

struct ReportRejectGroup {
    QString collection;
    QString column;
    QString sqlState;
    QString reason;
    qint64 count = 0;
    QStringList exampleIds;
    bool operator==(const ReportRejectGroup&) const = default;
};

/// What the pre-flight check said.
struct ReportFinding {
    /// blocker, warning, info.
    QString severity;
    QString code;
    QString collection;
    QString text;
    QString hint;
    bool operator==(const ReportFinding&) const = default;
};

struct ReportSample {
    std::chrono::milliseconds at{};
    double rowsPerSecond = 0;
    double bytesPerSecond = 0;
    /// "retry", "pause" or empty.
    QString mark;
    bool operator==(const ReportSample&) const = default;
};

/// Sums over all collections; a number that one collection does not know is absent.
struct ReportTotals {
    std::optional<qint64> source;
    qint64 read = 0;
    qint64 stored = 0;
    qint64 rejected = 0;
    qint64 skipped = 0;
    qint64 sourceBytes = 0;
};

/// How good a report's news are: the icon and the colour of its headline.
enum class ReportMood { Good, Attention, Bad, Stopped };

/// Microseconds of processor time a point.
struct ReportCpu {
    double decode = 0;
    double encode = 0;
    double copy = 0;
    double rest = 0;
    double total() const { return decode + encode + copy + rest; }
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
    std::chrono::milliseconds dataTime{};
    std::chrono::milliseconds indexTime{};
    std::chrono::milliseconds verifyTime{};
    /// Processor time of the program while it copied; nothing when it is not known.
    std::optional<ReportCpu> copyCpu;
    QString sourceUrl;
    QString sourceVersion;
    bool sourceIsStandIn = false;
    QString transport;
    QString target;
    QString ledgerSchema;
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
    /// Searches compared after the run; empty when none were.
    QList<SearchComparison> searches;
    QList<ReportFinding> findings;
    QList<ReportSample> throughput;
    QStringList warnings;
    /// Commands of the whole run worth copying: psql, resume, replay.
    QStringList nextSteps;
    /// Statements that undo the run.
    QStringList rollback;
    std::optional<Error> error;

    /// The one sentence (or two) that the report opens with.
    QString verdict() const;
    ReportMood mood() const;
    /// Everything reconciles and verification (as far as asked for) found no difference.
    bool isGood() const;
    /// Verification or a comparison of exact searches ran and found a difference.
    bool isDifferent() const;
    ReportTotals totals() const;
    std::chrono::milliseconds duration() const;
    /// Mean over the data time; 0 when it was too short to say.
    double rowsPerSecond() const;
};

} // namespace qdrant2pg
