// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/payloadprofile.h"
#include "core/qdrant/collectioninfo.h"
#include "core/qdrant/qdrantclient.h"

#include <chrono>
#include <optional>
#include <stop_token>

namespace qdrant2pg {

/// Which kinds of ids a collection holds. `maxNumber` is exact when an id-only pass was made, else the
/// largest seen.
struct IdFacts {
    bool hasNumbers = false;
    bool hasUuids = false;
    std::optional<std::uint64_t> maxNumber;
    bool maxNumberExact = false;
    /// Whether any number is greater than 2^63-1 (one scroll from there tells); absent when it was not asked.
    std::optional<bool> hasNumbersBeyondInt64;
};

/// Facts about one sparse vector seen in the sample.
struct SparseFacts {
    QString name;
    std::uint32_t maxIndex = 0;
    qint64 maxNonZeros = 0;
    bool hasZeros = false;
};

/// Facts about one dense or multi vector seen in the sample.
struct DenseFacts {
    QString name;
    /// Sampled points without this vector.
    qint64 missing = 0;
    /// All elements are zero.
    qint64 zeros = 0;
    /// Greatest absolute value of an element.
    double largest = 0;
};

/// Everything that a plan is made from: the collection's configuration, counts, id kinds and a sample of its
/// points.
struct CollectionFacts {
    CollectionInfo info;
    QVersionNumber serverVersion;
    QStringList aliases;
    std::vector<std::string> shardKeys;
    /// Nothing when the server refused an exact count; then info.pointsCount is the estimate.
    std::optional<qint64> exactCount;
    QString countNote;
    std::optional<CollectionClusterInfo> cluster;
    IdFacts ids;
    PayloadProfile payload;
    QList<SparseFacts> sparse;
    QList<DenseFacts> dense;
    qint64 sampledPoints = 0;
    /// Random, or spread over the id space on servers without random sampling.
    bool sampleIsRandom = false;
    /// Mean bytes of one point as JSON text / of its payload.
    double meanPointBytes = 0;
    double meanPayloadBytes = 0;
    /// Sampled points with a null vector element / an all-zero vector.
    qint64 nonFinitePoints = 0;
    qint64 zeroVectorPoints = 0;
    /// Points per second measured while sampling pages with payload and vectors; 0 when not measured.
    double sampleRate = 0;

    qint64 bestCount() const { return exactCount.value_or(info.pointsCount.value_or(0)); }
};

struct FactOptions {
    int samplePoints = 200;
    /// One pass over all ids (payload and vectors off): exact id kinds and greatest number.
    bool idPass = false;
    /// Count exactly; otherwise only the estimate.
    bool exactCount = true;
    /// How long to read pages for the rate of a time estimate, at most; 0 takes it from the sample's
    /// requests.
    std::chrono::milliseconds rateTime{0};
};

/// Adds the points of a page to what the sample knows: payload profile, vector facts, mean sizes. For
/// samples, previews and tests; `info` must be filled.
void addToSample(CollectionFacts& facts, const PointPage& page);

/// Lowers the server time limit to what the collection's strict mode allows, because a request that asks for
/// more is refused; true when it had to. Whoever reads points of the collection applies it to the options of
/// the source.
bool respectStrictMode(SourceOptions& options, const CollectionInfo& info);

/// Reads the facts of one collection. NotFound errors name the collections that exist and the nearest name.
[[nodiscard]] Result<CollectionFacts> readCollectionFacts(
    QdrantClient& client, const QString& collection, const FactOptions& options, std::stop_token stop = {});

} // namespace qdrant2pg
