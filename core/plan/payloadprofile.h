// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace qdrant2pg {

/// What a sample showed about one payload path.
struct PathProfile {
    QString path;
    qint64 present = 0;
    qint64 nulls = 0;
    /// Points where the value is an array; the types below then count its elements.
    qint64 arrays = 0;
    qint64 booleans = 0;
    qint64 integers = 0;
    /// Integers above 2^63-1.
    qint64 bigIntegers = 0;
    qint64 floats = 0;
    qint64 strings = 0;
    qint64 objects = 0;
    /// Strings that are UUIDs / datetimes as Qdrant understands them / hold \u0000.
    qint64 uuidStrings = 0;
    qint64 datetimeStrings = 0;
    qint64 nulStrings = 0;
    /// Objects that are geo points.
    qint64 geoObjects = 0;
    /// Bytes of the longest string seen.
    qint64 longestString = 0;
    /// Distinct scalar values in the sample, capped.
    qint64 distinct = 0;
    bool distinctCapped = false;
    /// Up to three values as JSON, cut to 80 characters.
    QStringList examples;
};

/// Per path: types seen, share missing, arrays, distinct estimate, examples. The basis of proposals, and
/// shown to people.
class PayloadProfile {
public:
    /// Adds the payload of one sampled point (JSON text).
    void add(std::string_view payloadJson);
    qint64 points() const { return m_points; }
    /// Sorted by path. Nested objects to depth 4, objects in arrays as `a[].b`; keys that need it are quoted
    /// as in Qdrant's JSON paths. At most 2,000 paths are kept, so that payloads with data in their keys cost
    /// no memory.
    QList<PathProfile> paths() const;
    const PathProfile* path(const QString& path) const;
    /// Points with a \u0000 anywhere in a key or value.
    qint64 pointsWithNul() const { return m_pointsWithNul; }

    /// Words for the dominant type: "text", "integer", "integer array", "mixed: text, integer".
    static QString typeWords(const PathProfile& profile);

    /// Values of one kind at this path, elements of arrays included, without nulls.
    static qint64 valueCount(const PathProfile& profile);

private:
    void addObject(std::string_view object, const QString& prefix, int depth);
    void addValue(std::string_view value, const QString& path, int depth);
    void addScalar(std::string_view value, PathProfile& profile);

    qint64 m_points = 0;
    qint64 m_pointsWithNul = 0;
    QMap<QString, PathProfile> m_paths;
    QMap<QString, std::set<std::string>> m_distinct;
    /// Number of the point that was counted last, so that a path inside an array counts once per point.
    QMap<QString, qint64> m_lastPoint;
};

} // namespace qdrant2pg
