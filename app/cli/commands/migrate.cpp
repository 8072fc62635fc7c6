// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/commands/commands.h"
#include "app/cli/enginerun.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "core/common/units.h"
#include "core/plan/planjson.h"
#include "core/profile/statefolders.h"
#include "core/verify/verifier.h"

#include <algorithm>

namespace qdrant2pg::cli {

namespace {

QString introduction(const Preflight& ready)
{
    QStringList lines;
    for (const CollectionPlan& collection : ready.input.plan.collections)
        lines << QStringLiteral("%1 (%2 points) -> %3.%4")
                     .arg(collection.name,
                         formatCount(ready.prepared.facts.value(collection.name).bestCount()),
                         ready.input.plan.target.schema, collection.table);
    return QStringLiteral("From %1 (%2) into %3 (%4)\n  %5")
        .arg(ready.resolvedSource.options.url.toDisplayString(), ready.resolvedSource.origin,
            targetLabel(ready.resolvedTarget.options.conninfo), ready.resolvedTarget.origin,
            lines.join(QStringLiteral("\n  ")));
}

ExitCode run(CommandContext& context)
{
    auto ready = preflight(context);
    if (!ready)
        return context.fail(ready.error());
    context.console.say(introduction(*ready));
    const QList<Finding> findings = checkPlan(ready->input);
    const bool verbose = context.args.has(QStringLiteral("verbose"));
    printFindings(context, findings, verbose);
    for (const Finding& finding : findings) {
        if (finding.code == QLatin1String("estimate") && !verbose)
            context.console.say(QStringLiteral("  %1: %2").arg(finding.collection, finding.text));
    }
    if (context.args.has(QStringLiteral("save-plan"))) {
        const QString path = context.args.value(QStringLiteral("save-plan"));
        if (auto written = writePrivateFile(path, planToJson(ready->input.plan)); !written)
            return context.fail(written.error());
    }
    if (stopsRun(context, findings)) {
        const auto stopper = std::find_if(findings.begin(), findings.end(), [&](const Finding& finding) {
            return finding.severity == Severity::Blocker || !hasBlocker(findings);
        });
        Error error = makeError(ErrorKind::Schema,
            QStringLiteral("Nothing was written: the pre-flight check found a problem. %1")
                .arg(stopper->text),
            {},
            findingHint(*stopper).isEmpty() ? QStringLiteral("`qdrant2pg check` shows all findings.")
                                            : findingHint(*stopper));
        error.where.collection = stopper->collection;
        return context.fail(error);
    }
    if (const auto missing = missingConfirmation(context, ready->input))
        return context.fail(*missing);
    if (context.args.has(QStringLiteral("dry-run"))) {
        context.console.result(QStringLiteral("This plan can run. Nothing was written (--dry-run)."));
        return ExitCode::Done;
    }

    RunRequest request;
    request.plan = ready->input.plan;
    request.source = ready->resolvedSource.options;
    request.target = ready->resolvedTarget.options;
    request.facts = ready->prepared.facts;
    request.findings = findings;
    request.verifier = makeVerifier();
    return runEngine(context, std::move(request));
}

} // namespace

Command migrateCommand()
{
    Command command;
    command.name = QStringLiteral("migrate");
    command.summary = QStringLiteral("move collections and compare every row");
    command.description = QStringLiteral(
        "Plans, checks, creates the tables, copies all points, builds the indexes, compares every row and "
        "writes "
        "a report. Warnings of the check are printed and the run goes on; problems stop it before anything "
        "is "
        "written. A run that was stopped or failed is continued by `qdrant2pg resume`: nothing is lost or "
        "stored twice.\n"
        "Report, plan, log and rejected points go into the run's folder under "
        "$XDG_STATE_HOME/qdrant2pg/runs, "
        "or into --out. Ctrl+C once finishes the pages in flight, twice ends at once.");
    command.group = QStringLiteral("Move");
    OptionSpec confirm = text(QStringLiteral("confirm"), QStringLiteral("TABLE"),
        QStringLiteral("This existing table may be replaced."));
    confirm.repeatable = true;
    command.options =
        QList<OptionSpec>{confirm,
            flag(QStringLiteral("strict"), QStringLiteral("Warnings of the check stop the run.")),
            flag(QStringLiteral("dry-run"), QStringLiteral("Stop after the check; nothing is written.")),
            folder(QStringLiteral("out"), QStringLiteral("Where report, plan, log and rejects go.")),
            file(QStringLiteral("save-plan"), QStringLiteral("Write the plan to this file as well."))}
        + planOptions() + runOptions() + sourceOptions() + targetOptions() + outputOptions();
    command.environment = sourceEnvironment() + collectionEnvironment() + targetEnvironment();
    command.exitCodes = runExitCodes();
    command.examples = {
        {QStringLiteral("qdrant2pg migrate --collection products"),
            QStringLiteral("one collection, with the servers of QDRANT_URL and DATABASE_URL")},
        {QStringLiteral("qdrant2pg migrate --collection game_collection --preset context_items"),
            QStringLiteral("into the schema of the game guide")},
        {QStringLiteral("qdrant2pg migrate --plan products.json --lanes 4 --verify full"),
            QStringLiteral("a plan that was reviewed, with the strongest proof")},
        {QStringLiteral("qdrant2pg migrate --all-collections --source https://xyz.cloud.qdrant.io:6333 "
                        "--api-key-file key.txt --target postgres://app@db/app"),
            QStringLiteral("everything from a cloud cluster")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
