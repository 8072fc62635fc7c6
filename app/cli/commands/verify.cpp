// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/commands/commands.h"
#include "app/cli/enginerun.h"
#include "app/cli/ledgeraccess.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "app/cli/verifyrun.h"
#include "core/plan/planjson.h"
#include "core/profile/statefolders.h"
#include "core/report/recheck.h"
#include "core/report/reportbuilder.h"
#include "core/report/reportwriters.h"

namespace qdrant2pg::cli {

namespace {

/// The report of the run says from now on what this verification found.
void updateReport(const CommandContext& context, OpenLedger& ledger, const LedgerRun& run,
    const QList<VerificationOutcome>& outcomes)
{
    if (run.reportJson.isEmpty())
        return;
    auto report = reportFromJson(run.reportJson);
    if (!report)
        return;
    setVerification(*report, outcomes);
    if (auto stored = ledger.ledger.setRunReport(
            ledger.connection, run.id, context.console.clean(reportToJson(*report)));
        !stored) {
        context.console.warn(
            QStringLiteral("The report in the ledger could not be updated: ") + stored.error().summary);
        return;
    }
    if (auto files = writeReportFiles(context, *report, outputFolder(context, run.id)); !files)
        context.console.warn(files.error().toText());
}

/// What the report of the run named as different.
Result<QMap<QString, EarlierDifferences>> earlierDifferences(const std::optional<LedgerRun>& run)
{
    if (!run)
        return fail(ErrorKind::Usage, QStringLiteral("--recheck goes on from the report of a run."), {},
            QStringLiteral("Name a run instead of a plan file."));
    auto report =
        run->reportJson.isEmpty() ? Result<RunReport>(RunReport()) : reportFromJson(run->reportJson);
    if (!report)
        return fail(report.error());
    auto named = namedDifferences(*report);
    if (named.isEmpty())
        return fail(ErrorKind::Usage,
            QStringLiteral("The report of run %1 names no differences.").arg(run->id), {},
            QStringLiteral("qdrant2pg verify --level full compares everything and names them."));
    return named;
}

ExitCode run(CommandContext& context)
{
    VerifyRequest request;
    std::optional<OpenLedger> ledger;
    std::optional<LedgerRun> recorded;
    if (context.args.has(QStringLiteral("plan"))) {
        auto plan = readPlanFile(context.args.value(QStringLiteral("plan")));
        if (!plan)
            return context.fail(plan.error());
        auto target = resolveTarget(context, &plan->target);
        if (!target)
            return context.fail(target.error());
        if (auto open = openTarget(context, *target); !open)
            return context.fail(open.error());
        request.plan = *plan;
        request.target = target->options;
    } else {
        auto opened = openLedger(context);
        if (!opened)
            return context.fail(opened.error());
        ledger.emplace(std::move(*opened));
        const QString id = context.args.positional(0);
        auto found = id.isEmpty() ? newestRun(*ledger) : findRun(*ledger, id);
        if (!found)
            return context.fail(found.error());
        recorded = *found;
        auto plan = planFromJson(found->planJson);
        if (!plan)
            return context.fail(plan.error());
        request.plan = *plan;
        request.plan.target.ledgerSchema = ledger->ledger.schema();
        request.target = ledger->resolved.options;
        request.runId = found->id;
    }
    auto source = resolveSource(context, &request.plan.source);
    if (!source)
        return context.fail(source.error());
    auto open = openSource(context, *source);
    if (!open)
        return context.fail(open.error());
    respectStrictMode(*open, *source, collectionNames(request.plan));
    request.source = source->options;
    if (context.args.has(QStringLiteral("transport")))
        request.plan.source.transport = source->transport;
    applyLimits(context, request.plan.run);
    request.level =
        request.plan.run.verify == VerifyLevel::None ? VerifyLevel::Digest : request.plan.run.verify;
    if (context.args.has(QStringLiteral("level")))
        request.level =
            verifyLevelFromName(context.args.value(QStringLiteral("level"))).value_or(request.level);
    request.lanes = static_cast<int>(context.args.number(QStringLiteral("lanes")).value_or(request.lanes));
    if (context.args.has(QStringLiteral("recheck"))) {
        auto earlier = earlierDifferences(recorded);
        if (!earlier)
            return context.fail(earlier.error());
        request.again = *earlier;
    }
    request.restart = context.args.has(QStringLiteral("restart"));
    request.outDir = outputFolder(context, request.runId);
    if (auto made = makePrivateFolder(request.outDir); !made)
        return context.fail(made.error());

    auto outcomes = runVerification(context, request);
    if (!outcomes)
        return context.fail(outcomes.error());
    printVerification(context, *outcomes);
    if (ledger && recorded)
        updateReport(context, *ledger, *recorded, *outcomes);
    return exitCodeFor(*outcomes);
}

} // namespace

Command verifyCommand()
{
    Command command;
    command.name = QStringLiteral("verify");
    command.summary = QStringLiteral("compare source and target again");
    command.description =
        QStringLiteral("Compares what PostgreSQL holds with Qdrant, for a run or for a "
                       "plan, reading only. counts compares numbers; digest compares every "
                       "row with the digest taken while it was read; full reads the source "
                       "again and names every difference with both values. A verification that was "
                       "interrupted goes on where it was.");
    command.group = QStringLiteral("After");
    command.positionals = {
        {QStringLiteral("RUN"), QStringLiteral("a run of the target database (default: the newest)")}};
    command.options =
        QList<OptionSpec>{choice(QStringLiteral("level"),
                              {QStringLiteral("counts"), QStringLiteral("digest"), QStringLiteral("full")},
                              QStringLiteral("What is compared."), QStringLiteral("the plan's")),
            file(QStringLiteral("plan"), QStringLiteral("The plan file, instead of a run.")),
            number(QStringLiteral("lanes"), QStringLiteral("Parallel readers."), QStringLiteral("2")),
            flag(QStringLiteral("restart"),
                QStringLiteral("Compare everything, also what an interrupted verification had done.")),
            flag(QStringLiteral("recheck"),
                QStringLiteral("Compare only the points again that the report of the run names as "
                               "different.")),
            folder(QStringLiteral("out"), QStringLiteral("Where differences and the report go."))}
        + limitOptions(QStringLiteral("the plan's")) + sourceOptions()
        + without(targetOptions(), {QStringLiteral("schema")}) + outputOptions();
    command.environment = sourceEnvironment() + targetEnvironment();
    command.exitCodes = {ExitCode::Done, ExitCode::Usage, ExitCode::Blocked, ExitCode::CannotConnect,
        ExitCode::Failed, ExitCode::Different, ExitCode::Stopped};
    command.examples = {{QStringLiteral("qdrant2pg verify --level full"),
        QStringLiteral("the newest run, every difference by name")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
