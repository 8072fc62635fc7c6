// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/columntype.h"
#include "core/postgres/copyrow.h"
#include "core/qdrant/pointid.h"

#include <QString>

#include <optional>

namespace qdrant2pg {

/// The id column of a table read in Qdrant's order: numbers by value, then UUIDs by their bytes. uuid, bigint
/// and numeric sort that way by themselves; text is sorted by length and then bytewise, which is the same for
/// canonical spellings.
class IdColumn {
public:
    IdColumn(QString name, ColumnType type)
        : m_name(std::move(name))
        , m_type(type)
    {
    }

    ColumnType type() const { return m_type; }
    const QString& name() const { return m_name; }
    /// True when a range of ids can be found without reading the whole table (an index in Qdrant's order may
    /// exist).
    bool rangesAreCheap() const { return m_type != ColumnType::Text; }

    /// The point that a row of this table belongs to; nothing for NULL and for texts that are no point id.
    std::optional<PointId> pointId(const CopyField& field) const;
    /// The id as people read it, also when it is no point id.
    QString text(const CopyField& field) const;

    /// SQL condition lower <= id < upper; empty when it always holds, "false" when it never does.
    QString condition(const std::optional<PointId>& lower, const std::optional<PointId>& upper) const;
    /// SQL ORDER BY list.
    QString order() const;

private:
    QString bound(const PointId& id, bool upper) const;

    QString m_name;
    ColumnType m_type;
};

} // namespace qdrant2pg
