// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/commands/commands.h"
#include "app/cli/ledgeraccess.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "core/plan/planjson.h"
#include "core/plan/targetschema.h"
#include "core/report/usefulsql.h"

#include <QJsonArray>

namespace qdrant2pg::cli {

namespace {

/// The plan of --plan, else of a run in the ledger.
Result<MigrationPlan> planOf(CommandContext& context, std::optional<OpenLedger>& ledger)
{
    if (context.args.has(QStringLiteral("plan")))
        return readPlanFile(context.args.value(QStringLiteral("plan")));
    auto opened = openLedger(context);
    if (!opened)
        return fail(opened.error());
    ledger.emplace(std::move(*opened));
    const QString id = context.args.positional(0);
    if (id.isEmpty()) {
        auto runs = ledger->ledger.runs(ledger->connection);
        if (!runs)
            return fail(runs.error());
        if (runs->isEmpty())
            return fail(ErrorKind::Usage, QStringLiteral("There are no runs in this database yet."), {},
                QStringLiteral("Name a plan with --plan FILE."));
        return planFromJson(runs->first().planJson);
    }
    auto run = findRun(*ledger, id);
    if (!run)
        return fail(run.error());
    return planFromJson(run->planJson);
}

QString terminated(const QString& sql)
{
    return sql.endsWith(QLatin1Char(';')) ? sql : sql + QLatin1Char(';');
}

struct Part {
    QString what;
    QString sql;
};

Result<QList<Part>> partsOf(const QString& kind, const MigrationPlan& plan, const CollectionPlan& collection,
    const std::optional<ServerProfile>& server)
{
    QList<Part> parts;
    if (kind == QLatin1String("queries")) {
        for (const UsefulSql& sql : usefulSql(plan, collection, nullptr, server))
            parts.append({sql.what, sql.sql});
        return parts;
    }
    auto schema = targetSchema(plan, collection, server);
    if (!schema)
        return fail(schema.error());
    QList<DdlStatement> statements = schema->all();
    if (kind == QLatin1String("indexes"))
        statements = schema->primaryKey + schema->indexes;
    else if (kind == QLatin1String("functions"))
        statements = schema->after;
    else if (kind == QLatin1String("rollback"))
        statements = schema->rollback;
    for (const DdlStatement& statement : std::as_const(statements))
        parts.append({statement.what, terminated(statement.sql)});
    return parts;
}

ExitCode run(CommandContext& context)
{
    std::optional<OpenLedger> ledger;
    auto plan = planOf(context, ledger);
    if (!plan)
        return context.fail(plan.error());
    std::optional<ServerProfile> server;
    if (ledger) {
        if (auto profile = readServerProfile(ledger->connection))
            server = *profile;
    }
    const QString kind = context.args.has(QStringLiteral("kind")) ? context.args.value(QStringLiteral("kind"))
                                                                  : QStringLiteral("queries");
    QString text;
    for (const CollectionPlan& collection : std::as_const(plan->collections)) {
        auto parts = partsOf(kind, *plan, collection, server);
        if (!parts)
            return context.fail(parts.error());
        for (const Part& part : std::as_const(*parts)) {
            context.console.jsonLine({{QStringLiteral("collection"), collection.name},
                {QStringLiteral("what"), part.what}, {QStringLiteral("sql"), part.sql}});
            text += QStringLiteral("-- %1: %2\n%3\n\n").arg(collection.name, part.what, part.sql);
        }
    }
    if (!context.console.json())
        context.console.document(text.trimmed().toUtf8());
    return ExitCode::Done;
}

ExitCode runRollback(CommandContext& context)
{
    std::optional<OpenLedger> ledger;
    auto plan = planOf(context, ledger);
    if (!plan)
        return context.fail(plan.error());
    if (!ledger) {
        auto resolved = resolveTarget(context, &plan->target);
        if (!resolved)
            return context.fail(resolved.error());
        auto connection = openTarget(context, *resolved);
        if (!connection)
            return context.fail(connection.error());
        ledger.emplace(OpenLedger{*resolved, std::move(*connection), Ledger(plan->target.ledgerSchema)});
    }
    auto server = readServerProfile(ledger->connection);
    if (!server)
        return context.fail(server.error());
    const QStringList confirmed = context.args.values(QStringLiteral("confirm"));
    QStringList statements;
    QStringList open;
    for (const CollectionPlan& collection : std::as_const(plan->collections)) {
        auto parts = partsOf(QStringLiteral("rollback"), *plan, collection, *server);
        if (!parts)
            return context.fail(parts.error());
        if (!confirmed.contains(collection.table))
            open << collection.table;
        for (const Part& part : std::as_const(*parts)) {
            if (!statements.contains(part.sql))
                statements << part.sql;
        }
    }
    if (!open.isEmpty()) {
        context.console.result(statements.join(QLatin1Char('\n')));
        Error error = makeError(ErrorKind::Conflict,
            QStringLiteral("These statements would drop tables with what is in them; nothing was done."), {},
            QStringLiteral("Confirm with --confirm %1.").arg(open.join(QStringLiteral(" --confirm "))));
        error.where.table = open.join(QStringLiteral(", "));
        return context.fail(error);
    }
    if (auto begun = ledger->connection.begin(); !begun)
        return context.fail(begun.error());
    for (const QString& statement : std::as_const(statements)) {
        if (auto done = ledger->connection.execute(statement.toUtf8()); !done) {
            ledger->connection.rollback();
            return context.fail(done.error());
        }
        context.console.say(statement);
    }
    if (auto committed = ledger->connection.commit(); !committed)
        return context.fail(committed.error());
    context.console.result(
        QStringLiteral("Rolled back: what the plan creates is dropped. Qdrant was not touched."));
    context.console.jsonLine({{QStringLiteral("event"), QStringLiteral("rolled-back")},
        {QStringLiteral("statements"), QJsonArray::fromStringList(statements)}});
    return ExitCode::Done;
}

QList<OptionSpec> planAndTarget()
{
    return QList<OptionSpec>{file(QStringLiteral("plan"), QStringLiteral("The plan file, instead of a run."))}
    + targetOptions() + QList<OptionSpec>{targetProfile()} + outputOptions();
}

} // namespace

Command sqlCommand()
{
    Command command;
    command.name = QStringLiteral("sql");
    command.summary = QStringLiteral("print useful SQL for a plan or a run");
    command.description =
        QStringLiteral("Prints statements to copy: example queries with the settings that keep Qdrant's "
                       "recall, or the statements that create "
                       "tables and indexes, the search functions, or the ones that undo a run.");
    command.group = QStringLiteral("After");
    command.positionals = {
        {QStringLiteral("RUN"), QStringLiteral("a run of the target database (default: the newest)")}};
    command.options = QList<OptionSpec>{choice(QStringLiteral("kind"),
                          {QStringLiteral("queries"), QStringLiteral("ddl"), QStringLiteral("indexes"),
                              QStringLiteral("functions"), QStringLiteral("rollback")},
                          QStringLiteral("Which statements."), QStringLiteral("queries"))}
        + planAndTarget();
    command.environment = targetEnvironment();
    command.exitCodes = {ExitCode::Done, ExitCode::Usage, ExitCode::Blocked, ExitCode::CannotConnect};
    command.examples = {{QStringLiteral("qdrant2pg sql --plan products.json --kind ddl"),
        QStringLiteral("the tables and indexes of a plan, without any server")}};
    command.run = run;
    return command;
}

Command rollbackCommand()
{
    Command command;
    command.name = QStringLiteral("rollback");
    command.summary = QStringLiteral("drop what a run created");
    command.description =
        QStringLiteral("Drops the tables, functions and views that the plan of a run creates, in one "
                       "transaction, and nothing else. Qdrant is "
                       "not touched. Without --confirm for each table it only prints the statements.");
    command.group = QStringLiteral("After");
    command.positionals = {
        {QStringLiteral("RUN"), QStringLiteral("a run of the target database (default: the newest)")}};
    OptionSpec confirm = text(QStringLiteral("confirm"), QStringLiteral("TABLE"),
        QStringLiteral("This table may be dropped with its rows."));
    confirm.repeatable = true;
    command.options = QList<OptionSpec>{confirm} + planAndTarget();
    command.environment = targetEnvironment();
    command.exitCodes = {
        ExitCode::Done, ExitCode::Usage, ExitCode::Blocked, ExitCode::CannotConnect, ExitCode::Failed};
    command.examples = {{QStringLiteral("qdrant2pg rollback 20261122-184512 --confirm context_items"),
        QStringLiteral("the guide's rollback plan")}};
    command.run = runRollback;
    return command;
}

} // namespace qdrant2pg::cli
