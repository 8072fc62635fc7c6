// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/importer.h"

#include "core/common/units.h"
#include "core/engine/processid.h"
#include "core/engine/retrypolicy.h"
#include "core/engine/runstate.h"
#include "core/engine/schemarunner.h"
#include "core/engine/tablelock.h"
#include "core/plan/planjson.h"
#include "core/postgres/catalogue.h"
#include "core/staged/converter.h"
#include "core/staged/durablefile.h"
#include "core/staged/importstore.h"
#include "core/staged/rowinput.h"

#include <condition_variable>
#include <mutex>

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int shownRejects = 10;
constexpr qint64 largestParentsFile = qint64{1} << 30;

std::chrono::milliseconds since(Clock::time_point started)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
}

class Importer {
public:
    Importer(const ImportRequest& request, const StagedProgressCallback& progress, std::stop_token stop)
        : m_request(request)
        , m_progress(progress)
        , m_stop(std::move(stop))
        , m_plan(request.plan.collections.at(request.collection))
        , m_ledger(request.plan.target.ledgerSchema)
        , m_owner(QString::fromStdString(processOwner()) + QStringLiteral("-0"))
        , m_retry(request.retry)
    {
    }

    Result<ImportOutcome> run();

private:
    Result<void> checkFile();
    Result<void> prepareSchema();
    Result<void> findRun();
    Result<void> startRun();
    Result<void> checkTable();
    Result<void> leaseRange();
    Result<std::unique_ptr<RowInput>> openInput() const;
    Result<std::vector<ParentRow>> readParents() const;
    Result<void> load();
    Result<void> storeWithRetries(
        ImportStore& store, const InputPosition& position, qint64 fileBytes, bool done);
    /// Work on the load's connection that may be repeated: after a lost connection it is done again on a new
    /// one.
    template <class Work> auto onConnection(const Work& work) -> decltype(work(std::declval<Connection&>()))
    {
        for (;;) {
            if (!m_connection || !m_connection->isUsable()) {
                if (auto connected = reconnect(); !connected)
                    return fail(connected.error());
            }
            auto done = work(*m_connection);
            if (done)
                return done;
            if (auto waited = waitOrFail(done.error()); !waited)
                return fail(waited.error());
        }
    }
    Result<void> reconnect();
    Result<void> finish();
    Result<void> setState(RunState state);
    Result<void> waitOrFail(const Error& error);
    bool waitFor(std::chrono::milliseconds duration) const;
    void report(const QString& stage, const QString& note, bool force);
    Error cancelled() const;
    void noteEnd(const Error& error);

    const ImportRequest& m_request;
    const StagedProgressCallback& m_progress;
    std::stop_token m_stop;
    /// Of one collection: the plan that the ledger keeps.
    MigrationPlan m_runPlan;
    const CollectionPlan& m_plan;
    Ledger m_ledger;
    QString m_owner;
    RetryPolicy m_retry;
    std::optional<DataManifest> m_manifest;
    DataFormat m_format = DataFormat::Csv;
    QByteArray m_sha256;
    std::optional<Connection> m_connection;
    /// Holds the table's lock as long as the import lasts.
    std::optional<Connection> m_control;
    ServerProfile m_server;
    TargetSchema m_schema;
    LedgerRange m_range;
    bool m_runExists = false;
    bool m_loaded = false;
    qint64 m_fileBytes = 0;
    qint64 m_expectedRows = -1;
    ImportOutcome m_outcome;
    Clock::time_point m_lastReport;
};

Error Importer::cancelled() const
{
    return makeError(ErrorKind::Cancelled,
        QStringLiteral("Stopped after %1 rows.").arg(formatCount(m_range.rows)), {},
        QStringLiteral("Run the same command again to continue."));
}

bool Importer::waitFor(std::chrono::milliseconds duration) const
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any wake;
    wake.wait_for(lock, m_stop, duration, [] { return false; });
    return !m_stop.stop_requested();
}

