// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/planjson.h"
#include "core/plan/targetschema.h"
#include "tests/fuzz/fuzztarget.h"

#include <cstdlib>

using namespace qdrant2pg;

/// A plan file is refused in words, or it is a plan that writes and reads back as itself.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArray json(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    const auto plan = planFromJson(json);
    if (!plan) {
        if (plan.error().summary.isEmpty())
            std::abort();
        return 0;
    }
    const QByteArray written = planToJson(*plan);
    const auto again = planFromJson(written);
    if (!again || planToJson(*again) != written)
        std::abort();
    for (const CollectionPlan& collection : plan->collections) {
        if (const auto schema = targetSchema(*plan, collection, std::nullopt);
            schema && schema->all().isEmpty())
            std::abort();
    }
    return 0;
}
