// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/grpc/wirefilter.h"

#include "demo/base/json.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace qdrant2pg::demo {

namespace {

using protozero::pbf_reader;

/// The text of an object or a list that grows.
class Text {
public:
    explicit Text(char open, char close)
        : m_open(open)
        , m_close(close)
    {
    }
    void item(const std::string& json)
    {
        m_text += (m_text.empty() ? m_open : ',');
        m_text += json;
    }
    void member(std::string_view key, const std::string& json) { item(jsonString(key) + ':' + json); }
    [[nodiscard]] bool empty() const { return m_text.empty(); }
    [[nodiscard]] std::string done() const
    {
        return m_text.empty() ? std::string{m_open, m_close} : m_text + m_close;
    }

private:
    char m_open;
    char m_close;
    std::string m_text;
};

Text object()
{
    return Text('{', '}');
}

Text list()
{
    return Text('[', ']');
}

std::string number(double value)
{
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    return {buffer.data(), end};
}

const char* boolean(bool value)
{
    return value ? "true" : "false";
}

constexpr std::array<std::string_view, 5> bounds{"", "lt", "gt", "gte", "lte"};

std::string range(pbf_reader message)
{
    Text text = object();
    while (message.next()) {
        // Reading a value forgets its tag.
        if (const auto tag = message.tag(); tag < bounds.size())
            text.member(bounds[tag], number(message.get_double()));
        else
            message.skip();
    }
    return text.done();
}

std::string count(pbf_reader message)
{
    Text text = object();
    while (message.next()) {
        if (const auto tag = message.tag(); tag < bounds.size())
            text.member(bounds[tag], std::to_string(message.get_uint64()));
        else
            message.skip();
    }
    return text.done();
}

std::string moment(pbf_reader message)
{
    std::int64_t seconds = 0;
    std::int32_t nanos = 0;
    while (message.next()) {
        if (message.tag() == 1)
            seconds = message.get_int64();
        else if (message.tag() == 2)
            nanos = message.get_int32();
        else
            message.skip();
    }
    using namespace std::chrono;
    const sys_seconds time{std::chrono::seconds(seconds)};
    const sys_days midnight = floor<days>(time);
    const year_month_day date(midnight);
    const hh_mm_ss clock(time - midnight);
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%09dZ",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), nanos);
    return jsonString(buffer.data());
}

std::string moments(pbf_reader message)
{
    Text text = object();
    while (message.next()) {
        if (const auto tag = message.tag(); tag < bounds.size())
            text.member(bounds[tag], moment(message.get_message()));
        else
            message.skip();
    }
    return text.done();
}

std::string place(pbf_reader message)
{
    double lon = 0;
    double lat = 0;
    while (message.next()) {
        if (message.tag() == 1)
            lon = message.get_double();
        else if (message.tag() == 2)
            lat = message.get_double();
        else
            message.skip();
    }
    return "{\"lon\":" + number(lon) + ",\"lat\":" + number(lat) + '}';
}

std::string box(pbf_reader message)
{
    Text text = object();
    while (message.next()) {
        if (const auto tag = message.tag(); tag == 1 || tag == 2)
            text.member(tag == 1 ? "top_left" : "bottom_right", place(message.get_message()));
        else
            message.skip();
    }
    return text.done();
}

std::string radius(pbf_reader message)
{
    Text text = object();
    while (message.next()) {
        if (message.tag() == 1)
            text.member("center", place(message.get_message()));
        else if (message.tag() == 2)
            text.member("radius", number(static_cast<double>(message.get_float())));
        else
            message.skip();
    }
    return text.done();
}

std::string line(pbf_reader message)
{
    Text points = list();
    while (message.next(1))
        points.item(place(message.get_message()));
    return "{\"points\":" + points.done() + '}';
}

std::string polygon(pbf_reader message)
{
    Text text = object();
    Text interiors = list();
    while (message.next()) {
        if (message.tag() == 1)
            text.member("exterior", line(message.get_message()));
        else if (message.tag() == 2)
            interiors.item(line(message.get_message()));
        else
            message.skip();
    }
    if (!interiors.empty())
        text.member("interiors", interiors.done());
    return text.done();
}

std::string strings(pbf_reader message)
{
    Text text = list();
    while (message.next(1))
        text.item(jsonString(message.get_string()));
    return text.done();
}

std::string integers(pbf_reader message)
{
    Text text = list();
    while (message.next(1)) {
        if (message.wire_type() == protozero::pbf_wire_type::length_delimited) {
            for (const std::int64_t value : message.get_packed_int64())
                text.item(std::to_string(value));
        } else {
            text.item(std::to_string(message.get_int64()));
        }
    }
    return text.done();
}

std::string match(pbf_reader message, const ServerVersion& version)
{
    Text text = object();
    while (message.next()) {
        switch (message.tag()) {
        case 1:
            text.member("value", jsonString(message.get_string()));
            break;
        case 2:
            text.member("value", std::to_string(message.get_int64()));
            break;
        case 3:
            text.member("value", boolean(message.get_bool()));
            break;
        case 4:
            text.member("text", jsonString(message.get_string()));
            break;
        case 5:
            text.member("any", strings(message.get_message()));
            break;
        case 6:
            text.member("any", integers(message.get_message()));
            break;
        case 7:
            text.member("except", integers(message.get_message()));
            break;
        case 8:
            text.member("except", strings(message.get_message()));
            break;
        case 9:
            if (version.atLeast(15))
                text.member("phrase", jsonString(message.get_string()));
            else
                message.skip();
            break;
        case 10:
            if (version.atLeast(16))
                text.member("text_any", jsonString(message.get_string()));
            else
                message.skip();
            break;
        default:
            message.skip();
        }
    }
    return text.done();
}

std::string field(pbf_reader message, const ServerVersion& version)
{
    Text text = object();
    while (message.next()) {
        const bool known = message.tag() < 8 || (message.tag() == 8 && version.atLeast(8))
            || (message.tag() < 11 && version.atLeast(15));
        switch (known ? message.tag() : 0) {
        case 1:
            text.member("key", jsonString(message.get_string()));
            break;
        case 2:
            text.member("match", match(message.get_message(), version));
            break;
        case 3:
            text.member("range", range(message.get_message()));
            break;
        case 4:
            text.member("geo_bounding_box", box(message.get_message()));
            break;
        case 5:
            text.member("geo_radius", radius(message.get_message()));
            break;
        case 6:
            text.member("values_count", count(message.get_message()));
            break;
        case 7:
            text.member("geo_polygon", polygon(message.get_message()));
            break;
        case 8:
            text.member("range", moments(message.get_message()));
            break;
        case 9:
            text.member("is_empty", boolean(message.get_bool()));
            break;
        case 10:
            text.member("is_null", boolean(message.get_bool()));
            break;
        default:
            message.skip();
        }
    }
    return text.done();
}

std::string keyed(pbf_reader message)
{
    std::string key;
    while (message.next(1))
        key = message.get_string();
    return "{\"key\":" + jsonString(key) + '}';
}

std::string ids(pbf_reader message)
{
    Text text = list();
    while (message.next(1)) {
        pbf_reader id = message.get_message();
        while (id.next()) {
            if (id.tag() == 1)
                text.item(std::to_string(id.get_uint64()));
            else if (id.tag() == 2)
                text.item(jsonString(id.get_string()));
            else
                id.skip();
        }
    }
    return text.done();
}

std::string nested(pbf_reader message, const ServerVersion& version)
{
    Text text = object();
    while (message.next()) {
        if (message.tag() == 1)
            text.member("key", jsonString(message.get_string()));
        else if (message.tag() == 2)
            text.member("filter", filterJson(message.get_message(), version));
        else
            message.skip();
    }
    return text.done();
}

/// Empty when nothing in it is known.
std::string condition(pbf_reader message, const ServerVersion& version)
{
    std::string json;
    while (message.next()) {
        switch (message.tag()) {
        case 1:
            json = field(message.get_message(), version);
            break;
        case 2:
            json = "{\"is_empty\":" + keyed(message.get_message()) + '}';
            break;
        case 3:
            json = "{\"has_id\":" + ids(message.get_message()) + '}';
            break;
        case 4:
            json = filterJson(message.get_message(), version);
            break;
        case 5:
            json = "{\"is_null\":" + keyed(message.get_message()) + '}';
            break;
        case 6:
            json = "{\"nested\":" + nested(message.get_message(), version) + '}';
            break;
        case 7: {
            pbf_reader vector = message.get_message();
            while (vector.next(1)) {
                const std::string name = vector.get_string();
                if (version.atLeast(13))
                    json = "{\"has_vector\":" + jsonString(name) + '}';
            }
            break;
        }
        default:
            message.skip();
        }
    }
    return json;
}

void addCondition(Text& conditions, pbf_reader message, const ServerVersion& version)
{
    const std::string json = condition(message, version);
    if (!json.empty())
        conditions.item(json);
}

} // namespace

std::string filterJson(pbf_reader message, const ServerVersion& version)
{
    std::array<Text, 4> lists{list(), list(), list(), list()};
    std::uint64_t minCount = 0;
    bool hasMinShould = false;
    while (message.next()) {
        if (const auto tag = message.tag(); tag <= 3) {
            addCondition(lists[tag - 1], message.get_message(), version);
        } else if (tag == 4 && version.atLeast(8)) {
            hasMinShould = true;
            pbf_reader minShould = message.get_message();
            while (minShould.next()) {
                if (minShould.tag() == 1)
                    addCondition(lists[3], minShould.get_message(), version);
                else if (minShould.tag() == 2)
                    minCount = minShould.get_uint64();
                else
                    minShould.skip();
            }
        } else {
            message.skip();
        }
    }
    Text text = object();
    for (std::size_t k = 0; k < 3; ++k) {
        static constexpr std::array<std::string_view, 3> names{"should", "must", "must_not"};
        if (!lists[k].empty())
            text.member(names[k], lists[k].done());
    }
    if (hasMinShould)
        text.member("min_should",
            "{\"conditions\":" + lists[3].done() + ",\"min_count\":" + std::to_string(minCount) + '}');
    return text.done();
}

} // namespace qdrant2pg::demo
