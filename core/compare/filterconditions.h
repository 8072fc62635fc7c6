// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/migrationplan.h"

#include <QJsonObject>
#include <QStringList>

namespace qdrant2pg {

/// Where a payload path is found in the table. Internal to the compare module.
struct FilterField {
    /// A column of its own, or the payload column.
    QString column;
    /// Of a column of its own; empty in the payload.
    QString type;
    /// Members to walk in the payload, from the outside in.
    QStringList members;

    bool inPayload() const { return type.isEmpty(); }
};

/// The field of a Qdrant path ("a.b", "tags[]", "\"odd.key\".x"). Unsupported error for array positions and
/// for paths that the table does not keep.
[[nodiscard]] Result<FilterField> filterField(const CollectionPlan& plan, const QString& path);

/// SQL that holds for rows whose field has one of the values; lists are searched as Qdrant does.
[[nodiscard]] Result<QString> matchSql(const FilterField& field, const QJsonObject& match);
[[nodiscard]] Result<QString> rangeSql(const FilterField& field, const QJsonObject& range);
/// is_null, is_empty.
QString nullSql(const FilterField& field);
QString emptySql(const FilterField& field);

} // namespace qdrant2pg
