// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/coordinator.h"

#include "core/common/units.h"
#include "core/engine/lane.h"
#include "core/engine/processid.h"
#include "core/engine/rangeplanner.h"
#include "core/engine/schemarunner.h"
#include "core/engine/tablelock.h"
#include "core/engine/tablepublisher.h"
#include "core/plan/planjson.h"
#include "core/postgres/catalogue.h"
#include "core/postgres/identifiers.h"
#include "core/qdrant/restpointsource.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>

#include <algorithm>
#include <numeric>
#include <thread>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

constexpr qint64 restPageBytes = 2'000'000;
constexpr int automaticLanes = 2;

std::chrono::milliseconds since(Clock::time_point started)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
}

QString countText(const CollectionFacts& facts)
{
    return facts.exactCount ? QStringLiteral("exact count by Qdrant") : QStringLiteral("estimate by Qdrant");
}

} // namespace

Coordinator::Coordinator(RunContext& context, Callbacks callbacks)
    : m_context(context)
    , m_callbacks(std::move(callbacks))
{
}

void Coordinator::enter(RunState state)
{
    m_outcome.state = state;
    m_callbacks.state(state, m_context.runId);
}

Result<Connection> Coordinator::connectWithRetries()
{
    RetryPolicy policy(m_context.request.retry);
    for (;;) {
        auto opened = Connection::open(m_context.request.target);
        if (opened)
            return opened;
        const auto delay = policy.next(opened.error());
        if (!delay || m_context.aborted())
            return opened;
        ++m_context.retries;
        m_context.setWaiting(QStringLiteral("PostgreSQL: %1 Next attempt in %2.")
                                 .arg(opened.error().summary, formatDuration(*delay)));
        m_context.waitFor(*delay);
        m_context.setWaiting({});
        if (m_context.stopRequested())
            return opened;
    }
}

Result<void> Coordinator::preflight(Connection& control)
{
    auto server = readServerProfile(control);
    if (!server)
        return fail(server.error());
    m_context.server = *server;
    m_outcome.server = *server;
    auto version = m_client->version();
    if (!version)
        return fail(version.error());
    m_outcome.sourceVersion = version->version.toString();
    if (m_context.request.sourceFactory)
        return {};
    if (m_context.request.plan.source.transport == TransportChoice::Grpc)
        return fail(ErrorKind::Unsupported, QStringLiteral("This program reads points over REST only."), {},
            QStringLiteral("Choose the transport auto or rest."));
    m_context.request.sourceFactory = [source = m_context.request.source](
                                          const QString& collection) -> Result<std::unique_ptr<PointSource>> {
        return makeRestPointSource(source, collection);
    };
    return {};
}

Result<void> Coordinator::prepareCollection(const CollectionPlan& plan)
{
    CollectionRun run;
    run.plan = plan;
    const auto known = m_context.request.facts.constFind(plan.name);
    if (known != m_context.request.facts.constEnd()) {
        run.facts = *known;
    } else {
        FactOptions options;
        options.samplePoints = 0;
        auto facts = readCollectionFacts(*m_client, plan.name, options, m_context.abortToken());
        if (!facts)
            return fail(facts.error());
        run.facts = std::move(*facts);
    }
    run.fingerprint = run.facts.info.configFingerprint();
    auto schema = targetSchema(m_context.request.plan, plan, m_context.server);
    if (!schema)
        return fail(schema.error());
    run.schema = std::move(*schema);
    const qint64 pageBytes =
        m_context.request.plan.run.pageBytes > 0 ? m_context.request.plan.run.pageBytes : restPageBytes;
    run.sizer = std::make_unique<PageSizer>(
        pageBytes, run.facts.meanPointBytes, run.facts.info.strictMode.maxQueryLimit.value_or(0));
    run.before.collection = plan.name;
    run.before.table = plan.table;
    m_context.collections.push_back(std::move(run));
    return {};
}

/// Two runs into one table never mix: each holds a shared lock (table, run) and refuses when it sees another
/// run's.
Result<void> Coordinator::keepApart(Connection& control)
{
    for (const CollectionRun& collection : m_context.collections) {
        const TableSpec& table = collection.schema.table;
        if (auto held = holdTable(control, m_context.runId, table.schema, table.name); !held)
            return held;
    }
    return {};
}

