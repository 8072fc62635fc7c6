// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/estimate.h"

#include "core/common/units.h"
#include "core/postgres/columntype.h"

#include <algorithm>
#include <cmath>

namespace qdrant2pg {

namespace {

constexpr double pageBytes = 8192;
constexpr double usablePage = 8160;
/// A row longer than this moves its longest values out of line.
constexpr double toastThreshold = 2032;
constexpr double toastChunk = 1996;
constexpr double rowHeader = 28;
/// Bytes that an out-of-line value leaves in the row.
constexpr double toastPointer = 18;

const VectorPlan* vectorOf(const CollectionPlan& plan, const QString& column)
{
    for (const VectorPlan& vector : plan.vectors) {
        if (vector.column == column)
            return &vector;
    }
    return nullptr;
}

double meanNonZeros(const CollectionFacts& facts, const QString& name)
{
    for (const SparseFacts& sparse : facts.sparse) {
        if (sparse.name == name)
            return static_cast<double>(sparse.maxNonZeros) / 2;
    }
    return 100;
}

/// Bytes of one stored value.
double vectorBytes(const VectorPlan& vector, const CollectionFacts& facts)
{
    const auto dimensions = static_cast<double>(vector.dimensions);
    if (vector.type == QLatin1String("halfvec"))
        return 8 + 2 * dimensions;
    if (vector.type == QLatin1String("sparsevec"))
        return 16 + 8 * meanNonZeros(facts, vector.source);
    if (vector.type == QLatin1String("smallint[]"))
        return 24 + 2 * dimensions;
    if (vector.type == QLatin1String("vector[]"))
        return std::max(facts.meanPointBytes - facts.meanPayloadBytes, 0.0) / 3 + 24;
    if (vector.type == QLatin1String("jsonb"))
        return std::max(facts.meanPointBytes - facts.meanPayloadBytes, 12 * dimensions);
    return 8 + 4 * dimensions;
}

double outOfLine(double bytes)
{
    return std::ceil(bytes / toastChunk) * (pageBytes / 4);
}

double typedColumnBytes(const PayloadColumnPlan& column)
{
    const auto type = columnTypeFromName(column.type);
    if (type == ColumnType::Uuid || type == ColumnType::Point)
        return 16;
    if (type == ColumnType::Boolean)
        return 1;
    if (type == ColumnType::Bigint || type == ColumnType::Double || type == ColumnType::Timestamptz)
        return 8;
    return 32;
}

double tableBytesPerRow(const CollectionPlan& plan, const CollectionFacts& facts)
{
    double inLine = rowHeader + (plan.id.type == IdType::Bigint ? 8 : plan.id.type == IdType::Text ? 37 : 16);
    double outside = 0;
    for (const PayloadColumnPlan& column : plan.payload.columns)
        inLine += typedColumnBytes(column);
    if (!plan.shardKeyColumn.isEmpty())
        inLine += 16;
    QList<double> large;
    double plain = 0;
    for (const VectorPlan& vector : plan.vectors) {
        if (vector.storage == QLatin1String("plain"))
            plain += vectorBytes(vector, facts);
        else
            large << vectorBytes(vector, facts);
    }
    // jsonb is a little longer than its text, and compresses once it is long.
    if (plan.payload.keep != PayloadKeep::None)
        large << facts.meanPayloadBytes * 1.15;
    std::sort(large.begin(), large.end());
    double total = inLine + plain;
    for (const double bytes : large)
        total += bytes;
    while (!large.isEmpty() && total > toastThreshold) {
        const double bytes = large.takeLast();
        total += toastPointer - bytes;
        outside += outOfLine(bytes);
    }
    const double rowsPerPage = std::max(std::floor(usablePage / std::max(total, 1.0)), 1.0);
    return pageBytes / rowsPerPage + outside;
}

/// Bytes of a vector as the index holds it.
double indexedVectorBytes(const VectorPlan& vector, const IndexPlan& index, const CollectionFacts& facts)
{
    const auto dimensions = static_cast<double>(vector.dimensions);
    if (index.cast == QLatin1String("bit"))
        return 8 + dimensions / 8;
    if (index.cast == QLatin1String("halfvec"))
        return 8 + 2 * dimensions;
    return vectorBytes(vector, facts);
}

int linksOf(const IndexPlan& index)
{
    return index.with.value(QStringLiteral("m")).toInt(16);
}

double hnswBytesPerRow(double vector, int m)
{
    // Element with its header, and the neighbour list of the lowest layer.
    const double element = vector + 100 + 12.0 * m;
    return pageBytes / std::max(std::floor(usablePage / element), 1.0);
}

double indexBytesPerRow(const CollectionPlan& plan, const IndexPlan& index, const CollectionFacts& facts)
{
    if (index.kind == QLatin1String("none"))
        return 0;
    const VectorPlan* vector = index.on.isEmpty() ? nullptr : vectorOf(plan, index.on.first());
    if (vector && index.kind == QLatin1String("hnsw"))
        return hnswBytesPerRow(indexedVectorBytes(*vector, index, facts), linksOf(index));
    if (vector)
        return indexedVectorBytes(*vector, index, facts) + 16;
    if (index.kind == QLatin1String("gin"))
        return std::max(facts.meanPayloadBytes * 0.4, 16.0);
    return 36.0 * static_cast<double>(std::max<qsizetype>(index.on.size(), 1));
}

/// Seconds of one processor core for one row, from builds of 50,000 rows (pgvector.md 4.3: 768 dimensions, m
/// 16, ef_construction 64 take 1.5 ms a row).
double hnswSecondsPerRow(double rows, double bytesPerVector, int m, int efConstruction)
{
    const double size = 0.2 + 0.8 * bytesPerVector / 3080;
    const double depth = std::log2(std::max(rows, 1000.0)) / std::log2(50'000.0);
    return 0.0015 * size * depth * std::pow(efConstruction / 64.0, 0.8) * std::sqrt(m / 16.0);
}

TimeRange range(double lowSeconds, double highSeconds)
{
    const auto milliseconds = [](double seconds) {
        return std::chrono::milliseconds(static_cast<qint64>(std::min(seconds, 1e12) * 1000));
    };
    return {milliseconds(lowSeconds), milliseconds(highSeconds)};
}

} // namespace

QString TimeRange::toString() const
{
    const QString first = formatDuration(low);
    const QString last = formatDuration(high);
    if (first == last)
        return QStringLiteral("about %1").arg(last);
    return QStringLiteral("%1 to %2").arg(first, last);
}

qint64 hnswBuildMemory(qint64 rows, qint64 bytesPerVector, int m)
{
    constexpr qint64 reserve = qint64{4} << 20;
    return rows * (bytesPerVector + 32 * m + 160) + reserve;
}

CollectionEstimate estimateCollection(
    const CollectionPlan& plan, const CollectionFacts& facts, const std::optional<ServerProfile>& server)
{
    CollectionEstimate estimate;
    estimate.rows = facts.bestCount();
    estimate.rowsExact = facts.exactCount.has_value();
    const auto rows = static_cast<double>(estimate.rows);
    estimate.tableBytes = static_cast<qint64>(rows * tableBytesPerRow(plan, facts));
    double indexBytes = plan.id.type == IdType::Bigint ? 22 : 42;
    double indexSeconds = 0;
    const int workers = server ? std::max(server->maxParallelMaintenanceWorkers, 0) : 2;
    bool spills = false;
    for (const IndexPlan& index : plan.indexes) {
        indexBytes += indexBytesPerRow(plan, index, facts);
        const VectorPlan* vector = index.on.isEmpty() ? nullptr : vectorOf(plan, index.on.first());
        if (!vector || index.kind != QLatin1String("hnsw"))
            continue;
        const double bytes = indexedVectorBytes(*vector, index, facts);
        const qint64 memory = hnswBuildMemory(estimate.rows, static_cast<qint64>(bytes), linksOf(index));
        estimate.indexMemory = std::max(estimate.indexMemory, memory);
        spills = spills || (server && memory > std::max(server->maintenanceWorkMemBytes, qint64{1} << 30));
        indexSeconds += rows
            * hnswSecondsPerRow(
                rows, bytes, linksOf(index), index.with.value(QStringLiteral("ef_construction")).toInt(64));
    }
    estimate.indexBytes = static_cast<qint64>(rows * indexBytes);
    estimate.walBytes = static_cast<qint64>(rows * (tableBytesPerRow(plan, facts) * 0.85 + indexBytes));

    if (facts.sampleRate > 0 && estimate.rows > 0) {
        // One connection was measured: two read up to twice as much, gRPC more; a target slower than the
        // source shows only in the run.
        const double measured = rows / facts.sampleRate;
        const bool sure = facts.sampledPoints >= 100;
        estimate.dataTime = range(measured / (sure ? 2.5 : 4.0), measured * (sure ? 1.5 : 3.0));
    }
    if (indexSeconds > 0 && estimate.rows > 0) {
        const double slowest = indexSeconds * (spills ? 4.0 : 2.0);
        estimate.indexTime = range(indexSeconds / (1 + workers) / 2, slowest);
    }
    return estimate;
}

} // namespace qdrant2pg
