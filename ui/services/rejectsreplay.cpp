// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/rejectsreplay.h"

#include "core/plan/planjson.h"
#include "core/qdrant/qdrantclient.h"
#include "core/report/replayreport.h"

#include <QCoreApplication>

namespace qdrant2pg {

Result<ReplayResult> replayRejectsOf(const ReplayOrder& order, std::stop_token stop)
{
    auto connection = Connection::open(order.target);
    if (!connection)
        return fail(connection.error());
    const Ledger ledger(order.ledgerSchema);
    const auto recorded = [&]() -> Result<LedgerRun> {
        auto run = ledger.run(*connection, order.report.runId);
        if (!run)
            return fail(run.error());
        if (!*run)
            return fail(ErrorKind::NotFound,
                QCoreApplication::translate("RejectsReplay", "Run %1 is no longer in the book-keeping.")
                    .arg(order.report.runId));
        return **run;
    };
    auto run = recorded();
    if (!run)
        return fail(run.error());
    std::optional<QdrantClient> client;
    const auto fetch = [&](const RejectRow& reject, const PointId& id) {
        if (!client)
            client.emplace(order.source);
        return client->retrieve(reject.collection, {id}, true, true, reject.shardKey.toStdString());
    };
    qsizetype at = 0;
    const auto next = [&]() -> Result<std::optional<RejectRow>> {
        if (stop.stop_requested() || at == order.rejects.size())
            return std::optional<RejectRow>();
        return std::optional(order.rejects.at(at++));
    };
    auto outcome = replayRejects(*connection, ledger, *run, order.plan, next, fetch);
    if (!outcome)
        return fail(outcome.error());
    ReplayResult result{std::move(*outcome), order.report, order.plan};
    if (auto set = setReplayed(result.report, *connection, ledger); !set)
        return fail(set.error());
    auto after = recorded();
    if (!after)
        return fail(after.error());
    auto plan = planFromJson(after->planJson);
    if (!plan)
        return fail(plan.error());
    result.plan = *plan;
    return result;
}

} // namespace qdrant2pg