void Importer::report(const QString& stage, const QString& note, bool force)
{
    const auto now = Clock::now();
    if (!m_progress || (!force && now - m_lastReport < std::chrono::milliseconds(250)))
        return;
    m_lastReport = now;
    StagedProgress progress;
    progress.stage = stage;
    progress.done = m_range.rows + m_range.rejected + m_range.skipped;
    progress.total = m_expectedRows;
    progress.bytes = m_range.bytes;
    progress.totalBytes = m_fileBytes;
    progress.rejected = m_range.rejected;
    progress.note = note;
    m_progress(progress);
}

Result<void> Importer::waitOrFail(const Error& error)
{
    if (m_stop.stop_requested())
        return fail(cancelled());
    const auto delay = m_retry.next(error);
    if (!delay)
        return fail(error);
    ++m_outcome.retries;
    report(QStringLiteral("import"),
        QStringLiteral("%1 Attempt %2 of %3, next in %4.")
            .arg(error.summary)
            .arg(m_retry.attempt())
            .arg(m_retry.attempts())
            .arg(formatDuration(*delay)),
        true);
    if (!waitFor(*delay))
        return fail(cancelled());
    return {};
}

/// The file is the one that was converted, whole; its hash also tells whether an earlier import was of the
/// same file.
Result<void> Importer::checkFile()
{
    auto format = detectDataFormat(m_request.file);
    if (!format)
        return fail(format.error());
    m_format = m_request.format.value_or(*format);
    if (m_format != *format)
        return fail(ErrorKind::Usage,
            QStringLiteral("%1 is not a %2 file.").arg(m_request.file, dataFormatName(m_format)), {},
            QStringLiteral("Leave --format out: it is told by the file's first bytes."));
    auto manifest = readDataManifest(m_request.file);
    if (!manifest)
        return fail(manifest.error());
    m_manifest = std::move(*manifest);
    m_fileBytes = QFileInfo(m_request.file).size();
    if (m_manifest)
        m_expectedRows = m_manifest->rows;
    qint64 done = 0;
    auto hash = fileSha256(m_request.file, m_stop, [&](qint64 bytes) {
        done += bytes;
        report(QStringLiteral("checking"),
            QStringLiteral("%1 of %2 checked").arg(formatBytes(done), formatBytes(m_fileBytes)), false);
    });
    if (!hash)
        return fail(hash.error());
    m_sha256 = *hash;
    if (m_manifest && m_manifest->sha256 != m_sha256 && !m_request.acceptChangedFile) {
        Error error = makeError(ErrorKind::File,
            QStringLiteral("%1 is not the file that was converted: it was changed or damaged.")
                .arg(m_request.file),
            QStringLiteral("%1 has %2 bytes, %3 were written; SHA-256 differs")
                .arg(QFileInfo(m_request.file).fileName())
                .arg(m_fileBytes)
                .arg(m_manifest->bytes),
            QStringLiteral(
                "Convert the export again, or import the file as it is with --accept-changed-file."));
        error.where.file = m_request.file;
        return fail(std::move(error));
    }
    if (!m_manifest)
        m_outcome.warnings
            << QStringLiteral("%1 has no manifest, so nothing proves that it is whole.").arg(m_request.file);
    return {};
}

Result<void> Importer::prepareSchema()
{
    auto connection = Connection::open(m_request.target);
    if (!connection)
        return fail(connection.error());
    m_control.emplace(std::move(*connection));
    auto server = readServerProfile(*m_control);
    if (!server)
        return fail(server.error());
    m_server = std::move(*server);
    m_runPlan = m_request.plan;
    m_runPlan.collections = {m_plan};
    m_runPlan.run.flow = RunFlow::Staged;
    auto schema = targetSchema(m_runPlan, m_plan, m_server);
    if (!schema)
        return fail(schema.error());
    m_schema = std::move(*schema);
    m_outcome.schema = m_schema.table.schema;
    m_outcome.table = m_schema.table.name;
    m_outcome.loadedTable = m_schema.loadName;
    return m_ledger.ensure(*m_control);
}

