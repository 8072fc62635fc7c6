// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/importrun.h"

#include "core/engine/processid.h"
#include "core/engine/schemarunner.h"
#include "core/engine/tablelock.h"
#include "core/plan/planjson.h"
#include "core/postgres/catalogue.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds leasePoll{500};

LedgerRun newRun(const ImportJob& job)
{
    LedgerRun run;
    run.id = job.outcome.runId;
    run.planJson = planToJson(job.runPlan);
    run.planHash = planHash(job.runPlan);
    run.toolVersion = QStringLiteral(QDRANT2PG_VERSION);
    run.state = runStateName(RunState::Copying);
    run.expected = std::max<qint64>(job.file.expectedRows, 0);
    QJsonObject facts{{QStringLiteral("staged"),
        QJsonObject{
            {QStringLiteral("file"), QFileInfo(job.file.path).absoluteFilePath()},
            {QStringLiteral("sha256"), QString::fromLatin1(job.file.sha256)},
            {QStringLiteral("schema"), job.outcome.schema},
            {QStringLiteral("table"), job.outcome.table},
        }}};
    if (job.file.manifest && job.file.manifest->runStart.isValid())
        facts.insert(QStringLiteral("runStartMicros"),
            QString::number(job.file.manifest->runStart.toMSecsSinceEpoch() * 1000));
    run.factsJson = QJsonDocument(facts).toJson(QJsonDocument::Compact);
    return run;
}

bool isSameImport(const LedgerRun& run, const ImportJob& job)
{
    const QJsonObject staged =
        QJsonDocument::fromJson(run.factsJson).object().value(QStringLiteral("staged")).toObject();
    return staged.value(QStringLiteral("sha256")).toString().toLatin1() == job.file.sha256
        && staged.value(QStringLiteral("table")).toString() == job.outcome.table
        && staged.value(QStringLiteral("schema")).toString() == job.outcome.schema
        && run.planHash == planHash(job.runPlan);
}

} // namespace

ImportRun::ImportRun(ImportJob& job, ImportLink& link)
    : m_job(job)
    , m_link(link)
    , m_ledger(job.request.plan.target.ledgerSchema)
    , m_owner(QString::fromStdString(processOwner()) + QStringLiteral("-0"))
{
}

Result<void> ImportRun::find(Connection& connection)
{
    auto runs = m_ledger.runs(connection);
    if (!runs)
        return fail(runs.error());
    for (const LedgerRun& run : std::as_const(*runs)) {
        if (!isSameImport(run, m_job))
            continue;
        auto table = readTable(connection, m_job.outcome.schema, m_job.schema.loadName);
        if (!table)
            return fail(table.error());
        // A table that was dropped meanwhile (the guide's rollback) wants its rows again.
        if (!*table)
            return {};
        auto range = m_ledger.range(connection, run.id, m_job.plan.name, 0);
        if (!range)
            return fail(range.error());
        // An emptied one, too.
        if (!(*table)->hasRows && range->rows > 0)
            return {};
        m_job.outcome.runId = run.id;
        m_exists = true;
        m_job.range = std::move(*range);
        m_job.outcome.storedBefore = m_job.range.rows;
        m_loaded = m_job.range.state == QLatin1String("done");
        m_job.outcome.alreadyImported = m_loaded
            && (run.state == runStateName(RunState::Completed)
                || run.state == runStateName(RunState::CompletedWithRejects));
        return {};
    }
    return {};
}

Result<void> ImportRun::start(Connection& connection)
{
    m_job.outcome.runId = newRunId();
    if (auto held = holdTable(connection, m_job.outcome.runId, m_job.outcome.schema, m_job.outcome.table);
        !held)
        return held;
    if (auto checked = fitExistingTable(m_job, connection); !checked)
        return checked;
    const LedgerRun run = newRun(m_job);
    LedgerRange range;
    range.collection = m_job.plan.name;
    range.state = QStringLiteral("open");
    range.expected = m_job.file.expectedRows;
    if (auto begun = connection.begin(); !begun)
        return begun;
    const auto steps = [&]() -> Result<void> {
        if (auto created = SchemaRunner::before(connection, m_job.schema); !created)
            return created;
        if (auto created = m_ledger.createRun(connection, run); !created)
            return created;
        if (auto added = m_ledger.addRanges(connection, run.id, {range}); !added)
            return added;
        return connection.commit();
    };
    if (auto done = steps(); !done) {
        connection.rollback();
        return done;
    }
    m_exists = true;
    // The vector type may have come with the schema; its number is needed for vector[] columns.
    auto server = readServerProfile(connection);
    if (!server)
        return fail(server.error());
    m_job.server = std::move(*server);
    return {};
}

