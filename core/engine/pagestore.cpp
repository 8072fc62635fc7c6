// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/pagestore.h"

#include "core/common/cputime.h"
#include "core/engine/vectortext.h"

#include <span>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

Error refusal(const RejectRow& first)
{
    Error error = makeError(ErrorKind::Data,
        QStringLiteral("Point %1 of %2 cannot be stored: %3.")
            .arg(first.pointId, first.collection, first.reason),
        {},
        first.column.isEmpty()
            ? QStringLiteral("Change the plan, or go on without such points (--on-reject continue).")
            : QStringLiteral(
                "Change the plan for column %1, or go on without such points (--on-reject continue).")
                  .arg(first.column));
    error.where.collection = first.collection;
    error.where.column = first.column;
    error.where.pointId = first.pointId;
    error.sqlState = first.sqlState;
    return error;
}

} // namespace

struct PageStore::State {
    RunContext& context;
    CollectionRun& collection;
    RowEncoder encoder;
    RowDigest digest;
    RowStore rows;
    CopyBuffer buffer;
    RowBatch batch;
    /// Of the batch.
    const PointPage* page = nullptr;

    State(RunContext& c, CollectionRun& r, RowEncoder e, std::span<const ColumnType> types)
        : context(c)
        , collection(r)
        , encoder(std::move(e))
        , digest(types)
        , rows(r.plan, r.schema, c.ledger,
              {c.runId, c.request.leaseSeconds, c.request.plan.run.onReject,
                  [this](const CopyRow& row, const Error& error) { return reject(row, error); }, refusal,
                  [this] {
                      return context.aborted();
                  }})
    {
    }

    void encode(const PointPage& from, std::size_t count);
    RejectRow reject(const CopyRow& row, const Error& error) const;
};

void PageStore::State::encode(const PointPage& from, std::size_t count)
{
    page = &from;
    buffer.clear();
    batch.rows.clear();
    batch.parents.clear();
    batch.rejects.clear();
    const bool withParents = !collection.schema.parents.isEmpty();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t begin = buffer.bytes().size();
        if (auto problem = encoder.encode(from, from.points()[i], buffer)) {
            batch.rejects << std::move(*problem);
            continue;
        }
        batch.rows.push_back({begin, buffer.bytes().size(), static_cast<qint64>(i),
            digest.hash(buffer.bytes().substr(begin))});
        if (withParents)
            batch.parents.push_back(encoder.parents());
    }
    batch.bytes = buffer.bytes();
}

RejectRow PageStore::State::reject(const CopyRow& row, const Error& error) const
{
    const PointView& point = page->points()[static_cast<std::size_t>(row.number)];
    RejectRow rejected;
    rejected.collection = collection.plan.name;
    rejected.pointId = point.id.toString();
    rejected.shardKey =
        QString::fromUtf8(point.shardKey.data(), static_cast<qsizetype>(point.shardKey.size()));
    rejected.stage = QStringLiteral("store");
    rejected.column = error.where.column;
    rejected.sqlState = error.sqlState;
    rejected.reason = error.detail.isEmpty() ? error.summary : error.detail;
    if (context.request.plan.run.rejectValues)
        rejected.rawPoint = rawPointText(*page, point);
    return rejected;
}

Result<PageStore> PageStore::create(RunContext& context, CollectionRun& collection)
{
    RowEncoder::Options options;
    options.vectorOid = context.server.vectorOid;
    options.runStartMicros = context.runStartMicros;
    options.keepRawPoints = context.request.plan.run.rejectValues;
    auto encoder = RowEncoder::create(collection.plan, collection.schema, options);
    if (!encoder)
        return fail(encoder.error());
    const std::vector<ColumnType> types = collection.schema.table.columnTypes();
    return PageStore(std::make_unique<State>(context, collection, std::move(*encoder), types));
}

PageStore::PageStore(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}
PageStore::~PageStore() = default;
PageStore::PageStore(PageStore&&) noexcept = default;
PageStore& PageStore::operator=(PageStore&&) noexcept = default;

Result<RowStore::Stored> PageStore::store(Connection& connection, LedgerRange& range, const QString& owner,
    const PointPage& page, std::size_t count, bool done)
{
    State& s = *m_state;
    const auto started = Clock::now();
    const auto cpuStarted = threadCpuTime();
    s.encode(page, count);
    const auto encoded = Clock::now();
    const auto cpuEncoded = threadCpuTime();
    s.context.cpu.encodeNs += (cpuEncoded - cpuStarted).count();
    s.context.times.computeNs += (encoded - started).count();

    RangeProgress progress;
    progress.newCursor = count > 0 ? page.points()[count - 1].id.toString() : range.cursor;
    progress.bytes = static_cast<qint64>(page.wireBytes());
    progress.done = done;
    auto stored = s.rows.store(connection, range, owner, s.batch, progress);
    s.context.times.postgresNs += (Clock::now() - encoded).count();
    s.context.cpu.copyNs += (threadCpuTime() - cpuEncoded).count();
    if (!stored || *stored == RowStore::Stored::RangeMoved)
        return stored;

    CollectionCounters& counters = *s.collection.counters;
    counters.read += static_cast<qint64>(count);
    counters.stored += progress.rows;
    counters.rejected += progress.rejected;
    counters.skipped += progress.skipped;
    counters.sourceBytes += progress.bytes;
    counters.copyBytes += static_cast<qint64>(s.buffer.bytes().size());
    s.context.rejectedTotal += progress.rejected;
    return stored;
}

} // namespace qdrant2pg
