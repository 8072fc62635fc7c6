// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/collectioninfo.h"

#include <QString>

namespace qdrant2pg {

/// How one of Qdrant's distances is measured in pgvector (pgvector.md section 3). Internal to the plan
/// module.
struct DistanceOperator {
    /// The plan's word: cosine, dot, euclid, manhattan.
    const char* word;
    const char* symbol;
    /// Second half of the opclass name: cosine_ops in vector_cosine_ops.
    const char* opclass;
    /// Qdrant's score of the operator's result, as SQL with %1 for that result.
    const char* score;
    /// A larger score is better.
    bool similarity;

    static const DistanceOperator& of(Distance distance);
    /// By the plan's word; cosine for an unknown one.
    static const DistanceOperator& of(const QString& word);
    /// By the opclass's name; nullptr when it is none of ours.
    static const DistanceOperator* ofOpclass(const QString& opclass);

    QString opclassFor(const QString& type) const
    {
        return type + QLatin1Char('_') + QString::fromLatin1(opclass);
    }
};

} // namespace qdrant2pg
