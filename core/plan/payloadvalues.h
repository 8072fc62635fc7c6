// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QString>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qdrant2pg {

/// How Qdrant's payload indexes read values and paths (qdrant.md section 5), so that a typed column takes
/// exactly what the index took. Pure functions over UTF-8 and JSON slices; used by the profile and by the row
/// encoder.

/// A datetime in any form that Qdrant understands, UTC when it names no zone: microseconds since 1970-01-01
/// UTC, finer digits cut off, a second :60 counted into the next minute. Nothing for everything else. The
/// year may lie outside what PostgreSQL stores: see fitsTimestamptz().
std::optional<std::int64_t> parseQdrantDatetime(std::string_view text);

/// True when timestamptz can hold it: from 4714-11-24 BC on.
bool fitsTimestamptz(std::int64_t unixMicroseconds);

/// The 16 bytes of a UUID in any spelling that Qdrant accepts: hyphens, 32 digits, urn:uuid:, braces, any
/// case.
std::optional<std::array<std::uint8_t, 16>> parseUuidSpelling(std::string_view text);

struct GeoPoint {
    double lon = 0;
    double lat = 0;
};

/// A geo point as Qdrant's geo index takes it: an object with numeric lon and lat in range, other keys
/// ignored.
std::optional<GeoPoint> parseGeoObject(std::string_view json);

/// The inside of a JSON string slice with its escapes resolved; nothing when the slice is no string.
std::optional<std::string> stringFromJson(std::string_view json);

/// A JSON number token as an integer in the range of int64, also when it is written as a float with an
/// integral value (5.0, -0.0), as Qdrant's integer index reads it. Nothing for everything else.
std::optional<std::int64_t> integerFromJson(std::string_view json);

/// A Qdrant JSON path: `a.b`, `a[].b`, `a[0]`, `"odd.key".x`. Keys that hold a quote or a backslash, which
/// Qdrant cannot name, are written with a backslash before them.
class PayloadPath {
public:
    struct Segment {
        enum class Kind : std::uint8_t { Key, Index, Every };
        Kind kind = Kind::Key;
        std::string key;
        std::size_t index = 0;
        bool operator==(const Segment&) const = default;
    };

    PayloadPath() = default;
    explicit PayloadPath(std::vector<Segment> segments)
        : m_segments(std::move(segments))
    {
    }

    const std::vector<Segment>& segments() const { return m_segments; }
    /// One key of the payload object itself: such a path takes the whole key out of a payload that keeps the
    /// unmapped.
    bool isTopLevelKey() const { return m_segments.size() == 1; }
    /// Holds `[]`: may find several values, which belong into an array column.
    bool findsMany() const;
    /// Appends the slices of all values under the path; nothing when the payload lacks it. The payload is
    /// valid JSON text and outlives the slices.
    void find(std::string_view payload, std::vector<std::string_view>& found) const;
    QString toString() const;
    bool operator==(const PayloadPath&) const = default;

private:
    std::vector<Segment> m_segments;
};

/// Usage error that names the place of the first character that does not fit.
[[nodiscard]] Result<PayloadPath> parsePayloadPath(const QString& text);

/// One key as a path segment: plain when Qdrant takes it so, else in quotes.
QString payloadPathKey(const QString& key);

} // namespace qdrant2pg
