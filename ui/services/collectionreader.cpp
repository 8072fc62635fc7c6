// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/collectionreader.h"

#include "core/plan/proposal.h"
#include "core/postgres/catalogue.h"
#include "core/qdrant/pointsource.h"
#include "core/qdrant/qdrantclient.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

/// Points whose payload is looked at for the size estimate of one collection.
constexpr std::uint32_t payloadSample = 10;
/// Elements of one vector that a preview keeps; far more than a sparkline has pixels.
constexpr std::size_t mostElements = 8'192;
/// Bytes of one payload that a preview keeps.
constexpr std::size_t mostPayloadBytes = 256 * 1024;
/// Bytes that one preview may bring over the network.
constexpr qint64 mostPreviewBytes = 32 * 1024 * 1024;

QString kindName(VectorKind kind)
{
    switch (kind) {
    case VectorKind::Dense:
        return QStringLiteral("dense");
    case VectorKind::Sparse:
        return QStringLiteral("sparse");
    case VectorKind::Multi:
        return QStringLiteral("multi");
    }
    return {};
}

double meanPayload(QdrantClient& client, const QString& name)
{
    PageRequest request;
    request.limit = payloadSample;
    request.withVectors = false;
    const auto page = client.scroll(name, request);
    if (!page || page->points().empty())
        return page ? 0 : -1;
    double bytes = 0;
    for (const PointView& point : page->points())
        bytes += static_cast<double>(point.payload.size());
    return bytes / static_cast<double>(page->points().size());
}

TargetState lookAtTable(std::optional<Connection>& connection, const TargetLook& target, const QString& table)
{
    if (!connection) {
        auto opened = Connection::open(target.options);
        if (!opened)
            return TargetState::Unknown;
        connection.emplace(std::move(*opened));
    }
    const auto existing = readTable(*connection, target.schema, table);
    if (!existing)
        return TargetState::Unknown;
    if (!*existing)
        return TargetState::New;
    return (*existing)->hasRows ? TargetState::Filled : TargetState::Empty;
}

} // namespace

void estimateSizes(CollectionEntry& entry, const std::optional<ServerProfile>& server)
{
    if (!entry.info || (!entry.info->pointsCount && !entry.exactCount))
        return;
    CollectionFacts facts;
    facts.info = *entry.info;
    facts.exactCount = entry.exactCount;
    facts.meanPayloadBytes = std::max(0.0, entry.meanPayloadBytes);
    double pointBytes = facts.meanPayloadBytes;
    for (const DenseVectorInfo& vector : entry.info->vectors) {
        const double element = vector.datatype == VectorDatatype::Uint8 ? 1
            : vector.datatype == VectorDatatype::Float16                ? 2
                                                                        : 4;
        pointBytes += element * static_cast<double>(vector.size);
    }
    facts.meanPointBytes = pointBytes;
    entry.sourceBytes = static_cast<qint64>(pointBytes * static_cast<double>(facts.bestCount()));
    if (const auto proposal = proposeCollection(facts, presetNames().first(), server)) {
        entry.table = proposal->table;
        entry.targetBytes = estimateCollection(*proposal, facts, server).diskBytes();
    }
}

void readCollectionEntries(const SourceOptions& source, const QStringList& names,
    const std::optional<TargetLook>& target, const std::function<void(const CollectionEntry&)>& each,
    std::stop_token stop)
{
    QdrantClient client(source, stop);
    std::optional<Connection> connection;
    for (const QString& name : names) {
        if (stop.stop_requested())
            return;
        CollectionEntry entry;
        entry.name = name;
        if (auto info = client.collectionInfo(name)) {
            entry.info = *info;
            entry.meanPayloadBytes = meanPayload(client, name);
            estimateSizes(entry, target ? std::optional(target->server) : std::nullopt);
            if (target && !entry.table.isEmpty())
                entry.target = lookAtTable(connection, *target, entry.table);
        } else {
            entry.error = info.error();
        }
        if (!stop.stop_requested())
            each(entry);
    }
}

Result<QList<PreviewPoint>> readPreview(const SourceOptions& source, const QString& collection, int limit,
    const QByteArray& filterJson, std::stop_token stop)
{
    QdrantClient client(source, stop);
    PageRequest request;
    request.limit = static_cast<std::uint32_t>(limit);
    request.filterJson = filterJson.toStdString();
    request.maxReplyBytes = mostPreviewBytes;
    auto page = client.scroll(collection, request);
    if (!page)
        return fail(page.error());
    QList<PreviewPoint> points;
    for (const PointView& view : page->points()) {
        if (points.size() >= limit)
            break;
        PreviewPoint point;
        point.id = view.id.toString();
        const std::size_t payloadBytes = std::min(view.payload.size(), mostPayloadBytes);
        point.payload = QByteArray(view.payload.data(), static_cast<qsizetype>(payloadBytes));
        for (const VectorView& vector : page->vectorsOf(view)) {
            PreviewVector shown;
            shown.name = QString::fromUtf8(vector.name.data(), static_cast<qsizetype>(vector.name.size()));
            shown.kind = kindName(vector.kind);
            shown.rows = static_cast<int>(vector.rows);
            shown.nonFinite = vector.hasNonFinite;
            const std::size_t row =
                vector.rows > 0 ? vector.values.size() / vector.rows : vector.values.size();
            const std::size_t count = std::min(row, mostElements);
            shown.values = QList<float>(
                vector.values.begin(), vector.values.begin() + static_cast<std::ptrdiff_t>(count));
            point.vectors.append(shown);
        }
        points.append(point);
    }
    return points;
}

} // namespace qdrant2pg
