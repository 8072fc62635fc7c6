// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/blockingrun.h"
#include "app/cli/commands/commands.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "core/common/units.h"
#include "core/plan/proposal.h"
#include "core/staged/converter.h"
#include "core/staged/folderfacts.h"

#include <QFileInfo>
#include <QJsonArray>

#include <algorithm>

namespace qdrant2pg::cli {

namespace {

/// The plan of --plan, else one proposed from what the folder itself shows: converting needs no server.
Result<MigrationPlan> planFor(
    const CommandContext& context, const ConvertRequest& request, std::stop_token stop, int& collectionIndex)
{
    const QString named = context.args.has(QStringLiteral("collection"))
        ? context.args.value(QStringLiteral("collection"))
        : qEnvironmentVariable("COLLECTION", QStringLiteral("game_collection"));
    auto fromFile = planFromOption(context);
    if (!fromFile)
        return fail(fromFile.error());
    if (*fromFile) {
        MigrationPlan& plan = **fromFile;
        auto manifest = readExportManifest(request.folder);
        const QString wanted = manifest && *manifest ? (*manifest)->collection : named;
        const auto found = std::find_if(plan.collections.begin(), plan.collections.end(),
            [&](const CollectionPlan& candidate) { return candidate.name == wanted; });
        if (found == plan.collections.end())
            return fail(ErrorKind::Usage,
                QStringLiteral("The plan says nothing about the collection %1 of this folder.").arg(wanted));
        collectionIndex = static_cast<int>(found - plan.collections.begin());
        return plan;
    }
    auto facts = factsFromFolder(request.folder, named,
        static_cast<int>(context.args.number(QStringLiteral("sample")).value_or(1000)), stop);
    if (!facts)
        return fail(facts.error());
    for (const QString& warning : std::as_const(facts->info.warnings))
        context.console.warn(QStringLiteral("Warning: ") + warning);
    const QString preset = context.args.has(QStringLiteral("preset"))
        ? context.args.value(QStringLiteral("preset"))
        : QStringLiteral("context_items");
    auto proposal = proposeCollection(*facts, preset, std::nullopt);
    if (!proposal)
        return fail(proposal.error());
    MigrationPlan plan;
    plan.collections << *proposal;
    if (context.args.has(QStringLiteral("table")))
        plan.collections.first().table = context.args.value(QStringLiteral("table"));
    return plan;
}

QString changesText(const RowEncoder::Changes& changes)
{
    QStringList parts;
    const auto add = [&parts](qint64 count, const char* what) {
        if (count > 0)
            parts << QStringLiteral("%1 %2").arg(formatCount(count), QLatin1String(what));
    };
    add(changes.defaults, "values took their default");
    add(changes.misfits, "values did not fit their column and stay in the payload");
    add(changes.nulsChanged, "texts lost their NUL characters");
    add(changes.sparseZerosDropped, "zeros of sparse vectors were dropped");
    add(changes.nonFiniteNulled, "vectors with NaN or infinity became NULL");
    add(changes.halfRounded, "values were rounded to half precision");
    return parts.join(QStringLiteral("; "));
}

ExitCode run(CommandContext& context)
{
    ConvertRequest request;
    if (const QString folder = context.args.positional(0); !folder.isEmpty())
        request.folder = folder;
    const bool pgcopy = context.args.value(QStringLiteral("format")) == QLatin1String("pgcopy");
    request.format = pgcopy ? DataFormat::PgCopy : DataFormat::Csv;
    if (const QString output = context.args.positional(1); !output.isEmpty())
        request.output = output;
    else if (pgcopy)
        request.output = QStringLiteral("migrations/data.pgcopy");
    request.allowBroken = context.args.has(QStringLiteral("allow-broken"));
    Result<ConvertOutcome> outcome;
    {
        BlockingRun blocking(context);
        auto plan = planFor(context, request, blocking.token(), request.collection);
        if (!plan)
            return context.fail(plan.error());
        request.plan = *plan;
        outcome = convertBatches(request, blocking.callback(), blocking.token());
    }
    if (!outcome)
        return context.fail(outcome.error());
    for (const QString& warning : std::as_const(outcome->warnings))
        context.console.warn(QStringLiteral("Warning: ") + warning);
    for (const BatchProblem& problem : std::as_const(outcome->problems))
        context.console.warn(QStringLiteral("Left out: %1 %2").arg(problem.file, problem.reason));
    context.console.result(QStringLiteral("%1 points of %2 batches -> %3 rows in %4 (%5), %6 rejected, %7")
                               .arg(formatCount(outcome->points), formatCount(outcome->batches),
                                   formatCount(outcome->rows), outcome->output, formatBytes(outcome->bytes),
                                   formatCount(outcome->rejected), formatDuration(outcome->elapsed)));
    if (const QString changes = changesText(outcome->changes); !changes.isEmpty())
        context.console.result(changes);
    if (outcome->rejected > 0)
        context.console.warn(
            QStringLiteral("Rejected points with their reasons: %1").arg(outcome->rejectsFile));
    context.console.jsonLine({{QStringLiteral("event"), QStringLiteral("converted")},
        {QStringLiteral("output"), outcome->output}, {QStringLiteral("points"), outcome->points},
        {QStringLiteral("rows"), outcome->rows}, {QStringLiteral("rejected"), outcome->rejected},
        {QStringLiteral("rejectsFile"), outcome->rejectsFile}, {QStringLiteral("bytes"), outcome->bytes},
        {QStringLiteral("leftOut"), qint64(outcome->problems.size())},
        {QStringLiteral("elapsedMs"), qint64(outcome->elapsed.count())},
        {QStringLiteral("warnings"), QJsonArray::fromStringList(outcome->warnings)}});
    return outcome->rejected > 0 || !outcome->problems.isEmpty() ? ExitCode::DoneWithRejects : ExitCode::Done;
}

} // namespace

Command convertCommand()
{
    Command command;
    command.name = QStringLiteral("convert");
    command.summary = QStringLiteral("step 2 of the guide: batch files into one CSV or COPY file");
    command.description = QStringLiteral(
        "Turns an export into one file that PostgreSQL's COPY reads, without any server: every float and "
        "every integer keeps its "
        "value. Folders that the old script left are taken over; a batch that is cut off or holds an error "
        "answer is "
        "named, never skipped silently. What cannot be stored goes to rejects.jsonl beside the output.");
    command.group = QStringLiteral("Step by step");
    command.positionals = {
        {QStringLiteral("DIR"), QStringLiteral("the export's folder (default: migrations/export)")},
        {QStringLiteral("OUT"), QStringLiteral("the file to write (default: migrations/data.csv)")}};
    OptionSpec collection = text(QStringLiteral("collection"), QStringLiteral("NAME"),
        QStringLiteral("Name of the collection when the folder has no manifest."));
    collection.defaultText = QStringLiteral("game_collection");
    command.options =
        QList<OptionSpec>{
            choice(QStringLiteral("format"), {QStringLiteral("csv"), QStringLiteral("pgcopy")},
                QStringLiteral(
                    "CSV for people and scripts, or PostgreSQL's binary COPY, which loads faster."),
                QStringLiteral("csv")),
            choice(QStringLiteral("preset"), presetNames(), QStringLiteral("Shape of the table."),
                QStringLiteral("context_items")),
            text(QStringLiteral("table"), QStringLiteral("NAME"), QStringLiteral("Name of the table.")),
            file(QStringLiteral("plan"), QStringLiteral("Use this plan file.")), collection,
            number(QStringLiteral("sample"), QStringLiteral("Points looked at to propose columns."),
                QStringLiteral("1000")),
            flag(QStringLiteral("allow-broken"),
                QStringLiteral("Leave out batches that cannot be read instead of refusing the folder."))}
        + outputOptions();
    command.environment = collectionEnvironment();
    command.exitCodes = {
        ExitCode::Done, ExitCode::DoneWithRejects, ExitCode::Usage, ExitCode::Failed, ExitCode::Stopped};
    command.examples = {{QStringLiteral("qdrant2pg convert migrations/export/ migrations/data.csv"),
                            QStringLiteral("as the guide's script")},
        {QStringLiteral("qdrant2pg convert --preset generic --format pgcopy"),
            QStringLiteral("any collection, binary")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
