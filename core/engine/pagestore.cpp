// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/pagestore.h"

#include "core/common/cputime.h"
#include "core/engine/vectortext.h"
#include "core/postgres/identifiers.h"

#include <algorithm>
#include <cstring>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;
using Uuid = std::array<std::uint8_t, 16>;

constexpr std::size_t copyChunkBytes = 512 * 1024;

struct UuidHash {
    std::size_t operator()(const Uuid& uuid) const
    {
        std::size_t value = 0;
        std::memcpy(&value, uuid.data(), sizeof value);
        return value;
    }
};

struct Row {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t point = 0;
    DigestSum digest;
};

QByteArray uuidText(const Uuid& uuid)
{
    return QByteArray::fromStdString(PointId::fromUuid(uuid).toStdString());
}

/// An error that one row of the COPY caused, as opposed to the connection, the server or the table.
bool isRowError(const Error& error)
{
    return blamesRow(error) || error.sqlState == "08P01";
}

} // namespace

struct PageStore::State {
    RunContext& context;
    CollectionRun& collection;
    RowEncoder encoder;
    RowDigest digest;
    QByteArray copySql;
    QByteArray insertFromStagingSql;
    QByteArray createStagingSql;
    bool stagingReady = false;
    CopyBuffer buffer;
    std::vector<Row> rows;
    QList<RejectRow> rejects;
    /// Parents that are known to exist, one set per parent table.
    std::vector<std::unordered_set<Uuid, UuidHash>> knownParents;
    std::vector<std::vector<RowEncoder::ParentReference>> parentsOfRow;

    State(RunContext& c, CollectionRun& r, RowEncoder e, std::span<const ColumnType> types)
        : context(c)
        , collection(r)
        , encoder(std::move(e))
        , digest(types)
        , knownParents(static_cast<std::size_t>(r.schema.parents.size()))
    {
    }

    bool merge() const { return collection.plan.mode == TableMode::Merge; }
    void encode(const PointPage& page, std::size_t count);
    void reject(const PointPage& page, const Row& row, const Error& error);
    Result<void> ensureParents(Connection& connection, const PointPage& page);
    Result<qint64> copyRows(Connection& connection, std::span<const Row> part);
    Result<qint64> sendRows(Connection& connection, std::span<const Row> part);
    Result<bool> beginPage(
        Connection& connection, LedgerRange& range, const QString& owner, RangeProgress& progress);
    Result<std::vector<std::size_t>> findOffenders(Connection& connection, const PointPage& page);
    Result<void> searchOffenders(Connection& connection, const PointPage& page, std::size_t begin,
        std::size_t end, std::vector<std::size_t>& offenders);
    Result<bool> transaction(
        Connection& connection, LedgerRange& range, const QString& owner, RangeProgress& progress);
};

void PageStore::State::encode(const PointPage& page, std::size_t count)
{
    buffer.clear();
    rows.clear();
    rejects.clear();
    parentsOfRow.clear();
    const bool withParents = !collection.schema.parents.isEmpty();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t begin = buffer.bytes().size();
        if (auto problem = encoder.encode(page, page.points()[i], buffer)) {
            rejects << std::move(*problem);
            continue;
        }
        rows.push_back({begin, buffer.bytes().size(), i, digest.hash(buffer.bytes().substr(begin))});
        if (withParents)
            parentsOfRow.push_back(encoder.parents());
    }
}

void PageStore::State::reject(const PointPage& page, const Row& row, const Error& error)
{
    const PointView& point = page.points()[row.point];
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
        rejected.rawPoint = rawPointText(page, point);
    rejects << rejected;
}

