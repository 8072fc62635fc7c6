// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/lane.h"

#include "core/common/cputime.h"
#include "core/common/units.h"
#include "core/engine/pagestore.h"

#include <map>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

/// How often a lane without a range looks whether one has become free.
constexpr std::chrono::milliseconds othersInterval{250};

/// How a lane left a range.
enum class RangeEnd { Done, Stopped, Lost };

Error outOfOrder(const QString& collection, const PointId& id)
{
    Error error = makeError(ErrorKind::Protocol,
        QStringLiteral("Qdrant sent the points of a page in an order that it never uses."), {},
        QStringLiteral("Is a proxy between this computer and Qdrant changing the answers?"));
    error.where.collection = collection;
    error.where.pointId = id.toString();
    return error;
}

} // namespace

class Lane::Private {
public:
    Private(RunContext& c, int number)
        : context(c)
        , owner(QString::fromStdString(c.owner) + QLatin1Char('-') + QString::number(number))
        , sourceRetry(c.request.retry)
        , targetRetry(c.request.retry)
        , activity(c.activities[static_cast<std::size_t>(number)])
    {
    }

    RunContext& context;
    QString owner;
    RetryPolicy sourceRetry;
    RetryPolicy targetRetry;
    std::optional<Connection> connection;
    std::map<QString, PageStore> stores;
    QString sourceCollection;
    std::unique_ptr<PointSource> source;
    PointPage page;

    void run();
    Result<void> connect();
    Result<void> prepareConnection();
    Result<bool> waitForOthers();
    Result<PageStore*> storeOf(CollectionRun& collection);
    Result<RangeEnd> copyRange(LedgerRange& range, CollectionRun& collection);
    Result<RangeEnd> copyRangeWithRetries(LedgerRange& range, CollectionRun& collection);
    Result<void> openSource(const QString& collection);
    bool waitBeforeRetry(RetryPolicy& policy, const Error& error, const QString& who);
    bool recover(const Error& error);
    /// What waits for an answer of PostgreSQL, so that a stall has a name.
    template <class Ask> auto askTarget(const Ask& ask)
    {
        activity.begin(LaneActivity::What::PostgreSql);
        auto answer = ask();
        silence = answer ? std::chrono::milliseconds(0) : activity.elapsed();
        activity.end();
        return answer;
    }
    void ask(const PointId& from, const LedgerRange& range, const CollectionRun& collection);
    void dropSource();
    void dropConnection();
    /// Whether the last error of copyRange() came from Qdrant; else it came from PostgreSQL or from here.
    bool sourceFailed = false;
    LaneActivity& activity;
    /// How long the server that was asked had been silent when the last error came.
    std::chrono::milliseconds silence{0};
};

bool Lane::Private::waitBeforeRetry(RetryPolicy& policy, const Error& error, const QString& who)
{
    const auto delay = policy.next(error);
    if (!delay)
        return false;
    ++context.retries;
    context.beginRest();
    const bool goOn = context.waitNamed(policy.waitText(who, error, silence), *delay);
    context.endRest();
    return goOn && !context.ending();
}

/// Between two ranges: waits as the policy says and connects anew. False when the lane is at its end.
bool Lane::Private::recover(const Error& error)
{
    if (!waitBeforeRetry(targetRetry, error, QStringLiteral("PostgreSQL"))) {
        if (!context.ending())
            context.failWith(error);
        return false;
    }
    dropConnection();
    auto connected = connect();
    if (!connected)
        context.failWith(connected.error());
    return connected.has_value();
}

Result<void> Lane::Private::connect()
{
    while (!connection) {
        auto opened = Connection::open(context.request.target);
        if (opened) {
            connection.emplace(std::move(*opened));
            auto ready = prepareConnection();
            if (ready)
                return {};
            dropConnection();
            opened = fail(ready.error());
        }
        if (!waitBeforeRetry(targetRetry, opened.error(), QStringLiteral("PostgreSQL")))
            return fail(opened.error());
    }
    return {};
}

Result<void> Lane::Private::prepareConnection()
{
    // Losing the last commits in a server crash is safe: their ledger rows are lost with them. The server is
    // asked to notice a computer that vanished within a minute, because an open transaction of a dead lane
    // keeps its range locked.
    auto set = connection->execute("SET synchronous_commit = off; SET tcp_keepalives_idle = 30; "
                                   "SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3");
    if (!set)
        return fail(set.error());
    connection->allowPreparing(!context.server.transactionPooler);
    return context.ledger.announceOwner(*connection, owner);
}

void Lane::Private::dropConnection()
{
    connection.reset();
}

void Lane::Private::dropSource()
{
    if (source)
        source->cancel();
    source.reset();
    sourceCollection.clear();
}

Result<void> Lane::Private::openSource(const QString& collection)
{
    if (source && sourceCollection == collection)
        return {};
    dropSource();
    auto opened = context.request.sourceFactory(collection);
    if (!opened)
        return fail(opened.error());
    source = std::move(*opened);
    sourceCollection = collection;
    return {};
}

