// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/compare/querytext.h"
#include "core/compare/recall.h"
#include "core/plan/migrationplan.h"
#include "core/plan/targetschema.h"
#include "core/postgres/catalogue.h"
#include "core/postgres/serverprofile.h"

#include <optional>

namespace qdrant2pg {

/// The SQL of searches over one vector column. Alias t is the table, $1 the query.
struct SearchTarget {
    CollectionPlan plan;
    VectorPlan vector;
    VectorKind kind = VectorKind::Dense;
    QString schema;
    QString table;
    /// Schema of pgvector where it must be named.
    QString vectorSchema;
    bool higherIsBetter = true;
    ScoreTolerance tolerance;
    bool iterativeScan = false;

    /// The vector index over this column and metric; empty for none, then `indexNote` says why.
    QString indexName;
    /// hnsw or ivfflat.
    QString indexMethod;
    /// "", halfvec or bit.
    QString indexCast;
    QString indexNote;

    /// `where` is a condition over t, "true" for none.
    QByteArray exactSql(const QString& where, int limit) const;
    /// The same ordered by what the index holds; candidates of a shorter form are ranked again.
    QByteArray indexSql(const QString& where, int limit) const;
    QByteArray countSql(const QString& where) const;
    /// Number of rows with this vector ($1 is not used), then for each index the rows that have it.
    QByteArray documentFrequencySql(const std::vector<std::uint32_t>& indices) const;
    /// For vectors that Qdrant keeps in less than 32 bits: its sums are rounded as its elements are.
    void tolerateRounding();
    /// Qdrant's score of a distance.
    double score(double distance) const;
    QString scoreFormula() const;
    /// The literal of a point's id in the id column; empty when it cannot stand there.
    QString idLiteral(const PointId& id) const;
    /// The id as a row of the table gives it by id::text.
    QString idText(const PointId& id) const;

private:
    QString distance(const QString& stored, const QString& query) const;
    QString storedVector() const;
    QString queryParameter() const;
    QString typeName(const QString& type) const;
    QString qualified() const;
};

/// What to search, from plan and catalogue. NotFound error when the table is missing; Unsupported when the
/// vector is kept in a form that cannot be searched (jsonb).
[[nodiscard]] Result<SearchTarget> makeSearchTarget(Connection& connection, const MigrationPlan& plan,
    const CollectionPlan& collection, const VectorPlan& vector, const ServerProfile& server);

} // namespace qdrant2pg
