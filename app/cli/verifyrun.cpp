// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/verifyrun.h"

#include "app/cli/blockingrun.h"
#include "core/common/units.h"
#include "core/report/reportbuilder.h"
#include "core/report/reportwriters.h"
#include "core/verify/verifier.h"

#include <QJsonArray>

#include <algorithm>
#include <mutex>
#include <optional>

namespace qdrant2pg::cli {

namespace {

constexpr qsizetype mismatchesPrinted = 20;

QJsonObject toJson(const VerificationOutcome& outcome)
{
    QJsonArray mismatches;
    for (const Mismatch& mismatch : outcome.mismatches)
        mismatches.append(QJsonObject{{QStringLiteral("type"), mismatch.type},
            {QStringLiteral("pointId"), mismatch.pointId}, {QStringLiteral("column"), mismatch.column},
            {QStringLiteral("source"), mismatch.sourceValue},
            {QStringLiteral("target"), mismatch.targetValue}});
    const auto known = [](qint64 value) {
        return value < 0 ? QJsonValue() : QJsonValue(value);
    };
    return {{QStringLiteral("event"), QStringLiteral("verified")},
        {QStringLiteral("collection"), outcome.collection},
        {QStringLiteral("level"), verifyLevelName(outcome.level)}, {QStringLiteral("result"), outcome.result},
        {QStringLiteral("sentence"), outcome.sentence},
        {QStringLiteral("sourceCount"), known(outcome.sourceCount)},
        {QStringLiteral("targetCount"), known(outcome.targetCount)},
        {QStringLiteral("comparedRows"), outcome.comparedRows},
        {QStringLiteral("algorithm"), outcome.algorithm},
        {QStringLiteral("sourceDigest"), outcome.sourceDigest},
        {QStringLiteral("targetDigest"), outcome.targetDigest},
        {QStringLiteral("mismatchCount"), outcome.mismatchCount}, {QStringLiteral("mismatches"), mismatches},
        {QStringLiteral("mismatchFile"), outcome.mismatchFile},
        {QStringLiteral("transport"), outcome.transport},
        {QStringLiteral("rules"), QJsonArray::fromStringList(outcome.rules)},
        {QStringLiteral("elapsedMs"), qint64(outcome.elapsed.count())}};
}

bool has(const QList<VerificationOutcome>& outcomes, const char* result)
{
    return std::any_of(outcomes.begin(), outcomes.end(),
        [result](const VerificationOutcome& outcome) { return outcome.result == QLatin1String(result); });
}

/// How long a comparison will still take, from the part that is done. Thread-safe.
class RemainingTime {
public:
    /// Nothing as long as it would be a guess.
    std::optional<std::chrono::milliseconds> after(const QString& collection, double fraction)
    {
        const std::lock_guard lock(m_mutex);
        const auto now = Clock::now();
        if (m_collection != collection || fraction < 0) {
            m_collection = collection;
            m_began = now;
            m_first = std::max(0.0, fraction);
            return std::nullopt;
        }
        const double done = fraction - m_first;
        if (now - m_began < std::chrono::seconds(2) || done < 0.01)
            return std::nullopt;
        const auto elapsed = std::chrono::duration<double, std::milli>(now - m_began).count();
        return std::chrono::milliseconds(static_cast<qint64>(elapsed * (1 - fraction) / done));
    }

private:
    using Clock = std::chrono::steady_clock;
    std::mutex m_mutex;
    QString m_collection;
    Clock::time_point m_began{};
    double m_first = 0;
};

} // namespace

Result<QList<VerificationOutcome>> runVerification(
    const CommandContext& context, const VerifyRequest& request)
{
    BlockingRun blocking(context);
    RemainingTime remaining;
    return makeVerifier()->verify(
        request,
        [&](const QString& collection, double fraction, const QString& note) {
            const QString share =
                fraction < 0 ? QString() : QStringLiteral("  %1 %").arg(static_cast<int>(fraction * 100), 3);
            const auto left = remaining.after(collection, fraction);
            const QString eta = left ? QStringLiteral("  %1 left").arg(formatDuration(*left)) : QString();
            blocking.show(QStringLiteral("Comparing %1%2  %3%4").arg(collection, share, note, eta),
                {{QStringLiteral("event"), QStringLiteral("progress")},
                    {QStringLiteral("stage"), QStringLiteral("verify")},
                    {QStringLiteral("collection"), collection},
                    {QStringLiteral("fraction"), fraction < 0 ? QJsonValue() : QJsonValue(fraction)},
                    {QStringLiteral("etaMs"), left ? QJsonValue(qint64(left->count())) : QJsonValue()},
                    {QStringLiteral("note"), note}});
        },
        blocking.token());
}

void printVerification(const CommandContext& context, const QList<VerificationOutcome>& outcomes)
{
    for (const VerificationOutcome& outcome : outcomes) {
        context.console.jsonLine(toJson(outcome));
        QString text = QStringLiteral("%1: %2 (%3)")
                           .arg(outcome.collection, outcome.result, verifyLevelName(outcome.level));
        if (!outcome.sentence.isEmpty())
            text += QStringLiteral("\n  ") + outcome.sentence;
        if (outcome.sourceCount >= 0 && outcome.targetCount >= 0)
            text += QStringLiteral("\n  %1 points in Qdrant, %2 rows in PostgreSQL")
                        .arg(formatCount(outcome.sourceCount), formatCount(outcome.targetCount));
        for (const QString& rule : outcome.rules)
            text += QStringLiteral("\n  rule: ") + rule;
        for (const Mismatch& mismatch : outcome.mismatches.mid(0, mismatchesPrinted)) {
            text += QStringLiteral("\n  %1 %2").arg(mismatch.type, mismatch.pointId);
            if (!mismatch.column.isEmpty())
                text += QStringLiteral(" %1: %2 in Qdrant, %3 in PostgreSQL")
                            .arg(mismatch.column, mismatch.sourceValue, mismatch.targetValue);
        }
        if (outcome.mismatchCount > std::min<qsizetype>(outcome.mismatches.size(), mismatchesPrinted))
            text += QStringLiteral("\n  ... %1 differences in all").arg(formatCount(outcome.mismatchCount));
        if (!outcome.mismatchFile.isEmpty())
            text += QStringLiteral("\n  all of them: ") + outcome.mismatchFile;
        context.console.result(text);
    }
}

ExitCode exitCodeFor(const QList<VerificationOutcome>& outcomes)
{
    if (has(outcomes, "different"))
        return ExitCode::Different;
    return has(outcomes, "failed") || has(outcomes, "not-run") ? ExitCode::Failed : ExitCode::Done;
}

} // namespace qdrant2pg::cli
