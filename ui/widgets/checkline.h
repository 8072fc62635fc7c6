// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"
#include "ui/widgets/style.h"

#include <QString>

#include <chrono>
#include <optional>

namespace qdrant2pg {

/// One line of a check list: what was looked at and what came out. `advice` and `detail` show when it did not
/// go well.
struct CheckLine {
    /// Stable word, for example "tls".
    QString id;
    QString title;
    Status status = Status::Waiting;
    std::optional<std::chrono::milliseconds> time;
    /// What was found, one line.
    QString result;
    /// What to try.
    QString advice;
    /// The server's own words, redacted.
    QString detail;

    /// As one line for clipboards and screen readers: "TLS: Problem. ...".
    QString toText() const;
    static CheckLine fromError(const QString& id, const QString& title, const Error& error);
};

} // namespace qdrant2pg
