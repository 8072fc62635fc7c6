// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/replay.h"

#include "core/engine/parentrows.h"
#include "core/engine/rowencoder.h"
#include "core/engine/runstate.h"
#include "core/engine/tablecopy.h"
#include "core/engine/vectortext.h"
#include "core/plan/planjson.h"
#include "core/plan/targetschema.h"
#include "core/postgres/catalogue.h"
#include "core/postgres/serverprofile.h"
#include "core/qdrant/pagedecoder.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <map>

namespace qdrant2pg {

namespace {

const CollectionPlan* collectionOf(const MigrationPlan& plan, const QString& name)
{
    for (const CollectionPlan& collection : plan.collections) {
        if (collection.name == name)
            return &collection;
    }
    return nullptr;
}

/// The plan without what may change between a run and a replay of its rejects.
CollectionPlan withoutPolicies(CollectionPlan plan)
{
    plan.payload.nul = {};
    plan.indexes.clear();
    plan.aliasViews.clear();
    plan.comment.clear();
    plan.searchFunctions = true;
    plan.analyze = true;
    plan.parents = {};
    plan.id.reason.clear();
    for (VectorPlan& vector : plan.vectors) {
        vector.type.clear();
        vector.dimensions = 0;
        vector.storage.clear();
        vector.missing = {};
        vector.nonFinite = {};
        vector.reason.clear();
        vector.distance.clear();
    }
    for (PayloadColumnPlan& column : plan.payload.columns) {
        column.missing = {};
        column.defaultValue = {};
        column.misfit = {};
        column.notNull = false;
        column.references.clear();
        column.reason.clear();
    }
    return plan;
}

/// One collection's table with what writes a point into it.
struct Target {
    CollectionPlan plan;
    TargetSchema schema;
    RowEncoder encoder;
    RowDigest digest;
    TableCopy copy;
};

class Replay {
public:
    Replay(Connection& connection, const Ledger& ledger, const LedgerRun& run, const MigrationPlan& plan,
        const PointFetcher& fetch)
        : m_connection(connection)
        , m_ledger(ledger)
        , m_run(run)
        , m_plan(plan)
        , m_fetch(fetch)
    {
    }

    Result<void> open();
    Result<void> take(const RejectRow& reject);
    Result<ReplayOutcome> finish();

private:
    Result<Target*> target(const QString& collection);
    Result<Target> openTarget(const CollectionPlan& plan);
    /// Nothing when the point is not to be had.
    Result<bool> readPoint(const RejectRow& reject, const PointId& id);
    const LedgerRange* rangeOf(const RejectRow& reject, const PointId& id) const;
    Result<void> keepRejected(const RejectRow& reject, const RejectRow& why);
    Result<void> storeParents(const Target& target);
    Result<void> transaction(Target& target, const RejectRow& reject, const LedgerRange& range);

