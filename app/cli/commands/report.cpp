// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/commands/commands.h"
#include "app/cli/enginerun.h"
#include "app/cli/ledgeraccess.h"
#include "app/cli/options.h"
#include "core/report/reportwriters.h"

#include <QFile>
#include <QFileInfo>

namespace qdrant2pg::cli {

namespace {

Result<QByteArray> readReport(CommandContext& context)
{
    const QString name = context.args.positional(0);
    if (!name.isEmpty() && QFileInfo::exists(name)) {
        const QString path = QFileInfo(name).isDir() ? name + QStringLiteral("/report.json") : name;
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            Error error =
                makeError(ErrorKind::Usage, QStringLiteral("The report cannot be read."), file.errorString());
            error.where.file = path;
            return fail(error);
        }
        return file.readAll();
    }
    auto ledger = openLedger(context);
    if (!ledger)
        return fail(ledger.error());
    if (name.isEmpty()) {
        auto runs = ledger->ledger.runs(ledger->connection);
        if (!runs)
            return fail(runs.error());
        for (const LedgerRun& run : std::as_const(*runs)) {
            if (!run.reportJson.isEmpty())
                return run.reportJson;
        }
        return fail(ErrorKind::Usage, QStringLiteral("No run of this database has a report yet."));
    }
    auto run = findRun(*ledger, name);
    if (!run)
        return fail(run.error());
    if (run->reportJson.isEmpty())
        return fail(ErrorKind::Usage,
            QStringLiteral("The run %1 has no report yet (%2).").arg(run->id, run->state), {},
            QStringLiteral("A run has one when it ended; `qdrant2pg resume` continues it."));
    return run->reportJson;
}

ExitCode run(CommandContext& context)
{
    auto json = readReport(context);
    if (!json)
        return context.fail(json.error());
    auto report = reportFromJson(*json);
    if (!report)
        return context.fail(report.error());
    if (context.args.has(QStringLiteral("out"))) {
        auto files = writeReportFiles(context, *report, context.args.value(QStringLiteral("out")));
        if (!files)
            return context.fail(files.error());
        context.console.say(QStringLiteral("Report: %1").arg(files->last()));
    }
    const QString format =
        context.console.json() ? QStringLiteral("json") : context.args.value(QStringLiteral("format"));
    if (format == QLatin1String("json"))
        context.console.document(reportToJson(*report));
    else if (format == QLatin1String("html"))
        context.console.document(reportToHtml(*report));
    else if (format == QLatin1String("md"))
        context.console.document(reportToMarkdown(*report));
    else
        context.console.result(reportToText(*report).trimmed());
    return exitCodeFor(*report);
}

} // namespace

Command reportCommand()
{
    Command command;
    command.name = QStringLiteral("report");
    command.summary = QStringLiteral("show a run's report again");
    command.description = QStringLiteral("Prints the report of a run from the target's book-keeping, or of a "
                                         "report file or run folder. Without a name: the "
                                         "newest. The exit code is the one the run ended with.");
    command.group = QStringLiteral("After");
    command.positionals = {{QStringLiteral("RUN|FILE"),
        QStringLiteral("the run's name or its beginning, a report.json, or a run's folder")}};
    command.options =
        QList<OptionSpec>{choice(QStringLiteral("format"),
                              {QStringLiteral("text"), QStringLiteral("md"), QStringLiteral("html"),
                                  QStringLiteral("json")},
                              QStringLiteral("Form of the report on stdout."), QStringLiteral("text")),
            folder(QStringLiteral("out"),
                QStringLiteral("Write report.json, report.md and report.html there as well."))}
        + targetOptions() + QList<OptionSpec>{targetProfile()} + outputOptions();
    command.environment = targetEnvironment();
    command.exitCodes = runExitCodes();
    command.examples = {{QStringLiteral("qdrant2pg report --format html > report.html"),
        QStringLiteral("the newest run as one file to keep")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
