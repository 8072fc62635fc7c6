// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QString>

namespace qdrant2pg {

/// States of a run; the transition table in runstate.cpp is the only authority (design.md section 4).
enum class RunState {
    Idle,
    Preflight,
    CreatingSchema,
    Copying,
    Pausing,
    Paused,
    BuildingIndexes,
    Verifying,
    Finishing,
    Cancelling,
    Completed,
    CompletedWithRejects,
    Cancelled,
    Failed,
};

/// Stable word for ledger, JSON and logs: "copying", "completed-with-rejects".
QString runStateName(RunState state);
bool isTerminal(RunState state);
bool mayFollow(RunState from, RunState to);
QList<RunState> allRunStates();

} // namespace qdrant2pg
