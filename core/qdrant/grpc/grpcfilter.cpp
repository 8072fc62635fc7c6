// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/grpc/grpcfilter.h"

#include "core/qdrant/grpc/exactvalues.h"
#include "core/qdrant/grpc/jsonmembers.h"
#include "core/qdrant/pointid.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include <protozero/pbf_writer.hpp>

namespace qdrant2pg {

namespace {

using protozero::pbf_tag_type;
using protozero::pbf_writer;

/// protobuf stops at 100 messages within each other; a filter within a filter is three of them.
constexpr int deepest = 20;

constexpr std::array<std::string_view, 4> clauses{"should", "must", "must_not", "min_should"};
constexpr std::array<std::string_view, 10> fieldMembers{"key", "match", "range", "geo_bounding_box",
    "geo_radius", "values_count", "geo_polygon", "is_empty", "is_null", "datetime_range"};
/// In the order of their field numbers, in Range, DatetimeRange and ValuesCount.
constexpr std::array<std::string_view, 4> bounds{"lt", "gt", "gte", "lte"};

class FilterWriter {
public:
    bool filter(pbf_writer& message, std::string_view json, int depth);

    QString problem() const { return m_problem; }
    const QVersionNumber& since() const { return m_since; }

private:
    bool refuse(const char* words)
    {
        if (m_problem.isEmpty())
            m_problem = QString::fromLatin1(words);
        return false;
    }
    bool unknown()
    {
        return refuse("The filter holds a condition that is not known to be the same over gRPC.");
    }
    void needs(int minor) { m_since = std::max(m_since, QVersionNumber(1, minor)); }

    bool conditions(pbf_writer& message, pbf_tag_type tag, std::string_view json, int depth);
    bool condition(pbf_writer& message, std::string_view json, int depth);
    bool hasId(pbf_writer& message, std::string_view ids);
    bool nested(pbf_writer& message, std::string_view json, int depth);
    bool field(pbf_writer& message, const JsonMembers& members);
    bool match(pbf_writer& message, std::string_view json);
    bool matchAny(pbf_writer& message, std::string_view json, pbf_tag_type texts, pbf_tag_type integers);
    bool range(pbf_writer& field, std::string_view json);
    bool valuesCount(pbf_writer& message, std::string_view json);
    bool point(pbf_writer& message, pbf_tag_type tag, std::string_view json);
    bool radius(pbf_writer& message, std::string_view json);
    bool box(pbf_writer& message, std::string_view json);
    bool polygon(pbf_writer& message, std::string_view json);
    bool line(pbf_writer& message, pbf_tag_type tag, std::string_view json);
    bool keyOf(pbf_writer& message, pbf_tag_type tag, std::string_view json);

