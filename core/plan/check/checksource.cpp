// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/units.h"
#include "core/plan/check/checks.h"
#include "core/plan/estimate.h"

#include <algorithm>

namespace qdrant2pg::checks {

namespace {

void checkStatus(Findings& findings, const CollectionFacts& facts)
{
    const CollectionInfo& info = facts.info;
    if (!facts.serverVersion.isNull() && facts.serverVersion < QVersionNumber(1, 7))
        findings.blocker("qdrant-too-old", FindingGroup::CannotMove, {},
            QStringLiteral("Qdrant %1 is too old: 1.7 is the oldest version that can be read.")
                .arg(facts.serverVersion.toString()));
    if (facts.bestCount() == 0 && !facts.ids.hasNumbers && !facts.ids.hasUuids)
        findings.note("empty-collection", FindingGroup::WillMove, {},
            QStringLiteral("The collection holds no points: an empty table is made."));
    if (info.status == QLatin1String("red"))
        findings
            .warning("source-status", FindingGroup::CannotMove, {},
                QStringLiteral("Qdrant reports status red: an operation on this collection failed, and "
                               "points may be missing."))
            .hint = QStringLiteral("Look at Qdrant's log before you trust the result.");
    else if (info.status == QLatin1String("yellow") || info.status == QLatin1String("grey"))
        findings.note("source-status", FindingGroup::WillMove, {},
            QStringLiteral("Qdrant is still optimising this collection (status %1): it can be read, and "
                           "counts by estimate are off.")
                .arg(info.status));
    if (!info.optimizerError.isEmpty())
        findings.warning("optimizer-error", FindingGroup::WillMove, {},
            QStringLiteral("Qdrant's optimizer reports an error: %1").arg(info.optimizerError));
    for (const QString& warning : info.warnings)
        findings.note(
            "source-warning", FindingGroup::WillMove, {}, QStringLiteral("Qdrant says: %1").arg(warning));

    const qint64 deferred = info.deferredPoints.value_or(0);
    if (info.preventUnoptimized && (deferred > 0 || info.status != QLatin1String("green"))) {
        findings
            .warning("deferred-points", FindingGroup::CannotMove, {},
                deferred > 0
                    ? QStringLiteral("Qdrant hides %1 points until they are optimised (prevent_unoptimized): "
                                     "they cannot be read and would not move.")
                          .arg(formatCount(deferred))
                    : QStringLiteral("Qdrant may hide points until they are optimised (prevent_unoptimized): "
                                     "what is hidden does not move."))
            .hint = QStringLiteral("Wait until the collection is green, or let its owner switch "
                                   "prevent_unoptimized off: the points show within seconds.");
    }
    if (info.updateQueueLength.value_or(0) > 0)
        findings
            .warning("live-queue", FindingGroup::CannotMove, {},
                QStringLiteral("%1 writes wait in Qdrant's queue: the collection is being written to, and "
                               "what comes during the run may be missed.")
                    .arg(formatCount(*info.updateQueueLength)))
            .hint = QStringLiteral("Stop the writers for the run, or run `qdrant2pg catch-up` afterwards.");
}

void checkCluster(Findings& findings, const CollectionFacts& facts)
{
    if (!facts.cluster)
        return;
    if (facts.cluster->transfers > 0 || facts.cluster->reshardings > 0)
        findings
            .warning("shard-transfers", FindingGroup::CannotMove, {},
                QStringLiteral(
                    "Qdrant is moving shards of this collection: points may be seen twice or not at all."))
            .hint = QStringLiteral("Wait until the transfers are done.");
    const auto inactive =
        std::count_if(facts.cluster->shards.begin(), facts.cluster->shards.end(), [](const ShardInfo& shard) {
            return shard.state != QLatin1String("Active") && shard.state != QLatin1String("ActiveRead");
        });
    if (inactive > 0)
        findings
            .warning("replica-not-active", FindingGroup::CannotMove, {},
                QStringLiteral("%1 of %2 replicas are not active.")
                    .arg(inactive)
                    .arg(facts.cluster->shards.size()))
            .hint = QStringLiteral("Repair the cluster first, or read with consistency majority.");
}

void checkStrictMode(Findings& findings, const CollectionFacts& facts)
{
    const StrictMode& strict = facts.info.strictMode;
    if (!facts.exactCount && facts.bestCount() > 0)
        findings.note("count-estimated", FindingGroup::WillMove, {},
            QStringLiteral("About %1 points by %2. What was read is counted exactly during the run.")
                .arg(formatCount(facts.bestCount()), facts.countNote));
    if (!strict.enabled)
        return;
    if (strict.maxQueryLimit)
        findings.note("strict-page-limit", FindingGroup::WillMove, {},
            QStringLiteral("Strict mode allows %1 points a page; pages stay within it.")
                .arg(formatCount(*strict.maxQueryLimit)));
    if (strict.readRateLimit && *strict.readRateLimit > 0) {
        const double pageLimit = static_cast<double>(strict.maxQueryLimit.value_or(5000));
        const double perPage =
            std::clamp(2.0 * 1024 * 1024 / std::max(facts.meanPointBytes, 1.0), 1.0, pageLimit);
        const double minutes =
            static_cast<double>(facts.bestCount()) / perPage / static_cast<double>(*strict.readRateLimit);
        findings.warning("strict-rate-limit", FindingGroup::WillMove, {},
            QStringLiteral("Strict mode allows %1 reads a minute: this run takes at least %2.")
                .arg(formatCount(*strict.readRateLimit),
                    formatDuration(std::chrono::milliseconds(static_cast<qint64>(minutes * 60'000)))));
    }
    const QByteArray& filter = findings.plan().filterJson;
    if (!filter.isEmpty() && strict.unindexedFilteringRetrieve == false)
        findings.note("strict-filter", FindingGroup::WillMove, QStringLiteral("filter"),
            QStringLiteral("Strict mode refuses filters on fields without an index: the filter must use "
                           "indexed fields only."));
}

void checkSharding(Findings& findings, const CollectionFacts& facts)
{
    const CollectionPlan& plan = findings.plan();
    if (facts.info.customSharding && plan.shardKeyColumn.isEmpty()) {
        findings.blocker("shard-key-missing", FindingGroup::CannotMove, QStringLiteral("shardKey.column"),
            QStringLiteral("This collection has shard keys, and one id may exist under several: the table "
                           "needs a column for the key."));
        findings.fix(QStringLiteral("add the column shard_key to the table and to its primary key"),
            QStringLiteral("shardKey.column"), QStringLiteral("shard_key"));
    } else if (facts.info.customSharding) {
        findings.note("shard-keys", FindingGroup::WillChange, QStringLiteral("shardKey.column"),
            QStringLiteral(
                "%1 shard keys: the key of each point goes into column %2, which is part of the primary key.")
                .arg(facts.shardKeys.size())
                .arg(plan.shardKeyColumn));
        if (plan.shardKeyType == QLatin1String("text")) {
            QStringList texts;
            for (const std::string& key : facts.shardKeys)
                texts << QString::fromStdString(key).remove(QLatin1Char('"'));
            if (texts.removeDuplicates() > 0) {
                findings.blocker("shard-keys-clash", FindingGroup::CannotMove,
                    QStringLiteral("shardKey.type"),
                    QStringLiteral("Two shard keys differ only in being a number or a text, and would become "
                                   "the same."));
                findings.fix(QStringLiteral("store shard keys as jsonb"), QStringLiteral("shardKey.type"),
                    QStringLiteral("jsonb"));
            }
        }
    } else if (!plan.shardKeyColumn.isEmpty()) {
        findings.blocker("no-shard-keys", FindingGroup::CannotMove, QStringLiteral("shardKey.column"),
            QStringLiteral("The plan has a column for shard keys, but this collection has none."));
        findings.fix(QStringLiteral("leave the column out"), QStringLiteral("shardKey.column"), QJsonValue());
    }
}

void checkExtras(Findings& findings, const CollectionFacts& facts)
{
    const CollectionPlan& plan = findings.plan();
    if (!plan.filterJson.isEmpty())
        findings.note("filtered", FindingGroup::CannotMove, QStringLiteral("filter"),
            QStringLiteral("Only points that match the plan's filter move."));
    QStringList offered;
    for (const QString& alias : facts.aliases) {
        if (!plan.aliasViews.contains(alias))
            offered << alias;
    }
    if (!offered.isEmpty()) {
        findings.note("aliases", FindingGroup::CannotMove, QStringLiteral("after.aliasViews"),
            QStringLiteral("The collection has the aliases %1, for which no views are planned.")
                .arg(offered.join(QStringLiteral(", "))));
        findings.fix(QStringLiteral("make a view for each alias"), QStringLiteral("after.aliasViews"),
            QJsonValue::fromVariant(QVariant(plan.aliasViews + offered)));
    }
    if (!plan.comment.isEmpty())
        findings.note("metadata", FindingGroup::WillMove, QStringLiteral("after.comment"),
            QStringLiteral("The collection's metadata becomes the comment of the table."));
    QStringList quantised;
    for (const DenseVectorInfo& vector : facts.info.vectors) {
        if (!vector.quantization.isEmpty() || !facts.info.quantization.isEmpty())
            quantised << (vector.quantization.isEmpty() ? facts.info.quantization : vector.quantization);
    }
    quantised.removeDuplicates();
    if (!quantised.isEmpty())
        findings.note("quantization", FindingGroup::WillChange, QStringLiteral("indexes"),
            QStringLiteral("Qdrant searches this collection by quantised vectors (%1). The full vectors "
                           "move; an index here is built over them. "
                           "To save memory, an index over half precision (cast halfvec) or bits (cast bit) "
                           "comes near it.")
                .arg(quantised.join(QStringLiteral(", "))));
}

} // namespace

void source(Findings& findings)
{
    const CollectionFacts* facts = findings.facts();
    if (!facts) {
        findings.note("source-not-checked", FindingGroup::WillMove, {},
            QStringLiteral("Nothing was read from Qdrant about this collection."));
        return;
    }
    checkStatus(findings, *facts);
    checkCluster(findings, *facts);
    checkStrictMode(findings, *facts);
    checkSharding(findings, *facts);
    checkExtras(findings, *facts);
}

void estimate(Findings& findings)
{
    const CollectionFacts* facts = findings.facts();
    if (!facts || facts->bestCount() == 0)
        return;
    const std::optional<ServerProfile>& server = findings.input().server;
    const CollectionEstimate estimate = estimateCollection(findings.plan(), *facts, server);
    QString text =
        QStringLiteral(
            "%1%2 rows, about %3 on disk (table %4, indexes %5) and %6 of write-ahead log on the way.")
            .arg(estimate.rowsExact ? QString() : QStringLiteral("about "), formatCount(estimate.rows),
                formatBytes(estimate.diskBytes()), formatBytes(estimate.tableBytes),
                formatBytes(estimate.indexBytes), formatBytes(estimate.walBytes));
    if (estimate.dataTime)
        text += QStringLiteral(" Data: %1, by the pages just read.").arg(estimate.dataTime->toString());
    if (estimate.indexTime)
        text += QStringLiteral(" Vector index: %1, by a rule of thumb.").arg(estimate.indexTime->toString());
    findings.note("estimate", FindingGroup::WillMove, {}, text).hint = QStringLiteral(
        "The free space of the database server cannot be seen from here: check it before a large run.");

    // The engine raises maintenance_work_mem for its own builds, up to this.
    constexpr qint64 mostRaised = qint64{1} << 30;
    if (!server || estimate.indexMemory == 0 || server->maintenanceWorkMemBytes == 0)
        return;
    if (estimate.indexMemory > std::max(server->maintenanceWorkMemBytes, mostRaised)) {
        findings
            .warning("index-memory", FindingGroup::WillMove, QStringLiteral("indexes"),
                QStringLiteral("The vector index builds fast in %1 of memory; maintenance_work_mem is %2. It "
                               "will be built all the same, several times slower.")
                    .arg(formatBytes(estimate.indexMemory), server->maintenanceWorkMem))
            .hint = QStringLiteral("Set maintenance_work_mem to %1 for this role if the server has it to "
                                   "spare, or index half precision (cast halfvec).")
                        .arg(formatBytes(estimate.indexMemory));
    } else if (estimate.indexMemory > server->maintenanceWorkMemBytes) {
        findings.note("index-memory-raised", FindingGroup::WillMove, QStringLiteral("indexes"),
            QStringLiteral("The vector index needs %1 of memory: maintenance_work_mem is raised for the "
                           "build. In a container that needs as much shared "
                           "memory (--shm-size); without it the build goes on with one process.")
                .arg(formatBytes(estimate.indexMemory)));
    }
}

} // namespace qdrant2pg::checks
