// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/proposal.h"

#include "core/common/jsontext.h"
#include "core/common/nearestname.h"
#include "core/plan/json/planwords.h"
#include "core/plan/propose/proposalparts.h"
#include "core/plan/schema/contextitems.h"
#include "core/postgres/identifiers.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

using namespace proposalparts;

CollectionPlan proposeGeneric(const CollectionFacts& facts, const Features& features)
{
    CollectionPlan plan;
    plan.name = facts.info.name;
    plan.table = fittingIdentifier(facts.info.name);
    Names names;
    plan.id = id(facts, names.take(QStringLiteral("id")));
    plan.payload.column = names.take(QStringLiteral("payload"));
    if (facts.info.customSharding)
        plan.shardKeyColumn = names.take(QStringLiteral("shard_key"));

    for (const DenseVectorInfo& info : facts.info.vectors) {
        const QString wanted =
            info.name.isEmpty() ? QStringLiteral("embedding") : identifierFromPath(info.name);
        plan.vectors << denseVector(info, names.take(wanted), features);
        plan.indexes << denseIndex(plan.vectors.last(), info, features);
    }
    for (const SparseVectorInfo& info : facts.info.sparseVectors) {
        plan.vectors << sparseVector(info, facts, names.take(identifierFromPath(info.name)), features);
        plan.indexes << sparseIndex(plan.vectors.last(), info, facts);
    }

    // The server lists them in random order; a plan must not differ from one day to the next.
    QList<PayloadIndexInfo> payloadIndexes = facts.info.payloadIndexes;
    std::sort(payloadIndexes.begin(), payloadIndexes.end(),
        [](const PayloadIndexInfo& a, const PayloadIndexInfo& b) { return a.path < b.path; });
    for (const PayloadIndexInfo& info : payloadIndexes) {
        const PayloadChoice choice = payloadIndex(info, facts, names, plan.payload.column);
        if (choice.column)
            plan.payload.columns << *choice.column;
        plan.indexes << choice.index;
    }
    if (!payloadIndexes.isEmpty()) {
        IndexPlan containment;
        containment.kind = QStringLiteral("gin");
        containment.on << plan.payload.column;
        containment.opclass = QStringLiteral("jsonb_path_ops");
        containment.reason = QStringLiteral("Serves payload @> '{...}', the filter of the search functions.");
        plan.indexes << containment;
    }
    return plan;
}

/// 7 and "7" are different shard keys, and would be the same text.
bool shardKeysClashAsText(const std::vector<std::string>& keys)
{
    QStringList texts;
    for (const std::string& key : keys) {
        const bool quoted = key.size() >= 2 && key.front() == '"';
        const auto inside =
            quoted ? jsontext::unescape(std::string_view(key).substr(1, key.size() - 2)) : std::optional(key);
        texts << QString::fromStdString(inside.value_or(key));
    }
    return texts.removeDuplicates() > 0;
}

} // namespace

QStringList presetNames()
{
    return planwords::presets();
}

Result<CollectionPlan> proposeCollection(
    const CollectionFacts& facts, const QString& preset, const std::optional<ServerProfile>& server)
{
    if (!presetNames().contains(preset)) {
        const QString near = nearestName(preset, presetNames());
        return fail(ErrorKind::Usage, QStringLiteral("There is no preset %1.").arg(preset), {},
            near.isEmpty() ? QStringLiteral("Presets: %1.").arg(presetNames().join(QStringLiteral(", ")))
                           : QStringLiteral("Did you mean %1?").arg(near));
    }
    CollectionPlan plan;
    if (preset == QLatin1String("context_items")) {
        auto proposed = contextitems::propose(facts, server);
        if (!proposed)
            return fail(proposed.error());
        plan = std::move(*proposed);
    } else {
        plan = proposeGeneric(facts, Features::of(server));
    }
    plan.preset = preset;
    if (shardKeysClashAsText(facts.shardKeys))
        plan.shardKeyType = QStringLiteral("jsonb");
    plan.comment = QString::fromUtf8(facts.info.metadataJson);
    return plan;
}

} // namespace qdrant2pg
