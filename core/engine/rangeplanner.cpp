// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/rangeplanner.h"

#include "core/qdrant/pointsource.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr qint64 idPassLimit = 10'000'000;
constexpr std::uint32_t idsPerPage = 20'000;
/// Smaller ranges would cost more in requests than skew costs in idle lanes.
constexpr qint64 fewestPointsPerRange = 2'000;
constexpr qint64 mostPointsPerRange = 100'000;
constexpr int rangesPerLane = 8;

struct Boundary {
    PointId lower;
    qint64 points = 0;
};

QString idText(const PointId& id)
{
    return id.toString();
}

/// Ranges over the whole id space for one shard key from their first ids (the very first begins at the start
/// of everything).
void appendRanges(QList<LedgerRange>& out, const CollectionPlan& collection, const std::string& shardKey,
    const std::vector<Boundary>& boundaries, bool countsKnown)
{
    for (std::size_t i = 0; i < boundaries.size(); ++i) {
        LedgerRange range;
        range.collection = collection.name;
        range.number = static_cast<int>(out.size());
        range.shardKey = QString::fromStdString(shardKey);
        range.lower = i == 0 ? QString() : idText(boundaries[i].lower);
        range.upper = i + 1 < boundaries.size() ? idText(boundaries[i + 1].lower) : QString();
        range.state = QStringLiteral("open");
        range.expected = countsKnown ? boundaries[i].points : -1;
        out << range;
    }
}

} // namespace

Result<RangePlan> planRanges(QdrantClient& client, const CollectionPlan& collection,
    const CollectionFacts& facts, int lanes, int wantedRanges, std::stop_token stop,
    const std::function<void(qint64)>& progress)
{
    RangePlan plan;
    const qint64 count = std::max<qint64>(facts.bestCount(), 1);
    const bool idPass = count <= idPassLimit;
    const qint64 perRange = wantedRanges > 0
        ? std::max<qint64>(1, (count + wantedRanges - 1) / wantedRanges)
        : std::clamp(count / (lanes * rangesPerLane), fewestPointsPerRange, mostPointsPerRange);
    std::vector<std::string> shardKeys =
        facts.info.customSharding ? facts.shardKeys : std::vector<std::string>{std::string()};

    if (!idPass) {
        auto sample = client.randomSample(collection.name,
            static_cast<int>(std::min<qint64>(10'000, 10 * count / perRange + 1)), false, false);
        if (sample) {
            std::vector<PointId> ids;
            for (const PointView& point : sample->points())
                ids.push_back(point.id);
            std::sort(ids.begin(), ids.end());
            ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
            const auto wanted = std::max<std::size_t>(1, static_cast<std::size_t>(count / perRange));
            const std::size_t step = std::max<std::size_t>(1, ids.size() / wanted);
            std::vector<Boundary> boundaries{{PointId(), 0}};
            for (std::size_t i = step; i < ids.size(); i += step)
                boundaries.push_back({ids[i], 0});
            for (const std::string& shardKey : shardKeys)
                appendRanges(plan.ranges, collection, shardKey, boundaries, false);
            plan.ids = facts.ids;
            plan.note = QStringLiteral("%1 ranges from a random sample of %2 ids")
                            .arg(plan.ranges.size())
                            .arg(ids.size());
            return plan;
        }
        // Servers before 1.11 cannot sample: the pass over all ids is slower but always possible.
    }

    plan.expected = 0;
    const auto maxLimit = facts.info.strictMode.maxQueryLimit;
    for (const std::string& shardKey : shardKeys) {
        std::vector<Boundary> boundaries;
        std::optional<PointId> from = PointId();
        while (from) {
            PageRequest request;
            request.from = from;
            request.limit =
                maxLimit ? static_cast<std::uint32_t>(std::min<qint64>(*maxLimit, idsPerPage)) : idsPerPage;
            request.withPayload = false;
            request.withVectors = false;
            request.filterJson = collection.filterJson.toStdString();
            request.shardKeyJson = shardKey;
            if (stop.stop_requested())
                return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while reading the ids."));
            auto page = client.scroll(collection.name, request);
            if (!page)
                return fail(page.error());
            if (page->points().empty())
                break;
            for (const PointView& point : page->points()) {
                if (boundaries.empty() || boundaries.back().points >= perRange)
                    boundaries.push_back({point.id, 0});
                ++boundaries.back().points;
                plan.ids.hasNumbers |= point.id.isNumber();
                plan.ids.hasUuids |= point.id.isUuid();
                if (point.id.isNumber())
                    plan.ids.maxNumber = std::max(plan.ids.maxNumber.value_or(0), point.id.number());
            }
            plan.expected += static_cast<qint64>(page->points().size());
            if (progress)
                progress(plan.expected);
            // Always from the successor of the last id seen, also when the server says that there is no more.
            from = page->points().back().id.successor();
        }
        plan.ids.maxNumberExact = true;
        if (boundaries.empty())
            boundaries.push_back({PointId(), 0});
        appendRanges(plan.ranges, collection, shardKey, boundaries, true);
    }
    plan.note =
        QStringLiteral("%1 ranges from a pass over %2 ids").arg(plan.ranges.size()).arg(plan.expected);
    return plan;
}

} // namespace qdrant2pg
