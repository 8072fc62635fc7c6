// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/collectioninfo.h"

#include <algorithm>
#include <array>

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>

#include "core/common/jsontext.h"

namespace qdrant2pg {

namespace {

template <class Value> struct Word {
    const char* word;
    Value value;
};

constexpr std::array distanceWords{Word<Distance>{"Cosine", Distance::Cosine},
    Word<Distance>{"Euclid", Distance::Euclid}, Word<Distance>{"Dot", Distance::Dot},
    Word<Distance>{"Manhattan", Distance::Manhattan}};
constexpr std::array datatypeWords{Word<VectorDatatype>{"float32", VectorDatatype::Float32},
    Word<VectorDatatype>{"float16", VectorDatatype::Float16},
    Word<VectorDatatype>{"uint8", VectorDatatype::Uint8},
    Word<VectorDatatype>{"turbo4", VectorDatatype::Turbo4}};

template <class Words> auto findWord(const Words& words, const QString& text)
{
    const auto* const found = std::find_if(
        words.begin(), words.end(), [&text](const auto& word) { return text == QLatin1String(word.word); });
    return found == words.end() ? std::nullopt : std::optional(found->value);
}

template <class Words, class Value> QString wordFor(const Words& words, Value value)
{
    const auto* const found =
        std::find_if(words.begin(), words.end(), [value](const auto& word) { return word.value == value; });
    return QString::fromLatin1(found->word);
}

Error unsupported(const QString& collection, const QString& summary)
{
    Error error = makeError(ErrorKind::Unsupported, summary, {},
        QStringLiteral("This Qdrant may be newer than this program: look for a newer version of qdrant2pg."));
    error.where.collection = collection;
    return error;
}

QString nameForPeople(const QString& vector)
{
    return vector.isEmpty() ? QStringLiteral("The unnamed vector")
                            : QStringLiteral("The vector \"%1\"").arg(vector);
}

/// An integer; nothing for null, absent and other types.
std::optional<qint64> integer(const QJsonValue& value)
{
    if (!value.isDouble())
        return std::nullopt;
    return value.toInteger();
}

std::optional<bool> boolean(const QJsonValue& value)
{
    if (!value.isBool())
        return std::nullopt;
    return value.toBool();
}

HnswConfig hnswConfig(const QJsonObject& object, HnswConfig base)
{
    base.m = static_cast<int>(integer(object[u"m"]).value_or(base.m));
    base.efConstruct = static_cast<int>(integer(object[u"ef_construct"]).value_or(base.efConstruct));
    base.onDisk = boolean(object[u"on_disk"]).value_or(base.onDisk);
    return base;
}

/// The one key that is there: its kind. `memory` stands beside it since 1.19.
QString quantizationKind(const QJsonValue& value)
{
    for (const QString& key : value.toObject().keys()) {
        if (key != QLatin1String("memory"))
            return key;
    }
    return {};
}

Result<DenseVectorInfo> denseVector(
    const QString& collection, const QString& name, const QJsonObject& object, const CollectionInfo& defaults)
{
    DenseVectorInfo info;
    info.name = name;
    info.size = integer(object[u"size"]).value_or(0);
    if (info.size < 1)
        return fail(unsupported(collection, QStringLiteral("%1 has no size.").arg(nameForPeople(name))));
    const auto distance = findWord(distanceWords, object[u"distance"].toString());
    if (!distance) {
        return fail(unsupported(collection,
            QStringLiteral("%1 uses the distance \"%2\", which this program does not know.")
                .arg(nameForPeople(name), object[u"distance"].toString())));
    }
    info.distance = *distance;
    if (object[u"datatype"].isString()) {
        const auto datatype = findWord(datatypeWords, object[u"datatype"].toString());
        if (!datatype) {
            return fail(unsupported(collection,
                QStringLiteral("%1 is stored as \"%2\", which this program does not know.")
                    .arg(nameForPeople(name), object[u"datatype"].toString())));
        }
        info.datatype = *datatype;
    }
    if (const QJsonValue multi = object[u"multivector_config"]; multi.isObject()) {
        const QString comparator = multi.toObject()[u"comparator"].toString(QStringLiteral("max_sim"));
        if (comparator != QLatin1String("max_sim")) {
            return fail(unsupported(collection,
                QStringLiteral("%1 compares its rows by \"%2\", which this program does not know.")
                    .arg(nameForPeople(name), comparator)));
        }
        info.multivector = true;
    }
    info.hnsw = hnswConfig(object[u"hnsw_config"].toObject(), defaults.hnsw);
    info.quantization = quantizationKind(object[u"quantization_config"]);
    if (info.quantization.isEmpty())
        info.quantization = defaults.quantization;
    return info;
}

/// One object with a size is the unnamed vector; a vector may be called "size", but then its value is an
/// object.
Result<void> readVectors(const QJsonValue& vectors, CollectionInfo& info)
{
    const QJsonObject object = vectors.toObject();
    if (object[u"size"].isDouble()) {
        auto vector = denseVector(info.name, QString(), object, info);
        if (!vector)
            return fail(vector.error());
        info.vectors << *vector;
        return {};
    }
    for (auto member = object.begin(); member != object.end(); ++member) {
        auto vector = denseVector(info.name, member.key(), member->toObject(), info);
        if (!vector)
            return fail(vector.error());
        info.vectors << *vector;
    }
    return {};
}

Result<void> readSparseVectors(const QJsonObject& object, CollectionInfo& info)
{
    for (auto member = object.begin(); member != object.end(); ++member) {
        const QJsonObject config = member->toObject();
        const QString modifier = config[u"modifier"].toString(QStringLiteral("none"));
        SparseVectorInfo vector;
        vector.name = member.key();
        vector.idf = modifier == QLatin1String("idf");
        if (!vector.idf && modifier != QLatin1String("none")) {
            return fail(unsupported(info.name,
                QStringLiteral("%1 is weighted by \"%2\", which this program does not know.")
                    .arg(nameForPeople(vector.name), modifier)));
        }
        vector.indexDatatype = config[u"index"][u"datatype"].toString();
        info.sparseVectors << vector;
    }
    return {};
}

StrictMode strictMode(const QJsonObject& object)
{
    StrictMode strict;
    strict.enabled = object[u"enabled"].toBool();
    if (!strict.enabled)
        return strict;
    strict.maxQueryLimit = integer(object[u"max_query_limit"]);
    strict.maxTimeoutSeconds = integer(object[u"max_timeout"]);
    strict.searchAllowExact = boolean(object[u"search_allow_exact"]);
    strict.readRateLimit = integer(object[u"read_rate_limit"]);
    strict.unindexedFilteringRetrieve = boolean(object[u"unindexed_filtering_retrieve"]);
    strict.filterMaxConditions = integer(object[u"filter_max_conditions"]);
    strict.conditionMaxSize = integer(object[u"condition_max_size"]);
    return strict;
}

QList<PayloadIndexInfo> payloadIndexes(const QJsonObject& schema)
{
    QList<PayloadIndexInfo> indexes;
    for (auto member = schema.begin(); member != schema.end(); ++member) {
        const QJsonObject entry = member->toObject();
        indexes << PayloadIndexInfo{member.key(), entry[u"data_type"].toString(), entry[u"params"].toObject(),
            integer(entry[u"points"]).value_or(0)};
    }
    return indexes;
}

/// result.config.metadata as it came: its numbers may be larger than QJson holds.
QByteArray metadataText(const QByteArray& body)
{
    std::string_view text(body.constData(), static_cast<std::size_t>(body.size()));
    for (const std::string_view wanted : {"result", "config", "metadata"}) {
        std::string_view found;
        jsontext::forEachMember(text, [&](std::string_view key, std::string_view value) {
            if (key == wanted)
                found = value;
            return key != wanted;
        });
        text = found;
    }
    if (text == "null")
        return {};
    return {text.data(), static_cast<qsizetype>(text.size())};
}

Error notAnInfo(const QString& collection, const QString& detail)
{
    Error error =
        makeError(ErrorKind::Protocol, QStringLiteral("The answer is not the configuration of a collection."),
            detail, QStringLiteral("Check that address and port belong to a Qdrant server."));
    error.where.collection = collection;
    return error;
}

} // namespace

QString distanceName(Distance distance)
{
    return wordFor(distanceWords, distance);
}

QString vectorDatatypeName(VectorDatatype datatype)
{
    return wordFor(datatypeWords, datatype);
}

const DenseVectorInfo* CollectionInfo::denseVector(const QString& vectorName) const
{
    const auto found = std::find_if(vectors.begin(), vectors.end(),
        [&](const DenseVectorInfo& vector) { return vector.name == vectorName; });
    return found == vectors.end() ? nullptr : &*found;
}

const SparseVectorInfo* CollectionInfo::sparseVector(const QString& vectorName) const
{
    const auto found = std::find_if(sparseVectors.begin(), sparseVectors.end(),
        [&](const SparseVectorInfo& vector) { return vector.name == vectorName; });
    return found == sparseVectors.end() ? nullptr : &*found;
}

QByteArray CollectionInfo::configFingerprint() const
{
    QJsonObject dense;
    for (const DenseVectorInfo& vector : vectors) {
        dense[vector.name] = QJsonObject{{QStringLiteral("size"), vector.size},
            {QStringLiteral("distance"), distanceName(vector.distance)},
            {QStringLiteral("datatype"), vectorDatatypeName(vector.datatype)},
            {QStringLiteral("multivector"), vector.multivector}};
    }
    QStringList sparse;
    for (const SparseVectorInfo& vector : sparseVectors)
        sparse << vector.name;
    sparse.sort();
    const QJsonObject identity{{QStringLiteral("dense"), dense},
        {QStringLiteral("sparse"), QJsonArray::fromStringList(sparse)},
        {QStringLiteral("customSharding"), customSharding}};
    return QCryptographicHash::hash(
        QJsonDocument(identity).toJson(QJsonDocument::Compact), QCryptographicHash::Sha256)
        .toHex();
}

Result<CollectionInfo> parseCollectionInfo(const QString& name, const QByteArray& body)
{
    QJsonParseError parseError;
    const QJsonDocument document = QJsonDocument::fromJson(body, &parseError);
    if (parseError.error != QJsonParseError::NoError) {
        Error error = notAnInfo(name, parseError.errorString());
        error.retryable = true;
        return fail(std::move(error));
    }
    const QJsonObject result = document[u"result"].toObject();
    const QJsonObject config = result[u"config"].toObject();
    if (!config[u"params"].isObject())
        return fail(notAnInfo(name, QStringLiteral("It has no result.config.params.")));
    const QJsonObject params = config[u"params"].toObject();

    CollectionInfo info;
    info.json = body;
    info.name = name;
    info.status = result[u"status"].toString();
    info.optimizerError = result[u"optimizer_status"].toObject()[u"error"].toString();
    info.pointsCount = integer(result[u"points_count"]);
    info.indexedVectorsCount = integer(result[u"indexed_vectors_count"]);
    info.segmentsCount = integer(result[u"segments_count"]).value_or(0);
    info.hnsw = hnswConfig(config[u"hnsw_config"].toObject(), {});
    info.quantization = quantizationKind(config[u"quantization_config"]);
    if (auto read = readVectors(params[u"vectors"], info); !read)
        return fail(read.error());
    if (auto read = readSparseVectors(params[u"sparse_vectors"].toObject(), info); !read)
        return fail(read.error());

    const QString sharding = params[u"sharding_method"].toString(QStringLiteral("auto"));
    info.customSharding = sharding == QLatin1String("custom");
    if (!info.customSharding && sharding != QLatin1String("auto")) {
        return fail(unsupported(name,
            QStringLiteral("The collection is sharded by \"%1\", which this program does not know.")
                .arg(sharding)));
    }
    info.shardNumber = static_cast<int>(integer(params[u"shard_number"]).value_or(1));
    info.replicationFactor = static_cast<int>(integer(params[u"replication_factor"]).value_or(1));
    info.preventUnoptimized = config[u"optimizer_config"][u"prevent_unoptimized"].toBool();
    info.strictMode = strictMode(config[u"strict_mode_config"].toObject());
    info.payloadIndexes = payloadIndexes(result[u"payload_schema"].toObject());
    info.metadataJson = metadataText(body);
    info.updateQueueLength = integer(result[u"update_queue"][u"length"]);
    info.deferredPoints = integer(result[u"update_queue"][u"deferred_points"]);
    for (const QJsonValue warning : result[u"warnings"].toArray())
        info.warnings << warning[u"message"].toString();
    return info;
}

} // namespace qdrant2pg
