// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/replaypolicies.h"

#include <algorithm>

namespace qdrant2pg {

MigrationPlan withPolicies(MigrationPlan plan, const ReplayPolicies& policies)
{
    for (CollectionPlan& collection : plan.collections) {
        if (policies.nul)
            collection.payload.nul = *policies.nul;
        for (VectorPlan& vector : collection.vectors) {
            if (policies.nullNonFinite)
                vector.nonFinite = NonFinitePolicy::Null;
            if (policies.nullMissing)
                vector.missing = MissingPolicy::Null;
        }
        for (PayloadColumnPlan& column : collection.payload.columns) {
            if (policies.nullMisfits)
                column.misfit = MisfitPolicy::Null;
            if (policies.nullMissing && column.missing == MissingPolicy::Reject)
                column.missing = MissingPolicy::Null;
        }
    }
    return plan;
}

bool causeMayBeGone(const RejectRow& reject)
{
    // Class 23 with other rows at fault: foreign key, unique, exclusion.
    static const QByteArray states[] = {"23503", "23505", "23P01"};
    static const QByteArray classes[] = {"08", "40", "53", "55", "57", "58"};
    return std::find(std::begin(states), std::end(states), reject.sqlState) != std::end(states)
        || std::any_of(std::begin(classes), std::end(classes),
            [&reject](const QByteArray& one) { return reject.sqlState.startsWith(one); });
}

} // namespace qdrant2pg
