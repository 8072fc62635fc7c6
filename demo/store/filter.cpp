// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/store/filter.h"

#include "demo/base/datetime.h"
#include "demo/base/numbers.h"
#include "demo/store/filtercondition.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace qdrant2pg::demo {

namespace {

constexpr double earthRadius = 6371008.8;
constexpr double degree = 3.14159265358979323846 / 180;

std::optional<GeoPoint> geoPointOf(const Json& value)
{
    const Json* lon = value.find("lon");
    const Json* lat = value.find("lat");
    if (lon == nullptr || lat == nullptr || !lon->isNumber() || !lat->isNumber())
        return std::nullopt;
    const GeoPoint point{*lon->toDouble(), *lat->toDouble()};
    if (std::fabs(point.lon) > 180 || std::fabs(point.lat) > 90)
        return std::nullopt;
    return point;
}

double haversine(const GeoPoint& a, const GeoPoint& b)
{
    const double dLat = (b.lat - a.lat) * degree;
    const double dLon = (b.lon - a.lon) * degree;
    const double h = std::pow(std::sin(dLat / 2), 2)
        + std::cos(a.lat * degree) * std::cos(b.lat * degree) * std::pow(std::sin(dLon / 2), 2);
    return 2 * earthRadius * std::asin(std::min(1.0, std::sqrt(h)));
}

bool inBox(const GeoBox& box, const GeoPoint& point)
{
    // A box around the whole globe has no width for the recorded server and matches nothing.
    if (box.topLeft.lon <= -180 && box.bottomRight.lon >= 180)
        return false;
    const bool lonInside = box.topLeft.lon <= box.bottomRight.lon
        ? point.lon > box.topLeft.lon && point.lon < box.bottomRight.lon
        : point.lon > box.topLeft.lon || point.lon < box.bottomRight.lon;
    return lonInside && point.lat < box.topLeft.lat && point.lat > box.bottomRight.lat;
}

/// Even-odd: a line to the east crosses an odd number of edges.
bool inRing(const std::vector<GeoPoint>& ring, const GeoPoint& point)
{
    bool inside = false;
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        const GeoPoint& a = ring[i];
        const GeoPoint& b = ring[j];
        if ((a.lat > point.lat) != (b.lat > point.lat)
            && point.lon < (b.lon - a.lon) * (point.lat - a.lat) / (b.lat - a.lat) + a.lon)
            inside = !inside;
    }
    return inside;
}

bool inPolygon(const GeoPolygon& polygon, const GeoPoint& point)
{
    return inRing(polygon.exterior, point)
        && std::none_of(polygon.interiors.begin(), polygon.interiors.end(),
            [&point](const std::vector<GeoPoint>& ring) { return inRing(ring, point); });
}

template <class T> bool inRange(const Range<T>& range, T value)
{
    return (!range.gt || value > *range.gt) && (!range.gte || value >= *range.gte)
        && (!range.lt || value < *range.lt) && (!range.lte || value <= *range.lte);
}

/// Whether a stored value equals a value of a match condition, given the index on the key.
bool sameValue(const Json& stored, const MatchValue& wanted, const PayloadIndex* index)
{
    if (wanted.kind == Json::Kind::String) {
        if (!stored.isString())
            return false;
        const std::string text = stored.text();
        if (text == wanted.text)
            return true;
        if (index != nullptr && index->dataType == "uuid") {
            const auto a = PointId::fromUuidText(text);
            return a && a == PointId::fromUuidText(wanted.text);
        }
        return false;
    }
    if (wanted.kind == Json::Kind::Bool)
        return stored.isBool() && stored.isTrue() == wanted.boolean;
    if (!stored.isNumber())
        return false;
    return indexedInteger(stored) == wanted.integer;
}

std::vector<std::string> words(std::string_view text)
{
    std::vector<std::string> out;
    std::string word;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0) {
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        } else if (!word.empty()) {
            out.push_back(std::move(word));
            word.clear();
        }
    }
    if (!word.empty())
        out.push_back(std::move(word));
    return out;
}

/// Of phrases and of any word nothing is recorded.
bool textMatches(const Json& stored, const FieldCondition& field, const PayloadIndex* index)
{
    if (!stored.isString())
        return false;
    const bool anyWord = field.matchKind == FieldCondition::Match::TextAny;
    if (!anyWord && (index == nullptr || index->dataType != "text"))
        return stored.text().find(field.text) != std::string::npos;
    const auto have = words(stored.text());
    const auto want = words(field.text);
    if (field.matchKind == FieldCondition::Match::Phrase)
        return std::search(have.begin(), have.end(), want.begin(), want.end()) != have.end();
    const auto isThere = [&have](const std::string& word) {
        return std::find(have.begin(), have.end(), word) != have.end();
    };
    return anyWord ? std::any_of(want.begin(), want.end(), isThere)
                   : std::all_of(want.begin(), want.end(), isThere);
}

