// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/migrationplan.h"

#include "core/plan/json/planwords.h"

#include <tuple>

namespace qdrant2pg {

bool SourcePlan::operator==(const SourcePlan& other) const
{
    const auto key = [](const SourcePlan& plan) {
        return std::tie(plan.url, plan.transport, plan.tls.caFile, plan.tls.certificateFile, plan.tls.keyFile,
            plan.tls.skipVerification, plan.consistency, plan.profile, plan.grpcPort);
    };
    return key(*this) == key(other);
}

QString idTypeName(IdType type)
{
    return planwords::textOf(planwords::idTypes, type);
}

QString tableModeName(TableMode mode)
{
    return planwords::textOf(planwords::tableModes, mode);
}

QString verifyLevelName(VerifyLevel level)
{
    return planwords::textOf(planwords::verifyLevels, level);
}

std::optional<VerifyLevel> verifyLevelFromName(const QString& name)
{
    return planwords::valueOf(planwords::verifyLevels, name);
}

std::optional<TableMode> tableModeFromName(const QString& name)
{
    return planwords::valueOf(planwords::tableModes, name);
}

namespace planwords {

QStringList presets()
{
    return {QStringLiteral("generic"), QStringLiteral("context_items")};
}

QStringList vectorTypes()
{
    return {QStringLiteral("vector"), QStringLiteral("halfvec"), QStringLiteral("sparsevec"),
        QStringLiteral("smallint[]"), QStringLiteral("vector[]"), QStringLiteral("jsonb")};
}

QStringList distances()
{
    return {QString(), QStringLiteral("cosine"), QStringLiteral("dot"), QStringLiteral("euclid"),
        QStringLiteral("manhattan")};
}

QStringList payloadTypes()
{
    return {QStringLiteral("boolean"), QStringLiteral("bigint"), QStringLiteral("double precision"),
        QStringLiteral("numeric"), QStringLiteral("text"), QStringLiteral("uuid"),
        QStringLiteral("timestamptz"), QStringLiteral("point"), QStringLiteral("jsonb"),
        QStringLiteral("text[]"), QStringLiteral("bigint[]"), QStringLiteral("double precision[]"),
        QStringLiteral("boolean[]")};
}

QStringList storages()
{
    return {QString(), QStringLiteral("external"), QStringLiteral("plain")};
}

QStringList indexKinds()
{
    return {QStringLiteral("hnsw"), QStringLiteral("ivfflat"), QStringLiteral("btree"), QStringLiteral("gin"),
        QStringLiteral("gist"), QStringLiteral("none")};
}

QStringList indexCasts()
{
    return {QString(), QStringLiteral("halfvec"), QStringLiteral("bit")};
}

} // namespace planwords

} // namespace qdrant2pg
