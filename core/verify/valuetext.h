// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/copyrow.h"
#include "core/postgres/tablespec.h"

#include <QString>

namespace qdrant2pg {

/// Two values of a column as people read them.
struct ValuePair {
    QString source;
    QString target;
};

/// What differs between two values of a column, cut to a readable length: of vectors the elements, of jsonb
/// objects the members, of other values all.
ValuePair describeDifference(const ColumnSpec& column, const CopyField& source, const CopyField& target);

/// One value, cut to a readable length; "NULL" when there is none.
QString describeValue(ColumnType type, const CopyField& field);

} // namespace qdrant2pg
