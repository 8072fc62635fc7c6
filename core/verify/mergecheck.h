// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/verify/digestcheck.h"
#include "core/verify/fullcheck.h"
#include "core/verify/fullcheckrun.h"

#include <map>

namespace qdrant2pg {

/// Compares one segment by merging two ordered streams: the points from Qdrant and the rows by COPY OUT.
/// Belongs to one lane.
class MergeCheck {
public:
    MergeCheck(FullCheckRun& run, Connection& connection, SourceCursor& source, RowComparer& comparer,
        std::stop_token stop);
    [[nodiscard]] Result<void> run(const VerifySegment& segment);

private:
    /// A difference whose cause is told when the range's sum is known.
    struct Pending {
        int range = -1;
        Mismatch mismatch;
    };
    [[nodiscard]] Result<void> row(std::string_view row);
    [[nodiscard]] Result<void> advance();
    [[nodiscard]] Result<void> skipPointsBefore(const std::optional<PointId>& id);
    void hold(const PointId* id, Mismatch mismatch);
    [[nodiscard]] Result<void> settle(Connection& connection);
    [[nodiscard]] Result<bool> isAsCopied(int range, Connection& connection);

    FullCheckRun& m_run;
    const VerifyJob& m_job;
    Connection& m_connection;
    SourceCursor& m_source;
    RowComparer& m_comparer;
    std::stop_token m_stop;
    IdColumn m_idColumn;
    RangeFinder m_finder;
    QString m_shardKey;
    std::vector<CopyField> m_fields;
    std::vector<Pending> m_pending;
    std::map<int, bool> m_asCopied;
    /// For questions while the first connection is inside COPY.
    std::optional<Connection> m_second;
    qint64 m_sinceReport = 0;
};

} // namespace qdrant2pg