Result<void> Coordinator::createSchema(Connection& control, const QList<LedgerRange>& ranges)
{
    enter(RunState::CreatingSchema);
    if (auto ensured = m_context.ledger.ensure(control); !ensured)
        return ensured;
    LedgerRun run;
    run.id = m_context.runId;
    run.planJson = planToJson(m_context.request.plan);
    run.planHash = planHash(m_context.request.plan);
    run.toolVersion = QStringLiteral(QDRANT2PG_VERSION);
    run.state = runStateName(RunState::Copying);
    QJsonObject facts;
    facts.insert(QStringLiteral("qdrantVersion"), m_outcome.sourceVersion);
    facts.insert(QStringLiteral("runStartMicros"), QString::number(m_context.runStartMicros));
    QJsonObject collections;
    for (const CollectionRun& collection : m_context.collections) {
        collections.insert(collection.plan.name,
            QJsonObject{
                {QStringLiteral("fingerprint"), QString::fromLatin1(collection.fingerprint)},
                {QStringLiteral("count"), collection.facts.bestCount()},
                {QStringLiteral("countOrigin"), countText(collection.facts)},
                {QStringLiteral("expected"), collection.expected},
            });
        run.expected += std::max<qint64>(collection.expected, 0);
    }
    facts.insert(QStringLiteral("collections"), collections);
    run.factsJson = QJsonDocument(facts).toJson(QJsonDocument::Compact);

    // Tables, run and ranges appear together or not at all.
    if (auto begun = control.begin(); !begun)
        return begun;
    const auto steps = [&]() -> Result<void> {
        for (const CollectionRun& collection : m_context.collections) {
            StageProgress stage{collection.plan.name, QStringLiteral("schema"), collection.plan.table,
                StageProgress::State::Running, -1, {}, {}};
            const auto started = Clock::now();
            if (auto created = SchemaRunner::before(control, collection.schema); !created)
                return created;
            stage.state = StageProgress::State::Done;
            stage.elapsed = since(started);
            m_callbacks.stage(stage);
        }
        if (auto created = m_context.ledger.createRun(control, run); !created)
            return created;
        return m_context.ledger.addRanges(control, m_context.runId, ranges);
    };
    if (auto done = steps(); !done) {
        control.rollback();
        return done;
    }
    if (auto set = control.execute("SET LOCAL synchronous_commit = on"); !set) {
        control.rollback();
        return fail(set.error());
    }
    if (auto committed = control.commit(); !committed)
        return committed;
    m_runExists = true;
    // The extension may have been created just now.
    auto server = readServerProfile(control);
    if (!server)
        return fail(server.error());
    m_context.server = *server;
    m_outcome.server = *server;
    return {};
}

Result<void> Coordinator::startRun(Connection& control)
{
    m_context.runId = newRunId();
    m_context.runStartMicros = QDateTime::currentMSecsSinceEpoch() * 1000;
    m_context.ledger = Ledger(m_context.request.plan.target.ledgerSchema);
    for (const CollectionPlan& plan : m_context.request.plan.collections) {
        if (auto prepared = prepareCollection(plan); !prepared)
            return prepared;
    }
    if (auto apart = keepApart(control); !apart)
        return apart;
    QList<LedgerRange> ranges;
    for (CollectionRun& collection : m_context.collections) {
        const QString& table = collection.schema.table.name;
        auto existing = readTable(control, collection.schema.table.schema, table);
        if (!existing)
            return fail(existing.error());
        if (*existing && collection.plan.mode == TableMode::Create) {
            Error error =
                makeError(ErrorKind::Conflict, QStringLiteral("Table %1 exists already.").arg(table), {},
                    QStringLiteral("Choose another table with --table, or --mode append, merge or replace."));
            error.where.table = table;
            return fail(error);
        }
        const int lanes = m_context.request.lanes > 0 ? m_context.request.lanes : automaticLanes;
        auto planned = planRanges(*m_client, collection.plan, collection.facts, lanes,
            m_context.request.plan.run.ranges, m_context.abortToken(), {});
        if (!planned)
            return fail(planned.error());
        m_callbacks.message(QStringLiteral("%1: %2.").arg(collection.plan.name, planned->note));
        collection.expected = planned->expected >= 0 ? planned->expected : collection.facts.bestCount();
        collection.expectedExact = planned->expected >= 0 || collection.facts.exactCount.has_value();
        collection.ranges = static_cast<int>(planned->ranges.size());
        ranges << planned->ranges;
    }
    return createSchema(control, ranges);
}

