// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/importer.h"

#include "core/common/units.h"
#include "core/engine/schemarunner.h"
#include "core/engine/tablelock.h"
#include "core/plan/planjson.h"
#include "core/postgres/catalogue.h"
#include "core/staged/importjob.h"
#include "core/staged/importrun.h"
#include "core/staged/importstore.h"

namespace qdrant2pg {

using Clock = std::chrono::steady_clock;

Error ImportJob::cancelled() const
{
    return makeError(ErrorKind::Cancelled,
        QStringLiteral("Stopped after %1 rows.").arg(formatCount(range.rows)), {},
        QStringLiteral("Run the same command again to continue."));
}

void ImportJob::report(const QString& stage, const QString& note, bool force)
{
    const auto now = Clock::now();
    if (!progress || (!force && now - m_lastReport < std::chrono::milliseconds(250)))
        return;
    m_lastReport = now;
    StagedProgress shown;
    shown.stage = stage;
    shown.done = range.rows + range.rejected + range.skipped;
    shown.total = file.expectedRows;
    shown.bytes = range.bytes;
    shown.totalBytes = file.bytes;
    shown.rejected = range.rejected;
    shown.note = note;
    progress(shown);
}

namespace {

constexpr int shownRejects = 10;

std::chrono::milliseconds since(Clock::time_point started)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
}

/// The order of the steps: file, table, run, rows, indexes, numbers.
class Importer {
public:
    Importer(
        const ImportRequest& request, const StagedProgressCallback& progress, const std::stop_token& stop)
        : m_job(request, progress, stop)
        , m_link(m_job)
        , m_run(m_job, m_link)
    {
    }

    Result<ImportOutcome> run();

private:
    Result<void> prepareSchema();
    Result<void> steps();
    /// Puts the next portion into `store`; false at the end of the file.
    Result<bool> fill(ImportStore& store, RowInput& input, InputPosition& position);
    Result<void> load();
    Result<void> copy(ImportStore& store, RowInput& input, InputPosition position);
    Result<void> finish();
    Result<ImportOutcome> numbers();

