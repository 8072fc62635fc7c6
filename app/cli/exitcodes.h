// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"

namespace qdrant2pg::cli {

/// What the program tells its caller (design.md section 7). Scripts rely on the numbers; they never change.
enum class ExitCode {
    Done = 0,
    DoneWithRejects = 1,
    Usage = 2,
    Blocked = 3,
    CannotConnect = 4,
    Failed = 5,
    Different = 6,
    Stopped = 130,
};

/// The code for an error that ended a command before or outside of a run.
ExitCode exitCodeFor(const Error& error);
/// "0 done", for help texts.
QString exitCodeMeaning(ExitCode code);

} // namespace qdrant2pg::cli