bool fieldHolds(const FieldCondition& field, const CollectionState& state, const Json& payload)
{
    std::vector<const Json*> values;
    collectValues(payload, field.path, values);
    const auto isEmpty = [&values] {
        return std::all_of(values.begin(), values.end(), [](const Json* value) {
            return value->isNull() || (value->isArray() && value->items().empty());
        });
    };
    const auto isNull = [&values] {
        return std::any_of(values.begin(), values.end(), [](const Json* value) {
            return value->isNull()
                || std::any_of(value->items().begin(), value->items().end(),
                    [](const Json& item) { return item.isNull(); });
        });
    };
    if (field.isEmpty)
        return isEmpty();
    if (field.isNull)
        return isNull();
    if ((field.emptyWanted && isEmpty() != *field.emptyWanted)
        || (field.nullWanted && isNull() != *field.nullWanted))
        return false;
    if (field.valuesCount) {
        return std::any_of(values.begin(), values.end(), [&field](const Json* value) {
            const double count = value->isNull() ? 0
                : value->isArray()               ? static_cast<double>(value->items().size())
                                                 : 1;
            return inRange(*field.valuesCount, count);
        });
    }
    const PayloadIndex* index = state.index(field.path);
    const auto leaves = leafValues(payload, field.path);
    const auto anyLeaf = [&leaves](const auto& test) {
        return std::any_of(leaves.begin(), leaves.end(), [&test](const Json* leaf) { return test(*leaf); });
    };
    const auto isWanted = [&](const Json& leaf) {
        return std::any_of(field.match.begin(), field.match.end(),
            [&](const MatchValue& wanted) { return sameValue(leaf, wanted, index); });
    };
    bool holds = true;
    if (field.matchKind == FieldCondition::Match::Any)
        holds = anyLeaf(isWanted);
    else if (field.matchKind == FieldCondition::Match::Except)
        holds = anyLeaf([&](const Json& leaf) { return !isWanted(leaf); });
    else if (field.matchKind != FieldCondition::Match::None)
        holds = anyLeaf([&](const Json& leaf) { return textMatches(leaf, field, index); });
    if (holds && field.range) {
        const bool integers = index != nullptr && index->dataType == "integer";
        holds = anyLeaf([&](const Json& leaf) {
            if (!leaf.isNumber() || (integers && !indexedInteger(leaf)))
                return false;
            return inRange(*field.range, *leaf.toDouble());
        });
    }
    if (holds && field.datetimes) {
        holds = anyLeaf([&](const Json& leaf) {
            const auto moment = leaf.isString() ? parseDatetime(leaf.text()) : std::nullopt;
            return moment && inRange(*field.datetimes, *moment);
        });
    }
    const auto anyPlace = [&](const auto& test) {
        return anyLeaf([&](const Json& leaf) {
            const auto place = geoPointOf(leaf);
            return place && test(*place);
        });
    };
    if (holds && field.radius)
        holds = anyPlace([&](const GeoPoint& place) {
            return haversine(field.radius->center, place) < field.radius->meters;
        });
    if (holds && field.box)
        holds = anyPlace([&](const GeoPoint& place) { return inBox(*field.box, place); });
    if (holds && field.polygon)
        holds = anyPlace([&](const GeoPoint& place) { return inPolygon(*field.polygon, place); });
    return holds;
}

std::uint64_t rotated(std::uint64_t value, unsigned bits)
{
    return value << bits | value >> (64U - bits);
}

std::uint64_t fromLittleEndian(const unsigned char* bytes, std::size_t count)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
    return value;
}

