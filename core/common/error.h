// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QString>

namespace qdrant2pg {

/// What went wrong, in the classes that call for different actions of a person (ux.md 2.2).
enum class ErrorKind {
    Network,
    Timeout,
    Tls,
    Authentication,
    Permission,
    NotFound,
    Protocol,
    Unsupported,
    Schema,
    Constraint,
    Data,
    Capacity,
    File,
    Conflict,
    Cancelled,
    Usage,
    Internal,
};

/// Stable lower-case word for logs, JSON and the ledger, for example "not-found".
QString errorKindName(ErrorKind kind);

/// Where it went wrong, as far as known. Empty fields are unknown.
struct ErrorContext {
    QString host;
    QString collection;
    QString table;
    QString column;
    QString pointId;
    QString file;

    /// "collection game, point 17, column embedding"; empty when nothing is known.
    QString toString() const;
};

/// An error as a value. `summary` is one sentence for a person, `detail` the server's own words (already
/// redacted), `hint` what to do next. None of them ever holds a secret. Made once, at the edge where the
/// fault was seen.
struct Error {
    ErrorKind kind = ErrorKind::Internal;
    QString summary;
    QString detail;
    QString hint;
    ErrorContext where;
    QByteArray sqlState;
    int httpStatus = 0;
    bool retryable = false;
    /// The connection it came from must not be used again.
    bool poisonsConnection = false;
    /// The server's wish (Retry-After); 0 when it gave none.
    int retryAfterSeconds = 0;

    /// Summary, place, detail and hint on lines of their own, for terminals and logs.
    QString toText() const;
};

/// Shorthand for errors that need no more than these fields.
Error makeError(ErrorKind kind, QString summary, QString detail = {}, QString hint = {});

} // namespace qdrant2pg
