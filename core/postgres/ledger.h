// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/postgres/connection.h"
#include "core/postgres/rowdigest.h"

#include <QDateTime>
#include <QList>

#include <optional>

namespace qdrant2pg {

/// A run as the ledger knows it.
struct LedgerRun {
    QString id;
    QByteArray planJson;
    QString planHash;
    /// What was found at the start: versions, counts, config fingerprints per collection, as JSON.
    QByteArray factsJson;
    QString toolVersion;
    /// Word of RunState: copying, cancelled, failed, completed ...
    QString state;
    QString reason;
    QDateTime startedAt;
    QDateTime updatedAt;
    QDateTime finishedAt;
    QByteArray reportJson;
    qint64 rows = 0;
    qint64 rejected = 0;
    qint64 expected = 0;
};

/// A half-open interval of point ids with fixed boundaries. Ids as text ("17", a UUID); empty = open end.
struct LedgerRange {
    QString collection;
    int number = 0;
    /// JSON token; empty without custom sharding.
    QString shardKey;
    QString lower;
    QString upper;
    /// Last committed id; empty when nothing is.
    QString cursor;
    qint64 rows = 0;
    qint64 rejected = 0;
    qint64 skipped = 0;
    qint64 bytes = 0;
    DigestSum digest;
    /// open, done.
    QString state;
    QString owner;
    qint64 expected = -1;
};

/// A point that could not be stored, in words (design.md section 4).
struct RejectRow {
    QString collection;
    QString pointId;
    QString shardKey;
    /// decode, encode or store.
    QString stage;
    QString column;
    QByteArray sqlState;
    QString reason;
    /// The raw point as text, with NUL characters escaped; empty when the plan says so.
    QString rawPoint;
};

/// What a lane adds to its range in the transaction that stores the rows.
struct RangeProgress {
    QString newCursor;
    qint64 rows = 0;
    qint64 rejected = 0;
    qint64 skipped = 0;
    qint64 bytes = 0;
    DigestSum digest;
    bool done = false;
};

/// The book-keeping of runs in the target database (schema qdrant2pg, or the target schema when the role may
/// not create one; there the tables' names begin with qdrant2pg_). Every method runs on the connection given
/// and takes part in its transaction, if there is one. Times are the server's clock. NUL characters in texts
/// are stored as the characters \u0000.
class Ledger {
public:
    explicit Ledger(QString schema);
    const QString& schema() const { return m_schema; }

    /// Creates schema and tables when missing; refuses a ledger of a newer layout in words.
    [[nodiscard]] Result<void> ensure(Connection& connection) const;
    /// False when this database holds no ledger in that schema.
    [[nodiscard]] Result<bool> exists(Connection& connection) const;

    [[nodiscard]] Result<void> createRun(Connection& connection, const LedgerRun& run) const;
    [[nodiscard]] Result<std::optional<LedgerRun>> run(Connection& connection, const QString& runId) const;
    /// Newest first.
    [[nodiscard]] Result<QList<LedgerRun>> runs(Connection& connection) const;
    /// A run that is complete stays so, whatever a process that came late says of its own end.
    [[nodiscard]] Result<void> setRunState(
        Connection& connection, const QString& runId, const QString& state, const QString& reason) const;
    [[nodiscard]] Result<void> setRunReport(
        Connection& connection, const QString& runId, const QByteArray& reportJson) const;
    [[nodiscard]] Result<void> setRunFacts(
        Connection& connection, const QString& runId, const QByteArray& factsJson) const;
    /// Removes a run that nobody works on (else Conflict), and with the last one the tables, and the schema
    /// if it was created by ensure() and holds nothing else.
    [[nodiscard]] Result<void> forgetRun(Connection& connection, const QString& runId) const;

