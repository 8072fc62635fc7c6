// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/verifycontroller.h"

#include "core/profile/statefolders.h"
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

} // namespace

VerifyController::VerifyController(BackgroundThreads& threads, QObject* parent)
    : QObject(parent)
    , m_job(threads)
{
}

void VerifyController::start(const VerifyRequest& request, std::shared_ptr<Verifier> verifier)
{
    m_level = request.level;
    if (!verifier)
        verifier = makeVerifier();
    m_job.start(
        [this, request, verifier](const JobControl& control) -> Result<QList<VerificationOutcome>> {
            if (!request.outDir.isEmpty()) {
                if (auto made = makePrivateFolder(request.outDir); !made)
                    return fail(made.error());
            }
            Sieve sieve;
            return verifier->verify(
                request,
                [&](const QString& collection, double fraction, const QString& note) {
                    if (!sieve.passes(collection, fraction))
                        return;
                    // Runs on the GUI thread, and not at all once this object is gone.
                    control.post(
                        [this, collection, fraction, note] { emit progressed(collection, fraction, note); });
                },
                control.stopToken());
        },
        [this](const Result<QList<VerificationOutcome>>& outcomes) {
            if (outcomes)
                emit finished(*outcomes);
            else
                emit failed(outcomes.error());
        });
    emit started();
}

void VerifyController::cancel()
{
    if (!m_job.isRunning())
        return;
    m_job.cancel();
    emit cancelled();
}

} // namespace qdrant2pg
