// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/fullcheckrun.h"

#include "core/common/units.h"

namespace qdrant2pg {

void FullCheckRun::report() const
{
    if (!job.progress)
        return;
    const qint64 done = sourcePoints;
    const double fraction =
        expected > 0 ? std::min(0.999, static_cast<double>(done) / static_cast<double>(expected)) : -1;
    job.progress(fraction, QStringLiteral("%1 points compared").arg(formatCount(done)));
}

void FullCheckRun::pointWithoutRow(RowComparer& comparer, const PointPage& page, const PointView& point)
{
    const QString shardKey = job.shardKeyIndex < 0
        ? QString()
        : QString::fromUtf8(point.shardKey.data(), static_cast<qsizetype>(point.shardKey.size()));
    if (job.isRejected(shardKey, point.id)) {
        ++rejected;
        return;
    }
    const auto reject = comparer.encode(page, point);
    // Without a run nobody wrote down what was rejected; that the plan cannot store it says the same.
    if (reject && !job.run) {
        ++rejected;
        return;
    }
    Mismatch mismatch{QStringLiteral("missing"), point.id.toString(), {}, {}, {}};
    if (reject) {
        mismatch.column = reject->column;
        mismatch.sourceValue = QStringLiteral("cannot be stored: ") + reject->reason;
    }
    if (!shardKey.isEmpty())
        mismatch.pointId += QStringLiteral(" (shard key %1)").arg(shardKey);
    sink.add(mismatch);
}

} // namespace qdrant2pg
