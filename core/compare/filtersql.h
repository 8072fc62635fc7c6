// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/migrationplan.h"

#include <QByteArray>
#include <QString>

#include <functional>

namespace qdrant2pg {

/// The id of a point as SQL literal of the table's id column.
using IdLiteral = std::function<QString(const QByteArray& idJson)>;

/// A condition over alias t that holds for the rows of the points which Qdrant's filter holds for: must,
/// should, must_not, min_should; match by value, any and except; range; is_null, is_empty, has_id. Conditions
/// on fields with a column of their own use it. Unsupported error with the reason for what has no exact
/// counterpart in SQL (full-text, geo and nested conditions); Usage error for what is no filter.
[[nodiscard]] Result<QString> filterSql(
    const CollectionPlan& plan, const QByteArray& filterJson, const IdLiteral& idLiteral);

/// Both filters as one; an empty one holds for every point.
QByteArray bothFilters(const QByteArray& a, const QByteArray& b);

} // namespace qdrant2pg