Result<void> Coordinator::resumeRun(Connection& control)
{
    m_context.runId = m_context.request.resumeRunId;
    m_context.ledger = Ledger(m_context.request.plan.target.ledgerSchema);
    if (auto ensured = m_context.ledger.ensure(control); !ensured)
        return ensured;
    auto found = m_context.ledger.run(control, m_context.runId);
    if (!found)
        return fail(found.error());
    if (!*found) {
        return fail(ErrorKind::NotFound,
            QStringLiteral("There is no run %1 in this database.").arg(m_context.runId), {},
            QStringLiteral("`qdrant2pg runs` lists the runs of a database."));
    }
    const LedgerRun& run = **found;
    if (run.state == runStateName(RunState::Completed)
        || run.state == runStateName(RunState::CompletedWithRejects)) {
        return fail(ErrorKind::Conflict,
            QStringLiteral("Run %1 is complete; there is nothing to resume.").arg(run.id), {},
            QStringLiteral("`qdrant2pg verify %1` compares it again; `qdrant2pg report %1` shows its report.")
                .arg(run.id));
    }
    m_runExists = true;
    auto plan = planFromJson(run.planJson);
    if (!plan)
        return fail(plan.error());
    if (run.toolVersion != QLatin1String(QDRANT2PG_VERSION))
        m_callbacks.message(QStringLiteral("This run was started by version %1; this is %2.")
                                .arg(run.toolVersion, QStringLiteral(QDRANT2PG_VERSION)));
    const QString source = m_context.request.plan.source.url;
    if (!source.isEmpty() && source != plan->source.url && !m_context.request.acceptDifferences) {
        return fail(ErrorKind::Conflict,
            QStringLiteral("Run %1 reads from %2, not from %3.").arg(run.id, plan->source.url, source), {},
            QStringLiteral("Resume with the recorded source, or confirm that it is the same server with "
                           "--accept-differences."));
    }
    const RunPlan asked = m_context.request.plan.run;
    const QString recordedUrl = source.isEmpty() ? plan->source.url : source;
    m_context.request.plan = *plan;
    m_context.request.plan.source.url = recordedUrl;
    m_context.request.plan.run.maxPointsPerSecond = asked.maxPointsPerSecond;

    const QJsonObject facts = QJsonDocument::fromJson(run.factsJson).object();
    m_context.runStartMicros = facts.value(QStringLiteral("runStartMicros")).toString().toLongLong();
    const QJsonObject recorded = facts.value(QStringLiteral("collections")).toObject();
    for (const CollectionPlan& collection : plan->collections) {
        if (auto prepared = prepareCollection(collection); !prepared)
            return prepared;
        CollectionRun& prepared = m_context.collections.back();
        const QJsonObject before = recorded.value(collection.name).toObject();
        if (before.value(QStringLiteral("fingerprint")).toString()
                != QString::fromLatin1(prepared.fingerprint)
            && !m_context.request.acceptDifferences) {
            Error error = makeError(ErrorKind::Conflict,
                QStringLiteral(
                    "Collection %1 is not the one that this run began to copy: its configuration differs.")
                    .arg(collection.name),
                {},
                QStringLiteral("If it was created anew, forget this run and start another; "
                               "--accept-differences goes on all the same."));
            error.where.collection = collection.name;
            return fail(error);
        }
        prepared.expected = before.value(QStringLiteral("expected")).toInteger(-1);
        prepared.expectedExact = true;
    }
    if (auto apart = keepApart(control); !apart)
        return apart;
    auto ranges = m_context.ledger.ranges(control, m_context.runId);
    if (!ranges)
        return fail(ranges.error());
    QStringList freed;
    for (const LedgerRange& range : *ranges) {
        if (CollectionRun* collection = m_context.collection(range.collection)) {
            ++collection->ranges;
            collection->before.stored += range.rows;
            collection->before.rejected += range.rejected;
            collection->before.skipped += range.skipped;
            collection->before.read += range.rows + range.rejected + range.skipped;
            collection->before.sourceBytes += range.bytes;
            collection->before.rangesDone += range.state == QLatin1String("done") ? 1 : 0;
            m_context.rejectedTotal += range.rejected;
        }
        if (!range.owner.isEmpty() && !freed.contains(range.owner)
            && ownerIsDead(range.owner.toStdString())) {
            if (auto released = m_context.ledger.releaseOwner(control, m_context.runId, range.owner);
                !released)
                return released;
            freed << range.owner;
        }
    }
    if (auto set = m_context.ledger.setRunState(
            control, m_context.runId, runStateName(RunState::Copying), QString());
        !set)
        return set;
    return m_context.ledger.addEvent(control, m_context.runId, QStringLiteral("resumed"),
        QStringLiteral("by version ") + QStringLiteral(QDRANT2PG_VERSION));
}

