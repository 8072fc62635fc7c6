// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/importstore.h"

#include "core/postgres/copybuffer.h"
#include "core/postgres/fieldtext.h"
#include "core/postgres/identifiers.h"
#include "core/qdrant/pointid.h"

#include <algorithm>
#include <cstring>

namespace qdrant2pg {

namespace {

constexpr std::size_t copyChunkBytes = 1 << 18;
const char* const stagingTable = "qdrant2pg_import";

std::vector<ColumnType> typesOf(const TableSpec& table)
{
    std::vector<ColumnType> types;
    for (const ColumnSpec& column : table.columns)
        types.push_back(column.type);
    return types;
}

/// Errors that a row of the portion caused, not the server or the connection.
bool isRowError(const Error& error)
{
    return error.sqlState.startsWith("22") || error.sqlState.startsWith("23")
        || error.sqlState.startsWith("54") || error.sqlState == "08P01";
}

QByteArray uuidText(const std::array<std::uint8_t, 16>& uuid)
{
    return QByteArray::fromStdString(PointId::fromUuid(uuid).toStdString());
}

std::optional<std::array<std::uint8_t, 16>> uuidOf(const CopyField& field)
{
    std::array<std::uint8_t, 16> uuid{};
    if (!field || field->size() != uuid.size())
        return std::nullopt;
    std::memcpy(uuid.data(), field->data(), uuid.size());
    return uuid;
}

} // namespace

ImportStore::ImportStore(const CollectionPlan& plan, const TargetSchema& schema, const Ledger& ledger,
    QString runId, OnReject onReject)
    : m_plan(plan)
    , m_schema(schema)
    , m_ledger(ledger)
    , m_runId(std::move(runId))
    , m_onReject(onReject)
    , m_digest(typesOf(schema.table))
    , m_knownParents(static_cast<std::size_t>(schema.parents.size()))
{
    TableSpec load = schema.table;
    load.name = schema.loadName;
    for (int c = 0; c < load.columns.size(); ++c) {
        if (load.columns.at(c).name == plan.id.column)
            m_idIndex = c;
    }
    if (merge()) {
        QStringList names;
        QStringList columns;
        for (const ColumnSpec& column : std::as_const(load.columns)) {
            names << quoteIdentifier(column.name);
            columns << quoteIdentifier(column.name) + QLatin1Char(' ') + column.sqlType(schema.vectorSchema);
        }
        m_createStagingSql = QStringLiteral("CREATE TEMP TABLE IF NOT EXISTS %1 (%2) ON COMMIT DELETE ROWS")
                                 .arg(QLatin1String(stagingTable), columns.join(QStringLiteral(", ")))
                                 .toUtf8();
        m_insertFromStagingSql =
            QStringLiteral("INSERT INTO %1 (%2) SELECT %2 FROM pg_temp.%3 ON CONFLICT DO NOTHING")
                .arg(qualifiedName(load.schema, load.name), names.join(QStringLiteral(", ")),
                    QLatin1String(stagingTable))
                .toUtf8();
        load.schema = QStringLiteral("pg_temp");
        load.name = QLatin1String(stagingTable);
    }
    m_copySql = copyInSql(load).toUtf8();
}

void ImportStore::rowAppended(qint64 number)
{
    Row row;
    row.begin = m_rows.empty() ? 0 : m_rows.back().end;
    row.end = m_bytes.size();
    row.number = number;
    row.digest = m_digest.hash(std::string_view(m_bytes).substr(row.begin));
    m_rows.push_back(row);
}

void ImportStore::clear()
{
    m_bytes.clear();
    m_rows.clear();
    m_rejects.clear();
}

void ImportStore::reject(const Row& row, const Error& error)
{
    RejectRow rejected;
    rejected.collection = m_plan.name;
    rejected.stage = QStringLiteral("store");
    rejected.column = error.where.column;
    rejected.sqlState = error.sqlState;
    rejected.reason = QStringLiteral("row %1: %2")
                          .arg(row.number)
                          .arg(error.detail.isEmpty() ? error.summary : error.detail);
    const std::string_view bytes = std::string_view(m_bytes).substr(row.begin, row.end - row.begin);
    std::string text;
    if (splitCopyRow(bytes, m_fields) && m_fields.size() > static_cast<std::size_t>(m_idIndex)) {
        const CopyField& id = m_fields[static_cast<std::size_t>(m_idIndex)];
        if (id && appendFieldText(text, m_schema.table.columns.at(m_idIndex).type, *id))
            rejected.pointId = QString::fromStdString(text);
    }
    if (rejected.pointId.isEmpty())
        rejected.pointId = QStringLiteral("row %1").arg(row.number);
    m_rejects << rejected;
}

Result<void> ImportStore::mayReject() const
{
    if (m_onReject == OnReject::Continue || m_rejects.isEmpty())
        return {};
    const RejectRow& first = m_rejects.first();
    Error error = makeError(ErrorKind::Data,
        first.column.isEmpty()
            ? QStringLiteral("A row cannot be stored: %1.").arg(first.reason)
            : QStringLiteral("A row cannot be stored: %1 (column %2).").arg(first.reason, first.column),
        {},
        QStringLiteral("Correct the file or the plan, or import with --on-reject continue; what is stored "
                       "already stays and is not stored twice."));
    error.where.column = first.column;
    error.where.pointId = first.pointId;
    error.where.table = m_schema.table.name;
    error.sqlState = first.sqlState;
    return fail(std::move(error));
}

Result<void> ImportStore::createParents(Connection& connection, const std::vector<ParentRow>& parents)
{
    if (parents.empty() || m_plan.parents != ParentPolicy::Create)
        return {};
    if (auto begun = connection.begin(); !begun)
        return begun;
    for (int table = 0; table < m_schema.parents.size(); ++table) {
        const ParentTable& parent = m_schema.parents.at(table);
        for (const ParentRow& row : parents) {
            if (row.table != parent.name)
                continue;
            const auto id = PointId::parse(row.id.toStdString());
            if (!id || !id->isUuid())
                continue;
            std::vector<SqlParameter> parameters{
                row.id.toUtf8(), row.name.isEmpty() ? row.id.toUtf8() : row.name.toUtf8()};
            if (parent.needsGame)
                parameters.push_back(row.game.isEmpty() ? SqlParameter() : SqlParameter(row.game.toUtf8()));
            if (auto inserted = connection.execute(parent.insertSql.toUtf8(), parameters); !inserted) {
                if (connection.isUsable())
                    connection.rollback();
                return fail(inserted.error());
            }
            m_knownParents[static_cast<std::size_t>(table)].insert(id->uuid());
        }
    }
    return connection.commit();
}

/// Parents that rows of the portion refer to: created, or looked up so that rows without them can be
/// rejected.
Result<void> ImportStore::ensureParents(Connection& connection)
{
    if (m_schema.parents.isEmpty() || m_plan.parents == ParentPolicy::NoConstraint)
        return {};
    int gameColumn = -1;
    for (const ParentTable& parent : m_schema.parents) {
        if (!parent.needsGame)
            gameColumn = parent.column;
    }
    struct Reference {
        Uuid id{};
        std::optional<Uuid> game;
    };
    std::vector<std::vector<Reference>> missing(m_knownParents.size());
    for (const Row& row : m_rows) {
        if (!splitCopyRow(std::string_view(m_bytes).substr(row.begin, row.end - row.begin), m_fields))
            continue;
        for (int table = 0; table < m_schema.parents.size(); ++table) {
            const ParentTable& parent = m_schema.parents.at(table);
            const auto id = uuidOf(m_fields[static_cast<std::size_t>(parent.column)]);
            if (!id || m_knownParents[static_cast<std::size_t>(table)].contains(*id))
                continue;
            Reference reference{*id, std::nullopt};
            if (parent.needsGame && gameColumn >= 0)
                reference.game = uuidOf(m_fields[static_cast<std::size_t>(gameColumn)]);
            missing[static_cast<std::size_t>(table)].push_back(reference);
        }
    }
    for (int table = 0; table < m_schema.parents.size(); ++table) {
        auto& list = missing[static_cast<std::size_t>(table)];
        auto& known = m_knownParents[static_cast<std::size_t>(table)];
        std::sort(
            list.begin(), list.end(), [](const Reference& a, const Reference& b) { return a.id < b.id; });
        list.erase(std::unique(list.begin(), list.end(),
                       [](const Reference& a, const Reference& b) { return a.id == b.id; }),
            list.end());
        if (list.empty())
            continue;
        const ParentTable& parent = m_schema.parents.at(table);
        if (m_plan.parents == ParentPolicy::Create) {
            for (const Reference& reference : list) {
                const QByteArray id = uuidText(reference.id);
                std::vector<SqlParameter> parameters{id, id};
                if (parent.needsGame)
                    parameters.push_back(
                        reference.game ? SqlParameter(uuidText(*reference.game)) : SqlParameter());
                if (auto inserted = connection.execute(parent.insertSql.toUtf8(), parameters); !inserted)
                    return fail(inserted.error());
                known.insert(reference.id);
            }
            continue;
        }
        QByteArray ids = "{";
        for (const Reference& reference : list)
            ids += (ids.size() > 1 ? "," : "") + uuidText(reference.id);
        ids += '}';
        auto found = connection.execute(QStringLiteral("SELECT id FROM %1 WHERE id = ANY($1::uuid[])")
                                            .arg(qualifiedName(m_schema.table.schema, parent.name))
                                            .toUtf8(),
            {ids});
        if (!found)
            return fail(found.error());
        for (int row = 0; row < found->rowCount(); ++row) {
            if (const auto id = PointId::parse(found->text(row, 0).toStdString()))
                known.insert(id->uuid());
        }
    }
    if (m_plan.parents != ParentPolicy::Reject)
        return {};
    std::vector<Row> kept;
    for (const Row& row : m_rows) {
        const bool split =
            splitCopyRow(std::string_view(m_bytes).substr(row.begin, row.end - row.begin), m_fields);
        const ParentTable* lacking = nullptr;
        QByteArray lackingId;
        for (int table = 0; split && !lacking && table < m_schema.parents.size(); ++table) {
            const ParentTable& parent = m_schema.parents.at(table);
            const auto id = uuidOf(m_fields[static_cast<std::size_t>(parent.column)]);
            if (id && !m_knownParents[static_cast<std::size_t>(table)].contains(*id)) {
                lacking = &parent;
                lackingId = uuidText(*id);
            }
        }
        if (!lacking) {
            kept.push_back(row);
            continue;
        }
        Error error = makeError(ErrorKind::Constraint,
            QStringLiteral("%1 has no row with id %2").arg(lacking->name, QString::fromLatin1(lackingId)));
        error.sqlState = "23503";
        error.where.column = m_schema.table.columns.at(lacking->column).name;
        reject(row, error);
    }
    m_rows = std::move(kept);
    return {};
}

Result<void> ImportStore::ensureStaging(Connection& connection)
{
    if (!merge() || m_stagingReady)
        return {};
    if (auto created = connection.execute(m_createStagingSql); !created)
        return fail(created.error());
    m_stagingReady = true;
    return {};
}

Result<qint64> ImportStore::copyRows(Connection& connection, std::span<const Row> rows)
{
    if (rows.empty())
        return 0;
    if (auto begun = connection.copyInBegin(m_copySql); !begun)
        return fail(begun.error());
    const auto write = [&](std::string_view part) -> Result<void> {
        while (!part.empty()) {
            const std::string_view head = part.substr(0, copyChunkBytes);
            if (auto written = connection.copyInWrite(head); !written)
                return written;
            part.remove_prefix(head.size());
        }
        return {};
    };
    if (auto written = write(CopyBuffer::header()); !written)
        return fail(written.error());
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t j = i + 1;
        while (j < rows.size() && rows[j].begin == rows[j - 1].end)
            ++j;
        if (auto written =
                write(std::string_view(m_bytes).substr(rows[i].begin, rows[j - 1].end - rows[i].begin));
            !written)
            return fail(written.error());
        i = j;
    }
    if (auto written = write(CopyBuffer::trailer()); !written)
        return fail(written.error());
    auto stored = connection.copyInEnd();
    if (!stored)
        return fail(stored.error());
    if (*stored != static_cast<qint64>(rows.size())) {
        // The server does not prove completeness; the row count is the proof (pgvector.md 1.1).
        Error error = makeError(ErrorKind::Protocol,
            QStringLiteral("PostgreSQL stored %1 of %2 rows.").arg(*stored).arg(rows.size()));
        error.retryable = true;
        error.poisonsConnection = true;
        return fail(std::move(error));
    }
    if (!merge())
        return stored;
    auto inserted = connection.execute(m_insertFromStagingSql);
    if (!inserted)
        return fail(inserted.error());
    return inserted->affectedRows();
}

