// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/qdrant/pointpage.h"

#include <QByteArray>
#include <QString>

#include <string>
#include <vector>

namespace qdrant2pg {

/// A vector to search with, in the forms that both sides take.
struct SearchQuery {
    /// "point 17", "line 3".
    QString name;
    /// The point that it was taken from: left out of the answers, since it would find itself.
    std::optional<PointId> self;
    VectorKind kind = VectorKind::Dense;
    /// Dense: the elements. Sparse: the weights. Multi: all rows one after another.
    std::vector<float> values;
    /// Sparse only, ascending, as many as values.
    std::vector<std::uint32_t> indices;
    /// Multi only.
    std::uint32_t rows = 0;

    /// As Qdrant's REST interface takes it.
    std::string toJson() const;
    /// As pgvector's input functions take it; `dimensions` is needed for sparsevec.
    QByteArray toPgText(qint64 dimensions) const;
};

/// Nothing when the vector is empty or holds NaN or infinite elements, which nobody can search with.
std::optional<SearchQuery> queryFromVector(const VectorView& vector, const PointId& point);

/// [1, 2], [[1, 2], [3, 4]] or {"indices": [...], "values": [...]}. Usage error for anything else.
[[nodiscard]] Result<SearchQuery> queryFromJson(std::string_view json, const QString& name);

/// One query a line; empty lines are left out. Usage errors name file and line.
[[nodiscard]] Result<std::vector<SearchQuery>> readQueries(const QString& path);

} // namespace qdrant2pg
