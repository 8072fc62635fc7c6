// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/plan/sourcefacts.h"
#include "core/postgres/serverprofile.h"

#include <QSet>

#include <optional>

namespace qdrant2pg::proposalparts {

/// What both presets are proposed from. Internal to the plan module; every choice comes with its reason
/// sentence.

/// pgvector's features on the target; the newest are assumed while there is no target at hand.
struct Features {
    bool halfvec = true;
    bool sparsevec = true;
    bool l1 = true;
    bool bitIndex = true;
    static Features of(const std::optional<ServerProfile>& server);
};

/// Hands out column names that fit PostgreSQL and differ from each other.
class Names {
public:
    QString take(const QString& wanted);

private:
    QSet<QString> m_taken;
};

IdPlan id(const CollectionFacts& facts, const QString& column);

VectorPlan denseVector(const DenseVectorInfo& info, const QString& column, const Features& features);
VectorPlan sparseVector(const SparseVectorInfo& info, const CollectionFacts& facts, const QString& column,
    const Features& features);

/// HNSW parameters as Qdrant had them, inside pgvector's limits.
QMap<QString, QJsonValue> hnswParameters(int m, int efConstruct);
/// The index of a dense vector column, or kind `none` with the reason.
IndexPlan denseIndex(const VectorPlan& vector, const DenseVectorInfo& info, const Features& features);
IndexPlan sparseIndex(const VectorPlan& vector, const SparseVectorInfo& info, const CollectionFacts& facts);

/// Typed column and index for one of Qdrant's payload indexes; the column is absent where none can serve.
struct PayloadChoice {
    std::optional<PayloadColumnPlan> column;
    IndexPlan index;
};
PayloadChoice payloadIndex(
    const PayloadIndexInfo& info, const CollectionFacts& facts, Names& names, const QString& payloadColumn);

} // namespace qdrant2pg::proposalparts