/// The run of an earlier import of the same file into the same table: continued, or known to be done.
Result<void> Importer::findRun()
{
    auto runs = m_ledger.runs(*m_control);
    if (!runs)
        return fail(runs.error());
    for (const LedgerRun& run : std::as_const(*runs)) {
        const QJsonObject staged =
            QJsonDocument::fromJson(run.factsJson).object().value(QStringLiteral("staged")).toObject();
        if (staged.value(QStringLiteral("sha256")).toString().toLatin1() != m_sha256
            || staged.value(QStringLiteral("table")).toString() != m_outcome.table
            || staged.value(QStringLiteral("schema")).toString() != m_outcome.schema
            || run.planHash != planHash(m_runPlan))
            continue;
        auto table = readTable(*m_control, m_outcome.schema, m_schema.loadName);
        if (!table)
            return fail(table.error());
        // A table that was dropped meanwhile (the guide's rollback) wants its rows again.
        if (!*table)
            return {};
        auto range = m_ledger.range(*m_control, run.id, m_plan.name, 0);
        if (!range)
            return fail(range.error());
        // An emptied one, too.
        if (!(*table)->hasRows && range->rows > 0)
            return {};
        m_outcome.runId = run.id;
        m_runExists = true;
        m_range = std::move(*range);
        m_outcome.storedBefore = m_range.rows;
        m_loaded = m_range.state == QLatin1String("done");
        m_outcome.alreadyImported = m_loaded
            && (run.state == runStateName(RunState::Completed)
                || run.state == runStateName(RunState::CompletedWithRejects));
        return {};
    }
    return {};
}

/// For a new run: what is there already must not be mixed with or destroyed.
Result<void> Importer::checkTable()
{
    auto existing = readTable(*m_control, m_outcome.schema, m_outcome.table);
    if (!existing)
        return fail(existing.error());
    if (!*existing)
        return {};
    const ExistingTable& table = **existing;
    if (m_plan.mode == TableMode::Create) {
        if (table.hasRows) {
            Error error = makeError(ErrorKind::Conflict,
                QStringLiteral("Table %1 exists already and has rows.").arg(m_outcome.table), {},
                QStringLiteral("Choose another table with --table, or --mode append, merge or replace."));
            error.where.table = m_outcome.table;
            return fail(std::move(error));
        }
        // The guide applies its schema before the import: an empty table of the right shape is what it means.
        m_outcome.warnings
            << QStringLiteral("Table %1 was there already, empty; the rows go into it.").arg(m_outcome.table);
        CollectionPlan intoExisting = m_plan;
        intoExisting.mode = TableMode::Append;
        auto schema = targetSchema(m_runPlan, intoExisting, m_server);
        if (!schema)
            return fail(schema.error());
        m_schema = std::move(*schema);
    }
    if (m_plan.mode == TableMode::Replace)
        return {};
    for (const ColumnSpec& column : m_schema.table.columns) {
        const ExistingColumn* there = table.column(column.name);
        Error error;
        if (!there)
            error = makeError(ErrorKind::Schema,
                QStringLiteral("Table %1 has no column %2.").arg(m_outcome.table, column.name));
        else if (isPgvectorType(column.type) && there->dimensions != 0
            && there->dimensions != column.dimensions)
            error = makeError(ErrorKind::Schema,
                QStringLiteral("Column %1 of table %2 is %3; the vectors have %4 dimensions.")
                    .arg(column.name, m_outcome.table, there->sqlType)
                    .arg(column.dimensions));
        else if (there->type != column.type)
            error = makeError(ErrorKind::Schema,
                QStringLiteral("Column %1 of table %2 is %3, not %4.")
                    .arg(column.name, m_outcome.table, there->sqlType, column.sqlType()));
        else
            continue;
        error.hint = QStringLiteral("Load into another table with --table, or drop this one.");
        error.where.table = m_outcome.table;
        error.where.column = column.name;
        return fail(std::move(error));
    }
    for (const ExistingIndex& index : table.indexes) {
        if (index.method == QLatin1String("hnsw") || index.method == QLatin1String("ivfflat"))
            m_outcome.warnings << QStringLiteral(
                "The index %1 exists already and slows the import down a hundred times; drop it first, it is "
                "built again afterwards.")
                                      .arg(index.name);
    }
    return {};
}