/// SipHash-2-4 with a zero key.
std::uint64_t sipHash(const unsigned char* bytes, std::size_t length)
{
    std::array<std::uint64_t, 4> v{
        0x736f6d6570736575U, 0x646f72616e646f6dU, 0x6c7967656e657261U, 0x7465646279746573U};
    const auto round = [&v] {
        v[0] += v[1];
        v[1] = rotated(v[1], 13) ^ v[0];
        v[0] = rotated(v[0], 32);
        v[2] += v[3];
        v[3] = rotated(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = rotated(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = rotated(v[1], 17) ^ v[2];
        v[2] = rotated(v[2], 32);
    };
    const auto absorb = [&](std::uint64_t block) {
        v[3] ^= block;
        round();
        round();
        v[0] ^= block;
    };
    std::size_t at = 0;
    for (; at + 8 <= length; at += 8)
        absorb(fromLittleEndian(bytes + at, 8));
    absorb(fromLittleEndian(bytes + at, length - at) | static_cast<std::uint64_t>(length) << 56U);
    v[2] ^= 0xffU;
    for (int i = 0; i < 4; ++i)
        round();
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

} // namespace

Filter::Filter() = default;
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;
Filter::~Filter() = default;

std::optional<std::int64_t> indexedInteger(const Json& value)
{
    if (const auto integer = value.toI64())
        return integer;
    const auto number = value.isInteger() ? std::nullopt : value.toDouble();
    if (!number || *number != std::trunc(*number) || std::fabs(*number) >= 9.2233720368547758e18)
        return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

std::uint64_t sliceHash(const PointId& id)
{
    std::array<unsigned char, 16> bytes{};
    if (!id.isUuid) {
        for (std::size_t i = 0; i < 8; ++i)
            bytes[i] = static_cast<unsigned char>(id.low >> (8 * i));
        return sipHash(bytes.data(), 8);
    }
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[i] = static_cast<unsigned char>(id.high >> (56 - 8 * i));
        bytes[8 + i] = static_cast<unsigned char>(id.low >> (56 - 8 * i));
    }
    return sipHash(bytes.data(), 16);
}

bool Filter::conditionHolds(
    const Condition& condition, const CollectionState& state, const StoredPoint& point, const Json* payload)
{
    switch (condition.kind) {
    case Condition::Kind::HasId:
        return std::binary_search(condition.ids.begin(), condition.ids.end(), point.id);
    case Condition::Kind::HasVector:
        return state.reader(point).hasVector(condition.vector);
    case Condition::Kind::Slice:
        return sliceHash(point.id) % condition.sliceTotal == condition.sliceIndex;
    case Condition::Kind::Filter:
        return condition.filter->holds(state, point, payload);
    case Condition::Kind::Nested: {
        const auto elements = leafValues(*payload, condition.field.path);
        return std::any_of(elements.begin(), elements.end(), [&](const Json* element) {
            return element->isObject() && condition.filter->holds(state, point, element);
        });
    }
    case Condition::Kind::Field:
        return fieldHolds(condition.field, state, *payload);
    }
    return false;
}

bool Filter::holds(const CollectionState& state, const StoredPoint& point, const Json* payload) const
{
    const auto test = [&](const Condition& condition) {
        return conditionHolds(condition, state, point, payload);
    };
    if (!std::all_of(m_must.begin(), m_must.end(), test)
        || std::any_of(m_mustNot.begin(), m_mustNot.end(), test))
        return false;
    if (!m_should.empty() && std::none_of(m_should.begin(), m_should.end(), test))
        return false;
    return !m_hasMinShould
        || static_cast<std::uint64_t>(std::count_if(m_minShould.begin(), m_minShould.end(), test))
        >= m_minCount;
}

bool Filter::needsPayload() const
{
    bool needed = false;
    for (const auto* list : {&m_must, &m_should, &m_mustNot, &m_minShould}) {
        for (const Condition& condition : *list) {
            needed = needed || condition.kind == Condition::Kind::Field
                || condition.kind == Condition::Kind::Nested
                || (condition.filter && condition.filter->needsPayload());
        }
    }
    return needed;
}

bool Filter::matches(const CollectionState& state, const StoredPoint& point, std::string& scratch) const
{
    if (!needsPayload())
        return holds(state, point, nullptr);
    scratch.clear();
    state.reader(point).appendPayload(scratch);
    const auto payload = Json::parse(scratch);
    return payload && holds(state, point, &*payload);
}

std::size_t Filter::conditionCount() const
{
    std::size_t count = 0;
    for (const auto* list : {&m_must, &m_should, &m_mustNot, &m_minShould}) {
        for (const Condition& condition : *list)
            count += condition.filter ? condition.filter->conditionCount() : 1;
    }
    return count;
}

std::size_t Filter::largestCondition() const
{
    std::size_t largest = 0;
    for (const auto* list : {&m_must, &m_should, &m_mustNot, &m_minShould}) {
        for (const Condition& condition : *list) {
            largest = std::max({largest, condition.ids.size(), condition.field.match.size(),
                condition.filter ? condition.filter->largestCondition() : 0});
        }
    }
    return largest;
}

std::optional<Filter::Unindexed> Filter::firstUnindexed(const CollectionState& state) const
{
    for (const auto* list : {&m_must, &m_should, &m_mustNot, &m_minShould}) {
        for (const Condition& condition : *list) {
            if (condition.filter) {
                if (auto found = condition.filter->firstUnindexed(state))
                    return found;
            } else if (condition.kind == Condition::Kind::Field
                && state.index(condition.field.path) == nullptr) {
                return Unindexed{condition.field.key, condition.field.indexTypes()};
            }
        }
    }
    return std::nullopt;
}

} // namespace qdrant2pg::demo
