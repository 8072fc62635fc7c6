// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/units.h"
#include "core/plan/check/checks.h"
#include "core/plan/schema/distances.h"

#include <algorithm>

namespace qdrant2pg::checks {

namespace {

constexpr double greatestHalf = 65504.0;

QString nameForPeople(const QString& vector)
{
    return vector.isEmpty() ? QStringLiteral("The unnamed vector") : QStringLiteral("Vector %1").arg(vector);
}

QString place(int vector, const char* key)
{
    return QStringLiteral("vectors[%1].%2").arg(vector).arg(QLatin1String(key));
}

void checkIds(Findings& findings, const CollectionFacts& facts)
{
    const IdPlan& id = findings.plan().id;
    const IdFacts& ids = facts.ids;
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    const bool beyond = ids.hasNumbersBeyondInt64.value_or(false) || ids.maxNumber.value_or(0) > most;
    const bool numeric = id.type == IdType::Bigint || id.type == IdType::Numeric;
    const bool context = findings.plan().preset == QLatin1String("context_items");
    const QString type = QStringLiteral("id.type");
    if (numeric && ids.hasUuids) {
        findings.blocker("ids-do-not-fit", FindingGroup::CannotMove, type,
            QStringLiteral("The collection holds UUIDs as ids, and column %1 is %2.")
                .arg(id.column, idTypeName(id.type)));
        findings.fix(QStringLiteral("make the id column %1")
                         .arg(ids.hasNumbers ? QStringLiteral("text") : QStringLiteral("uuid")),
            type, ids.hasNumbers ? QStringLiteral("text") : QStringLiteral("uuid"));
    } else if (id.type == IdType::Bigint && beyond) {
        findings.blocker("ids-do-not-fit", FindingGroup::CannotMove, type,
            QStringLiteral("Some ids are greater than 2^63-1, which column %1 (bigint) cannot hold.")
                .arg(id.column));
        findings.fix(QStringLiteral("make the id column numeric(20,0)"), type, QStringLiteral("numeric"));
    } else if (id.type == IdType::Uuid && ids.hasNumbers && id.numericIds == NumericIds::Keep) {
        findings.blocker("ids-do-not-fit", FindingGroup::CannotMove, type,
            QStringLiteral("The collection holds numbers as ids, and column %1 is uuid.").arg(id.column));
        if (context)
            findings.fix(QStringLiteral("turn numbers into UUIDs made from collection and id"),
                QStringLiteral("id.numericIds"), QStringLiteral("uuid5"));
        else
            findings.fix(QStringLiteral("make the id column %1")
                             .arg(ids.hasUuids ? QStringLiteral("text")
                                     : beyond  ? QStringLiteral("numeric")
                                               : QStringLiteral("bigint")),
                type,
                ids.hasUuids ? QStringLiteral("text")
                    : beyond ? QStringLiteral("numeric")
                             : QStringLiteral("bigint"));
    } else if (id.type == IdType::Uuid && ids.hasNumbers) {
        Finding& finding =
            findings.note("ids-uuid5", FindingGroup::WillChange, QStringLiteral("id.numericIds"),
                QStringLiteral(
                    "Ids that are numbers become UUIDs made from collection and id, the same in every run."));
        finding.hint = id.originalKey.isEmpty()
            ? QStringLiteral(
                "id.originalKey keeps the number in the payload; it is empty, so the number is not kept.")
            : QStringLiteral("The number itself is kept in the payload as %1.").arg(id.originalKey);
        if (id.originalKey.isEmpty())
            finding.severity = Severity::Warning;
    } else if (id.type == IdType::Text && ids.hasNumbers && ids.hasUuids) {
        findings
            .note("ids-mixed", FindingGroup::WillChange, type,
                QStringLiteral("The collection holds numbers and UUIDs as ids: both become text."))
            .hint = QStringLiteral("With type uuid and numericIds uuid5 the numbers become UUIDs instead.");
    }
}

void checkDense(Findings& findings, int i, const DenseVectorInfo& info, const CollectionFacts& facts)
{
    const VectorPlan& vector = findings.plan().vectors.at(i);
    const QString name = nameForPeople(info.name);
    const bool sized = vector.type == QLatin1String("vector") || vector.type == QLatin1String("halfvec")
        || vector.type == QLatin1String("vector[]");
    if (vector.type == QLatin1String("sparsevec")) {
        findings.blocker("vector-kind", FindingGroup::CannotMove, place(i, "type"),
            QStringLiteral("%1 is dense; sparsevec holds sparse vectors.").arg(name));
        return;
    }
    if (info.multivector != (vector.type == QLatin1String("vector[]"))
        && vector.type != QLatin1String("jsonb")) {
        findings.blocker("vector-kind", FindingGroup::CannotMove, place(i, "type"),
            info.multivector
                ? QStringLiteral("%1 is a multivector, which %2 cannot hold.").arg(name, vector.type)
                : QStringLiteral("%1 is a single vector, and column %2 holds arrays of them.")
                      .arg(name, vector.column));
        findings.fix(
            QStringLiteral("make column %1 %2")
                .arg(vector.column, info.multivector ? QStringLiteral("vector[]") : QStringLiteral("vector")),
            place(i, "type"), info.multivector ? QStringLiteral("vector[]") : QStringLiteral("vector"));
        return;
    }
    if (sized && vector.dimensions != info.size) {
        findings.blocker("dimension-differs", FindingGroup::CannotMove, place(i, "dimensions"),
            QStringLiteral("%1 has %2 dimensions, the plan says %3 for column %4.")
                .arg(name, QString::number(info.size), QString::number(vector.dimensions), vector.column));
        findings.fix(QStringLiteral("take the collection's %1 dimensions").arg(info.size),
            place(i, "dimensions"), info.size);
    }
    if (info.size > 16'000)
        findings.warning("dimensions-over-16000", FindingGroup::WillChange, place(i, "type"),
            QStringLiteral("%1 has %2 dimensions and pgvector stores at most 16,000: it is kept as a JSON "
                           "array and cannot be searched.")
                .arg(name, formatCount(info.size)));
    const bool narrow = info.datatype == VectorDatatype::Float16 || info.datatype == VectorDatatype::Uint8;
    if (vector.type == QLatin1String("halfvec") && !narrow)
        findings.warning("halfvec-rounds", FindingGroup::WillChange, place(i, "type"),
            QStringLiteral("%1 is float32 in Qdrant: halfvec keeps 11 of its 24 bits of precision.")
                .arg(name));
    if (vector.type == QLatin1String("smallint[]") && info.datatype != VectorDatatype::Uint8)
        findings.blocker("vector-kind", FindingGroup::CannotMove, place(i, "type"),
            QStringLiteral("%1 does not hold whole numbers, which smallint[] needs.").arg(name));
    if (info.datatype == VectorDatatype::Turbo4)
        findings.note("turbo4", FindingGroup::WillChange, place(i, "type"),
            QStringLiteral(
                "Qdrant keeps %1 in 4 bits: what moves is its reconstruction, the original is gone.")
                .arg(name.toLower()));
    else if (info.datatype != VectorDatatype::Float32)
        findings.note("narrow-datatype", FindingGroup::WillMove, place(i, "type"),
            QStringLiteral("%1 is %2 in Qdrant, which %3 holds exactly.")
                .arg(name, vectorDatatypeName(info.datatype), vector.type));
    if (info.distance == Distance::Cosine && info.datatype != VectorDatatype::Uint8)
        findings.note("cosine-normalised", FindingGroup::WillChange, place(i, "source"),
            QStringLiteral("%1 was brought to length 1 by Qdrant when it was stored: what moves is the "
                           "normalised vector, the original length is gone.")
                .arg(name));
    if (!vector.distance.isEmpty()
        && vector.distance != QLatin1String(DistanceOperator::of(info.distance).word))
        findings.warning("distance-differs", FindingGroup::WillChange, place(i, "distance"),
            QStringLiteral("%1 is searched by %2 in Qdrant, the plan says %3.")
                .arg(name, distanceName(info.distance), vector.distance));

    for (const DenseFacts& seen : facts.dense) {
        if (seen.name != info.name)
            continue;
        if (seen.missing > 0 && vector.missing == MissingPolicy::Reject)
            findings.warning("vectors-missing", FindingGroup::CannotMove, place(i, "missing"),
                QStringLiteral("%1 of %2 sampled points lack %3: they are rejected.")
                    .arg(formatCount(seen.missing), formatCount(facts.sampledPoints), name.toLower()));
        else if (seen.missing > 0)
            findings.note("vectors-missing", FindingGroup::WillMove, place(i, "missing"),
                QStringLiteral("%1 of %2 sampled points lack %3: its column is NULL there.")
                    .arg(formatCount(seen.missing), formatCount(facts.sampledPoints), name.toLower()));
        if (seen.zeros > 0 && info.distance == Distance::Cosine)
            findings.warning("zero-vectors", FindingGroup::WillChange, place(i, "source"),
                QStringLiteral("%1 of %2 sampled points have an all-zero vector: it moves, but a cosine "
                               "index leaves it out and its distance is NaN "
                               "(Qdrant scores it 0).")
                    .arg(formatCount(seen.zeros), formatCount(facts.sampledPoints)));
        if (vector.type == QLatin1String("halfvec") && !narrow && seen.largest > greatestHalf)
            findings.blocker("halfvec-overflow", FindingGroup::CannotMove, place(i, "type"),
                QStringLiteral("%1 holds values up to %2; halfvec ends at 65,504.")
                    .arg(name)
                    .arg(seen.largest));
    }
}

void checkSparse(Findings& findings, int i, const SparseVectorInfo& info, const CollectionFacts& facts)
{
    const VectorPlan& vector = findings.plan().vectors.at(i);
    const QString name = nameForPeople(info.name);
    if (vector.type != QLatin1String("sparsevec") && vector.type != QLatin1String("jsonb")) {
        findings.blocker("vector-kind", FindingGroup::CannotMove, place(i, "type"),
            QStringLiteral("%1 is sparse, which %2 cannot hold.").arg(name, vector.type));
        findings.fix(QStringLiteral("make column %1 sparsevec").arg(vector.column), place(i, "type"),
            QStringLiteral("sparsevec"));
        return;
    }
    if (info.idf)
        findings.note("sparse-idf", FindingGroup::WillChange, place(i, "source"),
            QStringLiteral("%1 has the IDF modifier: the weights move as stored, and Qdrant's factor for "
                           "rare words, which it applies while searching, has to be "
                           "multiplied into the query here.")
                .arg(name));
    for (const SparseFacts& seen : facts.sparse) {
        if (seen.name != info.name || vector.type != QLatin1String("sparsevec"))
            continue;
        if (seen.hasZeros)
            findings.note("sparse-zeros", FindingGroup::WillChange, place(i, "type"),
                QStringLiteral(
                    "%1 holds weights of zero, which sparsevec does not store; searches find the same.")
                    .arg(name));
        if (seen.maxNonZeros > 16'000) {
            findings.warning("sparse-not-storable", FindingGroup::CannotMove, place(i, "type"),
                QStringLiteral("%1 has up to %2 non-zero values in the sample; sparsevec takes 16,000, and "
                               "such points are rejected.")
                    .arg(name, formatCount(seen.maxNonZeros)));
            findings.fix(QStringLiteral("keep %1 as jsonb").arg(vector.column), place(i, "type"),
                QStringLiteral("jsonb"));
        }
        if (static_cast<qint64>(seen.maxIndex) >= vector.dimensions) {
            const bool possible = seen.maxIndex < 1'000'000'000U;
            findings.warning("sparse-index-too-large", FindingGroup::CannotMove, place(i, "dimensions"),
                QStringLiteral(
                    "%1 has the index %2 in the sample, and column %3 ends at %4: such points are rejected.")
                    .arg(
                        name, formatCount(seen.maxIndex), vector.column, formatCount(vector.dimensions - 1)));
            if (possible)
                findings.fix(QStringLiteral("give %1 1,000,000,000 dimensions").arg(vector.column),
                    place(i, "dimensions"), 1'000'000'000);
            else
                findings.fix(QStringLiteral("keep %1 as jsonb").arg(vector.column), place(i, "type"),
                    QStringLiteral("jsonb"));
        }
    }
}

void checkVectorIndexes(Findings& findings, const CollectionFacts& facts)
{
    const CollectionPlan& plan = findings.plan();
    for (int i = 0; i < plan.vectors.size(); ++i) {
        const VectorPlan& vector = plan.vectors.at(i);
        bool mentioned = false;
        for (int k = 0; k < plan.indexes.size(); ++k) {
            const IndexPlan& index = plan.indexes.at(k);
            if (!index.on.contains(vector.column))
                continue;
            mentioned = true;
            const QString where = QStringLiteral("indexes[%1]").arg(k);
            if (index.kind == QLatin1String("none")) {
                findings.note("no-index", FindingGroup::WillChange, where,
                    QStringLiteral("No index on %1: %2").arg(vector.column, index.reason));
                continue;
            }
            const qint64 most = index.cast == QLatin1String("bit")                                  ? 64'000
                : index.cast == QLatin1String("halfvec") || vector.type == QLatin1String("halfvec") ? 4'000
                                                                                                    : 2'000;
            if (vector.type != QLatin1String("sparsevec")
                && (index.kind == QLatin1String("hnsw") || index.kind == QLatin1String("ivfflat"))
                && vector.dimensions > most) {
                findings.blocker("index-dimensions", FindingGroup::CannotMove, where,
                    QStringLiteral("%1 has %2 dimensions; this index takes at most %3.")
                        .arg(vector.column, formatCount(vector.dimensions), formatCount(most)));
                findings.fix(QStringLiteral("index bits and rank the candidates by the full vector"),
                    where + QStringLiteral(".cast"), QStringLiteral("bit"));
                findings.fix(QStringLiteral("index bits and rank the candidates by the full vector"),
                    where + QStringLiteral(".opclass"), QStringLiteral("bit_hamming_ops"));
            } else if (index.cast == QLatin1String("halfvec")) {
                findings.note("index-by-halfvec", FindingGroup::WillChange, where,
                    QStringLiteral("%1 has more than 2,000 dimensions: the index is over half precision, and "
                                   "the search function ranks again by the full vector.")
                        .arg(vector.column));
            } else if (index.cast == QLatin1String("bit")) {
                findings.warning("index-by-bits", FindingGroup::WillChange, where,
                    QStringLiteral("%1 has more than 4,000 dimensions: the index is over one bit each, and "
                                   "the search function ranks again by the full vector. Check the "
                                   "recall with `qdrant2pg compare-search`.")
                        .arg(vector.column));
            }
            for (const DenseFacts& seen : facts.dense) {
                if (seen.name == vector.source && index.cast == QLatin1String("halfvec")
                    && seen.largest > greatestHalf) {
                    findings.blocker("halfvec-overflow", FindingGroup::CannotMove, where,
                        QStringLiteral("%1 holds values up to %2; an index over half precision ends at "
                                       "65,504 and could not be built.")
                            .arg(vector.column)
                            .arg(seen.largest));
                    findings.fix(QStringLiteral("index bits instead"), where + QStringLiteral(".cast"),
                        QStringLiteral("bit"));
                    findings.fix(QStringLiteral("index bits instead"), where + QStringLiteral(".opclass"),
                        QStringLiteral("bit_hamming_ops"));
                }
            }
            for (const SparseFacts& seen : facts.sparse) {
                if (seen.name == vector.source && index.kind == QLatin1String("hnsw")
                    && seen.maxNonZeros > 1'000) {
                    findings.blocker("sparse-not-indexable", FindingGroup::CannotMove, where,
                        QStringLiteral("%1 has up to %2 non-zero values in the sample; the index takes 1,000 "
                                       "and could not be built.")
                            .arg(vector.column, formatCount(seen.maxNonZeros)));
                    findings.fix(QStringLiteral("leave the index out"), where + QStringLiteral(".kind"),
                        QStringLiteral("none"));
                }
            }
        }
        if (!mentioned)
            findings.note("no-index", FindingGroup::WillChange, QStringLiteral("vectors[%1]").arg(i),
                QStringLiteral("No index is planned on %1: a search reads every row.").arg(vector.column));
    }
}

} // namespace

void vectors(Findings& findings)
{
    const CollectionFacts* facts = findings.facts();
    if (!facts)
        return;
    checkIds(findings, *facts);
    const CollectionPlan& plan = findings.plan();
    QStringList planned;
    for (int i = 0; i < plan.vectors.size(); ++i) {
        const QString& source = plan.vectors.at(i).source;
        planned << source;
        if (const DenseVectorInfo* info = facts->info.denseVector(source)) {
            checkDense(findings, i, *info, *facts);
        } else if (const SparseVectorInfo* sparse = facts->info.sparseVector(source)) {
            checkSparse(findings, i, *sparse, *facts);
        } else {
            findings
                .blocker("vector-unknown", FindingGroup::CannotMove, place(i, "source"),
                    QStringLiteral("The collection has no vector %1, which the plan takes into column %2.")
                        .arg(source.isEmpty() ? QStringLiteral("without a name") : source,
                            plan.vectors.at(i).column))
                .hint = QStringLiteral("Make the plan again: the collection has changed.");
        }
    }
    for (const DenseVectorInfo& info : facts->info.vectors) {
        if (!planned.contains(info.name))
            findings.warning("vector-not-planned", FindingGroup::CannotMove, QStringLiteral("vectors"),
                QStringLiteral("%1 is not in the plan and stays behind.").arg(nameForPeople(info.name)));
    }
    for (const SparseVectorInfo& info : facts->info.sparseVectors) {
        if (!planned.contains(info.name))
            findings.warning("vector-not-planned", FindingGroup::CannotMove, QStringLiteral("vectors"),
                QStringLiteral("%1 is not in the plan and stays behind.").arg(nameForPeople(info.name)));
    }
    if (facts->nonFinitePoints > 0) {
        const bool rejects = std::any_of(plan.vectors.begin(), plan.vectors.end(),
            [](const VectorPlan& v) { return v.nonFinite == NonFinitePolicy::Reject; });
        findings.warning("non-finite", rejects ? FindingGroup::CannotMove : FindingGroup::WillChange,
            QStringLiteral("vectors"),
            QStringLiteral(
                "%1 of %2 sampled points hold a vector with NaN or infinity, which pgvector refuses: %3.")
                .arg(formatCount(facts->nonFinitePoints), formatCount(facts->sampledPoints),
                    rejects ? QStringLiteral("they are rejected")
                            : QStringLiteral("the vector becomes NULL")));
        for (int i = 0; rejects && i < plan.vectors.size(); ++i)
            findings.fix(
                QStringLiteral("store such vectors as NULL"), place(i, "nonFinite"), QStringLiteral("null"));
    }
    checkVectorIndexes(findings, *facts);
}

} // namespace qdrant2pg::checks