Result<void> Importer::startRun()
{
    m_outcome.runId = newRunId();
    if (auto held = holdTable(*m_control, m_outcome.runId, m_outcome.schema, m_outcome.table); !held)
        return held;
    if (auto checked = checkTable(); !checked)
        return checked;
    LedgerRun run;
    run.id = m_outcome.runId;
    run.planJson = planToJson(m_runPlan);
    run.planHash = planHash(m_runPlan);
    run.toolVersion = QStringLiteral(QDRANT2PG_VERSION);
    run.state = runStateName(RunState::Copying);
    run.expected = std::max<qint64>(m_expectedRows, 0);
    QJsonObject facts{{QStringLiteral("staged"),
        QJsonObject{
            {QStringLiteral("file"), QFileInfo(m_request.file).absoluteFilePath()},
            {QStringLiteral("sha256"), QString::fromLatin1(m_sha256)},
            {QStringLiteral("schema"), m_outcome.schema},
            {QStringLiteral("table"), m_outcome.table},
        }}};
    if (m_manifest && m_manifest->runStart.isValid())
        facts.insert(QStringLiteral("runStartMicros"),
            QString::number(m_manifest->runStart.toMSecsSinceEpoch() * 1000));
    run.factsJson = QJsonDocument(facts).toJson(QJsonDocument::Compact);
    LedgerRange range;
    range.collection = m_plan.name;
    range.state = QStringLiteral("open");
    range.expected = m_expectedRows;
    if (auto begun = m_control->begin(); !begun)
        return begun;
    const auto steps = [&]() -> Result<void> {
        if (auto created = SchemaRunner::before(*m_control, m_schema); !created)
            return created;
        if (auto created = m_ledger.createRun(*m_control, run); !created)
            return created;
        if (auto added = m_ledger.addRanges(*m_control, run.id, {range}); !added)
            return added;
        return m_control->commit();
    };
    if (auto done = steps(); !done) {
        if (m_control->isUsable())
            m_control->rollback();
        return done;
    }
    m_runExists = true;
    // The vector type may have come with the schema; its number is needed for vector[] columns.
    auto server = readServerProfile(*m_control);
    if (!server)
        return fail(server.error());
    m_server = std::move(*server);
    return {};
}

/// Takes the import's only range, also from a process that died with it; waits for one that is alive until
/// its lease ends.
Result<void> Importer::leaseRange()
{
    const auto deadline = Clock::now() + std::chrono::seconds(m_request.leaseSeconds + 2);
    for (;;) {
        auto leased = m_ledger.leaseRange(*m_connection, m_outcome.runId, m_owner, m_request.leaseSeconds);
        if (!leased)
            return fail(leased.error());
        if (*leased) {
            m_range = std::move(**leased);
            return {};
        }
        auto range = m_ledger.range(*m_connection, m_outcome.runId, m_plan.name, 0);
        if (!range)
            return fail(range.error());
        if (range->state == QLatin1String("done")) {
            m_range = std::move(*range);
            m_loaded = true;
            return {};
        }
        if (ownerIsDead(range->owner.section(QLatin1Char('-'), 0, -2).toStdString())) {
            if (auto released = m_ledger.releaseOwner(*m_connection, m_outcome.runId, range->owner);
                !released)
                return released;
            continue;
        }
        if (Clock::now() > deadline)
            return fail(ErrorKind::Conflict,
                QStringLiteral("Another process is importing %1 right now (run %2).")
                    .arg(m_request.file, m_outcome.runId),
                {}, QStringLiteral("Wait for it to end, or stop it."));
        report(QStringLiteral("import"),
            QStringLiteral("Waiting for another process that holds run %1.").arg(m_outcome.runId), false);
        if (!waitFor(std::chrono::milliseconds(500)))
            return fail(cancelled());
    }
}

