// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/schema/distances.h"

#include <array>

namespace qdrant2pg {

namespace {

constexpr std::array operators{
    DistanceOperator{"cosine", "<=>", "cosine_ops", "1 - %1", true},
    DistanceOperator{"dot", "<#>", "ip_ops", "-(%1)", true},
    DistanceOperator{"euclid", "<->", "l2_ops", "%1", false},
    DistanceOperator{"manhattan", "<+>", "l1_ops", "%1", false},
};

} // namespace

const DistanceOperator& DistanceOperator::of(Distance distance)
{
    switch (distance) {
    case Distance::Cosine:
        return operators[0];
    case Distance::Dot:
        return operators[1];
    case Distance::Euclid:
        return operators[2];
    case Distance::Manhattan:
        return operators[3];
    }
    return operators[0];
}

const DistanceOperator& DistanceOperator::of(const QString& word)
{
    for (const DistanceOperator& candidate : operators) {
        if (word == QLatin1String(candidate.word))
            return candidate;
    }
    return operators[0];
}

const DistanceOperator* DistanceOperator::ofOpclass(const QString& opclass)
{
    for (const DistanceOperator& candidate : operators) {
        if (opclass.endsWith(QLatin1Char('_') + QLatin1String(candidate.opclass)))
            return &candidate;
    }
    return nullptr;
}

} // namespace qdrant2pg
