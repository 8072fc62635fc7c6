// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/plan/sourcefacts.h"
#include "core/postgres/serverprofile.h"

#include <QString>

#include <chrono>
#include <optional>

namespace qdrant2pg {

/// A time that is known only roughly.
struct TimeRange {
    std::chrono::milliseconds low{};
    std::chrono::milliseconds high{};
    /// "2 to 5 min"-like words.
    QString toString() const;
};

/// What a collection will need in PostgreSQL. Sizes follow from PostgreSQL's and pgvector's page layouts, the
/// data time from pages measured on this source, the index time from builds measured elsewhere: it is the
/// roughest of all.
struct CollectionEstimate {
    qint64 rows = 0;
    /// The number of rows is the server's exact count.
    bool rowsExact = false;
    /// Heap and TOAST.
    qint64 tableBytes = 0;
    /// Primary key and all indexes.
    qint64 indexBytes = 0;
    /// Write-ahead log written on the way, in total.
    qint64 walBytes = 0;
    /// Memory in which the largest vector index is built fast.
    qint64 indexMemory = 0;
    /// Absent when nothing was measured.
    std::optional<TimeRange> dataTime;
    /// Absent without a vector index.
    std::optional<TimeRange> indexTime;

    qint64 diskBytes() const { return tableBytes + indexBytes; }
};

/// Pure. `server` refines the index time and may be absent.
CollectionEstimate estimateCollection(
    const CollectionPlan& plan, const CollectionFacts& facts, const std::optional<ServerProfile>& server);

/// Bytes in which the HNSW graph of so many rows is built without spilling (pgvector.md 4.3).
qint64 hnswBuildMemory(qint64 rows, qint64 bytesPerVector, int m);

} // namespace qdrant2pg