Result<PageStore*> Lane::Private::storeOf(CollectionRun& collection)
{
    const auto found = stores.find(collection.plan.name);
    if (found != stores.end())
        return &found->second;
    auto created = PageStore::create(context, collection);
    if (!created)
        return fail(created.error());
    return &stores.emplace(collection.plan.name, std::move(*created)).first->second;
}

void Lane::Private::ask(const PointId& from, const LedgerRange& range, const CollectionRun& collection)
{
    PageRequest request;
    request.from = from;
    request.limit = collection.sizer->limit();
    // One more than the range should hold shows its end; more would only be thrown away.
    if (range.expected >= 0) {
        const qint64 left =
            std::max<qint64>(range.expected - range.rows - range.rejected - range.skipped, 0) + 1;
        request.limit = static_cast<std::uint32_t>(std::min<qint64>(request.limit, left));
    }
    request.filterJson = collection.plan.filterJson.toStdString();
    request.shardKeyJson = range.shardKey.toStdString();
    request.withVectors = !collection.plan.vectors.isEmpty();
    request.maxReplyBytes = collection.sizer->maxReplyBytes();
    context.throttle(request.limit);
    source->request(request);
}

Result<RangeEnd> Lane::Private::copyRange(LedgerRange& range, CollectionRun& collection)
{
    // The pause may have come while the range was being taken.
    context.rest();
    if (context.ending())
        return RangeEnd::Stopped;
    const QString& name = collection.plan.name;
    const auto upper = range.upper.isEmpty() ? std::nullopt : PointId::parse(range.upper.toStdString());
    std::optional<PointId> from = PointId();
    if (!range.cursor.isEmpty()) {
        const auto cursor = PointId::parse(range.cursor.toStdString());
        if (!cursor)
            return fail(ErrorKind::Internal,
                QStringLiteral("The ledger's cursor %1 is no point id.").arg(range.cursor));
        from = cursor->successor();
    } else if (!range.lower.isEmpty()) {
        from = PointId::parse(range.lower.toStdString());
    }
    sourceFailed = true;
    if (auto opened = openSource(name); !opened)
        return fail(opened.error());
    sourceFailed = false;
    auto store = storeOf(collection);
    if (!store)
        return fail(store.error());

    const bool beyondEnd = !from || (upper && *from >= *upper);
    if (beyondEnd) {
        page.clear();
        auto stored = (*store)->store(*connection, range, owner, page, 0, true);
        if (!stored)
            return fail(stored.error());
        return *stored == RowStore::Stored::Yes ? RangeEnd::Done : RangeEnd::Lost;
    }
    ask(*from, range, collection);
    for (;;) {
        const auto waitStarted = Clock::now();
        sourceFailed = true;
        activity.begin(LaneActivity::What::Qdrant);
        const auto cpuBefore = threadCpuTime();
        auto received = source->await(page, context.abortToken());
        context.cpu.decodeNs += (threadCpuTime() - cpuBefore).count();
        silence = received ? std::chrono::milliseconds(0) : activity.elapsed();
        activity.end();
        const auto times = source->takeTimes();
        context.times.computeNs += times.decoding.count();
        context.times.sourceNs += (Clock::now() - waitStarted).count() - times.decoding.count();
        if (!received)
            return fail(received.error());
        sourceRetry.succeeded();

        const auto points = page.points();
        collection.sizer->received(static_cast<std::uint32_t>(points.size()), page.wireBytes());
        std::size_t inRange = 0;
        PointId previous = *from;
        for (const PointView& point : points) {
            if (inRange == 0 ? point.id < previous : point.id <= previous)
                return fail(outOfOrder(name, point.id));
            previous = point.id;
            if (upper && point.id >= *upper)
                break;
            ++inRange;
        }
        sourceFailed = false;
        // `next_page_offset: null` alone is not believed: only an empty page or a point past the end ends a
        // range.
        std::optional<PointId> next;
        bool done = points.empty() || inRange < points.size();
        if (!done) {
            next = points.back().id.successor();
            done = !next || (upper && *next >= *upper);
        }
        const bool readAhead = !done && !context.ending() && !context.pauseRequested();
        if (readAhead) {
            LedgerRange ahead = range;
            ahead.rows += static_cast<qint64>(inRange);
            ask(*next, ahead, collection);
        }
        auto stored =
            askTarget([&] { return (*store)->store(*connection, range, owner, page, inRange, done); });
        if (!stored)
            return fail(stored.error());
        targetRetry.succeeded();
        if (*stored == RowStore::Stored::RangeMoved) {
            dropSource();
            return RangeEnd::Lost;
        }
        if (context.rejectedTotal > context.request.plan.run.maxRejects) {
            Error error = makeError(ErrorKind::Data,
                QStringLiteral("More than %1 points were rejected.")
                    .arg(formatCount(context.request.plan.run.maxRejects)),
                {},
                QStringLiteral("Look at the rejects, change the plan, or allow more of them (--max-rejects); "
                               "then resume."));
            error.where.collection = name;
            return fail(error);
        }
        if (done) {
            ++collection.counters->rangesDone;
            return RangeEnd::Done;
        }
        from = next;
        if (context.ending()) {
            dropSource();
            return RangeEnd::Stopped;
        }
        if (!readAhead) {
            context.rest();
            if (context.ending())
                return RangeEnd::Stopped;
            ask(*from, range, collection);
        }
    }
}