    [[nodiscard]] Result<void> addRanges(
        Connection& connection, const QString& runId, const QList<LedgerRange>& ranges) const;
    [[nodiscard]] Result<QList<LedgerRange>> ranges(Connection& connection, const QString& runId) const;
    /// Leases the next open range that nobody holds (FOR UPDATE SKIP LOCKED), or nothing when none is free
    /// now.
    [[nodiscard]] Result<std::optional<LedgerRange>> leaseRange(
        Connection& connection, const QString& runId, const QString& owner, int leaseSeconds) const;
    /// Extends all leases of that owner but those whose page is just being stored, which extends them itself;
    /// the number extended.
    [[nodiscard]] Result<qint64> renewLeases(
        Connection& connection, const QString& runId, const QString& owner, int leaseSeconds) const;
    /// Gives a range back so that others may take it at once.
    [[nodiscard]] Result<void> releaseRange(
        Connection& connection, const QString& runId, const LedgerRange& range, const QString& owner) const;
    /// Frees all leases of that owner.
    [[nodiscard]] Result<void> releaseOwner(
        Connection& connection, const QString& runId, const QString& owner) const;
    /// Shows to all others that this owner lives, as long as the connection does (an advisory lock of its
    /// name).
    [[nodiscard]] Result<void> announceOwner(Connection& connection, const QString& owner) const;
    /// Frees the ranges whose owners no longer hold a connection to this database, without waiting for their
    /// leases; how many. Safe also when an owner only lost its connection: it finds out before it stores.
    [[nodiscard]] Result<qint64> releaseDeadOwners(Connection& connection, const QString& runId) const;
    /// The update that makes a page exactly-once; adds the progress to what the range's row holds (only its
    /// cursor is taken from `range`): false when the range is no longer ours or its cursor moved (ROLLBACK
    /// then).
    [[nodiscard]] Result<bool> advanceRange(Connection& connection, const QString& runId,
        const LedgerRange& range, const QString& owner, const RangeProgress& progress,
        int leaseSeconds) const;
    /// The same for a page whose rows follow: begins the transaction, advances the range and starts the COPY
    /// in one message; the update is prepared where the connection allows that. The end of a range is
    /// committed synchronously. On false and on error: ROLLBACK.
    [[nodiscard]] Result<bool> beginPage(Connection& connection, const QString& runId,
        const LedgerRange& range, const QString& owner, const RangeProgress& progress, int leaseSeconds,
        const QByteArray& copySql) const;
    /// Locks the range's row for this transaction (FOR UPDATE); false when it is no longer ours or its cursor
    /// moved. For merge mode, where the numbers of advanceRange() are known only after the rows.
    [[nodiscard]] Result<bool> lockRange(
        Connection& connection, const QString& runId, const LedgerRange& range, const QString& owner) const;
    /// The present cursor of a range and its owner, to learn whether an ambiguous COMMIT landed.
    [[nodiscard]] Result<LedgerRange> range(
        Connection& connection, const QString& runId, const QString& collection, int number) const;
    /// Number of ranges not done, and of those held by a live lease.
    struct OpenRanges {
        int open = 0;
        int leased = 0;
    };
    [[nodiscard]] Result<OpenRanges> openRanges(Connection& connection, const QString& runId) const;

    [[nodiscard]] Result<void> addRejects(
        Connection& connection, const QString& runId, const QList<RejectRow>& rejects) const;
    /// In the order in which they were written; `visit` returns false to stop.
    [[nodiscard]] Result<void> visitRejects(Connection& connection, const QString& runId,
        const std::function<bool(const RejectRow&)>& visit) const;
    [[nodiscard]] Result<qint64> countRejects(Connection& connection, const QString& runId) const;
    [[nodiscard]] Result<void> removeReject(Connection& connection, const QString& runId,
        const QString& collection, const QString& pointId) const;

    /// Takes one point's reject out, as part of the transaction that stores the point; false when there is
    /// none (any more).
    [[nodiscard]] Result<bool> takeReject(
        Connection& connection, const QString& runId, const RejectRow& reject) const;
    /// Gives a reject that is still one its new column, SQLSTATE and reason.
    [[nodiscard]] Result<void> changeReject(
        Connection& connection, const QString& runId, const RejectRow& reject) const;
    /// Moves one point of a range from its rejects to its rows (stored) or to what it skipped, with the row's
    /// digest.
    [[nodiscard]] Result<void> addReplayed(Connection& connection, const QString& runId,
        const LedgerRange& range, bool stored, const DigestSum& digest) const;
    /// The plan by which the run's table is to be read from now on.
    [[nodiscard]] Result<void> setRunPlan(Connection& connection, const QString& runId,
        const QByteArray& planJson, const QString& planHash) const;

    [[nodiscard]] Result<void> addEvent(
        Connection& connection, const QString& runId, const QString& kind, const QString& text) const;
    struct Event {
        QDateTime at;
        QString kind;
        QString text;
    };
    [[nodiscard]] Result<QList<Event>> events(Connection& connection, const QString& runId) const;

private:
    QString m_schema;
    /// What every page needs.
    QByteArray m_advanceSql;
    QByteArray m_advanceName;
};

} // namespace qdrant2pg