Result<std::unique_ptr<RowInput>> Importer::openInput() const
{
    RowInputOptions options;
    options.vectorOid = m_server.vectorOid;
    options.collection = m_plan.name;
    options.idColumn = m_plan.id.column;
    options.keepRawRows = m_request.plan.run.rejectValues;
    const TableSpec& table = m_schema.table;
    if (m_format == DataFormat::Csv) {
        for (const int column : csvColumnOrder(m_plan, table))
            options.positions << table.columns.at(column).name;
        return openCsvInput(m_request.file, table, options);
    }
    if (m_manifest) {
        QStringList inFile;
        QStringList wanted;
        for (const DataColumn& column : m_manifest->columns)
            inFile << column.name + QLatin1Char(' ') + column.type;
        for (const ColumnSpec& column : table.columns)
            wanted << column.name + QLatin1Char(' ') + column.sqlType();
        if (inFile != wanted)
            return fail(ErrorKind::Schema,
                QStringLiteral("The columns of %1 are not those of table %2.")
                    .arg(m_request.file, table.name),
                QStringLiteral("file: %1\ntable: %2")
                    .arg(inFile.join(QStringLiteral(", ")), wanted.join(QStringLiteral(", "))),
                QStringLiteral("Convert the export with the plan that you import with."));
    }
    return openPgCopyInput(m_request.file, table, options);
}

Result<std::vector<ParentRow>> Importer::readParents() const
{
    std::vector<ParentRow> parents;
    const QString path = DataManifest::parentsPathFor(m_request.file);
    if (m_schema.parents.isEmpty() || !QFile::exists(path))
        return parents;
    auto content = readWholeFile(path, largestParentsFile);
    if (!content)
        return fail(content.error());
    for (const QByteArray& line : content->split('\n')) {
        if (line.isEmpty())
            continue;
        auto parent = parentRowFromLine(line, path);
        if (!parent)
            return fail(parent.error());
        parents.push_back(std::move(*parent));
    }
    return parents;
}

Result<void> Importer::reconnect()
{
    for (;;) {
        auto opened = Connection::open(m_request.target);
        if (opened) {
            m_connection.emplace(std::move(*opened));
            return {};
        }
        if (auto waited = waitOrFail(opened.error()); !waited)
            return waited;
    }
}

/// Stores a portion. After a lost connection the ledger says whether it is in: its cursor moved with the rows
/// or not at all.
Result<void> Importer::storeWithRetries(
    ImportStore& store, const InputPosition& position, qint64 fileBytes, bool done)
{
    const QString before = m_range.cursor;
    const QString cursor = position.toCursor();
    for (;;) {
        auto stored =
            store.store(*m_connection, m_range, m_owner, cursor, fileBytes, done, m_request.leaseSeconds);
        if (stored && *stored == ImportStore::Stored::Yes) {
            m_retry.succeeded();
            store.clear();
            return {};
        }
        if (!stored) {
            if (auto waited = waitOrFail(stored.error()); !waited)
                return waited;
        }
        if (!m_connection->isUsable()) {
            if (auto connected = reconnect(); !connected)
                return connected;
            store.connectionLost();
        }
        auto now = m_ledger.range(*m_connection, m_outcome.runId, m_plan.name, 0);
        if (!now)
            continue;
        const bool landed = now->cursor == cursor && (!done || now->state == QLatin1String("done"));
        if (landed && (cursor != before || done)) {
            m_range = std::move(*now);
            store.clear();
            return {};
        }
        if (now->owner != m_owner || now->cursor != before) {
            if (now->cursor == before && now->state != QLatin1String("done")) {
                // The lease ran out while the connection was away and nobody took it: it is ours again.
                if (auto leased = leaseRange(); !leased)
                    return leased;
                if (m_range.cursor == before)
                    continue;
            }
            return fail(ErrorKind::Conflict,
                QStringLiteral("Another process goes on with this import (run %1).").arg(m_outcome.runId), {},
                QStringLiteral("Let it finish; run the same command again to see the result."));
        }
    }
}

