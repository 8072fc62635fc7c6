// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/blockingrun.h"
#include "app/cli/commands/commands.h"
#include "app/cli/connections.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "core/common/units.h"
#include "core/staged/exporter.h"

#include <QJsonArray>

namespace qdrant2pg::cli {

namespace {

/// Drop-in for the guide's first step: without any option it takes game_collection.
QString chosenCollection(const CommandContext& context)
{
    if (context.args.has(QStringLiteral("collection")))
        return context.args.value(QStringLiteral("collection"));
    const QString environment = qEnvironmentVariable("COLLECTION");
    return environment.isEmpty() ? QStringLiteral("game_collection") : environment;
}

ExitCode run(CommandContext& context)
{
    auto source = resolveSource(context);
    if (!source)
        return context.fail(source.error());
    auto open = openSource(context, *source);
    if (!open)
        return context.fail(open.error());
    respectStrictMode(*open, *source, {chosenCollection(context)});
    ExportRequest request;
    request.source = source->options;
    request.collection = chosenCollection(context);
    if (const QString folder = context.args.positional(0); !folder.isEmpty())
        request.folder = folder;
    request.batchPoints =
        static_cast<int>(context.args.number(QStringLiteral("batch-points")).value_or(request.batchPoints));
    request.batchBytes = context.args.number(QStringLiteral("batch-bytes")).value_or(0);
    request.maxPointsPerSecond = context.args.number(QStringLiteral("max-points-per-second")).value_or(0);
    request.fresh = context.args.has(QStringLiteral("fresh"));
    if (context.args.has(QStringLiteral("filter"))) {
        auto filter = readFilterFile(context.args.value(QStringLiteral("filter")));
        if (!filter)
            return context.fail(filter.error());
        request.filterJson = *filter;
    }
    context.console.say(QStringLiteral("Exporting %1 from %2 into %3")
                            .arg(request.collection, source->options.url.toDisplayString(), request.folder));
    Result<ExportOutcome> outcome;
    {
        BlockingRun blocking(context);
        outcome = exportCollection(request, blocking.callback(), blocking.token());
    }
    if (!outcome) {
        if (outcome.error().kind == ErrorKind::Cancelled)
            context.console.warn(QStringLiteral("The same command continues the export."));
        return context.fail(outcome.error());
    }
    for (const QString& warning : std::as_const(outcome->warnings))
        context.console.warn(QStringLiteral("Warning: ") + warning);
    context.console.result(
        QStringLiteral("%1 points in %2 batches (%3) in %4, %5")
            .arg(formatCount(outcome->points), formatCount(outcome->batches), formatBytes(outcome->bytes),
                outcome->folder, formatDuration(outcome->elapsed)));
    if (outcome->batchesBefore > 0)
        context.console.result(
            QStringLiteral("%1 of the batches were there from an earlier, interrupted export.")
                .arg(outcome->batchesBefore));
    const auto known = [](const std::optional<qint64>& value) {
        return value ? QJsonValue(*value) : QJsonValue();
    };
    context.console.jsonLine({{QStringLiteral("event"), QStringLiteral("exported")},
        {QStringLiteral("folder"), outcome->folder}, {QStringLiteral("points"), outcome->points},
        {QStringLiteral("batches"), outcome->batches}, {QStringLiteral("bytes"), outcome->bytes},
        {QStringLiteral("countAtStart"), known(outcome->countAtStart)},
        {QStringLiteral("countAtEnd"), known(outcome->countAtEnd)},
        {QStringLiteral("retries"), outcome->retries},
        {QStringLiteral("elapsedMs"), qint64(outcome->elapsed.count())},
        {QStringLiteral("warnings"), QJsonArray::fromStringList(outcome->warnings)}});
    return ExitCode::Done;
}

} // namespace

Command exportCommand()
{
    Command command;
    command.name = QStringLiteral("export");
    command.summary = QStringLiteral("step 1 of the guide: a collection into batch files");
    command.description = QStringLiteral("Writes every point into DIR/batch_000001.json and so on, each "
                                         "exactly as Qdrant sent it, with manifest.json: counts, "
                                         "boundaries and SHA-256. An export that was interrupted is "
                                         "continued by the same command; a folder that "
                                         "holds something else is refused.");
    command.group = QStringLiteral("Step by step");
    command.positionals = {
        {QStringLiteral("DIR"), QStringLiteral("the folder (default: migrations/export)")}};
    OptionSpec collection =
        text(QStringLiteral("collection"), QStringLiteral("NAME"), QStringLiteral("Collection to export."));
    collection.names.prepend(QStringLiteral("c"));
    collection.defaultText = QStringLiteral("game_collection");
    command.options =
        QList<OptionSpec>{collection,
            number(
                QStringLiteral("batch-points"), QStringLiteral("Points in a batch."), QStringLiteral("100")),
            number(QStringLiteral("batch-bytes"), QStringLiteral("Size the batches by bytes instead.")),
            file(QStringLiteral("filter"),
                QStringLiteral("Export only the points that match this Qdrant filter (JSON).")),
            flag(QStringLiteral("fresh"),
                QStringLiteral("Replace what an earlier export left in the folder.")),
            limitOptions().first()}
        + without(sourceOptions(), {QStringLiteral("transport"), QStringLiteral("grpc-port")})
        + outputOptions();
    command.environment = sourceEnvironment() + collectionEnvironment();
    command.exitCodes = {ExitCode::Done, ExitCode::Usage, ExitCode::Blocked, ExitCode::CannotConnect,
        ExitCode::Failed, ExitCode::Stopped};
    command.examples = {
        {QStringLiteral("qdrant2pg export"),
            QStringLiteral("as the guide's script: QDRANT_URL, COLLECTION, migrations/export")},
        {QStringLiteral("qdrant2pg export /backup/products --collection products --batch-bytes 8000000"),
            QStringLiteral("fewer, larger files")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
