// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/finishphase.h"
#include "core/engine/processid.h"
#include "core/engine/runopener.h"
#include "core/engine/runpreparation.h"
#include "core/engine/sourcechoice.h"
#include "core/plan/findingjson.h"
#include "core/plan/planjson.h"
#include "core/postgres/catalogue.h"
#include "core/qdrant/qdrantclient.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace qdrant2pg {

namespace {

Error differs(const QString& collection, const QString& table, const QString& summary, const QString& hint)
{
    Error error = makeError(ErrorKind::Conflict, summary, {}, hint);
    error.where.collection = collection;
    error.where.table = table;
    return error;
}

/// Finished runs and records that this program must not continue.
Result<void> checkRecord(const LedgerRun& run, bool acceptDifferences)
{
    if (run.state == runStateName(RunState::Completed)
        || run.state == runStateName(RunState::CompletedWithRejects)) {
        return fail(ErrorKind::Conflict,
            QStringLiteral("Run %1 is complete; there is nothing to resume.").arg(run.id), {},
            QStringLiteral("`qdrant2pg verify %1` compares it again; `qdrant2pg report %1` shows its report.")
                .arg(run.id));
    }
    auto plan = planFromJson(run.planJson);
    if (!plan) {
        Error error = plan.error();
        if (run.toolVersion != QLatin1String(QDRANT2PG_VERSION))
            error.hint =
                QStringLiteral("The run was started by version %1, this is %2: continue it with that "
                               "version, or forget it and start another.")
                    .arg(run.toolVersion, QStringLiteral(QDRANT2PG_VERSION));
        return fail(error);
    }
    if (planHash(*plan) != run.planHash && run.toolVersion == QLatin1String(QDRANT2PG_VERSION)
        && !acceptDifferences) {
        return fail(ErrorKind::Conflict,
            QStringLiteral("The plan of run %1 was changed in the ledger after the run had begun.")
                .arg(run.id),
            {},
            QStringLiteral("Forget this run and start another; --accept-differences goes on all the same."));
    }
    return {};
}

/// The rows that the ledger counted must still be there.
Result<void> checkTarget(RunSession& session, const CollectionRun& collection)
{
    const QString& schema = collection.schema.table.schema;
    const QString& table = collection.schema.loadName;
    auto existing = readTable(*session.control, schema, table);
    if (!existing)
        return fail(existing.error());
    if (!*existing)
        return fail(differs(collection.plan.name, table,
            QStringLiteral("Table %1, into which this run writes, is no longer there.").arg(table),
            QStringLiteral("Somebody dropped or renamed it. Forget the run and start again.")));
    for (const ColumnSpec& column : collection.schema.table.columns) {
        if (!(*existing)->column(column.name))
            return fail(differs(collection.plan.name, table,
                QStringLiteral("Table %1 has lost its column %2.").arg(table, column.name),
                QStringLiteral("Somebody changed it. Forget the run and start again.")));
    }
    if (collection.before.stored == 0)
        return {};
    auto rows = countRows(*session.control, schema, table);
    if (!rows)
        return fail(rows.error());
    if (*rows < collection.before.stored && !session.context.request.acceptDifferences)
        return fail(differs(collection.plan.name, table,
            QStringLiteral("Table %1 holds %2 rows, but this run has stored %3: somebody removed rows.")
                .arg(table)
                .arg(*rows)
                .arg(collection.before.stored),
            QStringLiteral("Forget the run and start again; --accept-differences goes on without the removed "
                           "rows.")));
    return {};
}

void addBefore(CollectionRun& collection, const LedgerRange& range)
{
    ++collection.ranges;
    collection.before.stored += range.rows;
    collection.before.rejected += range.rejected;
    collection.before.skipped += range.skipped;
    collection.before.read += range.rows + range.rejected + range.skipped;
    collection.before.sourceBytes += range.bytes;
    collection.before.rangesDone += range.state == QLatin1String("done") ? 1 : 0;
}

/// Collections as they are now, compared with what was recorded.
Result<void> prepareRecorded(RunSession& session, const QJsonObject& recorded)
{
    RunContext& context = session.context;
    for (const CollectionPlan& collection : context.request.plan.collections) {
        if (auto prepared = prepareCollection(session, collection); !prepared)
            return prepared;
        CollectionRun& prepared = context.collections.back();
        const QJsonObject before = recorded.value(collection.name).toObject();
        if (before.value(QStringLiteral("fingerprint")).toString()
                != QString::fromLatin1(prepared.fingerprint)
            && !context.request.acceptDifferences) {
            return fail(differs(collection.name, {},
                QStringLiteral(
                    "Collection %1 is not the one that this run began to copy: its configuration differs.")
                    .arg(collection.name),
                QStringLiteral("If it was created anew, forget this run and start another; "
                               "--accept-differences goes on all the same.")));
        }
        prepared.expected = before.value(QStringLiteral("expected")).toInteger(-1);
        prepared.expectedExact = true;
    }
    return {};
}

} // namespace

