// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/sourcefacts.h"

#include "core/common/nearestname.h"
#include "core/common/units.h"
#include "core/qdrant/pointsource.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <set>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

/// A first look before more is asked for: single points of many megabytes exist.
constexpr int firstSample = 10;
constexpr double mostSampleBytes = 32.0 * 1024 * 1024;
constexpr double ratePageBytes = 2.0 * 1024 * 1024;
/// Measuring stops early at this many pages or this part of the points: reading a small collection twice
/// tells nothing more.
constexpr qint64 leastRatePages = 4;
constexpr qint64 ratePart = 50;
constexpr std::uint32_t idPageLimit = 10'000;
constexpr int tooManyRequests = 429;
/// All waits for a rate limit together.
constexpr std::chrono::minutes longestWait(5);

DenseFacts& denseFacts(CollectionFacts& facts, const QString& name)
{
    for (DenseFacts& dense : facts.dense) {
        if (dense.name == name)
            return dense;
    }
    facts.dense << DenseFacts{name, 0, 0, 0};
    return facts.dense.last();
}

SparseFacts& sparseFacts(CollectionFacts& facts, const QString& name)
{
    for (SparseFacts& sparse : facts.sparse) {
        if (sparse.name == name)
            return sparse;
    }
    SparseFacts sparse;
    sparse.name = name;
    facts.sparse << sparse;
    return facts.sparse.last();
}

/// Reads the facts step by step; each step adds to the same value.
class FactReader {
public:
    FactReader(QdrantClient& client, QString collection, const FactOptions& options, std::stop_token stop)
        : m_client(&client)
        , m_collection(std::move(collection))
        , m_options(options)
        , m_stop(std::move(stop))
    {
    }

    Result<CollectionFacts> read();

private:
    using Step = Result<void> (FactReader::*)();

    Result<void> readServer();
    Result<void> readInfo();
    Result<void> readSurroundings();
    Result<void> readCount();
    Result<void> readIdKinds();
    Result<void> readAllIds();
    Result<void> readSample();
    Result<void> measureRate();

    /// A read as the client makes it, made again after the wait that a rate limit asks for.
    template <class Read> auto patiently(const Read& read) -> decltype(read());
    Result<PointPage> scroll(const PageRequest& request)
    {
        return patiently([&] { return m_client->scroll(m_collection, request); });
    }
    Error withCollections(Error error);
    Result<qint64> exactCount();
    Result<void> sampleSpread(int points);
    /// Points that were not sampled before, added to the sample.
    void take(PointPage page, Clock::duration time);
    std::uint32_t clamped(std::uint32_t limit) const;
    std::vector<PointId> spreadOffsets() const;

    QdrantClient* m_client;
    /// With a time limit that strict mode allows, when the given client's is longer.
    std::optional<QdrantClient> m_allowedClient;
    QString m_collection;
    FactOptions m_options;
    std::stop_token m_stop;
    CollectionFacts m_facts;
    std::set<PointId> m_sampled;
    std::chrono::seconds m_waited{};
    qint64 m_readPoints = 0;
    Clock::duration m_readTime{};
};

template <class Read> auto FactReader::patiently(const Read& read) -> decltype(read())
{
    for (;;) {
        auto done = read();
        if (done || done.error().httpStatus != tooManyRequests || done.error().retryAfterSeconds <= 0)
            return done;
        const std::chrono::seconds wait(done.error().retryAfterSeconds);
        m_waited += wait;
        if (m_waited > longestWait)
            return done;
        std::mutex mutex;
        std::condition_variable_any never;
        std::unique_lock lock(mutex);
        never.wait_for(lock, m_stop, wait, [] { return false; });
        if (m_stop.stop_requested())
            return done;
    }
}

Result<CollectionFacts> FactReader::read()
{
    for (const Step step : {&FactReader::readServer, &FactReader::readInfo, &FactReader::readSurroundings,
             &FactReader::readCount, &FactReader::readIdKinds, &FactReader::readAllIds,
             &FactReader::readSample, &FactReader::measureRate}) {
        if (m_stop.stop_requested())
            return fail(ErrorKind::Cancelled,
                QStringLiteral("Stopped while looking at collection %1.").arg(m_collection));
        if (auto done = (this->*step)(); !done) {
            Error error = done.error();
            if (error.where.collection.isEmpty())
                error.where.collection = m_collection;
            return fail(std::move(error));
        }
    }
    return std::move(m_facts);
}

std::uint32_t FactReader::clamped(std::uint32_t limit) const
{
    const qint64 most = m_facts.info.strictMode.maxQueryLimit.value_or(limit);
    return static_cast<std::uint32_t>(std::clamp<qint64>(limit, 1, std::max<qint64>(most, 1)));
}

