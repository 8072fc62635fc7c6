// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "app/cli/connections.h"
#include "core/plan/plancheck.h"
#include "core/plan/sourcefacts.h"

#include <optional>

namespace qdrant2pg::cli {

/// The plan with the facts that it was made from.
struct PreparedPlan {
    MigrationPlan plan;
    QMap<QString, CollectionFacts> facts;
};

/// The plan file of --plan, or nothing when none was named. Errors name the file.
[[nodiscard]] Result<std::optional<MigrationPlan>> planFromOption(const CommandContext& context);
[[nodiscard]] Result<MigrationPlan> readPlanFile(const QString& path);

/// The collections that the person named by options or COLLECTION. A Usage error lists those there are when
/// none was named, a NotFound error when a name is wrong.
[[nodiscard]] Result<QStringList> chosenCollections(
    const CommandContext& context, const QStringList& existing);

/// The plan of --plan, or one proposed from the facts of the chosen collections, with the options applied on
/// top. `server` may be absent (planning without a target). `rateTime` is for reading pages of all
/// collections together, so that a time can be estimated; at most that long.
[[nodiscard]] Result<PreparedPlan> preparePlan(const CommandContext& context, OpenSource& open,
    ResolvedSource& source, const std::optional<ResolvedTarget>& target,
    const std::optional<ServerProfile>& server, std::optional<MigrationPlan> fromFile,
    std::chrono::milliseconds rateTime = {});

/// Both ends open, the plan made, and everything read that the check looks at. Nothing was written. A role
/// that may not create the book-keeping's own schema gets it beside the tables, unless the schema was named.
struct Preflight {
    ResolvedSource resolvedSource;
    ResolvedTarget resolvedTarget;
    OpenSource source;
    Connection target;
    PreparedPlan prepared;
    CheckInput input;
};
[[nodiscard]] Result<Preflight> preflight(const CommandContext& context);

/// --schema, --ledger-schema, --table and --mode on a plan that exists already.
[[nodiscard]] Result<void> applyTargetOptions(const CommandContext& context, MigrationPlan& plan);
/// The filter object of a file as JSON text.
[[nodiscard]] Result<QByteArray> readFilterFile(const QString& path);

/// --max-points-per-second and --max-requests-in-flight.
void applyLimits(const CommandContext& context, RunPlan& run);
/// Options that change a plan without its collections (lanes, verify, rejects, ...). Usage errors for what
/// makes no sense.
[[nodiscard]] Result<void> applyRunOptions(const CommandContext& context, MigrationPlan& plan);

QStringList collectionNames(const MigrationPlan& plan);
FactOptions factOptions(const CommandContext& context);

/// Prints the findings in the three groups of the Review page; as JSON lines with --json.
void printFindings(const CommandContext& context, const QList<Finding>& findings, bool withNotes);
/// What to do about it, with the option that does it.
QString findingHint(const Finding& finding);

/// True when the findings stop a run: a blocker, or with --strict a warning.
bool stopsRun(const CommandContext& context, const QList<Finding>& findings);

/// Error when the plan destroys something that exists and --confirm does not name it.
std::optional<Error> missingConfirmation(const CommandContext& context, const CheckInput& input);

} // namespace qdrant2pg::cli