Result<void> Importer::load()
{
    auto leased = onConnection([this](Connection&) { return leaseRange(); });
    if (!leased || m_loaded)
        return leased;
    auto input = openInput();
    if (!input)
        return fail(input.error());
    InputPosition position;
    if (!m_range.cursor.isEmpty()) {
        const auto reached = InputPosition::fromCursor(m_range.cursor);
        if (!reached)
            return fail(ErrorKind::Data,
                QStringLiteral("Run %1 is not an import of a file; it cannot be continued here.")
                    .arg(m_outcome.runId));
        if (auto sought = (*input)->seek(*reached); !sought)
            return sought;
        position = *reached;
    }
    ImportStore store(m_plan, m_schema, m_ledger, m_outcome.runId, m_request.plan.run.onReject);
    auto parents = readParents();
    if (!parents)
        return fail(parents.error());
    auto created =
        onConnection([&](Connection& connection) { return store.createParents(connection, *parents); });
    if (!created)
        return created;

    bool ended = false;
    while (!ended) {
        while (static_cast<qint64>(store.bytes().size()) < m_request.transactionBytes) {
            RejectRow reject;
            auto step = (*input)->next(store.bytes(), reject);
            if (!step) {
                // What stands before the damage is whole: it is stored, so that the import goes on there.
                if (!store.isEmpty()) {
                    if (auto stored =
                            storeWithRetries(store, position, position.offset - m_range.bytes, false);
                        !stored)
                        return stored;
                }
                return fail(step.error());
            }
            if (*step == RowInput::Step::End) {
                ended = true;
                break;
            }
            position = (*input)->position();
            if (*step == RowInput::Step::Row)
                store.rowAppended(position.row);
            else
                store.rejected(std::move(reject));
        }
        if (m_manifest && ended && position.row != m_manifest->rows && !m_request.acceptChangedFile)
            return fail(ErrorKind::File,
                QStringLiteral("%1 holds %2 rows, %3 were converted.")
                    .arg(m_request.file, formatCount(position.row), formatCount(m_manifest->rows)));
        for (const RejectRow& reject : store.rejects()) {
            if (m_outcome.firstRejects.size() < shownRejects)
                m_outcome.firstRejects << reject;
        }
        if (auto stored = storeWithRetries(store, position, position.offset - m_range.bytes, ended); !stored)
            return stored;
        const qint64 most = m_request.plan.run.maxRejects;
        if (most >= 0 && m_range.rejected > most)
            return fail(ErrorKind::Data,
                QStringLiteral("More than %1 rows cannot be stored.").arg(formatCount(most)), {},
                QStringLiteral(
                    "Look at the rejects of run %1, correct the plan or the file, or raise --max-rejects.")
                    .arg(m_outcome.runId));
        report(QStringLiteral("import"), {}, ended);
        if (!ended && m_stop.stop_requested())
            return fail(cancelled());
    }
    m_outcome.warnings << (*input)->warnings();
    m_loaded = true;
    return {};
}

Result<void> Importer::setState(RunState state)
{
    return onConnection([&](Connection& connection) {
        return m_ledger.setRunState(connection, m_outcome.runId, runStateName(state), {});
    });
}

Result<void> Importer::finish()
{
    if (m_stop.stop_requested())
        return fail(cancelled());
    if (auto set = setState(RunState::BuildingIndexes); !set)
        return set;
    const auto started = Clock::now();
    SchemaRunner runner(
        m_request.target, m_server,
        [this](const StageProgress& stage) {
            if (!m_progress)
                return;
            StagedProgress progress;
            progress.stage = QStringLiteral("indexes");
            progress.done = static_cast<qint64>(std::max(0.0, stage.fraction) * 100);
            progress.total = 100;
            progress.note =
                stage.name + (stage.note.isEmpty() ? QString() : QStringLiteral(": ") + stage.note);
            m_progress(progress);
        },
        m_stop);
    auto notes = runner.after(m_plan.name, m_schema, m_range.rows, m_plan.analyze);
    if (!notes)
        return fail(m_stop.stop_requested() ? cancelled() : notes.error());
    m_outcome.warnings << *notes;
    m_outcome.indexTime = since(started);
    return setState(m_range.rejected > 0 ? RunState::CompletedWithRejects : RunState::Completed);
}