Result<void> FactReader::readServer()
{
    auto version = m_client->version();
    if (!version)
        return fail(version.error());
    m_facts.serverVersion = version->version;
    return {};
}

/// "There is no collection gmae_collection": with the names that exist and the one that was probably meant.
Error FactReader::withCollections(Error error)
{
    const auto names = m_client->collections();
    if (!names)
        return error;
    error.summary = QStringLiteral("Qdrant has no collection %1.").arg(m_collection);
    if (names->isEmpty()) {
        error.hint = QStringLiteral("This server has no collections at all: is it the right one?");
        return error;
    }
    constexpr qsizetype mostNames = 20;
    QString list = names->mid(0, mostNames).join(QStringLiteral(", "));
    if (names->size() > mostNames)
        list += QStringLiteral(" and %1 more").arg(names->size() - mostNames);
    const QString near = nearestName(m_collection, *names);
    error.hint = near.isEmpty() ? QStringLiteral("Collections there: %1.").arg(list)
                                : QStringLiteral("Did you mean %1? Collections there: %2.").arg(near, list);
    return error;
}

Result<void> FactReader::readInfo()
{
    auto info = m_client->collectionInfo(m_collection);
    if (!info)
        return fail(info.error().kind == ErrorKind::NotFound ? withCollections(info.error()) : info.error());
    m_facts.info = std::move(*info);
    SourceOptions allowed = m_client->options();
    if (respectStrictMode(allowed, m_facts.info))
        m_client = &m_allowedClient.emplace(std::move(allowed), m_stop);
    return {};
}

Result<void> FactReader::readSurroundings()
{
    // Tokens that may read points alone are refused here, which costs nothing but advice.
    if (const auto aliases = m_client->aliases(m_collection)) {
        for (const AliasInfo& alias : *aliases)
            m_facts.aliases << alias.alias;
        m_facts.aliases.sort();
    }
    if (auto cluster = m_client->clusterInfo(m_collection))
        m_facts.cluster = std::move(*cluster);
    if (m_facts.info.customSharding) {
        auto keys = m_client->shardKeys(m_collection);
        if (!keys)
            return fail(keys.error());
        m_facts.shardKeys = std::move(*keys);
    }
    return {};
}

Result<qint64> FactReader::exactCount()
{
    if (!m_facts.info.customSharding)
        return patiently([this] { return m_client->count(m_collection, true); });
    // One id may live under two keys: the rows of both move.
    qint64 total = 0;
    for (const std::string& key : m_facts.shardKeys) {
        const auto count = patiently([&] { return m_client->count(m_collection, true, {}, key); });
        if (!count)
            return count;
        total += *count;
    }
    return total;
}

Result<void> FactReader::readCount()
{
    QString why;
    if (!m_options.exactCount) {
        why = QStringLiteral("no exact count was asked for");
    } else if (m_facts.info.strictMode.enabled && m_facts.info.strictMode.searchAllowExact == false) {
        why = QStringLiteral("the server's strict mode forbids exact counts");
    } else {
        const auto count = exactCount();
        if (count) {
            m_facts.exactCount = *count;
            m_facts.countNote = QStringLiteral("exact count");
            return {};
        }
        const ErrorKind kind = count.error().kind;
        if (kind == ErrorKind::Network || kind == ErrorKind::Tls || kind == ErrorKind::Authentication
            || kind == ErrorKind::Cancelled)
            return fail(count.error());
        why = kind == ErrorKind::Timeout
            ? QStringLiteral("the exact count took longer than the server allows")
            : QStringLiteral("the server refused an exact count");
    }
    if (!m_facts.info.pointsCount) {
        if (const auto estimate = m_client->count(m_collection, false))
            m_facts.info.pointsCount = *estimate;
    }
    m_facts.countNote = QStringLiteral("the server's estimate: %1").arg(why);
    return {};
}

Result<void> FactReader::readIdKinds()
{
    const auto firstFrom = [this](const std::optional<PointId>& from) -> Result<std::optional<PointId>> {
        PageRequest request;
        request.from = from;
        request.limit = 1;
        request.withPayload = false;
        request.withVectors = false;
        auto page = scroll(request);
        if (!page)
            return fail(page.error());
        return page->points().empty() ? std::nullopt : std::optional(page->points().front().id);
    };
    const auto first = firstFrom(std::nullopt);
    if (!first)
        return fail(first.error());
    if (!*first)
        return {};
    m_facts.ids.hasNumbers = (*first)->isNumber();
    m_facts.ids.hasUuids = (*first)->isUuid();
    if (!m_facts.ids.hasNumbers)
        return {};
    m_facts.ids.maxNumber = (*first)->number();
    const auto uuid = firstFrom(PointId::firstUuid());
    if (!uuid)
        return fail(uuid.error());
    m_facts.ids.hasUuids = uuid->has_value();
    const auto beyond = firstFrom(PointId::fromNumber(std::uint64_t{1} << 63));
    if (!beyond)
        return fail(beyond.error());
    m_facts.ids.hasNumbersBeyondInt64 = beyond->has_value() && (*beyond)->isNumber();
    if (*m_facts.ids.hasNumbersBeyondInt64)
        m_facts.ids.maxNumber = (*beyond)->number();
    return {};
}

