// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "tests/demo/answercompare.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <vector>

namespace qdrant2pg::demo {

namespace {

std::string shown(const Json& value)
{
    return std::string(value.raw().substr(0, 120));
}

bool isIgnored(const std::string& key)
{
    static const std::set<std::string, std::less<>> keys{"time", "peer_id", "uri", "last_update", "hardware"};
    return keys.contains(key);
}

bool hasAnyOrder(const std::string& key)
{
    return key == "vector" || key == "payload_schema";
}

bool sameScore(const Json& a, const Json& b)
{
    if (a.isNull() || b.isNull())
        return a.isNull() && b.isNull();
    const double x = a.toDouble().value_or(0);
    const double y = b.toDouble().value_or(0);
    return std::fabs(x - y) <= 1e-6 * std::max(std::fabs(x), std::fabs(y));
}

bool isHitList(const Json& list)
{
    return !list.items().empty() && list.items().front().find("score") != nullptr;
}

std::string compare(const Json& expected, const Json& actual, const std::string& where, bool anyOrder);

const Json* hitOf(const Json& list, const Json& id)
{
    for (const Json& hit : list.items()) {
        if (hit.find("id") != nullptr && hit.find("id")->raw() == id.raw())
            return &hit;
    }
    return nullptr;
}

std::string compareHits(const Json& expected, const Json& actual, const std::string& where)
{
    if (expected.items().size() != actual.items().size())
        return where + ": " + std::to_string(expected.items().size()) + " hits expected, got "
            + std::to_string(actual.items().size());
    // A NaN stands anywhere among the scores, so with one only the pairs count.
    const bool ordered = std::none_of(expected.items().begin(), expected.items().end(),
        [](const Json& hit) { return hit.find("score")->isNull(); });
    for (std::size_t i = 0; i < expected.items().size(); ++i) {
        const Json& wanted = expected.items()[i];
        const Json& got = actual.items()[i];
        const std::string here = where + '[' + std::to_string(i) + ']';
        if (ordered && !sameScore(*wanted.find("score"), *got.find("score")))
            return here + ": score " + shown(*wanted.find("score")) + " expected, got "
                + shown(*got.find("score"));
        const Json* same = hitOf(actual, *wanted.find("id"));
        if (same == nullptr) {
            // Another point of the same score may stand in for it at the end of the list.
            if (!sameScore(*wanted.find("score"), *expected.items().back().find("score")))
                return here + ": " + shown(*wanted.find("id")) + " is missing";
            continue;
        }
        if (const std::string difference = compare(wanted, *same, here, false); !difference.empty())
            return difference;
    }
    return {};
}

std::string compareObjects(const Json& expected, const Json& actual, const std::string& where, bool anyOrder)
{
    if (expected.members().size() != actual.members().size())
        return where + ": " + shown(expected) + " expected, got " + shown(actual);
    for (std::size_t i = 0; i < expected.members().size(); ++i) {
        const Json::Member& wanted = expected.members()[i];
        const std::string here = where + '.' + wanted.key;
        const Json* got = actual.find(wanted.key);
        if (got == nullptr)
            return here + " is missing in " + shown(actual);
        if (!anyOrder && actual.members()[i].key != wanted.key)
            return where + ": " + wanted.key + " expected before " + actual.members()[i].key;
        if (isIgnored(wanted.key))
            continue;
        if (wanted.key == "score") {
            if (!sameScore(wanted.value, *got))
                return here + ": " + shown(wanted.value) + " expected, got " + shown(*got);
            continue;
        }
        if (const std::string difference = compare(wanted.value, *got, here, hasAnyOrder(wanted.key));
            !difference.empty())
            return difference;
    }
    return {};
}

/// Points in the order of a payload value: which of equal values comes first is chance.
std::string compareOrdered(const Json& expected, const Json& actual, const std::string& where)
{
    if (expected.items().size() != actual.items().size())
        return where + ": another number of points";
    for (std::size_t i = 0; i < expected.items().size(); ++i) {
        const Json& wanted = expected.items()[i];
        const Json* value = wanted.find("order_value");
        const Json* got = actual.items()[i].find("order_value");
        if (got == nullptr || got->raw() != value->raw())
            return where + '[' + std::to_string(i) + "]: order_value " + shown(*value) + " expected";
        const bool found = std::any_of(actual.items().begin(), actual.items().end(),
            [&wanted](const Json& candidate) { return compare(wanted, candidate, {}, false).empty(); });
        if (!found && value->raw() != expected.items().back().find("order_value")->raw())
            return where + '[' + std::to_string(i) + "]: " + shown(wanted) + " is missing";
    }
    return {};
}

std::string compareArrays(const Json& expected, const Json& actual, const std::string& where)
{
    if (isHitList(expected))
        return compareHits(expected, actual, where);
    if (!expected.items().empty() && expected.items().front().find("order_value") != nullptr)
        return compareOrdered(expected, actual, where);
    if (expected.items().size() != actual.items().size())
        return where + ": " + std::to_string(expected.items().size()) + " items expected, got "
            + std::to_string(actual.items().size());
    std::vector<const Json*> wanted;
    std::vector<const Json*> got;
    for (std::size_t i = 0; i < expected.items().size(); ++i) {
        wanted.push_back(&expected.items()[i]);
        got.push_back(&actual.items()[i]);
    }
    if (where.ends_with(".shard_keys")) {
        const auto byText = [](const Json* a, const Json* b) {
            return a->raw() < b->raw();
        };
        std::sort(wanted.begin(), wanted.end(), byText);
        std::sort(got.begin(), got.end(), byText);
    }
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (const std::string difference =
                compare(*wanted[i], *got[i], where + '[' + std::to_string(i) + ']', false);
            !difference.empty())
            return difference;
    }
    return {};
}

std::string compare(const Json& expected, const Json& actual, const std::string& where, bool anyOrder)
{
    const bool same = expected.kind() == actual.kind()
        && (expected.isString()
                ? expected.text() == actual.text()
                : expected.isArray() || expected.isObject() || expected.raw() == actual.raw());
    if (!same)
        return where + ": " + shown(expected) + " expected, got " + shown(actual);
    if (expected.isObject())
        return compareObjects(expected, actual, where, anyOrder);
    return expected.isArray() ? compareArrays(expected, actual, where) : std::string();
}

} // namespace

std::string differenceOfAnswers(const Json& expected, const Json& actual)
{
    return compare(expected, actual, {}, false);
}

} // namespace qdrant2pg::demo
