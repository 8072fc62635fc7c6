// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/runnumbers.h"

#include "core/common/units.h"
#include "core/engine/runpreparation.h"
#include "core/postgres/catalogue.h"
#include "core/qdrant/qdrantclient.h"

#include <QMap>

namespace qdrant2pg {

namespace {

constexpr int exampleIds = 3;

/// Exact count of the source now, all shard keys together; nothing when it cannot be had.
std::optional<qint64> sourceCount(QdrantClient& client, const CollectionRun& collection)
{
    const std::string filter = collection.plan.filterJson.toStdString();
    qint64 total = 0;
    for (const std::string& key : collection.facts.info.customSharding
            ? collection.facts.shardKeys
            : std::vector<std::string>{std::string()}) {
        auto counted = client.count(collection.plan.name, true, filter, key);
        if (!counted)
            return std::nullopt;
        total += *counted;
    }
    return total;
}

CollectionOutcome numbersOf(RunSession& session, const CollectionRun& collection,
    const QList<LedgerRange>& ranges, Connection& connection)
{
    CollectionOutcome numbers;
    numbers.collection = collection.plan.name;
    numbers.table = collection.plan.table;
    numbers.schema = collection.schema.table.schema;
    numbers.mode = collection.plan.mode;
    numbers.info = collection.facts.info;
    DigestSum digest;
    for (const LedgerRange& range : ranges) {
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
    if (auto rows = countRows(connection, numbers.schema,
            collection.published ? collection.schema.table.name : collection.schema.loadName))
        numbers.targetNow = *rows;

    const auto exact = sourceCount(*session.client, collection);
    if (exact) {
        numbers.sourceCount = *exact;
        numbers.sourceCountOrigin = QStringLiteral("exact count by Qdrant at the end of the run");
    } else {
        numbers.sourceCount = collection.expected;
        numbers.sourceCountOrigin = collection.expectedExact
            ? QStringLiteral("pass over all ids at the start of the run")
            : countOrigin(collection.facts);
    }
    if (collection.expected >= 0 && collection.expectedExact && exact && *exact != collection.expected)
        numbers.notes << QStringLiteral(
            "The collection changed during the run: %1 points at its start, %2 at its end.")
                             .arg(formatCount(collection.expected), formatCount(*exact));
    return numbers;
}

} // namespace

void collectNumbers(RunSession& session, Connection& connection)
{
    RunContext& context = session.context;
    RunOutcome& outcome = session.outcome;
    auto ranges = context.ledger.ranges(connection, context.runId);
    outcome.collections.clear();
    for (const CollectionRun& collection : context.collections)
        outcome.collections << numbersOf(
            session, collection, ranges ? *ranges : QList<LedgerRange>(), connection);
    auto groups = groupRejects(connection, context.ledger, context.runId);
    if (groups)
        outcome.rejects = *groups;
    else
        outcome.warnings << QStringLiteral("The rejects could not be read: %1").arg(groups.error().summary);
}

Result<QList<RejectGroup>> groupRejects(Connection& connection, const Ledger& ledger, const QString& runId)
{
    QMap<QString, RejectGroup> groups;
    auto visited = ledger.visitRejects(connection, runId, [&groups](const RejectRow& reject) {
        RejectGroup& group =
            groups[reject.collection + QLatin1Char('\n') + reject.column + QLatin1Char('\n') + reject.reason];
        group.collection = reject.collection;
        group.column = reject.column;
        group.sqlState = reject.sqlState;
        group.reason = reject.reason;
        ++group.count;
        if (group.exampleIds.size() < exampleIds)
            group.exampleIds << reject.pointId;
        return true;
    });
    if (!visited)
        return fail(visited.error());
    return groups.values();
}

} // namespace qdrant2pg