    Connection& m_connection;
    const Ledger& m_ledger;
    const LedgerRun& m_run;
    const MigrationPlan& m_plan;
    const PointFetcher& m_fetch;
    MigrationPlan m_recorded;
    ServerProfile m_server;
    std::int64_t m_runStartMicros = 0;
    QList<LedgerRange> m_ranges;
    std::map<QString, Target> m_targets;
    RestPageDecoder m_decoder;
    PointPage m_page;
    CopyBuffer m_buffer;
    ReplayOutcome m_outcome;
};

Result<void> Replay::open()
{
    auto recorded = planFromJson(m_run.planJson);
    if (!recorded)
        return fail(recorded.error());
    m_recorded = *recorded;
    auto open = m_ledger.openRanges(m_connection, m_run.id);
    if (!open)
        return fail(open.error());
    if (open->leased > 0)
        return fail(ErrorKind::Conflict, QStringLiteral("Somebody is working on run %1.").arg(m_run.id), {},
            QStringLiteral("Replay its rejects when it has ended."));
    auto server = readServerProfile(m_connection);
    if (!server)
        return fail(server.error());
    m_server = *server;
    m_runStartMicros = QJsonDocument::fromJson(m_run.factsJson)
                           .object()
                           .value(QStringLiteral("runStartMicros"))
                           .toString()
                           .toLongLong();
    auto ranges = m_ledger.ranges(m_connection, m_run.id);
    if (!ranges)
        return fail(ranges.error());
    m_ranges = *ranges;
    return {};
}

Result<Target*> Replay::target(const QString& collection)
{
    const auto known = m_targets.find(collection);
    if (known != m_targets.end())
        return &known->second;
    const CollectionPlan* recorded = collectionOf(m_recorded, collection);
    const CollectionPlan* plan = collectionOf(m_plan, collection);
    if (!recorded)
        return fail(ErrorKind::Usage,
            QStringLiteral("Run %1 did not move collection %2.").arg(m_run.id, collection), {},
            QStringLiteral("Name the run that the rejects come from with --run."));
    if (!plan)
        return fail(
            ErrorKind::Usage, QStringLiteral("The plan does not hold collection %1.").arg(collection));
    if (!(withoutPolicies(*plan) == withoutPolicies(*recorded)))
        return fail(ErrorKind::Usage,
            QStringLiteral("The plan puts %1 into another table, or into other columns, than run %2 did.")
                .arg(collection, m_run.id),
            {},
            QStringLiteral("Change only how values are treated (nul, missing, default, misfit, nonFinite) "
                           "in the run's plan; everything else wants a new run."));
    auto opened = openTarget(*plan);
    if (!opened)
        return fail(opened.error());
    return &m_targets.emplace(collection, std::move(*opened)).first->second;
}

Result<Target> Replay::openTarget(const CollectionPlan& plan)
{
    auto schema = targetSchema(m_plan, plan, m_server);
    if (!schema)
        return fail(schema.error());
    TableSpec table = schema->table;
    // A replacement that waits to be published is where the run's rows are.
    table.name = schema->loadName;
    auto existing = readTable(m_connection, table.schema, table.name);
    if (existing && !*existing) {
        table.name = schema->table.name;
        existing = readTable(m_connection, table.schema, table.name);
    }
    if (!existing)
        return fail(existing.error());
    if (!*existing)
        return fail(ErrorKind::NotFound, QStringLiteral("Table %1 is no longer there.").arg(table.name));
    for (const ColumnSpec& column : table.columns) {
        const ExistingColumn* found = (*existing)->column(column.name);
        const bool fits = found && found->type == column.type
            && (!isPgvectorType(column.type) || found->dimensions == 0
                || found->dimensions == column.dimensions);
        if (!fits)
            return fail(ErrorKind::Schema,
                QStringLiteral("Column %1 of table %2 is %3, the plan writes %4.")
                    .arg(column.name, table.name, found ? found->sqlType : QStringLiteral("not there"),
                        column.sqlType()),
                {},
                QStringLiteral("Change the column with ALTER TABLE first, or keep its type in the plan."));
    }
    RowEncoder::Options options;
    options.vectorOid = m_server.vectorOid;
    options.runStartMicros = m_runStartMicros;
    auto encoder = RowEncoder::create(plan, *schema, options);
    if (!encoder)
        return fail(encoder.error());
    schema->loadName = table.name;
    const TableCopy copy(*schema, plan.mode);
    return Target{plan, std::move(*schema), std::move(*encoder), RowDigest(table.columnTypes()), copy};
}

Result<bool> Replay::readPoint(const RejectRow& reject, const PointId& id)
{
    if (!reject.rawPoint.isEmpty()) {
        const QByteArray body = R"({"result":{"points":[)" + reject.rawPoint.toUtf8()
            + R"(],"next_page_offset":null},"status":"ok","time":0})";
        if (auto decoded = m_decoder.decode(body, m_page); !decoded)
            return fail(decoded.error());
    } else if (m_fetch) {
        auto page = m_fetch(reject, id);
        if (!page)
            return fail(page.error());
        m_page = std::move(*page);
    } else {
        return false;
    }
    if (m_page.points().size() != 1)
        return false;
    if (m_page.points().front().id != id)
        return fail(ErrorKind::Data,
            QStringLiteral("The reject of point %1 holds point %2.")
                .arg(reject.pointId, m_page.points().front().id.toString()));
    return true;
}

const LedgerRange* Replay::rangeOf(const RejectRow& reject, const PointId& id) const
{
    const auto bound = [](const QString& text) {
        return PointId::parse(text.toStdString());
    };
    for (const LedgerRange& range : m_ranges) {
        if (range.collection != reject.collection || range.shardKey != reject.shardKey)
            continue;
        const bool above = range.lower.isEmpty() || !(id < *bound(range.lower));
        if (above && (range.upper.isEmpty() || id < *bound(range.upper)))
            return &range;
    }
    return nullptr;
}

Result<void> Replay::keepRejected(const RejectRow& reject, const RejectRow& why)
{
    RejectRow changed = reject;
    changed.stage = why.stage;
    changed.column = why.column;
    changed.sqlState = why.sqlState;
    changed.reason = why.reason;
    if (auto kept = m_ledger.changeReject(m_connection, m_run.id, changed); !kept)
        return kept;
    m_outcome.remaining << changed;
    return {};
}

Result<void> Replay::storeParents(const Target& target)
{
    if (target.plan.parents != ParentPolicy::Create)
        return {};
    for (const RowEncoder::ParentReference& parent : target.encoder.parents()) {
        if (auto created = ParentRows::create(m_connection, target.schema, parent); !created)
            return created;
    }
    return {};
}

Result<void> Replay::transaction(Target& target, const RejectRow& reject, const LedgerRange& range)
{
    if (auto begun = m_connection.begin(); !begun)
        return begun;
    const auto abandon = [this](const Error& error) -> tl::unexpected<Error> {
        m_connection.rollback();
        return fail(error);
    };
    auto taken = m_ledger.takeReject(m_connection, m_run.id, reject);
    if (!taken)
        return abandon(taken.error());
    if (!*taken) {
        m_connection.rollback();
        ++m_outcome.gone;
        return {};
    }
    if (auto parents = storeParents(target); !parents)
        return abandon(parents.error());
    const CopyRow row{0, m_buffer.bytes().size(), 0, target.digest.hash(m_buffer.bytes())};
    const auto stored = target.copy.copy(m_connection, m_buffer.bytes(), std::span(&row, 1));
    if (!stored)
        return abandon(stored.error());
    if (auto moved = m_ledger.addReplayed(m_connection, m_run.id, range, *stored == 1, row.digest); !moved)
        return abandon(moved.error());
    if (auto committed = m_connection.commit(); !committed)
        return abandon(committed.error());
    ++(*stored == 1 ? m_outcome.stored : m_outcome.skipped);
    return {};
}

Result<void> Replay::take(const RejectRow& reject)
{
    ++m_outcome.read;
    auto found = target(reject.collection);
    if (!found)
        return fail(found.error());
    Target& target = **found;
    const auto id = PointId::parse(reject.pointId.toStdString());
    const LedgerRange* range = id ? rangeOf(reject, *id) : nullptr;
    if (!range)
        return fail(ErrorKind::Data,
            QStringLiteral("Point %1 of %2 is not one of run %3.")
                .arg(reject.pointId, reject.collection, m_run.id));
    auto point = readPoint(reject, *id);
    if (!point)
        return fail(point.error());
    if (!*point) {
        ++m_outcome.withoutPoint;
        m_outcome.remaining << reject;
        return {};
    }
    m_buffer.clear();
    if (const auto problem = target.encoder.encode(m_page, m_page.points().front(), m_buffer))
        return keepRejected(reject, *problem);
    auto done = transaction(target, reject, *range);
    if (done || !blamesRow(done.error()) || !m_connection.isUsable())
        return done;
    RejectRow why;
    why.stage = QStringLiteral("store");
    why.column = done.error().where.column;
    why.sqlState = done.error().sqlState;
    why.reason = done.error().detail.isEmpty() ? done.error().summary : done.error().detail;
    return keepRejected(reject, why);
}

Result<ReplayOutcome> Replay::finish()
{
    if (m_outcome.stored + m_outcome.skipped + m_outcome.gone == 0)
        return std::move(m_outcome);
    // A later verification reads the table by the plan that its rows were made with.
    MigrationPlan changed = m_recorded;
    for (CollectionPlan& collection : changed.collections) {
        if (const auto used = m_targets.find(collection.name); used != m_targets.end())
            collection = used->second.plan;
    }
    if (auto set = m_ledger.setRunPlan(m_connection, m_run.id, planToJson(changed), planHash(changed)); !set)
        return fail(set.error());
    auto left = m_ledger.countRejects(m_connection, m_run.id);
    if (!left)
        return fail(left.error());
    if (*left == 0 && m_run.state == runStateName(RunState::CompletedWithRejects)) {
        if (auto set =
                m_ledger.setRunState(m_connection, m_run.id, runStateName(RunState::Completed), QString());
            !set)
            return fail(set.error());
    }
    const QString text = QStringLiteral("%1 rejected points stored, %2 there already, %3 still rejected")
                             .arg(m_outcome.stored)
                             .arg(m_outcome.skipped)
                             .arg(*left);
    if (auto added = m_ledger.addEvent(m_connection, m_run.id, QStringLiteral("replay"), text); !added)
        return fail(added.error());
    return std::move(m_outcome);
}

} // namespace

Result<RejectRow> rejectFromLine(const QByteArray& line, const QString& file, qint64 lineNumber)
{
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    RejectRow reject;
    const auto text = [&object](const char* key) {
        return object.value(QLatin1String(key)).toString();
    };
    reject.collection = text("collection");
    reject.pointId = text("id");
    reject.shardKey = text("shardKey");
    reject.stage = text("stage");
    reject.column = text("column");
    reject.sqlState = text("sqlState").toLatin1();
    reject.reason = text("reason");
    reject.rawPoint = text("point");
    if (!reject.collection.isEmpty() && PointId::parse(reject.pointId.toStdString()))
        return reject;
    Error error = makeError(ErrorKind::File,
        QStringLiteral("Line %1 of %2 is not a rejected point.").arg(lineNumber).arg(file),
        QString::fromUtf8(line.left(120)),
        QStringLiteral("Replay takes the rejects.jsonl of a run, as it was written."));
    error.where.file = file;
    return fail(std::move(error));
}

Result<ReplayOutcome> replayRejects(Connection& connection, const Ledger& ledger, const LedgerRun& run,
    const MigrationPlan& plan, const RejectReader& next, const PointFetcher& fetch)
{
    Replay replay(connection, ledger, run, plan, fetch);
    if (auto opened = replay.open(); !opened)
        return fail(opened.error());
    for (;;) {
        auto reject = next();
        if (!reject)
            return fail(reject.error());
        if (!*reject)
            return replay.finish();
        if (auto taken = replay.take(**reject); !taken)
            return fail(taken.error());
    }
}

} // namespace qdrant2pg
