// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/propose/proposalparts.h"

#include "core/common/units.h"
#include "core/plan/schema/distances.h"
#include "core/postgres/identifiers.h"

#include <algorithm>
#include <bit>

namespace qdrant2pg::proposalparts {

namespace {

constexpr qint64 mostStoredDimensions = 16'000;
constexpr qint64 mostVectorIndexDimensions = 2'000;
constexpr qint64 mostHalfvecIndexDimensions = 4'000;
constexpr qint64 mostSparseDimensions = 1'000'000'000;
constexpr qint64 mostSparseValues = 16'000;
constexpr qint64 mostIndexedSparseValues = 1'000;

IndexPlan noIndex(const QStringList& on, const QString& reason)
{
    IndexPlan index;
    index.kind = QStringLiteral("none");
    index.on = on;
    index.reason = reason;
    return index;
}

const SparseFacts* sparseFacts(const CollectionFacts& facts, const QString& name)
{
    for (const SparseFacts& sparse : facts.sparse) {
        if (sparse.name == name)
            return &sparse;
    }
    return nullptr;
}

/// The sample was the whole collection, so that what it did not show does not exist.
bool sampleIsComplete(const CollectionFacts& facts)
{
    return facts.exactCount && facts.sampledPoints >= *facts.exactCount && !facts.info.customSharding;
}

} // namespace

Features Features::of(const std::optional<ServerProfile>& server)
{
    Features features;
    std::optional<QVersionNumber> version;
    if (server && server->vectorVersion)
        version = server->vectorVersion;
    else if (server && server->vectorAvailable && !server->vectorAvailableVersion.isEmpty())
        version = QVersionNumber::fromString(server->vectorAvailableVersion);
    if (version && *version < QVersionNumber(0, 7))
        features = Features{false, false, false, false};
    return features;
}

QString Names::take(const QString& wanted)
{
    QString name = fittingIdentifier(wanted);
    for (int n = 2; m_taken.contains(name); ++n)
        name = fittingIdentifier(wanted + QLatin1Char('_') + QString::number(n));
    m_taken.insert(name);
    return name;
}

IdPlan id(const CollectionFacts& facts, const QString& column)
{
    IdPlan plan;
    plan.column = column;
    const IdFacts& ids = facts.ids;
    if (ids.hasNumbers && ids.hasUuids) {
        plan.type = IdType::Text;
        plan.reason =
            QStringLiteral("The collection holds numbers and UUIDs as ids; text keeps both as they are.");
    } else if (ids.hasNumbers) {
        constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
        const bool beyond = ids.hasNumbersBeyondInt64.value_or(false) || ids.maxNumber.value_or(0) > most;
        plan.type = beyond ? IdType::Numeric : IdType::Bigint;
        if (beyond)
            plan.reason = QStringLiteral("Some ids are greater than 2^63-1, which bigint cannot hold.");
        else if (ids.maxNumberExact && ids.maxNumber)
            plan.reason =
                QStringLiteral("All ids are numbers; the greatest, %1, fits a bigint.").arg(*ids.maxNumber);
        else if (ids.hasNumbersBeyondInt64)
            plan.reason = QStringLiteral("All ids are numbers and none is greater than 2^63-1.");
        else
            plan.reason = QStringLiteral("All ids are numbers and none seen is greater than 2^63-1.");
    } else if (ids.hasUuids) {
        plan.type = IdType::Uuid;
        plan.reason = QStringLiteral("All ids are UUIDs.");
    } else {
        plan.type = IdType::Uuid;
        plan.reason = QStringLiteral("The collection holds no points; uuid is assumed.");
    }
    return plan;
}

VectorPlan denseVector(const DenseVectorInfo& info, const QString& column, const Features& features)
{
    VectorPlan plan;
    plan.source = info.name;
    plan.column = column;
    plan.dimensions = info.size;
    plan.distance = QString::fromLatin1(DistanceOperator::of(info.distance).word);
    const QString dimensions = formatCount(info.size);
    if (info.size > mostStoredDimensions) {
        plan.type = QStringLiteral("jsonb");
        plan.distance.clear();
        plan.reason = QStringLiteral(
            "pgvector stores at most 16,000 dimensions, this vector has %1: it is kept exactly as a JSON "
            "array, which cannot be searched by distance.")
                          .arg(dimensions);
        return plan;
    }
    if (info.multivector) {
        plan.type = QStringLiteral("vector[]");
        plan.reason = QStringLiteral(
            "A multivector is several vectors of %1 dimensions per point: an array of vectors.")
                          .arg(dimensions);
        return plan;
    }
    const bool narrow = info.datatype == VectorDatatype::Float16 || info.datatype == VectorDatatype::Uint8;
    if (narrow && features.halfvec) {
        plan.type = QStringLiteral("halfvec");
        plan.reason = info.datatype == VectorDatatype::Float16
            ? QStringLiteral(
                "Qdrant stores this vector as float16, which halfvec holds exactly in half the space.")
            : QStringLiteral("Qdrant stores this vector as bytes 0 to 255, which halfvec holds exactly.");
        return plan;
    }
    plan.type = QStringLiteral("vector");
    if (narrow)
        plan.reason = QStringLiteral(
            "Stored as %1 in Qdrant; halfvec needs pgvector 0.7.0, so it goes exactly into vector.")
                          .arg(vectorDatatypeName(info.datatype));
    else if (info.datatype == VectorDatatype::Turbo4)
        plan.reason = QStringLiteral(
            "Qdrant stores this vector in 4 bits; what it gives back, a reconstruction, is stored exactly.");
    else
        plan.reason = QStringLiteral("float32 as in Qdrant, bit for bit.");
    return plan;
}

VectorPlan sparseVector(const SparseVectorInfo& info, const CollectionFacts& facts, const QString& column,
    const Features& features)
{
    VectorPlan plan;
    plan.source = info.name;
    plan.column = column;
    plan.type = QStringLiteral("sparsevec");
    plan.distance = QStringLiteral("dot");
    plan.dimensions = mostSparseDimensions;
    const SparseFacts* seen = sparseFacts(facts, info.name);
    const auto asJson = [&plan](const QString& reason) {
        plan.type = QStringLiteral("jsonb");
        plan.dimensions = 0;
        plan.distance.clear();
        plan.reason = reason;
    };
    if (!features.sparsevec) {
        asJson(
            QStringLiteral("sparsevec needs pgvector 0.7.0: indices and values are kept exactly as JSON."));
    } else if (seen && static_cast<qint64>(seen->maxIndex) >= mostSparseDimensions) {
        asJson(QStringLiteral(
            "The sample holds the index %1, and sparsevec ends at 999,999,999 (hashed tokens do that): "
            "indices and "
            "values are kept exactly as JSON. With type sparsevec such points would be rejected.")
                   .arg(formatCount(seen->maxIndex)));
    } else if (seen && seen->maxNonZeros > mostSparseValues) {
        asJson(QStringLiteral("The sample holds %1 non-zero values in one vector, and sparsevec takes "
                              "16,000: kept exactly as JSON.")
                   .arg(formatCount(seen->maxNonZeros)));
    } else if (seen && sampleIsComplete(facts)) {
        // All indices are known: the next power of two leaves room for new words and makes a number people
        // can type.
        const auto dimensions = std::bit_ceil(std::uint64_t{seen->maxIndex} + 1);
        plan.dimensions =
            std::min<qint64>(std::max<qint64>(static_cast<qint64>(dimensions), 1024), mostSparseDimensions);
        plan.reason = QStringLiteral(
            "Qdrant's sparse vectors have no dimension; the greatest index is %1, so %2 leaves room.")
                          .arg(formatCount(seen->maxIndex), formatCount(plan.dimensions));
    } else {
        plan.reason = QStringLiteral("Qdrant's sparse vectors have no dimension; 1,000,000,000, the most "
                                     "that sparsevec takes, costs no "
                                     "space and rejects no index below it.");
    }
    return plan;
}

QMap<QString, QJsonValue> hnswParameters(int m, int efConstruct)
{
    const int links = std::clamp(m, 2, 100);
    const int candidates = std::clamp(std::max(efConstruct, 2 * links), 4, 1000);
    return {{QStringLiteral("m"), links}, {QStringLiteral("ef_construction"), candidates}};
}

IndexPlan denseIndex(const VectorPlan& vector, const DenseVectorInfo& info, const Features& features)
{
    const QStringList on{vector.column};
    if (vector.type == QLatin1String("jsonb"))
        return noIndex(on, QStringLiteral("A JSON array has no distance index."));
    if (vector.type == QLatin1String("vector[]"))
        return noIndex(on,
            QStringLiteral("PostgreSQL has no index for multivectors: a search by max_sim reads every row. "
                           "Search by another "
                           "vector first and rank its best rows by max_sim."));
    if (vector.type == QLatin1String("smallint[]"))
        return noIndex(
            on, QStringLiteral("An array of smallint has no distance index; choose halfvec for one."));
    if (info.hnsw.m == 0)
        return noIndex(on, QStringLiteral("Qdrant had no HNSW graph for this vector either (m = 0)."));
    if (info.distance == Distance::Manhattan && !features.l1)
        return noIndex(on, QStringLiteral("An index for Manhattan distance needs pgvector 0.7.0."));

    const DistanceOperator& distance = DistanceOperator::of(info.distance);
    IndexPlan index;
    index.kind = QStringLiteral("hnsw");
    index.on = on;
    index.with = hnswParameters(info.hnsw.m, info.hnsw.efConstruct);
    const QString parameters = QStringLiteral("m %1, ef_construction %2")
                                   .arg(index.with.value(QStringLiteral("m")).toInt())
                                   .arg(index.with.value(QStringLiteral("ef_construction")).toInt());
    const bool same = index.with.value(QStringLiteral("m")).toInt() == info.hnsw.m
        && index.with.value(QStringLiteral("ef_construction")).toInt() == info.hnsw.efConstruct;
    const QString origin = same
        ? QStringLiteral("HNSW as in Qdrant (%1)").arg(parameters)
        : QStringLiteral("HNSW as near to Qdrant's (m %1, ef_construct %2) as pgvector allows: %3")
              .arg(QString::number(info.hnsw.m), QString::number(info.hnsw.efConstruct), parameters);
    const qint64 direct =
        vector.type == QLatin1String("halfvec") ? mostHalfvecIndexDimensions : mostVectorIndexDimensions;
    if (vector.dimensions <= direct) {
        index.opclass = distance.opclassFor(vector.type);
        index.reason = origin + QLatin1Char('.');
    } else if (vector.dimensions <= mostHalfvecIndexDimensions && features.halfvec) {
        index.cast = QStringLiteral("halfvec");
        index.opclass = distance.opclassFor(index.cast);
        index.reason = origin
            + QStringLiteral(", over the half-precision form: pgvector indexes at most 2,000 dimensions of a "
                             "vector. The search "
                             "function ranks its candidates again by the full vector.");
    } else if (features.bitIndex) {
        index.cast = QStringLiteral("bit");
        index.opclass = QStringLiteral("bit_hamming_ops");
        index.reason = origin
            + QStringLiteral(", over one bit per dimension: pgvector indexes at most 4,000 dimensions "
                             "otherwise. The search function "
                             "ranks its candidates again by the full vector.");
        if (!distance.similarity)
            index.reason += QStringLiteral(" Bits say little about %1 distance: check the recall.")
                                .arg(QString::fromLatin1(distance.word));
    } else {
        return noIndex(on,
            QStringLiteral(
                "pgvector before 0.7.0 indexes at most 2,000 dimensions; update it to get an index."));
    }
    return index;
}

IndexPlan sparseIndex(const VectorPlan& vector, const SparseVectorInfo& info, const CollectionFacts& facts)
{
    const QStringList on{vector.column};
    if (vector.type != QLatin1String("sparsevec"))
        return noIndex(on, QStringLiteral("A sparse vector kept as JSON has no distance index."));
    const SparseFacts* seen = sparseFacts(facts, info.name);
    if (seen && seen->maxNonZeros > mostIndexedSparseValues)
        return noIndex(on,
            QStringLiteral(
                "The sample holds vectors with up to %1 non-zero values; pgvector's index takes 1,000.")
                .arg(formatCount(seen->maxNonZeros)));
    IndexPlan index;
    index.kind = QStringLiteral("hnsw");
    index.on = on;
    index.opclass = QStringLiteral("sparsevec_ip_ops");
    index.with = hnswParameters(16, 64);
    index.reason = seen
        ? QStringLiteral(
            "Sparse vectors of the sample have at most %1 non-zero values, which HNSW takes (up to 1,000).")
              .arg(formatCount(seen->maxNonZeros))
        : QStringLiteral("No sampled point has this vector; HNSW takes up to 1,000 non-zero values.");
    return index;
}

} // namespace qdrant2pg::proposalparts