Result<void> ImportRun::lease()
{
    const QString& runId = m_job.outcome.runId;
    const int seconds = m_job.request.leaseSeconds;
    const auto deadline = Clock::now() + std::chrono::seconds(seconds + 2);
    for (;;) {
        auto leased = m_ledger.leaseRange(m_link.connection(), runId, m_owner, seconds);
        if (!leased)
            return fail(leased.error());
        if (*leased) {
            m_job.range = std::move(**leased);
            return {};
        }
        auto range = m_ledger.range(m_link.connection(), runId, m_job.plan.name, 0);
        if (!range)
            return fail(range.error());
        if (range->state == QLatin1String("done")) {
            m_job.range = std::move(*range);
            m_loaded = true;
            return {};
        }
        if (ownerIsDead(range->owner.section(QLatin1Char('-'), 0, -2).toStdString())) {
            if (auto released = m_ledger.releaseOwner(m_link.connection(), runId, range->owner); !released)
                return released;
            continue;
        }
        if (Clock::now() > deadline)
            return fail(ErrorKind::Conflict,
                QStringLiteral("Another process is importing %1 right now (run %2).")
                    .arg(m_job.file.path, runId),
                {}, QStringLiteral("Wait for it to end, or stop it."));
        m_job.report(QStringLiteral("import"),
            QStringLiteral("Waiting for another process that holds run %1.").arg(runId), false);
        if (!m_link.waitFor(leasePoll))
            return fail(m_job.cancelled());
    }
}

Result<ImportRun::Landed> ImportRun::lookAgain(const QString& before, const QString& cursor, bool done)
{
    auto now = m_ledger.range(m_link.connection(), m_job.outcome.runId, m_job.plan.name, 0);
    // The next attempt to store meets the same connection and waits as the policy says.
    if (!now)
        return Landed::No;
    const bool landed = now->cursor == cursor && (!done || now->state == QLatin1String("done"));
    if (landed && (cursor != before || done)) {
        m_job.range = std::move(*now);
        return Landed::Yes;
    }
    if (now->owner == m_owner && now->cursor == before)
        return Landed::No;
    if (now->cursor == before && now->state != QLatin1String("done")) {
        // The lease ran out while the connection was away and nobody took it: it is ours again.
        if (auto leased = lease(); !leased)
            return fail(leased.error());
        if (m_job.range.cursor == before)
            return Landed::No;
    }
    return fail(ErrorKind::Conflict,
        QStringLiteral("Another process goes on with this import (run %1).").arg(m_job.outcome.runId), {},
        QStringLiteral("Let it finish; run the same command again to see the result."));
}

Result<void> ImportRun::store(ImportStore& store, const InputPosition& position, qint64 fileBytes, bool done)
{
    const QString before = m_job.range.cursor;
    const QString cursor = position.toCursor();
    for (;;) {
        auto stored = store.store(m_link.connection(), m_job.range, m_owner, cursor, fileBytes, done);
        if (stored && *stored == RowStore::Stored::Yes) {
            m_link.succeeded();
            store.clear();
            return {};
        }
        if (!stored) {
            if (auto waited = m_link.waitOrFail(stored.error()); !waited)
                return waited;
        }
        if (!m_link.isUsable()) {
            if (auto connected = m_link.reconnect(); !connected)
                return connected;
        }
        auto landed = lookAgain(before, cursor, done);
        if (!landed)
            return fail(landed.error());
        if (*landed == Landed::Yes) {
            store.clear();
            return {};
        }
    }
}

Result<void> ImportRun::setState(RunState state)
{
    return m_link.repeat([&](Connection& connection) {
        return m_ledger.setRunState(connection, m_job.outcome.runId, runStateName(state), {});
    });
}

void ImportRun::noteEnd(const Error& error)
{
    // With a Conflict the run is somebody else's now.
    if (!m_exists || m_job.outcome.alreadyImported || error.kind == ErrorKind::Conflict)
        return;
    if (!m_link.isUsable() && !m_link.reconnectOnce())
        return;
    const RunState state = error.kind == ErrorKind::Cancelled ? RunState::Cancelled : RunState::Failed;
    Connection& connection = m_link.connection();
    (void)m_ledger.setRunState(connection, m_job.outcome.runId, runStateName(state), error.summary);
    (void)m_ledger.releaseOwner(connection, m_job.outcome.runId, m_owner);
}

} // namespace qdrant2pg
