// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/store/filter.h"

namespace qdrant2pg::demo {

struct GeoPoint {
    double lon = 0;
    double lat = 0;
};

struct GeoRadius {
    GeoPoint center;
    double meters = 0;
};

struct GeoBox {
    GeoPoint topLeft;
    GeoPoint bottomRight;
};

/// Closed lines; what lies in an interior is outside.
struct GeoPolygon {
    std::vector<GeoPoint> exterior;
    std::vector<std::vector<GeoPoint>> interiors;
};

template <class T> struct Range {
    std::optional<T> gt;
    std::optional<T> gte;
    std::optional<T> lt;
    std::optional<T> lte;
};

/// A value of a match condition: string, integer or bool.
struct MatchValue {
    Json::Kind kind = Json::Kind::String;
    std::string text;
    std::int64_t integer = 0;
    bool boolean = false;
};

/// What is asked of the values at one payload path.
struct FieldCondition {
    enum class Match : std::uint8_t { None, Any, Except, Text, Phrase, TextAny };

    std::string key;
    JsonPath path;
    Match matchKind = Match::None;
    std::vector<MatchValue> match;
    std::string text;
    std::optional<Range<double>> range;
    std::optional<Range<std::int64_t>> datetimes;
    std::optional<Range<double>> valuesCount;
    std::optional<GeoRadius> radius;
    std::optional<GeoBox> box;
    std::optional<GeoPolygon> polygon;
    std::optional<bool> emptyWanted; ///< as one of the demands on a key; isEmpty is a condition of its own
    std::optional<bool> nullWanted;
    bool isEmpty = false;
    bool isNull = false;

    /// The index types that serve this condition, as strict mode prints them.
    [[nodiscard]] std::string indexTypes() const;
};

struct Filter::Condition {
    enum class Kind : std::uint8_t { Field, HasId, HasVector, Slice, Filter, Nested };

    Kind kind = Kind::Field;
    FieldCondition field;
    std::vector<PointId> ids; ///< sorted
    std::string vector;
    std::uint64_t sliceTotal = 1;
    std::uint64_t sliceIndex = 0;
    std::unique_ptr<demo::Filter> filter;
};

} // namespace qdrant2pg::demo
