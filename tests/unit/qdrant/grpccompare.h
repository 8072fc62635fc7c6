// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <algorithm>
#include <bit>
#include <string>
#include <utility>
#include <vector>

#include "core/common/jsontext.h"
#include "core/qdrant/pointpage.h"

namespace qdrant2pg::test {

/// The same JSON with the members of objects in order, strings in one spelling, numbers as they are.
inline std::string orderedJson(std::string_view json)
{
    if (json.starts_with('{')) {
        std::vector<std::pair<std::string, std::string>> members;
        jsontext::forEachMember(json, [&members](std::string_view key, std::string_view value) {
            members.emplace_back(
                jsontext::quoted(jsontext::unescape(key).value_or(std::string(key))), orderedJson(value));
            return true;
        });
        std::sort(members.begin(), members.end());
        std::string text = "{";
        for (const auto& [key, value] : members)
            text += (text.size() > 1 ? "," : "") + key + ':' + value;
        return text + '}';
    }
    if (json.starts_with('[')) {
        std::string text = "[";
        jsontext::forEachElement(json, [&text](std::string_view value) {
            text += (text.size() > 1 ? "," : "") + orderedJson(value);
            return true;
        });
        return text + ']';
    }
    if (json.starts_with('"'))
        return jsontext::quoted(jsontext::unescape(json.substr(1, json.size() - 2)).value_or("?"));
    return std::string(json);
}

/// What differs between two points but for the text of the record; empty when nothing does. Payloads are
/// compared by content, number tokens by their letters; vectors by their bits.
inline std::string pointDifference(
    const PointPage& leftPage, const PointView& left, const PointPage& rightPage, const PointView& right)
{
    if (left.id != right.id)
        return "id " + left.id.toJson() + " and " + right.id.toJson();
    const std::string of = " of point " + left.id.toJson();
    if (left.inexact || right.inexact)
        return "an inexact payload" + of;
    if (orderedJson(left.payload) != orderedJson(right.payload))
        return "payload" + of + ": " + orderedJson(left.payload) + " and " + orderedJson(right.payload);
    if (left.shardKey != right.shardKey)
        return "shard key" + of;
    if (left.vectorCount != right.vectorCount)
        return "number of vectors" + of;
    for (const VectorView& vector : leftPage.vectorsOf(left)) {
        const VectorView* const other = rightPage.vectorOf(right, vector.name);
        const std::string name = "vector '" + std::string(vector.name) + '\'' + of;
        if (!other || other->kind != vector.kind || other->rows != vector.rows
            || other->hasNonFinite != vector.hasNonFinite)
            return "kind of " + name;
        if (!std::ranges::equal(vector.indices, other->indices))
            return "indices of " + name;
        const auto sameBits = [](float a, float b) {
            return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) || (a != a && b != b);
        };
        if (!std::ranges::equal(vector.values, other->values, sameBits))
            return "elements of " + name;
    }
    return {};
}

/// The same of two pages, in order, with the id that comes next.
inline std::string pageDifference(const PointPage& left, const PointPage& right)
{
    if (left.points().size() != right.points().size())
        return std::to_string(left.points().size()) + " and " + std::to_string(right.points().size())
            + " points";
    for (std::size_t k = 0; k < left.points().size(); ++k) {
        if (auto words = pointDifference(left, left.points()[k], right, right.points()[k]); !words.empty())
            return words;
    }
    return left.nextOffset() == right.nextOffset() ? std::string() : std::string("the id that comes next");
}

} // namespace qdrant2pg::test
