// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/folderfacts.h"

#include "core/staged/batchreader.h"

#include <algorithm>
#include <cmath>

namespace qdrant2pg {

namespace {

void noteId(const PointId& id, IdFacts& facts)
{
    if (id.isUuid()) {
        facts.hasUuids = true;
        return;
    }
    facts.hasNumbers = true;
    facts.maxNumber = std::max(facts.maxNumber.value_or(0), id.number());
}

void noteSparse(const VectorView& vector, CollectionFacts& facts)
{
    const QString name = QString::fromUtf8(vector.name.data(), static_cast<qsizetype>(vector.name.size()));
    auto known = std::find_if(facts.sparse.begin(), facts.sparse.end(),
        [&](const SparseFacts& sparse) { return sparse.name == name; });
    if (known == facts.sparse.end()) {
        SparseFacts first;
        first.name = name;
        known = facts.sparse.insert(facts.sparse.end(), first);
    }
    if (!vector.indices.empty())
        known->maxIndex =
            std::max(known->maxIndex, *std::max_element(vector.indices.begin(), vector.indices.end()));
    known->maxNonZeros = std::max(known->maxNonZeros, static_cast<qint64>(vector.values.size()));
    known->hasZeros = known->hasZeros
        || std::any_of(vector.values.begin(), vector.values.end(), [](float value) { return value == 0.0F; });
}

/// Without a manifest: the configuration that the vectors of a point show.
void noteConfiguration(const PointPage& page, const PointView& point, CollectionInfo& info)
{
    for (const VectorView& vector : page.vectorsOf(point)) {
        const QString name =
            QString::fromUtf8(vector.name.data(), static_cast<qsizetype>(vector.name.size()));
        if (vector.kind == VectorKind::Sparse) {
            if (!info.sparseVector(name))
                info.sparseVectors.append({name, false, {}});
            continue;
        }
        if (info.denseVector(name))
            continue;
        DenseVectorInfo dense;
        dense.name = name;
        dense.multivector = vector.kind == VectorKind::Multi;
        const auto rows = dense.multivector ? std::max<qint64>(1, vector.rows) : 1;
        dense.size = static_cast<qint64>(vector.values.size()) / rows;
        info.vectors.append(dense);
    }
}

void notePoint(const PointPage& page, const PointView& point, bool hasManifest, CollectionFacts& facts)
{
    facts.payload.add(point.payload);
    ++facts.sampledPoints;
    facts.meanPointBytes += static_cast<double>(point.raw.size());
    facts.meanPayloadBytes += static_cast<double>(point.payload.size());
    bool nonFinite = false;
    bool zero = false;
    for (const VectorView& vector : page.vectorsOf(point)) {
        if (vector.kind == VectorKind::Sparse)
            noteSparse(vector, facts);
        nonFinite = nonFinite || vector.hasNonFinite;
        zero = zero
            || (vector.kind == VectorKind::Dense
                && std::all_of(
                    vector.values.begin(), vector.values.end(), [](float value) { return value == 0.0F; }));
    }
    facts.nonFinitePoints += nonFinite ? 1 : 0;
    facts.zeroVectorPoints += zero ? 1 : 0;
    if (!hasManifest)
        noteConfiguration(page, point, facts.info);
}

} // namespace

Result<CollectionFacts> factsFromFolder(
    const QString& folder, const QString& collection, int samplePoints, std::stop_token stop)
{
    auto reader = BatchReader::open(folder);
    if (!reader)
        return fail(reader.error());
    CollectionFacts facts;
    const std::optional<ExportManifest>& manifest = reader->manifest();
    if (manifest) {
        auto info = parseCollectionInfo(manifest->collection, manifest->collectionInfo);
        if (!info)
            return fail(info.error());
        facts.info = *info;
        facts.serverVersion = QVersionNumber::fromString(manifest->serverVersion);
        facts.exactCount = manifest->points();
        // Points are exported in id order: the ends of the batches tell which kinds there are, and the
        // greatest number.
        for (const ExportBatch& batch : manifest->batches) {
            for (const QString& text : {batch.first, batch.last}) {
                if (const auto id = PointId::parse(text.toStdString()))
                    noteId(*id, facts.ids);
            }
        }
        facts.ids.maxNumberExact = manifest->complete && !facts.ids.hasUuids;
    } else {
        facts.info.name = collection;
        facts.info.warnings << QStringLiteral(
            "The folder does not say which metric the collection had; cosine is assumed.");
    }
    PointPage page;
    qint64 points = 0;
    // A folder with a manifest needs only its sample; another one is read to its end, for the ids and the
    // count.
    while (!stop.stop_requested() && (!manifest || facts.sampledPoints < samplePoints)) {
        auto more = reader->next(page);
        if (!more)
            return fail(more.error());
        if (!*more)
            break;
        for (const PointView& point : page.points()) {
            ++points;
            noteId(point.id, facts.ids);
            if (facts.sampledPoints < samplePoints)
                notePoint(page, point, manifest.has_value(), facts);
        }
    }
    if (stop.stop_requested())
        return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while looking at the export."));
    if (!manifest) {
        facts.exactCount = points;
        facts.ids.maxNumberExact = true;
    }
    if (facts.sampledPoints > 0) {
        facts.meanPointBytes /= static_cast<double>(facts.sampledPoints);
        facts.meanPayloadBytes /= static_cast<double>(facts.sampledPoints);
    }
    facts.info.pointsCount = facts.exactCount;
    return facts;
}

} // namespace qdrant2pg
