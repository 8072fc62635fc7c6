// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/runsession.h"

namespace qdrant2pg {

/// The sequence of a run, on a thread of its own: preflight, schema, lanes, indexes, verification, end.
/// Blocking. The phases are functions of their own over the RunSession.
class Coordinator {
public:
    Coordinator(RunContext& context, RunCallbacks callbacks);

    /// Runs to the end; the outcome's state is terminal.
    RunOutcome run();

private:
    Result<void> sequence();
    Result<void> finishElsewhere();
    RunState goodEnd() const;
    void finish(RunState state, const std::optional<Error>& error);

    RunSession m_session;
    /// Another process ended the run while this one waited for its turn.
    bool m_finishedElsewhere = false;
};

} // namespace qdrant2pg