Result<RangeEnd> Lane::Private::copyRangeWithRetries(LedgerRange& range, CollectionRun& collection)
{
    for (;;) {
        auto end = copyRange(range, collection);
        if (end) {
            if (*end != RangeEnd::Lost)
                return end;
        } else {
            const Error error = end.error();
            dropSource();
            if (context.aborted() || error.kind == ErrorKind::Cancelled)
                return RangeEnd::Stopped;
            const bool targetLost = connection && !connection->isUsable();
            const bool qdrant = sourceFailed && !targetLost;
            if (qdrant
                && (error.kind == ErrorKind::Capacity || error.kind == ErrorKind::Timeout
                    || error.httpStatus == 500 || error.httpStatus == 408)) {
                if (collection.sizer->halve() && error.kind == ErrorKind::Capacity)
                    continue;
            }
            if (!waitBeforeRetry(qdrant ? sourceRetry : targetRetry, error,
                    qdrant ? QStringLiteral("Qdrant") : QStringLiteral("PostgreSQL")))
                return context.ending() && error.retryable ? Result<RangeEnd>(RangeEnd::Stopped)
                                                           : fail(error);
            if (error.poisonsConnection || targetLost)
                dropConnection();
            if (auto connected = connect(); !connected)
                return fail(connected.error());
        }
        // The ledger knows where the range stands: whether a COMMIT landed, or whether somebody else has it
        // now.
        auto present = context.ledger.range(*connection, context.runId, range.collection, range.number);
        if (!present) {
            if (!waitBeforeRetry(targetRetry, present.error(), QStringLiteral("PostgreSQL")))
                return fail(present.error());
            dropConnection();
            if (auto connected = connect(); !connected)
                return fail(connected.error());
            continue;
        }
        if (present->state == QLatin1String("done"))
            return RangeEnd::Done;
        if (present->owner != owner)
            return RangeEnd::Lost;
        range = *present;
    }
}

/// All that is left is held by others: takes over what belongs to dead ones, else waits a little. False when
/// nothing is left at all.
Result<bool> Lane::Private::waitForOthers()
{
    auto open = askTarget([this] { return context.ledger.openRanges(*connection, context.runId); });
    if (!open)
        return fail(open.error());
    if (open->open == 0)
        return false;
    auto released =
        askTarget([this] { return context.ledger.releaseDeadOwners(*connection, context.runId); });
    if (!released)
        return fail(released.error());
    if (*released > 0) {
        context.addMessage(
            QStringLiteral("%1 ranges of a lane that has gone away are taken over.").arg(*released));
        return true;
    }
    context.beginRest();
    context.waitForChange(othersInterval);
    context.endRest();
    return true;
}

void Lane::Private::run()
{
    if (auto connected = connect(); !connected) {
        context.failWith(connected.error());
        return;
    }
    while (!context.ending()) {
        context.rest();
        if (context.ending())
            break;
        auto leased = askTarget([this] {
            return context.ledger.leaseRange(*connection, context.runId, owner, context.request.leaseSeconds);
        });
        if (!leased) {
            if (!recover(leased.error()))
                return;
            continue;
        }
        if (!*leased) {
            auto more = waitForOthers();
            if (more ? !*more : !recover(more.error()))
                return;
            if (more)
                targetRetry.succeeded();
            continue;
        }
        LedgerRange range = **leased;
        CollectionRun* collection = context.collection(range.collection);
        if (!collection) {
            context.failWith(makeError(ErrorKind::Internal,
                QStringLiteral("The ledger has a range of collection %1, which the plan does not name.")
                    .arg(range.collection)));
            return;
        }
        auto end = copyRangeWithRetries(range, *collection);
        if (!end) {
            Error error = end.error();
            if (error.where.collection.isEmpty())
                error.where.collection = range.collection;
            context.failWith(error);
        }
        if (connection && connection->isUsable() && (!end || *end == RangeEnd::Stopped)) {
            // Best effort: without it the lease runs out by itself.
            [[maybe_unused]] const auto released =
                context.ledger.releaseRange(*connection, context.runId, range, owner);
        }
    }
}

Lane::Lane(RunContext& context, int number)
    : d(std::make_unique<Private>(context, number))
{
}

Lane::~Lane() = default;

void Lane::run()
{
    d->run();
}

} // namespace qdrant2pg