/// A collection that was deleted and made again under the same name must never be mixed with the first.
Result<void> Coordinator::checkSourceIdentity()
{
    for (const CollectionRun& collection : m_context.collections) {
        auto info = m_client->collectionInfo(collection.plan.name);
        if (!info) {
            if (info.error().kind != ErrorKind::NotFound)
                return {}; // Lanes meet the same trouble and know how to wait; here it only delays the check.
            Error error = info.error();
            error.summary = QStringLiteral("Collection %1 was deleted while it was being copied.")
                                .arg(collection.plan.name);
            error.hint = QStringLiteral("What was copied is kept. If the collection comes back with its "
                                        "points, resume; otherwise forget the run.");
            error.retryable = false;
            return fail(error);
        }
        if (info->configFingerprint() != collection.fingerprint && !m_context.request.acceptDifferences) {
            Error error = makeError(ErrorKind::Conflict,
                QStringLiteral(
                    "Collection %1 was created anew or changed its vectors while it was being copied.")
                    .arg(collection.plan.name),
                {}, QStringLiteral("Forget this run and start another."));
            error.where.collection = collection.plan.name;
            return fail(error);
        }
    }
    return {};
}

Result<void> Coordinator::copy()
{
    enter(RunState::Copying);
    const int lanes = m_context.request.lanes > 0 ? m_context.request.lanes
        : m_context.request.plan.run.lanes > 0    ? m_context.request.plan.run.lanes
                                                  : automaticLanes;
    m_outcome.lanes = lanes;
    m_context.activities.resize(static_cast<std::size_t>(lanes));
    const auto started = Clock::now();
    {
        std::atomic<int> running{lanes};
        std::vector<std::jthread> threads;
        for (int number = 0; number < lanes; ++number) {
            threads.emplace_back([this, number, &running] {
                Lane lane(m_context, number);
                lane.run();
                --running;
                m_context.notify();
            });
        }
        // Leases are renewed on a connection of its own: a page may take longer than a lease.
        std::optional<Connection> heartbeat;
        auto nextBeat = Clock::now() + std::chrono::seconds(m_context.request.leaseSeconds) / 3;
        bool pausing = false;
        while (running > 0) {
            m_context.waitForChange(std::chrono::milliseconds(250));
            const bool cancelling = m_outcome.state == RunState::Cancelling;
            if (m_context.stopRequested() && !cancelling) {
                enter(RunState::Cancelling);
            } else if (!cancelling && m_context.pauseRequested() != pausing) {
                pausing = m_context.pauseRequested();
                enter(pausing ? RunState::Pausing : RunState::Copying);
            }
            if (pausing && m_outcome.state == RunState::Pausing && m_context.busyLanes == 0)
                enter(RunState::Paused);
            if (Clock::now() < nextBeat)
                continue;
            nextBeat = Clock::now() + std::chrono::seconds(m_context.request.leaseSeconds) / 3;
            if (!heartbeat || !heartbeat->isUsable()) {
                heartbeat.reset();
                if (auto opened = Connection::open(m_context.request.target))
                    heartbeat.emplace(std::move(*opened));
            }
            for (int number = 0; heartbeat && number < lanes; ++number) {
                const QString owner =
                    QString::fromStdString(m_context.owner) + QLatin1Char('-') + QString::number(number);
                if (!m_context.ledger.renewLeases(
                        *heartbeat, m_context.runId, owner, m_context.request.leaseSeconds)) {
                    heartbeat.reset();
                    break;
                }
            }
            if (!m_context.ending()) {
                if (auto same = checkSourceIdentity(); !same)
                    m_context.failWith(same.error());
            }
        }
    }
    m_outcome.dataTime = since(started);
    if (m_context.stopRequested()) {
        if (m_outcome.state != RunState::Cancelling)
            enter(RunState::Cancelling);
        return fail(ErrorKind::Cancelled, QStringLiteral("Stopped."));
    }
    if (const auto failure = m_context.failure())
        return fail(*failure);
    return checkSourceIdentity();
}

