// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/base/pointid.h"
#include "demo/store/vectors.h"

#include <memory>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

/// A point as a caller hands it in: everything is served exactly as given.
struct Point {
    PointId id;
    std::string payload = "{}"; ///< raw JSON object; number tokens are never touched
    std::vector<StoredVector> vectors;
    std::string shardKey; ///< raw JSON (`"eu"` or `7`) with custom sharding, else empty
    std::uint64_t version = 0; ///< 0: the number of the operation that stores it
};

/// Payload and vectors of one stored point; immutable, shared by all readers.
struct PointBody {
    std::string payload = "{}";
    std::vector<StoredVector> vectors;
};

/// Computes payloads and vectors instead of keeping them, so that a collection of millions costs little
/// memory. Every function is a pure function of its arguments and may be called from any thread.
class BodyGenerator {
public:
    BodyGenerator() = default;
    BodyGenerator(const BodyGenerator&) = delete;
    BodyGenerator& operator=(const BodyGenerator&) = delete;
    virtual ~BodyGenerator() = default;

    [[nodiscard]] virtual const std::vector<std::string>& vectorNames() const = 0;
    [[nodiscard]] virtual bool hasVector(std::uint64_t serial, std::size_t vector) const = 0;
    virtual void appendPayload(std::string& out, std::uint64_t serial) const = 0;
    virtual void appendVector(std::string& out, std::uint64_t serial, std::size_t vector) const = 0;
    /// The numbers for a search; the text may be left empty.
    [[nodiscard]] virtual StoredVector vector(std::uint64_t serial, std::size_t vector) const = 0;
};

/// One row of a collection. Without a body the collection's generator makes it from the serial number.
struct StoredPoint {
    PointId id;
    std::shared_ptr<const PointBody> body;
    std::uint64_t serial = 0;
    std::uint32_t version = 0;
    std::uint16_t shard = 0; ///< position in the collection's shard keys, 0 without custom sharding
    bool deferred = false; ///< hidden from every read, counted in `points_count` alone
};

/// Which vectors an answer holds.
struct VectorSelection {
    bool all = false;
    std::vector<std::string> names;
    [[nodiscard]] bool none() const { return !all && names.empty() && !list; }
    bool list = false; ///< a list was given: an empty one answers `{}`
    [[nodiscard]] bool wants(std::string_view name) const;
};

/// Reads one point, whether stored or generated. Valid as long as the point and the generator are.
class PointReader {
public:
    PointReader(const StoredPoint& point, const BodyGenerator* generator)
        : m_point(point)
        , m_generator(point.body ? nullptr : generator)
    {
    }

    [[nodiscard]] const PointId& id() const { return m_point.id; }
    [[nodiscard]] bool hasVector(std::string_view name) const;
    void appendPayload(std::string& out) const;
    /// The value of `vector`: bare for a default vector alone, else a map whose order depends on \a mapOrder.
    void appendVectors(std::string& out, const VectorSelection& selection, std::size_t mapOrder) const;
    /// The stored vector of that name; a generated one is put into \a scratch. Null when the point has none.
    [[nodiscard]] const StoredVector* vector(std::string_view name, StoredVector& scratch) const;

private:
    const StoredPoint& m_point;
    const BodyGenerator* m_generator;
};

} // namespace qdrant2pg::demo
