// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/verifycontroller.h"

#include "core/profile/statefolders.h"
#include "core/report/recheck.h"
#include "core/verify/verifier.h"

#include <QMap>

#include <mutex>

namespace qdrant2pg {

namespace {

constexpr std::chrono::milliseconds leastInterval{100};

/// Lets through at most ten reports a second per collection; for any thread.
class Sieve {
public:
    bool passes(const QString& collection, double fraction)
    {
        const std::lock_guard lock(m_mutex);
        const auto now = std::chrono::steady_clock::now();
        auto& last = m_last[collection];
        if (fraction < 1 && now - last < leastInterval)
            return false;
        last = now;
        return true;
    }

private:
    std::mutex m_mutex;
    QMap<QString, std::chrono::steady_clock::time_point> m_last;
};

Result<void> makeFolder(const QString& path)
{
    return path.isEmpty() ? Result<void>() : makePrivateFolder(path);
}

} // namespace

VerifyController::VerifyController(BackgroundThreads& threads, QObject* parent)
    : QObject(parent)
    , m_job(threads)
    , m_sampling(threads)
{
}

std::function<void(const QString&, double, const QString&)> VerifyController::teller(
    VerifyController* owner, const JobControl& control)
{
    return [owner, &control, sieve = std::make_shared<Sieve>()](
               const QString& collection, double fraction, const QString& note) {
        if (!sieve->passes(collection, fraction))
            return;
        // Runs on the GUI thread, and not at all once this object is gone.
        control.post(
            [owner, collection, fraction, note] { emit owner->progressed(collection, fraction, note); });
    };
}

void VerifyController::run(std::function<Result<QList<VerificationOutcome>>(const JobControl&)> work)
{
    m_job.start(std::move(work), [this](const Result<QList<VerificationOutcome>>& outcomes) {
        if (outcomes)
            emit finished(*outcomes);
        else
            emit failed(outcomes.error());
    });
    emit started();
}

void VerifyController::start(const VerifyRequest& request, std::shared_ptr<Verifier> verifier)
{
    m_level = request.level;
    if (!verifier)
        verifier = makeVerifier();
    run([this, request, verifier](const JobControl& control) -> Result<QList<VerificationOutcome>> {
        if (auto made = makeFolder(request.outDir); !made)
            return fail(made.error());
        return verifier->verify(request, teller(this, control), control.stopToken());
    });
}

void VerifyController::startAgain(const VerifyRequest& request, const RunReport& report)
{
    m_level = VerifyLevel::Full;
    run([this, request, report](const JobControl& control) -> Result<QList<VerificationOutcome>> {
        VerifyRequest again = request;
        again.level = VerifyLevel::Full;
        again.again = namedDifferences(report);
        if (again.again.isEmpty())
            return fail(ErrorKind::NotFound, VerifyController::tr("The report names no differences."), {},
                VerifyController::tr("Level Full names them."));
        if (auto made = makeFolder(again.outDir); !made)
            return fail(made.error());
        return makeVerifier()->verify(again, teller(this, control), control.stopToken());
    });
}

void VerifyController::search(const SearchCompareRequest& request)
{
    m_level = VerifyLevel::None;
    m_job.start(
        [this, request](const JobControl& control) {
            return compareSearch(request, teller(this, control), control.stopToken());
        },
        [this](const Result<QList<SearchComparison>>& searches) {
            if (searches)
                emit searched(*searches);
            else
                emit failed(searches.error());
        });
    emit started();
}

void VerifyController::sample(const VerifyRequest& request, const QString& collection, int rows, int seed)
{
    m_sampling.start(
        [request, collection, rows, seed](const JobControl& control) {
            return sampleRows(request, collection, rows, seed, control.stopToken());
        },
        [this](const Result<RowSample>& sample) {
            if (sample)
                emit sampled(*sample);
            else
                emit sampleFailed(sample.error());
        });
}

void VerifyController::cancel()
{
    if (!m_job.isRunning())
        return;
    m_job.cancel();
    emit cancelled();
}

} // namespace qdrant2pg