Result<void> Coordinator::buildIndexes()
{
    enter(RunState::BuildingIndexes);
    const auto started = Clock::now();
    for (CollectionRun& collection : m_context.collections) {
        SchemaRunner runner(
            m_context.request.target, m_context.server, m_callbacks.stage, m_context.abortToken());
        const qint64 rows = collection.before.stored + collection.counters->stored;
        auto notes = runner.after(collection.plan.name, collection.schema, rows, collection.plan.analyze);
        if (!notes)
            return fail(notes.error());
        for (const QString& note : *notes) {
            m_callbacks.message(note);
            m_outcome.warnings << note;
        }
        if (m_context.stopRequested())
            return fail(ErrorKind::Cancelled, QStringLiteral("Stopped."));
    }
    m_outcome.indexTime = since(started);
    return {};
}

Result<void> Coordinator::verify()
{
    const VerifyLevel level = m_context.request.plan.run.verify;
    if (level == VerifyLevel::None || !m_context.request.verifier)
        return {};
    enter(RunState::Verifying);
    const auto started = Clock::now();
    VerifyRequest request;
    request.plan = m_context.request.plan;
    request.source = m_context.request.source;
    request.target = m_context.request.target;
    request.runId = m_context.runId;
    request.level = level;
    request.lanes = m_outcome.lanes > 0 ? m_outcome.lanes : automaticLanes;
    auto outcomes = m_context.request.verifier->verify(
        request,
        [this](const QString& collection, double fraction, const QString& note) {
            m_callbacks.stage(
                {collection, QStringLiteral("verify"), verifyLevelName(m_context.request.plan.run.verify),
                    StageProgress::State::Running, fraction, {}, note});
        },
        m_context.abortToken());
    m_outcome.verifyTime = since(started);
    if (!outcomes) {
        const Error error = outcomes.error();
        if (m_context.stopRequested() || error.kind == ErrorKind::Cancelled)
            return fail(ErrorKind::Cancelled, QStringLiteral("Stopped."));
        // The data is in; that it could not be compared is a result of its own, not a failed run.
        m_outcome.warnings << QStringLiteral("Verification could not be finished: %1").arg(error.summary);
        outcomes = QList<VerificationOutcome>{};
        for (const CollectionRun& collection : m_context.collections) {
            VerificationOutcome failed;
            failed.collection = collection.plan.name;
            failed.level = level;
            failed.result = QStringLiteral("failed");
            failed.sentence = error.summary;
            outcomes->append(failed);
        }
    }
    for (const VerificationOutcome& outcome : *outcomes) {
        const bool good = outcome.result == QLatin1String("identical");
        m_callbacks.stage({outcome.collection, QStringLiteral("verify"), verifyLevelName(level),
            good ? StageProgress::State::Done : StageProgress::State::Failed, 1, outcome.elapsed,
            outcome.sentence});
        for (CollectionOutcome& collection : m_outcome.collections) {
            if (collection.collection == outcome.collection)
                collection.verification = outcome;
        }
    }
    return {};
}

