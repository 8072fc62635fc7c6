// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/fullcheck.h"

#include "core/common/units.h"
#include "core/engine/rangeplanner.h"
#include "core/verify/checkpoint.h"
#include "core/verify/digestcheck.h"
#include "core/verify/fullcheckrun.h"
#include "core/verify/hashedcheck.h"
#include "core/verify/lanes.h"
#include "core/verify/mergecheck.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

std::optional<PointId> boundOf(const QString& text)
{
    if (text.isEmpty())
        return std::nullopt;
    return PointId::parse(text.toStdString());
}

/// The run's ranges, or fresh ones from a pass over the ids when there is no run that copied by ids.
Result<QList<LedgerRange>> idRanges(const VerifyJob& job, QdrantClient& client, qint64& expected)
{
    if (!job.ranges.isEmpty() && job.rangesAreIds()) {
        expected = 0;
        for (const LedgerRange& range : job.ranges)
            expected += range.rows + range.rejected + range.skipped;
        return job.ranges;
    }
    FactOptions options;
    options.samplePoints = 0;
    auto facts = readCollectionFacts(client, job.plan.name, options, job.stop);
    if (!facts)
        return fail(facts.error());
    auto planned = planRanges(client, job.plan, *facts, job.request.lanes, 0, job.stop, [&job](qint64 ids) {
        if (job.progress)
            job.progress(0, QStringLiteral("%1 ids read").arg(formatCount(ids)));
    });
    if (!planned)
        return fail(planned.error());
    expected = planned->expected;
    return planned->ranges;
}

/// Neighbouring ranges joined: a segment costs one ordered read of the table.
std::vector<VerifySegment> joinRanges(const QList<LedgerRange>& ranges, int wanted)
{
    std::vector<VerifySegment> segments;
    const auto perSegment = std::max<qsizetype>(1, (ranges.size() + wanted - 1) / wanted);
    qsizetype inSegment = 0;
    for (const LedgerRange& range : ranges) {
        const bool fresh =
            segments.empty() || inSegment == perSegment || segments.back().shardKey != range.shardKey;
        if (fresh) {
            segments.push_back({range.shardKey, boundOf(range.lower), boundOf(range.upper)});
            inSegment = 0;
        } else {
            segments.back().upper = boundOf(range.upper);
        }
        ++inSegment;
    }
    return segments;
}

/// Whether rows can be read in the order of the points: not when numbers became UUIDs and there are numbers.
Result<bool> rowsSortLikePoints(const VerifyJob& job, QdrantClient& client)
{
    if (job.plan.id.type != IdType::Uuid || job.plan.id.numericIds != NumericIds::Uuid5)
        return true;
    PageRequest request;
    request.limit = 1;
    request.withPayload = false;
    request.withVectors = false;
    request.filterJson = job.plan.filterJson.toStdString();
    auto page = client.scroll(job.plan.name, request);
    if (!page)
        return fail(page.error());
    return page->points().empty() || page->points().front().id.isUuid();
}

QString partName(const VerifySegment& segment)
{
    return segment.shardKey + QLatin1Char('|') + (segment.lower ? segment.lower->toString() : QString())
        + QLatin1Char('|') + (segment.upper ? segment.upper->toString() : QString());
}

QString plural(qint64 count, const QString& one, const QString& many)
{
    return formatCount(count) + QLatin1Char(' ') + (count == 1 ? one : many);
}

