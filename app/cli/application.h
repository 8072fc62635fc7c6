// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

namespace qdrant2pg::cli {

/// The whole program: finds the command, parses its arguments, runs it, answers with the exit code.
int runApplication(int argc, char** argv);

} // namespace qdrant2pg::cli