Result<void> Coordinator::publish(Connection& control)
{
    for (CollectionRun& collection : m_context.collections) {
        if (collection.plan.mode != TableMode::Replace)
            continue;
        const auto outcome = std::find_if(m_outcome.collections.begin(), m_outcome.collections.end(),
            [&collection](const CollectionOutcome& c) { return c.collection == collection.plan.name; });
        const bool verified = outcome != m_outcome.collections.end() && outcome->verification
            && outcome->verification->result == QLatin1String("identical");
        if (m_context.request.plan.run.publish == PublishMode::Hold || !verified) {
            const QString why = verified ? QStringLiteral("the plan says so")
                                         : QStringLiteral("verification did not find it identical");
            m_outcome.warnings << QStringLiteral(
                "%1 was not swapped in, because %2: the new rows wait in table %3.")
                                      .arg(collection.schema.table.name, why, collection.schema.loadName);
            continue;
        }
        if (auto swapped = swapTables(control, collection.schema); !swapped)
            return swapped;
        m_callbacks.message(QStringLiteral("Table %1 was replaced.").arg(collection.schema.table.name));
    }
    return {};
}

void Coordinator::collectNumbers(Connection& control)
{
    auto ranges = m_context.ledger.ranges(control, m_context.runId);
    m_outcome.collections.clear();
    for (const CollectionRun& collection : m_context.collections) {
        CollectionOutcome numbers;
        numbers.collection = collection.plan.name;
        numbers.table = collection.plan.table;
        numbers.schema = collection.schema.table.schema;
        numbers.mode = collection.plan.mode;
        DigestSum digest;
        for (const LedgerRange& range : ranges ? *ranges : QList<LedgerRange>()) {
            if (range.collection != collection.plan.name)
                continue;
            numbers.stored += range.rows;
            numbers.rejected += range.rejected;
            numbers.skipped += range.skipped;
            numbers.sourceBytes += range.bytes;
            digest += range.digest;
        }
        numbers.read = numbers.stored + numbers.rejected + numbers.skipped;
        numbers.digest = QString::fromLatin1(digest.toHex());
        if (auto rows = countRows(control, numbers.schema, collection.schema.loadName))
            numbers.targetNow = *rows;

        const std::string filter = collection.plan.filterJson.toStdString();
        qint64 total = 0;
        bool exact = true;
        for (const std::string& key : collection.facts.info.customSharding
                ? collection.facts.shardKeys
                : std::vector<std::string>{std::string()}) {
            auto counted = m_client->count(collection.plan.name, true, filter, key);
            exact = exact && counted.has_value();
            total += counted.value_or(0);
        }
        if (exact) {
            numbers.sourceCount = total;
            numbers.sourceCountOrigin = QStringLiteral("exact count by Qdrant at the end of the run");
        } else {
            numbers.sourceCount = collection.expected;
            numbers.sourceCountOrigin = collection.expectedExact
                ? QStringLiteral("pass over all ids at the start of the run")
                : countText(collection.facts);
        }
        if (collection.expected >= 0 && collection.expectedExact && exact && total != collection.expected)
            numbers.notes << QStringLiteral(
                "The collection changed during the run: %1 points at its start, %2 at its end.")
                                 .arg(formatCount(collection.expected), formatCount(total));
        m_outcome.collections << numbers;
    }
    QMap<QString, RejectGroup> groups;
    const auto visited =
        m_context.ledger.visitRejects(control, m_context.runId, [&groups](const RejectRow& reject) {
            RejectGroup& group = groups[reject.collection + QLatin1Char('\n') + reject.column
                + QLatin1Char('\n') + reject.reason];
            group.collection = reject.collection;
            group.column = reject.column;
            group.sqlState = reject.sqlState;
            group.reason = reject.reason;
            ++group.count;
            if (group.exampleIds.size() < 3)
                group.exampleIds << reject.pointId;
            return true;
        });
    if (!visited)
        m_outcome.warnings
            << QStringLiteral("The rejects could not be read: %1").arg(visited.error().summary);
    m_outcome.rejects = groups.values();
}

