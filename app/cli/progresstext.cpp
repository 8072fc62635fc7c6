// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/progresstext.h"

#include "core/common/units.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace qdrant2pg::cli {

namespace {

constexpr double bytesPerMebibyte = 1024.0 * 1024.0;

QString rates(double perSecond, double bytesPerSecond)
{
    if (perSecond <= 0)
        return {};
    return QStringLiteral("%1 points/s  %2 MiB/s")
        .arg(formatCount(std::llround(perSecond)))
        .arg(bytesPerSecond / bytesPerMebibyte, 0, 'f', 1);
}

QString share(qint64 done, qint64 total)
{
    if (total <= 0)
        return {};
    // Rounded down: 100 % is said when everything is in.
    return QStringLiteral("%1 %").arg(std::min<qint64>(100, done * 100 / total), 3);
}

const StageProgress* runningStage(const RunProgress& progress)
{
    const auto running = std::find_if(progress.stages.rbegin(), progress.stages.rend(),
        [](const StageProgress& stage) { return stage.state == StageProgress::State::Running; });
    return running == progress.stages.rend() ? nullptr : &*running;
}

QString stageWords(const StageProgress& stage)
{
    QString text = stage.name.isEmpty() ? stage.stage : stage.name;
    if (stage.fraction >= 0)
        text += QStringLiteral("  %1 %").arg(static_cast<int>(stage.fraction * 100), 3);
    text += QStringLiteral("  %1").arg(formatDuration(stage.elapsed));
    return stage.note.isEmpty() ? text : text + QStringLiteral("  ") + stage.note;
}

/// Points that are dealt with, whatever became of them.
qint64 settled(const RunProgress& progress)
{
    qint64 points = progress.stored() + progress.rejected();
    for (const CollectionProgress& collection : progress.collections)
        points += collection.skipped;
    return points;
}

bool isMovingData(RunState state)
{
    return state == RunState::Copying || state == RunState::Pausing || state == RunState::Paused;
}

} // namespace

QString stateText(RunState state)
{
    switch (state) {
    case RunState::Idle:
        return QStringLiteral("Waiting");
    case RunState::Preflight:
        return QStringLiteral("Checking");
    case RunState::CreatingSchema:
        return QStringLiteral("Creating tables");
    case RunState::Copying:
        return QStringLiteral("Copying");
    case RunState::Pausing:
        return QStringLiteral("Pausing");
    case RunState::Paused:
        return QStringLiteral("Paused");
    case RunState::BuildingIndexes:
        return QStringLiteral("Building indexes");
    case RunState::Verifying:
        return QStringLiteral("Comparing every row");
    case RunState::Finishing:
        return QStringLiteral("Finishing");
    case RunState::Cancelling:
        return QStringLiteral("Stopping");
    case RunState::Completed:
        return QStringLiteral("Done");
    case RunState::CompletedWithRejects:
        return QStringLiteral("Done, with rejected points");
    case RunState::Cancelled:
        return QStringLiteral("Stopped");
    case RunState::Failed:
        return QStringLiteral("Failed");
    }
    return {};
}

QString progressLine(const RunProgress& progress)
{
    QStringList parts;
    if (!isMovingData(progress.state)) {
        parts << stateText(progress.state);
        if (const StageProgress* stage = runningStage(progress))
            parts << stageWords(*stage);
    } else {
        const qint64 done = settled(progress);
        const qint64 total = progress.expected();
        if (const QString percent = share(done, total); !percent.isEmpty())
            parts << percent;
        parts << (total > 0 ? QStringLiteral("%1 of %2").arg(formatCount(done), formatCount(total))
                            : formatCount(done));
        if (const QString speed = rates(progress.rowsPerSecond, progress.bytesPerSecond); !speed.isEmpty())
            parts << speed;
        if (progress.remaining)
            parts << QStringLiteral("≈ %1 left").arg(formatDuration(*progress.remaining));
        if (progress.state != RunState::Copying)
            parts << stateText(progress.state).toLower();
        else if (const QString limit = bottleneckText(progress.bottleneck); !limit.isEmpty())
            parts << limit;
        if (progress.rejected() > 0)
            parts << QStringLiteral("%1 rejected").arg(formatCount(progress.rejected()));
    }
    if (!progress.waiting.isEmpty())
        parts << progress.waiting;
    return parts.join(QStringLiteral("  "));
}

QJsonObject progressToJson(const RunProgress& progress)
{
    QJsonArray collections;
    for (const CollectionProgress& collection : progress.collections)
        collections.append(QJsonObject{{QStringLiteral("collection"), collection.collection},
            {QStringLiteral("table"), collection.table},
            {QStringLiteral("expected"),
                collection.expected < 0 ? QJsonValue() : QJsonValue(collection.expected)},
            {QStringLiteral("expectedExact"), collection.expectedExact},
            {QStringLiteral("read"), collection.read}, {QStringLiteral("stored"), collection.stored},
            {QStringLiteral("rejected"), collection.rejected},
            {QStringLiteral("skipped"), collection.skipped},
            {QStringLiteral("sourceBytes"), collection.sourceBytes},
            {QStringLiteral("ranges"), collection.ranges},
            {QStringLiteral("rangesDone"), collection.rangesDone}});
    QJsonObject object{{QStringLiteral("event"), QStringLiteral("progress")},
        {QStringLiteral("runId"), progress.runId}, {QStringLiteral("state"), runStateName(progress.state)},
        {QStringLiteral("elapsedMs"), qint64(progress.elapsed.count())},
        {QStringLiteral("rowsPerSecond"), std::round(progress.rowsPerSecond)},
        {QStringLiteral("bytesPerSecond"), std::round(progress.bytesPerSecond)},
        {QStringLiteral("remainingMs"),
            progress.remaining ? QJsonValue(qint64(progress.remaining->count())) : QJsonValue()},
        {QStringLiteral("bottleneck"), bottleneckText(progress.bottleneck)},
        {QStringLiteral("waiting"), progress.waiting}, {QStringLiteral("retries"), progress.retries},
        {QStringLiteral("lanes"), progress.lanes}, {QStringLiteral("collections"), collections}};
    if (const StageProgress* stage = runningStage(progress))
        object.insert(QStringLiteral("stage"),
            QJsonObject{{QStringLiteral("stage"), stage->stage}, {QStringLiteral("name"), stage->name},
                {QStringLiteral("collection"), stage->collection},
                {QStringLiteral("fraction"),
                    stage->fraction < 0 ? QJsonValue() : QJsonValue(stage->fraction)}});
    return object;
}

QString countLine(const QString& what, qint64 done, qint64 total, double perSecond, double bytesPerSecond)
{
    QStringList parts{what};
    if (const QString percent = share(done, total); !percent.isEmpty())
        parts << percent;
    parts << (total > 0 ? QStringLiteral("%1 of %2").arg(formatCount(done), formatCount(total))
                        : formatCount(done));
    if (const QString speed = rates(perSecond, bytesPerSecond); !speed.isEmpty())
        parts << speed;
    if (total > done && perSecond > 0)
        parts << QStringLiteral("≈ %1 left")
                     .arg(formatDuration(std::chrono::milliseconds(
                         static_cast<qint64>(static_cast<double>(total - done) * 1000.0 / perSecond))));
    return parts.join(QStringLiteral("  "));
}

} // namespace qdrant2pg::cli