Result<void> FactReader::readAllIds()
{
    if (!m_options.idPass)
        return {};
    PageRequest request;
    request.limit = clamped(idPageLimit);
    request.withPayload = false;
    request.withVectors = false;
    while (!m_stop.stop_requested()) {
        const auto page = scroll(request);
        if (!page)
            return fail(page.error());
        for (const PointView& point : page->points()) {
            m_facts.ids.hasNumbers = m_facts.ids.hasNumbers || point.id.isNumber();
            m_facts.ids.hasUuids = m_facts.ids.hasUuids || point.id.isUuid();
            if (point.id.isNumber())
                m_facts.ids.maxNumber = std::max(m_facts.ids.maxNumber.value_or(0), point.id.number());
        }
        if (!page->nextOffset())
            break;
        request.from = page->nextOffset();
    }
    m_facts.ids.maxNumberExact = m_facts.ids.maxNumber.has_value();
    if (m_facts.ids.maxNumber)
        m_facts.ids.hasNumbersBeyondInt64 = *m_facts.ids.maxNumber >> 63 != 0;
    return {};
}

void FactReader::take(PointPage page, Clock::duration time)
{
    m_readPoints += static_cast<qint64>(page.points().size());
    m_readTime += time;
    const std::size_t before = page.m_points.size();
    std::erase_if(
        page.m_points, [this](const PointView& point) { return !m_sampled.insert(point.id).second; });
    // What remains of a page must not count for the bytes of the points that were known.
    if (before > 0)
        page.m_wireBytes = page.m_wireBytes * page.m_points.size() / before;
    for (const PointView& point : page.points()) {
        if (point.id.isNumber() && !m_facts.ids.maxNumberExact)
            m_facts.ids.maxNumber = std::max(m_facts.ids.maxNumber.value_or(0), point.id.number());
    }
    addToSample(m_facts, page);
}

std::vector<PointId> FactReader::spreadOffsets() const
{
    std::vector<PointId> offsets;
    if (m_facts.ids.hasNumbers) {
        // Dense numbers are the rule; where they are not, the pages still come from four places.
        const auto count = static_cast<std::uint64_t>(std::max<qint64>(m_facts.bestCount(), 0));
        for (std::uint64_t i = 0; i < 4; ++i)
            offsets.push_back(PointId::fromNumber(count / 4 * i));
    }
    if (m_facts.ids.hasUuids) {
        for (int i = 0; i < 4; ++i) {
            PointId::UuidBytes bytes{};
            bytes[0] = static_cast<std::uint8_t>(i * 64);
            offsets.push_back(PointId::fromUuid(bytes));
        }
    }
    return offsets;
}

Result<void> FactReader::sampleSpread(int points)
{
    m_facts.sampleIsRandom = false;
    const std::vector<PointId> offsets = spreadOffsets();
    for (const PointId& offset : offsets) {
        PageRequest request;
        request.from = offset;
        request.limit = clamped(static_cast<std::uint32_t>(
            std::max<std::size_t>(static_cast<std::size_t>(points) / offsets.size(), 1)));
        const auto started = Clock::now();
        auto page = scroll(request);
        if (!page)
            return fail(page.error());
        take(std::move(*page), Clock::now() - started);
    }
    return {};
}

Result<void> FactReader::readSample()
{
    const bool empty = !m_facts.ids.hasNumbers && !m_facts.ids.hasUuids;
    if (m_options.samplePoints <= 0 || empty)
        return {};
    int wanted = std::min(m_options.samplePoints, firstSample);
    m_facts.sampleIsRandom = true;
    for (int round = 0; round < 2 && wanted > 0; ++round) {
        bool done = false;
        if (m_facts.sampleIsRandom) {
            const auto started = Clock::now();
            auto page = patiently([&] {
                return m_client->randomSample(
                    m_collection, static_cast<int>(clamped(static_cast<std::uint32_t>(wanted))), true, true);
            });
            if (page) {
                take(std::move(*page), Clock::now() - started);
                done = true;
            } else if (page.error().kind == ErrorKind::Cancelled || page.error().kind == ErrorKind::Network) {
                return fail(page.error());
            }
        }
        if (!done) {
            if (auto spread = sampleSpread(wanted); !spread)
                return spread;
        }
        const double affordable = mostSampleBytes / std::max(m_facts.meanPointBytes, 1.0);
        wanted = static_cast<int>(
            std::min<double>(m_options.samplePoints - firstSample, affordable - firstSample));
    }
    return {};
}

