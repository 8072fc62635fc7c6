// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/recheck.h"

#include "core/common/units.h"
#include "core/verify/digestcheck.h"
#include "core/verify/pointpairs.h"

#include <QSet>

#include <algorithm>

namespace qdrant2pg {

namespace {

const QString changedInSource = QStringLiteral("changed-in-source");

/// The points to look at, each once, and the names that are none.
struct Named {
    std::vector<NamedPoint> points;
    QList<Mismatch> unreadable;
    /// Differences of these points arose in Qdrant after the copy, the earlier comparison found.
    QSet<QString> changed;
};

Named pointsOf(const EarlierDifferences& earlier)
{
    Named named;
    QSet<QString> seen;
    for (const Mismatch& mismatch : earlier.mismatches) {
        if (mismatch.type == changedInSource)
            named.changed.insert(mismatch.pointId);
        const auto point = pointFromName(mismatch.pointId);
        if (!point) {
            named.unreadable << mismatch;
        } else if (const QString name = pointName(*point); !seen.contains(name)) {
            seen.insert(name);
            named.points.push_back(*point);
        }
    }
    return named;
}

/// What still differs about one point.
Result<std::vector<Mismatch>> differencesOf(
    const VerifyJob& job, RowComparer& comparer, const PointPair& pair)
{
    const QString name = pointName(pair.point);
    std::vector<Mismatch> found;
    const bool row = !pair.targetRow.empty();
    if (!pair.source) {
        // Of a shared table nobody knows whose row it is.
        if (row && !job.tableIsShared())
            found.push_back({QStringLiteral("extra"), name, {}, {}, {}});
        return found;
    }
    const QString cannot =
        pair.reject ? QStringLiteral("cannot be stored: ") + pair.reject->reason : QString();
    const QString column = pair.reject ? pair.reject->column : QString();
    if (!row) {
        const bool known =
            job.isRejected(job.shardKeyIndex < 0 ? QString() : pair.point.shardKey, pair.point.id)
            || (pair.reject && !job.run);
        if (!known)
            found.push_back({QStringLiteral("missing"), name, column, cannot, {}});
        return found;
    }
    if (pair.reject) {
        found.push_back({QStringLiteral("content"), name, column, cannot, QStringLiteral("has a row")});
        return found;
    }
    // The comparer's buffer holds the row; encoding another moment may replace it.
    const std::string source(pair.sourceRow);
    return comparer.differences(name, source, pair.targetRow, pair.page, pair.source);
}

QString words(qint64 points, qint64 still, qint64 unnamed)
{
    QString text = points == 1
        ? QStringLiteral(
            "The one point that differed in the comparison before was read again on both sides: ")
        : QStringLiteral(
            "The %1 points that differed in the comparison before were read again on both sides: ")
              .arg(formatCount(points));
    if (still == 0)
        text +=
            points == 1 ? QStringLiteral("it is identical now.") : QStringLiteral("all are identical now.");
    else
        text += still == 1 ? QStringLiteral("one still differs.")
                           : QStringLiteral("%1 still differ.").arg(formatCount(still));
    if (unnamed > 0)
        text += QStringLiteral(" %1 further differences had no name and were not looked at.")
                    .arg(formatCount(unnamed));
    return text + QStringLiteral(" Points that were identical then were not read again.");
}

} // namespace

Result<VerificationOutcome> checkAgain(const VerifyJob& job, const EarlierDifferences& earlier)
{
    const Named named = pointsOf(earlier);
    auto connection = job.connect();
    if (!connection)
        return fail(connection.error());
    auto comparer = RowComparer::create(job);
    if (!comparer)
        return fail(comparer.error());
    QList<Mismatch> still = named.unreadable;
    qint64 looked = 0;
    qint64 stillPoints = named.unreadable.size();
    auto visited = visitPointPairs(
        job, *connection, *comparer, named.points, [&](const PointPair& pair) -> Result<void> {
            auto differences = differencesOf(job, *comparer, pair);
            if (!differences)
                return fail(differences.error());
            for (Mismatch& mismatch : *differences) {
                if (named.changed.contains(mismatch.pointId))
                    mismatch.type = changedInSource;
                still << mismatch;
            }
            stillPoints += differences->empty() ? 0 : 1;
            ++looked;
            if (job.progress)
                job.progress(static_cast<double>(looked) / static_cast<double>(named.points.size()),
                    QStringLiteral("%1 of %2 points compared again")
                        .arg(formatCount(looked), formatCount(static_cast<qint64>(named.points.size()))));
            return {};
        });
    if (!visited)
        return fail(visited.error());

    // Only now: the file that is replaced is where the names came from.
    MismatchSink sink(job.request.outDir, job.plan.name);
    for (const Mismatch& mismatch : std::as_const(still))
        sink.add(mismatch);
    VerificationOutcome outcome;
    outcome.collection = job.plan.name;
    outcome.level = VerifyLevel::Full;
    outcome.algorithm = digestAlgorithm();
    outcome.comparedRows = earlier.comparedRows;
    outcome.rules = comparisonRules(job);
    outcome.mismatchFile = sink.finish();
    outcome.mismatches = sink.first();
    const qint64 unnamed = std::max<qint64>(0, earlier.count - earlier.mismatches.size());
    outcome.mismatchCount = still.size() + unnamed;
    outcome.result = outcome.mismatchCount == 0 ? QStringLiteral("identical") : QStringLiteral("different");
    outcome.sentence = words(looked + named.unreadable.size(), stillPoints, unnamed);
    if (const QString problem = sink.fileProblem(); !problem.isEmpty())
        outcome.sentence += QStringLiteral(" The file of differences is not complete: %1.").arg(problem);
    return outcome;
}

} // namespace qdrant2pg
