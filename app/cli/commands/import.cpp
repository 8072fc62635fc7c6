// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/blockingrun.h"
#include "app/cli/commands/commands.h"
#include "app/cli/connections.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "core/common/units.h"
#include "core/plan/proposal.h"
#include "core/staged/importer.h"

#include <QFileInfo>
#include <QJsonArray>

namespace qdrant2pg::cli {

namespace {

constexpr qint64 guideDimensions = 768;

/// A file without a manifest has no plan; the guide's table is assumed unless a plan is named.
Result<MigrationPlan> planForForeignFile(const CommandContext& context)
{
    CollectionFacts facts;
    facts.info.name = qEnvironmentVariable("COLLECTION", QStringLiteral("game_collection"));
    DenseVectorInfo vector;
    vector.size = context.args.number(QStringLiteral("dimensions")).value_or(guideDimensions);
    facts.info.vectors << vector;
    facts.ids.hasUuids = true;
    auto proposal = proposeCollection(facts, QStringLiteral("context_items"), std::nullopt);
    if (!proposal)
        return fail(proposal.error());
    MigrationPlan plan;
    plan.collections << *proposal;
    context.console.warn(QStringLiteral(
        "Warning: the file has no manifest; the guide's table context_items with %1 dimensions is assumed.")
                             .arg(vector.size));
    return plan;
}

Result<MigrationPlan> planFor(const CommandContext& context, const QString& path)
{
    auto given = planFromOption(context);
    if (!given)
        return fail(given.error());
    if (*given)
        return **given;
    auto recorded = planOfDataFile(path);
    if (!recorded)
        return fail(recorded.error());
    return *recorded ? Result<MigrationPlan>(**recorded) : planForForeignFile(context);
}

void printOutcome(const CommandContext& context, const ImportOutcome& outcome)
{
    for (const QString& warning : outcome.warnings)
        context.console.warn(QStringLiteral("Warning: ") + warning);
    for (const RejectRow& reject : outcome.firstRejects)
        context.console.warn(
            QStringLiteral("Rejected: %1%2: %3")
                .arg(reject.pointId,
                    reject.column.isEmpty() ? QString() : QStringLiteral(", column ") + reject.column,
                    reject.reason));
    if (outcome.alreadyImported)
        context.console.result(QStringLiteral("This file was imported into %1.%2 before; nothing was done.")
                                   .arg(outcome.schema, outcome.table));
    else if (outcome.storedBefore > 0)
        context.console.result(QStringLiteral("%1 rows were there from an earlier, interrupted import.")
                                   .arg(formatCount(outcome.storedBefore)));
    context.console.result(
        QStringLiteral(
            "%1 rows stored, %2 rejected, %3 skipped; %4.%5 holds %6 rows now. Data %7, indexes %8. Run %9")
            .arg(formatCount(outcome.stored), formatCount(outcome.rejected), formatCount(outcome.skipped),
                outcome.schema, outcome.loadedTable, formatCount(outcome.tableRows),
                formatDuration(outcome.dataTime), formatDuration(outcome.indexTime), outcome.runId));
    context.console.jsonLine({{QStringLiteral("event"), QStringLiteral("imported")},
        {QStringLiteral("runId"), outcome.runId},
        {QStringLiteral("table"), outcome.schema + QLatin1Char('.') + outcome.table},
        {QStringLiteral("stored"), outcome.stored}, {QStringLiteral("rejected"), outcome.rejected},
        {QStringLiteral("skipped"), outcome.skipped}, {QStringLiteral("storedBefore"), outcome.storedBefore},
        {QStringLiteral("tableRows"), outcome.tableRows},
        {QStringLiteral("alreadyImported"), outcome.alreadyImported},
        {QStringLiteral("dataMs"), qint64(outcome.dataTime.count())},
        {QStringLiteral("indexMs"), qint64(outcome.indexTime.count())},
        {QStringLiteral("warnings"), QJsonArray::fromStringList(outcome.warnings)}});
}

ExitCode run(CommandContext& context)
{
    ImportRequest request;
    if (const QString path = context.args.positional(0); !path.isEmpty())
        request.file = path;
    if (!QFileInfo::exists(request.file)) {
        Error error = makeError(ErrorKind::Usage, QStringLiteral("The file to import does not exist."), {},
            QStringLiteral("`qdrant2pg convert` writes it."));
        error.where.file = request.file;
        return context.fail(error);
    }
    auto plan = planFor(context, request.file);
    if (!plan)
        return context.fail(plan.error());
    const TargetPlan* recorded = context.args.has(QStringLiteral("plan")) ? &plan->target : nullptr;
    auto target = resolveTarget(context, recorded, QString::fromLatin1(guideDatabaseUrl));
    if (!target)
        return context.fail(target.error());
    if (auto open = openTarget(context, *target); !open)
        return context.fail(open.error());
    plan->target.conninfo = target->options.conninfo;
    if (auto applied = applyTargetOptions(context, *plan); !applied)
        return context.fail(applied.error());
    request.plan = *plan;
    request.target = target->options;
    request.acceptChangedFile = context.args.has(QStringLiteral("accept-changed-file"));
    if (plan->collections.first().mode == TableMode::Replace
        && !context.args.values(QStringLiteral("confirm")).contains(plan->collections.first().table))
        return context.fail(makeError(ErrorKind::Conflict,
            QStringLiteral("This import would replace the table %1.").arg(plan->collections.first().table),
            {}, QStringLiteral("Confirm with --confirm %1.").arg(plan->collections.first().table)));
    context.console.say(QStringLiteral("Importing %1 into %2 (%3)")
                            .arg(request.file, targetLabel(target->options.conninfo), target->origin));
    Result<ImportOutcome> outcome;
    {
        BlockingRun blocking(context);
        outcome = importFile(request, blocking.callback(), blocking.token());
    }
    if (!outcome) {
        if (outcome.error().kind == ErrorKind::Cancelled)
            context.console.warn(QStringLiteral("The same command continues the import."));
        return context.fail(outcome.error());
    }
    printOutcome(context, *outcome);
    return outcome->rejected > 0 ? ExitCode::DoneWithRejects : ExitCode::Done;
}

} // namespace

Command importCommand()
{
    Command command;
    command.name = QStringLiteral("import");
    command.summary = QStringLiteral("step 3 of the guide: the converted file into PostgreSQL");
    command.description = QStringLiteral("Loads a file of `qdrant2pg convert` by COPY from this computer "
                                         "(the file need not be on the database host), builds the "
                                         "indexes afterwards and counts. An import that was interrupted is "
                                         "continued by the same command; a finished one is "
                                         "not repeated.");
    command.group = QStringLiteral("Step by step");
    command.positionals = {
        {QStringLiteral("FILE"), QStringLiteral("the file (default: migrations/data.csv)")}};
    OptionSpec confirm = text(QStringLiteral("confirm"), QStringLiteral("TABLE"),
        QStringLiteral("This existing table may be replaced."));
    confirm.repeatable = true;
    command.options =
        QList<OptionSpec>{
            choice(QStringLiteral("mode"),
                {QStringLiteral("create"), QStringLiteral("append"), QStringLiteral("merge"),
                    QStringLiteral("replace")},
                QStringLiteral("What to do about an existing table."), QStringLiteral("create")),
            text(QStringLiteral("table"), QStringLiteral("NAME"), QStringLiteral("Name of the table.")),
            file(QStringLiteral("plan"), QStringLiteral("Use this plan instead of the file's own.")),
            number(QStringLiteral("dimensions"),
                QStringLiteral("Vector dimensions of a file without a manifest."), QStringLiteral("768")),
            flag(QStringLiteral("accept-changed-file"),
                QStringLiteral("Import although the file was changed after the conversion.")),
            confirm}
        + targetOptions() + QList<OptionSpec>{targetProfile()} + outputOptions();
    command.environment = targetEnvironment();
    command.exitCodes = {ExitCode::Done, ExitCode::DoneWithRejects, ExitCode::Usage, ExitCode::Blocked,
        ExitCode::CannotConnect, ExitCode::Failed, ExitCode::Stopped};
    command.examples = {{QStringLiteral("qdrant2pg import migrations/data.csv"),
        QStringLiteral("as the guide's script, into DATABASE_URL")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
