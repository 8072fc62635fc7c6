// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/pagesizer.h"
#include "core/verify/mismatchsink.h"
#include "core/verify/rowcomparer.h"
#include "core/verify/sourcecursor.h"
#include "core/verify/verifyjob.h"

#include <atomic>

namespace qdrant2pg {

/// What the lanes of a full comparison share.
struct FullCheckRun {
    explicit FullCheckRun(const VerifyJob& theJob)
        : job(theJob)
        , sizer(qint64{2} << 20, 0, 0)
        , sink(theJob.request.outDir, theJob.plan.name)
    {
    }

    const VerifyJob& job;
    PageSizer sizer;
    MismatchSink sink;
    /// Points that the comparison will probably meet; -1 when not known.
    qint64 expected = -1;
    std::atomic<qint64> sourcePoints{0};
    std::atomic<qint64> targetRows{0};
    std::atomic<qint64> compared{0};
    std::atomic<qint64> rejected{0};
    /// Rows of a shared table without a point.
    std::atomic<qint64> otherRows{0};

    void report() const;
    /// A point that has no row: known as rejected, or missing.
    void pointWithoutRow(RowComparer& comparer, const PointPage& page, const PointView& point);
};

} // namespace qdrant2pg