Result<void> FactReader::measureRate()
{
    // A measurement would use up the reads that a rate limit leaves to the owner's users.
    if (m_options.rateTime.count() > 0 && m_facts.sampledPoints > 0
        && !m_facts.info.strictMode.readRateLimit) {
        m_readPoints = 0;
        m_readTime = {};
        PageRequest request;
        request.limit = clamped(static_cast<std::uint32_t>(
            std::clamp(ratePageBytes / std::max(m_facts.meanPointBytes, 1.0), 1.0, 1000.0)));
        const auto until = Clock::now() + m_options.rateTime;
        const qint64 enough =
            std::max(leastRatePages * static_cast<qint64>(request.limit), m_facts.bestCount() / ratePart);
        do {
            const auto started = Clock::now();
            const auto page = scroll(request);
            if (!page)
                return fail(page.error());
            m_readTime += Clock::now() - started;
            m_readPoints += static_cast<qint64>(page->points().size());
            if (!page->nextOffset())
                break;
            request.from = page->nextOffset();
        } while (m_readPoints < enough && Clock::now() < until && !m_stop.stop_requested());
    }
    const double seconds = std::chrono::duration<double>(m_readTime).count();
    if (m_readPoints > 0 && seconds > 0)
        m_facts.sampleRate = static_cast<double>(m_readPoints) / seconds;
    return {};
}

} // namespace

void addToSample(CollectionFacts& facts, const PointPage& page)
{
    if (page.points().empty())
        return;
    double payloadBytes = 0;
    for (const PointView& point : page.points()) {
        payloadBytes += static_cast<double>(point.payload.size());
        facts.payload.add(point.payload);
        bool nonFinite = false;
        bool zero = false;
        for (const DenseVectorInfo& info : facts.info.vectors) {
            if (!page.vectorOf(point, info.name.toStdString()))
                ++denseFacts(facts, info.name).missing;
        }
        for (const VectorView& vector : page.vectorsOf(point)) {
            nonFinite = nonFinite || vector.hasNonFinite;
            const QString name =
                QString::fromUtf8(vector.name.data(), static_cast<qsizetype>(vector.name.size()));
            if (vector.kind == VectorKind::Sparse) {
                SparseFacts& sparse = sparseFacts(facts, name);
                if (!vector.indices.empty())
                    sparse.maxIndex = std::max(sparse.maxIndex, vector.indices.back());
                const auto zeros = std::count(vector.values.begin(), vector.values.end(), 0.0F);
                sparse.hasZeros = sparse.hasZeros || zeros > 0;
                sparse.maxNonZeros =
                    std::max(sparse.maxNonZeros, static_cast<qint64>(vector.values.size()) - zeros);
                continue;
            }
            DenseFacts& dense = denseFacts(facts, name);
            double largest = 0;
            for (const float value : vector.values)
                largest = std::max(largest, std::abs(static_cast<double>(value)));
            dense.largest = std::max(dense.largest, largest);
            if (largest == 0 && !vector.hasNonFinite) {
                ++dense.zeros;
                zero = true;
            }
        }
        facts.nonFinitePoints += nonFinite ? 1 : 0;
        facts.zeroVectorPoints += zero ? 1 : 0;
    }
    const auto before = static_cast<double>(facts.sampledPoints);
    const auto added = static_cast<double>(page.points().size());
    facts.meanPointBytes =
        (facts.meanPointBytes * before + static_cast<double>(page.wireBytes())) / (before + added);
    facts.meanPayloadBytes = (facts.meanPayloadBytes * before + payloadBytes) / (before + added);
    facts.sampledPoints += static_cast<qint64>(page.points().size());
}

bool respectStrictMode(SourceOptions& options, const CollectionInfo& info)
{
    if (!info.strictMode.maxTimeoutSeconds
        || *info.strictMode.maxTimeoutSeconds >= options.serverTimeoutSeconds)
        return false;
    options.serverTimeoutSeconds = static_cast<int>(std::max<qint64>(1, *info.strictMode.maxTimeoutSeconds));
    return true;
}

Result<CollectionFacts> readCollectionFacts(
    QdrantClient& client, const QString& collection, const FactOptions& options, std::stop_token stop)
{
    return FactReader(client, collection, options, std::move(stop)).read();
}

} // namespace qdrant2pg
