// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/datetime.h"
#include "demo/base/numbers.h"
#include "demo/store/filter.h"
#include "demo/store/filtercondition.h"

#include <algorithm>

namespace qdrant2pg::demo {

namespace {

constexpr std::string_view notACondition =
    "Expected some form of condition, which can be a field condition (like {\"key\": ..., \"match\": ... }), "
    "or some "
    "other mentioned in the documentation: "
    "https://qdrant.tech/documentation/concepts/filtering/#filtering-conditions";

tl::unexpected<RequestError> badCondition()
{
    return tl::unexpected(RequestError{400, std::string(notACondition)});
}

template <class T, class Read> std::optional<Range<T>> rangeOf(const Json& json, const Read& read)
{
    Range<T> range;
    for (const Json::Member& member : json.members()) {
        if (member.value.isNull())
            continue;
        const std::optional<T> bound = read(member.value);
        if (!bound)
            return std::nullopt;
        if (member.key == "gt")
            range.gt = bound;
        else if (member.key == "gte")
            range.gte = bound;
        else if (member.key == "lt")
            range.lt = bound;
        else if (member.key == "lte")
            range.lte = bound;
    }
    return range;
}

std::optional<GeoPoint> geoPoint(const Json* json)
{
    const Json* lon = json == nullptr ? nullptr : json->find("lon");
    const Json* lat = json == nullptr ? nullptr : json->find("lat");
    if (lon == nullptr || lat == nullptr || !lon->isNumber() || !lat->isNumber())
        return std::nullopt;
    return GeoPoint{*lon->toDouble(), *lat->toDouble()};
}

std::optional<MatchValue> matchValue(const Json& json)
{
    MatchValue value;
    value.kind = json.kind();
    if (json.isString()) {
        value.text = json.text();
    } else if (json.isBool()) {
        value.boolean = json.isTrue();
    } else if (const auto integer = json.toI64()) {
        value.integer = *integer;
    } else {
        return std::nullopt;
    }
    return value;
}

bool readMatch(const Json& json, FieldCondition& field)
{
    const auto addAll = [&field](const Json& list) {
        return list.isArray()
            && std::all_of(list.items().begin(), list.items().end(), [&field](const Json& item) {
                   auto value = matchValue(item);
                   if (value)
                       field.match.push_back(std::move(*value));
                   return value.has_value();
               });
    };
    if (const Json* value = json.find("value")) {
        field.matchKind = FieldCondition::Match::Any;
        auto wanted = matchValue(*value);
        if (wanted)
            field.match.push_back(std::move(*wanted));
        return wanted.has_value();
    }
    if (const Json* any = json.find("any")) {
        field.matchKind = FieldCondition::Match::Any;
        return addAll(*any);
    }
    if (const Json* except = json.find("except")) {
        field.matchKind = FieldCondition::Match::Except;
        return addAll(*except);
    }
    using Match = FieldCondition::Match;
    for (const auto& [name, kind] : {std::pair{"text", Match::Text}, std::pair{"phrase", Match::Phrase},
             std::pair{"text_any", Match::TextAny}}) {
        if (const Json* text = json.find(name); text != nullptr && text->isString()) {
            field.matchKind = kind;
            field.text = text->text();
            return true;
        }
    }
    return false;
}

bool readRange(const Json& json, FieldCondition& field)
{
    const bool texts = std::any_of(json.members().begin(), json.members().end(),
        [](const Json::Member& member) { return member.value.isString(); });
    if (texts) {
        field.datetimes =
            rangeOf<std::int64_t>(json, [](const Json& bound) { return parseDatetime(bound.text()); });
        return field.datetimes.has_value();
    }
    field.range = rangeOf<double>(json, [](const Json& bound) { return bound.toDouble(); });
    return json.isObject() && field.range.has_value();
}

std::optional<std::vector<GeoPoint>> geoLine(const Json* json)
{
    constexpr std::size_t fewest = 4;
    const Json* points = json == nullptr ? nullptr : json->find("points");
    if (points == nullptr || points->items().size() < fewest)
        return std::nullopt;
    std::vector<GeoPoint> line;
    for (const Json& item : points->items()) {
        const auto point = geoPoint(&item);
        if (!point)
            return std::nullopt;
        line.push_back(*point);
    }
    return line;
}

bool readPolygon(const Json& json, FieldCondition& field)
{
    const auto exterior = geoLine(json.find("exterior"));
    if (!exterior)
        return false;
    field.polygon = GeoPolygon{*exterior, {}};
    const Json* interiors = json.get("interiors");
    for (const Json& item : interiors != nullptr ? interiors->items() : std::vector<Json>()) {
        const auto interior = geoLine(&item);
        if (!interior)
            return false;
        field.polygon->interiors.push_back(*interior);
    }
    return true;
}

bool readGeo(const Json& json, FieldCondition& field)
{
    if (const Json* polygon = json.get("geo_polygon"); polygon != nullptr && !readPolygon(*polygon, field))
        return false;
    if (const Json* radius = json.get("geo_radius")) {
        const auto center = geoPoint(radius->find("center"));
        const Json* meters = radius->find("radius");
        if (!center || meters == nullptr || !meters->isNumber())
            return false;
        field.radius = GeoRadius{*center, *meters->toDouble()};
    }
    if (const Json* box = json.get("geo_bounding_box")) {
        const auto topLeft = geoPoint(box->find("top_left"));
        const auto bottomRight = geoPoint(box->find("bottom_right"));
        if (!topLeft || !bottomRight)
            return false;
        field.box = GeoBox{*topLeft, *bottomRight};
    }
    return true;
}

} // namespace

std::string FieldCondition::indexTypes() const
{
    if (matchKind >= Match::Text)
        return "text";
    if (!match.empty())
        return match.front().kind == Json::Kind::String ? "keyword"
            : match.front().kind == Json::Kind::Bool    ? "bool"
                                                        : "integer";
    if (datetimes)
        return "datetime";
    if (range)
        return "float, integer";
    return radius || box || polygon ? "geo" : "keyword, integer, float, geo, text, bool, datetime, uuid";
}

tl::expected<PointId, std::string> readPointId(const Json& json)
{
    if (const auto number = json.toU64(); number && json.raw() != "-0")
        return PointId::number(*number);
    if (json.isString()) {
        if (const auto uuid = PointId::fromUuidText(json.text()))
            return *uuid;
    }
    std::string shown;
    if (json.isString())
        shown = json.text();
    else if (json.isNumber() && !json.toI64())
        appendPlain(shown, *json.toDouble());
    else
        appendCanonical(shown, json);
    return tl::unexpected(
        "value " + shown + " is not a valid point ID, valid values are either an unsigned integer or a UUID");
}

class FilterParser {
public:
    FilterParser(std::string label, bool slices)
        : m_label(std::move(label))
        , m_slices(slices)
    {
    }

