// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/fullcheckrun.h"

#include "core/common/units.h"
#include "core/verify/pointname.h"

#include <QJsonArray>

#include <utility>

namespace qdrant2pg {

namespace {

struct Counter {
    const char* key;
    std::atomic<qint64> FullCheckRun::*member;
};

constexpr Counter counters[] = {
    {"sourcePoints", &FullCheckRun::sourcePoints},
    {"targetRows", &FullCheckRun::targetRows},
    {"compared", &FullCheckRun::compared},
    {"rejected", &FullCheckRun::rejected},
    {"otherRows", &FullCheckRun::otherRows},
};

} // namespace

std::optional<QJsonObject> FullCheckRun::finishSegment()
{
    report();
    QJsonObject result;
    for (const Counter& counter : counters) {
        whole->*counter.member += this->*counter.member;
        result.insert(QLatin1String(counter.key), qint64{this->*counter.member});
    }
    const bool remembered = sink.holdsAll();
    if (remembered)
        result.insert(QStringLiteral("mismatches"), mismatchesToJson(sink.buffered()));
    sink.pass();
    return remembered ? std::optional(result) : std::nullopt;
}

void FullCheckRun::takeOver(const QJsonObject& segment)
{
    for (const Counter& counter : counters)
        this->*counter.member += segment.value(QLatin1String(counter.key)).toInteger();
    seen += segment.value(QLatin1String("sourcePoints")).toInteger();
    for (const Mismatch& mismatch : mismatchesFromJson(segment.value(QLatin1String("mismatches")).toArray()))
        sink.add(mismatch);
}

void FullCheckRun::report()
{
    if (whole) {
        const qint64 now = sourcePoints;
        whole->seen += now - std::exchange(m_reported, now);
        whole->report();
        return;
    }
    if (!job.progress)
        return;
    const qint64 done = seen;
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
    Mismatch mismatch{QStringLiteral("missing"), pointName({point.id, shardKey}), {}, {}, {}};
    if (reject) {
        mismatch.column = reject->column;
        mismatch.sourceValue = QStringLiteral("cannot be stored: ") + reject->reason;
    }
    sink.add(mismatch);
}

} // namespace qdrant2pg
