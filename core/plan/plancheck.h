// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/migrationplan.h"
#include "core/plan/sourcefacts.h"
#include "core/postgres/catalogue.h"
#include "core/postgres/serverprofile.h"
#include "core/qdrant/transport.h"

#include <QJsonObject>
#include <QList>
#include <QMap>

#include <optional>

namespace qdrant2pg {

enum class Severity { Blocker, Warning, Info };
/// Groups of the Review page.
enum class FindingGroup { WillMove, WillChange, CannotMove };

/// One result of the pre-flight check.
struct Finding {
    Severity severity = Severity::Info;
    FindingGroup group = FindingGroup::WillMove;
    /// Stable word, for example "table-exists"; tests and scripts rely on it.
    QString code;
    /// Place in the plan: "collections[0].vectors[1].type"; empty for the whole.
    QString path;
    QString collection;
    QString text;
    QString hint;
    /// What the fix does, in words; empty when there is none. applyFix() carries it out.
    QString fixText;
    /// New values by plan path; how applyFix knows what to do.
    QMap<QString, QJsonValue> fix;
};

/// What the checker looks at. Absent parts were not reachable or not asked for; the checker says so.
struct CheckInput {
    MigrationPlan plan;
    QMap<QString, CollectionFacts> facts;
    std::optional<ServerProfile> server;
    std::optional<SchemaRights> schemaRights;
    /// By table name of the plan; nothing = does not exist.
    QMap<QString, std::optional<ExistingTable>> tables;
    /// Error of the write probe; absent when it passed or was not made.
    std::optional<Error> writeProbe;
    bool writeProbeMade = false;
    /// Trial CREATE EXTENSION vector where it is available and not created; error as above.
    std::optional<Error> vectorProbe;
    bool vectorProbeMade = false;
    /// How the points would be read, or why not as the plan demands; absent when it was not looked at.
    std::optional<Result<TransportDecision>> transport;
    /// Whether the book-keeping is or can be created in the plan's ledger schema; absent when not looked at.
    std::optional<bool> ledgerUsable;
};

/// Pure: findings for a plan from facts. Blockers first, then warnings, then notes; stable order.
QList<Finding> checkPlan(const CheckInput& input);
/// Reads what checkPlan needs from both servers. Connection errors are returned, not findings.
[[nodiscard]] Result<CheckInput> gatherCheckInput(const MigrationPlan& plan, QdrantClient& client,
    Connection& target, const FactOptions& options, bool writeProbe);
/// The same from facts that are already in hand, one for each collection of the plan.
[[nodiscard]] Result<CheckInput> gatherCheckInput(const MigrationPlan& plan,
    const QMap<QString, CollectionFacts>& facts, Connection& target, bool writeProbe);
/// The plan with that finding's fix applied.
[[nodiscard]] Result<MigrationPlan> applyFix(const MigrationPlan& plan, const Finding& finding);
bool hasBlocker(const QList<Finding>& findings);
QString severityName(Severity severity);

} // namespace qdrant2pg