    QString m_problem;
    QVersionNumber m_since{1, 7};
};

bool FilterWriter::filter(pbf_writer& message, std::string_view json, int depth)
{
    JsonMembers members;
    if (depth > deepest)
        return refuse("The filter is nested deeper than gRPC carries.");
    if (!members.read(json) || !members.isSubsetOf(clauses) || (depth > 0 && members.size() == 0))
        return unknown();
    for (const JsonMember& member : members.list()) {
        if (member.key == "min_should") {
            JsonMembers inner;
            const bool read = inner.read(member.value) && inner.size() == 2;
            const std::string_view list = inner.value("conditions");
            const auto count = exactUnsigned(inner.value("min_count"));
            if (!read || !list.starts_with('[') || !count)
                return unknown();
            needs(8);
            pbf_writer minShould(message, 4);
            if (!conditions(minShould, 1, list, depth))
                return false;
            minShould.add_uint64(2, *count);
            continue;
        }
        const pbf_tag_type tag = member.key == "should" ? 1 : member.key == "must" ? 2 : 3;
        if (!conditions(message, tag, member.value, depth))
            return false;
    }
    return true;
}

bool FilterWriter::conditions(pbf_writer& message, pbf_tag_type tag, std::string_view json, int depth)
{
    // A single condition may stand without the brackets.
    const std::vector<std::string_view> list = json.starts_with('[') ? elementsOf(json) : std::vector{json};
    // On the wire an empty list and none are the same.
    if (list.empty())
        return refuse("The filter has an empty list of conditions, which gRPC does not tell from none.");
    for (const std::string_view one : list) {
        pbf_writer inner(message, tag);
        if (!condition(inner, one, depth))
            return false;
    }
    return true;
}

bool FilterWriter::condition(pbf_writer& message, std::string_view json, int depth)
{
    JsonMembers members;
    if (!members.read(json) || members.size() == 0)
        return unknown();
    if (!members.value("key").empty()) {
        pbf_writer condition(message, 1);
        return field(condition, members);
    }
    if (members.isSubsetOf(clauses)) {
        pbf_writer inner(message, 4);
        return filter(inner, json, depth + 1);
    }
    if (members.size() != 1)
        return unknown();
    const auto& [key, value] = members.list().front();
    if (key == "is_empty" || key == "is_null") {
        pbf_writer inner(message, key == "is_empty" ? 2 : 5);
        JsonMembers holder;
        return holder.read(value) && holder.size() == 1 ? keyOf(inner, 1, holder.value("key")) : unknown();
    }
    if (key == "has_id")
        return hasId(message, value);
    if (key == "nested")
        return nested(message, value, depth);
    if (key == "has_vector") {
        const auto name = textOf(value);
        if (!name)
            return unknown();
        needs(13);
        pbf_writer inner(message, 7);
        inner.add_string(1, *name);
        return true;
    }
    if (key == "slice")
        return refuse("The filter has a slice condition, which gRPC does not have.");
    return unknown();
}

bool FilterWriter::keyOf(pbf_writer& message, pbf_tag_type tag, std::string_view json)
{
    const auto key = textOf(json);
    if (!key)
        return unknown();
    message.add_string(tag, *key);
    return true;
}

bool FilterWriter::hasId(pbf_writer& message, std::string_view ids)
{
    if (!ids.starts_with('['))
        return unknown();
    const auto list = elementsOf(ids);
    // The writer takes back a message without a field, which would leave no condition.
    if (list.empty()) {
        message.add_message(3, std::string());
        return true;
    }
    pbf_writer condition(message, 3);
    for (const std::string_view token : list) {
        pbf_writer id(condition, 1);
        if (const auto number = exactUnsigned(token)) {
            id.add_uint64(1, *number);
            continue;
        }
        const auto text = textOf(token);
        const auto uuid = text ? PointId::parse(*text) : std::nullopt;
        if (!uuid || !uuid->isUuid())
            return unknown();
        id.add_string(2, uuid->toStdString());
    }
    return true;
}

bool FilterWriter::nested(pbf_writer& message, std::string_view json, int depth)
{
    JsonMembers members;
    if (!members.read(json) || members.size() != 2 || members.value("filter").empty())
        return unknown();
    pbf_writer condition(message, 6);
    if (!keyOf(condition, 1, members.value("key")))
        return false;
    pbf_writer inner(condition, 2);
    return filter(inner, members.value("filter"), depth + 1);
}

bool FilterWriter::field(pbf_writer& message, const JsonMembers& members)
{
    if (!members.isSubsetOf(fieldMembers) || members.size() < 2)
        return unknown();
    if (!keyOf(message, 1, members.value("key")))
        return false;
    for (const auto& [name, value] : members.list()) {
        bool written = true;
        if (name == "match")
            written = match(message, value);
        else if (name == "range")
            written = range(message, value);
        else if (name == "geo_bounding_box")
            written = box(message, value);
        else if (name == "geo_radius")
            written = radius(message, value);
        else if (name == "geo_polygon")
            written = polygon(message, value);
        else if (name == "values_count")
            written = valuesCount(message, value);
        else if (name == "is_empty" || name == "is_null") {
            if (value != "true" && value != "false")
                return unknown();
            needs(16);
            message.add_bool(name == "is_empty" ? 9 : 10, value == "true");
        } else if (name != "key") {
            // datetime_range is a name of the wire; JSON has moments in `range`.
            return unknown();
        }
        if (!written)
            return false;
    }
    return true;
}

bool FilterWriter::match(pbf_writer& message, std::string_view json)
{
    JsonMembers members;
    if (!members.read(json) || members.size() != 1)
        return unknown();
    const auto& [kind, value] = members.list().front();
    pbf_writer inner(message, 2);
    if (kind == "any")
        return matchAny(inner, value, 5, 6);
    if (kind == "except")
        return matchAny(inner, value, 8, 7);
    const auto text = textOf(value);
    if (kind == "value") {
        if (text)
            inner.add_string(1, *text);
        else if (value == "true" || value == "false")
            inner.add_bool(3, value == "true");
        else if (const auto integer = exactInteger(value))
            inner.add_int64(2, *integer);
        else
            return refuse("The filter compares with a number that is no integer of 64 bits.");
        return true;
    }
    if (!text)
        return unknown();
    if (kind == "text") {
        inner.add_string(4, *text);
    } else if (kind == "phrase") {
        needs(15);
        inner.add_string(9, *text);
    } else if (kind == "text_any") {
        needs(16);
        inner.add_string(10, *text);
    } else {
        return unknown();
    }
    return true;
}

bool FilterWriter::matchAny(
    pbf_writer& message, std::string_view json, pbf_tag_type texts, pbf_tag_type integers)
{
    if (!json.starts_with('['))
        return unknown();
    const auto list = elementsOf(json);
    if (list.empty()) {
        message.add_message(texts, std::string());
        return true;
    }
    if (list.front().starts_with('"')) {
        pbf_writer strings(message, texts);
        for (const std::string_view token : list) {
            const auto text = textOf(token);
            if (!text)
                return unknown();
            strings.add_string(1, *text);
        }
        return true;
    }
    std::vector<std::int64_t> numbers;
    for (const std::string_view token : list) {
        const auto integer = exactInteger(token);
        if (!integer)
            return refuse("The filter compares with a number that is no integer of 64 bits.");
        numbers.push_back(*integer);
    }
    pbf_writer repeated(message, integers);
    repeated.add_packed_int64(1, numbers.begin(), numbers.end());
    return true;
}

bool FilterWriter::range(pbf_writer& field, std::string_view json)
{
    JsonMembers members;
    if (!members.read(json) || members.size() == 0 || !members.isSubsetOf(bounds))
        return unknown();
    const bool moments = members.list().front().value.starts_with('"');
    if (moments)
        needs(8);
    pbf_writer range(field, moments ? 8 : 3);
    for (std::size_t k = 0; k < bounds.size(); ++k) {
        const auto tag = static_cast<pbf_tag_type>(k + 1);
        const std::string_view token = members.value(bounds[k]);
        if (token.empty())
            continue;
        if (!moments) {
            const auto number = exactDouble(token);
            if (!number)
                return refuse("The filter has a limit with more digits than are sure to survive gRPC.");
            range.add_double(tag, *number);
            continue;
        }
        const auto text = textOf(token);
        const auto moment = text ? exactTimestamp(*text) : std::nullopt;
        if (!moment)
            return refuse("The filter has a moment in a spelling that only Qdrant itself should read.");
        pbf_writer timestamp(range, tag);
        timestamp.add_int64(1, moment->seconds);
        timestamp.add_int32(2, moment->nanos);
    }
    return true;
}

bool FilterWriter::valuesCount(pbf_writer& message, std::string_view json)
{
    JsonMembers members;
    if (!members.read(json) || members.size() == 0 || !members.isSubsetOf(bounds))
        return unknown();
    pbf_writer count(message, 6);
    for (std::size_t k = 0; k < bounds.size(); ++k) {
        const std::string_view token = members.value(bounds[k]);
        if (token.empty())
            continue;
        const auto number = exactUnsigned(token);
        if (!number)
            return unknown();
        count.add_uint64(static_cast<pbf_tag_type>(k + 1), *number);
    }
    return true;
}

bool FilterWriter::point(pbf_writer& message, pbf_tag_type tag, std::string_view json)
{
    JsonMembers members;
    if (!members.read(json) || members.size() != 2)
        return unknown();
    const auto lon = exactDouble(members.value("lon"));
    const auto lat = exactDouble(members.value("lat"));
    if (!lon || !lat)
        return refuse("The filter has a place with more digits than are sure to survive gRPC.");
    if (std::fabs(*lon) > 180 || std::fabs(*lat) > 90)
        return unknown();
    pbf_writer place(message, tag);
    place.add_double(1, *lon);
    place.add_double(2, *lat);
    return true;
}

bool FilterWriter::radius(pbf_writer& message, std::string_view json)
{
    JsonMembers members;
    if (!members.read(json) || members.size() != 2)
        return unknown();
    pbf_writer inner(message, 5);
    if (!point(inner, 1, members.value("center")))
        return false;
    const auto meters = exactDouble(members.value("radius"));
    if (!meters || *meters < 0)
        return unknown();
    const auto narrow = static_cast<float>(*meters);
    if (static_cast<double>(narrow) != *meters)
        return refuse("The filter has a radius that gRPC would round.");
    inner.add_float(2, narrow);
    return true;
}

bool FilterWriter::box(pbf_writer& message, std::string_view json)
{
    JsonMembers members;
    if (!members.read(json) || members.size() != 2)
        return unknown();
    pbf_writer inner(message, 4);
    return point(inner, 1, members.value("top_left")) && point(inner, 2, members.value("bottom_right"));
}

bool FilterWriter::polygon(pbf_writer& message, std::string_view json)
{
    constexpr std::array<std::string_view, 2> parts{"exterior", "interiors"};
    JsonMembers members;
    if (!members.read(json) || !members.isSubsetOf(parts) || members.value("exterior").empty())
        return unknown();
    pbf_writer inner(message, 7);
    if (!line(inner, 1, members.value("exterior")))
        return false;
    const auto interiors = elementsOf(members.value("interiors"));
    return std::ranges::all_of(
        interiors, [&](std::string_view interior) { return line(inner, 2, interior); });
}

bool FilterWriter::line(pbf_writer& message, pbf_tag_type tag, std::string_view json)
{
    JsonMembers members;
    if (!members.read(json) || members.size() != 1)
        return unknown();
    const auto points = elementsOf(members.value("points"));
    if (points.empty())
        return unknown();
    pbf_writer inner(message, tag);
    return std::ranges::all_of(points, [&](std::string_view place) { return point(inner, 1, place); });
}

} // namespace

Result<GrpcFilter> grpcFilter(std::string_view json)
{
    // The tools for JSON text take sound text alone.
    const bool sound =
        QJsonDocument::fromJson(QByteArray(json.data(), static_cast<qsizetype>(json.size()))).isObject();
    GrpcFilter result;
    FilterWriter writer;
    pbf_writer message(result.message);
    if (!sound || !writer.filter(message, json, 0)) {
        const QString words =
            writer.problem().isEmpty() ? QStringLiteral("The filter is no JSON object.") : writer.problem();
        return fail(ErrorKind::Unsupported, words);
    }
    result.since = writer.since();
    return result;
}

} // namespace qdrant2pg
