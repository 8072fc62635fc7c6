// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/verification.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace qdrant2pg {

/// Whether a replacement may take the place of the table that people use.
struct PublishDecision {
    bool allowed = false;
    /// A verification that speaks against it was overridden by name.
    bool overridden = false;
    /// What speaks against it; empty when nothing does.
    QString objection;
};

/// The gate before every swap: closed while verification found differences, could not be finished or did not
/// run, unless the table is in `overrides` by its own name. Pure.
PublishDecision publishGate(const QString& table, const std::optional<VerificationOutcome>& verification,
    const QStringList& overrides);

/// The sentence that reports keep of an overridden gate.
QString overrideSentence(const QString& table, const PublishDecision& decision);

} // namespace qdrant2pg
