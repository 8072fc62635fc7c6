// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/store/collection.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

/// A request that cannot be taken: HTTP status and the text after the error label.
struct RequestError {
    int status = 400;
    std::string text;
};

/// The filter of a request, evaluated point by point.
class Filter {
public:
    struct Condition;

    Filter();
    Filter(Filter&&) noexcept;
    Filter& operator=(Filter&&) noexcept;
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;
    ~Filter();

    /// \a label is the name of the request in validation errors, for example `scroll_request`; \a slices says
    /// whether the imitated version knows the `slice` condition.
    [[nodiscard]] static tl::expected<Filter, RequestError> parse(
        const Json& json, const std::string& label, bool slices);

    /// \a scratch saves an allocation per point.
    [[nodiscard]] bool matches(
        const CollectionState& state, const StoredPoint& point, std::string& scratch) const;

    /// Conditions in all, as strict mode and the rate limit count them.
    [[nodiscard]] std::size_t conditionCount() const;
    /// The longest list in a condition.
    [[nodiscard]] std::size_t largestCondition() const;
    struct Unindexed {
        std::string key;
        std::string types; ///< the index types that would do, as the error prints them
    };
    [[nodiscard]] std::optional<Unindexed> firstUnindexed(const CollectionState& state) const;

private:
    friend class FilterParser;
    [[nodiscard]] bool holds(
        const CollectionState& state, const StoredPoint& point, const Json* payload) const;
    [[nodiscard]] bool needsPayload() const;
    static bool conditionHolds(const Condition& condition, const CollectionState& state,
        const StoredPoint& point, const Json* payload);

    std::vector<Condition> m_must;
    std::vector<Condition> m_should;
    std::vector<Condition> m_mustNot;
    std::vector<Condition> m_minShould;
    std::uint64_t m_minCount = 0;
    bool m_hasMinShould = false;
};

/// A point id out of a request body; the error is the server's text without position.
[[nodiscard]] tl::expected<PointId, std::string> readPointId(const Json& json);

/// The member of the `slice` partition: SipHash-2-4 of the id with a zero key.
[[nodiscard]] std::uint64_t sliceHash(const PointId& id);

/// A payload value as a payload index of that type takes it: the integer, or nothing.
[[nodiscard]] std::optional<std::int64_t> indexedInteger(const Json& value);

} // namespace qdrant2pg::demo
