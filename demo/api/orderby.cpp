// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/api/orderby.h"

#include "demo/base/datetime.h"
#include "demo/base/numbers.h"

#include <algorithm>

namespace qdrant2pg::demo {

namespace {

/// A value as the index orders it; integers and moments stay exact beside their double.
struct OrderValue {
    bool present = false;
    bool whole = false;
    double number = 0;
    std::int64_t integer = 0;
    std::size_t point = 0;
};

OrderValue orderValue(const Json& value, const std::string& dataType)
{
    OrderValue result;
    if (dataType == "float") {
        result.present = value.isNumber();
        result.number = value.toDouble().value_or(0);
        return result;
    }
    const auto integer = dataType == "integer" ? indexedInteger(value) : parseDatetime(value.text());
    result.present = integer.has_value();
    result.whole = true;
    result.integer = integer.value_or(0);
    return result;
}

bool less(const OrderValue& a, const OrderValue& b)
{
    return a.whole && b.whole ? a.integer < b.integer : a.number < b.number;
}

} // namespace

Answer scrollOrdered(const ApiCall& call, const CollectionState& state, const ReadOptions& options,
    const Json& order, bool hasOffset, std::string& out)
{
    if (hasOffset) {
        return tl::unexpected(ApiError{400,
            "Wrong input: Cannot use an `offset` when using `order_by`. The alternative for paging is to use "
            "`order_by.start_from` and a filter to exclude the IDs that you've already seen for the "
            "`order_by.start_from` value",
            {}, false});
    }
    const Json* keyJson = order.isString() ? &order : order.get("key");
    const std::string key = keyJson == nullptr ? std::string() : keyJson->text();
    const auto path = parseJsonPath(key);
    const PayloadIndex* index = path ? state.index(*path) : nullptr;
    if (index == nullptr
        || (index->dataType != "integer" && index->dataType != "float" && index->dataType != "datetime")) {
        return tl::unexpected(ApiError{400,
            "Wrong input: No range index for `order_by` key: `" + key
                + "`. Please create one to use `order_by`. Check "
                  "https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload "
                  "schemas support "
                  "Range conditions",
            {}, false});
    }
    const Json* direction = order.get("direction");
    const bool descending = direction != nullptr && direction->text() == "desc";
    const Json* startJson = order.get("start_from");
    const OrderValue start = startJson == nullptr ? OrderValue() : orderValue(*startJson, index->dataType);
    std::vector<OrderValue> values;
    std::string scratch;
    for (std::size_t i = 0; i < state.points.size(); ++i) {
        const StoredPoint& point = state.points[i];
        if (point.deferred || !options.wantsShard(point.shard)
            || (options.filter && !options.filter->matches(state, point, scratch)))
            continue;
        scratch.clear();
        state.reader(point).appendPayload(scratch);
        const auto payload = Json::parse(scratch);
        if (!payload)
            continue;
        for (const Json* leaf : leafValues(*payload, *path)) {
            OrderValue value = orderValue(*leaf, index->dataType);
            if (!value.present || (start.present && (descending ? less(start, value) : less(value, start))))
                continue;
            value.point = i;
            values.push_back(value);
        }
    }
    std::stable_sort(values.begin(), values.end(), [descending](const OrderValue& a, const OrderValue& b) {
        return descending ? less(b, a) : less(a, b);
    });
    values.resize(std::min<std::size_t>(values.size(), options.limit.value_or(10)));
    out += "{\"points\":[";
    for (const OrderValue& value : values) {
        if (&value != values.data())
            out += ',';
        appendRecord(out, call, state, state.points[value.point], options, scratch);
        out.back() = ',';
        out += "\"order_value\":";
        if (value.whole)
            out += std::to_string(value.integer);
        else
            appendDouble(out, value.number);
        out += '}';
    }
    out += "],\"next_page_offset\":null}";
    return {};
}

} // namespace qdrant2pg::demo
