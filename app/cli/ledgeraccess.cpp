// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/ledgeraccess.h"

#include "core/common/nearestname.h"

namespace qdrant2pg::cli {

namespace {

Error noRun(const QString& summary, const QString& hint)
{
    return makeError(ErrorKind::Usage, summary, {}, hint);
}

} // namespace

Result<OpenLedger> openLedger(const CommandContext& context)
{
    auto resolved = resolveTarget(context);
    if (!resolved)
        return fail(resolved.error());
    auto connection = openTarget(context, *resolved);
    if (!connection)
        return fail(connection.error());
    QStringList schemas;
    if (context.args.has(QStringLiteral("ledger-schema")))
        schemas << context.args.value(QStringLiteral("ledger-schema"));
    else
        schemas << TargetPlan().ledgerSchema
                << (context.args.has(QStringLiteral("schema")) ? context.args.value(QStringLiteral("schema"))
                                                               : TargetPlan().schema);
    for (const QString& schema : std::as_const(schemas)) {
        const Ledger ledger(schema);
        auto exists = ledger.exists(*connection);
        if (!exists)
            return fail(exists.error());
        if (*exists)
            return OpenLedger{*resolved, std::move(*connection), ledger};
    }
    return fail(noRun(QStringLiteral("This database holds no runs of qdrant2pg (looked in %1).")
                          .arg(schemas.join(QStringLiteral(", "))),
        QStringLiteral("Name the database of the run with --target or DATABASE_URL, and its --ledger-schema "
                       "if it was another.")));
}

bool isUnfinished(const LedgerRun& run)
{
    return run.state != QLatin1String("completed") && run.state != QLatin1String("completed-with-rejects");
}

Result<LedgerRun> findRun(OpenLedger& open, const QString& id)
{
    auto exact = open.ledger.run(open.connection, id);
    if (exact && *exact)
        return **exact;
    auto runs = open.ledger.runs(open.connection);
    if (!runs)
        return fail(runs.error());
    QList<LedgerRun> matching;
    QStringList ids;
    for (const LedgerRun& run : std::as_const(*runs)) {
        ids << run.id;
        if (run.id.startsWith(id))
            matching << run;
    }
    if (matching.size() == 1)
        return matching.first();
    if (matching.size() > 1)
        return fail(noRun(QStringLiteral("%1 runs begin with %2.").arg(matching.size()).arg(id),
            QStringLiteral("Give more of the run's name.")));
    const QString nearest = nearestName(id, ids);
    return fail(noRun(QStringLiteral("There is no run %1 in this database.").arg(id),
        nearest.isEmpty() ? QStringLiteral("`qdrant2pg runs` lists them.")
                          : QStringLiteral("Did you mean %1?").arg(nearest)));
}

Result<LedgerRun> newestRun(OpenLedger& open)
{
    auto runs = open.ledger.runs(open.connection);
    if (!runs)
        return fail(runs.error());
    if (runs->isEmpty())
        return fail(noRun(QStringLiteral("There are no runs in this database yet."),
            QStringLiteral("`qdrant2pg migrate` makes one.")));
    return runs->first();
}

Result<LedgerRun> newestUnfinished(OpenLedger& open)
{
    auto runs = open.ledger.runs(open.connection);
    if (!runs)
        return fail(runs.error());
    for (const LedgerRun& run : std::as_const(*runs)) {
        if (isUnfinished(run))
            return run;
    }
    return fail(noRun(QStringLiteral("There is no unfinished run in this database."),
        QStringLiteral("`qdrant2pg runs` lists the finished ones.")));
}

} // namespace qdrant2pg::cli