Result<void> resumeRun(RunSession& session)
{
    RunContext& context = session.context;
    Connection& control = *session.control;
    context.runId = context.request.resumeRunId;
    context.ledger = Ledger(context.request.plan.target.ledgerSchema);
    if (auto ensured = context.ledger.ensure(control); !ensured)
        return ensured;
    auto found = context.ledger.run(control, context.runId);
    if (!found)
        return fail(found.error());
    if (!*found) {
        return fail(ErrorKind::NotFound,
            QStringLiteral("There is no run %1 in this database.").arg(context.runId), {},
            QStringLiteral("`qdrant2pg runs` lists the runs of a database."));
    }
    const LedgerRun& run = **found;
    if (auto good = checkRecord(run, context.request.acceptDifferences); !good)
        return good;
    auto plan = planFromJson(run.planJson);
    if (!plan)
        return fail(plan.error());
    if (run.toolVersion != QLatin1String(QDRANT2PG_VERSION))
        session.callbacks.message(QStringLiteral("This run was started by version %1; this is %2.")
                                      .arg(run.toolVersion, QStringLiteral(QDRANT2PG_VERSION)));
    const QString source = context.request.plan.source.url;
    if (!source.isEmpty() && source != plan->source.url && !context.request.acceptDifferences) {
        return fail(ErrorKind::Conflict,
            QStringLiteral("Run %1 reads from %2, not from %3.").arg(run.id, plan->source.url, source), {},
            QStringLiteral("Resume with the recorded source, or confirm that it is the same server with "
                           "--accept-differences."));
    }
    const RunPlan asked = context.request.plan.run;
    context.request.plan = *plan;
    if (!source.isEmpty())
        context.request.plan.source.url = source;
    context.request.plan.run.maxPointsPerSecond = asked.maxPointsPerSecond;
    context.request.plan.run.maxRequestsInFlight = asked.maxRequestsInFlight;
    if (auto chosen = chooseSource(session); !chosen)
        return chosen;

    const QJsonObject facts = QJsonDocument::fromJson(run.factsJson).object();
    session.outcome.findings = findingsFromJson(facts.value(QStringLiteral("findings")).toArray());
    context.runStartMicros = facts.value(QStringLiteral("runStartMicros")).toString().toLongLong();
    const QString version = facts.value(QStringLiteral("qdrantVersion")).toString();
    if (!version.isEmpty() && version != session.outcome.sourceVersion)
        session.callbacks.message(QStringLiteral("Qdrant was version %1 when this run began and is %2 now.")
                                      .arg(version, session.outcome.sourceVersion));
    if (auto ready = prepareRecorded(session, facts.value(QStringLiteral("collections")).toObject()); !ready)
        return ready;
    if (auto apart = session.keepApart(); !apart)
        return apart;
    auto ranges = context.ledger.ranges(control, context.runId);
    if (!ranges)
        return fail(ranges.error());
    QStringList freed;
    for (const LedgerRange& range : *ranges) {
        if (CollectionRun* collection = context.collection(range.collection)) {
            addBefore(*collection, range);
            context.rejectedTotal += range.rejected;
        }
        if (!range.owner.isEmpty() && !freed.contains(range.owner)
            && ownerIsDead(range.owner.toStdString())) {
            if (auto released = context.ledger.releaseOwner(control, context.runId, range.owner); !released)
                return released;
            freed << range.owner;
        }
    }
    if (auto marked = markPublished(session); !marked)
        return marked;
    for (const CollectionRun& collection : context.collections) {
        if (collection.published)
            continue;
        if (auto same = checkTarget(session, collection); !same)
            return same;
    }
    session.runExists = true;
    if (auto set =
            context.ledger.setRunState(control, context.runId, runStateName(RunState::Copying), QString());
        !set)
        return set;
    const QString resumed = QStringLiteral("resumed");
    if (auto added = context.ledger.addEvent(control, context.runId, resumed,
            QStringLiteral("by version ") + QStringLiteral(QDRANT2PG_VERSION));
        !added)
        return added;
    auto events = context.ledger.events(control, context.runId);
    if (!events)
        return fail(events.error());
    session.outcome.sessions += static_cast<int>(std::count_if(events->begin(), events->end(),
        [&resumed](const Ledger::Event& event) { return event.kind == resumed; }));
    return {};
}

} // namespace qdrant2pg
