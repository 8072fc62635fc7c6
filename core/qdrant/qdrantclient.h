// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/qdrant/collectioninfo.h"
#include "core/qdrant/pointpage.h"
#include "core/qdrant/sourceoptions.h"

#include <QJsonObject>
#include <QVersionNumber>

#include <memory>
#include <stop_token>

namespace qdrant2pg {

class RestTransport;
struct HttpReply;
struct HttpRequest;
struct PageRequest;

struct ServerVersion {
    QString title;
    QVersionNumber version;
    QString commit;
};

struct AliasInfo {
    QString alias;
    QString collection;
};

struct ShardInfo {
    qint64 shardId = 0;
    /// JSON token of the shard key; empty with automatic sharding.
    std::string shardKeyJson;
    QString state;
    bool remote = false;
};

struct CollectionClusterInfo {
    QList<ShardInfo> shards;
    int transfers = 0;
    int reshardings = 0;
};

/// A hit of a search, in the order of the answer. A NaN score is absent.
struct ScoredPoint {
    PointId id;
    std::optional<double> score;
};

/// Options of a search that are the same for all metrics.
struct QueryOptions {
    QString vectorName;
    int limit = 10;
    bool exact = true;
    std::optional<int> hnswEf;
    std::string filterJson;
    std::string shardKeyJson;
};

struct FacetHit {
    /// JSON token of the value.
    std::string valueJson;
    qint64 count = 0;
};

/// The small requests to a Qdrant server over REST, blocking; for worker threads, never for the GUI thread.
/// Thread-safe as long as each thread uses a client of its own. Reports errors, never retries them, except
/// that a request which met a connection the server had just closed is sent once more on a fresh one.
class QdrantClient {
public:
    explicit QdrantClient(SourceOptions options, std::stop_token stop = {});
    ~QdrantClient();
    QdrantClient(QdrantClient&&) noexcept;
    QdrantClient& operator=(QdrantClient&&) noexcept;

    const SourceOptions& options() const;

    /// GET /. Needs no key, so it proves nothing about the key.
    [[nodiscard]] Result<ServerVersion> version();
    /// GET /collections, sorted. Proves the key.
    [[nodiscard]] Result<QStringList> collections();
    [[nodiscard]] Result<CollectionInfo> collectionInfo(const QString& collection);
    [[nodiscard]] Result<QList<AliasInfo>> aliases();
    /// Only of this collection.
    [[nodiscard]] Result<QList<AliasInfo>> aliases(const QString& collection);
    /// GET /collections/{c}/cluster. Permission error under a points-only token.
    [[nodiscard]] Result<CollectionClusterInfo> clusterInfo(const QString& collection);
    /// Shard keys as JSON tokens, sorted; from /shards (1.17+) or the cluster info.
    [[nodiscard]] Result<std::vector<std::string>> shardKeys(const QString& collection);
    /// Exact counts read every id: call rarely. Strict mode may forbid them (Unsupported error).
    [[nodiscard]] Result<qint64> count(const QString& collection, bool exact,
        const std::string& filterJson = {}, const std::string& shardKeyJson = {});
    /// Scroll of one page, decoded. For previews, samples and id-only passes; lanes use a PointSource.
    [[nodiscard]] Result<PointPage> scroll(const QString& collection, const PageRequest& request);
    /// Points by id; missing ids are absent from the answer, order as it came.
    [[nodiscard]] Result<PointPage> retrieve(const QString& collection, const std::vector<PointId>& ids,
        bool withPayload, bool withVectors, const std::string& shardKeyJson = {});
    /// Random points (query sample, 1.11+). Unsupported on older servers.
    [[nodiscard]] Result<PointPage> randomSample(
        const QString& collection, int limit, bool withPayload, bool withVectors);
    /// Search; `queryJson` is the vector, sparse object, multivector or point id as JSON.
    [[nodiscard]] Result<std::vector<ScoredPoint>> query(
        const QString& collection, const std::string& queryJson, const QueryOptions& options);
    [[nodiscard]] Result<std::vector<FacetHit>> facet(
        const QString& collection, const QString& key, int limit, bool exact);

private:
    [[nodiscard]] Result<HttpReply> exchange(HttpRequest request, const QString& collection);
    /// The text of `result`.
    [[nodiscard]] Result<QByteArray> resultOf(HttpRequest request, const QString& collection);
    [[nodiscard]] Result<PointPage> pageOf(HttpRequest request, const QString& collection, bool withPayload);
    [[nodiscard]] Result<QList<AliasInfo>> aliasesAt(QByteArray target, const QString& collection);
    /// Asked once, for what only newer servers can do.
    [[nodiscard]] Result<QVersionNumber> knownVersion();

    std::unique_ptr<RestTransport> m_transport;
    SourceOptions m_options;
    std::stop_token m_stop;
    QVersionNumber m_version;
};

} // namespace qdrant2pg
