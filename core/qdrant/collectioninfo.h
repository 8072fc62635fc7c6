// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace qdrant2pg {

enum class Distance { Cosine, Euclid, Dot, Manhattan };
enum class VectorDatatype { Float32, Float16, Uint8, Turbo4 };

QString distanceName(Distance distance);
QString vectorDatatypeName(VectorDatatype datatype);

/// HNSW settings with the collection's values where a vector does not override them.
struct HnswConfig {
    int m = 16;
    int efConstruct = 100;
    bool onDisk = false;
};

/// A dense or multi vector of a collection's configuration.
struct DenseVectorInfo {
    /// "" is the unnamed (default) vector.
    QString name;
    qint64 size = 0;
    Distance distance = Distance::Cosine;
    VectorDatatype datatype = VectorDatatype::Float32;
    bool multivector = false;
    HnswConfig hnsw;
    /// "", "scalar", "product", "binary" or "turbo": only advice, never changes what is read.
    QString quantization;
};

struct SparseVectorInfo {
    QString name;
    bool idf = false;
    QString indexDatatype;
};

/// An indexed payload path (qdrant.md 2.3).
struct PayloadIndexInfo {
    QString path;
    /// keyword, integer, float, geo, text, bool, datetime, uuid, or an unknown future type as it came.
    QString dataType;
    QJsonObject params;
    qint64 points = 0;
};

/// Limits a strict-mode server puts on reading; unset ones are absent. Only filled when strict mode is
/// enabled.
struct StrictMode {
    bool enabled = false;
    std::optional<qint64> maxQueryLimit;
    std::optional<qint64> maxTimeoutSeconds;
    std::optional<bool> searchAllowExact;
    std::optional<qint64> readRateLimit;
    std::optional<bool> unindexedFilteringRetrieve;
    std::optional<qint64> filterMaxConditions;
    std::optional<qint64> conditionMaxSize;
};

/// GET /collections/{c}, parsed tolerantly: unknown keys ignored, null is absent, unknown enum words are
/// Unsupported errors.
struct CollectionInfo {
    QString name;
    /// green, yellow, grey, red, or a word of the future as it came.
    QString status;
    /// Empty when "ok".
    QString optimizerError;
    /// Approximate; absent when the server said null.
    std::optional<qint64> pointsCount;
    std::optional<qint64> indexedVectorsCount;
    qint64 segmentsCount = 0;
    QList<DenseVectorInfo> vectors;
    QList<SparseVectorInfo> sparseVectors;
    int shardNumber = 1;
    bool customSharding = false;
    int replicationFactor = 1;
    HnswConfig hnsw;
    QString quantization;
    bool preventUnoptimized = false;
    StrictMode strictMode;
    QList<PayloadIndexInfo> payloadIndexes;
    /// User's metadata object as JSON text; empty when there is none.
    QByteArray metadataJson;
    /// Writes acknowledged but not applied (1.17+); absent on older servers.
    std::optional<qint64> updateQueueLength;
    std::optional<qint64> deferredPoints;
    QStringList warnings;
    /// The answer that this was parsed from, as it came; an export keeps it, so that it can be parsed again.
    QByteArray json;

    /// Identity across a run: everything of the configuration that decides what the points look like.
    QByteArray configFingerprint() const;
    const DenseVectorInfo* denseVector(const QString& vectorName) const;
    const SparseVectorInfo* sparseVector(const QString& vectorName) const;
};

/// Parses the body of GET /collections/{c}.
[[nodiscard]] Result<CollectionInfo> parseCollectionInfo(const QString& name, const QByteArray& body);

} // namespace qdrant2pg