void describe(const VerifyJob& job, const FullCheckRun& run, VerificationOutcome& outcome)
{
    const qint64 different = run.sink.count();
    const qint64 missing = run.sink.count(QStringLiteral("missing"));
    const qint64 extra = run.sink.count(QStringLiteral("extra"));
    const qint64 content = run.sink.count(QStringLiteral("content"));
    const qint64 changed = run.sink.count(QStringLiteral("changed-in-source"));
    outcome.result = different == 0 ? QStringLiteral("identical") : QStringLiteral("different");
    QStringList parts;
    if (missing > 0)
        parts << plural(missing, QStringLiteral("point has no row"), QStringLiteral("points have no row"));
    if (extra > 0)
        parts << plural(extra, QStringLiteral("row has no point"), QStringLiteral("rows have no point"));
    if (content > 0)
        parts << plural(content, QStringLiteral("value differs"), QStringLiteral("values differ"));
    if (changed > 0)
        parts << plural(changed, QStringLiteral("difference comes from a change in Qdrant since the copy"),
            QStringLiteral("differences come from changes in Qdrant since the copy"));
    if (different == 0) {
        outcome.sentence = QStringLiteral("Every one of %1 points was read from Qdrant again and its row "
                                          "compared value for value: all are identical.")
                               .arg(formatCount(outcome.sourceCount - run.rejected));
    } else {
        outcome.sentence = QStringLiteral("Qdrant was read again and compared row by row: %1.")
                               .arg(parts.join(QStringLiteral(", ")));
    }
    if (run.rejected > 0)
        outcome.sentence += QStringLiteral(" %1.").arg(
            plural(run.rejected, QStringLiteral("point is known to be rejected and has no row"),
                QStringLiteral("points are known to be rejected and have no rows")));
    if (job.tableIsShared() && run.otherRows > 0)
        outcome.sentence += QStringLiteral(" %1.").arg(
            plural(run.otherRows, QStringLiteral("further row of the table is not from this collection"),
                QStringLiteral("further rows of the table are not from this collection")));
    if (!job.runStartMicros || job.ranges.isEmpty())
        outcome.sentence += QStringLiteral(
            " Without the run's ledger a change in Qdrant since the copy looks like any other difference.");
    outcome.sentence += QStringLiteral(" The comparison holds for the moment at which each point was read; "
                                       "points that are written meanwhile can differ.");
    if (const QString problem = run.sink.fileProblem(); !problem.isEmpty())
        outcome.sentence += QStringLiteral(" The file of differences is not complete: %1.").arg(problem);
}

} // namespace

Result<VerificationOutcome> checkFull(const VerifyJob& job)
{
    QdrantClient client(job.request.source, job.stop);
    FullCheckRun run(job);
    auto ranges = idRanges(job, client, run.expected);
    if (!ranges)
        return fail(ranges.error());
    auto ordered = rowsSortLikePoints(job, client);
    if (!ordered)
        return fail(ordered.error());

    // Text ids have no index in Qdrant's order: each segment reads and sorts the table anew, so there are few
    // of them.
    const int lanes = std::max(1, job.request.lanes);
    const int wanted = job.idColumn().rangesAreCheap() ? lanes * 4 : lanes;
    const std::vector<VerifySegment> segments = joinRanges(*ranges, wanted);
    std::atomic<std::size_t> next{0};
    std::atomic<int> takenOver{0};
    VerifyCheckpoint checkpoint(
        job.request.outDir, job.plan.name, checkpointKey(job, VerifyLevel::Full), job.request.restart);
    auto done = runLanes(std::min<int>(lanes, static_cast<int>(std::max<std::size_t>(1, segments.size()))),
        job.stop, [&](int, const std::stop_token& stop) -> Result<void> {
            auto connection = job.connect();
            if (!connection)
                return fail(connection.error());
            auto comparer = RowComparer::create(job);
            if (!comparer)
                return fail(comparer.error());
            SourceCursor source(job, run.sizer, stop);
            for (std::size_t i = next++; i < segments.size(); i = next++) {
                const QString part = partName(segments[i]);
                if (const auto earlier = checkpoint.done(part)) {
                    run.takeOver(*earlier);
                    ++takenOver;
                    continue;
                }
                FullCheckRun own(&run);
                auto checked = *ordered
                    ? MergeCheck(own, *connection, source, *comparer, stop).run(segments[i])
                    : checkHashedSegment(own, *connection, source, *comparer, stop, segments[i]);
                if (!checked)
                    return checked;
                if (const auto result = own.finishSegment())
                    checkpoint.add(part, *result);
            }
            return {};
        });
    if (!done)
        return fail(done.error());
    if (!*ordered) {
        if (auto extras = findHashedExtras(run, client); !extras)
            return fail(extras.error());
    }

    VerificationOutcome outcome;
    outcome.collection = job.plan.name;
    outcome.level = VerifyLevel::Full;
    outcome.algorithm = digestAlgorithm();
    outcome.sourceCount = run.sourcePoints;
    outcome.targetCount = run.targetRows;
    outcome.comparedRows = run.compared;
    outcome.rules = comparisonRules(job);
    outcome.mismatchFile = run.sink.finish();
    outcome.mismatches = run.sink.first();
    outcome.mismatchCount = run.sink.count();
    describe(job, run, outcome);
    if (takenOver > 0)
        outcome.sentence += takenOverSentence(takenOver, static_cast<int>(segments.size()));
    checkpoint.remove();
    return outcome;
}

} // namespace qdrant2pg
