// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/verify/verifyjob.h"

#include <optional>
#include <vector>

namespace qdrant2pg {

/// Encodes points as the run did and compares them with rows of the table, column by column. One per thread.
class RowComparer {
public:
    [[nodiscard]] static Result<RowComparer> create(const VerifyJob& job);

    /// Encodes the point; a reject when it cannot be stored.
    [[nodiscard]] std::optional<RejectRow> encode(const PointPage& page, const PointView& point);
    /// The row of the last encode(); valid until the next.
    std::string_view encoded() const { return m_buffer.lastRow(); }

    /// The differences between an encoded row and a row of the table, one per column; empty when they hold
    /// the same values. `page` and `point` are needed where a value depends on a moment that only the run
    /// knew; null when not at hand.
    [[nodiscard]] Result<std::vector<Mismatch>> differences(const QString& pointId, std::string_view source,
        std::string_view target, const PointPage* page, const PointView* point);

private:
    explicit RowComparer(const VerifyJob& job)
        : m_job(&job)
    {
    }
    bool sameValue(std::size_t column, const CopyField& source, const CopyField& target);
    /// True when the source value of a timestamptz column is the run's start, which is not known here.
    Result<bool> isRunStart(
        std::size_t column, const CopyField& source, const PointPage* page, const PointView* point);

    const VerifyJob* m_job;
    std::optional<RowEncoder> m_encoder;
    std::optional<RowEncoder> m_otherStart;
    CopyBuffer m_buffer;
    CopyBuffer m_otherBuffer;
    std::vector<RowDigest> m_digests;
    std::vector<CopyField> m_source;
    std::vector<CopyField> m_target;
    std::vector<CopyField> m_other;
    std::string m_scratch;
};

/// The rules by which values are compared, in words, as far as the table's columns are concerned.
QStringList comparisonRules(const VerifyJob& job);

} // namespace qdrant2pg