/// Parents go into transactions of their own, sorted, before the page's: they are idempotent, and two lanes
/// never wait for each other's page because of them.
Result<void> PageStore::State::ensureParents(Connection& connection, const PointPage& page)
{
    const auto& parents = collection.schema.parents;
    for (int table = 0; table < parents.size(); ++table) {
        auto& known = knownParents[static_cast<std::size_t>(table)];
        std::vector<const RowEncoder::ParentReference*> missing;
        for (const auto& references : parentsOfRow) {
            for (const auto& reference : references) {
                if (reference.parent == table && !known.contains(reference.id))
                    missing.push_back(&reference);
            }
        }
        if (missing.empty())
            continue;
        std::sort(missing.begin(), missing.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
        missing.erase(std::unique(missing.begin(), missing.end(),
                          [](const auto* a, const auto* b) { return a->id == b->id; }),
            missing.end());
        if (collection.plan.parents == ParentPolicy::Create) {
            for (const auto* reference : missing) {
                const QByteArray id = uuidText(reference->id);
                std::vector<SqlParameter> parameters{
                    id, reference->name.empty() ? id : QByteArray::fromStdString(reference->name)};
                if (parents.at(table).needsGame)
                    parameters.push_back(
                        reference->hasGame ? SqlParameter(uuidText(reference->game)) : SqlParameter());
                auto inserted = connection.execute(parents.at(table).insertSql.toUtf8(), parameters);
                if (!inserted)
                    return fail(inserted.error());
                known.insert(reference->id);
            }
            continue;
        }
        QByteArray list = "{";
        for (const auto* reference : missing)
            list += (list.size() > 1 ? "," : "") + uuidText(reference->id);
        list += '}';
        const QString sql = QStringLiteral("SELECT id FROM %1 WHERE id = ANY($1::uuid[])")
                                .arg(qualifiedName(collection.schema.table.schema, parents.at(table).name));
        auto found = connection.execute(sql.toUtf8(), {list});
        if (!found)
            return fail(found.error());
        for (int row = 0; row < found->rowCount(); ++row) {
            if (const auto id = PointId::parse(found->text(row, 0).toStdString()))
                known.insert(id->uuid());
        }
    }
    if (collection.plan.parents != ParentPolicy::Reject)
        return {};
    std::vector<Row> kept;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto orphan =
            std::find_if(parentsOfRow[i].begin(), parentsOfRow[i].end(), [this](const auto& reference) {
                return !knownParents[static_cast<std::size_t>(reference.parent)].contains(reference.id);
            });
        if (orphan == parentsOfRow[i].end()) {
            kept.push_back(rows[i]);
            continue;
        }
        const ParentTable& parent = parents.at(orphan->parent);
        Error error = makeError(ErrorKind::Constraint,
            QStringLiteral("%1 has no row with id %2")
                .arg(parent.name, QString::fromLatin1(uuidText(orphan->id))));
        error.sqlState = "23503";
        error.where.column = collection.schema.table.columns.at(parent.column).name;
        reject(page, rows[i], error);
    }
    rows = std::move(kept);
    return {};
}

/// COPY of the rows given, in the transaction that is open; the number stored (merge mode: rows that were
/// new).
Result<qint64> PageStore::State::copyRows(Connection& connection, std::span<const Row> part)
{
    if (part.empty())
        return 0;
    if (auto begun = connection.copyInBegin(copySql); !begun)
        return fail(begun.error());
    return sendRows(connection, part);
}

/// The rest of copyRows() once the COPY has begun.
Result<qint64> PageStore::State::sendRows(Connection& connection, std::span<const Row> part)
{
    const std::string_view bytes = buffer.bytes();
    const auto write = [&](std::string_view chunk) -> Result<void> {
        while (!chunk.empty()) {
            if (context.aborted()) {
                connection.copyInAbort();
                return fail(ErrorKind::Cancelled, QStringLiteral("Aborted."));
            }
            const std::string_view head = chunk.substr(0, copyChunkBytes);
            if (auto written = connection.copyInWrite(head); !written)
                return written;
            chunk.remove_prefix(head.size());
        }
        return {};
    };
    if (auto written = write(CopyBuffer::header()); !written)
        return fail(written.error());
    for (std::size_t i = 0; i < part.size();) {
        std::size_t j = i + 1;
        while (j < part.size() && part[j].begin == part[j - 1].end)
            ++j;
        if (auto written = write(bytes.substr(part[i].begin, part[j - 1].end - part[i].begin)); !written)
            return fail(written.error());
        i = j;
    }
    if (auto written = write(CopyBuffer::trailer()); !written)
        return fail(written.error());
    auto stored = connection.copyInEnd();
    if (!stored)
        return fail(stored.error());
    if (*stored != static_cast<qint64>(part.size())) {
        // The server does not prove completeness; the row count is the proof (pgvector.md 1.1).
        Error error = makeError(ErrorKind::Protocol,
            QStringLiteral("PostgreSQL stored %1 of %2 rows of a page.").arg(*stored).arg(part.size()));
        error.retryable = true;
        error.poisonsConnection = true;
        return fail(error);
    }
    if (!merge())
        return stored;
    auto merged = connection.execute(insertFromStagingSql);
    if (!merged)
        return fail(merged.error());
    return merged->affectedRows();
}

