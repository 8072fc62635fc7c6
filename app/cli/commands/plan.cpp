// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/commands/commands.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "core/common/units.h"
#include "core/plan/planjson.h"
#include "core/plan/targetschema.h"
#include "core/profile/statefolders.h"

namespace qdrant2pg::cli {

namespace {

QString because(const QString& reason)
{
    return reason.isEmpty() ? QString() : QStringLiteral("  -- ") + reason;
}

QString mappingText(const CollectionPlan& plan, qint64 points)
{
    QString text = QStringLiteral("%1 (%2 points) -> table %3, %4\n")
                       .arg(plan.name, formatCount(points), plan.table, tableModeName(plan.mode));
    const auto line = [&text](const QString& from, const QString& column, const QString& type,
                          const QString& reason) {
        text +=
            QStringLiteral("  %1 -> %2 %3%4\n").arg(from, -24).arg(column, -20).arg(type, because(reason));
    };
    line(QStringLiteral("id"), plan.id.column, idTypeName(plan.id.type), plan.id.reason);
    for (const VectorPlan& vector : plan.vectors)
        line(QStringLiteral("vector %1")
                 .arg(vector.source.isEmpty() ? QStringLiteral("(unnamed)") : vector.source),
            vector.column, QStringLiteral("%1(%2)").arg(vector.type).arg(vector.dimensions), vector.reason);
    for (const PayloadColumnPlan& column : plan.payload.columns)
        line(QStringLiteral("payload %1").arg(column.path), column.column, column.type, column.reason);
    if (plan.payload.keep != PayloadKeep::None)
        line(plan.payload.keep == PayloadKeep::All ? QStringLiteral("payload, whole")
                                                   : QStringLiteral("payload, the rest"),
            plan.payload.column, QStringLiteral("jsonb"), {});
    for (const IndexPlan& index : plan.indexes)
        text +=
            QStringLiteral("  index %1 on %2%3\n")
                .arg(index.kind, index.on.isEmpty() ? index.expression : index.on.join(QStringLiteral(", ")),
                    because(index.reason));
    return text;
}

QString ddlText(const MigrationPlan& plan, const std::optional<ServerProfile>& server, QString& problem)
{
    QString text;
    for (const CollectionPlan& collection : plan.collections) {
        const auto schema = targetSchema(plan, collection, server);
        if (!schema) {
            problem = schema.error().toText();
            continue;
        }
        for (const DdlStatement& statement : schema->all())
            text += QStringLiteral("-- %1\n%2%3\n")
                        .arg(statement.what, statement.sql,
                            statement.sql.endsWith(QLatin1Char(';')) ? QString() : QStringLiteral(";"));
    }
    return text;
}

ExitCode run(CommandContext& context)
{
    auto fromFile = planFromOption(context);
    if (!fromFile)
        return context.fail(fromFile.error());
    auto resolved = resolveSource(context, *fromFile ? &(*fromFile)->source : nullptr);
    if (!resolved)
        return context.fail(resolved.error());
    auto source = openSource(context, *resolved);
    if (!source)
        return context.fail(source.error());
    auto target = resolveTarget(context, *fromFile ? &(*fromFile)->target : nullptr);
    if (!target)
        return context.fail(target.error());
    std::optional<ServerProfile> server;
    if (target->named) {
        if (auto connection = openTarget(context, *target)) {
            if (auto profile = readServerProfile(*connection))
                server = *profile;
        } else {
            context.console.warn(QStringLiteral("Planning without the target, which cannot be reached: %1")
                                     .arg(connection.error().summary));
        }
    } else {
        context.console.say(
            QStringLiteral("No target was named: a current PostgreSQL with pgvector is assumed."));
    }
    auto prepared = preparePlan(context, *source, *resolved, *target, server, *fromFile);
    if (!prepared)
        return context.fail(prepared.error());
    const QByteArray json = planToJson(prepared->plan);
    if (context.args.has(QStringLiteral("save-plan"))) {
        const QString path = context.args.value(QStringLiteral("save-plan"));
        if (auto written = writePrivateFile(path, json); !written)
            return context.fail(written.error());
        context.console.say(QStringLiteral("Plan: %1 (sha256 %2)").arg(path, planHash(prepared->plan)));
    }
    if (context.console.json()) {
        context.console.document(json);
        return ExitCode::Done;
    }
    QString problem;
    const QString ddl = ddlText(prepared->plan, server, problem);
    if (context.args.has(QStringLiteral("ddl"))) {
        context.console.document(ddl.toUtf8());
    } else {
        for (const CollectionPlan& collection : std::as_const(prepared->plan.collections))
            context.console.result(
                mappingText(collection, prepared->facts.value(collection.name).bestCount()));
        context.console.result(QStringLiteral("Statements that will run:\n\n") + ddl);
    }
    if (!problem.isEmpty())
        context.console.warn(problem);
    return ExitCode::Done;
}

} // namespace

Command planCommand()
{
    Command command;
    command.name = QStringLiteral("plan");
    command.summary = QStringLiteral("propose how collections become tables; write a plan file");
    command.description = QStringLiteral(
        "Looks at the collections and prints how ids, vectors and payload become columns, why, and the "
        "statements that will run. A saved plan can be changed and given to check, migrate and the other "
        "commands with --plan. Nothing is written to any database.");
    command.group = QStringLiteral("Look");
    command.options =
        QList<OptionSpec>{file(QStringLiteral("save-plan"), QStringLiteral("Write the plan to this file.")),
            flag(QStringLiteral("ddl"), QStringLiteral("Print only the statements."))}
        + planOptions() + runOptions() + sourceOptions() + targetOptions() + outputOptions();
    command.environment = sourceEnvironment() + collectionEnvironment() + targetEnvironment();
    command.exitCodes = {ExitCode::Done, ExitCode::Usage, ExitCode::Blocked, ExitCode::CannotConnect};
    command.examples = {{QStringLiteral("qdrant2pg plan --collection products --save-plan products.json"),
                            QStringLiteral("propose, look, keep")},
        {QStringLiteral("qdrant2pg plan --collection game_collection --preset context_items --ddl"),
            QStringLiteral("the statements for the game schema")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
