// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/publishgate.h"

#include "core/common/units.h"

namespace qdrant2pg {

namespace {

QString objectionOf(const std::optional<VerificationOutcome>& verification)
{
    if (!verification || verification->result == QLatin1String("not-run")
        || verification->level == VerifyLevel::None)
        return QStringLiteral("its rows were not verified");
    if (verification->result == QLatin1String("identical"))
        return {};
    if (verification->result == QLatin1String("failed"))
        return QStringLiteral("its verification could not be finished");
    return verification->mismatchCount > 0
        ? QStringLiteral("verification found differences (%1)").arg(formatCount(verification->mismatchCount))
        : QStringLiteral("verification found differences");
}

} // namespace

PublishDecision publishGate(const QString& table, const std::optional<VerificationOutcome>& verification,
    const QStringList& overrides)
{
    PublishDecision decision;
    decision.objection = objectionOf(verification);
    decision.overridden = !decision.objection.isEmpty() && overrides.contains(table);
    decision.allowed = decision.objection.isEmpty() || decision.overridden;
    return decision;
}

QString overrideSentence(const QString& table, const PublishDecision& decision)
{
    return QStringLiteral("Table %1 was swapped in although %2: --override-verification named it.")
        .arg(table, decision.objection);
}

} // namespace qdrant2pg
