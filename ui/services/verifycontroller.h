// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/verification.h"
#include "ui/services/backgroundjob.h"

#include <QObject>

#include <memory>

namespace qdrant2pg {

/// Compares source and target again for the window, at any level, reading only. Knows no widget. GUI thread;
/// the comparison runs on others.
class VerifyController : public QObject {
    Q_OBJECT
public:
    explicit VerifyController(BackgroundThreads& threads, QObject* parent = nullptr);

    /// Replaces a comparison that is going on. `verifier` null: the product's own.
    void start(const VerifyRequest& request, std::shared_ptr<Verifier> verifier = {});
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

private:
    BackgroundJob m_job;
    VerifyLevel m_level = VerifyLevel::None;
};

} // namespace qdrant2pg
