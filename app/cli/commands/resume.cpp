// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/commands/commands.h"
#include "app/cli/enginerun.h"
#include "app/cli/ledgeraccess.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "core/plan/planjson.h"
#include "core/verify/verifier.h"

namespace qdrant2pg::cli {

namespace {

/// Continues a run: alone (resume) or beside other processes (worker). Both take the ranges that are free.
ExitCode continueRun(CommandContext& context, bool mayChooseNewest)
{
    auto ledger = openLedger(context);
    if (!ledger)
        return context.fail(ledger.error());
    const QString id = context.args.positional(0);
    auto found = id.isEmpty() && mayChooseNewest ? newestUnfinished(*ledger) : findRun(*ledger, id);
    if (!found)
        return context.fail(found.error());
    if (!isUnfinished(*found)) {
        context.console.result(
            QStringLiteral("The run %1 is finished (%2). `qdrant2pg report %1` shows its report.")
                .arg(found->id, found->state));
        return ExitCode::Done;
    }
    auto plan = planFromJson(found->planJson);
    if (!plan)
        return context.fail(plan.error());
    auto source = resolveSource(context, &plan->source);
    if (!source)
        return context.fail(source.error());
    // Proves the key, and asks for it where a person is there to answer.
    auto open = openSource(context, *source);
    if (!open)
        return context.fail(open.error());
    respectStrictMode(*open, *source, collectionNames(*plan));
    context.console.say(
        QStringLiteral("Continuing %1 of %2").arg(found->id, found->startedAt.toUTC().toString(Qt::ISODate)));

    RunRequest request;
    request.plan = *plan;
    request.source = source->options;
    request.target = ledger->resolved.options;
    request.resumeRunId = found->id;
    request.lanes = static_cast<int>(context.args.number(QStringLiteral("lanes")).value_or(0));
    request.acceptDifferences = context.args.has(QStringLiteral("accept-differences"));
    applyLimits(context, request.plan.run);
    request.verifier = makeVerifier();
    request.plan.target.ledgerSchema = ledger->ledger.schema();
    return runEngine(context, std::move(request));
}

QList<OptionSpec> continueOptions()
{
    QList<OptionSpec> options{
        number(QStringLiteral("lanes"),
            QStringLiteral("Parallel readers and writers; 0 = as the run has them."), QStringLiteral("0")),
        folder(QStringLiteral("out"), QStringLiteral("Where report, plan, log and rejects go.")),
        overrideVerificationOption()};
    return options + limitOptions(QStringLiteral("the plan's")) + sourceOptions()
        + without(targetOptions(), {QStringLiteral("schema")}) + outputOptions();
}

} // namespace

Command resumeCommand()
{
    Command command;
    command.name = QStringLiteral("resume");
    command.summary = QStringLiteral("continue a run that was stopped or failed");
    command.description = QStringLiteral("Continues where the run's book-keeping in PostgreSQL stands, with "
                                         "the plan that was recorded there. Without a name: "
                                         "the newest unfinished run of the target database. A source or "
                                         "target other than the recorded one is refused.");
    command.group = QStringLiteral("Move");
    command.positionals = {{QStringLiteral("RUN"), QStringLiteral("the run's name, or its beginning")}};
    command.options =
        QList<OptionSpec>{flag(QStringLiteral("accept-differences"),
            QStringLiteral(
                "Continue although source or target differ from the recorded ones, as far as that is safe."))}
        + continueOptions();
    command.environment = sourceEnvironment() + targetEnvironment();
    command.exitCodes = runExitCodes();
    command.examples = {
        {QStringLiteral("qdrant2pg resume"), QStringLiteral("the newest unfinished run of DATABASE_URL")}};
    command.run = [](CommandContext& context) {
        return continueRun(context, true);
    };
    return command;
}

Command workerCommand()
{
    Command command;
    command.name = QStringLiteral("worker");
    command.summary = QStringLiteral("help with a run from another process or machine");
    command.description = QStringLiteral(
        "Leases free ranges of a run that is going on or was left, as many processes on as many machines as "
        "there are. "
        "A worker that dies loses nothing: its lease expires and another continues from its last page.");
    command.group = QStringLiteral("Move");
    command.positionals = {{QStringLiteral("RUN"), QStringLiteral("the run's name, or its beginning"), true}};
    command.options = continueOptions();
    command.environment = sourceEnvironment() + targetEnvironment();
    command.exitCodes = runExitCodes();
    command.examples = {{QStringLiteral("qdrant2pg worker 20261122-184512-c0ffee --lanes 2"),
        QStringLiteral("for example in each pod of a Kubernetes job")}};
    command.run = [](CommandContext& context) {
        return continueRun(context, false);
    };
    return command;
}

} // namespace qdrant2pg::cli