    ImportJob m_job;
    ImportLink m_link;
    ImportRun m_run;
    /// Holds the table's lock as long as the import lasts.
    std::optional<Connection> m_control;
};

Result<void> Importer::prepareSchema()
{
    auto connection = Connection::open(m_job.request.target);
    if (!connection)
        return fail(connection.error());
    m_control.emplace(std::move(*connection));
    auto server = readServerProfile(*m_control);
    if (!server)
        return fail(server.error());
    m_job.server = std::move(*server);
    m_job.runPlan = m_job.request.plan;
    m_job.runPlan.collections = {m_job.plan};
    m_job.runPlan.run.flow = RunFlow::Staged;
    auto schema = targetSchema(m_job.runPlan, m_job.plan, m_job.server);
    if (!schema)
        return fail(schema.error());
    m_job.schema = std::move(*schema);
    m_job.outcome.schema = m_job.schema.table.schema;
    m_job.outcome.table = m_job.schema.table.name;
    m_job.outcome.loadedTable = m_job.schema.loadName;
    return m_run.ledger().ensure(*m_control);
}

Result<bool> Importer::fill(ImportStore& store, RowInput& input, InputPosition& position)
{
    while (static_cast<qint64>(store.bytes().size()) < m_job.request.transactionBytes) {
        RejectRow reject;
        auto step = input.next(store.bytes(), reject);
        if (!step) {
            // What stands before the damage is whole: it is stored, so that the import goes on there.
            if (!store.isEmpty()) {
                if (auto stored = m_run.store(store, position, position.offset - m_job.range.bytes, false);
                    !stored)
                    return fail(stored.error());
            }
            return fail(step.error());
        }
        if (*step == RowInput::Step::End)
            return false;
        position = input.position();
        if (*step == RowInput::Step::Row)
            store.rowAppended(position.row);
        else
            store.rejected(std::move(reject));
    }
    return true;
}

Result<void> Importer::copy(ImportStore& store, RowInput& input, InputPosition position)
{
    const ImportRequest& request = m_job.request;
    for (bool ended = false; !ended;) {
        auto more = fill(store, input, position);
        if (!more)
            return fail(more.error());
        ended = !*more;
        const auto& manifest = m_job.file.manifest;
        if (manifest && ended && position.row != manifest->rows && !request.acceptChangedFile)
            return fail(ErrorKind::File,
                QStringLiteral("%1 holds %2 rows, %3 were converted.")
                    .arg(request.file, formatCount(position.row), formatCount(manifest->rows)));
        for (const RejectRow& reject : store.rejects()) {
            if (m_job.outcome.firstRejects.size() < shownRejects)
                m_job.outcome.firstRejects << reject;
        }
        if (auto stored = m_run.store(store, position, position.offset - m_job.range.bytes, ended); !stored)
            return stored;
        const qint64 most = request.plan.run.maxRejects;
        if (most >= 0 && m_job.range.rejected > most)
            return fail(ErrorKind::Data,
                QStringLiteral("More than %1 rows cannot be stored.").arg(formatCount(most)), {},
                QStringLiteral("Look at the rejects of run %1, correct the plan or the file, or allow more "
                               "of them (--max-rejects).")
                    .arg(m_job.outcome.runId));
        m_job.report(QStringLiteral("import"), {}, ended);
        if (!ended && m_job.stop.stop_requested())
            return fail(m_job.cancelled());
    }
    return {};
}

Result<void> Importer::load()
{
    auto leased = m_link.repeat([this](Connection&) { return m_run.lease(); });
    if (!leased || m_run.isLoaded())
        return leased;
    auto input = openRows(m_job);
    if (!input)
        return fail(input.error());
    InputPosition position;
    if (!m_job.range.cursor.isEmpty()) {
        const auto reached = InputPosition::fromCursor(m_job.range.cursor);
        if (!reached)
            return fail(ErrorKind::Data,
                QStringLiteral("Run %1 is not an import of a file; it cannot be continued here.")
                    .arg(m_job.outcome.runId));
        if (auto sought = (*input)->seek(*reached); !sought)
            return sought;
        position = *reached;
    }
    ImportStore store(m_job.plan, m_job.schema, m_run.ledger(), m_job.outcome.runId,
        m_job.request.plan.run.onReject, m_job.request.leaseSeconds);
    auto parents = readParents(m_job);
    if (!parents)
        return fail(parents.error());
    auto created =
        m_link.repeat([&](Connection& connection) { return store.createParents(connection, *parents); });
    if (!created)
        return created;
    if (auto copied = copy(store, **input, position); !copied)
        return copied;
    m_job.outcome.warnings << (*input)->warnings();
    m_run.setLoaded();
    return {};
}

Result<void> Importer::finish()
{
    if (m_job.stop.stop_requested())
        return fail(m_job.cancelled());
    if (auto set = m_run.setState(RunState::BuildingIndexes); !set)
        return set;
    const auto started = Clock::now();
    SchemaRunner runner(
        m_job.request.target, m_job.server,
        [this](const StageProgress& stage) {
            if (!m_job.progress)
                return;
            StagedProgress progress;
            progress.stage = QStringLiteral("indexes");
            progress.done = static_cast<qint64>(std::max(0.0, stage.fraction) * 100);
            progress.total = 100;
            progress.note =
                stage.name + (stage.note.isEmpty() ? QString() : QStringLiteral(": ") + stage.note);
            m_job.progress(progress);
        },
        m_job.stop);
    auto notes = runner.after(m_job.plan.name, m_job.schema, m_job.range.rows, m_job.plan.analyze);
    if (!notes)
        return fail(m_job.stop.stop_requested() ? m_job.cancelled() : notes.error());
    m_job.outcome.warnings << *notes;
    m_job.outcome.indexTime = since(started);
    return m_run.setState(m_job.range.rejected > 0 ? RunState::CompletedWithRejects : RunState::Completed);
}

Result<void> Importer::steps()
{
    const auto started = Clock::now();
    if (m_job.outcome.alreadyImported)
        return {};
    // A file that cannot be read as rows of this table leaves no trace in the database.
    if (auto input = openRows(m_job); !input)
        return fail(input.error());
    if (!m_run.exists()) {
        if (auto begun = m_run.start(*m_control); !begun)
            return begun;
    }
    if (auto loaded = load(); !loaded)
        return loaded;
    m_job.outcome.dataTime += since(started);
    return finish();
}

Result<ImportOutcome> Importer::numbers()
{
    ImportOutcome& outcome = m_job.outcome;
    // The connection that held the table's lock may have died meanwhile; any other counts as well.
    auto rows = m_link.repeat([this](Connection& connection) {
        return countRows(connection, m_job.outcome.schema, m_job.schema.loadName);
    });
    if (!rows)
        return fail(rows.error());
    outcome.tableRows = *rows;
    outcome.stored = m_job.range.rows;
    outcome.rejected = m_job.range.rejected;
    outcome.skipped = m_job.range.skipped;
    if (outcome.alreadyImported)
        outcome.warnings << QStringLiteral("This file was imported before (run %1); nothing was done. "
                                           "Empty or drop the table to import it again.")
                                .arg(outcome.runId);
    const TableMode mode = m_job.plan.mode;
    const bool shared = mode == TableMode::Append || mode == TableMode::Merge;
    if (!shared && outcome.tableRows != outcome.stored)
        outcome.warnings << QStringLiteral(
            "%1 rows were stored, the table holds %2 now: somebody else writes to it.")
                                .arg(formatCount(outcome.stored), formatCount(outcome.tableRows));
    if (mode == TableMode::Replace)
        outcome.warnings << QStringLiteral(
            "The rows wait in table %1; verify and publish run %2 to put it in the place of %3.")
                                .arg(m_job.schema.loadName, outcome.runId, outcome.table);
    return std::move(outcome);
}

Result<ImportOutcome> Importer::run()
{
    const auto started = Clock::now();
    if (auto checked = checkImportFile(m_job); !checked)
        return fail(checked.error());
    if (auto prepared = prepareSchema(); !prepared)
        return fail(prepared.error());
    if (auto found = m_run.find(*m_control); !found)
        return fail(found.error());
    if (m_run.exists() && !m_job.outcome.alreadyImported) {
        const ImportOutcome& outcome = m_job.outcome;
        if (auto held = holdTable(*m_control, outcome.runId, outcome.schema, outcome.table); !held)
            return fail(held.error());
        (void)m_run.ledger().setRunState(*m_control, outcome.runId, runStateName(RunState::Copying), {});
    }
    // The check of the file is part of the time that its data took.
    m_job.outcome.dataTime = since(started);
    if (auto done = steps(); !done) {
        m_run.noteEnd(done.error());
        Error error = done.error();
        if (error.where.file.isEmpty())
            error.where.file = m_job.request.file;
        return fail(std::move(error));
    }
    return numbers();
}

} // namespace

Result<ImportOutcome> importFile(
    const ImportRequest& request, const StagedProgressCallback& progress, std::stop_token stop)
{
    if (request.collection < 0 || request.collection >= request.plan.collections.size())
        return fail(ErrorKind::Usage, QStringLiteral("There is no plan for %1.").arg(request.file), {},
            QStringLiteral(
                "Files converted by qdrant2pg carry their plan; for others give --plan or --preset."));
    return Importer(request, progress, std::move(stop)).run();
}

Result<std::optional<MigrationPlan>> planOfDataFile(const QString& dataFile)
{
    auto manifest = readDataManifest(dataFile);
    if (!manifest)
        return fail(manifest.error());
    if (!*manifest || (*manifest)->planJson.isEmpty())
        return std::optional<MigrationPlan>();
    auto plan = planFromJson((*manifest)->planJson);
    if (!plan)
        return fail(plan.error());
    return std::optional<MigrationPlan>(std::move(*plan));
}

} // namespace qdrant2pg
