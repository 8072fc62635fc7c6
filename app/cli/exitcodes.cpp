// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/exitcodes.h"

namespace qdrant2pg::cli {

ExitCode exitCodeFor(const Error& error)
{
    switch (error.kind) {
    case ErrorKind::Usage:
        return ExitCode::Usage;
    case ErrorKind::Network:
    case ErrorKind::Timeout:
    case ErrorKind::Tls:
    case ErrorKind::Authentication:
    case ErrorKind::Permission:
    case ErrorKind::Protocol:
        return ExitCode::CannotConnect;
    // A missing collection or table is a mistake in the plan; a missing database is a place that cannot be
    // reached.
    case ErrorKind::NotFound:
        return error.where.collection.isEmpty() && error.where.table.isEmpty() ? ExitCode::CannotConnect
                                                                               : ExitCode::Blocked;
    case ErrorKind::Unsupported:
    case ErrorKind::Schema:
    case ErrorKind::Conflict:
        return ExitCode::Blocked;
    case ErrorKind::Cancelled:
        return ExitCode::Stopped;
    case ErrorKind::Constraint:
    case ErrorKind::Data:
    case ErrorKind::Capacity:
    case ErrorKind::File:
    case ErrorKind::Internal:
        return ExitCode::Failed;
    }
    return ExitCode::Failed;
}

QString exitCodeMeaning(ExitCode code)
{
    switch (code) {
    case ExitCode::Done:
        return QStringLiteral("done");
    case ExitCode::DoneWithRejects:
        return QStringLiteral("done, but points were rejected");
    case ExitCode::Usage:
        return QStringLiteral("the command line or a file named in it is wrong");
    case ExitCode::Blocked:
        return QStringLiteral("blocked by the pre-flight check");
    case ExitCode::CannotConnect:
        return QStringLiteral("cannot connect, or not allowed");
    case ExitCode::Failed:
        return QStringLiteral("failed; a run can be resumed");
    case ExitCode::Different:
        return QStringLiteral("verification found differences");
    case ExitCode::Stopped:
        return QStringLiteral("stopped by the user or by SIGTERM; a run can be resumed");
    }
    return {};
}

} // namespace qdrant2pg::cli
