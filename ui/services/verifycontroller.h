// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/compare/comparesearch.h"
#include "core/engine/verification.h"
#include "core/report/runreport.h"
#include "core/verify/rowsample.h"
#include "ui/services/backgroundjob.h"

#include <QObject>

#include <functional>
#include <memory>

namespace qdrant2pg {

/// Compares source and target again for the window, at any level, reading only, and fetches rows to look at.
/// Knows no widget. GUI thread; the comparison runs on others.
class VerifyController : public QObject {
    Q_OBJECT
public:
    explicit VerifyController(BackgroundThreads& threads, QObject* parent = nullptr);

    /// Replaces a comparison that is going on. `verifier` null: the product's own.
    void start(const VerifyRequest& request, std::shared_ptr<Verifier> verifier = {});
    /// Compares only what the report names as different; its files are read by the job.
    void startAgain(const VerifyRequest& request, const RunReport& report);
    /// Asks both sides the same searches; ends with searched(), failed() or cancelled().
    void search(const SearchCompareRequest& request);
    /// Reads some rows beside their points; the latest wish wins. Ends with sampled() or sampleFailed().
    void sample(const VerifyRequest& request, const QString& collection, int rows, int seed);
    /// Says cancelled() at once; what the comparison still finds is dropped.
    void cancel();
    bool isRunning() const { return m_job.isRunning(); }
    VerifyLevel level() const { return m_level; }

signals:
    void started();
    /// At a bearable rate. A negative fraction is not known.
    void progressed(const QString& collection, double fraction, const QString& note);
    void finished(const QList<qdrant2pg::VerificationOutcome>& outcomes);
    void failed(const qdrant2pg::Error& error);
    void cancelled();
    void searched(const QList<qdrant2pg::SearchComparison>& searches);
    void sampled(const qdrant2pg::RowSample& sample);
    void sampleFailed(const qdrant2pg::Error& error);

private:
    /// Says how far a job is, at a bearable rate. Called on the job's thread, where `owner` is only kept.
    static std::function<void(const QString&, double, const QString&)> teller(
        VerifyController* owner, const JobControl& control);
    void run(std::function<Result<QList<VerificationOutcome>>(const JobControl&)> work);

    /// Comparisons of rows and of searches: one at a time.
    BackgroundJob m_job;
    BackgroundJob m_sampling;
    VerifyLevel m_level = VerifyLevel::None;
};

} // namespace qdrant2pg
