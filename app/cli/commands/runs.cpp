// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/commands/commands.h"
#include "app/cli/ledgeraccess.h"
#include "app/cli/options.h"
#include "core/common/units.h"
#include "core/plan/planjson.h"

#include <QJsonArray>

namespace qdrant2pg::cli {

namespace {

QStringList collectionsOf(const LedgerRun& run)
{
    QStringList names;
    if (const auto plan = planFromJson(run.planJson)) {
        for (const CollectionPlan& collection : plan->collections)
            names << collection.name;
    }
    return names;
}

QJsonObject toJson(const LedgerRun& run)
{
    const auto time = [](const QDateTime& value) {
        return value.isValid() ? QJsonValue(value.toUTC().toString(Qt::ISODate)) : QJsonValue();
    };
    return {{QStringLiteral("id"), run.id}, {QStringLiteral("state"), run.state},
        {QStringLiteral("reason"), run.reason}, {QStringLiteral("unfinished"), isUnfinished(run)},
        {QStringLiteral("startedAt"), time(run.startedAt)},
        {QStringLiteral("finishedAt"), time(run.finishedAt)}, {QStringLiteral("rows"), run.rows},
        {QStringLiteral("rejected"), run.rejected}, {QStringLiteral("expected"), run.expected},
        {QStringLiteral("toolVersion"), run.toolVersion}, {QStringLiteral("planHash"), run.planHash},
        {QStringLiteral("collections"), QJsonArray::fromStringList(collectionsOf(run))}};
}

ExitCode forget(CommandContext& context, OpenLedger& ledger, const QString& id)
{
    auto run = findRun(ledger, id);
    if (!run)
        return context.fail(run.error());
    if (isUnfinished(*run) && !context.args.has(QStringLiteral("unfinished")))
        return context.fail(makeError(ErrorKind::Conflict,
            QStringLiteral("The run %1 is not finished (%2); without its book-keeping it cannot be resumed.")
                .arg(run->id, run->state),
            {}, QStringLiteral("Resume it, or forget it all the same with --unfinished.")));
    if (auto removed = ledger.ledger.forgetRun(ledger.connection, run->id); !removed)
        return context.fail(removed.error());
    context.console.result(QStringLiteral("Forgot the run %1. Its tables and rows stay.").arg(run->id));
    context.console.jsonLine(
        {{QStringLiteral("event"), QStringLiteral("forgotten")}, {QStringLiteral("id"), run->id}});
    return ExitCode::Done;
}

ExitCode run(CommandContext& context)
{
    auto ledger = openLedger(context);
    if (!ledger)
        return context.fail(ledger.error());
    if (context.args.has(QStringLiteral("forget")))
        return forget(context, *ledger, context.args.value(QStringLiteral("forget")));
    auto runs = ledger->ledger.runs(ledger->connection);
    if (!runs)
        return context.fail(runs.error());
    if (runs->isEmpty())
        context.console.result(QStringLiteral("There are no runs in this database yet."));
    for (const LedgerRun& entry : std::as_const(*runs)) {
        context.console.jsonLine(toJson(entry));
        const QString share = entry.expected > 0
            ? QStringLiteral("%1 of %2").arg(formatCount(entry.rows), formatCount(entry.expected))
            : formatCount(entry.rows);
        QString text =
            QStringLiteral("%1  %2  %3  %4 points%5  %6")
                .arg(entry.id, entry.startedAt.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")),
                    entry.state, share,
                    entry.rejected > 0 ? QStringLiteral(", %1 rejected").arg(formatCount(entry.rejected))
                                       : QString(),
                    collectionsOf(entry).join(QStringLiteral(", ")));
        if (!entry.reason.isEmpty())
            text += QStringLiteral("\n    ") + entry.reason;
        context.console.result(text);
    }
    return ExitCode::Done;
}

} // namespace

Command runsCommand()
{
    Command command;
    command.name = QStringLiteral("runs");
    command.summary = QStringLiteral("list the runs of a database; forget one");
    command.description =
        QStringLiteral("Lists the runs in the target's book-keeping, newest first. --forget removes a "
                       "finished run from it; what the run "
                       "stored stays, and with the last run the schema of the book-keeping goes.");
    command.group = QStringLiteral("After");
    command.options = QList<OptionSpec>{text(QStringLiteral("forget"), QStringLiteral("RUN"),
                                            QStringLiteral("Remove this run from the book-keeping.")),
                          flag(QStringLiteral("unfinished"),
                              QStringLiteral("With --forget: also a run that could still be resumed."))}
        + targetOptions() + QList<OptionSpec>{targetProfile()} + outputOptions();
    command.environment = targetEnvironment();
    command.exitCodes = {ExitCode::Done, ExitCode::Usage, ExitCode::Blocked, ExitCode::CannotConnect};
    command.examples = {{QStringLiteral("qdrant2pg runs"), QStringLiteral("the runs of DATABASE_URL")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
