// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/commands/commands.h"
#include "app/cli/enginerun.h"
#include "app/cli/ledgeraccess.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "app/cli/verifyrun.h"
#include "core/common/units.h"
#include "core/plan/planjson.h"
#include "core/plan/proposal.h"
#include "core/postgres/catalogue.h"
#include "core/postgres/identifiers.h"
#include "core/profile/statefolders.h"
#include "core/staged/importer.h"

#include <QFileInfo>

namespace qdrant2pg::cli {

namespace {

constexpr int sampleRows = 3;

/// The plan of --plan, of the converted file, or a proposal for the guide's table, in this order.
Result<MigrationPlan> planFor(const CommandContext& context, const QString& file, OpenSource& source)
{
    auto given = planFromOption(context);
    if (!given)
        return fail(given.error());
    if (*given)
        return **given;
    if (QFileInfo::exists(file)) {
        auto recorded = planOfDataFile(file);
        if (!recorded)
            return fail(recorded.error());
        if (*recorded)
            return **recorded;
    }
    const QString collection = qEnvironmentVariable("COLLECTION", QStringLiteral("game_collection"));
    auto facts = readCollectionFacts(source.client, collection, factOptions(context));
    if (!facts)
        return fail(facts.error());
    auto proposal = proposeCollection(*facts, QStringLiteral("context_items"), std::nullopt);
    if (!proposal)
        return fail(proposal.error());
    MigrationPlan plan;
    plan.collections << *proposal;
    return plan;
}

/// The newest run in this database that loaded this table: it knows which points were rejected. Empty when
/// there is none.
Result<QString> runOf(Connection& connection, const MigrationPlan& plan)
{
    const Ledger ledger(plan.target.ledgerSchema);
    auto exists = ledger.exists(connection);
    if (!exists)
        return fail(exists.error());
    if (!*exists)
        return QString();
    auto runs = ledger.runs(connection);
    if (!runs)
        return fail(runs.error());
    for (const LedgerRun& run : std::as_const(*runs)) {
        const auto recorded = planFromJson(run.planJson);
        if (!recorded || recorded->target.schema != plan.target.schema)
            continue;
        for (const CollectionPlan& collection : recorded->collections) {
            if (collection.name == plan.collections.first().name
                && collection.table == plan.collections.first().table)
                return run.id;
        }
    }
    return QString();
}

/// What the guide's script printed: the count, ids that occur twice, a few rows to look at.
Result<void> lookAtTable(const CommandContext& context, Connection& connection, const MigrationPlan& plan,
    const CollectionPlan& collection)
{
    auto table = readTable(connection, plan.target.schema, collection.table);
    if (!table)
        return fail(table.error());
    if (!*table) {
        Error error = makeError(ErrorKind::NotFound,
            QStringLiteral("The table %1.%2 does not exist.").arg(plan.target.schema, collection.table), {},
            QStringLiteral("`qdrant2pg import` makes and fills it."));
        error.where.table = collection.table;
        return fail(error);
    }
    const QString name = qualifiedName(plan.target.schema, collection.table);
    const QString id = quoteIdentifier(collection.id.column);
    auto rows = countRows(connection, plan.target.schema, collection.table);
    if (!rows)
        return fail(rows.error());
    auto duplicates = connection.execute(
        QStringLiteral("SELECT count(*) FROM (SELECT 1 FROM %1 GROUP BY %2 HAVING count(*) > 1) AS d")
            .arg(name, id)
            .toUtf8());
    if (!duplicates)
        return fail(duplicates.error());
    context.console.result(QStringLiteral("%1: %2 rows, %3 ids occur more than once")
                               .arg(name, formatCount(*rows), formatCount(duplicates->integer(0, 0))));
    context.console.jsonLine(
        {{QStringLiteral("event"), QStringLiteral("table")}, {QStringLiteral("table"), name},
            {QStringLiteral("rows"), *rows}, {QStringLiteral("duplicateIds"), duplicates->integer(0, 0)}});
    QStringList columns{id};
    for (const PayloadColumnPlan& column : collection.payload.columns)
        columns << QStringLiteral("left(%1::text, 60)").arg(quoteIdentifier(column.column));
    auto sample =
        connection.execute(QStringLiteral("SELECT concat_ws(' | ', %1) FROM %2 ORDER BY %3 LIMIT %4")
                               .arg(columns.mid(0, 6).join(QStringLiteral(", ")), name, id)
                               .arg(sampleRows)
                               .toUtf8());
    if (!sample)
        return fail(sample.error());
    for (int row = 0; row < sample->rowCount(); ++row)
        context.console.result(QStringLiteral("  sample: %1").arg(sample->text(row, 0)));
    return {};
}

ExitCode run(CommandContext& context)
{
    auto resolvedSource = resolveSource(context);
    if (!resolvedSource)
        return context.fail(resolvedSource.error());
    auto source = openSource(context, *resolvedSource);
    if (!source)
        return context.fail(source.error());
    const QString file = context.args.positional(0).isEmpty() ? QStringLiteral("migrations/data.csv")
                                                              : context.args.positional(0);
    auto plan = planFor(context, file, *source);
    if (!plan)
        return context.fail(plan.error());
    respectStrictMode(*source, *resolvedSource, collectionNames(*plan));
    auto target = resolveTarget(context, context.args.has(QStringLiteral("plan")) ? &plan->target : nullptr,
        QString::fromLatin1(guideDatabaseUrl));
    if (!target)
        return context.fail(target.error());
    auto connection = openTarget(context, *target);
    if (!connection)
        return context.fail(connection.error());
    if (auto applied = applyTargetOptions(context, *plan); !applied)
        return context.fail(applied.error());
    for (const CollectionPlan& collection : std::as_const(plan->collections)) {
        if (auto looked = lookAtTable(context, *connection, *plan, collection); !looked)
            return context.fail(looked.error());
    }
    auto runId = runOf(*connection, *plan);
    if (!runId)
        return context.fail(runId.error());

    VerifyRequest request;
    request.plan = *plan;
    request.source = resolvedSource->options;
    request.target = target->options;
    request.runId = *runId;
    request.level = VerifyLevel::Full;
    if (context.args.has(QStringLiteral("level")))
        request.level =
            verifyLevelFromName(context.args.value(QStringLiteral("level"))).value_or(request.level);
    if (context.args.has(QStringLiteral("out"))) {
        request.outDir = context.args.value(QStringLiteral("out"));
        if (auto made = makePrivateFolder(request.outDir); !made)
            return context.fail(made.error());
    }
    auto outcomes = runVerification(context, request);
    if (!outcomes)
        return context.fail(outcomes.error());
    printVerification(context, *outcomes);
    return exitCodeFor(*outcomes);
}

} // namespace

Command validateCommand()
{
    Command command;
    command.name = QStringLiteral("validate");
    command.summary = QStringLiteral("step 4 of the guide: counts, duplicates, samples, every row");
    command.description = QStringLiteral(
        "Compares the imported table with Qdrant: exact counts on both sides, ids that occur twice, a few "
        "rows to look at, and every "
        "row of both sides with every difference named. The plan is the one the file was converted with.");
    command.group = QStringLiteral("Step by step");
    command.positionals = {{QStringLiteral("FILE"),
        QStringLiteral("the imported file, whose manifest holds the plan (default: migrations/data.csv)")}};
    command.options =
        QList<OptionSpec>{choice(QStringLiteral("level"),
                              {QStringLiteral("counts"), QStringLiteral("digest"), QStringLiteral("full")},
                              QStringLiteral("What is compared."), QStringLiteral("full")),
            file(QStringLiteral("plan"), QStringLiteral("Use this plan instead of the file's own.")),
            text(QStringLiteral("table"), QStringLiteral("NAME"), QStringLiteral("Name of the table.")),
            folder(QStringLiteral("out"), QStringLiteral("Where a file with all differences goes."))}
        + without(sourceOptions(), {QStringLiteral("transport"), QStringLiteral("grpc-port")})
        + targetOptions() + outputOptions();
    command.environment = sourceEnvironment() + collectionEnvironment() + targetEnvironment();
    command.exitCodes = {ExitCode::Done, ExitCode::Usage, ExitCode::Blocked, ExitCode::CannotConnect,
        ExitCode::Failed, ExitCode::Different, ExitCode::Stopped};
    command.examples = {{QStringLiteral("qdrant2pg validate"),
        QStringLiteral("as the guide's script, with QDRANT_URL, COLLECTION and DATABASE_URL")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
