// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/retrypolicy.h"
#include "core/engine/runcontext.h"
#include "core/postgres/connection.h"

#include <functional>
#include <memory>
#include <optional>

namespace qdrant2pg {

class QdrantClient;

/// How the sequence of a run speaks to the engine. May be called from the coordinator's thread and from those
/// it starts.
struct RunCallbacks {
    std::function<void(RunState, const QString& runId)> state;
    std::function<void(const StageProgress&)> stage;
    std::function<void(const QString&)> message;
};

/// What the phases of one run share: its context, how it speaks to the engine, the outcome that grows, and
/// the connection that holds the table for this run. Belongs to the coordinator's thread.
class RunSession {
public:
    RunSession(RunContext& runContext, RunCallbacks runCallbacks);
    ~RunSession();
    RunSession(const RunSession&) = delete;
    RunSession& operator=(const RunSession&) = delete;

    RunContext& context;
    RunCallbacks callbacks;
    RunOutcome outcome;
    std::unique_ptr<QdrantClient> client;
    /// Open from the start to the end; holds the locks that keep other runs away from the tables.
    std::optional<Connection> control;
    /// The ledger knows the run: from here on it can be resumed.
    bool runExists = false;

    void enter(RunState state);
    /// Waits as the policy says before the next attempt; false when there is none or the run is ending.
    bool waitBeforeRetry(RetryPolicy& policy, const Error& error, const QString& who);
    /// Repeats an action on Qdrant as long as the policy allows.
    template <class Action> auto withRetries(const QString& who, const Action& action)
    {
        RetryPolicy policy(context.request.retry);
        for (;;) {
            auto result = action();
            if (result || !waitBeforeRetry(policy, result.error(), who))
                return result;
        }
    }
    /// Sees to it that `control` answers, and takes the tables again when it had to be opened anew: Conflict
    /// when another run has one of them by now.
    [[nodiscard]] Result<void> ensureControl();
    /// Two runs into one table never mix: each holds a shared lock (table, run) and refuses when it sees
    /// another run's.
    [[nodiscard]] Result<void> keepApart();
};

} // namespace qdrant2pg