Result<void> PageStore::State::searchOffenders(Connection& connection, const PointPage& page,
    std::size_t begin, std::size_t end, std::vector<std::size_t>& offenders)
{
    if (begin >= end)
        return {};
    if (auto savepoint = connection.execute("SAVEPOINT bisect"); !savepoint)
        return fail(savepoint.error());
    auto stored = copyRows(connection, std::span(rows).subspan(begin, end - begin));
    if (stored) {
        if (merge()) {
            if (auto cleared = connection.execute("TRUNCATE qdrant2pg_staging"); !cleared)
                return fail(cleared.error());
        }
        return {};
    }
    if (!isRowError(stored.error()) || !connection.isUsable())
        return fail(stored.error());
    if (auto back = connection.execute("ROLLBACK TO SAVEPOINT bisect"); !back)
        return fail(back.error());
    if (end - begin == 1) {
        offenders.push_back(begin);
        reject(page, rows[begin], stored.error());
        return {};
    }
    const std::size_t middle = begin + (end - begin) / 2;
    if (auto first = searchOffenders(connection, page, begin, middle, offenders); !first)
        return first;
    return searchOffenders(connection, page, middle, end, offenders);
}

/// Finds the rows that PostgreSQL refuses by halving the page, in a transaction that is taken back: a bad row
/// never costs its neighbours.
Result<std::vector<std::size_t>> PageStore::State::findOffenders(
    Connection& connection, const PointPage& page)
{
    std::vector<std::size_t> offenders;
    if (auto begun = connection.begin(); !begun)
        return fail(begun.error());
    auto searched = searchOffenders(connection, page, 0, rows.size(), offenders);
    connection.rollback();
    if (!searched)
        return fail(searched.error());
    return offenders;
}

/// Begins the page's transaction with the ledger's row: whoever lost the range waits here and learns it
/// before a single row is sent. False when the range is lost. Has begun the COPY where nothing stands
/// between.
Result<bool> PageStore::State::beginPage(
    Connection& connection, LedgerRange& range, const QString& owner, RangeProgress& progress)
{
    const Ledger& ledger = context.ledger;
    const int leaseSeconds = context.request.leaseSeconds;
    if (!merge())
        progress.rows = static_cast<qint64>(rows.size());
    if (!merge() && !rows.empty())
        return ledger.beginPage(connection, context.runId, range, owner, progress, leaseSeconds, copySql);
    if (auto begun = connection.begin(); !begun)
        return fail(begun.error());
    // The end of a range is synchronous whatever the others are: nothing after it would repeat a lost tail.
    if (progress.done) {
        if (auto set = connection.execute("SET LOCAL synchronous_commit = on"); !set)
            return fail(set.error());
    }
    return merge() ? ledger.lockRange(connection, context.runId, range, owner)
                   : ledger.advanceRange(connection, context.runId, range, owner, progress, leaseSeconds);
}

Result<bool> PageStore::State::transaction(
    Connection& connection, LedgerRange& range, const QString& owner, RangeProgress& progress)
{
    const Ledger& ledger = context.ledger;
    const auto abandon = [&connection](const Error& error) -> tl::unexpected<Error> {
        if (connection.isUsable())
            connection.rollback();
        return fail(error);
    };
    auto begun = beginPage(connection, range, owner, progress);
    if (!begun)
        return abandon(begun.error());
    if (!*begun) {
        connection.rollback();
        return false;
    }
    auto stored = merge() || rows.empty() ? copyRows(connection, rows) : sendRows(connection, rows);
    if (!stored)
        return abandon(stored.error());
    if (merge()) {
        progress.rows = *stored;
        progress.skipped = static_cast<qint64>(rows.size()) - *stored;
        auto advanced = ledger.advanceRange(
            connection, context.runId, range, owner, progress, context.request.leaseSeconds);
        if (!advanced)
            return abandon(advanced.error());
    }
    if (!rejects.isEmpty()) {
        if (auto added = ledger.addRejects(connection, context.runId, rejects); !added)
            return abandon(added.error());
    }
    if (auto committed = connection.commit(); !committed)
        return abandon(committed.error());
    return true;
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
    std::vector<ColumnType> types;
    for (const ColumnSpec& column : collection.schema.table.columns)
        types.push_back(column.type);
    auto state = std::make_unique<State>(context, collection, std::move(*encoder), types);
    TableSpec load = collection.schema.table;
    load.name = collection.schema.loadName;
    if (state->merge()) {
        QStringList names;
        for (const ColumnSpec& column : load.columns)
            names << quoteIdentifier(column.name);
        const QString target = qualifiedName(load.schema, load.name);
        // PLAIN storage in staging avoids moving each vector out of line twice (pgvector.md 8.2).
        QStringList columns;
        for (const ColumnSpec& column : load.columns) {
            const bool plain =
                column.type == ColumnType::Vector && column.dimensions > 0 && column.dimensions <= 1900;
            columns << quoteIdentifier(column.name) + QLatin1Char(' ')
                    + column.sqlType(collection.schema.vectorSchema)
                    + (plain ? QStringLiteral(" STORAGE PLAIN") : QString());
        }
        state->createStagingSql =
            QStringLiteral("CREATE TEMP TABLE IF NOT EXISTS qdrant2pg_staging (%1) ON COMMIT DELETE ROWS")
                .arg(columns.join(QStringLiteral(", ")))
                .toUtf8();
        state->insertFromStagingSql =
            QStringLiteral("INSERT INTO %1 (%2) SELECT %2 FROM qdrant2pg_staging ON CONFLICT DO NOTHING")
                .arg(target, names.join(QStringLiteral(", ")))
                .toUtf8();
        load.schema = QStringLiteral("pg_temp");
        load.name = QStringLiteral("qdrant2pg_staging");
    }
    state->copySql = copyInSql(load).toUtf8();
    return PageStore(std::move(state));
}

