// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/pagesizer.h"
#include "core/verify/mismatchsink.h"
#include "core/verify/rowcomparer.h"
#include "core/verify/sourcecursor.h"
#include "core/verify/verifyjob.h"

#include <QJsonObject>

#include <atomic>
#include <optional>

namespace qdrant2pg {

/// What the lanes of a full comparison share; and the part of it that one segment finds, which is added to
/// the whole when the segment is done.
struct FullCheckRun {
    explicit FullCheckRun(const VerifyJob& theJob)
        : job(theJob)
        , ownSizer(std::in_place, qint64{2} << 20, 0, 0)
        , sizer(*ownSizer)
        , sink(theJob.request.outDir, theJob.plan.name)
    {
    }
    /// For one segment; belongs to one lane. `theWhole` outlives it.
    explicit FullCheckRun(FullCheckRun* theWhole)
        : job(theWhole->job)
        , sizer(theWhole->sizer)
        , sink(theWhole->sink)
        , whole(theWhole)
    {
    }
    FullCheckRun(const FullCheckRun&) = delete;
    FullCheckRun& operator=(const FullCheckRun&) = delete;

    const VerifyJob& job;
    std::optional<PageSizer> ownSizer;
    PageSizer& sizer;
    MismatchSink sink;
    FullCheckRun* whole = nullptr;
    /// Points that the comparison will probably meet; -1 when not known.
    qint64 expected = -1;
    /// Of the whole: points met so far, those of unfinished segments too.
    std::atomic<qint64> seen{0};
    std::atomic<qint64> sourcePoints{0};
    std::atomic<qint64> targetRows{0};
    std::atomic<qint64> compared{0};
    std::atomic<qint64> rejected{0};
    /// Rows of a shared table without a point.
    std::atomic<qint64> otherRows{0};

    void report();
    /// A point that has no row: known as rejected, or missing.
    void pointWithoutRow(RowComparer& comparer, const PointPage& page, const PointView& point);

    /// Adds a finished segment to the whole. What a later verification can take over; nothing when the
    /// segment had too many differences to remember.
    std::optional<QJsonObject> finishSegment();
    /// Adds what an earlier verification found for a segment.
    void takeOver(const QJsonObject& segment);

private:
    qint64 m_reported = 0;
};

} // namespace qdrant2pg
