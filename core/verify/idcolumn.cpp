// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/idcolumn.h"

#include "core/postgres/fieldtext.h"
#include "core/postgres/identifiers.h"

#include <cstring>

namespace qdrant2pg {

namespace {

const QString never = QStringLiteral("false");

} // namespace

std::optional<PointId> IdColumn::pointId(const CopyField& field) const
{
    if (!field)
        return std::nullopt;
    switch (m_type) {
    case ColumnType::Uuid: {
        PointId::UuidBytes bytes{};
        if (field->size() != bytes.size())
            return std::nullopt;
        std::memcpy(bytes.data(), field->data(), bytes.size());
        return PointId::fromUuid(bytes);
    }
    case ColumnType::Text: {
        // Another spelling is another text and sorts elsewhere.
        const auto id = PointId::parse(*field);
        return id && id->toStdString() == *field ? id : std::nullopt;
    }
    default:
        break;
    }
    std::string text;
    if (!appendFieldText(text, m_type, *field))
        return std::nullopt;
    const auto id = PointId::parse(text);
    return id && id->isNumber() ? id : std::nullopt;
}

QString IdColumn::text(const CopyField& field) const
{
    std::string text;
    if (!field || !appendFieldText(text, m_type, *field))
        return QStringLiteral("NULL");
    return QString::fromStdString(text);
}

/// One side of the condition; empty when it is no restriction. Numbers come before UUIDs, so a bound of the
/// kind that the column cannot hold lies before or behind everything in it.
QString IdColumn::bound(const PointId& id, bool upper) const
{
    const QString compare = upper ? QStringLiteral(" < ") : QStringLiteral(" >= ");
    const QString column = quoteIdentifier(m_name);
    const QString literal = quoteLiteral(id.toString());
    switch (m_type) {
    case ColumnType::Uuid:
        if (id.isNumber())
            return upper ? never : QString();
        return column + compare + literal + QStringLiteral("::uuid");
    case ColumnType::Text:
        return QStringLiteral("(length(%1), %1 COLLATE \"C\")%2(%3, %4)")
            .arg(column, compare)
            .arg(id.toString().size())
            .arg(literal);
    default:
        break;
    }
    if (id.isUuid())
        return upper ? QString() : never;
    // Compared as numeric: a bound may be larger than the column's type can say.
    if (m_type == ColumnType::Bigint && id.number() > static_cast<std::uint64_t>(INT64_MAX))
        return upper ? QString() : never;
    return column + compare + id.toString()
        + (m_type == ColumnType::Bigint ? QStringLiteral("::bigint") : QStringLiteral("::numeric"));
}

QString IdColumn::condition(const std::optional<PointId>& lower, const std::optional<PointId>& upper) const
{
    QStringList parts;
    if (lower && *lower != PointId()) {
        if (const QString part = bound(*lower, false); !part.isEmpty())
            parts << part;
    }
    if (upper) {
        if (const QString part = bound(*upper, true); !part.isEmpty())
            parts << part;
    }
    if (parts.contains(never))
        return never;
    return parts.join(QStringLiteral(" AND "));
}

QString IdColumn::order() const
{
    const QString column = quoteIdentifier(m_name);
    if (m_type == ColumnType::Text)
        return QStringLiteral("length(%1), %1 COLLATE \"C\"").arg(column);
    return column;
}

} // namespace qdrant2pg