PageStore::PageStore(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}
PageStore::~PageStore() = default;
PageStore::PageStore(PageStore&&) noexcept = default;
PageStore& PageStore::operator=(PageStore&&) noexcept = default;

void PageStore::connectionLost()
{
    m_state->stagingReady = false;
}

Result<PageStore::Stored> PageStore::store(Connection& connection, LedgerRange& range, const QString& owner,
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

    if (s.merge() && !s.stagingReady) {
        // A lane that changes collections finds the other collection's staging table.
        if (auto dropped = connection.execute("DROP TABLE IF EXISTS pg_temp.qdrant2pg_staging"); !dropped)
            return fail(dropped.error());
        if (auto created = connection.execute(s.createStagingSql); !created)
            return fail(created.error());
        s.stagingReady = true;
    }
    if (!s.parentsOfRow.empty()) {
        if (auto parents = s.ensureParents(connection, page); !parents)
            return fail(parents.error());
    }
    if (!s.rejects.isEmpty() && s.context.request.plan.run.onReject == OnReject::Stop) {
        const RejectRow& first = s.rejects.first();
        Error error = makeError(ErrorKind::Data,
            QStringLiteral("Point %1 of %2 cannot be stored: %3.")
                .arg(first.pointId, first.collection, first.reason),
            {},
            QStringLiteral("Change the plan for column %1, or run with --on-reject continue.")
                .arg(first.column));
        error.where.collection = first.collection;
        error.where.column = first.column;
        error.where.pointId = first.pointId;
        error.sqlState = first.sqlState;
        return fail(error);
    }

    RangeProgress progress;
    const auto fill = [&] {
        progress = {};
        progress.newCursor = count > 0 ? page.points()[count - 1].id.toString() : range.cursor;
        progress.rejected = s.rejects.size();
        progress.bytes = static_cast<qint64>(page.wireBytes());
        for (const Row& row : s.rows)
            progress.digest += row.digest;
        progress.done = done;
    };
    fill();
    auto stored = s.transaction(connection, range, owner, progress);
    if (!stored && isRowError(stored.error()) && connection.isUsable()) {
        auto offenders = s.findOffenders(connection, page);
        if (!offenders)
            return fail(offenders.error());
        if (offenders->empty())
            return fail(stored.error());
        if (s.context.request.plan.run.onReject == OnReject::Stop)
            return fail(stored.error());
        std::vector<Row> kept;
        for (std::size_t i = 0; i < s.rows.size(); ++i) {
            if (!std::binary_search(offenders->begin(), offenders->end(), i))
                kept.push_back(s.rows[i]);
        }
        s.rows = std::move(kept);
        fill();
        stored = s.transaction(connection, range, owner, progress);
    }
    s.context.times.postgresNs += (Clock::now() - encoded).count();
    s.context.cpu.copyNs += (threadCpuTime() - cpuEncoded).count();
    if (!stored)
        return fail(stored.error());
    if (!*stored)
        return Stored::RangeMoved;

    range.cursor = progress.newCursor;
    range.rows += progress.rows;
    range.rejected += progress.rejected;
    range.skipped += progress.skipped;
    CollectionCounters& counters = *s.collection.counters;
    counters.read += static_cast<qint64>(count);
    counters.stored += progress.rows;
    counters.rejected += progress.rejected;
    counters.skipped += progress.skipped;
    counters.sourceBytes += progress.bytes;
    counters.copyBytes += static_cast<qint64>(s.buffer.bytes().size());
    s.context.rejectedTotal += progress.rejected;
    return Stored::Yes;
}

} // namespace qdrant2pg
