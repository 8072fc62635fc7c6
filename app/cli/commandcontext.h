// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/signalwatcher.h"

namespace qdrant2pg::cli {

/// What a running command works with. Everything lives in main().
struct CommandContext {
    const Command& command;
    const Invocation& args;
    Console& console;
    SignalWatcher& signals_;

    /// Prints the error and answers with its exit code.
    ExitCode fail(const Error& error) const
    {
        console.error(error);
        return exitCodeFor(error);
    }
};

} // namespace qdrant2pg::cli
