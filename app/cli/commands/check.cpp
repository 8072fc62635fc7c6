// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/commands/commands.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "core/plan/planjson.h"
#include "core/profile/statefolders.h"

#include <algorithm>

namespace qdrant2pg::cli {

namespace {

/// Applies every fix that the findings offer; the findings of the changed plan decide the outcome.
Result<int> applyFixes(const CommandContext& context, CheckInput& input, QList<Finding>& findings)
{
    int fixed = 0;
    // A fix may raise a finding of its own; a handful of rounds settles everything that can be settled.
    for (int round = 0; round < 5; ++round) {
        const auto fixable = std::find_if(
            findings.begin(), findings.end(), [](const Finding& finding) { return !finding.fix.isEmpty(); });
        if (fixable == findings.end())
            break;
        for (const Finding& finding : std::as_const(findings)) {
            if (finding.fix.isEmpty())
                continue;
            auto changed = applyFix(input.plan, finding);
            if (!changed)
                return fail(changed.error());
            input.plan = *changed;
            context.console.say(QStringLiteral("Fixed: %1").arg(finding.fixText));
            ++fixed;
        }
        findings = checkPlan(input);
    }
    return fixed;
}

ExitCode run(CommandContext& context)
{
    const bool fix = context.args.has(QStringLiteral("fix"));
    const QString planPath = context.args.value(
        context.args.has(QStringLiteral("save-plan")) ? QStringLiteral("save-plan") : QStringLiteral("plan"));
    if (fix && planPath.isEmpty())
        return context.fail(
            makeError(ErrorKind::Usage, QStringLiteral("--fix changes the plan and needs a file for it."), {},
                QStringLiteral("Give --save-plan FILE, or --plan FILE to change that file.")));
    auto ready = preflight(context);
    if (!ready)
        return context.fail(ready.error());
    CheckInput& input = ready->input;
    QList<Finding> findings = checkPlan(input);
    if (fix) {
        if (auto fixed = applyFixes(context, input, findings); !fixed)
            return context.fail(fixed.error());
    }
    if (fix || context.args.has(QStringLiteral("save-plan"))) {
        if (auto written = writePrivateFile(planPath, planToJson(input.plan)); !written)
            return context.fail(written.error());
        context.console.say(QStringLiteral("Plan: %1 (sha256 %2)").arg(planPath, planHash(input.plan)));
    }
    printFindings(context, findings, true);
    const auto count = [&findings](Severity severity) {
        return std::count_if(findings.begin(), findings.end(),
            [severity](const Finding& finding) { return finding.severity == severity; });
    };
    const bool stops = stopsRun(context, findings);
    const QString sums = QStringLiteral("%1 problems, %2 warnings, %3 notes.")
                             .arg(count(Severity::Blocker))
                             .arg(count(Severity::Warning))
                             .arg(count(Severity::Info));
    context.console.result(
        (stops ? QStringLiteral("This plan cannot run as it is: ") : QStringLiteral("This plan can run: "))
        + sums + QStringLiteral(" Nothing was written."));
    if (const auto missing = missingConfirmation(context, input))
        context.console.warn(missing->toText());
    context.console.jsonLine({{QStringLiteral("event"), QStringLiteral("checked")},
        {QStringLiteral("canRun"), !stops}, {QStringLiteral("problems"), qint64(count(Severity::Blocker))},
        {QStringLiteral("warnings"), qint64(count(Severity::Warning))},
        {QStringLiteral("notes"), qint64(count(Severity::Info))},
        {QStringLiteral("planHash"), planHash(input.plan)}});
    return stops ? ExitCode::Blocked : ExitCode::Done;
}

} // namespace

Command checkCommand()
{
    Command command;
    command.name = QStringLiteral("check");
    command.summary = QStringLiteral("the pre-flight check: what will move, change, or cannot move");
    command.description = QStringLiteral(
        "Makes the plan and holds it against both servers: rights, versions, pgvector, existing tables, "
        "dimensions, ids, values that PostgreSQL refuses. The only thing tried on the target is a scratch "
        "table in a transaction that is rolled back.");
    command.group = QStringLiteral("Look");
    command.options =
        QList<OptionSpec>{flag(QStringLiteral("fix"),
                              QStringLiteral("Apply the offered fixes and write the changed plan.")),
            file(QStringLiteral("save-plan"), QStringLiteral("Write the plan to this file.")),
            flag(QStringLiteral("strict"), QStringLiteral("Warnings count as problems."))}
        + planOptions() + runOptions() + sourceOptions() + targetOptions() + outputOptions();
    OptionSpec confirm = text(QStringLiteral("confirm"), QStringLiteral("TABLE"),
        QStringLiteral("This existing table may be replaced."));
    confirm.repeatable = true;
    command.options.prepend(confirm);
    command.environment = sourceEnvironment() + collectionEnvironment() + targetEnvironment();
    command.exitCodes = {ExitCode::Done, ExitCode::Usage, ExitCode::Blocked, ExitCode::CannotConnect};
    command.examples = {{QStringLiteral("qdrant2pg check --collection products"),
                            QStringLiteral("before anything is written")},
        {QStringLiteral("qdrant2pg check --plan products.json --fix"),
            QStringLiteral("take the offered fixes into the plan file")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
