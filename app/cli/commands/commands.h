// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "app/cli/command.h"

namespace qdrant2pg::cli {

/// The sub-commands, each in the file of its name.
Command inspectCommand();
Command planCommand();
Command checkCommand();
Command migrateCommand();
Command resumeCommand();
Command workerCommand();
Command runsCommand();
Command verifyCommand();
Command compareSearchCommand();
Command reportCommand();
Command replayCommand();
Command sqlCommand();
Command rollbackCommand();
Command exportCommand();
Command convertCommand();
Command importCommand();
Command validateCommand();
/// `help`: the overview, and (hidden) manual page and completions for packages.
Command helpCommand();

/// The exit codes of commands that run the engine.
QList<ExitCode> runExitCodes();
/// The exit codes of commands that only look.
QList<ExitCode> lookExitCodes();

} // namespace qdrant2pg::cli
