// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/comparisonjson.h"

#include <QJsonArray>

namespace qdrant2pg {

namespace {

/// Every structure is described once, by describe(archive, value), for both directions.
class Writer {
public:
    QJsonObject object;

    template <class Value> void field(const char* key, const Value& value)
    {
        object.insert(QLatin1String(key), toJson(value));
    }

    template <class Value> static QJsonValue toJson(const Value& value)
    {
        Writer inner;
        describe(inner, const_cast<Value&>(value));
        return inner.object;
    }
    static QJsonValue toJson(double value) { return value; }
    static QJsonValue toJson(int value) { return value; }
    static QJsonValue toJson(qint64 value) { return value; }
    static QJsonValue toJson(bool value) { return value; }
    static QJsonValue toJson(const QString& value) { return value; }
    static QJsonValue toJson(std::chrono::milliseconds value) { return qint64(value.count()); }
    template <class Value> static QJsonValue toJson(const std::optional<Value>& value)
    {
        return value ? toJson(*value) : QJsonValue();
    }
    template <class Value> static QJsonValue toJson(const QList<Value>& values)
    {
        QJsonArray array;
        for (const Value& value : values)
            array.append(toJson(value));
        return array;
    }
};

class Reader {
public:
    explicit Reader(QJsonObject from)
        : object(std::move(from))
    {
    }
    QJsonObject object;

    template <class Value> void field(const char* key, Value& value)
    {
        const auto found = object.constFind(QLatin1String(key));
        if (found != object.constEnd() && !found->isNull())
            read(*found, value);
    }

private:
    template <class Value> static void read(const QJsonValue& json, Value& value)
    {
        Reader inner(json.toObject());
        describe(inner, value);
    }
    static void read(const QJsonValue& json, double& value) { value = json.toDouble(); }
    static void read(const QJsonValue& json, int& value) { value = json.toInt(); }
    static void read(const QJsonValue& json, qint64& value) { value = json.toInteger(); }
    static void read(const QJsonValue& json, bool& value) { value = json.toBool(); }
    static void read(const QJsonValue& json, QString& value) { value = json.toString(); }
    static void read(const QJsonValue& json, std::chrono::milliseconds& value)
    {
        value = std::chrono::milliseconds(json.toInteger());
    }
    template <class Value> static void read(const QJsonValue& json, std::optional<Value>& value)
    {
        read(json, value.emplace());
    }
    template <class Value> static void read(const QJsonValue& json, QList<Value>& values)
    {
        values.clear();
        for (const QJsonValue element : json.toArray())
            read(element, values.emplaceBack());
    }
};

template <class Archive> void describe(Archive& archive, LatencyStats& value)
{
    archive.field("meanMs", value.meanMs);
    archive.field("medianMs", value.medianMs);
    archive.field("p95Ms", value.p95Ms);
}

template <class Archive> void describe(Archive& archive, RecallStats& value)
{
    archive.field("mean", value.mean);
    archive.field("median", value.median);
    archive.field("p5", value.p5);
    archive.field("min", value.min);
}

template <class Archive> void describe(Archive& archive, IndexMeasure& value)
{
    archive.field("recall", value.recall);
    archive.field("latency", value.latency);
    archive.field("meanHits", value.meanHits);
}

template <class Archive> void describe(Archive& archive, CurvePoint& value)
{
    archive.field("setting", value.setting);
    archive.field("measure", value.measure);
}

template <class Archive> void describe(Archive& archive, SearchDifference& value)
{
    archive.field("query", value.query);
    archive.field("text", value.text);
}

template <class Archive> void describe(Archive& archive, WorstQuery& value)
{
    archive.field("query", value.query);
    archive.field("recall", value.recall);
}

template <class Archive> void describe(Archive& archive, FilteredMode& value)
{
    archive.field("mode", value.mode);
    archive.field("plan", value.plan);
    archive.field("measure", value.measure);
    archive.field("shortAnswers", value.shortAnswers);
}

template <class Archive> void describe(Archive& archive, FilteredComparison& value)
{
    archive.field("filter", value.filterJson);
    archive.field("where", value.whereSql);
    archive.field("matching", value.matching);
    archive.field("exactCompared", value.exactCompared);
    archive.field("exactIdentical", value.exactIdentical);
    archive.field("qdrantIndex", value.qdrantIndex);
    archive.field("modes", value.modes);
}

template <class Archive> void describe(Archive& archive, SearchComparison& value)
{
    archive.field("collection", value.collection);
    archive.field("table", value.table);
    archive.field("vector", value.vector);
    archive.field("column", value.column);
    archive.field("distance", value.distance);
    archive.field("kind", value.kind);
    archive.field("scoreFormula", value.scoreFormula);
    archive.field("k", value.k);
    archive.field("queries", value.queries);
    archive.field("queriesFrom", value.queriesFrom);
    archive.field("exactCompared", value.exactCompared);
    archive.field("exactIdentical", value.exactIdentical);
    archive.field("differences", value.differences);
    archive.field("exactNote", value.exactNote);
    archive.field("qdrantExactLatency", value.qdrantExactLatency);
    archive.field("targetExactLatency", value.targetExactLatency);
    archive.field("indexName", value.indexName);
    archive.field("indexMethod", value.indexMethod);
    archive.field("indexNote", value.indexNote);
    archive.field("settingName", value.settingName);
    archive.field("settingNow", value.settingNow);
    archive.field("curve", value.curve);
    archive.field("worst", value.worst);
    archive.field("plannerUsesIndex", value.plannerUsesIndex);
    archive.field("qdrantIndex", value.qdrantIndex);
    archive.field("overlap", value.overlap);
    archive.field("wantedRecall", value.wantedRecall);
    archive.field("advisedSetting", value.advisedSetting);
    archive.field("filtered", value.filtered);
    archive.field("verdict", value.verdict);
    archive.field("sentence", value.sentence);
    archive.field("rules", value.rules);
    archive.field("elapsedMs", value.elapsed);
}

} // namespace

QJsonObject comparisonToJson(const SearchComparison& comparison)
{
    return Writer::toJson(comparison).toObject();
}

SearchComparison comparisonFromJson(const QJsonObject& object)
{
    SearchComparison comparison;
    Reader reader(object);
    describe(reader, comparison);
    return comparison;
}

} // namespace qdrant2pg
