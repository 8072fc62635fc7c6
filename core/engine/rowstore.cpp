// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/rowstore.h"

namespace qdrant2pg {

namespace {

tl::unexpected<Error> rollBack(Connection& connection, const Error& error)
{
    connection.rollback();
    return fail(error);
}

} // namespace

RowStore::RowStore(
    const CollectionPlan& plan, const TargetSchema& schema, const Ledger& ledger, Options options)
    : m_ledger(ledger)
    , m_options(std::move(options))
    , m_copy(schema, plan.mode)
    , m_parents(schema, plan.parents)
{
}

void RowStore::reject(RowBatch& batch, const Refused& refused) const
{
    if (refused.empty())
        return;
    std::vector<CopyRow> rows;
    std::vector<std::vector<ParentRows::Reference>> parents;
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        if (const auto found = refused.find(i); found != refused.end()) {
            batch.rejects << m_options.reject(batch.rows[i], found->second);
            continue;
        }
        rows.push_back(batch.rows[i]);
        if (!batch.parents.empty())
            parents.push_back(std::move(batch.parents[i]));
    }
    batch.rows = std::move(rows);
    batch.parents = std::move(parents);
}

Result<void> RowStore::mayReject(const RowBatch& batch) const
{
    if (m_options.onReject == OnReject::Continue || batch.rejects.isEmpty())
        return {};
    return fail(m_options.refusal(batch.rejects.first()));
}

Result<void> RowStore::rejectOrphans(Connection& connection, RowBatch& batch)
{
    if (batch.parents.empty())
        return {};
    if (auto ensured = m_parents.ensure(connection, batch.parents); !ensured)
        return ensured;
    Refused orphans;
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
        if (auto lack = m_parents.lackOf(batch.parents[i]))
            orphans.emplace(i, std::move(*lack));
    }
    reject(batch, orphans);
    return {};
}

/// Finds the rows that PostgreSQL refuses by halving the batch, in a transaction that is taken back.
Result<void> RowStore::rejectRefused(Connection& connection, RowBatch& batch) const
{
    Refused refused;
    if (auto begun = connection.begin(); !begun)
        return begun;
    auto searched = searchRefused(connection, batch, 0, batch.rows.size(), refused);
    connection.rollback();
    if (!searched)
        return searched;
    reject(batch, refused);
    return {};
}

Result<void> RowStore::searchRefused(
    Connection& connection, const RowBatch& batch, std::size_t begin, std::size_t end, Refused& refused) const
{
    if (begin >= end)
        return {};
    if (auto savepoint = connection.execute("SAVEPOINT bisect"); !savepoint)
        return fail(savepoint.error());
    const auto part = std::span(batch.rows).subspan(begin, end - begin);
    auto stored = m_copy.copy(connection, batch.bytes, part, m_options.aborted);
    if (stored)
        return m_copy.clear(connection);
    if (!blamesRow(stored.error()) || !connection.isUsable())
        return fail(stored.error());
    if (auto back = connection.execute("ROLLBACK TO SAVEPOINT bisect"); !back)
        return fail(back.error());
    if (end - begin == 1) {
        refused.emplace(begin, stored.error());
        return {};
    }
    const std::size_t middle = begin + (end - begin) / 2;
    if (auto first = searchRefused(connection, batch, begin, middle, refused); !first)
        return first;
    return searchRefused(connection, batch, middle, end, refused);
}

/// Begins with the ledger's row: whoever lost the range waits here and learns it before a single row is sent.
/// False when the range is lost.
Result<bool> RowStore::begin(Connection& connection, const LedgerRange& range, const QString& owner,
    const RangeProgress& progress, bool withCopy) const
{
    const QString& run = m_options.runId;
    const int lease = m_options.leaseSeconds;
    if (withCopy)
        return m_ledger.beginPage(connection, run, range, owner, progress, lease, m_copy.sql());
    if (auto begun = connection.begin(); !begun)
        return fail(begun.error());
    // The end of a range is synchronous whatever the others are: nothing after it would repeat a lost tail.
    if (progress.done) {
        if (auto set = connection.execute("SET LOCAL synchronous_commit = on"); !set)
            return fail(set.error());
    }
    return m_copy.merges() ? m_ledger.lockRange(connection, run, range, owner)
                           : m_ledger.advanceRange(connection, run, range, owner, progress, lease);
}

Result<bool> RowStore::transaction(Connection& connection, const LedgerRange& range, const QString& owner,
    const RowBatch& batch, RangeProgress& progress) const
{
    const auto count = static_cast<qint64>(batch.rows.size());
    progress.rejected = batch.rejects.size();
    progress.digest = {};
    for (const CopyRow& row : batch.rows)
        progress.digest += row.digest;
    progress.rows = m_copy.merges() ? 0 : count;
    progress.skipped = 0;

    const bool withCopy = !m_copy.merges() && count > 0;
    auto begun = begin(connection, range, owner, progress, withCopy);
    if (!begun)
        return rollBack(connection, begun.error());
    if (!*begun) {
        connection.rollback();
        return false;
    }
    auto stored = withCopy ? m_copy.send(connection, batch.bytes, batch.rows, m_options.aborted)
                           : m_copy.copy(connection, batch.bytes, batch.rows, m_options.aborted);
    if (!stored)
        return rollBack(connection, stored.error());
    if (m_copy.merges()) {
        progress.rows = *stored;
        progress.skipped = count - *stored;
        auto advanced = m_ledger.advanceRange(
            connection, m_options.runId, range, owner, progress, m_options.leaseSeconds);
        if (!advanced)
            return rollBack(connection, advanced.error());
    }
    if (!batch.rejects.isEmpty()) {
        if (auto added = m_ledger.addRejects(connection, m_options.runId, batch.rejects); !added)
            return rollBack(connection, added.error());
    }
    if (auto committed = connection.commit(); !committed)
        return rollBack(connection, committed.error());
    return true;
}

Result<RowStore::Stored> RowStore::store(Connection& connection, LedgerRange& range, const QString& owner,
    RowBatch& batch, RangeProgress& progress)
{
    if (auto parents = rejectOrphans(connection, batch); !parents)
        return fail(parents.error());
    if (auto allowed = mayReject(batch); !allowed)
        return fail(allowed.error());
    auto stored = transaction(connection, range, owner, batch, progress);
    if (!stored && blamesRow(stored.error()) && connection.isUsable()) {
        const std::size_t before = batch.rows.size();
        if (auto searched = rejectRefused(connection, batch); !searched)
            return fail(searched.error());
        if (batch.rows.size() == before)
            return fail(stored.error());
        if (auto allowed = mayReject(batch); !allowed)
            return fail(allowed.error());
        stored = transaction(connection, range, owner, batch, progress);
    }
    if (!stored)
        return fail(stored.error());
    if (!*stored)
        return Stored::RangeMoved;
    range.cursor = progress.newCursor;
    range.rows += progress.rows;
    range.rejected += progress.rejected;
    range.skipped += progress.skipped;
    range.bytes += progress.bytes;
    range.digest += progress.digest;
    return Stored::Yes;
}

} // namespace qdrant2pg
