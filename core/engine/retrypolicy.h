// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"
#include "core/engine/migrationengine.h"

#include <chrono>
#include <optional>
#include <random>

namespace qdrant2pg {

/// The only place that decides whether and when something is tried again; clients and connections report,
/// they never retry (but for a request that met a keep-alive connection which the server had just closed: it
/// was never executed).
///
/// Who owns which timeout:
///   connecting to Qdrant          RestTransport, SourceOptions::connectTimeout
///   no byte from Qdrant           RestTransport, SourceOptions::stallTimeout (longer than the next one)
///   work on a page in Qdrant      the server, `timeout=` of SourceOptions::serverTimeoutSeconds
///   connecting to PostgreSQL      libpq, TargetOptions::connectTimeoutSeconds
///   a dead PostgreSQL connection  TCP keep-alives set by Connection
///   statements and locks          the server's statement_timeout and lock_timeout, as the role has them
///   a statement after the stop    Abandonment, TargetOptions::abandon: cancelled, and cut after two seconds
///   a range whose owner died      the ledger's lease, RunRequest::leaseSeconds, by the server's clock
///   how often all this is tried   RetryPolicy, RetryLimits
class RetryPolicy {
public:
    explicit RetryPolicy(RetryLimits limits)
        : m_limits(limits)
        , m_random(std::random_device{}())
    {
    }

    /// The wait before the next attempt; nothing when the error is final or the budget is used up.
    std::optional<std::chrono::milliseconds> next(const Error& error);
    /// A success refills the budget.
    void succeeded() { m_attempt = 0; }
    /// What happened and which attempt comes next: "no answer from Qdrant for 30 s, attempt 3 of 10".
    /// `silence` is how long nothing came, where that is known.
    QString waitText(const QString& who, const Error& error, std::chrono::milliseconds silence = {}) const;
    int attempt() const { return m_attempt; }
    int attempts() const { return m_limits.attempts; }

private:
    RetryLimits m_limits;
    int m_attempt = 0;
    std::minstd_rand m_random;
};

} // namespace qdrant2pg