/// Says in the ledger how it ended; best effort, the rows and the cursor are what counts.
void Importer::noteEnd(const Error& error)
{
    // With a Conflict the run is somebody else's now.
    if (!m_runExists || m_outcome.alreadyImported || error.kind == ErrorKind::Conflict)
        return;
    if (!m_connection || !m_connection->isUsable()) {
        auto opened = Connection::open(m_request.target);
        if (!opened)
            return;
        m_connection.emplace(std::move(*opened));
    }
    const RunState state = error.kind == ErrorKind::Cancelled ? RunState::Cancelled : RunState::Failed;
    (void)m_ledger.setRunState(*m_connection, m_outcome.runId, runStateName(state), error.summary);
    (void)m_ledger.releaseOwner(*m_connection, m_outcome.runId, m_owner);
}

Result<ImportOutcome> Importer::run()
{
    const auto started = Clock::now();
    if (auto checked = checkFile(); !checked)
        return fail(checked.error());
    if (auto prepared = prepareSchema(); !prepared)
        return fail(prepared.error());
    if (auto found = findRun(); !found)
        return fail(found.error());
    if (m_runExists && !m_outcome.alreadyImported) {
        if (auto held = holdTable(*m_control, m_outcome.runId, m_outcome.schema, m_outcome.table); !held)
            return fail(held.error());
        (void)m_ledger.setRunState(*m_control, m_outcome.runId, runStateName(RunState::Copying), {});
    }
    const auto steps = [&]() -> Result<void> {
        if (m_outcome.alreadyImported)
            return {};
        // A file that cannot be read as rows of this table leaves no trace in the database.
        if (auto input = openInput(); !input)
            return fail(input.error());
        if (!m_runExists) {
            if (auto begun = startRun(); !begun)
                return begun;
        }
        if (auto loaded = load(); !loaded)
            return loaded;
        m_outcome.dataTime = since(started);
        return finish();
    };
    if (auto done = steps(); !done) {
        noteEnd(done.error());
        Error error = done.error();
        if (error.where.file.isEmpty())
            error.where.file = m_request.file;
        return fail(std::move(error));
    }
    // The connection that held the table's lock may have died meanwhile; any other counts as well.
    auto rows = onConnection([this](Connection& connection) {
        return countRows(connection, m_outcome.schema, m_schema.loadName);
    });
    if (!rows)
        return fail(rows.error());
    m_outcome.tableRows = *rows;
    m_outcome.stored = m_range.rows;
    m_outcome.rejected = m_range.rejected;
    m_outcome.skipped = m_range.skipped;
    if (m_outcome.alreadyImported)
        m_outcome.warnings << QStringLiteral("This file was imported before (run %1); nothing was done. "
                                             "Empty or drop the table to import it again.")
                                  .arg(m_outcome.runId);
    const bool shared = m_plan.mode == TableMode::Append || m_plan.mode == TableMode::Merge;
    if (!shared && m_outcome.tableRows != m_outcome.stored)
        m_outcome.warnings << QStringLiteral(
            "%1 rows were stored, the table holds %2 now: somebody else writes to it.")
                                  .arg(formatCount(m_outcome.stored), formatCount(m_outcome.tableRows));
    if (m_plan.mode == TableMode::Replace)
        m_outcome.warnings << QStringLiteral(
            "The rows wait in table %1; verify and publish run %2 to put it in the place of %3.")
                                  .arg(m_schema.loadName, m_outcome.runId, m_outcome.table);
    return std::move(m_outcome);
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