    tl::expected<Filter, RequestError> filter(const Json& json, const std::string& where)
    {
        Filter result;
        if (!json.isObject())
            return badCondition();
        for (const Json::Member& member : json.members()) {
            std::vector<Filter::Condition>* list = nullptr;
            const Json* conditions = &member.value;
            if (member.key == "must") {
                list = &result.m_must;
            } else if (member.key == "should") {
                list = &result.m_should;
            } else if (member.key == "must_not") {
                list = &result.m_mustNot;
            } else if (member.key == "min_should") {
                list = &result.m_minShould;
                conditions = member.value.find("conditions");
                const Json* count = member.value.find("min_count");
                if (conditions == nullptr || count == nullptr || !count->toU64())
                    return badCondition();
                result.m_minCount = *count->toU64();
                result.m_hasMinShould = true;
            } else {
                return tl::unexpected(RequestError{400,
                    "unknown field `" + member.key
                        + "`, expected one of `should`, `min_should`, `must`, `must_not`"});
            }
            if (conditions->isNull())
                continue;
            auto read = conditionList(*conditions, where + '.' + member.key);
            if (!read)
                return tl::unexpected(read.error());
            *list = std::move(*read);
        }
        return result;
    }

private:
    tl::expected<std::vector<Filter::Condition>, RequestError> conditionList(
        const Json& json, const std::string& where)
    {
        std::vector<Filter::Condition> list;
        // A single condition may stand without the brackets.
        const std::size_t count = json.isArray() ? json.items().size() : 1;
        for (std::size_t i = 0; i < count; ++i) {
            auto read =
                condition(json.isArray() ? json.items()[i] : json, where + '[' + std::to_string(i) + ']');
            if (!read)
                return tl::unexpected(read.error());
            list.push_back(std::move(*read));
        }
        return list;
    }