Result<void> ImportStore::searchOffenders(
    Connection& connection, std::size_t begin, std::size_t end, std::set<std::size_t>& offenders)
{
    if (begin >= end)
        return {};
    if (auto savepoint = connection.execute("SAVEPOINT bisect"); !savepoint)
        return fail(savepoint.error());
    auto stored = copyRows(connection, std::span(m_rows).subspan(begin, end - begin));
    if (stored) {
        if (merge()) {
            const QByteArray clear = QByteArray("TRUNCATE pg_temp.") + stagingTable;
            if (auto cleared = connection.execute(clear); !cleared)
                return fail(cleared.error());
        }
        return {};
    }
    if (!isRowError(stored.error()) || !connection.isUsable())
        return fail(stored.error());
    if (auto back = connection.execute("ROLLBACK TO SAVEPOINT bisect"); !back)
        return fail(back.error());
    if (end - begin == 1) {
        offenders.insert(begin);
        reject(m_rows[begin], stored.error());
        return {};
    }
    const std::size_t middle = begin + (end - begin) / 2;
    if (auto first = searchOffenders(connection, begin, middle, offenders); !first)
        return first;
    return searchOffenders(connection, middle, end, offenders);
}

Result<bool> ImportStore::transaction(Connection& connection, const LedgerRange& range, const QString& owner,
    RangeProgress& progress, int leaseSeconds)
{
    if (auto begun = connection.begin(); !begun)
        return fail(begun.error());
    const auto abandon = [&connection](const Error& error) -> tl::unexpected<Error> {
        if (connection.isUsable())
            connection.rollback();
        return fail(error);
    };
    if (progress.done) {
        if (auto set = connection.execute("SET LOCAL synchronous_commit = on"); !set)
            return abandon(set.error());
    }
    progress.rows = static_cast<qint64>(m_rows.size());
    // The ledger's row first: whoever lost the range learns it before a single row is sent.
    auto mine = merge() ? m_ledger.lockRange(connection, m_runId, range, owner)
                        : m_ledger.advanceRange(connection, m_runId, range, owner, progress, leaseSeconds);
    if (!mine)
        return abandon(mine.error());
    if (!*mine) {
        connection.rollback();
        return false;
    }
    auto stored = copyRows(connection, m_rows);
    if (!stored)
        return abandon(stored.error());
    if (merge()) {
        progress.rows = *stored;
        progress.skipped = static_cast<qint64>(m_rows.size()) - *stored;
        auto advanced = m_ledger.advanceRange(connection, m_runId, range, owner, progress, leaseSeconds);
        if (!advanced)
            return abandon(advanced.error());
    }
    if (!m_rejects.isEmpty()) {
        if (auto added = m_ledger.addRejects(connection, m_runId, m_rejects); !added)
            return abandon(added.error());
    }
    if (auto committed = connection.commit(); !committed)
        return abandon(committed.error());
    return true;
}

