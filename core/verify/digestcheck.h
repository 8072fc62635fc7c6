// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/verify/verifyjob.h"

#include <map>

namespace qdrant2pg {

/// Sum and number of rows.
struct RowSum {
    DigestSum digest;
    qint64 rows = 0;

    void add(const DigestSum& row)
    {
        digest += row;
        ++rows;
    }
    RowSum& operator+=(const RowSum& other)
    {
        digest += other.digest;
        rows += other.rows;
        return *this;
    }
    bool operator==(const RowSum&) const = default;
};

/// The sums of a table's rows: all of them, and by the range of the run (position in VerifyJob::ranges) that
/// they belong to.
struct TableSums {
    RowSum total;
    /// -1: rows that belong to no range (ids that are none, other shard keys).
    std::map<int, RowSum> byRange;
    /// False when ids do not tell the range (numeric ids that became UUIDs).
    bool localised = false;
    /// Slices in which the table was read, and how many of them an earlier, interrupted verification had
    /// read.
    int slices = 0;
    int takenOver = 0;
};

/// Reads the whole table once by binary COPY, in slices of its pages on several connections that see the same
/// state.
[[nodiscard]] Result<TableSums> sumTable(const VerifyJob& job, double progressFrom, double progressTo);

/// Level digest against the sums that the run's ledger holds. Constant memory: one row per connection and one
/// sum per range.
[[nodiscard]] Result<VerificationOutcome> checkDigest(const VerifyJob& job);

/// The sum of one range's rows in the target; nothing when the range cannot be told by ids.
[[nodiscard]] Result<std::optional<RowSum>> sumRange(
    const VerifyJob& job, Connection& connection, const LedgerRange& range);

/// Finds the range that an id belongs to.
class RangeFinder {
public:
    explicit RangeFinder(const QList<LedgerRange>& ranges);
    /// Position in the list; -1 when none holds the id. `shardKey` is the JSON token.
    int find(const QString& shardKey, const PointId& id) const;

private:
    struct Entry {
        PointId lower;
        int position = 0;
    };
    std::map<QString, std::vector<Entry>> m_byKey;
};

/// The digest over a plan's columns, in words for outcomes: "xxh3-128/1".
QString digestAlgorithm();

} // namespace qdrant2pg
