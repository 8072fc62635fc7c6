// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/runcontext.h"

#include <functional>

namespace qdrant2pg {

/// The sequence of a run, on a thread of its own: preflight, schema, lanes, indexes, verification, end.
/// Blocking. Speaks to the engine only through the callbacks, which may be called from this thread and from
/// those it starts.
class Coordinator {
public:
    struct Callbacks {
        std::function<void(RunState, const QString& runId)> state;
        std::function<void(const StageProgress&)> stage;
        std::function<void(const QString&)> message;
    };

    Coordinator(RunContext& context, Callbacks callbacks);

    /// Runs to the end; the outcome's state is terminal.
    RunOutcome run();

private:
    Result<void> preflight(Connection& control);
    Result<void> startRun(Connection& control);
    Result<void> resumeRun(Connection& control);
    Result<void> prepareCollection(const CollectionPlan& plan);
    Result<void> keepApart(Connection& control);
    Result<void> createSchema(Connection& control, const QList<LedgerRange>& ranges);
    Result<void> copy();
    Result<void> checkSourceIdentity();
    Result<void> buildIndexes();
    Result<void> publish(Connection& control);
    Result<void> verify();
    Result<Connection> connectWithRetries();
    void finish(RunState state, const std::optional<Error>& error);
    void collectNumbers(Connection& control);
    void enter(RunState state);

    RunContext& m_context;
    Callbacks m_callbacks;
    RunOutcome m_outcome;
    std::unique_ptr<QdrantClient> m_client;
    bool m_runExists = false;
    /// Another process ended the run while this one waited for its turn.
    bool m_finishedElsewhere = false;
};

} // namespace qdrant2pg