    tl::expected<Filter::Condition, RequestError> condition(const Json& json, const std::string& where)
    {
        using Kind = Filter::Condition::Kind;
        Filter::Condition result;
        if (const Json* ids = json.find("has_id"); ids != nullptr && ids->isArray()) {
            result.kind = Kind::HasId;
            for (const Json& item : ids->items()) {
                const auto id = readPointId(item);
                if (!id)
                    return badCondition();
                result.ids.push_back(*id);
            }
            std::sort(result.ids.begin(), result.ids.end());
            return result;
        }
        if (const Json* name = json.find("has_vector"); name != nullptr && name->isString()) {
            result.kind = Kind::HasVector;
            result.vector = name->text();
            return result;
        }
        if (const Json* slice = json.find("slice"); slice != nullptr && m_slices) {
            const Json* total = slice->find("total");
            const Json* index = slice->find("index");
            if (total == nullptr || index == nullptr || !total->toU64() || *total->toU64() == 0
                || !index->toU64())
                return badCondition();
            result.kind = Kind::Slice;
            result.sliceTotal = *total->toU64();
            result.sliceIndex = *index->toU64();
            return result;
        }
        if (const Json* nested = json.find("nested"))
            return nestedCondition(*nested, where);
        for (const std::string_view clause : {"must", "should", "must_not", "min_should"}) {
            if (json.find(clause) != nullptr) {
                auto inner = filter(json, where);
                if (!inner)
                    return tl::unexpected(inner.error());
                result.kind = Kind::Filter;
                result.filter = std::make_unique<Filter>(std::move(*inner));
                return result;
            }
        }
        return fieldCondition(json, where);
    }

    tl::expected<Filter::Condition, RequestError> nestedCondition(const Json& json, const std::string& where)
    {
        const Json* key = json.find("key");
        const Json* inner = json.find("filter");
        const auto path = key == nullptr ? std::nullopt : parseJsonPath(key->text());
        if (inner == nullptr || !path)
            return badCondition();
        auto read = filter(*inner, where + ".filter");
        if (!read)
            return tl::unexpected(read.error());
        Filter::Condition result;
        result.kind = Filter::Condition::Kind::Nested;
        result.field.path = *path;
        result.filter = std::make_unique<Filter>(std::move(*read));
        return result;
    }

    tl::expected<Filter::Condition, RequestError> fieldCondition(const Json& json, const std::string& where)
    {
        Filter::Condition result;
        FieldCondition& field = result.field;
        const auto conditionOf = [&json](std::string_view name) {
            const Json* found = json.find(name);
            return found != nullptr && !found->isBool() ? found : nullptr;
        };
        const Json* empty = conditionOf("is_empty");
        const Json* null = conditionOf("is_null");
        const Json* holder = empty != nullptr ? empty : null != nullptr ? null : &json;
        const Json* key = holder->find("key");
        const auto path = key == nullptr ? std::nullopt : parseJsonPath(key->text());
        if (!path)
            return badCondition();
        field.key = key->text();
        field.path = *path;
        field.isEmpty = empty != nullptr;
        field.isNull = empty == nullptr && null != nullptr;
        if (field.isEmpty || field.isNull)
            return result;
        const Json* match = json.get("match");
        const Json* range = json.get("range");
        const Json* count = json.get("values_count");
        const bool geo = json.get("geo_radius") != nullptr || json.get("geo_bounding_box") != nullptr
            || json.get("geo_polygon") != nullptr;
        if (const Json* wanted = json.get("is_empty"))
            field.emptyWanted = wanted->isTrue();
        if (const Json* wanted = json.get("is_null"))
            field.nullWanted = wanted->isTrue();
        if (match == nullptr && range == nullptr && count == nullptr && !geo && !field.emptyWanted
            && !field.nullWanted) {
            return tl::unexpected(RequestError{422,
                '[' + m_label + ".filter" + where
                    + ".__all__: Validation error: At least one field condition must be specified [{}]]"});
        }
        if ((match != nullptr && !readMatch(*match, field)) || (range != nullptr && !readRange(*range, field))
            || !readGeo(json, field))
            return badCondition();
        if (count != nullptr)
            field.valuesCount = rangeOf<double>(*count, [](const Json& bound) { return bound.toDouble(); });
        return result;
    }

    std::string m_label;
    bool m_slices;
};

tl::expected<Filter, RequestError> Filter::parse(const Json& json, const std::string& label, bool slices)
{
    return FilterParser(label, slices).filter(json, {});
}

} // namespace qdrant2pg::demo