Result<ImportStore::Stored> ImportStore::store(Connection& connection, LedgerRange& range,
    const QString& owner, const QString& cursor, qint64 fileBytes, bool done, int leaseSeconds)
{
    if (auto ready = ensureStaging(connection); !ready)
        return fail(ready.error());
    if (auto parents = ensureParents(connection); !parents)
        return fail(parents.error());
    if (auto allowed = mayReject(); !allowed)
        return fail(allowed.error());
    RangeProgress progress;
    const auto fill = [&] {
        progress = {};
        progress.newCursor = cursor;
        progress.rejected = m_rejects.size();
        progress.bytes = fileBytes;
        progress.done = done;
        for (const Row& row : m_rows)
            progress.digest += row.digest;
    };
    fill();
    auto stored = transaction(connection, range, owner, progress, leaseSeconds);
    if (!stored && isRowError(stored.error()) && connection.isUsable()) {
        std::set<std::size_t> offenders;
        if (auto begun = connection.begin(); !begun)
            return fail(begun.error());
        auto searched = searchOffenders(connection, 0, m_rows.size(), offenders);
        connection.rollback();
        if (!searched)
            return fail(searched.error());
        if (offenders.empty())
            return fail(stored.error());
        if (auto allowed = mayReject(); !allowed)
            return fail(allowed.error());
        std::vector<Row> kept;
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            if (!offenders.contains(i))
                kept.push_back(m_rows[i]);
        }
        m_rows = std::move(kept);
        fill();
        stored = transaction(connection, range, owner, progress, leaseSeconds);
    }
    if (!stored)
        return fail(stored.error());
    if (!*stored)
        return Stored::RangeMoved;
    range.cursor = cursor;
    range.rows += progress.rows;
    range.rejected += progress.rejected;
    range.skipped += progress.skipped;
    range.bytes += progress.bytes;
    range.digest += progress.digest;
    return Stored::Yes;
}

} // namespace qdrant2pg
