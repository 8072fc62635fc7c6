// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/runstate.h"

namespace qdrant2pg {

QString runStateName(RunState state)
{
    switch (state) {
    case RunState::Idle:
        return QStringLiteral("idle");
    case RunState::Preflight:
        return QStringLiteral("preflight");
    case RunState::CreatingSchema:
        return QStringLiteral("creating-schema");
    case RunState::Copying:
        return QStringLiteral("copying");
    case RunState::Pausing:
        return QStringLiteral("pausing");
    case RunState::Paused:
        return QStringLiteral("paused");
    case RunState::BuildingIndexes:
        return QStringLiteral("building-indexes");
    case RunState::Verifying:
        return QStringLiteral("verifying");
    case RunState::Finishing:
        return QStringLiteral("finishing");
    case RunState::Cancelling:
        return QStringLiteral("cancelling");
    case RunState::Completed:
        return QStringLiteral("completed");
    case RunState::CompletedWithRejects:
        return QStringLiteral("completed-with-rejects");
    case RunState::Cancelled:
        return QStringLiteral("cancelled");
    case RunState::Failed:
        return QStringLiteral("failed");
    }
    return {};
}

bool isTerminal(RunState state)
{
    return state == RunState::Completed || state == RunState::CompletedWithRejects
        || state == RunState::Cancelled || state == RunState::Failed;
}

bool mayFollow(RunState from, RunState to)
{
    using enum RunState;
    // A run may fail or be cancelled from every state that is neither idle nor terminal.
    const bool running = from != Idle && !isTerminal(from);
    if (to == Failed)
        return running;
    if (to == Cancelling)
        return running && from != Cancelling;
    switch (from) {
    case Idle:
        return to == Preflight;
    case Preflight:
        return to == CreatingSchema || to == Copying;
    case CreatingSchema:
        return to == Copying;
    case Copying:
        return to == Pausing || to == BuildingIndexes;
    case Pausing:
        return to == Paused || to == Copying || to == BuildingIndexes;
    case Paused:
        return to == Copying || to == BuildingIndexes;
    case BuildingIndexes:
        return to == Pausing || to == Verifying || to == Finishing;
    case Verifying:
        return to == Finishing;
    case Finishing:
        return to == Completed || to == CompletedWithRejects;
    case Cancelling:
        return to == Cancelled;
    case Completed:
    case CompletedWithRejects:
    case Cancelled:
    case Failed:
        return false;
    }
    return false;
}

QList<RunState> allRunStates()
{
    using enum RunState;
    return {Idle, Preflight, CreatingSchema, Copying, Pausing, Paused, BuildingIndexes, Verifying, Finishing,
        Cancelling, Completed, CompletedWithRejects, Cancelled, Failed};
}

} // namespace qdrant2pg