void Coordinator::finish(RunState state, const std::optional<Error>& error)
{
    m_outcome.error = error;
    m_outcome.runId = m_context.runId;
    m_outcome.ledgerSchema = m_context.ledger.schema();
    m_outcome.plan = m_context.request.plan;
    m_outcome.retries = m_context.retries;
    if (m_runExists && !m_finishedElsewhere) {
        if (auto control = Connection::open(m_context.request.target)) {
            if (m_outcome.collections.isEmpty())
                collectNumbers(*control);
            const QString reason = error ? error->summary : QString();
            if (auto set =
                    m_context.ledger.setRunState(*control, m_context.runId, runStateName(state), reason);
                !set)
                m_outcome.warnings << QStringLiteral("The ledger could not be told how the run ended: %1")
                                          .arg(set.error().summary);
        }
    }
    m_outcome.finishedAt = QDateTime::currentDateTimeUtc();
    enter(state);
}

RunOutcome Coordinator::run()
{
    m_outcome.startedAt = QDateTime::currentDateTimeUtc();
    m_context.owner = processOwner();
    m_client = std::make_unique<QdrantClient>(m_context.request.source, m_context.abortToken());
    enter(RunState::Preflight);

    const auto sequence = [this]() -> Result<void> {
        auto control = Connection::open(m_context.request.target);
        if (!control)
            return fail(control.error());
        if (auto ready = preflight(*control); !ready)
            return ready;
        if (auto ready = m_context.request.resumeRunId.isEmpty() ? startRun(*control) : resumeRun(*control);
            !ready)
            return ready;
        if (m_context.stopRequested()) {
            enter(RunState::Cancelling);
            return fail(ErrorKind::Cancelled, QStringLiteral("Stopped."));
        }
        if (auto copied = copy(); !copied)
            return copied;
        // The control connection may have died meanwhile; with it went the lock that keeps other runs away.
        auto finishing = connectWithRetries();
        if (!finishing)
            return fail(finishing.error());
        // Of several processes on one run, one ends it; the others wait here and then find it done.
        auto turn = finishing->execute("SELECT pg_advisory_lock("
            + QByteArray::number(advisoryKey("qdrant2pg:finish")) + ", "
            + QByteArray::number(advisoryKey(m_context.runId.toUtf8())) + ")");
        if (!turn)
            return fail(turn.error());
        auto present = m_context.ledger.run(*finishing, m_context.runId);
        if (!present)
            return fail(present.error());
        if (*present
            && ((*present)->state == runStateName(RunState::Completed)
                || (*present)->state == runStateName(RunState::CompletedWithRejects)))
            m_finishedElsewhere = true;
        if (m_finishedElsewhere) {
            enter(RunState::BuildingIndexes);
            collectNumbers(*finishing);
            enter(RunState::Finishing);
            return {};
        }
        if (auto built = buildIndexes(); !built)
            return built;
        collectNumbers(*finishing);
        if (auto verified = verify(); !verified)
            return verified;
        enter(RunState::Finishing);
        if (auto published = publish(*finishing); !published)
            return published;
        const qint64 rejected = std::accumulate(m_outcome.collections.begin(), m_outcome.collections.end(),
            qint64{0}, [](qint64 sum, const CollectionOutcome& c) { return sum + c.rejected; });
        finish(rejected > 0 ? RunState::CompletedWithRejects : RunState::Completed, std::nullopt);
        return {};
    };
    const auto result = sequence();
    if (!result) {
        const Error& error = result.error();
        const bool cancelled =
            m_context.stopRequested() && (error.kind == ErrorKind::Cancelled || m_context.aborted());
        if (cancelled && m_outcome.state != RunState::Cancelling)
            enter(RunState::Cancelling);
        finish(cancelled ? RunState::Cancelled : RunState::Failed,
            cancelled ? std::nullopt : std::optional<Error>(error));
    } else if (!isTerminal(m_outcome.state)) {
        const bool rejects = std::any_of(m_outcome.collections.begin(), m_outcome.collections.end(),
            [](const CollectionOutcome& c) { return c.rejected > 0; });
        finish(rejects ? RunState::CompletedWithRejects : RunState::Completed, std::nullopt);
    }
    return m_outcome;
}

} // namespace qdrant2pg
