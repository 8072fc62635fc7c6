// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/progress.h"
#include "core/engine/retrylimits.h"
#include "core/engine/verification.h"
#include "core/plan/plancheck.h"
#include "core/plan/sourcefacts.h"
#include "core/postgres/ledger.h"
#include "core/postgres/serverprofile.h"
#include "core/qdrant/pointsource.h"

#include <QMap>
#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace qdrant2pg {

/// Opens a source for one lane and collection. The engine's default follows the plan's transport.
using PointSourceFactory = std::function<Result<std::unique_ptr<PointSource>>(const QString& collection)>;

struct RunRequest {
    MigrationPlan plan;
    SourceOptions source;
    TargetOptions target;
    /// Continue this run instead of starting one; plan.run options other than lanes are taken from the
    /// ledger.
    QString resumeRunId;
    /// Facts read beforehand, by collection; what is missing the engine reads itself.
    QMap<QString, CollectionFacts> facts;
    /// What the check before a new run said. Goes into the ledger, for the reports of all its sessions.
    QList<Finding> findings;
    /// Overrides plan.run.lanes; 0 = plan, then automatic.
    int lanes = 0;
    int leaseSeconds = 30;
    RetryLimits retry;
    /// Who does the verification of plan.run.verify; null = none is done and the outcome says so.
    std::shared_ptr<Verifier> verifier;
    PointSourceFactory sourceFactory;
    /// Resume although source or target differ from the recorded ones, as far as that is safe.
    bool acceptDifferences = false;
    /// Tables that may be swapped in (mode replace) whatever their verification found (publishgate.h).
    QStringList overrideVerification;
};

/// Numbers of one collection at the end (all sessions together, from the ledger).
struct CollectionOutcome {
    QString collection;
    QString table;
    QString schema;
    TableMode mode = TableMode::Create;
    qint64 sourceCount = -1;
    QString sourceCountOrigin;
    qint64 read = 0;
    qint64 stored = 0;
    qint64 rejected = 0;
    qint64 skipped = 0;
    qint64 targetNow = -1;
    qint64 sourceBytes = 0;
    QString digest;
    /// The collection's configuration as this session found it.
    CollectionInfo info;
    QStringList notes;
    std::optional<VerificationOutcome> verification;
};

struct ThroughputSample {
    std::chrono::milliseconds at{};
    double rowsPerSecond = 0;
    double bytesPerSecond = 0;
    QString mark;
};

/// Groups of rejects by reason, for the report.
struct RejectGroup {
    QString collection;
    QString column;
    QByteArray sqlState;
    QString reason;
    qint64 count = 0;
    QStringList exampleIds;
};

/// Processor time of this program while points were copied, of this session, by what it went into. Zero where
/// the system cannot tell.
struct CopyCpu {
    qint64 points = 0;
    /// Taking a page over from the source's connection and decoding it.
    std::chrono::nanoseconds decode{};
    /// Rows in binary and their digests.
    std::chrono::nanoseconds encode{};
    /// Ledger, COPY and COMMIT, on this side.
    std::chrono::nanoseconds copy{};
    /// Receiving, progress and whatever else the program does.
    std::chrono::nanoseconds rest{};
    std::chrono::nanoseconds total() const { return decode + encode + copy + rest; }
    /// Zero without points.
    double microsPerPoint(std::chrono::nanoseconds part) const
    {
        return points > 0 ? static_cast<double>(part.count()) / 1000.0 / static_cast<double>(points) : 0;
    }
};

struct RunOutcome {
    RunState state = RunState::Idle;
    QString runId;
    QString ledgerSchema;
    std::optional<Error> error;
    QString transport;
    QString sourceVersion;
    std::optional<ServerProfile> server;
    QDateTime startedAt;
    QDateTime finishedAt;
    std::chrono::milliseconds dataTime{};
    std::chrono::milliseconds indexTime{};
    std::chrono::milliseconds verifyTime{};
    CopyCpu copyCpu;
    int lanes = 0;
    int retries = 0;
    /// This one and those before it on the same run.
    int sessions = 1;
    QList<CollectionOutcome> collections;
    QList<StageProgress> stages;
    QList<ThroughputSample> throughput;
    QList<RejectGroup> rejects;
    QStringList warnings;
    /// What the check before the run's first session said, as the ledger has it.
    QList<Finding> findings;
    MigrationPlan plan;
};

/// Runs one migration: new or resumed. Lives in a thread with an event loop, where all signals are emitted;
/// the work is done by a coordinator thread and the lanes, which it owns. Commands return at once and may
/// come at any time. finished() is emitted exactly once and nothing after it.
class MigrationEngine : public QObject {
    Q_OBJECT
public:
    explicit MigrationEngine(RunRequest request, QObject* parent = nullptr);
    /// Aborts a run that is still going and waits for its threads.
    ~MigrationEngine() override;

    void start();
    /// No new pages, no new index; pages in flight and the index that is being built are finished. In state
    /// Paused nothing is read or stored until resume().
    void pause();
    void resume();
    /// Finishes the pages in flight, cancels an index build, then ends Cancelled, resumable.
    void stop();
    /// Drops the pages in flight, cancels whatever PostgreSQL is doing and waits for no server, then ends
    /// Cancelled, resumable: within ten seconds.
    void abort();

    RunState state() const;
    RunProgress progress() const;
    QString runId() const;

signals:
    void stateChanged(qdrant2pg::RunState state);
    /// About four times a second while running.
    void progressed(const qdrant2pg::RunProgress& progress);
    /// A sentence for the log: what was chosen, retried, skipped.
    void message(const QString& text);
    void finished(const qdrant2pg::RunOutcome& outcome);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace qdrant2pg

Q_DECLARE_METATYPE(qdrant2pg::RunOutcome)
