// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/parentrows.h"

#include "core/postgres/identifiers.h"
#include "core/qdrant/pointid.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

QByteArray uuidText(const std::array<std::uint8_t, 16>& uuid)
{
    return QByteArray::fromStdString(PointId::fromUuid(uuid).toStdString());
}

} // namespace

ParentRows::ParentRows(const TargetSchema& schema, ParentPolicy policy)
    : m_schema(schema)
    , m_policy(policy)
    , m_known(static_cast<std::size_t>(schema.parents.size()))
{
}

void ParentRows::remember(const Reference& parent)
{
    m_known[static_cast<std::size_t>(parent.parent)].insert(parent.id);
}

Result<void> ParentRows::create(Connection& connection, const TargetSchema& schema, const Reference& parent)
{
    const ParentTable& table = schema.parents.at(parent.parent);
    const QByteArray id = uuidText(parent.id);
    std::vector<SqlParameter> parameters{
        id, parent.name.empty() ? id : QByteArray::fromStdString(parent.name)};
    if (table.needsGame)
        parameters.push_back(parent.hasGame ? SqlParameter(uuidText(parent.game)) : SqlParameter());
    if (auto inserted = connection.execute(table.insertSql.toUtf8(), parameters); !inserted)
        return fail(inserted.error());
    return {};
}

Result<void> ParentRows::lookUp(
    Connection& connection, int table, const std::vector<const Reference*>& parents)
{
    QByteArray ids = "{";
    for (const Reference* parent : parents)
        ids += (ids.size() > 1 ? "," : "") + uuidText(parent->id);
    ids += '}';
    const QString sql = QStringLiteral("SELECT id FROM %1 WHERE id = ANY($1::uuid[])")
                            .arg(qualifiedName(m_schema.table.schema, m_schema.parents.at(table).name));
    auto found = connection.execute(sql.toUtf8(), {ids});
    if (!found)
        return fail(found.error());
    for (int row = 0; row < found->rowCount(); ++row) {
        if (const auto id = PointId::parse(found->text(row, 0).toStdString()))
            m_known[static_cast<std::size_t>(table)].insert(id->uuid());
    }
    return {};
}

Result<void> ParentRows::ensure(Connection& connection, const std::vector<std::vector<Reference>>& ofRows)
{
    for (int table = 0; table < m_schema.parents.size(); ++table) {
        const std::set<Uuid>& known = m_known[static_cast<std::size_t>(table)];
        std::vector<const Reference*> missing;
        for (const auto& references : ofRows) {
            for (const Reference& reference : references) {
                if (reference.parent == table && !known.contains(reference.id))
                    missing.push_back(&reference);
            }
        }
        if (missing.empty())
            continue;
        std::sort(missing.begin(), missing.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
        missing.erase(std::unique(missing.begin(), missing.end(),
                          [](const auto* a, const auto* b) { return a->id == b->id; }),
            missing.end());
        if (m_policy != ParentPolicy::Create) {
            if (auto found = lookUp(connection, table, missing); !found)
                return found;
            continue;
        }
        for (const Reference* parent : missing) {
            if (auto created = create(connection, m_schema, *parent); !created)
                return created;
            remember(*parent);
        }
    }
    return {};
}

std::optional<Error> ParentRows::lackOf(const std::vector<Reference>& references) const
{
    if (m_policy != ParentPolicy::Reject)
        return std::nullopt;
    const auto lacking =
        std::find_if(references.begin(), references.end(), [this](const Reference& reference) {
            return !m_known[static_cast<std::size_t>(reference.parent)].contains(reference.id);
        });
    if (lacking == references.end())
        return std::nullopt;
    const ParentTable& parent = m_schema.parents.at(lacking->parent);
    Error error = makeError(ErrorKind::Constraint,
        QStringLiteral("%1 has no row with id %2")
            .arg(parent.name, QString::fromLatin1(uuidText(lacking->id))));
    error.sqlState = "23503";
    error.where.column = m_schema.table.columns.at(parent.column).name;
    return error;
}

} // namespace qdrant2pg
