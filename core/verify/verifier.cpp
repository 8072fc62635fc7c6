// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/verifier.h"

#include "core/common/units.h"
#include "core/verify/countcheck.h"
#include "core/verify/digestcheck.h"
#include "core/verify/fullcheck.h"
#include "core/verify/recheck.h"

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

/// Errors that say something about one collection's table; all others would meet the next collection too.
bool concernsCollection(const Error& error)
{
    switch (error.kind) {
    case ErrorKind::NotFound:
    case ErrorKind::Schema:
    case ErrorKind::Data:
    case ErrorKind::Unsupported:
        return true;
    default:
        return false;
    }
}

class DefaultVerifier : public Verifier {
public:
    explicit DefaultVerifier(VerifySourceFactory sourceFactory)
        : m_sourceFactory(std::move(sourceFactory))
    {
    }

    Result<QList<VerificationOutcome>> verify(
        const VerifyRequest& request, const ProgressCallback& progress, std::stop_token stop) override;

private:
    Result<VerificationOutcome> check(const VerifyRequest& request, const CollectionPlan& plan,
        const std::shared_ptr<VerifySources>& sources, const ProgressCallback& progress,
        const std::stop_token& stop);

    VerifySourceFactory m_sourceFactory;
};

/// The number of points in Qdrant now beside a comparison that does not need Qdrant: tells whether it changed
/// since.
void addSourceCount(const VerifyJob& job, VerificationOutcome& outcome)
{
    const auto points = exactSourceCount(job);
    if (!points) {
        outcome.sentence +=
            QStringLiteral(" The points in Qdrant could not be counted: %1").arg(points.error().summary);
        return;
    }
    outcome.sourceCount = *points;
    qint64 taken = job.rejectCount;
    for (const LedgerRange& range : job.ranges)
        taken += range.rows + range.skipped;
    if (*points != taken)
        outcome.sentence += QStringLiteral(
            " Qdrant holds %1 points now, the run took %2: points were added or deleted since.")
                                .arg(formatCount(*points), formatCount(taken));
}

Result<VerificationOutcome> DefaultVerifier::check(const VerifyRequest& request, const CollectionPlan& plan,
    const std::shared_ptr<VerifySources>& sources, const ProgressCallback& progress,
    const std::stop_token& stop)
{
    auto connection = Connection::open(request.target.readOnly());
    if (!connection)
        return fail(connection.error());
    auto made = makeVerifyJob(request, plan, *connection);
    if (!made)
        return fail(made.error());
    VerifyJob& job = **made;
    job.stop = stop;
    job.sources = sources;
    if (progress)
        job.progress = [&progress, name = plan.name](double fraction, const QString& note) {
            progress(name, fraction, note);
        };

    if (const auto earlier = request.again.constFind(plan.name); earlier != request.again.constEnd())
        return checkAgain(job, *earlier);
    switch (request.level) {
    case VerifyLevel::None:
        break;
    case VerifyLevel::Counts:
        return checkCounts(job, *connection);
    case VerifyLevel::Digest: {
        // A sum over a table that holds other rows too says nothing, and without a run there is no sum to
        // compare with.
        if (job.tableIsShared() || job.ranges.isEmpty()) {
            auto outcome = checkFull(job);
            if (outcome)
                outcome->rules.prepend(job.tableIsShared()
                        ? QStringLiteral("Level full was used instead of digest: in modes append and merge "
                                         "the table holds other rows too.")
                        : QStringLiteral("Level full was used instead of digest: without a run there are no "
                                         "sums to compare with."));
            return outcome;
        }
        auto outcome = checkDigest(job);
        if (outcome)
            addSourceCount(job, *outcome);
        return outcome;
    }
    case VerifyLevel::Full:
        return checkFull(job);
    }
    VerificationOutcome outcome;
    outcome.collection = plan.name;
    outcome.level = request.level;
    outcome.sentence = QStringLiteral("Nothing was compared.");
    return outcome;
}

Result<QList<VerificationOutcome>> DefaultVerifier::verify(
    const VerifyRequest& request, const ProgressCallback& progress, std::stop_token stop)
{
    QList<VerificationOutcome> outcomes;
    const auto sources = std::make_shared<VerifySources>(request, m_sourceFactory, stop);
    for (const CollectionPlan& plan : request.plan.collections) {
        if (!request.again.isEmpty() && !request.again.contains(plan.name))
            continue;
        const auto started = Clock::now();
        auto outcome = check(request, plan, sources, progress, stop);
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing."), {},
                QStringLiteral("Run qdrant2pg verify to compare again."));
        if (!outcome) {
            if (!concernsCollection(outcome.error()))
                return fail(outcome.error());
            VerificationOutcome failed;
            failed.collection = plan.name;
            failed.level = request.level;
            failed.result = QStringLiteral("failed");
            failed.sentence = outcome.error().summary;
            if (!outcome.error().hint.isEmpty())
                failed.sentence += QLatin1Char(' ') + outcome.error().hint;
            outcome = std::move(failed);
        }
        outcome->transport = sources->transportOf(plan.name);
        if (!outcome->transport.isEmpty() && outcome->result != QLatin1String("failed"))
            outcome->sentence += QStringLiteral(" The points were read over %1.").arg(outcome->transport);
        outcome->elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
        if (progress)
            progress(plan.name, 1, outcome->sentence);
        outcomes << std::move(*outcome);
    }
    return outcomes;
}

} // namespace

std::shared_ptr<Verifier> makeVerifier(VerifySourceFactory sourceFactory)
{
    return std::make_shared<DefaultVerifier>(std::move(sourceFactory));
}

} // namespace qdrant2pg
