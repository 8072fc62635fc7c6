// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/importstore.h"

#include "core/postgres/fieldtext.h"
#include "core/qdrant/pointid.h"

#include <cstring>
#include <utility>

namespace qdrant2pg {

namespace {

std::optional<std::array<std::uint8_t, 16>> uuidOf(const CopyField& field)
{
    std::array<std::uint8_t, 16> uuid{};
    if (!field || field->size() != uuid.size())
        return std::nullopt;
    std::memcpy(uuid.data(), field->data(), uuid.size());
    return uuid;
}

/// Nothing when the text is no UUID.
std::optional<std::array<std::uint8_t, 16>> uuidOf(const QString& text)
{
    const auto id = PointId::parse(text.toStdString());
    return id && id->isUuid() ? std::optional(id->uuid()) : std::nullopt;
}

} // namespace

ImportStore::ImportStore(const CollectionPlan& plan, const TargetSchema& schema, const Ledger& ledger,
    QString runId, OnReject onReject, int leaseSeconds)
    : m_plan(plan)
    , m_schema(schema)
    , m_rows(plan, schema, ledger,
          {std::move(runId), leaseSeconds, onReject,
              [this](const CopyRow& row, const Error& error) { return reject(row, error); },
              [this](const RejectRow& first) { return refusal(first); }, {}})
    , m_digest(schema.table.columnTypes())
{
}

void ImportStore::rowAppended(qint64 number)
{
    CopyRow row;
    row.begin = m_batch.rows.empty() ? 0 : m_batch.rows.back().end;
    row.end = m_bytes.size();
    row.number = number;
    row.digest = m_digest.hash(bytesOf(row));
    m_batch.rows.push_back(row);
}

void ImportStore::clear()
{
    m_bytes.clear();
    m_batch = {};
}

std::string_view ImportStore::bytesOf(const CopyRow& row) const
{
    return std::string_view(m_bytes).substr(row.begin, row.end - row.begin);
}

RejectRow ImportStore::reject(const CopyRow& row, const Error& error)
{
    RejectRow rejected;
    rejected.collection = m_plan.name;
    rejected.stage = QStringLiteral("store");
    rejected.column = error.where.column;
    rejected.sqlState = error.sqlState;
    const QString number = QStringLiteral("row %1").arg(row.number);
    rejected.reason =
        QStringLiteral("%1: %2").arg(number, error.detail.isEmpty() ? error.summary : error.detail);
    const QList<ColumnSpec>& columns = m_schema.table.columns;
    std::string text;
    if (splitCopyRow(bytesOf(row), m_fields)) {
        for (std::size_t c = 0; c < m_fields.size() && std::cmp_less(c, columns.size()); ++c) {
            const ColumnSpec& column = columns.at(static_cast<qsizetype>(c));
            if (column.name == m_plan.id.column && m_fields[c]
                && appendFieldText(text, column.type, *m_fields[c]))
                rejected.pointId = QString::fromStdString(text);
        }
    }
    if (rejected.pointId.isEmpty())
        rejected.pointId = number;
    return rejected;
}

Error ImportStore::refusal(const RejectRow& first) const
{
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
    return error;
}

Result<void> ImportStore::createParents(Connection& connection, const std::vector<ParentRow>& parents)
{
    if (parents.empty() || m_plan.parents != ParentPolicy::Create)
        return {};
    std::vector<ParentRows::Reference> created;
    if (auto begun = connection.begin(); !begun)
        return begun;
    for (int table = 0; table < m_schema.parents.size(); ++table) {
        for (const ParentRow& row : parents) {
            const auto id = uuidOf(row.id);
            if (!id || row.table != m_schema.parents.at(table).name)
                continue;
            const auto game = uuidOf(row.game);
            const ParentRows::Reference parent{table, *id, game.value_or(std::array<std::uint8_t, 16>{}),
                game.has_value(), row.name.toStdString()};
            if (auto inserted = ParentRows::create(connection, m_schema, parent); !inserted) {
                connection.rollback();
                return inserted;
            }
            created.push_back(parent);
        }
    }
    if (auto committed = connection.commit(); !committed)
        return committed;
    for (const ParentRows::Reference& parent : created)
        m_rows.parents().remember(parent);
    return {};
}

std::vector<ParentRows::Reference> ImportStore::parentsOf(const CopyRow& row)
{
    std::vector<ParentRows::Reference> references;
    if (!splitCopyRow(bytesOf(row), m_fields))
        return references;
    const auto field = [this](const ParentTable& parent) {
        return uuidOf(m_fields[static_cast<std::size_t>(parent.column)]);
    };
    std::optional<std::array<std::uint8_t, 16>> game;
    for (const ParentTable& parent : m_schema.parents) {
        if (!parent.needsGame)
            game = field(parent);
    }
    for (int table = 0; table < m_schema.parents.size(); ++table) {
        const ParentTable& parent = m_schema.parents.at(table);
        const auto id = field(parent);
        if (!id)
            continue;
        const bool withGame = parent.needsGame && game;
        references.push_back({table, *id, withGame ? *game : std::array<std::uint8_t, 16>{}, withGame, {}});
    }
    return references;
}

Result<RowStore::Stored> ImportStore::store(Connection& connection, LedgerRange& range, const QString& owner,
    const QString& cursor, qint64 fileBytes, bool done)
{
    m_batch.bytes = m_bytes;
    if (!m_schema.parents.isEmpty()) {
        m_batch.parents.clear();
        for (const CopyRow& row : m_batch.rows)
            m_batch.parents.push_back(parentsOf(row));
    }
    RangeProgress progress;
    progress.newCursor = cursor;
    progress.bytes = fileBytes;
    progress.done = done;
    return m_rows.store(connection, range, owner, m_batch, progress);
}

} // namespace qdrant2pg
