// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/parentrows.h"
#include "core/engine/tablecopy.h"
#include "core/postgres/ledger.h"

#include <functional>
#include <map>
#include <string_view>
#include <vector>

namespace qdrant2pg {

/// What is stored in one transaction.
struct RowBatch {
    std::string_view bytes;
    std::vector<CopyRow> rows;
    /// What the rows refer to, one list per row; empty when the table has no parents.
    std::vector<std::vector<ParentRows::Reference>> parents;
    QList<RejectRow> rejects;
};

/// Stores batches of rows of one collection, each with its rejects and the range's new cursor in one
/// transaction. A row that PostgreSQL refuses, or whose parent is missing, is rejected; it never costs its
/// neighbours. Refers to schema and ledger. Belongs to one thread.
class RowStore {
public:
    struct Options {
        QString runId;
        int leaseSeconds = 60;
        OnReject onReject = OnReject::Continue;
        std::function<RejectRow(const CopyRow&, const Error&)> reject;
        /// What OnReject::Stop ends with.
        std::function<Error(const RejectRow&)> refusal;
        /// Looked at between pieces of the COPY; may be empty.
        std::function<bool()> aborted;
    };
    enum class Stored {
        Yes,
        /// The range belongs to somebody else now, or its cursor is not where we thought: look at the ledger
        /// again.
        RangeMoved,
    };

    RowStore(const CollectionPlan& plan, const TargetSchema& schema, const Ledger& ledger, Options options);

    ParentRows& parents() { return m_parents; }
    /// Moves `range` to the new cursor; `progress` brings cursor, bytes and whether the range is done, and
    /// gets the rest. Rejected rows move from the batch's rows to its rejects. On error nothing is stored
    /// (or, when the connection was lost in COMMIT, nobody knows yet: the ledger answers on the next
    /// connection).
    [[nodiscard]] Result<Stored> store(Connection& connection, LedgerRange& range, const QString& owner,
        RowBatch& batch, RangeProgress& progress);

private:
    /// By index of the row.
    using Refused = std::map<std::size_t, Error>;
    [[nodiscard]] Result<void> rejectOrphans(Connection& connection, RowBatch& batch);
    [[nodiscard]] Result<void> rejectRefused(Connection& connection, RowBatch& batch) const;
    [[nodiscard]] Result<void> searchRefused(Connection& connection, const RowBatch& batch, std::size_t begin,
        std::size_t end, Refused& refused) const;
    /// Moves them from the batch's rows to its rejects.
    void reject(RowBatch& batch, const Refused& refused) const;
    [[nodiscard]] Result<void> mayReject(const RowBatch& batch) const;
    [[nodiscard]] Result<bool> begin(Connection& connection, const LedgerRange& range, const QString& owner,
        const RangeProgress& progress, bool withCopy) const;
    [[nodiscard]] Result<bool> transaction(Connection& connection, const LedgerRange& range,
        const QString& owner, const RowBatch& batch, RangeProgress& progress) const;

    const Ledger& m_ledger;
    Options m_options;
    TableCopy m_copy;
    ParentRows m_parents;
};

} // namespace qdrant2pg
