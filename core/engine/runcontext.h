// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/migrationengine.h"
#include "core/engine/pagesizer.h"
#include "core/plan/targetschema.h"
#include "core/postgres/ledger.h"
#include "core/qdrant/sourcelimits.h"
#include "core/qdrant/transport.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

namespace qdrant2pg {

/// Counters of one collection in this session, written by lanes, read by snapshots.
struct CollectionCounters {
    std::atomic<qint64> read{0};
    std::atomic<qint64> stored{0};
    std::atomic<qint64> rejected{0};
    std::atomic<qint64> skipped{0};
    std::atomic<qint64> sourceBytes{0};
    std::atomic<qint64> copyBytes{0};
    std::atomic<int> rangesDone{0};
};

/// One collection of a run: what lanes need to know about it. Read-only while lanes run, but for the counters
/// and sizer.
struct CollectionRun {
    CollectionPlan plan;
    TargetSchema schema;
    CollectionFacts facts;
    QByteArray fingerprint;
    qint64 expected = -1;
    bool expectedExact = false;
    int ranges = 0;
    std::unique_ptr<PageSizer> sizer;
    std::unique_ptr<CollectionCounters> counters = std::make_unique<CollectionCounters>();
    /// What earlier sessions had done.
    CollectionProgress before;
    /// Replace mode: an earlier process swapped the table in and died before it could say so.
    bool published = false;
};

/// Where the time of all lanes goes, for the bottleneck line.
struct LaneTimes {
    std::atomic<qint64> sourceNs{0};
    std::atomic<qint64> computeNs{0};
    std::atomic<qint64> postgresNs{0};
};

/// What the lanes spend processor time on.
struct LaneCpu {
    std::atomic<qint64> decodeNs{0};
    std::atomic<qint64> encodeNs{0};
    std::atomic<qint64> copyNs{0};
};

/// What a lane is waiting for and since when, so that a stall can be named.
class LaneActivity {
public:
    enum class What { Nothing, Qdrant, PostgreSql };
    void begin(What what)
    {
        m_since = std::chrono::steady_clock::now().time_since_epoch().count();
        m_what = what;
    }
    void end() { m_what = What::Nothing; }
    What what() const { return m_what; }
    std::chrono::milliseconds elapsed() const
    {
        const std::chrono::steady_clock::time_point since{
            std::chrono::steady_clock::duration(m_since.load())};
        return std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now() - since);
    }

private:
    std::atomic<std::chrono::steady_clock::rep> m_since{0};
    std::atomic<What> m_what{What::Nothing};
};

/// What coordinator, lanes and the engine's commands share. All members are thread-safe or fixed before lanes
/// start.
class RunContext {
public:
    RunRequest request;
    QString runId;
    std::string owner;
    Ledger ledger{QString()};
    ServerProfile server;
    std::int64_t runStartMicros = 0;
    /// How points are read; absent when the caller brought a factory of its own.
    std::optional<TransportDecision> transport;
    /// What the plan allows to ask of the source; set with it.
    std::shared_ptr<SourceLimits> limits = std::make_shared<SourceLimits>(0, 0);
    std::vector<CollectionRun> collections;
    LaneTimes times;
    LaneCpu cpu;
    /// One per lane; sized before lanes start.
    std::deque<LaneActivity> activities;
    std::atomic<int> retries{0};
    std::atomic<qint64> rejectedTotal{0};

    CollectionRun* collection(const QString& name);
    /// As the request says, else the plan, else automatic.
    int wantedLanes() const;
    /// Bytes of a page as the plan says, else by transport; smaller for many lanes, so that memory stays.
    qint64 pageBytes(const QString& collectionName) const;

    // Commands.
    void requestPause(bool paused);
    void requestStop();
    void requestAbort();
    bool stopRequested() const { return m_stop.load(); }
    bool aborted() const { return m_abort.stop_requested(); }
    bool pauseRequested() const { return m_paused.load(); }
    std::stop_token abortToken() const { return m_abort.get_token(); }
    /// For work of which nothing is worth keeping: it ends at stop as well as at abort.
    std::stop_token stopToken() const { return m_stopSource.get_token(); }
    /// The first final error of a lane ends the run: the others stop as for stop().
    void failWith(const Error& error);
    std::optional<Error> failure() const;
    bool ending() const { return stopRequested() || aborted() || m_failed.load(); }
    /// Between these two a lane has nothing in its hands and touches neither server; endRest() blocks while
    /// the run is paused.
    void beginRest();
    void endRest();
    /// Where a pause may take hold of a lane.
    void rest()
    {
        beginRest();
        endRest();
    }
    /// Paused, and so many lanes rest: nothing is read or stored until the pause ends.
    bool isAtRest(int lanes) const;
    /// Waits that long, or until the run is ending. False when it is ending.
    bool waitFor(std::chrono::milliseconds duration);
    /// Blocks until `points` more may be asked for under maxPointsPerSecond.
    void throttle(std::uint32_t points);
    /// Something for the coordinator to look at (a lane ended, a command came).
    void notify();
    void waitForChange(std::chrono::milliseconds atMost);

    /// Waits like waitFor(), with a sentence that says so in log and progress ("..., next in 8 s").
    bool waitNamed(const QString& text, std::chrono::milliseconds duration);
    /// The wait that ends last, with what is left of it; empty when nobody waits.
    QString waiting() const;
    void addMessage(const QString& text);
    QStringList takeMessages();
    void addMark(const QString& mark);
    QString takeMark();

private:
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::atomic<bool> m_stop{false};
    std::atomic<bool> m_paused{false};
    int m_resting = 0;
    std::atomic<bool> m_failed{false};
    std::stop_source m_abort;
    std::stop_source m_stopSource;
    std::optional<Error> m_failure;
    struct Wait {
        QString text;
        std::chrono::steady_clock::time_point until;
    };
    std::map<quint64, Wait> m_waits;
    quint64 m_nextWait = 0;
    QStringList m_messages;
    QString m_mark;
    quint64 m_changes = 0;
};

} // namespace qdrant2pg
