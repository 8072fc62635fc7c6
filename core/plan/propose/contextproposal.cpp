// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/propose/proposalparts.h"
#include "core/plan/schema/contextitems.h"
#include "core/plan/schema/distances.h"

namespace qdrant2pg::contextitems {

namespace {

using namespace proposalparts;

PayloadColumnPlan column(const char* name, const char* type, const QString& reason)
{
    PayloadColumnPlan plan;
    plan.path = QString::fromLatin1(name);
    plan.column = plan.path;
    plan.type = QString::fromLatin1(type);
    plan.reason = reason;
    return plan;
}

PayloadColumnPlan required(PayloadColumnPlan plan)
{
    plan.notNull = true;
    plan.missing = MissingPolicy::Reject;
    plan.misfit = MisfitPolicy::Reject;
    return plan;
}

PayloadColumnPlan reference(PayloadColumnPlan plan, const char* references)
{
    plan.references = QString::fromLatin1(references);
    return plan;
}

IndexPlan index(const char* name, const char* kind, const QStringList& on, const QString& reason)
{
    IndexPlan plan;
    plan.name = QString::fromLatin1(name);
    plan.kind = QString::fromLatin1(kind);
    plan.on = on;
    plan.reason = reason;
    return plan;
}

/// The vector that becomes `embedding`: the unnamed one, else the one with the most telling name, else the
/// first.
const DenseVectorInfo* mainVector(const CollectionInfo& info)
{
    for (const char* name : {"", "embedding", "content", "text"}) {
        const DenseVectorInfo* vector = info.denseVector(QString::fromLatin1(name));
        if (vector && !vector->multivector)
            return vector;
    }
    for (const DenseVectorInfo& vector : info.vectors) {
        if (!vector.multivector)
            return &vector;
    }
    return nullptr;
}

QList<PayloadColumnPlan> payloadColumns()
{
    const QString guide = QStringLiteral("Column of the guide's schema.");
    const QString needed = QStringLiteral(
        "Column of the guide's schema, which must not be empty: points without it are rejected.");
    PayloadColumnPlan created = column("created_at", "timestamptz",
        QStringLiteral("Column of the guide's schema. A point without it gets NULL, since the present time "
                       "would be untrue; with missing = "
                       "default and default = \"run-start\" it gets the start of the run."));
    return {
        reference(required(column("game_id", "uuid", needed)), "games(id) ON DELETE CASCADE"),
        required(column("user_id", "bigint", needed)),
        reference(column("character_id", "uuid", guide), "characters(id) ON DELETE SET NULL"),
        reference(column("location_id", "uuid", guide), "locations(id) ON DELETE SET NULL"),
        reference(column("quest_id", "uuid", guide), "quests(id) ON DELETE SET NULL"),
        required(column("content", "text", needed)),
        created,
    };
}

IndexPlan embeddingIndex(const VectorPlan& vector, const DenseVectorInfo& info, const Features& features)
{
    DenseVectorInfo guide = info;
    guide.hnsw.m = 16;
    guide.hnsw.efConstruct = 64;
    IndexPlan plan = denseIndex(vector, guide, features);
    if (plan.kind != QLatin1String("hnsw"))
        return plan;
    plan.name = QStringLiteral("idx_context_embedding");
    const QString parameters = QStringLiteral("m 16, ef_construction 64 as in the guide");
    plan.reason = plan.cast.isEmpty() ? QStringLiteral("HNSW, %1.").arg(parameters)
                                      : QStringLiteral("%1 Parameters: %2.").arg(plan.reason, parameters);
    if (info.hnsw.m > 16 || info.hnsw.efConstruct > 64)
        plan.reason += QStringLiteral(" The collection had m %1, ef_construct %2; raise them here if recall "
                                      "matters more than build time.")
                           .arg(info.hnsw.m)
                           .arg(info.hnsw.efConstruct);
    return plan;
}

} // namespace

Result<CollectionPlan> propose(const CollectionFacts& facts, const std::optional<ServerProfile>& server)
{
    const Features features = Features::of(server);
    const DenseVectorInfo* main = mainVector(facts.info);
    if (!main || main->size > 16'000) {
        Error error = makeError(ErrorKind::Unsupported,
            main
                ? QStringLiteral(
                    "Collection %1 has vectors of %2 dimensions, and pgvector stores at most 16,000.")
                      .arg(facts.info.name)
                      .arg(main->size)
                : QStringLiteral(
                    "Collection %1 has no dense vector for the column embedding of the preset context_items.")
                      .arg(facts.info.name),
            {}, QStringLiteral("Use the preset generic."));
        error.where.collection = facts.info.name;
        return fail(std::move(error));
    }
    CollectionPlan plan;
    plan.name = facts.info.name;
    plan.table = QStringLiteral("context_items");
    Names names;
    for (const char* taken : {"id", "embedding", "metadata", "updated_at"})
        names.take(QString::fromLatin1(taken));
    plan.payload.columns = payloadColumns();
    for (const PayloadColumnPlan& payload : plan.payload.columns)
        names.take(payload.column);

    plan.id.type = IdType::Uuid;
    plan.id.originalKey = QStringLiteral("qdrant_id");
    if (facts.ids.hasNumbers) {
        plan.id.numericIds = NumericIds::Uuid5;
        plan.id.reason = QStringLiteral("The guide's schema has UUIDs: a number becomes a UUID made from "
                                        "collection and id, and the number itself is "
                                        "kept in metadata as qdrant_id.");
    } else {
        plan.id.originalKey.clear();
        plan.id.reason = facts.ids.hasUuids ? QStringLiteral("All ids are UUIDs, as in the guide's schema.")
                                            : QStringLiteral("The guide's schema has UUIDs.");
    }
    if (facts.info.customSharding)
        plan.shardKeyColumn = names.take(QStringLiteral("shard_key"));

    plan.payload.column = QStringLiteral("metadata");
    plan.payload.keep = PayloadKeep::Unmapped;
    plan.payload.mergeKey = QStringLiteral("metadata");

    VectorPlan embedding = denseVector(*main, QStringLiteral("embedding"), features);
    if (embedding.dimensions != 768)
        embedding.reason += QStringLiteral(" %1 dimensions as in the collection; the guide's schema has 768.")
                                .arg(embedding.dimensions);
    plan.vectors << embedding;
    QList<IndexPlan> others;
    for (const DenseVectorInfo& info : facts.info.vectors) {
        if (&info == main)
            continue;
        plan.vectors << denseVector(
            info, names.take(QStringLiteral("embedding_") + info.name.toLower()), features);
        others << denseIndex(plan.vectors.last(), info, features);
    }
    for (const SparseVectorInfo& info : facts.info.sparseVectors) {
        plan.vectors << sparseVector(
            info, facts, names.take(QStringLiteral("embedding_") + info.name.toLower()), features);
        others << sparseIndex(plan.vectors.last(), info, facts);
    }

    const QString guide = QStringLiteral("Index of the guide's schema.");
    plan.indexes << index(
        "idx_context_tenant", "btree", {QStringLiteral("game_id"), QStringLiteral("user_id")}, guide)
                 << index("idx_context_character", "btree", {QStringLiteral("character_id")}, guide)
                 << index("idx_context_location", "btree", {QStringLiteral("location_id")}, guide)
                 << index("idx_context_quest", "btree", {QStringLiteral("quest_id")}, guide)
                 << index("idx_context_created", "btree", {QStringLiteral("created_at")}, guide);
    IndexPlan text = index("idx_content_fts", "gin", {QStringLiteral("content")}, guide);
    text.expression = QStringLiteral("to_tsvector('english', \"content\")");
    plan.indexes << text << embeddingIndex(embedding, *main, features) << others;

    QStringList unmapped;
    for (const PayloadIndexInfo& info : facts.info.payloadIndexes) {
        bool mapped = false;
        for (const PayloadColumnPlan& payload : plan.payload.columns)
            mapped = mapped || payload.path == info.path;
        if (!mapped)
            unmapped << info.path;
    }
    unmapped.sort();
    if (!unmapped.isEmpty()) {
        IndexPlan metadata = index("idx_context_metadata", "gin", {plan.payload.column},
            QStringLiteral("Qdrant indexed %1, which are in metadata: serves metadata @> '{...}'.")
                .arg(unmapped.join(QStringLiteral(", "))));
        metadata.opclass = QStringLiteral("jsonb_path_ops");
        plan.indexes << metadata;
    }
    return plan;
}

} // namespace qdrant2pg::contextitems
