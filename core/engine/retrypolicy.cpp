// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/retrypolicy.h"

#include <algorithm>

namespace qdrant2pg {

std::optional<std::chrono::milliseconds> RetryPolicy::next(const Error& error)
{
    if (!error.retryable || m_attempt >= m_limits.attempts)
        return std::nullopt;
    // Waiting for a lock or a statement's time limit again and again only hides the cause: once more, then
    // stop.
    if ((error.sqlState == "55P03" || error.sqlState == "57014") && m_attempt >= 1)
        return std::nullopt;
    ++m_attempt;
    if (error.retryAfterSeconds > 0)
        return std::chrono::seconds(error.retryAfterSeconds);
    const auto grown = m_limits.first * (1LL << std::min(m_attempt - 1, 20));
    const auto capped = std::min<std::chrono::milliseconds>(grown, m_limits.cap);
    // Full jitter on the upper half keeps lanes that failed together from coming back together.
    std::uniform_int_distribution<std::int64_t> jitter(capped.count() / 2, capped.count());
    return std::chrono::milliseconds(jitter(m_random));
}

QString RetryPolicy::waitText(const QString& who, const Error& error, std::chrono::milliseconds silence) const
{
    QString what = error.summary;
    if (what.endsWith(QLatin1Char('.')))
        what.chop(1);
    // Not for the server's own words that it ran out of time: then there was an answer.
    if (error.kind == ErrorKind::Timeout && error.httpStatus == 0 && error.sqlState.isEmpty()
        && silence >= std::chrono::seconds(1)) {
        what = QStringLiteral("no answer from %1 for %2 s").arg(who).arg(silence.count() / 1000);
    } else if (!what.contains(who)) {
        what = who + QStringLiteral(": ") + what;
    }
    return QStringLiteral("%1, attempt %2 of %3").arg(what).arg(m_attempt + 1).arg(m_limits.attempts + 1);
}

} // namespace qdrant2pg
