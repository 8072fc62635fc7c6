// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/comparesearch.h"
#include "app/cli/blockingrun.h"
#include "app/cli/commands/commands.h"
#include "app/cli/enginerun.h"
#include "app/cli/ledgeraccess.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "core/compare/comparisonjson.h"
#include "core/compare/comparisonwords.h"
#include "core/plan/planjson.h"
#include "core/report/reportbuilder.h"
#include "core/report/reportwriters.h"

#include <algorithm>

namespace qdrant2pg::cli {

namespace {

/// What the command works on: the plan of a run, or of a file.
struct Subject {
    MigrationPlan plan;
    TargetOptions target;
    std::optional<OpenLedger> ledger;
    std::optional<LedgerRun> run;
};

Result<Subject> findSubject(CommandContext& context)
{
    Subject subject;
    if (context.args.has(QStringLiteral("plan"))) {
        auto plan = readPlanFile(context.args.value(QStringLiteral("plan")));
        if (!plan)
            return fail(plan.error());
        auto target = resolveTarget(context, &plan->target);
        if (!target)
            return fail(target.error());
        if (auto open = openTarget(context, *target); !open)
            return fail(open.error());
        subject.plan = *plan;
        subject.target = target->options;
        return subject;
    }
    auto opened = openLedger(context);
    if (!opened)
        return fail(opened.error());
    const QString id = context.args.positional(0);
    auto found = id.isEmpty() ? newestRun(*opened) : findRun(*opened, id);
    if (!found)
        return fail(found.error());
    auto plan = planFromJson(found->planJson);
    if (!plan)
        return fail(plan.error());
    subject.plan = *plan;
    subject.plan.target.ledgerSchema = opened->ledger.schema();
    subject.target = opened->resolved.options;
    subject.run = *found;
    subject.ledger.emplace(std::move(*opened));
    return subject;
}

Result<double> fraction(const QString& text)
{
    bool number = false;
    const double value = text.toDouble(&number);
    if (!number || value <= 0 || value > 1)
        return fail(ErrorKind::Usage,
            QStringLiteral("--recall takes a number over 0 and up to 1, for example 0.95."));
    return value;
}

Result<QList<int>> settings(const QString& text)
{
    QList<int> values;
    for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        bool number = false;
        values << part.trimmed().toInt(&number);
        if (!number || values.last() < 1 || values.last() > 1000)
            return fail(ErrorKind::Usage,
                QStringLiteral("--ef-search takes numbers from 1 to 1000, separated by commas."));
    }
    return values;
}

/// The options that shape the comparison.
Result<void> applyOptions(const CommandContext& context, SearchCompareRequest& request)
{
    const Invocation& args = context.args;
    if (const QStringList wanted = args.values(QStringLiteral("collection")); !wanted.isEmpty()) {
        request.plan.collections.removeIf(
            [&wanted](const CollectionPlan& plan) { return !wanted.contains(plan.name); });
        if (request.plan.collections.isEmpty())
            return fail(ErrorKind::Usage,
                QStringLiteral("The plan has no collection %1.").arg(wanted.join(QStringLiteral(", "))));
    }
    request.vectors = args.values(QStringLiteral("vector"));
    request.k = static_cast<int>(std::clamp<qint64>(args.number(QStringLiteral("k")).value_or(10), 1, 999));
    request.samples =
        static_cast<int>(std::clamp<qint64>(args.number(QStringLiteral("samples")).value_or(100), 1, 10'000));
    if (const auto ef = args.number(QStringLiteral("hnsw-ef")))
        request.hnswEf = static_cast<int>(*ef);
    if (const auto ef = args.number(QStringLiteral("verdict-ef")))
        request.verdictSetting = static_cast<int>(*ef);
    if (args.has(QStringLiteral("queries"))) {
        auto queries = readQueries(args.value(QStringLiteral("queries")));
        if (!queries)
            return fail(queries.error());
        request.queries = std::move(*queries);
    }
    for (const QString& file : args.values(QStringLiteral("filter"))) {
        auto filter = readFilterFile(file);
        if (!filter)
            return fail(filter.error());
        request.filters << *filter;
    }
    if (args.has(QStringLiteral("ef-search"))) {
        auto values = settings(args.value(QStringLiteral("ef-search")));
        if (!values)
            return fail(values.error());
        request.settings = *values;
    }
    if (args.has(QStringLiteral("recall"))) {
        auto wanted = fraction(args.value(QStringLiteral("recall")));
        if (!wanted)
            return fail(wanted.error());
        request.wantedRecall = *wanted;
    }
    return {};
}

void keepInReport(const CommandContext& context, Subject& subject, const QList<SearchComparison>& searches)
{
    if (!subject.ledger || !subject.run || subject.run->reportJson.isEmpty())
        return;
    auto report = reportFromJson(subject.run->reportJson);
    if (!report)
        return;
    setSearches(*report, searches);
    const QByteArray json = context.console.clean(reportToJson(*report));
    if (auto stored = subject.ledger->ledger.setRunReport(subject.ledger->connection, subject.run->id, json);
        !stored)
        context.console.warn(
            QStringLiteral("The report in the ledger could not be updated: ") + stored.error().summary);
    auto files = writeReportFiles(context, *report, outputFolder(context, subject.run->id));
    if (!files)
        context.console.warn(files.error().toText());
    else
        context.console.say(QStringLiteral("Report: %1").arg(files->last()));
}

bool any(const QList<SearchComparison>& searches, const char* verdict)
{
    return std::any_of(searches.begin(), searches.end(),
        [verdict](const SearchComparison& search) { return search.verdict == QLatin1String(verdict); });
}

ExitCode run(CommandContext& context)
{
    auto subject = findSubject(context);
    if (!subject)
        return context.fail(subject.error());
    SearchCompareRequest request;
    request.plan = subject->plan;
    request.target = subject->target;
    if (subject->run)
        request.runId = subject->run->id;
    if (auto applied = applyOptions(context, request); !applied)
        return context.fail(applied.error());
    auto source = resolveSource(context, &request.plan.source);
    if (!source)
        return context.fail(source.error());
    auto open = openSource(context, *source);
    if (!open)
        return context.fail(open.error());
    respectStrictMode(*open, *source, collectionNames(request.plan));
    request.source = source->options;

    auto searches = [&] {
        BlockingRun blocking(context);
        return compareSearch(
            request,
            [&blocking](const QString& collection, double part, const QString& note) {
                blocking.show(QStringLiteral("Searching %1  %2").arg(collection, note),
                    {{QStringLiteral("event"), QStringLiteral("progress")},
                        {QStringLiteral("stage"), QStringLiteral("compare-search")},
                        {QStringLiteral("collection"), collection},
                        {QStringLiteral("fraction"), part < 0 ? QJsonValue() : QJsonValue(part)},
                        {QStringLiteral("note"), note}});
            },
            blocking.token());
    }();
    if (!searches)
        return context.fail(searches.error());
    for (const SearchComparison& search : std::as_const(*searches)) {
        QJsonObject line = comparisonToJson(search);
        line.insert(QStringLiteral("event"), QStringLiteral("search-compared"));
        context.console.jsonLine(line);
        context.console.result(comparisonText(search));
    }
    keepInReport(context, *subject, *searches);
    if (any(*searches, "different") || any(*searches, "fail"))
        return ExitCode::Different;
    return any(*searches, "not-run") ? ExitCode::Failed : ExitCode::Done;
}

OptionSpec repeatable(OptionSpec spec)
{
    spec.repeatable = true;
    return spec;
}

OptionSpec recallOption()
{
    OptionSpec spec = text(QStringLiteral("recall"), QStringLiteral("0..1"),
        QStringLiteral("The recall that you want; the smallest setting that reaches it is named."));
    spec.defaultText = QStringLiteral("0.95");
    return spec;
}

} // namespace

Command compareSearchCommand()
{
    Command command;
    command.name = QStringLiteral("compare-search");
    command.summary = QStringLiteral("ask both sides the same searches");
    command.description = QStringLiteral(
        "Searches Qdrant and PostgreSQL with the same queries, reading only. Exact against exact "
        "tells whether the data is the same; the index against exact tells its recall over a "
        "sweep of hnsw.ef_search, beside Qdrant's own index; filters are compared with and without "
        "iterative scan. Says the smallest ef_search that reaches the recall that you want.\n\n"
        "A mean recall of 0.85 passes, one of 0.70 needs a look; exact answers must be identical.");
    command.group = QStringLiteral("After");
    command.positionals = {
        {QStringLiteral("RUN"), QStringLiteral("a run of the target database (default: the newest)")}};
    command.options =
        QList<OptionSpec>{
            number(QStringLiteral("samples"), QStringLiteral("Points of the collection to search with."),
                QStringLiteral("100")),
            file(QStringLiteral("queries"),
                QStringLiteral(
                    "Search with these vectors instead, one a line as JSON: [1, 2], [[1, 2], [3, 4]] or "
                    "{\"indices\": [7], \"values\": [0.5]}.")),
            number(QStringLiteral("k"), QStringLiteral("Hits of each search."), QStringLiteral("10")),
            repeatable(file(
                QStringLiteral("filter"), QStringLiteral("Compare with this Qdrant filter (JSON) as well."))),
            text(QStringLiteral("ef-search"), QStringLiteral("N,N,..."),
                QStringLiteral("Values of hnsw.ef_search (or ivfflat.probes) to measure.")),
            recallOption(),
            number(QStringLiteral("verdict-ef"), QStringLiteral("The setting that the verdict is about."),
                QStringLiteral("what a session has")),
            number(QStringLiteral("hnsw-ef"), QStringLiteral("hnsw_ef of Qdrant's own index."),
                QStringLiteral("Qdrant's")),
            repeatable(text(QStringLiteral("collection"), QStringLiteral("NAME"),
                QStringLiteral("Only this collection."))),
            repeatable(
                text(QStringLiteral("vector"), QStringLiteral("NAME"), QStringLiteral("Only this vector."))),
            file(QStringLiteral("plan"), QStringLiteral("The plan file, instead of a run.")),
            folder(QStringLiteral("out"), QStringLiteral("Where the report goes."))}
        + without(sourceOptions(), {QStringLiteral("transport"), QStringLiteral("grpc-port")})
        + without(targetOptions(), {QStringLiteral("schema")}) + outputOptions();
    command.environment = sourceEnvironment() + targetEnvironment();
    command.exitCodes = {ExitCode::Done, ExitCode::Usage, ExitCode::CannotConnect, ExitCode::Failed,
        ExitCode::Different, ExitCode::Stopped};
    command.examples = {{QStringLiteral("qdrant2pg compare-search --recall 0.98"),
        QStringLiteral("the newest run; which hnsw.ef_search finds 98 % of the nearest")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
